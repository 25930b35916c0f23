//! What the project's commands share with its tests.

pub mod binary;
pub mod cli;
pub mod commands;
pub mod deploy;
pub mod documents;
pub mod error;
pub mod github;
pub mod listing;
pub mod package;
pub mod process;
pub mod release;
pub mod sbom;
pub mod steps;
pub mod terraform;
pub mod tools;
pub mod workflows;

use std::path::{Path, PathBuf};

/// The repository's root.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(PathBuf::new, Path::to_path_buf)
}
