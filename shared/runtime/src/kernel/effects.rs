//! Effects: an intent is committed before an attempt begins, and an outcome after it has ended.
//!
//! One reservation pays for one attempt. A repeatable effect passes its reservation on; a paid one takes
//! another, while the first stays reserved until its own outcome comes or the task ends; a write is
//! looked at before it is repeated.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use va_domain::{
    account::Entry,
    amounts::Amounts,
    commit::{Answerer, Expectation},
    effect::{
        Attempt, Completion, EffectClass, EffectSpec, Intent, OpenEffect, Outcome, WantedEffect,
        reservation,
    },
    envelope::Target,
    payload::{
        AccountReported, Alert, EffectCompleted, EffectDropped, EffectFailed, EffectHeld,
        EffectIntended, RequestBudget,
    },
};

use super::{Kernel, KernelError, Mode, deliver::goal_of, draft::Draft};
use crate::{
    agent::{Decision, Input},
    ports::EffectResult,
};

/// Seconds between the end of an attempt's time and the moment another may begin.
const GRACE_S: i64 = 15;
/// Attempts of one effect before the agent is told that it failed.
const MAX_ATTEMPTS: u32 = 10;
/// The longest rest between two attempts.
const LONGEST_REST: SignedDuration = SignedDuration::from_hours(1);
/// What a held effect waits for; each question has a number of its own.
const ALLOWANCE: &str = "allowance.";

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
        let result = if intent.until <= self.world.now() {
            EffectResult {
                outcome: Outcome::Failed {
                    reason: "its runner came to it after its time was over".into(),
                    code: "late".into(),
                    retryable: true,
                    free: true,
                    retry_after_ms: None,
                },
                blobs: Vec::new(),
            }
        } else if intent.wanted.class == EffectClass::Write && intent.attempt > 1 {
            match self.effects.probe(intent).await {
                Ok(Some(standing)) => standing,
                Ok(None) => self.effects.run(intent).await,
                Err(e) => EffectResult {
                    outcome: Outcome::Failed {
                        reason: format!("whether it has happened cannot be found out: {e}"),
                        code: "unknown".into(),
                        retryable: e.is_retryable(),
                        free: true,
                        retry_after_ms: None,
                    },
                    blobs: Vec::new(),
                },
            }
        } else {
            self.effects.run(intent).await
        };
        Attempted {
            key: intent.wanted.key.clone(),
            attempt: intent.attempt,
            result,
        }
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

