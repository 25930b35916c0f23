//! What a deployment is called, from the environment.

use std::collections::BTreeMap;

use va_domain::{ids::StreamId, roles};

use crate::layout;

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

    /// The most that goals may draw in a month, where the deployment says it: `VA_MONTH_CAP`, a decimal.
    #[must_use]
    pub fn month_cap(&self) -> Option<&str> {
        let cap = self.values.get("VA_MONTH_CAP")?;
        Some(cap.as_str()).filter(|cap| !cap.is_empty())
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
