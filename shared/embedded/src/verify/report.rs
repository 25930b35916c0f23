//! What verification found.

use serde::{Deserialize, Serialize};

/// The most findings that are listed: more of them say nothing new, and a damaged journal may have one
/// for every commit.
const MOST: usize = 1_000;

/// What kind of thing is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A commit is not the one that was hashed, linked or sealed.
    CommitHash,
    /// A commit is missing between others.
    Gap,
    /// The newest commits of a sealed stream are missing.
    Truncated,
    /// A sealed stream is missing.
    MissingStream,
    /// A stored state is not the fold of the commits, or they cannot be folded.
    State,
    /// A blob is missing or has other bytes.
    Blob,
    /// A published file is changed, missing, or was not published.
    SiteFile,
    /// A seal is not signed with the key that it should be.
    SealSignature,
    /// A seal does not follow those before it, or the root that was kept elsewhere is none of theirs.
    SealRoot,
    /// The journal is an older one than the seals.
    Rollback,
    /// Money was received that was not sent, or a ledger does not add up.
    Books,
}

/// Whether such a finding explains that rows of the journal are missing.
pub(super) fn found_in(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::CommitHash | Kind::Gap | Kind::Truncated | Kind::MissingStream | Kind::Rollback
    )
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What kind.
    pub kind: Kind,
    /// In which stream.
    pub stream: Option<String>,
    /// At which version.
    pub version: Option<u64>,
    /// In which file of the company's folder, or in which blob.
    pub path: Option<String>,
    /// What should be there.
    pub expected: Option<String>,
    /// What is.
    pub found: Option<String>,
}

impl Finding {
    pub(super) fn of(kind: Kind) -> Self {
        Self {
            kind,
            stream: None,
            version: None,
            path: None,
            expected: None,
            found: None,
        }
    }

    pub(super) fn at(kind: Kind, stream: &str, version: u64) -> Self {
        Self {
            stream: Some(stream.to_owned()),
            version: Some(version),
            ..Self::of(kind)
        }
    }

    pub(super) fn between(mut self, expected: impl Into<String>, found: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self.found = Some(found.into());
        self
    }
}

/// How much was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// Streams.
    pub streams: u64,
    /// Commits.
    pub commits: u64,
    /// Events in them.
    pub events: u64,
    /// Stored states, each compared with the fold.
    pub states: u64,
    /// Distinct blobs, each read and hashed.
    pub blobs: u64,
    /// Seals.
    pub seals: u64,
    /// Files of published sites.
    pub site_files: u64,
}

/// What verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// How much was looked at.
    pub checked: Checked,
    /// Commits that no seal covers yet: counted, not claimed.
    pub unsealed_commits: u64,
    /// What is wrong; the first thousand.
    pub findings: Vec<Finding>,
}

impl Verification {
    pub(super) fn find(&mut self, finding: Finding) {
        if self.findings.len() < MOST {
            self.findings.push(finding);
        }
    }

    pub(super) fn finished(mut self) -> Self {
        self.ok = self.findings.is_empty();
        self
    }
}
