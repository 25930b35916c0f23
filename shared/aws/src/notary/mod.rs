//! The notary: keeps every commit where nobody can change it, seals what was committed, and says at once what
//! was changed or removed.
//!
//! It reads the table's stream as the second of the two that may, under a role and with a key of its own. What
//! is inserted goes to the vault as it stands (`commits/`, one commit a line, as an export has them), and is
//! sealed by the contract's seal (`seals/`), in the same chain whoever seals. A record of a change or a removal is a
//! finding. On its schedule it reads streams anew and holds them against what was sealed, a part each time, so
//! that it finds also what the table's stream did not tell.

mod audit;
mod finding;
mod records;
mod sealed;

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::json;
use tokio::sync::Mutex;
use va_domain::{
    commit::StoredCommit,
    goal_spec::Priority,
    ids::{BlobId, StreamId},
};
use va_runtime::{
    kernel::{Kernel, KernelError, Ports},
    ports::{Blobs, Bytes, Journal as _, PortError, World as _},
};

pub use self::finding::{Fault, Finding};
use self::sealed::Sealed;
use crate::{
    Aws, Names,
    effects::NoEffects,
    journal::DynamoJournal,
    lambda::{FunctionError, agent::identity, events::TableRecord},
    metric::{self, Unit},
    vault::{KmsKey, Vault},
    world::SystemWorld,
};

/// The notary of one company.
pub struct Notary {
    company: String,
    journal: Arc<DynamoJournal>,
    vault: Vault,
    key: KmsKey,
    kernel: Box<dyn Fn() -> Kernel + Send + Sync>,
    /// What was sealed, as far as this process has read it. One at a time seals.
    sealed: Mutex<Sealed>,
}

/// What one turn of the notary came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Commits that were put into the vault.
    pub kept: usize,
    /// The newest seal; 0 before the first.
    pub seal: u64,
    /// Streams that were read anew.
    pub audited: usize,
    /// What is not as it was.
    pub findings: Vec<Finding>,
}

