//! Roots of `terraform/`, applied on the emulator.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::Value;
use tempfile::TempDir;
use tokio::process::{Child, Command};
use va_agents::manifest::Manifest;
use xtask::{deploy::Root, error::TaskError, root, terraform};

use crate::{
    Emulator, EmulatorError,
    clients::{REGION, SECRET},
    machine,
};

/// What takes the place of a root's backend: the state lies beside the root.
const BACKEND_FILE: &str = "backend_override.tf";
const BACKEND: &str = "terraform {\n  backend \"local\" {}\n}\n";

/// Where a test's values for the root's variables lie; they come after those of `terraform.tfvars`.
const VALUES: &str = "emulator.auto.tfvars.json";

/// A root in a copy of `terraform/`, with its state in a file: nothing of a test gets into the working copy.
#[derive(Debug)]
pub struct Stage {
    terraform: PathBuf,
    root: String,
    environment: BTreeMap<String, String>,
    values: BTreeMap<String, Value>,
    _folder: TempDir,
}

impl Stage {
    /// A copy of the root in this folder of `terraform/`: `environments/dev`.
    ///
    /// # Errors
    /// Where it cannot be copied, or no provider is found.
    pub fn copy(folder: &str) -> Result<Self, EmulatorError> {
        let copy = TempDir::new().map_err(machine("no folder can be made for Terraform"))?;
        let to = copy.path().join("terraform");
        copied(&root().join("terraform"), &to)?;
        let backend = to.join(folder).join(BACKEND_FILE);
        fs::write(&backend, BACKEND)
            .map_err(machine(format!("{} cannot be written", backend.display())))?;
        let mut environment = terraform::provider(&root())?;
        for (name, value) in [
            ("TF_IN_AUTOMATION", "1"),
            // A plan of what does not stand yet asks nobody, and wants to be signed in all the same.
            ("AWS_ACCESS_KEY_ID", SECRET),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
            ("AWS_REGION", REGION),
        ] {
            environment.insert(name.to_owned(), value.to_owned());
        }
        Ok(Self {
            terraform: to,
            root: folder.to_owned(),
            environment,
            values: BTreeMap::new(),
            _folder: copy,
        })
    }

    /// On this emulator, in this account.
    #[must_use]
    pub fn on(mut self, emulator: &Emulator, account: &str) -> Self {
        let own = [
            ("AWS_ENDPOINT_URL", emulator.endpoint()),
            ("AWS_ACCESS_KEY_ID", account.to_owned()),
        ];
        self.environment
            .extend(own.map(|(name, value)| (name.to_owned(), value)));
        self
    }

    /// With another value for one of the root's variables than its own file gives.
    #[must_use]
    pub fn set(mut self, variable: &str, value: impl Into<Value>) -> Self {
        self.values.insert(variable.to_owned(), value.into());
        self
    }

