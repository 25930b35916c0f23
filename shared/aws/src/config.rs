//! Names from the environment, and the clients.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use aws_config::{BehaviorVersion, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};
use va_domain::{ids::StreamId, roles};
use va_runtime::{
    model::Model,
    port_effects::{PortEffects, RenderReport},
};

use crate::{
    blobs::S3Blobs,
    bus::EventBridgeDelivery,
    journal::DynamoJournal,
    layout,
    queue::Queues,
    secrets::SecretsManager,
    sites::S3Sites,
    vault::{KmsKey, Vault},
    views::Views,
    world::SystemWorld,
};

/// Establishing a connection.
const CONNECT: Duration = Duration::from_secs(2);
/// One attempt of a call: the largest blob in a slow second.
const ATTEMPT: Duration = Duration::from_secs(10);
/// A call with its repetitions.
const OPERATION: Duration = Duration::from_secs(25);
/// Attempts of one call of the stores. All of them are idempotent; a model call never goes this way.
const ATTEMPTS: u32 = 3;

/// The environment lacks a name, or has one that cannot be.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A variable is not set.
    #[error("the environment variable {name} is not set: it holds {holds}")]
    Missing {
        /// Which one.
        name: String,
        /// What it should hold.
        holds: &'static str,
    },
    /// A variable holds what it cannot.
    #[error("the environment variable {name} holds `{value}`: it takes {takes}")]
    Malformed {
        /// Which one.
        name: String,
        /// What stands there.
        value: String,
        /// What it takes.
        takes: &'static str,
    },
}

impl ConfigError {
    /// A stable name for logs and runbooks.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "config_missing",
            Self::Malformed { .. } => "config_malformed",
        }
    }
}

/// What a deployment is called. A function is given the names that it uses and no others, so each is asked
/// for where it is needed.
#[derive(Clone, Debug)]
pub struct Names {
    /// `VA_COMPANY`: the tenant.
    pub company: String,
    /// `VA_ENV`: `prod`, `dev`, `test` or `sandbox`.
    pub env: String,
    values: BTreeMap<String, String>,
}

impl Names {
    /// The names in this process's environment: every variable that begins with `VA_`.
    ///
    /// # Errors
    /// Where `VA_COMPANY` or `VA_ENV` is missing or no name.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::new(std::env::vars().filter(|(name, _)| name.starts_with("VA_")))
    }

    /// The names in these variables.
    ///
    /// # Errors
    /// Where `VA_COMPANY` or `VA_ENV` is missing or no name.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Result<Self, ConfigError> {
        let mut names = Self {
            company: String::new(),
            env: String::new(),
            values: variables.into_iter().collect(),
        };
        names.company = names.name("VA_COMPANY", "the company's name")?;
        names.env = names.name("VA_ENV", "the environment's name")?;
        Ok(names)
    }

    /// The table of commits: `VA_TABLE`.
    ///
    /// # Errors
    /// Where it is not set.
    pub fn table(&self) -> Result<String, ConfigError> {
        self.value("VA_TABLE", "the name of the journal's table")
    }

    /// The private bucket of blobs and reports: `VA_BLOB_BUCKET`.
    ///
    /// # Errors
    /// Where it is not set.
    pub fn blob_bucket(&self) -> Result<String, ConfigError> {
        self.value(
            "VA_BLOB_BUCKET",
            "the name of the bucket of blobs and reports",
        )
    }

    /// The bucket of sites, which the content network reads: `VA_SITE_BUCKET`.
    ///
    /// # Errors
    /// Where it is not set.
    pub fn site_bucket(&self) -> Result<String, ConfigError> {
        self.value("VA_SITE_BUCKET", "the name of the bucket of sites")
    }

    /// The write-once bucket of seals and commits: `VA_VAULT_BUCKET`.
    ///
    /// # Errors
    /// Where it is not set.
    pub fn vault_bucket(&self) -> Result<String, ConfigError> {
        self.value("VA_VAULT_BUCKET", "the name of the vault's bucket")
    }

    /// The key that signs seals: `VA_SEAL_KEY`, an alias with `alias/`, an id or an ARN.
    ///
    /// # Errors
    /// Where it is not set.
    pub fn seal_key(&self) -> Result<String, ConfigError> {
        self.value("VA_SEAL_KEY", "the key that signs seals")
    }

    /// The event bus: `VA_BUS`.
    ///
    /// # Errors
    /// Where it is not set.
    pub fn bus(&self) -> Result<String, ConfigError> {
        self.value("VA_BUS", "the name of the event bus")
    }

    /// The address of a role's queue: `VA_QUEUE_<ROLE>`, as `VA_QUEUE_CONTENT_GENERATOR`.
    ///
    /// # Errors
    /// Where it is not set.
    pub fn queue(&self, role: &str) -> Result<String, ConfigError> {
        self.value(&queue_variable(role), "the address of that role's queue")
    }

    /// The address of the queue of whoever owns a stream.
    ///
    /// # Errors
    /// Where it is not set.
    pub fn queue_of(&self, stream: &StreamId) -> Result<String, ConfigError> {
        self.queue(roles::taker(roles::owner(stream.kind())))
    }

    /// Before a secret's name: `va-<env>-core-`.
    #[must_use]
    pub fn secret_prefix(&self) -> String {
        format!("va-{}-core-", self.env)
    }

    /// Whether S3 is addressed by path, as local endpoints need: `VA_S3_PATH_STYLE=1`.
    #[must_use]
    pub fn s3_path_style(&self) -> bool {
        self.values
            .get("VA_S3_PATH_STYLE")
            .is_some_and(|v| v == "1")
    }

    fn value(&self, name: &str, holds: &'static str) -> Result<String, ConfigError> {
        match self.values.get(name) {
            Some(value) if !value.is_empty() => Ok(value.clone()),
            _ => Err(ConfigError::Missing {
                name: name.to_owned(),
                holds,
            }),
        }
    }

    fn name(&self, variable: &str, holds: &'static str) -> Result<String, ConfigError> {
        let value = self.value(variable, holds)?;
        if layout::is_name(&value) {
            Ok(value)
        } else {
            Err(ConfigError::Malformed {
                name: variable.to_owned(),
                value: value.chars().take(80).collect(),
                takes: "lowercase letters, digits and `-`, at most 63",
            })
        }
    }
}

