//! What the documents promise, held against the code: the schemas and samples in `events/`, and what the
//! tests of this crate and of `va` read in `docs/`.

pub mod events;
pub mod pages;

use std::path::{Path, PathBuf};

/// The repository's folder.
#[must_use]
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}
