//! A company deployed on the emulator, as the manifest says.

mod functions;
mod messages;
mod stores;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

pub use self::stores::create_table;
use va_aws::{Aws, Names, config::queue_variable};

use crate::{
    AgentEntry, Chaos, Clients, Emulator, EmulatorError, Manifest,
    chaos::Pump,
    clients::{REGION, SECRET},
};

/// How a company is deployed.
#[derive(Clone, Debug)]
pub struct Options {
    /// Its name.
    pub company: String,
    /// Twelve digits: an account of its own, so that several may stand on one emulator.
    pub account: String,
    /// How messages are disturbed.
    pub chaos: Option<Chaos>,
    /// Roles whose queues no function listens to, so that a test can.
    pub deaf: BTreeSet<String>,
    /// Further variables of every function.
    pub variables: BTreeMap<String, String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            company: "acme".to_owned(),
            account: "000000000001".to_owned(),
            chaos: None,
            deaf: BTreeSet::new(),
            variables: BTreeMap::new(),
        }
    }
}

/// A deployed company.
#[derive(Debug)]
pub struct Deployment {
    /// Signed in as its account.
    pub clients: Clients,
    /// What is deployed.
    pub manifest: Manifest,
    /// The variables of every function.
    pub variables: BTreeMap<String, String>,
    names: Names,
    queues: BTreeMap<String, Queue>,
    _pumps: Vec<Pump>,
}

/// The queues of a role.
#[derive(Clone, Debug)]
struct Queue {
    /// Where senders put messages: the queue itself, or what disturbs them on the way.
    intake: String,
    /// What the function reads.
    queue: String,
    /// What was set aside.
    dead_letters: String,
}

impl Deployment {
    /// Deploys a company: table, buckets, bus, and for each agent of the manifest rule, queues and function,
    /// made of the binaries in this folder.
    ///
    /// # Errors
    /// Where the manifest would be refused by AWS, a binary is missing, or the emulator refuses a call.
    pub async fn create(
        emulator: &Emulator,
        manifest: Manifest,
        binaries: &Path,
        options: Options,
    ) -> Result<Self, EmulatorError> {
        manifest.check()?;
        let clients = Clients::new(&emulator.endpoint(), &options.account);
        let mut deployment = Self {
            variables: variables(emulator, &options),
            names: names(&BTreeMap::new(), &options)?,
            clients,
            manifest,
            queues: BTreeMap::new(),
            _pumps: Vec::new(),
        };
        deployment.stores().await?;
        deployment.messages(&options).await?;
        deployment.names = names(&deployment.variables, &options)?;
        deployment.functions(binaries, &options).await?;
        Ok(deployment)
    }

    /// The ports of the company, for use in this process.
    #[must_use]
    pub fn aws(&self) -> Aws {
        Aws::new(self.names.clone(), self.clients.sdk.clone())
    }

    fn variable(&self, name: &str) -> &str {
        self.variables.get(name).map_or("", String::as_str)
    }

    fn agents(&self) -> Vec<AgentEntry> {
        self.manifest.agents.clone()
    }

    /// `va-test-<what>`.
    fn name(what: &str) -> String {
        format!("va-test-{what}")
    }

    fn arn(service: &str, account: &str, resource: &str) -> String {
        format!("arn:aws:{service}:{REGION}:{account}:{resource}")
    }

    fn add_queue(&mut self, role: &str, queue: Queue) {
        self.variables
            .insert(queue_variable(role), queue.intake.clone());
        self.queues.insert(role.to_owned(), queue);
    }
}

fn names(variables: &BTreeMap<String, String>, options: &Options) -> Result<Names, EmulatorError> {
    let own = [
        ("VA_COMPANY".to_owned(), options.company.clone()),
        ("VA_ENV".to_owned(), "test".to_owned()),
    ];
    Names::new(variables.clone().into_iter().chain(own))
        .map_err(|e| EmulatorError::Manifest { why: e.to_string() })
}

fn variables(emulator: &Emulator, options: &Options) -> BTreeMap<String, String> {
    let own = [
        ("VA_COMPANY", options.company.clone()),
        ("VA_ENV", "test".to_owned()),
        ("VA_TABLE", Deployment::name("core-dynamodb")),
        ("VA_BLOB_BUCKET", Deployment::name("blobs-bucket")),
        ("VA_SITE_BUCKET", Deployment::name("content-bucket")),
        ("VA_BUS", Deployment::name("core-events")),
        ("VA_S3_PATH_STYLE", "1".to_owned()),
        ("AWS_ENDPOINT_URL", emulator.endpoint()),
        ("AWS_REGION", REGION.to_owned()),
        ("AWS_ACCESS_KEY_ID", options.account.clone()),
        ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
    ];
    let mut variables: BTreeMap<String, String> =
        own.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
    variables.extend(options.variables.clone());
    variables
}
