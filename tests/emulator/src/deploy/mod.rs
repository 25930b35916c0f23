//! A company on the emulator, as Terraform makes it.

mod door;
mod functions;
mod messages;
mod rights;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde_json::{Value, json};
use va_agents::manifest::Manifest;
use va_aws::{Aws, Names};

pub use self::rights::Withdrawn;
use crate::{
    Chaos, Clients, Emulator, EmulatorError, Stage,
    chaos::Pump,
    clients::{REGION, SECRET},
    manifest,
};

/// The account of every deployment; each has an emulator of its own.
pub const ACCOUNT: &str = "000000000001";

/// The root that is applied, which is also the environment's name.
const ENV: &str = "dev";

/// How a company is deployed.
#[derive(Clone, Debug)]
pub struct Options {
    /// Its name.
    pub company: String,
    /// How messages are disturbed.
    pub chaos: Option<Chaos>,
    /// Roles whose queues no function listens to, so that a test can.
    pub deaf: BTreeSet<String>,
    /// Further values of the root's variables.
    pub values: BTreeMap<String, Value>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            company: "acme".to_owned(),
            chaos: None,
            deaf: BTreeSet::new(),
            values: BTreeMap::new(),
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
    /// The root of Terraform that made it.
    pub stage: Stage,
    options: Options,
    /// How the emulator is reached from this machine.
    machine: BTreeMap<String, String>,
    queues: BTreeMap<String, Queue>,
    /// What was set aside, by who listens to a queue or to the table's stream.
    aside: BTreeMap<String, String>,
    port: u16,
    door: door::Door,
    _pumps: Vec<Pump>,
}

/// The queues of a role.
#[derive(Clone, Debug)]
struct Queue {
    /// Where senders put messages.
    intake: String,
    /// What the function reads: the same, or what lies behind a disturbance.
    queue: String,
    /// What was set aside.
    dead_letters: String,
}

impl Deployment {
    /// Applies `terraform/environments/dev` with this manifest and the binaries of this folder, on an emulator that is
    /// [guarded](Emulator::guarded).
    ///
    /// # Errors
    /// Where AWS would refuse the manifest, a binary or Terraform is missing, or something cannot be made.
    pub async fn create(
        emulator: &Emulator,
        manifest: Manifest,
        binaries: &Path,
        options: Options,
    ) -> Result<Self, EmulatorError> {
        let stage = Self::stage(emulator, &manifest, binaries, &options)?;
        stage.apply().await?;
        let mut deployment = Self {
            clients: Clients::new(&emulator.endpoint(), ACCOUNT),
            manifest,
            machine: BTreeMap::from(
                [
                    ("VA_S3_PATH_STYLE", "1".to_owned()),
                    ("AWS_ENDPOINT_URL", emulator.endpoint()),
                    ("AWS_REGION", REGION.to_owned()),
                    ("AWS_ACCESS_KEY_ID", ACCOUNT.to_owned()),
                    ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
                ]
                .map(|(name, value)| (name.to_owned(), value)),
            ),
            options,
            queues: BTreeMap::new(),
            aside: BTreeMap::new(),
            port: emulator.port(),
            door: door::Door::of(&stage.output("api").await?),
            stage,
            _pumps: Vec::new(),
        };
        deployment.listen().await?;
        Ok(deployment)
    }

    /// The root before it is applied.
    ///
    /// # Errors
    /// Where AWS would refuse the manifest, or a binary is missing.
    pub fn stage(
        emulator: &Emulator,
        manifest: &Manifest,
        binaries: &Path,
        options: &Options,
    ) -> Result<Stage, EmulatorError> {
        manifest::check(manifest)?;
        let packages = functions::packages(manifest, binaries)?;
        let architecture = if cfg!(target_arch = "aarch64") {
            "arm64"
        } else {
            "x86_64"
        };
        let environment = json!({
            "AWS_ENDPOINT_URL": emulator.endpoint(), "VA_S3_PATH_STYLE": "1",
        });
        let stage = Stage::copy(&format!("environments/{ENV}"))?
            .with_manifest(manifest)?
            .on(emulator, ACCOUNT)
            .set("company", options.company.as_str())
            .set("packages_dir", packages.to_string_lossy())
            .set("architecture", architecture)
            .set("function_environment", environment)
            .set("plain_http", true);
        let values = options.values.iter();
        Ok(values.fold(stage, |stage, (name, value)| stage.set(name, value.clone())))
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

    /// The vault's bucket.
    #[must_use]
    pub fn vault_bucket(&self) -> String {
        self.resolve(&self.manifest.vault_bucket)
    }

    /// The journal's table.
    #[must_use]
    pub fn table(&self) -> String {
        self.resolve(&self.manifest.table.name)
    }

    /// A pattern of the manifest with the names of this deployment.
    #[must_use]
    pub fn resolve(&self, pattern: &str) -> String {
        pattern
            .replace("{env}", ENV)
            .replace("{company}", &self.options.company)
    }
}
