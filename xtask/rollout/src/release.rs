//! What is rolled out: the manifest's functions, each with its package.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;
use xtask::listing;

use crate::{RolloutError, smoke::Probe};

/// One function and its package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The function's name in the environment.
    pub function: String,
    /// The binary's name.
    pub binary: String,
    /// The package's file.
    pub file: PathBuf,
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// How it is tried.
    pub probe: Probe,
}

/// All functions of an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The bucket of packages.
    pub bucket: String,
    /// In order of the functions' names.
    pub parts: Vec<Part>,
}

impl Release {
    /// The functions that a manifest names, with the packages of a folder.
    ///
    /// # Errors
    /// Where the manifest or the list cannot be read, a package is not what was listed, or a function has none.
    pub fn read(
        manifest: &Path,
        packages: &Path,
        env: &str,
        bucket: String,
    ) -> Result<Self, RolloutError> {
        let refuse = |what: String| RolloutError::Release { what };
        let text = fs::read(manifest)
            .map_err(|e| refuse(format!("{} cannot be read: {e}", manifest.display())))?;
        let manifest: Value = serde_json::from_slice(&text)
            .map_err(|e| refuse(format!("{} is no manifest: {e}", manifest.display())))?;
        let list = listing::read(packages).map_err(|e| refuse(xtask::error::chain(&e)))?;
        let mut parts = Vec::new();
        for (name, binary, probe) in functions(&manifest) {
            let Some(listed) = list.packages.get(&binary) else {
                return Err(refuse(format!(
                    "{} has no package of {binary}",
                    packages.display()
                )));
            };
            parts.push(Part {
                function: name.replace("{env}", env),
                file: packages.join(&listed.file),
                sha256: listed.sha256.clone(),
                binary,
                probe,
            });
        }
        if parts.is_empty() {
            return Err(refuse("the manifest names no function".to_owned()));
        }
        parts.sort_by(|a, b| a.function.cmp(&b.function));
        Ok(Self { bucket, parts })
    }
}

/// Every entry of the manifest that has a function: its name, its binary, and how it is called.
#[must_use]
pub fn functions(manifest: &Value) -> Vec<(String, String, Probe)> {
    let mut found = Vec::new();
    walk(manifest, &mut found);
    found
}

fn walk(value: &Value, into: &mut Vec<(String, String, Probe)>) {
    match value {
        Value::Array(all) => all.iter().for_each(|entry| walk(entry, into)),
        Value::Object(entry) => {
            let function = entry.get("function");
            let text = |key: &str| Some(function?.get(key)?.as_str()?.to_owned());
            if let (Some(name), Some(binary)) = (text("name"), text("binary")) {
                let probe = if entry.contains_key("routes") {
                    Probe::Request
                } else if entry.contains_key("queue") || entry.contains_key("starting_position") {
                    Probe::Batch
                } else {
                    Probe::Tick
                };
                into.push((name, binary, probe));
            } else {
                entry.values().for_each(|part| walk(part, into));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_of_the_projects_manifest_is_rolled_out_and_tried_in_its_way() {
        let text = fs::read(xtask::root().join("terraform/agents.json")).expect("the manifest");
        let manifest = serde_json::from_slice(&text).expect("JSON");
        let found = functions(&manifest);
        let probe = |binary: &str| found.iter().find(|f| f.1 == binary).map(|f| f.2);
        assert_eq!(probe("va-fn-ceo"), Some(Probe::Batch));
        assert_eq!(probe("va-fn-relay"), Some(Probe::Batch));
        assert_eq!(probe("va-fn-clock"), Some(Probe::Tick));
        assert_eq!(
            found.len(),
            String::from_utf8_lossy(&text).matches("\"binary\"").count()
        );
    }
}