/// `VA_QUEUE_<ROLE>`: the variable that holds the address of a role's queue.
#[must_use]
pub fn queue_variable(role: &str) -> String {
    format!("VA_QUEUE_{}", role.to_uppercase().replace('-', "_"))
}

/// The clients' shared configuration and the names: whatever a function opens, it opens from here. Made once,
/// before the first invocation; clients share one pool of connections.
#[derive(Clone, Debug)]
pub struct Aws {
    /// What the deployment is called.
    pub names: Arc<Names>,
    sdk: SdkConfig,
}

impl Aws {
    /// From the environment. `AWS_ENDPOINT_URL` is honoured.
    ///
    /// # Errors
    /// Where the company's or the environment's name is missing.
    pub async fn from_env() -> Result<Self, ConfigError> {
        Ok(Self::connect(Names::from_env()?).await)
    }

    /// By these names; region, endpoint and credentials from where the tools of AWS take them.
    pub async fn connect(names: Names) -> Self {
        let http = Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let sdk = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http)
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT)
                    .operation_attempt_timeout(ATTEMPT)
                    .operation_timeout(OPERATION)
                    .build(),
            )
            .load()
            .await;
        Self::new(names, sdk)
    }

    /// From a configuration that stands.
    #[must_use]
    pub fn new(names: Names, sdk: SdkConfig) -> Self {
        Self {
            names: Arc::new(names),
            sdk,
        }
    }

    /// The journal, which stores the blobs of a commit before it.
    ///
    /// # Errors
    /// Where the table's or the bucket's name is missing.
    pub fn journal(&self) -> Result<DynamoJournal, ConfigError> {
        let client = aws_sdk_dynamodb::Client::new(&self.sdk);
        Ok(DynamoJournal::new(
            client,
            self.names.table()?,
            &self.names.company,
            Arc::new(self.blobs()?),
        ))
    }

    /// The journal for one that only wakes streams and appends nothing: it needs no bucket.
    ///
    /// # Errors
    /// Where the table's name is missing.
    pub fn deadlines(&self) -> Result<DynamoJournal, ConfigError> {
        let client = aws_sdk_dynamodb::Client::new(&self.sdk);
        Ok(DynamoJournal::without_blobs(
            client,
            self.names.table()?,
            &self.names.company,
        ))
    }

    /// The company's blobs.
    ///
    /// # Errors
    /// Where the bucket's name is missing.
    pub fn blobs(&self) -> Result<S3Blobs, ConfigError> {
        Ok(S3Blobs::new(
            self.s3(),
            self.names.blob_bucket()?,
            &self.names.company,
        ))
    }

    /// The company's sites and reports.
    ///
    /// # Errors
    /// Where a bucket's name is missing.
    pub fn sites(&self) -> Result<S3Sites, ConfigError> {
        Ok(S3Sites::new(
            self.s3(),
            Some(self.names.site_bucket()?),
            self.names.blob_bucket()?,
            &self.names.company,
        ))
    }

    /// The company's reports, without its sites.
    ///
    /// # Errors
    /// Where the bucket's name is missing.
    pub fn reports(&self) -> Result<S3Sites, ConfigError> {
        Ok(S3Sites::new(
            self.s3(),
            None,
            self.names.blob_bucket()?,
            &self.names.company,
        ))
    }

    /// Effects on the company's blobs, these sites and this model.
    ///
    /// # Errors
    /// Where the bucket's name is missing.
    pub fn effects(
        &self,
        sites: S3Sites,
        model: Arc<dyn Model>,
        render: RenderReport,
    ) -> Result<PortEffects, ConfigError> {
        Ok(PortEffects {
            model,
            blobs: Arc::new(self.blobs()?),
            sites: Arc::new(sites),
            world: Arc::new(SystemWorld),
            render,
        })
    }

    /// The bus and the owners' queues.
    ///
    /// # Errors
    /// Where the bus's name is missing.
    pub fn delivery(&self) -> Result<EventBridgeDelivery, ConfigError> {
        let client = aws_sdk_eventbridge::Client::new(&self.sdk);
        Ok(EventBridgeDelivery::new(
            client,
            self.names.bus()?,
            &self.names.company,
            self.queues(),
        ))
    }

    /// The company's views of that generation.
    ///
    /// # Errors
    /// Where the table's name is missing.
    pub fn views(&self, generation: u32) -> Result<Views, ConfigError> {
        let client = aws_sdk_dynamodb::Client::new(&self.sdk);
        let table = self.names.table()?;
        Ok(Views::new(client, table, &self.names.company, generation))
    }

    /// The company's vault.
    ///
    /// # Errors
    /// Where a name is missing.
    pub fn vault(&self) -> Result<Vault, ConfigError> {
        Ok(Vault::new(
            self.s3(),
            self.names.vault_bucket()?,
            &self.names.company,
        ))
    }

    /// The key that signs seals.
    ///
    /// # Errors
    /// Where its name is missing.
    pub fn seal_key(&self) -> Result<KmsKey, ConfigError> {
        let client = aws_sdk_kms::Client::new(&self.sdk);
        Ok(KmsKey::new(client, self.names.seal_key()?))
    }

    /// The owners' queues.
    #[must_use]
    pub fn queues(&self) -> Queues {
        Queues::new(aws_sdk_sqs::Client::new(&self.sdk), Arc::clone(&self.names))
    }

    /// The environment's secrets.
    #[must_use]
    pub fn secrets(&self) -> SecretsManager {
        SecretsManager::new(
            aws_sdk_secretsmanager::Client::new(&self.sdk),
            self.names.secret_prefix(),
        )
    }

    fn s3(&self) -> aws_sdk_s3::Client {
        let config = aws_sdk_s3::config::Builder::from(&self.sdk)
            .force_path_style(self.names.s3_path_style())
            .build();
        aws_sdk_s3::Client::from_conf(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(extra: &[(&str, &str)]) -> Result<Names, ConfigError> {
        let base = [("VA_COMPANY", "acme"), ("VA_ENV", "test")];
        Names::new(
            base.iter()
                .chain(extra)
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned())),
        )
    }

    #[test]
    fn a_stream_is_rung_at_its_owners_queue() {
        let names = names(&[("VA_QUEUE_CONTENT_GENERATOR", "http://q/1")]).expect("names");
        let stream = "task-content-generator/a".parse().expect("a stream");
        assert_eq!(names.queue_of(&stream).expect("a queue"), "http://q/1");
    }

    #[test]
    fn a_missing_name_says_which_and_what_it_holds() {
        let error = names(&[]).expect("names").table().expect_err("no table");
        assert_eq!(
            error.to_string(),
            "the environment variable VA_TABLE is not set: it holds the name of the journal's table"
        );
        assert_eq!(error.code(), "config_missing");
    }

    #[test]
    fn a_company_that_could_reach_into_another_is_refused() {
        assert!(matches!(
            names(&[("VA_COMPANY", "acme#other")]),
            Err(ConfigError::Malformed { .. })
        ));
    }
}
