//! The journal as lines of JSON, one commit a line, ordered by stream and version.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use va_domain::commit::StoredCommit;
use va_runtime::ports::PortError;

use crate::Store;

/// Commits that are read at once.
const PAGE: usize = 256;

/// One line of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedCommit<'a> {
    /// The stream.
    #[serde(borrow)]
    pub stream: std::borrow::Cow<'a, str>,
    /// Its version.
    pub version: u64,
    /// The hash of the commit before, 64 hex digits.
    #[serde(borrow)]
    pub prev_hash: std::borrow::Cow<'a, str>,
    /// SHA-256 of `prev_hash` as 32 bytes and `body`, 64 hex digits.
    #[serde(borrow)]
    pub hash: std::borrow::Cow<'a, str>,
    /// The stored bytes.
    #[serde(borrow)]
    pub body: std::borrow::Cow<'a, str>,
}

/// Why an export ended early.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The journal.
    #[error(transparent)]
    Journal(#[from] PortError),
    /// Where the lines go.
    #[error("the export cannot be written")]
    Write(#[from] io::Error),
}

impl ExportError {
    /// A stable name for logs and runbooks.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Journal(e) => e.code(),
            Self::Write(_) => "export_write",
        }
    }
}

/// Writes every commit as it stood when the export began; answers how many.
///
/// # Errors
/// Where the journal cannot be read, or `to` cannot be written.
pub fn export(store: &Store, to: &mut impl Write) -> Result<u64, ExportError> {
    let snapshot = store.read_snapshot()?;
    let mut exported = 0;
    let mut last: Option<StoredCommit> = None;
    loop {
        let after = last
            .as_ref()
            .map(|commit| (commit.stream.as_str(), commit.version));
        let page = snapshot.scan(after, PAGE)?;
        for commit in &page {
            let line = ExportedCommit {
                stream: commit.stream.as_str().into(),
                version: commit.version,
                prev_hash: hex::encode(commit.prev_hash).into(),
                hash: hex::encode(commit.hash).into(),
                body: (&*commit.body).into(),
            };
            serde_json::to_writer(&mut *to, &line).map_err(io::Error::from)?;
            to.write_all(b"\n")?;
            exported += 1;
        }
        match page.into_iter().next_back() {
            Some(commit) => last = Some(commit),
            None => break,
        }
    }
    to.flush()?;
    Ok(exported)
}
