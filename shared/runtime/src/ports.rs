//! The ports: what the kernel needs of a home. Each adapter is opened for one company and never takes
//! one from a payload.

mod new_commit;

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use va_domain::{
    commit::StoredCommit,
    effect::{Intent, Outcome},
    ids::{BlobId, StreamId},
};

pub use self::new_commit::NewCommit;

/// Bytes that are shared, not copied.
pub type Bytes = Arc<[u8]>;

/// Bytes with their address. It is the hash of just these bytes, so whoever is handed a blob need not hash it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    id: BlobId,
    bytes: Bytes,
}

impl Blob {
    /// Hashes the bytes.
    #[must_use]
    pub fn of(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self {
            id: BlobId::of(&bytes),
            bytes,
        }
    }

    /// The bytes of this address; none where they have another.
    #[must_use]
    pub fn known(id: &BlobId, bytes: Bytes) -> Option<Self> {
        let blob = Self::of(bytes);
        (blob.id == *id).then_some(blob)
    }

    /// Their address.
    #[must_use]
    pub fn id(&self) -> &BlobId {
        &self.id
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

/// Why a port could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum PortError {
    /// The store is full, read-only, unreachable or throttled: the same call may succeed later.
    #[error("{what}")]
    Unavailable {
        /// What was tried, on what, and what to do.
        what: String,
        /// What the store said.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The call can never succeed: above a limit, malformed, forbidden.
    #[error("{what}")]
    Refused {
        /// Which limit or rule.
        what: String,
    },
    /// What was read is not what was written.
    #[error("{what}")]
    Damaged {
        /// What was read and what is wrong with it.
        what: String,
    },
}

impl PortError {
    /// A stable name for logs and runbooks.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unavailable { .. } => "port_unavailable",
            Self::Refused { .. } => "port_refused",
            Self::Damaged { .. } => "port_damaged",
        }
    }

    /// Whether the same call may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }
}

/// What became of an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It stands.
    Committed,
    /// Another commit stands at this version.
    Conflict,
    /// This very commit stood already: an answer was lost.
    Duplicate,
}

/// A commit with its place in the home's order of appending, where the home has one.
#[derive(Clone, Debug)]
pub struct LoggedCommit {
    /// Grows with every commit of the home.
    pub row: u64,
    /// The commit.
    pub commit: StoredCommit,
}

/// Appends and reads commits. There is no other write path but [`Journal::set_due`].
#[async_trait]
pub trait Journal: Send + Sync {
    /// Appends one commit to one stream, if nothing stands at its version yet; durable when it returns.
    /// Limits: event 32 KB (checked by the kernel), commit body without state 128 KB and 64 events, state 64 KB.
    ///
    /// # Errors
    /// `Refused` above a limit or where version n has no version n - 1 with hash `prev_hash`;
    /// `Unavailable` where the store cannot; then it is not known whether the commit stands, and the same
    /// call again answers `Duplicate` if it does.
    async fn append(&self, new: NewCommit) -> Result<Appended, PortError>;

    /// The newest commits of a stream back to and including the newest one that carries a state (or to
    /// the first), oldest first. Empty where the stream is not there.
    ///
    /// # Errors
    /// Where the store cannot.
    async fn tail(&self, stream: &StreamId) -> Result<Vec<StoredCommit>, PortError>;

    /// The commits of a stream from this version on, oldest first, at most `limit`.
    ///
    /// # Errors
    /// Where the store cannot.
    async fn read(
        &self,
        stream: &StreamId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<StoredCommit>, PortError>;

    /// Every commit of the company, ordered by stream and version, in pages: the first page starts after
    /// `None`, the next after the last (stream, version) of the one before. An empty page ends it.
    ///
    /// # Errors
    /// Where the store cannot.
    async fn scan(
        &self,
        after: Option<(StreamId, u64)>,
        limit: usize,
    ) -> Result<Vec<StoredCommit>, PortError>;

    /// Streams whose deadline is not after `until`, earliest first, at most `limit`.
    ///
    /// # Errors
    /// Where the store cannot.
    async fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<Due>, PortError>;

    /// The clock's only write: the deadline of the stream's commit at `version` is moved on, or removed.
    /// Nothing happens where that commit is no longer the newest but the removal of its deadline.
    ///
    /// # Errors
    /// Where the store cannot.
    async fn set_due(
        &self,
        stream: &StreamId,
        version: u64,
        due: Option<Timestamp>,
    ) -> Result<(), PortError>;
}

/// A stream that should be woken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Which one.
    pub stream: StreamId,
    /// The version of the commit that carries the deadline.
    pub version: u64,
    /// The deadline.
    pub at: Timestamp,
}

