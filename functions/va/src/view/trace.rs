//! What a task did, from its own stream: every attempt at an effect, what it cost and what came of it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use va_domain::{
    commit::CommitBody,
    effect::{Completion, EffectSpec, Intent, Outcome, reservation},
    envelope::Envelope,
    error::DomainError,
    ids::{BlobId, StreamId},
    model::Finish,
    payload::{
        EffectCompleted, EffectFailed, EffectIntended, Payload, Reason, TaskCancelled, TaskFailed,
    },
};

use super::{Read, ViewError, read::commits};

/// trace (TaskTrace): CONTRACT, section 6.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Trace {
    /// Commits of the task.
    pub steps: u64,
    /// Attempts at effects.
    pub tool_calls: u32,
    /// Milliseconds between attempts and their outcomes, added up.
    pub latency_ms: i64,
    /// Micro-units that were charged.
    pub token_cost: i64,
    /// What came of the newest model call; `None` where none was made.
    pub outcome: Option<&'static str>,
    /// Every model call, in the order in which they began.
    pub model_calls: Vec<ModelCall>,
    /// Why the task ended other than done.
    #[serde(skip)]
    pub(super) end: Option<Reason>,
}

/// One attempt at a model call.
#[derive(Clone, Debug, Serialize)]
pub struct ModelCall {
    /// `<task>/<key>#<attempt>`.
    pub call_id: String,
    /// `draft`, `repair` or `revise`.
    pub purpose: String,
    /// The registry's id of the model.
    pub model: String,
    /// The hash of the request's bytes, 64 hex digits.
    pub request_sha256: String,
    /// The request, a blob.
    pub prompt: BlobId,
    /// The answer, a blob.
    pub answer: Option<BlobId>,
    /// The worst case that it may cost.
    pub reserved_micros: i64,
    /// What was booked for it.
    pub charged_micros: i64,
    /// As the provider counted them; `None` where it did not.
    pub input_tokens: Option<i64>,
    /// As the provider counted them; `None` where it did not.
    pub output_tokens: Option<i64>,
    /// `answered`, `refused`, `malformed`, `error`, or `unknown` where none was heard.
    pub outcome: &'static str,
    /// The request's text, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_body: Option<String>,
    /// The answer's text, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_body: Option<String>,
}

impl Trace {
    /// Reads a task's stream from its first commit.
    pub(super) fn load(from: &dyn Read, task: &StreamId) -> Result<Self, ViewError> {
        Self::of(task, &commits(from, task)?).map_err(|source| ViewError::Fold {
            stream: task.clone(),
            source,
        })
    }

    fn of(task: &StreamId, commits: &[CommitBody]) -> Result<Self, DomainError> {
        let mut trace = Self::default();
        let mut begun = BTreeMap::new();
        for commit in commits {
            trace.steps += 1;
            for event in &commit.events {
                match event.event_type.as_str() {
                    EffectIntended::TYPE => {
                        let EffectIntended { intent } = event.read()?;
                        trace.begin(task, &intent, commit.at, &mut begun);
                    }
                    EffectCompleted::TYPE => {
                        trace.end_call(&event.read::<EffectCompleted>()?.completion, commit.at, &begun);
                    }
                    EffectFailed::TYPE => {
                        trace.end_call(&event.read::<EffectFailed>()?.completion, commit.at, &begun);
                    }
                    _ => trace.end_task(event)?,
                }
            }
        }
        trace.outcome = trace.model_calls.last().map(|call| call.outcome);
        Ok(trace)
    }

    fn begin(
        &mut self,
        task: &StreamId,
        intent: &Intent,
        at: Timestamp,
        begun: &mut BTreeMap<String, (Timestamp, Option<usize>)>,
    ) {
        self.tool_calls += 1;
        let mut place = None;
        if let EffectSpec::ModelCall { terms, purpose, request, .. } = &intent.wanted.spec {
            place = Some(self.model_calls.len());
            self.model_calls.push(ModelCall {
                call_id: format!("{}/{}", task.id(), intent.reservation()),
                purpose: purpose.clone(),
                model: terms.id.clone(),
                request_sha256: request.blob.hex().to_owned(),
                prompt: request.blob.clone(),
                answer: None,
                reserved_micros: intent.wanted.worst.micros,
                charged_micros: 0,
                input_tokens: None,
                output_tokens: None,
                outcome: "unknown",
                prompt_body: None,
                answer_body: None,
            });
        }
        begun.insert(intent.reservation(), (at, place));
    }

    fn end_call(
        &mut self,
        done: &Completion,
        at: Timestamp,
        begun: &BTreeMap<String, (Timestamp, Option<usize>)>,
    ) {
        let Some((began, place)) = begun.get(&reservation(&done.key, done.attempt)) else {
            return;
        };
        let took = at.duration_since(*began).as_millis();
        self.latency_ms += i64::try_from(took).unwrap_or(0);
        self.token_cost += done.charged.micros;
        let Some(call) = place.and_then(|n| self.model_calls.get_mut(n)) else {
            return;
        };
        call.charged_micros = done.charged.micros;
        call.outcome = match &done.outcome {
            Outcome::Answered { answer, usage, finish } => {
                call.answer = Some(answer.blob.clone());
                call.input_tokens = usage.map(|u| u.input_tokens);
                call.output_tokens = usage.map(|u| u.output_tokens);
                if *finish == Finish::Refused { "refused" } else { "answered" }
            }
            Outcome::Malformed { .. } => "malformed",
            // Nobody knows what became of it.
            Outcome::Failed { code, .. } if matches!(code.as_str(), "lost" | "cut_off") => "unknown",
            Outcome::Failed { .. } | Outcome::Written { .. } => "error",
        };
    }

    fn end_task(&mut self, event: &Envelope) -> Result<(), DomainError> {
        if event.is::<TaskFailed>() {
            self.end = Some(event.read::<TaskFailed>()?.reason);
        } else if event.is::<TaskCancelled>() {
            let text = event.read::<TaskCancelled>()?.reason;
            self.end = Some(Reason { code: "cancelled".into(), text });
        }
        Ok(())
    }

    /// Adds the texts of every prompt and answer.
    pub(super) fn with_bodies(mut self, from: &dyn Read) -> Result<Self, ViewError> {
        let text = |id: &BlobId| -> Result<String, ViewError> {
            Ok(String::from_utf8_lossy(&from.blob(id)?).into_owned())
        };
        for call in &mut self.model_calls {
            call.prompt_body = Some(text(&call.prompt)?);
            call.answer_body = call.answer.as_ref().map(text).transpose()?;
        }
        Ok(self)
    }
}