/// Why the notary cannot do its work. Nothing is lost by it: the same records come again.
#[derive(Debug, thiserror::Error)]
pub enum NotaryError {
    /// A port.
    #[error(transparent)]
    Port(#[from] PortError),
    /// The act that tells of a finding.
    #[error(transparent)]
    Kernel(#[from] KernelError),
    /// A finding that cannot be told.
    #[error("a finding cannot be told")]
    Decide(#[from] va_runtime::agent::DecideError),
    /// Others kept sealing.
    #[error("others sealed {tries} times while this was sealed")]
    Contended {
        /// How often it was tried.
        tries: u32,
    },
    /// A seal that cannot be written.
    #[error("a seal cannot be written")]
    Write(#[from] serde_json::Error),
}

impl NotaryError {
    /// A stable name for logs and runbooks.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Port(e) => e.code(),
            Self::Kernel(e) => e.code(),
            Self::Decide(_) => "decide",
            Self::Contended { .. } => "seal_contended",
            Self::Write(_) => "seal_write",
        }
    }
}

impl Notary {
    /// On these ports.
    ///
    /// # Errors
    /// Where a name is missing.
    pub fn new(aws: &Aws) -> Result<Self, FunctionError> {
        let journal = Arc::new(aws.deadlines()?);
        let identity = identity(aws, "notary");
        let ports = Ports {
            journal: Arc::clone(&journal) as _,
            blobs: Arc::new(NoBlobs),
            world: Arc::new(SystemWorld),
            effects: Arc::new(NoEffects),
        };
        let kernel = move || Kernel::new(identity.clone(), ports.clone(), Vec::new());
        let company = aws.names.company.clone();
        Ok(Self {
            journal,
            vault: aws.vault()?,
            key: aws.seal_key()?,
            kernel: Box::new(kernel),
            sealed: Mutex::new(Sealed::new(&company)),
            company,
        })
    }

    /// Takes a batch of the table's stream: keeps and seals what was inserted, and tells of what was changed.
    ///
    /// # Errors
    /// Where anything of it is not durable yet; the same batch may come again.
    pub async fn take(&self, records: &[TableRecord]) -> Result<Turn, NotaryError> {
        let told = records::read(&self.company, records);
        let mut turn = Turn {
            kept: told.inserted.len(),
            findings: told.findings,
            ..Turn::default()
        };
        if let Some(first) = records.first().filter(|_| !told.inserted.is_empty()) {
            let at = &first.dynamodb.sequence_number;
            let path = format!("commits/{at:0>40}-{}.jsonl", records.len());
            self.vault.put_new(&path, lines(&told.inserted)?).await?;
        }
        let grown = by_stream(told.inserted);
        let findings = self.seal(grown, &mut turn).await?;
        turn.findings.extend(findings);
        self.tell(&turn.findings).await?;
        Ok(turn)
    }

    /// Reads a part of the streams anew and holds them against their seals, and seals what was missed.
    ///
    /// # Errors
    /// Where the table or the vault cannot be read.
    pub async fn audit(&self, now: Timestamp) -> Result<Turn, NotaryError> {
        let mut turn = Turn::default();
        let part = {
            let mut sealed = self.sealed.lock().await;
            turn.findings = sealed.refresh(&self.vault, &self.key).await?;
            audit::part(sealed.streams(), now)
        };
        turn.audited = part.len();
        let mut missed = BTreeMap::new();
        for (stream, (version, hash)) in part {
            let commits = match self.commits(&stream, 1).await {
                Err(PortError::Damaged { what }) => {
                    turn.findings
                        .push(audit::unread(stream, version, hash, what));
                    continue;
                }
                commits => commits?,
            };
            turn.findings
                .extend(audit::compare(&stream, version, hash, &commits));
            let later: Vec<_> = commits
                .into_iter()
                .filter(|commit| commit.version > version)
                .collect();
            if !later.is_empty() {
                missed.insert(stream, later);
            }
        }
        let findings = self.seal(missed, &mut turn).await?;
        turn.findings.extend(findings);
        self.tell(&turn.findings).await?;
        Ok(turn)
    }

    /// Seals streams that have grown, each if what was added follows what was sealed; answers those that do not.
    async fn seal(
        &self,
        mut grown: BTreeMap<StreamId, Vec<StoredCommit>>,
        turn: &mut Turn,
    ) -> Result<Vec<Finding>, NotaryError> {
        let mut sealed = self.sealed.lock().await;
        let mut findings = sealed.refresh(&self.vault, &self.key).await?;
        for (stream, commits) in &mut grown {
            let before = sealed.version(stream);
            commits.retain(|commit| commit.version > before);
            // A record that was set aside leaves a gap; the journal has what it told of.
            if commits
                .first()
                .is_some_and(|first| first.version > before + 1)
            {
                *commits = self.commits(stream, before + 1).await?;
            }
        }
        let (heads, broken) = sealed.follow(grown);
        findings.extend(broken);
        sealed
            .seal(heads, &self.vault, &self.key, SystemWorld.now())
            .await?;
        turn.seal = sealed.n();
        Ok(findings)
    }

    async fn commits(&self, stream: &StreamId, from: u64) -> Result<Vec<StoredCommit>, PortError> {
        self.journal.read(stream, from, usize::MAX >> 1).await
    }

    /// Tells the CTO, each finding once.
    async fn tell(&self, findings: &[Finding]) -> Result<(), NotaryError> {
        for finding in findings {
            tracing::error!(stream = %finding.stream, version = finding.version, fault = ?finding.fault, by = finding.by, "not as it was");
            let (act, incident, decision) = finding.act()?;
            (self.kernel)()
                .act(&act, decision, Priority::P0, incident.as_str())
                .await?;
        }
        Ok(())
    }
}

impl Turn {
    /// What alarms watch, as a line in CloudWatch's embedded metric format.
    #[must_use]
    pub fn metrics(&self, names: &Names, now: Timestamp) -> String {
        let figures = [
            ("CommitsKept", Unit::Count, json!(self.kept)),
            ("StreamsAudited", Unit::Count, json!(self.audited)),
            ("JournalFindings", Unit::Count, json!(self.findings.len())),
        ];
        metric::line(names, now, &figures, &[("Seal", json!(self.seal))])
    }

    /// Writes the figures to standard output, from where the service takes them. A closed output loses them,
    /// and nothing that was found.
    pub fn report(&self, names: &Names, now: Timestamp) {
        metric::say(&self.metrics(names, now));
    }
}

/// One commit a line, as `va export` writes them.
fn lines(commits: &[StoredCommit]) -> Result<Vec<u8>, serde_json::Error> {
    let mut text = Vec::new();
    for commit in commits {
        let line = json!({
            "stream": commit.stream, "version": commit.version,
            "prev_hash": hex::encode(commit.prev_hash), "hash": hex::encode(commit.hash), "body": &*commit.body,
        });
        serde_json::to_writer(&mut text, &line)?;
        text.push(b'\n');
    }
    Ok(text)
}

fn by_stream(commits: Vec<StoredCommit>) -> BTreeMap<StreamId, Vec<StoredCommit>> {
    let mut streams: BTreeMap<StreamId, Vec<StoredCommit>> = BTreeMap::new();
    for commit in commits {
        streams
            .entry(commit.stream.clone())
            .or_default()
            .push(commit);
    }
    streams
}

/// The notary has no right to the company's blobs, and needs none: what it appends names none.
struct NoBlobs;

#[async_trait]
impl Blobs for NoBlobs {
    async fn put(&self, id: &BlobId, _: Bytes) -> Result<(), PortError> {
        Err(PortError::Refused {
            what: format!("the notary stores no {id}"),
        })
    }

    async fn get(&self, id: &BlobId) -> Result<Bytes, PortError> {
        Err(PortError::Refused {
            what: format!("the notary reads no {id}"),
        })
    }
}
