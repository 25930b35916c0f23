//! Why a document cannot be made.

use va_domain::{error::DomainError, ids::StreamId};
use va_runtime::ports::PortError;

/// Why a document cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// Nothing is called so.
    #[error("no {what} is called `{name}`{}", nearest.as_ref().map_or_else(String::new, |n| format!("; the nearest is `{n}`")))]
    Unknown {
        /// `goal`, `task` or `blocker`.
        what: &'static str,
        /// What was asked for.
        name: String,
        /// What is called most like it; `None` where there is nothing of the kind.
        nearest: Option<String>,
    },
    /// Several begin so.
    #[error("{count} {what}s begin with `{name}`; give more of the id")]
    Ambiguous {
        /// `task`.
        what: &'static str,
        /// What was asked for.
        name: String,
        /// How many begin so.
        count: usize,
    },
    /// The store cannot be read.
    #[error(transparent)]
    Port(#[from] PortError),
    /// What the store holds cannot be understood.
    #[error("{stream} cannot be read")]
    Fold {
        /// Which stream.
        stream: StreamId,
        /// Why.
        #[source]
        source: DomainError,
    },
}

impl ViewError {
    /// Nothing of these names is called `name`.
    pub(super) fn unknown(what: &'static str, name: &str, known: &[&str]) -> Self {
        Self::Unknown {
            what,
            name: name.to_owned(),
            nearest: va_catalogue::intake::suggest(name, known).map(str::to_owned),
        }
    }

    /// A stable name for logs and runbooks.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "unknown",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Port(e) => e.code(),
            Self::Fold { source, .. } => source.code(),
        }
    }

    /// Whether the asker named what is not there, rather than the store failing: exit code 2.
    #[must_use]
    pub fn is_input(&self) -> bool {
        matches!(self, Self::Unknown { .. } | Self::Ambiguous { .. })
    }
}
