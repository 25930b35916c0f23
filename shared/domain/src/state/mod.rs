//! The state of a stream: the fold of its commits, and nothing else.

mod bodies;
mod goal;
mod incident;
mod review;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use bodies::*;
pub use goal::*;
pub use incident::IncidentBody;
pub use review::*;

use crate::{
    account::{Account, Entry, Figure},
    commit::{CommitBody, Expectation, Seen},
    effect::{Attempt, EffectClass, OpenEffect, WantedEffect},
    envelope::{Envelope, EventPos, Grant},
    error::DomainError,
    goal_spec::Priority,
    ids::{StreamId, kind},
    payload::{
        self, CancelTask, EffectCompleted, EffectDropped, EffectFailed, EffectHeld, EffectIntended,
        KeptCharge, Payload, TaskCancelled, TaskCompleted, TaskFailed, TaskPaused, TaskResumed,
    },
};

/// The fold of a stream's commits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StreamState {
    /// The stream.
    pub stream: StreamId,
    /// The version of the newest commit; 0 before the first.
    pub version: u64,
    /// Whom the account belongs under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<StreamId>,
    /// The root of what happens here: a goal's stream, as text.
    pub correlation_id: String,
    /// What it may do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<Grant>,
    /// Whose turn comes first.
    #[serde(default)]
    pub priority: Priority,
    /// The depth of the event that began it.
    #[serde(default)]
    pub depth: u32,
    /// What it waits for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub expectations: BTreeMap<String, Expectation>,
    /// Effects that are not over.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub effects: BTreeMap<String, OpenEffect>,
    /// Effects that wait for money, or for a pause to end, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<WantedEffect>,
    /// Attempts of effects so far; the grant bounds them.
    #[serde(default)]
    pub attempts: u32,
    /// Attempts whose worst case was booked for want of an outcome.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub worst_case_kept: Vec<KeptCharge>,
    /// Its money.
    #[serde(default)]
    pub account: Account,
    /// Reports taken account of: `<sender>|<type>` -> the newest position.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub seen: BTreeMap<String, EventPos>,
    /// Questions that were answered: `<asker>|<expectation>` -> where the newest answer stands.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, EventPos>,
    /// Whether it begins no effects.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paused: bool,
    /// Why it is to end as soon as nothing is in flight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelling: Option<String>,
    /// How it ended, for a task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
    /// What its owner keeps.
    pub body: Body,
}

/// What a commit, or a part of one, changes.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// What is waited for no longer.
    pub closes: &'a [String],
    /// What is waited for now.
    pub opens: &'a [Expectation],
    /// The deliveries that it takes account of.
    pub seen: &'a [Seen],
    /// What happened.
    pub events: &'a [Envelope],
    /// How the account changes.
    pub entries: &'a [Entry],
}

/// How a task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ended {
    /// With evidence.
    Done,
    /// With a reason.
    Failed,
    /// From above.
    Cancelled,
}

impl StreamState {
    /// A stream before its first commit.
    #[must_use]
    pub fn new(stream: StreamId) -> Self {
        let body = Body::new(stream.kind());
        Self {
            correlation_id: String::new(),
            version: 0,
            parent: None,
            grant: None,
            priority: Priority::default(),
            depth: 0,
            expectations: BTreeMap::new(),
            effects: BTreeMap::new(),
            held: Vec::new(),
            attempts: 0,
            worst_case_kept: Vec::new(),
            account: Account::default(),
            seen: BTreeMap::new(),
            answers: BTreeMap::new(),
            paused: false,
            cancelling: None,
            ended: None,
            body,
            stream,
        }
    }

