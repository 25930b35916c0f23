//! What every task says in the same way.

use serde::{Deserialize, Serialize};

use super::{ArtifactEvidence, KeptCharge, Payload, PublishedPage, Reason};
use crate::{
    amounts::Amounts,
    ids::{BlobId, StreamId},
};

payloads! {
    /// A task was understood and taken.
    TaskAccepted {
        /// What it does.
        title: String,
    }
    /// A task is done, with evidence.
    TaskCompleted {
        /// What proves it.
        evidence: Vec<ArtifactEvidence>,
        /// The site's articles, from the publisher's task.
        pages: Vec<PublishedPage>,
        /// Attempts whose worst case was booked as spent.
        worst_case_kept: Vec<KeptCharge>,
        /// What the site leaves to the next revision, a blob.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        edition: Option<BlobId>,
    }
    /// A task cannot be done.
    TaskFailed {
        /// Why.
        reason: Reason,
        /// Attempts whose worst case was booked as spent.
        worst_case_kept: Vec<KeptCharge>,
    }
    /// A task was ended from above.
    TaskCancelled {
        /// Why.
        reason: String,
        /// Attempts whose worst case was booked as spent.
        worst_case_kept: Vec<KeptCharge>,
    }
    /// A task is to end.
    CancelTask {
        /// Why.
        reason: String,
    }
    /// A task is to begin no more effects.
    TaskPaused {
        /// Why.
        reason: String,
    }
    /// A task may go on.
    TaskResumed {
        /// Who said so.
        by: String,
    }
    /// The goal has taken account of a task's end.
    TaskSettled {
        /// The task.
        task: StreamId,
        /// `done`, `failed`, `cancelled`, `dropped`.
        state: String,
        /// What it spent.
        spent: Amounts,
        /// What proves it.
        evidence: Vec<ArtifactEvidence>,
        /// The site's articles, from the publisher's task.
        pages: Vec<PublishedPage>,
        /// Attempts whose worst case stays spent.
        worst_case_kept: Vec<KeptCharge>,
        /// What the site leaves to the next revision, a blob.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        edition: Option<BlobId>,
    }
    /// The goal has heard what a task asks.
    TaskAsked {
        /// The task.
        task: StreamId,
        /// The whole figure that it asks.
        total: Amounts,
        /// The expectation of the task that an answer closes.
        expectation: String,
    }
}