/// Stores bytes under their own hash.
#[async_trait]
pub trait Blobs: Send + Sync {
    /// Stores bytes, durable when it returns. Storing the same again is nothing.
    ///
    /// # Errors
    /// `Refused` above the home's limit; `Unavailable` where the store cannot.
    async fn put(&self, id: &BlobId, bytes: Bytes) -> Result<(), PortError>;

    /// Reads bytes and checks them against their address.
    ///
    /// # Errors
    /// `Damaged` where they are not there or not those bytes; `Unavailable` where the store cannot.
    async fn get(&self, id: &BlobId) -> Result<Bytes, PortError>;
}

/// Runs effects: one attempt each, no retry inside.
#[async_trait]
pub trait Effects: Send + Sync {
    /// Runs one attempt and says what came of it. Failures are outcomes; blobs that the outcome names are
    /// handed back with it and become durable with the commit that records it.
    async fn run(&self, intent: &Intent) -> EffectResult;

    /// The outcome of an effect that touches nothing but `request`, the bytes that its intent names, and has the
    /// same outcome whenever it is computed. `None`: it must be run.
    fn compute(&self, intent: &Intent, request: &[u8]) -> Option<EffectResult> {
        let _ = (intent, request);
        None
    }

    /// For a write whose outcome is not known: what stands now. `None`: it did not happen.
    ///
    /// # Errors
    /// Where that cannot be found out; a person must look.
    async fn probe(&self, intent: &Intent) -> Result<Option<EffectResult>, PortError>;
}

/// An outcome and the blobs that it names.
#[derive(Clone, Debug)]
pub struct EffectResult {
    /// What came of the attempt.
    pub outcome: Outcome,
    /// Blobs that it names.
    pub blobs: Vec<Blob>,
}

/// Time and chance: the one seam through which the kernel meets them.
#[async_trait]
pub trait World: Send + Sync {
    /// The time.
    fn now(&self) -> Timestamp;
    /// 64 random bits.
    fn random(&self) -> u64;
    /// Waits.
    async fn sleep(&self, time: SignedDuration);
}

/// Reads secrets by name; their values never enter events, errors or logs.
#[async_trait]
pub trait Secrets: Send + Sync {
    /// The secret's value.
    ///
    /// # Errors
    /// Where it is not there; the message names the secret, not its value.
    async fn get(&self, name: &str) -> Result<String, PortError>;
}

/// Signs seals.
pub trait Signer: Send + Sync {
    /// The Ed25519 signature over these bytes.
    ///
    /// # Errors
    /// Where the key cannot be read.
    fn sign(&self, bytes: &[u8]) -> Result<[u8; 64], PortError>;
    /// The public key.
    fn public_key(&self) -> [u8; 32];
}

/// A publication target: a site is complete and consistent at every instant.
#[async_trait]
pub trait Sites: Send + Sync {
    /// Makes these files the whole site, at once; reads them back and answers their checksums.
    ///
    /// # Errors
    /// Where the target cannot.
    async fn publish(
        &self,
        site: &str,
        version: u64,
        files: BTreeMap<String, Bytes>,
    ) -> Result<BTreeMap<String, BlobId>, PortError>;

    /// The checksums of what stands there now; `None` where nothing does.
    ///
    /// # Errors
    /// Where that cannot be read.
    async fn standing(&self, site: &str) -> Result<Option<BTreeMap<String, BlobId>>, PortError>;

    /// Writes a goal's report folder, likewise whole.
    ///
    /// # Errors
    /// Where the target cannot.
    async fn report(
        &self,
        goal_id: &str,
        files: BTreeMap<String, Bytes>,
    ) -> Result<BTreeMap<String, BlobId>, PortError>;
}

/// Hands doorbells on: on AWS the bus; embedded a dispatcher in the same process.
#[async_trait]
pub trait Delivery: Send + Sync {
    /// Hands on every event of a commit that is addressed to somebody.
    ///
    /// # Errors
    /// Where one entry was not taken; all of them may be handed on again.
    async fn announce(&self, commit: &StoredCommit) -> Result<(), PortError>;
    /// Wakes the owner of a stream.
    ///
    /// # Errors
    /// Where the queue cannot take it.
    async fn ring(&self, stream: &StreamId) -> Result<(), PortError>;
}