impl Draft<'_> {
    pub(super) fn pending(&self, id: &va_domain::ids::BlobId) -> Option<crate::ports::Bytes> {
        self.stored()
            .iter()
            .find(|(known, _)| known == id)
            .map(|(_, bytes)| bytes.clone())
    }

    /// Intends an effect, or holds it: while the task is paused, or until its money comes.
    pub(super) fn want(&mut self, wanted: WantedEffect) -> Result<(), KernelError> {
        if self.mode == Mode::Beside {
            self.left_to_worker = true;
            return Ok(());
        }
        self.allow(&wanted)?;
        let held = self.state().held.iter().any(|h| h.key == wanted.key);
        let fits = self.state().account.available().covers(&wanted.worst) || wanted.worst.is_zero();
        if self.state().paused || !fits {
            if !held {
                self.note(&EffectHeld {
                    wanted: wanted.clone(),
                })?;
            }
            if !self.state().paused {
                self.ask_for(wanted.worst)?;
            }
            return Ok(());
        }
        let key = reservation(&wanted.key, 1);
        if !wanted.worst.is_zero() {
            self.enter(Entry::Reserve {
                key,
                worst: wanted.worst,
            })?;
        }
        self.intend(wanted, 1)
    }

    /// Checks an effect against the task's grant.
    fn allow(&self, wanted: &WantedEffect) -> Result<(), KernelError> {
        let tool = wanted.spec.tool();
        match &self.state().grant {
            Some(grant) if !grant.tool_allowances.iter().any(|t| t == tool) => {
                Err(KernelError::Rule {
                    what: format!("{} has no grant for {tool}", self.stream()),
                })
            }
            Some(grant) if self.state().attempts >= grant.max_effects => Err(KernelError::Rule {
                what: format!(
                    "{} may begin {} effects and has",
                    self.stream(),
                    grant.max_effects
                ),
            }),
            _ => Ok(()),
        }
    }

    /// Asks the account above for the whole of what is needed, unless that is asked already. What the
    /// stream holds meanwhile goes back.
    fn ask_for(&mut self, worst: Amounts) -> Result<(), KernelError> {
        let Some(parent) = self.state().parent.clone() else {
            return Ok(());
        };
        if self
            .state()
            .expectations
            .keys()
            .any(|id| id.starts_with(ALLOWANCE))
        {
            return Ok(());
        }
        let id = format!("{ALLOWANCE}{}", self.state().version);
        let account = &self.state().account;
        let debt = (-account.available()).positive();
        let total = account.allowed + worst + debt;
        let mut ask = Decision::nothing();
        ask.expect(id.clone(), &parent, crate::agent::after(self.now, 300));
        let request = RequestBudget {
            total,
            month_cap: None,
        };
        let _ = ask
            .send(&request, vec![Target::tell(parent).asking(id)])
            .map_err(|e| self.rule(e))?;
        self.decided(ask, None)
    }

    fn intend(&mut self, wanted: WantedEffect, attempt: u32) -> Result<(), KernelError> {
        let until = crate::agent::after(self.now, i64::from(wanted.timeout_s) + GRACE_S);
        let key = wanted.key.clone();
        let intent = Intent {
            wanted,
            attempt,
            runner: self.runner().to_owned(),
            until,
        };
        self.note(&EffectIntended {
            intent: intent.clone(),
        })?;
        self.open(Expectation {
            id: expectation_of(&key),
            from: Answerer::Runner { key },
            deadline: until,
            attempt,
            ask: None,
        })?;
        self.intents.push(intent);
        Ok(())
    }

    /// The next attempt of an effect, by its class.
    fn attempt_again(&mut self, open: &OpenEffect) -> Result<(), KernelError> {
        if self.mode == Mode::Beside {
            self.left_to_worker = true;
            return Ok(());
        }
        let wanted = open.wanted.clone();
        if self.state().paused {
            // Whoever lets the task go on begins it again.
            return self.close(&expectation_of(&wanted.key));
        }
        let last = open.last_attempt();
        let next = last + 1;
        let out: Option<&Attempt> = open.attempts.iter().rev().find(|a| !a.ended);
        match (wanted.class, out) {
            _ if wanted.worst.is_zero() => {}
            (EffectClass::Read | EffectClass::Write, Some(out)) => {
                let from = reservation(&wanted.key, out.n);
                self.enter(Entry::TakeOver {
                    from,
                    key: reservation(&wanted.key, next),
                })?;
            }
            _ => {
                if !self.state().account.available().covers(&wanted.worst) {
                    self.close(&expectation_of(&wanted.key))?;
                    return self.ask_for(wanted.worst);
                }
                self.enter(Entry::Reserve {
                    key: reservation(&wanted.key, next),
                    worst: wanted.worst,
                })?;
            }
        }
        self.intend(wanted, next)
    }

    /// Whether an attempt is under way; whoever ends waits for it, but not beyond its time.
    pub(super) fn wait_for_flights(&mut self) -> Result<bool, KernelError> {
        let now = self.now;
        let flying: Vec<(String, Attempt)> = self
            .state()
            .effects
            .iter()
            .flat_map(|(key, open)| open.attempts.iter().map(move |a| (key.clone(), a.clone())))
            .filter(|(_, attempt)| !attempt.ended && attempt.until > now)
            .collect();
        for (key, attempt) in &flying {
            if !self.state().expectations.contains_key(&expectation_of(key)) {
                self.open(Expectation {
                    id: expectation_of(key),
                    from: Answerer::Runner { key: key.clone() },
                    deadline: attempt.until,
                    attempt: attempt.n,
                    ask: None,
                })?;
            }
        }
        Ok(!flying.is_empty())
    }

    /// Records an outcome and what it cost; answers whether that was above the reservation.
    fn book(&mut self, open: &OpenEffect, attempted: &Attempted) -> Result<bool, KernelError> {
        let (charged, worst_case) = charge(&open.wanted, &attempted.result.outcome);
        for (id, bytes) in &attempted.result.blobs {
            self.store(id.clone(), bytes.clone());
        }
        let completion = Completion {
            key: attempted.key.clone(),
            attempt: attempted.attempt,
            charged,
            worst_case,
            outcome: attempted.result.outcome.clone(),
        };
        if completion.outcome.is_result() {
            self.note(&EffectCompleted { completion })?;
        } else {
            self.note(&EffectFailed { completion })?;
        }
        if !open.wanted.worst.is_zero() {
            let key = reservation(&attempted.key, attempted.attempt);
            self.enter(Entry::Settle {
                key,
                spent: charged,
            })?;
        }
        Ok(!open.wanted.worst.covers(&charged))
    }

    fn drop_effect(&mut self, key: &str) -> Result<(), KernelError> {
        if let Some(open) = self.state().effects.get(key).cloned() {
            self.book_lost(&open)?;
        }
        self.note(&EffectDropped {
            key: key.to_owned(),
        })
    }

    /// Books the attempts that are out at their worst case.
    fn book_lost(&mut self, open: &OpenEffect) -> Result<(), KernelError> {
        for attempt in open.attempts.iter().filter(|a| !a.ended) {
            let free = open.wanted.class != EffectClass::Paid;
            let charged = if free {
                Amounts::ZERO
            } else {
                open.wanted.worst
            };
            let outcome = Outcome::Failed {
                reason: "no outcome came before the task ended".into(),
                code: "lost".into(),
                retryable: false,
                free,
                retry_after_ms: None,
            };
            let completion = Completion {
                key: open.wanted.key.clone(),
                attempt: attempt.n,
                charged,
                worst_case: !free,
                outcome,
            };
            self.note(&EffectFailed { completion })?;
            if !open.wanted.worst.is_zero() {
                self.enter(Entry::Settle {
                    key: reservation(&open.wanted.key, attempt.n),
                    spent: charged,
                })?;
            }
        }
        Ok(())
    }

    pub(super) fn abandon_effects(&mut self) -> Result<(), KernelError> {
        let open: Vec<OpenEffect> = self.state().effects.values().cloned().collect();
        for effect in open {
            self.book_lost(&effect)?;
            if self.state().effects.contains_key(&effect.wanted.key) {
                self.note(&EffectDropped {
                    key: effect.wanted.key.clone(),
                })?;
            }
            self.close(&expectation_of(&effect.wanted.key))?;
        }
        Ok(())
    }

    fn note<P: va_domain::payload::Payload>(&mut self, payload: &P) -> Result<(), KernelError> {
        let mut decision = Decision::nothing();
        let _ = decision.note(payload).map_err(|e| self.rule(e))?;
        self.decided(decision, None)
    }
}

