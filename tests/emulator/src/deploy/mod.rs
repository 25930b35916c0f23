//! A company deployed on the emulator, as the manifest says.

mod door;
mod functions;
mod messages;
mod stores;
mod vault;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

pub use self::stores::{create_bucket, create_table};
use va_agents::manifest::Manifest;
use va_aws::{Aws, Names};

use crate::{
    Chaos, Clients, Emulator, EmulatorError,
    chaos::Pump,
    clients::{REGION, SECRET},
    manifest,
};

/// The environment's name in every deployment.
const ENV: &str = "test";

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
    options: Options,
    /// What the machine adds to every function's variables: where the emulator is, and the account.
    machine: BTreeMap<String, String>,
    queues: BTreeMap<String, Queue>,
    port: u16,
    door: Option<door::Door>,
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
    /// Deploys a company: table, buckets, key, bus, for each agent of the manifest rule, queues and function, and the
    /// HTTP API, made of the binaries in this folder. Nothing but the manifest says what.
    ///
    /// # Errors
    /// Where the manifest would be refused by AWS, a binary is missing, or the emulator refuses a call.
    pub async fn create(
        emulator: &Emulator,
        manifest: Manifest,
        binaries: &Path,
        options: Options,
    ) -> Result<Self, EmulatorError> {
        manifest::check(&manifest)?;
        let mut deployment = Self {
            clients: Clients::new(&emulator.endpoint(), &options.account),
            manifest,
            machine: machine(emulator, &options),
            options,
            queues: BTreeMap::new(),
            port: emulator.port(),
            door: None,
            _pumps: Vec::new(),
        };
        deployment.stores().await?;
        deployment.vault().await?;
        deployment.messages().await?;
        deployment.functions(binaries).await?;
        deployment.door().await?;
        Ok(deployment)
    }

    /// The variables of a person who works with the company from this machine: `va --home aws:<company>`.
    #[must_use]
    pub fn person(&self) -> BTreeMap<String, String> {
        let mut variables = self.machine.clone();
        variables.insert("VA_ENV".to_owned(), ENV.to_owned());
        variables
    }

    /// The ports of the company, for use in this process.
    ///
    /// # Errors
    /// Where the manifest's names are none.
    pub fn aws(&self) -> Result<Aws, EmulatorError> {
        let manifest = &self.manifest;
        let own = [
            ("VA_COMPANY", "{company}"),
            ("VA_ENV", "{env}"),
            ("VA_TABLE", &manifest.table.name),
            ("VA_BLOB_BUCKET", &manifest.blob_bucket),
            ("VA_SITE_BUCKET", &manifest.site_bucket),
            ("VA_BUS", &manifest.bus),
            ("VA_S3_PATH_STYLE", "1"),
        ];
        let names = Names::new(own.map(|(name, pattern)| (name.to_owned(), self.resolve(pattern))))
            .map_err(|e| EmulatorError::Manifest { why: e.to_string() })?;
        Ok(Aws::new(names, self.clients.sdk.clone()))
    }

    /// The bucket of sites, and what stands before the keys of one.
    #[must_use]
    pub fn site(&self, id: &str) -> (String, String) {
        let bucket = self.resolve(&self.manifest.site_bucket);
        (bucket, format!("{}/sites/{id}/", self.options.company))
    }

    /// A pattern of the manifest with the names of this deployment.
    fn resolve(&self, pattern: &str) -> String {
        let mut text = pattern
            .replace("{env}", ENV)
            .replace("{company}", &self.options.company);
        for (role, queue) in &self.queues {
            text = text.replace(&format!("{{queue:{role}}}"), &queue.intake);
        }
        text
    }

    fn arn(&self, service: &str, resource: &str) -> String {
        format!(
            "arn:aws:{service}:{REGION}:{}:{resource}",
            self.options.account
        )
    }
}

fn machine(emulator: &Emulator, options: &Options) -> BTreeMap<String, String> {
    let own = [
        ("VA_S3_PATH_STYLE", "1".to_owned()),
        ("AWS_ENDPOINT_URL", emulator.endpoint()),
        ("AWS_REGION", REGION.to_owned()),
        ("AWS_ACCESS_KEY_ID", options.account.clone()),
        ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
    ];
    own.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()
}
