//! The functions' packages, and calls of functions.

use std::{
    fs,
    path::{Path, PathBuf},
};

use aws_sdk_lambda::primitives::Blob;
use va_agents::manifest::{Function, Manifest};

use super::Deployment;
use crate::{EmulatorError, call, machine};

/// What callers call.
const ALIAS: &str = "live";

/// The folder of the functions' packages beside their binaries; what is older than its binary is packed anew.
pub(super) fn packages(manifest: &Manifest, binaries: &Path) -> Result<PathBuf, EmulatorError> {
    let folder = binaries.join("packages");
    fs::create_dir_all(&folder).map_err(machine("no folder can be made for packages"))?;
    for function in manifest.functions() {
        let binary = binaries.join(&function.binary);
        let package = folder.join(format!("{}.zip", function.binary));
        let made = |path: &Path| fs::metadata(path).and_then(|file| file.modified());
        let failed = || {
            machine(format!(
                "{} cannot be packed; build it first",
                binary.display()
            ))
        };
        let built = made(&binary).map_err(failed())?;
        if made(&package).is_ok_and(|packed| packed > built) {
            continue;
        }
        let bytes = xtask::package::zip_quickly(&binary).map_err(failed())?;
        // Several tests may pack at once: each writes a file of its own, and the last one stays.
        let own = tempfile::NamedTempFile::new_in(&folder).map_err(failed())?;
        fs::write(own.path(), bytes).map_err(failed())?;
        own.persist(&package).map_err(|e| failed()(e.error))?;
    }
    Ok(folder)
}

impl Deployment {
    /// Lets the clock tick once, as its schedule does every minute: a test need not wait for it.
    ///
    /// # Errors
    /// Where the function fails.
    pub async fn tick(&self) -> Result<(), EmulatorError> {
        self.invoke(&self.manifest.clock.function).await
    }

    /// Lets the notary look through the journal once, as its schedule does every hour.
    ///
    /// # Errors
    /// Where the function fails.
    pub async fn audit(&self) -> Result<(), EmulatorError> {
        self.invoke(&self.manifest.notary.function).await
    }

    /// Where Lambda sets aside what a schedule called and failed: the ARN that the alias names, which is what is called.
    ///
    /// # Errors
    /// Where the alias names none.
    pub async fn failures_of(&self, function: &Function) -> Result<String, EmulatorError> {
        let name = self.resolve(&function.name);
        let asked = self.clients.lambda.get_function_event_invoke_config();
        let answer = asked.function_name(&name).qualifier(ALIAS).send().await;
        let answer = answer.map_err(call(format!("failed calls of {name}")))?;
        let destination = answer.destination_config().and_then(|all| all.on_failure());
        let destination = destination.and_then(|to| to.destination());
        destination
            .map(str::to_owned)
            .ok_or_else(|| EmulatorError::Manifest {
                why: format!("failed calls of {name} go nowhere"),
            })
    }

    async fn invoke(&self, function: &Function) -> Result<(), EmulatorError> {
        let name = self.resolve(&function.name);
        let invoke = self
            .clients
            .lambda
            .invoke()
            .function_name(&name)
            .qualifier(ALIAS)
            .payload(Blob::new("{}"));
        let answer = invoke
            .send()
            .await
            .map_err(call(format!("the function {name}")))?;
        if answer.function_error().is_none() {
            return Ok(());
        }
        let said = answer
            .payload()
            .map(|bytes| String::from_utf8_lossy(bytes.as_ref()).into_owned());
        Err(EmulatorError::Machine {
            what: format!("{name} failed: {}", said.unwrap_or_default()),
            source: None,
        })
    }
}