    /// With another manifest than that of the project.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn with_manifest(self, manifest: &Manifest) -> Result<Self, EmulatorError> {
        let path = self.terraform.join("agents.json");
        let text = serde_json::to_string(manifest)
            .map_err(|e| EmulatorError::Manifest { why: e.to_string() })?;
        fs::write(&path, text).map_err(machine(format!("{} cannot be written", path.display())))?;
        Ok(self)
    }

    /// With its state where the root itself says: in the bucket that `terraform/bootstrap` makes.
    ///
    /// # Errors
    /// Where the copy cannot be changed.
    pub fn in_its_bucket(mut self) -> Result<Self, EmulatorError> {
        let backend = self.folder().join(BACKEND_FILE);
        fs::remove_file(&backend)
            .map_err(machine(format!("{} cannot be removed", backend.display())))?;
        let by_path = "-backend-config=use_path_style=true".to_owned();
        self.environment
            .insert("TF_CLI_ARGS_init".to_owned(), by_path);
        Ok(self)
    }

    /// Takes away the lock of one that was killed.
    ///
    /// # Errors
    /// Where no lock has this id.
    pub async fn unlock(&self, id: &str) -> Result<(), EmulatorError> {
        self.run(&["force-unlock", "-force", id]).await?;
        Ok(())
    }

    /// The root as `cargo xtask deploy` handles it.
    #[must_use]
    pub fn deployed(&self) -> Root {
        let work = self.terraform.join("work");
        Root::at(self.folder(), work, self.environment.clone())
    }

    /// Makes everything.
    ///
    /// # Errors
    /// Where Terraform is missing or refuses.
    pub async fn apply(&self) -> Result<(), EmulatorError> {
        self.init().await?;
        self.run(&["apply", "-auto-approve", "-input=false"])
            .await?;
        Ok(())
    }

    /// Makes these parts, and what they need.
    ///
    /// # Errors
    /// Where Terraform is missing or refuses.
    pub async fn apply_only(&self, parts: &[String]) -> Result<(), EmulatorError> {
        self.init().await?;
        let targets: Vec<String> = parts.iter().map(|part| format!("-target={part}")).collect();
        let mut args = vec!["apply", "-auto-approve", "-input=false"];
        args.extend(targets.iter().map(String::as_str));
        self.run(&args).await?;
        Ok(())
    }

    /// Begins to make everything, and is killed with what this answers.
    ///
    /// # Errors
    /// Where Terraform is missing.
    pub async fn begin_apply(&self) -> Result<Child, EmulatorError> {
        self.init().await?;
        self.command(&["apply", "-auto-approve", "-input=false"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(machine("`terraform` cannot be started"))
    }

    /// What would change, as Terraform shows a plan.
    ///
    /// # Errors
    /// Where Terraform is missing or refuses.
    pub async fn plan(&self) -> Result<Value, EmulatorError> {
        self.init().await?;
        self.run(&["plan", "-input=false", "-lock=false", "-out=plan"])
            .await?;
        let shown = self.run(&["show", "-json", "plan"]).await?;
        read("the plan", &shown)
    }

    /// One of its outputs.
    ///
    /// # Errors
    /// Where there is none of this name.
    pub async fn output(&self, name: &str) -> Result<Value, EmulatorError> {
        let said = self.run(&["output", "-json", name]).await?;
        read(name, &said)
    }

    /// The addresses in the state, in their order.
    ///
    /// # Errors
    /// Where Terraform is missing or refuses.
    pub async fn addresses(&self) -> Result<Vec<String>, EmulatorError> {
        let said = self.run(&["state", "list"]).await?;
        Ok(said.lines().map(str::to_owned).collect())
    }

    fn folder(&self) -> PathBuf {
        self.terraform.join(&self.root)
    }

    async fn init(&self) -> Result<(), EmulatorError> {
        let path = self.folder().join(VALUES);
        let text = serde_json::json!(self.values).to_string();
        fs::write(&path, text).map_err(machine(format!("{} cannot be written", path.display())))?;
        self.run(&["init", "-input=false"]).await?;
        Ok(())
    }

    async fn run(&self, args: &[&str]) -> Result<String, EmulatorError> {
        let mut command = self.command(args);
        let said = command
            .output()
            .await
            .map_err(machine("`terraform` cannot be started; is it installed?"))?;
        if !said.status.success() {
            return Err(xtask::process::ended(command.as_std(), &said).into());
        }
        Ok(String::from_utf8_lossy(&said.stdout).into_owned())
    }

    fn command(&self, args: &[&str]) -> Command {
        let (act, options) = args.split_first().unwrap_or((&"version", &[]));
        let mut command = Command::new("terraform");
        command
            .arg(act)
            .args((!matches!(*act, "state" | "force-unlock")).then_some("-no-color"))
            .args(options)
            .current_dir(self.folder())
            .env_remove("AWS_SESSION_TOKEN")
            .envs(&self.environment)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }
}

fn read(what: &str, text: &str) -> Result<Value, EmulatorError> {
    let parsed = serde_json::from_str(text).map_err(|source| TaskError::Document {
        what: format!("{what} is no JSON"),
        source,
    });
    Ok(parsed?)
}

/// A folder with all below, but for what Terraform keeps there.
fn copied(from: &Path, to: &Path) -> Result<(), EmulatorError> {
    let failed = |path: &Path| machine(format!("{} cannot be copied", path.display()));
    fs::create_dir_all(to).map_err(failed(to))?;
    for entry in fs::read_dir(from).map_err(failed(from))? {
        let path = entry.map_err(failed(from))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && !name.starts_with('.') {
            copied(&path, &to.join(&*name))?;
        } else if path.is_file() && !name.starts_with(".terraform") && !name.contains("tfstate") {
            fs::copy(&path, to.join(&*name)).map_err(failed(&path))?;
        }
    }
    Ok(())
}
