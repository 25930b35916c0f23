//! What is under way.

use va_domain::{effect::Intent, ids::StreamId};
use va_runtime::kernel::{Attempted, Bell};

/// An event on its way to one stream.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mail {
    /// For whom.
    pub to: StreamId,
    /// The sender's stream.
    pub from: StreamId,
    /// The version of its commit.
    pub version: u64,
    /// The event's number within.
    pub n: u32,
}

impl Mail {
    /// The bell that it rings.
    #[must_use]
    pub fn bell(&self) -> Bell {
        Bell::Event {
            stream: self.from.clone(),
            version: self.version,
            n: self.n,
        }
    }
}

/// An attempt that a worker has promised, and what came of it.
#[derive(Clone, Debug)]
pub struct Act {
    /// Who promised it.
    pub worker: usize,
    /// Whose effect.
    pub stream: StreamId,
    /// The promise.
    pub intent: Intent,
    /// What came of it, once it has run.
    pub done: Option<Attempted>,
}
