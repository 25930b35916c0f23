//! A deadline has come, or the home has started: the owner asks again, takes the next attempt, or
//! escalates.

use jiff::{SignedDuration, Timestamp};
use va_domain::{
    commit::{Answerer, Expectation},
    envelope::{Ask, Target},
};

use super::{Kernel, KernelError, deliver::repeat, draft::Draft};
use crate::agent::Input;

/// The longest that a question rests before it is asked again.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

impl Kernel {
    /// Handles every deadline of the stream that has come. After a restart every runner is dead, and
    /// whatever rested only to spare a service is tried again.
    pub(super) async fn ring(
        &self,
        draft: &mut Draft<'_>,
        restart: bool,
    ) -> Result<(), KernelError> {
        if draft.state().version == 1 {
            // Nobody has begun this stream.
            return Ok(());
        }
        draft.caused_by(None);
        draft.report();
        let now = draft.now;
        let open: Vec<Expectation> = draft
            .state()
            .expectations
            .values()
            .filter(|e| e.deadline <= now || (restart && matches!(e.from, Answerer::Runner { .. })))
            .cloned()
            .collect();
        for expectation in open {
            match &expectation.from {
                Answerer::Runner { key } => self.next_attempt(draft, key, restart)?,
                Answerer::Stream { .. } => {
                    self.ask_again(draft, &expectation).await?;
                    let decision = self.decide(draft, &Input::Due(&expectation)).await?;
                    draft.decided(decision, None)?;
                }
                Answerer::Person | Answerer::Time => {
                    let decision = self.decide(draft, &Input::Due(&expectation)).await?;
                    draft.decided(decision, None)?;
                }
            }
        }
        if restart {
            self.bury(draft)?;
            self.release(draft)?;
        }
        Ok(())
    }

    /// Asks the same question under the same id, and waits longer for the answer.
    async fn ask_again(
        &self,
        draft: &mut Draft<'_>,
        expectation: &Expectation,
    ) -> Result<(), KernelError> {
        let attempt = expectation.attempt + 1;
        let mut again = expectation.clone();
        again.attempt = attempt;
        again.deadline = later(draft.now, attempt);
        if let Some(at) = expectation.ask {
            let asked = self.own_event(draft, at).await?;
            let targets: Vec<Target> = asked
                .targets
                .iter()
                .filter(|t| {
                    t.asks
                        .as_ref()
                        .is_some_and(|a| a.expectation == expectation.id)
                })
                .cloned()
                .map(|mut target| {
                    target.asks = Some(Ask {
                        expectation: expectation.id.clone(),
                        attempt,
                    });
                    target
                })
                .collect();
            again.ask = Some(draft.emit(repeat(&asked, targets))?);
        }
        draft.open(again)
    }
}

/// A minute, doubled with each attempt.
fn later(now: Timestamp, attempt: u32) -> Timestamp {
    let wait = SignedDuration::from_secs(60_i64.saturating_mul(1 << attempt.min(12))).min(LONGEST);
    now.checked_add(wait).unwrap_or(Timestamp::MAX)
}
