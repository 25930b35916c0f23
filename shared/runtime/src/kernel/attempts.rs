//! The attempts of effects within a commit in the making: what is wanted, intended, booked and given up.

use va_domain::{
    account::Entry,
    amounts::{Amounts, MAX_AMOUNT},
    commit::{Answerer, Expectation},
    effect::{
        Attempt, Completion, EffectClass, EffectSpec, Intent, OpenEffect, Outcome, WantedEffect,
        reservation,
    },
    envelope::Target,
    payload::{
        EffectCompleted, EffectDropped, EffectFailed, EffectHeld, EffectIntended, RequestBudget,
    },
};

use super::{Attempted, KernelError, Mode, draft::Draft};
use crate::agent::Decision;

/// Seconds between the end of an attempt's time and the moment another may begin.
const GRACE_S: i64 = 15;
/// The most that one attempt is booked at, in micro-units and in tokens: eight million of the currency. A
/// provider may claim any number, and the books must add up exactly all the same, a thousand claims on.
const MOST_BOOKED: i64 = (MAX_AMOUNT + 1) / 1024;
/// What a held effect waits for; each question has a number of its own.
const ALLOWANCE: &str = "allowance.";

impl Draft<'_> {
    pub(super) fn pending(&self, id: &va_domain::ids::BlobId) -> Option<crate::ports::Bytes> {
        self.stored()
            .iter()
            .find(|known| known.id() == id)
            .map(|known| known.bytes().clone())
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
    pub(super) fn attempt_again(&mut self, open: &OpenEffect) -> Result<(), KernelError> {
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
    pub(super) fn book(
        &mut self,
        open: &OpenEffect,
        attempted: &Attempted,
    ) -> Result<bool, KernelError> {
        let (charged, worst_case) = charge(&open.wanted, &attempted.result.outcome);
        for blob in &attempted.result.blobs {
            self.store(blob.clone());
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

    pub(super) fn drop_effect(&mut self, key: &str) -> Result<(), KernelError> {
        if let Some(open) = self.state().effects.get(key).cloned() {
            self.book_lost(&open)?;
        }
        self.note(&EffectDropped {
            key: key.to_owned(),
        })
    }

    /// Books the attempts that are out at their worst case.
    pub(super) fn book_lost(&mut self, open: &OpenEffect) -> Result<(), KernelError> {
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
pub(super) fn expectation_of(key: &str) -> String {
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
        } => {
            let tokens = usage.input_tokens.saturating_add(usage.output_tokens);
            // A price that is unknown has denied the call; what is left are claims that no number holds.
            let micros = terms.price(usage.input_tokens, usage.output_tokens);
            let micros = micros.unwrap_or(MOST_BOOKED).min(MOST_BOOKED);
            (Amounts::new(micros, tokens.min(MOST_BOOKED), 1), false)
        }
        Outcome::Failed { free: true, .. } | Outcome::Written { .. } => (Amounts::ZERO, false),
        // Offline is computed here: what it did not answer cost nothing.
        Outcome::Failed { .. } if wanted.class == EffectClass::Read => (Amounts::ZERO, false),
        Outcome::Answered { .. } | Outcome::Malformed { .. } => (wanted.worst, false),
        Outcome::Failed { .. } => (wanted.worst, true),
    }
}
