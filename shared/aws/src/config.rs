//! The clients, made once.

use std::{sync::Arc, time::Duration};

use aws_config::{
    BehaviorVersion, SdkConfig,
    environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider},
    meta::region::ProvideRegion,
    retry::RetryConfig,
    timeout::TimeoutConfig,
};
use aws_sdk_s3::config::{SharedCredentialsProvider, SharedHttpClient};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};
use va_runtime::{
    model::Model,
    port_effects::{PortEffects, RenderReport},
};

use crate::{
    blobs::S3Blobs,
    bus::EventBridgeDelivery,
    journal::DynamoJournal,
    names::{ConfigError, Names},
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

/// The clients' shared configuration and the names: whatever a function opens, it opens from here. Made once,
/// before the first invocation; clients share one pool of connections.
#[derive(Clone, Debug)]
pub struct Aws {
    /// What the deployment is called.
    pub names: Arc<Names>,
    sdk: SdkConfig,
}

impl Aws {
    /// From a function's environment, into which Lambda puts region and credentials. The other places where the
    /// tools of AWS look for them are not in a function's binary at all. `AWS_ENDPOINT_URL` is honoured.
    ///
    /// # Errors
    /// Where the company's or the environment's name is missing.
    pub async fn from_env() -> Result<Self, ConfigError> {
        let mut sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(EnvironmentVariableRegionProvider::new().region().await)
            .credentials_provider(SharedCredentialsProvider::new(
                EnvironmentVariableCredentialsProvider::new(),
            ))
            .http_client(http_client())
            .retry_config(retries())
            .timeout_config(timeouts());
        sdk.set_endpoint_url(std::env::var("AWS_ENDPOINT_URL").ok());
        Ok(Self::new(Names::from_env()?, sdk.build()))
    }

    /// By these names; region, endpoint and credentials from where the tools of AWS take them.
    pub async fn connect(names: Names) -> Self {
        let sdk = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http_client())
            .retry_config(retries())
            .timeout_config(timeouts())
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

fn http_client() -> SharedHttpClient {
    Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https()
}

fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(ATTEMPTS)
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(ATTEMPT)
        .operation_timeout(OPERATION)
        .build()
}