    /// Whether this is a task or a goal that has ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.ended.is_some() || self.body.goal().is_some_and(GoalBody::is_over)
    }

    /// The account's figure for the account above.
    #[must_use]
    pub fn used(&self) -> Figure {
        self.account.used(self.is_over())
    }

    /// The earliest open deadline.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        self.expectations.values().map(|e| e.deadline).min()
    }

    /// Applies one commit.
    ///
    /// # Errors
    /// Where it does not follow, breaks the ledger, or holds an event that this build does not know.
    pub fn apply(&mut self, commit: &CommitBody) -> Result<(), DomainError> {
        if commit.version != self.version + 1 || commit.stream != self.stream {
            return Err(DomainError::Sequence {
                stream: commit.stream.to_string(),
                version: commit.version,
                at: self.version,
            });
        }
        self.version = commit.version;
        if let Some(begins) = &commit.begins {
            self.parent = begins.parent.clone().or(self.parent.take());
            self.grant = begins.grant.clone().or(self.grant.take());
        }
        self.apply_part(
            &Part {
                closes: &commit.closes,
                opens: &commit.opens,
                seen: &commit.seen,
                events: &commit.events,
                entries: &commit.entries,
            },
            0,
        )
    }

    /// Applies a part of the commit that is being made: its version is this state's, and its events are
    /// numbered from `first`.
    ///
    /// # Errors
    /// As [`StreamState::apply`].
    pub fn apply_part(&mut self, commit: &Part<'_>, first: u32) -> Result<(), DomainError> {
        for id in commit.closes {
            self.expectations.remove(id);
        }
        for expectation in commit.opens {
            self.expectations
                .insert(expectation.id.clone(), expectation.clone());
        }
        for seen in commit.seen {
            let newest = self.seen.entry(seen.from.clone()).or_insert(seen.at);
            *newest = (*newest).max(seen.at);
        }
        for (n, event) in (first..).zip(commit.events) {
            self.apply_event(event, EventPos(self.version, n))?;
        }
        for entry in commit.entries {
            self.account.apply(entry)?;
        }
        Ok(())
    }

    fn apply_event(&mut self, event: &Envelope, at: EventPos) -> Result<(), DomainError> {
        match payload::known(&event.event_type) {
            Some((_, newest)) if event.schema_version <= newest => {}
            _ => {
                return Err(DomainError::UnknownEvent {
                    event_type: event.event_type.clone(),
                    version: event.schema_version,
                });
            }
        }
        if self.correlation_id.is_empty() {
            self.correlation_id.clone_from(&event.correlation_id);
            self.priority = event.priority;
            self.depth = event.depth;
        }
        for target in &event.targets {
            if let Some(id) = &target.answers {
                self.answers.insert(format!("{}|{id}", target.stream), at);
            }
        }
        match event.event_type.as_str() {
            EffectIntended::TYPE => {
                let intended: EffectIntended = event.read()?;
                self.body.want(&intended.intent.wanted);
                self.intended(intended);
            }
            EffectCompleted::TYPE => self.completed(event.read::<EffectCompleted>()?.completion),
            EffectFailed::TYPE => self.completed(event.read::<EffectFailed>()?.completion),
            EffectHeld::TYPE => {
                let held: EffectHeld = event.read()?;
                self.body.want(&held.wanted);
                self.held.push(held.wanted);
            }
            EffectDropped::TYPE => {
                let key = event.read::<EffectDropped>()?.key;
                self.held.retain(|w| w.key != key);
                self.effects.remove(&key);
            }
            TaskPaused::TYPE if self.is_task() => self.paused = true,
            TaskResumed::TYPE if self.is_task() => self.paused = false,
            CancelTask::TYPE if self.is_task() => {
                self.cancelling = Some(event.read::<CancelTask>()?.reason);
                self.held.clear();
            }
            TaskCompleted::TYPE if self.is_task() => self.ended = Some(Ended::Done),
            TaskFailed::TYPE if self.is_task() => self.ended = Some(Ended::Failed),
            TaskCancelled::TYPE if self.is_task() => self.ended = Some(Ended::Cancelled),
            _ => {}
        }
        self.body.apply(event)
    }

    fn is_task(&self) -> bool {
        self.stream.kind().starts_with(kind::TASK)
    }

    fn intended(&mut self, EffectIntended { intent }: EffectIntended) {
        self.held.retain(|w| w.key != intent.wanted.key);
        self.attempts += 1;
        if intent.wanted.class == EffectClass::Read
            && let Some(open) = self.effects.get_mut(&intent.wanted.key)
        {
            // The repetition takes over the reservation, so what came before has no say any longer.
            open.attempts.iter_mut().for_each(|a| a.ended = true);
        }
        let attempt = Attempt {
            n: intent.attempt,
            until: intent.until,
            ended: false,
        };
        self.effects
            .entry(intent.wanted.key.clone())
            .or_insert_with(|| OpenEffect {
                wanted: intent.wanted,
                attempts: Vec::new(),
                result: None,
            })
            .attempts
            .push(attempt);
    }

    fn completed(&mut self, completion: crate::effect::Completion) {
        let Some(open) = self.effects.get_mut(&completion.key) else {
            return;
        };
        for attempt in &mut open.attempts {
            attempt.ended |= attempt.n == completion.attempt;
        }
        if completion.worst_case {
            self.worst_case_kept.push(KeptCharge {
                attempt: crate::effect::reservation(&completion.key, completion.attempt),
                amount: completion.charged,
            });
        }
        if completion.outcome.is_result() && open.result.is_none() {
            open.result = Some(completion.attempt);
        }
        if open.result.is_some() && open.attempts.iter().all(|a| a.ended) {
            self.effects.remove(&completion.key);
        }
    }
}
