//! Goals: what the board asks and answers, and how a goal fares.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::Payload;
use crate::{
    amounts::Amounts,
    goal_spec::{Kpi, Priority},
    ids::{BlobId, StreamId},
    model::ModelTerms,
};

/// A setting that only a person can give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MissingSetting {
    /// `revenue.tag`, `revenue.link`, `site.imprint`.
    pub key: String,
    /// What is missing and why it matters.
    pub text: String,
}

/// What every task of a goal may read: fixed at its start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Brief {
    /// The goal's UUID.
    pub goal_id: String,
    /// From 1; a changed folder is the next.
    pub revision: u32,
    /// The GoalSpec, JSON.
    pub spec: BlobId,
    /// The catalogue, as it was given.
    pub catalogue: BlobId,
    /// The imprint, Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imprint: Option<BlobId>,
    /// The day whose facts count.
    pub as_of: Date,
    /// What answered blockers have set: `revenue.tag` -> `x`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, String>,
    /// The models for drafts, in order of preference.
    pub models: Vec<ModelTerms>,
    /// The models file, as it was given: where the models are served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub models_file: Option<BlobId>,
    /// The goal that this revision follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<Follows>,
}

/// The revision before, and what it leaves to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Follows {
    /// Its goal's UUID.
    pub goal_id: String,
    /// Its number.
    pub revision: u32,
    /// The newest edition of the site that it or a revision before it published, a blob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<BlobId>,
    /// The report of the revision that published that edition, a blob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<BlobId>,
}

/// How a plan follows from the edition before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Revised {
    /// The comparison, page by page, a blob.
    pub comparison: BlobId,
    /// How many pages stay as they are.
    pub kept: u32,
    /// How many are written again.
    pub changed: u32,
    /// How many were not there before.
    pub new: u32,
    /// How many paths are pages no longer.
    pub gone: u32,
}

/// One task as the CEO plans it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlannedTask {
    /// Its stream.
    pub task: StreamId,
    /// The role that does it.
    pub role: String,
    /// What it does, in a few words.
    pub title: String,
    /// The streams whose work it needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<StreamId>,
    /// The worst case of its calls if none is repeated.
    #[serde(default, skip_serializing_if = "Amounts::is_zero")]
    pub share: Amounts,
    /// What proves that it is done: `renders`, `links`, `tag`, `claims`, `checksum`.
    pub proof: Vec<String>,
    /// The page that it writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
}

/// Why something is as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reason {
    /// A stable name.
    pub code: String,
    /// A sentence for people.
    pub text: String,
}

payloads! {
    /// A person asks for a goal. Intake has checked all of it.
    GoalSubmitted {
        /// The goal's UUID.
        goal_id: String,
        /// Its slug.
        slug: String,
        /// What every task may read.
        brief: Brief,
        /// What the board allows.
        budget: Amounts,
        /// The company's cap on money in a month, micro-units.
        month_cap: i64,
        /// The goal's urgency.
        priority: Priority,
        /// The site that it makes.
        site: String,
        /// What success is measured by.
        kpis: Vec<Kpi>,
        /// Percentages of the budget at which the board hears of it.
        warn_at: Vec<u32>,
        /// What only a person can give.
        needs: Vec<MissingSetting>,
        /// Constraints that nothing checks.
        not_enforced: Vec<String>,
        /// Digest of the goal folder's content, for recognising the same input.
        input: String,
    }
    /// A person answers a blocker.
    BlockerAnswered {
        /// Which one.
        blocker: String,
        /// What is set.
        set: BTreeMap<String, String>,
        /// What the person wrote.
        note: Option<String>,
    }
    /// A person cancels a goal.
    CancelRequested {
        /// Why.
        reason: String,
    }
    /// A person pauses a goal.
    PauseRequested {
        /// Why, if it was said.
        reason: Option<String>,
    }
    /// A person lets a goal go on.
    ResumeRequested {
        /// The company's cap on money in a month, now.
        month_cap: i64,
    }
    /// The CEO takes the goal on.
    GoalAccepted {
        /// What was asked.
        goal: GoalSubmitted,
    }
    /// A person is needed.
    BlockerOpened {
        /// Unique in the goal.
        id: String,
        /// `setting`, `draft_rejected`, `unknown_outcome`.
        kind: String,
        /// What is needed and why.
        text: String,
        /// The keys that an answer sets.
        needs: Vec<String>,
        /// The task that waits for it.
        task: Option<StreamId>,
        /// When it lapses.
        expires_at: Option<Timestamp>,
    }
    /// It was answered.
    BlockerClosed {
        /// Which one.
        id: String,
    }
    /// The plan stands.
    GoalPlanned {
        /// The whole plan, a blob.
        plan: BlobId,
        /// Its tasks, in plan order.
        tasks: Vec<PlannedTask>,
    }
    /// A goal's state changed for a reason.
    GoalStateChanged {
        /// `planning`, `running`, `waiting_person`, `paused`, `paused_budget`.
        state: String,
        /// Why.
        reason: Option<Reason>,
    }
    /// The report stands as a blob.
    ReportReady {
        /// `report.json`'s `result`.
        report: BlobId,
    }
    /// A goal is done.
    GoalCompleted {
        /// What it reached.
        report: BlobId,
    }
    /// A goal failed.
    GoalFailed {
        /// Why.
        reason: Reason,
    }
    /// A goal was cancelled, and everything of it has ended.
    GoalCancelled {
        /// Why.
        reason: String,
    }
}
