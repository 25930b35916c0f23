//! Effects: an intent is committed before an attempt begins, and an outcome after it has ended.
//!
//! One reservation pays for one attempt. A repeatable effect passes its reservation on; a paid one takes
//! another, while the first stays reserved until its own outcome comes or the task ends; a write is
//! looked at before it is repeated.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
};

use futures::FutureExt as _;
use jiff::{SignedDuration, Timestamp};
use va_domain::{
    commit::{Answerer, Expectation},
    effect::{EffectClass, EffectSpec, Intent, OpenEffect, Outcome},
    envelope::Target,
    payload::{AccountReported, Alert},
};

use super::{Kernel, KernelError, attempts::expectation_of, deliver::goal_of, draft::Draft};
use crate::{
    agent::{Decision, Input},
    ports::EffectResult,
};

/// Attempts of one effect before the agent is told that it failed.
const MAX_ATTEMPTS: u32 = 10;
/// The longest rest between two attempts.
const LONGEST_REST: SignedDuration = SignedDuration::from_hours(1);

/// An attempt that has ended, as its runner hands it back.
#[derive(Clone, Debug)]
pub struct Attempted {
    /// The effect.
    pub key: String,
    /// Which attempt of it.
    pub attempt: u32,
    /// What came of it.
    pub result: EffectResult,
}

impl Kernel {
    /// Runs one attempt that was intended, unless its time is over: then another may be under way, so a
    /// runner that was held up lets it be. A write that may have happened already is looked at first.
    pub async fn run(&self, intent: &Intent) -> Attempted {
        let result = AssertUnwindSafe(self.attempt(intent))
            .catch_unwind()
            .await
            .unwrap_or_else(|_| panicked(intent));
        Attempted {
            key: intent.wanted.key.clone(),
            attempt: intent.attempt,
            result,
        }
    }

    async fn attempt(&self, intent: &Intent) -> EffectResult {
        if intent.until <= self.world.now() {
            let reason = "its runner came to it after its time was over";
            return failed("late", reason.into(), true, true);
        }
        if intent.wanted.class == EffectClass::Write && intent.attempt > 1 {
            match self.effects.probe(intent).await {
                Ok(Some(standing)) => return standing,
                Ok(None) => {}
                Err(e) => {
                    let reason = format!("whether it has happened cannot be found out: {e}");
                    return failed("unknown", reason, e.is_retryable(), true);
                }
            }
        }
        self.effects.run(intent).await
    }

    /// Has the outcomes of those intended effects that are computed from their requests alone. Nothing happens
    /// outside and nothing is paid, so intent and outcome may share the commit; the others are left to be run.
    pub(super) async fn compute(&self, draft: &mut Draft<'_>) -> Result<(), KernelError> {
        let mut n = 0;
        while let Some(intent) = draft.intents.get(n).cloned() {
            let computed = match (&intent.wanted.spec, draft.is_full()) {
                (EffectSpec::ModelCall { terms, request, .. }, false) if terms.offline => {
                    let request = self.blob_for(draft, &request.blob).await?;
                    let compute = || self.effects.compute(&intent, request.bytes());
                    catch_unwind(AssertUnwindSafe(compute))
                        .unwrap_or_else(|_| Some(panicked(&intent)))
                }
                _ => None,
            };
            let Some(result) = computed else {
                n += 1;
                continue;
            };
            draft.intents.remove(n);
            let attempted = Attempted {
                key: intent.wanted.key,
                attempt: intent.attempt,
                result,
            };
            self.outcome(draft, &attempted).await?;
        }
        Ok(())
    }

    /// Begins what is held, as far as nothing holds it any longer.
    pub(super) fn release(&self, draft: &mut Draft<'_>) -> Result<(), KernelError> {
        let state = draft.state();
        if state.paused || state.ended.is_some() || state.cancelling.is_some() {
            return Ok(());
        }
        let waiting: Vec<OpenEffect> = state
            .effects
            .values()
            .filter(|open| {
                open.result.is_none()
                    && !state
                        .expectations
                        .contains_key(&expectation_of(&open.wanted.key))
            })
            .cloned()
            .collect();
        let held = state.held.clone();
        for open in &waiting {
            draft.attempt_again(open)?;
        }
        for wanted in held {
            draft.want(wanted)?;
        }
        Ok(())
    }

    /// The attempt under way has had its time, or its runner is dead, or a rest is over.
    pub(super) fn next_attempt(
        &self,
        draft: &mut Draft<'_>,
        key: &str,
        restart: bool,
    ) -> Result<(), KernelError> {
        let Some(open) = draft.state().effects.get(key).cloned() else {
            return draft.close(&expectation_of(key));
        };
        if !restart && open.in_flight(draft.now) {
            // A rest is over, and an attempt from before it still has its time.
            draft.close(&expectation_of(key))?;
            return draft.wait_for_flights().map(drop);
        }
        if draft.state().cancelling.is_some() {
            return self.cancel(draft);
        }
        if open.result.is_some() {
            // Only a superseded attempt is still out; the task's end books it.
            return draft.close(&expectation_of(key));
        }
        draft.attempt_again(&open)
    }

