//! Secrets from Secrets Manager.

use async_trait::async_trait;
use va_runtime::ports::{PortError, Secrets};

use crate::error::{damaged, port_error};

/// Reads `va-<env>-core-<name>`. Nothing is kept: a rotated secret holds from the next call on.
#[derive(Clone, Debug)]
pub struct SecretsManager {
    client: aws_sdk_secretsmanager::Client,
    prefix: String,
}

impl SecretsManager {
    /// The secrets whose names begin with `prefix`.
    #[must_use]
    pub fn new(client: aws_sdk_secretsmanager::Client, prefix: String) -> Self {
        Self { client, prefix }
    }

    /// `OPENAI_API_KEY` is stored as `va-prod-core-openai-api-key`.
    fn stored_name(&self, name: &str) -> String {
        format!("{}{}", self.prefix, name.to_lowercase().replace('_', "-"))
    }
}

#[async_trait]
impl Secrets for SecretsManager {
    async fn get(&self, name: &str) -> Result<String, PortError> {
        let stored = self.stored_name(name);
        let answer = self
            .client
            .get_secret_value()
            .secret_id(&stored)
            .send()
            .await
            .map_err(|e| port_error(format!("the secret {stored} cannot be read"), e))?;
        answer
            .secret_string
            .ok_or_else(|| damaged(format!("the secret {stored} holds no text")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_variable_is_the_name_of_a_secret() {
        let config = aws_sdk_secretsmanager::Config::builder()
            .behavior_version(aws_sdk_secretsmanager::config::BehaviorVersion::latest())
            .build();
        let secrets = SecretsManager::new(
            aws_sdk_secretsmanager::Client::from_conf(config),
            "va-prod-core-".to_owned(),
        );
        assert_eq!(
            secrets.stored_name("OPENAI_API_KEY"),
            "va-prod-core-openai-api-key"
        );
    }
}
