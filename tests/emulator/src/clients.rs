//! Clients of the emulator, signed in as one account of its own.

use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig, timeout::TimeoutConfig};
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_http_client::Builder;

/// Where everything lies.
pub(crate) const REGION: &str = "eu-central-1";

/// What the emulator takes for any account's secret.
pub(crate) const SECRET: &str = "test";

/// Clients of one account.
#[derive(Clone, Debug)]
pub struct Clients {
    /// What they were made of.
    pub sdk: SdkConfig,
    /// DynamoDB.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// S3, by path.
    pub s3: aws_sdk_s3::Client,
    /// SQS.
    pub sqs: aws_sdk_sqs::Client,
    /// EventBridge.
    pub eventbridge: aws_sdk_eventbridge::Client,
    /// Lambda.
    pub lambda: aws_sdk_lambda::Client,
}

impl Clients {
    /// Clients of this account (12 digits, which the emulator takes for an access key) at this endpoint.
    #[must_use]
    pub fn new(endpoint: &str, account: &str) -> Self {
        Self::signed(endpoint, REGION, account, SECRET, None)
    }

    /// Clients for this endpoint, by the keys and the region that the environment names; without keys those of
    /// an emulator's account.
    #[must_use]
    pub fn from_env(endpoint: &str, account: &str) -> Self {
        let named = |name: &str, other: &str| std::env::var(name).unwrap_or_else(|_| other.into());
        Self::signed(
            endpoint,
            &named("AWS_REGION", REGION),
            &named("AWS_ACCESS_KEY_ID", account),
            &named("AWS_SECRET_ACCESS_KEY", SECRET),
            std::env::var("AWS_SESSION_TOKEN").ok(),
        )
    }

    fn signed(
        endpoint: &str,
        region: &str,
        key: &str,
        secret: &str,
        token: Option<String>,
    ) -> Self {
        let sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region.to_owned()))
            .endpoint_url(endpoint)
            .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
                key, secret, token, None, "tests",
            )))
            .http_client(Builder::new().build_http())
            .timeout_config(
                TimeoutConfig::builder()
                    .operation_timeout(Duration::from_secs(60))
                    .build(),
            )
            .build();
        let s3 = aws_sdk_s3::config::Builder::from(&sdk)
            .force_path_style(true)
            .build();
        Self {
            dynamodb: aws_sdk_dynamodb::Client::new(&sdk),
            s3: aws_sdk_s3::Client::from_conf(s3),
            sqs: aws_sdk_sqs::Client::new(&sdk),
            eventbridge: aws_sdk_eventbridge::Client::new(&sdk),
            lambda: aws_sdk_lambda::Client::new(&sdk),
            sdk,
        }
    }
}