    pub(super) async fn outcome(
        &self,
        draft: &mut Draft<'_>,
        attempted: &super::Attempted,
    ) -> Result<(), KernelError> {
        let Some(open) = draft.state().effects.get(&attempted.key).cloned() else {
            return Ok(());
        };
        let live = open
            .attempts
            .iter()
            .find(|a| a.n == attempted.attempt && !a.ended);
        if live.is_none() {
            return Ok(());
        }
        draft.caused_by(None);
        let booked = draft.book(&open, attempted)?;
        let is_first_result = attempted.result.outcome.is_result() && open.result.is_none();
        if booked {
            self.brake(&draft.state().correlation_id);
            self.overrun(draft, &open)?;
        }
        if draft.state().cancelling.is_some() {
            return self.cancel(draft);
        }
        if is_first_result {
            draft.close(&expectation_of(&open.wanted.key))?;
            let input = Input::Outcome {
                wanted: &open.wanted,
                outcome: &attempted.result.outcome,
            };
            let decision = self.decide(draft, &input).await?;
            return draft.decided(decision, None);
        }
        let Outcome::Failed {
            retryable,
            retry_after_ms,
            ..
        } = &attempted.result.outcome
        else {
            return Ok(());
        };
        if open.result.is_some() || attempted.attempt < open.last_attempt() {
            return Ok(());
        }
        if open.last_attempt() >= MAX_ATTEMPTS {
            draft.close(&expectation_of(&open.wanted.key))?;
            draft.drop_effect(&open.wanted.key)?;
            let input = Input::Outcome {
                wanted: &open.wanted,
                outcome: &attempted.result.outcome,
            };
            let decision = self.decide(draft, &input).await?;
            return draft.decided(decision, None);
        }
        let rest = if *retryable {
            rest_after(attempted.attempt, *retry_after_ms)
        } else {
            LONGEST_REST
        };
        draft.open(Expectation {
            id: expectation_of(&open.wanted.key),
            from: Answerer::Runner {
                key: open.wanted.key.clone(),
            },
            deadline: draft.now.checked_add(rest).unwrap_or(Timestamp::MAX),
            attempt: attempted.attempt,
            ask: None,
        })
    }

    /// A provider charged more than its registered worst case: the goal hears of it and pauses.
    fn overrun(&self, draft: &mut Draft<'_>, open: &OpenEffect) -> Result<(), KernelError> {
        let mut alarm = Decision::nothing();
        let mut context = BTreeMap::from([("effect".to_owned(), open.wanted.key.clone())]);
        if let EffectSpec::ModelCall { terms, .. } = &open.wanted.spec {
            context.insert("model".into(), terms.id.clone());
        }
        context.insert(
            "overrun_micros".into(),
            draft.state().account.overrun.micros.to_string(),
        );
        let message =
            "a provider charged more than the worst case that its registered price allows"
                .to_owned();
        let alert = Alert {
            severity: "critical".into(),
            message,
            context,
        };
        let goal = goal_of(draft.state());
        let told = goal.into_iter().map(Target::tell).collect();
        let _ = alarm.note(&alert).map_err(|e| draft.rule(e))?;
        let _ = alarm
            .send(&AccountReported { overrun: true }, told)
            .map_err(|e| draft.rule(e))?;
        draft.decided(alarm, None)
    }

    /// Every runner is dead: an attempt that was superseded and is still out will never be heard of.
    pub(super) fn bury(&self, draft: &mut Draft<'_>) -> Result<(), KernelError> {
        let over: Vec<OpenEffect> = draft
            .state()
            .effects
            .values()
            .filter(|open| open.result.is_some())
            .cloned()
            .collect();
        over.iter().try_for_each(|open| draft.book_lost(open))
    }

    /// Books every attempt that is still out at its worst case: the stream ends, or what it wanted is not
    /// wanted any longer.
    pub(super) fn abandon_effects(&self, draft: &mut Draft<'_>) -> Result<(), KernelError> {
        draft.abandon_effects()
    }
}

/// An attempt without a result.
pub(super) fn failed(code: &str, reason: String, retryable: bool, free: bool) -> EffectResult {
    EffectResult {
        outcome: Outcome::Failed {
            reason,
            code: code.into(),
            retryable,
            free,
            retry_after_ms: None,
        },
        blobs: Vec::new(),
    }
}

/// What comes of an attempt that panicked: whether a paid one was sent is not known.
fn panicked(intent: &Intent) -> EffectResult {
    let reason = "the attempt panicked, a defect of ours; standard error says where";
    let free = intent.wanted.class != EffectClass::Paid;
    failed("panic", reason.into(), true, free)
}

/// What the service asked for, or a second doubled with each attempt.
fn rest_after(attempt: u32, asked_ms: Option<i64>) -> SignedDuration {
    let own = SignedDuration::from_millis(500_i64.saturating_mul(1 << attempt.min(12)));
    own.max(SignedDuration::from_millis(asked_ms.unwrap_or(0)))
        .min(LONGEST_REST)
}
