//! What goes wrong, and what became of it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Payload;

/// One thing that was looked at when an incident was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LookedAt {
    /// What: an event, a figure, a setting.
    pub what: String,
    /// What was found there.
    pub found: String,
}

payloads! {
    /// Something that a person should know.
    Alert {
        /// `info`, `warning` or `critical`.
        severity: String,
        /// A sentence.
        message: String,
        /// Names and figures, never secrets.
        context: BTreeMap<String, String>,
    }
    /// Something that watches the company has changed its state.
    AlarmChanged {
        /// The alarm's name.
        alarm: String,
        /// `ALARM`, `OK` or `INSUFFICIENT_DATA`.
        state: String,
        /// Since when it is so, by the watcher's clock.
        since: Timestamp,
        /// `info`, `warning` or `critical`.
        severity: String,
        /// What the watcher says of it.
        reason: String,
        /// The runbook that the alarm names, a path within the repository.
        runbook: Option<String>,
        /// Names and figures, never secrets.
        context: BTreeMap<String, String>,
    }
    /// The CTO takes account of a trouble: the first time, or again after it was over.
    IncidentOpened {
        /// What it is about: `overrun`, `journal_changed`, or `alarm`.
        code: String,
        /// Who reported it: a stream or an alarm.
        source: String,
        /// `info`, `warning` or `critical`.
        severity: String,
        /// A sentence.
        summary: String,
        /// What to do about it, a path within the repository.
        runbook: String,
        /// What was looked at.
        looked_at: Vec<LookedAt>,
        /// What the policy lets the CTO do: `record` or `ask_board`.
        action: String,
    }
    /// The same trouble again, while it is open.
    IncidentNoted {
        /// A sentence.
        summary: String,
        /// What was looked at.
        looked_at: Vec<LookedAt>,
    }
    /// A trouble is over.
    IncidentResolved {
        /// Why.
        reason: String,
    }
}
