//! Verification of an export, without the company's folder.

use std::{
    io::{self, BufRead},
    path::Path,
};

use va_runtime::ports::PortError;

use super::{Check, Finding, Kind, Options, RawCommit, Verification, seals::SealCheck};
use crate::export::ExportedCommit;

/// Why an export could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ExportReadError {
    /// The lines themselves.
    #[error("the export cannot be read")]
    Read(#[from] io::Error),
    /// The seals.
    #[error(transparent)]
    Seals(#[from] PortError),
}

impl ExportReadError {
    /// A stable name for logs and runbooks.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read(_) => "export_read",
            Self::Seals(e) => e.code(),
        }
    }
}

/// Verifies exported commits, one a line, against the seals in a folder, if there is one. Blobs and sites
/// are not part of an export; states that are blobs are not compared.
///
/// # Errors
/// Where lines or seals cannot be read. A line that is no commit is a finding.
pub fn verify_export(
    lines: impl BufRead,
    seals: Option<&Path>,
    options: &Options,
) -> Result<Verification, ExportReadError> {
    let mut out = Verification::default();
    let seals = match seals {
        Some(folder) => SealCheck::load(folder, None, options.public_key, &mut out)?,
        None => SealCheck::default(),
    };
    let mut check = Check::new(out, None, seals, None);
    for (n, line) in (1_u64..).zip(lines.split(b'\n')) {
        let line = line?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice::<ExportedCommit<'_>>(&line) {
            Ok(commit) => check.commit(&raw(&commit)),
            Err(e) => {
                let finding = Finding {
                    path: Some(format!("line {n}")),
                    ..Finding::of(Kind::CommitHash)
                };
                check.out.find(finding.between("a commit", e.to_string()));
            }
        }
    }
    Ok(check.finish(options, None, None)?)
}

fn raw(commit: &ExportedCommit<'_>) -> RawCommit {
    let bytes = |text: &str| hex::decode(text).unwrap_or_default();
    RawCommit {
        stream: commit.stream.clone().into_owned(),
        version: commit.version,
        prev_hash: bytes(&commit.prev_hash),
        hash: bytes(&commit.hash),
        body: commit.body.clone().into_owned().into_bytes(),
        beside: None,
    }
}
