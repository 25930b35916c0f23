//! Effects: everything outside the journal, as intent, act and outcome.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    amounts::Amounts,
    ids::{BlobId, Personal},
    model::{Finish, ModelTerms, Usage},
};

/// What a repetition of an effect would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EffectClass {
    /// Repeatable without a trace: the repetition takes over the reservation.
    Read,
    /// Charged per attempt: the repetition has a reservation of its own.
    Paid,
    /// Changes the world: looked at first, then repeated.
    Write,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "tool", rename_all = "snake_case")]
pub enum EffectSpec {
    /// One exchange with a language model.
    ModelCall {
        /// Which model, and its prices.
        terms: ModelTerms,
        /// `draft`, `repair` or `revise`.
        purpose: String,
        /// The request, a `ModelRequest`.
        request: Personal,
        /// The most tokens that are answered.
        max_tokens: u32,
        /// The bound of the input tokens that was reserved.
        input_bound: i64,
    },
    /// A site becomes visible, whole.
    PublishSite {
        /// The site's id.
        site: String,
        /// The version that it becomes.
        site_version: u64,
        /// The manifest: path -> blob of every file.
        manifest: BlobId,
    },
    /// The board's report is written.
    WriteReport {
        /// The goal's UUID.
        goal_id: String,
        /// `report.json`'s `result`.
        result: BlobId,
        /// When the goal was accepted; for the timings.
        started: Timestamp,
        /// When each task was under way; for the timings.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        spans: Vec<TaskSpan>,
    },
}

/// When one task was under way, as its goal saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TaskSpan {
    /// The task's id.
    pub task: String,
    /// When it was asked for.
    pub from: Timestamp,
    /// When its end was heard of.
    pub to: Timestamp,
}

impl EffectSpec {
    /// The tool's name, as grants and rules know it.
    #[must_use]
    pub fn tool(&self) -> &'static str {
        match self {
            Self::ModelCall { .. } => "model_call",
            Self::PublishSite { .. } => "publish_site",
            Self::WriteReport { .. } => "write_report",
        }
    }
}

/// An effect that an agent wants; the kernel makes an [`Intent`] of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WantedEffect {
    /// Unique in the stream: `<turn>.<ordinal>` or a name.
    pub key: String,
    /// What a repetition would do.
    pub class: EffectClass,
    /// What is to be done.
    pub spec: EffectSpec,
    /// The most that one attempt costs.
    pub worst: Amounts,
    /// Seconds within which one attempt ends.
    pub timeout_s: u32,
}

/// The payload of `EffectIntended`: one attempt, committed before it begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Intent {
    /// What is wanted.
    #[serde(flatten)]
    pub wanted: WantedEffect,
    /// From 1.
    pub attempt: u32,
    /// Who runs it.
    pub runner: String,
    /// Until then the attempt has one owner.
    pub until: Timestamp,
}

impl Intent {
    /// `<key>#<attempt>`: what the reservation is booked under.
    #[must_use]
    pub fn reservation(&self) -> String {
        reservation(&self.wanted.key, self.attempt)
    }
}

/// The name of an attempt's reservation.
#[must_use]
pub fn reservation(key: &str, attempt: u32) -> String {
    format!("{key}#{attempt}")
}

/// What came of one attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// A model answered.
    Answered {
        /// The answer's text.
        answer: Personal,
        /// What the provider counted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        usage: Option<Usage>,
        /// Why it ended.
        finish: Finish,
    },
    /// A model answered what is no answer; it may have been charged.
    Malformed {
        /// What was wrong.
        reason: String,
    },
    /// A site or report stands; its files were read back.
    Written {
        /// The manifest of what was read back: path -> checksum.
        checksums: BlobId,
    },
    /// The attempt failed.
    Failed {
        /// What happened, why, what to do.
        reason: String,
        /// A stable name: `rate_limited`, `unavailable`, `cut_off`, `refused`, `disk`, `lost`.
        code: String,
        /// Whether a later attempt may do better.
        retryable: bool,
        /// Whether nothing can have been charged.
        free: bool,
        /// Milliseconds after which the service may be asked again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_ms: Option<i64>,
    },
}

impl Outcome {
    /// Whether this ends the effect, rather than one attempt of it.
    #[must_use]
    pub fn is_result(&self) -> bool {
        !matches!(self, Self::Failed { .. })
    }
}

/// The payload of `EffectCompleted` and `EffectFailed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Completion {
    /// The effect.
    pub key: String,
    /// Which attempt of it.
    pub attempt: u32,
    /// What is booked for it.
    pub charged: Amounts,
    /// Whether the charge is the reservation, for want of a better figure.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub worst_case: bool,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// An effect that is not over, as the stream's state keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenEffect {
    /// What is wanted.
    pub wanted: WantedEffect,
    /// The attempts so far, in order.
    pub attempts: Vec<Attempt>,
    /// The attempt whose outcome is the result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<u32>,
}

/// One attempt, as the stream's state keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// From 1.
    pub n: u32,
    /// Until then it has one owner.
    pub until: Timestamp,
    /// Whether its outcome is recorded.
    pub ended: bool,
}

impl OpenEffect {
    /// The attempt that is under way, as far as is known at `now`.
    #[must_use]
    pub fn in_flight(&self, now: Timestamp) -> bool {
        self.attempts.iter().any(|a| !a.ended && a.until > now)
    }

    /// The latest attempt's number.
    #[must_use]
    pub fn last_attempt(&self) -> u32 {
        self.attempts.last().map_or(0, |a| a.n)
    }
}
