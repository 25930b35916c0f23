//! The list beside the packages: what was built, by hash.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    error::{TaskError, file},
    package::{Architecture, Package},
    process,
};

/// Its file.
pub const LIST: &str = "packages.json";

/// What lies beside the packages, as [`LIST`]: what was built, by hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// `va.packages/1`.
    pub schema: String,
    /// As AWS names it.
    pub architecture: String,
    /// The commit that it was built from; empty where the folder is no repository.
    pub commit: String,
    /// By the binary's name.
    pub packages: BTreeMap<String, Listed>,
}

/// A package in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its file, beside the list.
    pub file: String,
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: usize,
}

/// Reads a list, and checks that every package is what the list says.
///
/// # Errors
/// Where a file is missing or has other bytes.
pub fn read(folder: &Path) -> Result<List, TaskError> {
    let path = folder.join(LIST);
    let text = fs::read(&path).map_err(file(format!(
        "{} cannot be read; `cargo xtask package --architecture arm64` writes it",
        path.display()
    )))?;
    let list: List = serde_json::from_slice(&text).map_err(|source| TaskError::Document {
        what: format!("{} is no list of packages", path.display()),
        source,
    })?;
    for (binary, listed) in &list.packages {
        // The list comes from elsewhere: it names files beside it, and nothing else.
        if listed.file != format!("{binary}.zip") || binary.contains(['/', '\\']) {
            return Err(TaskError::Found(format!(
                "{binary} is not in a file of its name"
            )));
        }
        let path = folder.join(&listed.file);
        let bytes = fs::read(&path).map_err(file(format!("{} cannot be read", path.display())))?;
        if hex::encode(Sha256::digest(&bytes)) != listed.sha256 {
            return Err(TaskError::Found(format!(
                "{} is not what was listed",
                path.display()
            )));
        }
    }
    Ok(list)
}

/// Writes the list of these packages into their folder.
///
/// # Errors
/// Where it cannot be written.
pub fn write(
    root: &Path,
    to: &Path,
    architecture: Architecture,
    packages: &[Package],
) -> Result<(), TaskError> {
    let commit = process::read(
        Command::new("git")
            .args(["rev-parse", "HEAD"])
            .current_dir(root),
    );
    let list = List {
        schema: "va.packages/1".to_owned(),
        architecture: architecture.name().to_owned(),
        commit: commit.unwrap_or_default().trim().to_owned(),
        packages: packages.iter().map(listed).collect(),
    };
    let path = to.join(LIST);
    let text = serde_json::to_string_pretty(&list).map_err(|source| TaskError::Document {
        what: "the list of packages cannot be written as JSON".to_owned(),
        source,
    })?;
    fs::write(&path, text + "\n").map_err(file(format!("{} cannot be written", path.display())))
}

fn listed(made: &Package) -> (String, Listed) {
    let listed = Listed {
        file: format!("{}.zip", made.binary),
        sha256: made.sha256.clone(),
        bytes: made.bytes,
    };
    (made.binary.clone(), listed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::functions;

    #[test]
    fn a_package_that_is_not_what_was_listed_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("va-fn-a"), "a").expect("written");
        let packed = functions(folder.path(), folder.path()).expect("packed");
        write(folder.path(), folder.path(), Architecture::Arm64, &packed).expect("written");
        let list = read(folder.path()).expect("sound");
        assert_eq!(list.packages["va-fn-a"].sha256, packed[0].sha256);
        fs::write(&packed[0].file, "another").expect("written");
        assert_eq!(
            read(folder.path()).expect_err("changed").code(),
            "task_found"
        );
    }

    #[test]
    fn a_list_that_names_a_file_elsewhere_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let list = r#"{"schema":"va.packages/1","architecture":"arm64","commit":"","packages":
            {"va-fn-a":{"file":"../va-fn-a.zip","sha256":"","bytes":1}}}"#;
        fs::write(folder.path().join(LIST), list).expect("written");
        assert!(read(folder.path()).is_err());
    }
}