/// The expectation that an effect's outcome, or the rest before its next attempt, closes.
fn expectation_of(key: &str) -> String {
    format!("effect:{key}")
}

/// What an outcome costs, and whether that is the reservation because no outcome was heard.
fn charge(wanted: &WantedEffect, outcome: &Outcome) -> (Amounts, bool) {
    let EffectSpec::ModelCall { terms, .. } = &wanted.spec else {
        return (Amounts::ZERO, false);
    };
    match outcome {
        Outcome::Answered {
            usage: Some(usage), ..
        } => match terms.price(usage.input_tokens, usage.output_tokens) {
            Some(micros) => (
                Amounts::new(
                    micros,
                    usage.input_tokens.saturating_add(usage.output_tokens),
                    1,
                ),
                false,
            ),
            None => (wanted.worst, true),
        },
        Outcome::Failed { free: true, .. } | Outcome::Written { .. } => (Amounts::ZERO, false),
        // Offline is computed here: what it did not answer cost nothing.
        Outcome::Failed { .. } if wanted.class == EffectClass::Read => (Amounts::ZERO, false),
        Outcome::Answered { .. } | Outcome::Malformed { .. } => (wanted.worst, false),
        Outcome::Failed { .. } => (wanted.worst, true),
    }
}

/// What the service asked for, or a second doubled with each attempt.
fn rest_after(attempt: u32, asked_ms: Option<i64>) -> SignedDuration {
    let own = SignedDuration::from_millis(500_i64.saturating_mul(1 << attempt.min(12)));
    own.max(SignedDuration::from_millis(asked_ms.unwrap_or(0)))
        .min(LONGEST_REST)
}
