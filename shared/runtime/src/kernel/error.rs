//! Why a stream could not be handled.

use va_domain::{error::DomainError, ids::StreamId};

use super::MAX_CONFLICTS;
use crate::{agent::DecideError, ports::PortError};

/// Why a stream could not be handled.
#[derive(Debug, thiserror::Error)]
pub enum KernelError {
    /// A port failed.
    #[error("the home's store or service failed")]
    Port(#[from] PortError),
    /// A stream cannot be folded.
    #[error("stream {stream} cannot be folded")]
    Fold {
        /// Which one.
        stream: StreamId,
        /// Why.
        #[source]
        source: DomainError,
    },
    /// An agent cannot decide.
    #[error("{role} cannot decide on {stream}")]
    Decide {
        /// Whose decision.
        role: String,
        /// On which stream.
        stream: StreamId,
        /// Why.
        #[source]
        source: DecideError,
    },
    /// Others kept appending to the stream.
    #[error("stream {stream} changed {MAX_CONFLICTS} times while it was decided on")]
    Contended {
        /// Which one.
        stream: StreamId,
    },
    /// What decides or attempts has panicked.
    #[error("the turn of {stream} panicked; standard error says where")]
    Panicked {
        /// Whose turn it was.
        stream: StreamId,
    },
    /// A commit that names what it may not, or is above a limit.
    #[error("{what}")]
    Rule {
        /// Which rule.
        what: String,
    },
}

impl KernelError {
    /// A stable name for logs and runbooks.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Port(e) => e.code(),
            Self::Fold { source, .. } => source.code(),
            Self::Decide { .. } => "decide",
            Self::Contended { .. } => "contended",
            Self::Panicked { .. } => "panic",
            Self::Rule { .. } => "rule",
        }
    }

    /// Whether the same bell may be handled later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Port(e) => e.is_retryable(),
            Self::Fold { source, .. } => source.is_retryable(),
            Self::Contended { .. } => true,
            Self::Decide { .. } | Self::Panicked { .. } | Self::Rule { .. } => false,
        }
    }
}
