//! What can be wrong with the company's own records.

/// An error of the domain: a record that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DomainError {
    /// Not a stream's name.
    #[error(
        "`{name}` is no stream: a stream is <type>/<id> of lowercase letters, digits, `-`, `_` and `.`"
    )]
    StreamName {
        /// What stood there.
        name: String,
    },
    /// Not a blob's address.
    #[error("`{name}` is no blob: a blob is sha256: and 64 hex digits")]
    BlobName {
        /// What stood there.
        name: String,
    },
    /// A ledger entry that would spend what is not there, or names what is not open.
    #[error("the entry does not fit the account: {why}")]
    Ledger {
        /// Which rule it breaks.
        why: String,
    },
    /// A fold met an event that it does not know. Retryable: a newer build may know it.
    #[error("this build cannot read {event_type}.v{version}")]
    UnknownEvent {
        /// The event's type.
        event_type: String,
        /// Its schema version.
        version: u32,
    },
    /// A payload that does not have its type's shape.
    #[error("the payload of {event_type} cannot be read: {why}")]
    Payload {
        /// The event's type.
        event_type: String,
        /// What the reader said.
        why: String,
    },
    /// A commit that does not follow the state that it is applied to.
    #[error("commit {version} of {stream} does not follow version {at}")]
    Sequence {
        /// The stream.
        stream: String,
        /// The commit's version.
        version: u64,
        /// The state's version.
        at: u64,
    },
}

impl DomainError {
    /// A stable name for logs and runbooks.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::StreamName { .. } => "stream_name",
            Self::BlobName { .. } => "blob_name",
            Self::Ledger { .. } => "ledger",
            Self::UnknownEvent { .. } => "unknown_event",
            Self::Payload { .. } => "payload",
            Self::Sequence { .. } => "sequence",
        }
    }

    /// Whether the same record may be read later, by a newer build.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::UnknownEvent { .. })
    }
}
