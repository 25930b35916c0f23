//! Terraform's roots, applied on the emulator.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use va_emulator::Emulator;
use xtask::{
    error::TaskError,
    process::{ended, output},
    root, terraform,
};

/// A root that was applied on an emulator, with state and data in a folder of its own.
#[derive(Debug)]
pub struct Applied {
    folder: PathBuf,
    work: PathBuf,
    endpoint: String,
    account: String,
}

impl Applied {
    /// Applies a root of `terraform/` that keeps its state in a file, with these variables.
    ///
    /// # Errors
    /// Where Terraform is missing or refuses.
    pub fn new(
        emulator: &Emulator,
        account: &str,
        folder: &str,
        variables: &[(&str, &str)],
        work: &Path,
    ) -> Result<Self, TaskError> {
        let applied = Self {
            folder: root().join("terraform").join(folder),
            work: work.to_owned(),
            endpoint: emulator.endpoint(),
            account: account.to_owned(),
        };
        applied.run(&["init", "-input=false"])?;
        let mut args = vec![
            "apply".to_owned(),
            "-auto-approve".to_owned(),
            "-input=false".to_owned(),
        ];
        args.push(applied.state());
        args.extend(
            variables
                .iter()
                .map(|(name, value)| format!("-var={name}={value}")),
        );
        applied.run(&args.iter().map(String::as_str).collect::<Vec<_>>())?;
        Ok(applied)
    }

    /// One of its outputs.
    ///
    /// # Errors
    /// Where there is none of this name.
    pub fn output(&self, name: &str) -> Result<Value, TaskError> {
        let said = self.run(&["output", "-json", &self.state(), name])?;
        serde_json::from_str(&said).map_err(|source| TaskError::Document {
            what: format!("the output {name} is no JSON"),
            source,
        })
    }

    fn state(&self) -> String {
        format!("-state={}", self.work.join("terraform.tfstate").display())
    }

    fn run(&self, args: &[&str]) -> Result<String, TaskError> {
        let mut command = Command::new("terraform");
        let (act, options) = args.split_first().unwrap_or((&"version", &[]));
        command
            .args([act, &"-no-color"])
            .args(options)
            .current_dir(&self.folder)
            .envs(terraform::provider(&root())?)
            .env("TF_DATA_DIR", self.work.join("data"))
            .env("TF_IN_AUTOMATION", "1")
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .env("AWS_REGION", "eu-central-1")
            .env("AWS_ACCESS_KEY_ID", &self.account)
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env_remove("AWS_SESSION_TOKEN");
        let said = output(&mut command)?;
        if !said.status.success() {
            return Err(ended(&command, &said));
        }
        Ok(String::from_utf8_lossy(&said.stdout).into_owned())
    }
}
