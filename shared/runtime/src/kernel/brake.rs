//! A provider that charged more than it may is asked nothing more, from the moment at which that is known.
//!
//! The goal pauses once it has heard of the overrun, and its tasks once they have heard of the pause. What
//! they intend meanwhile does not begin: this is kept beside the journal, for the runner of this process
//! alone, and only ever holds back what the pause will hold anyway.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use va_domain::{
    effect::Intent,
    payload::{AccountReported, GoalStateChanged, Payload as _},
};

use super::{Attempted, Committed, Kernel, effects::failed};

/// The goals that are held, by correlation id.
#[derive(Default)]
pub(super) struct Brake(Mutex<BTreeSet<String>>);

impl Brake {
    fn goals(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kernel {
    /// An overrun of this goal is about to be booked.
    pub(super) fn brake(&self, goal: &str) {
        self.braked.goals().insert(goal.to_owned());
    }

    /// Whether no paid attempt of the goal with this correlation id may begin now.
    #[must_use]
    pub fn is_braked(&self, goal: &str) -> bool {
        self.braked.goals().contains(goal)
    }

    /// Takes account of what a commit says: an overrun that an earlier runner booked, or that the board lets
    /// the goal go on.
    pub fn heed(&self, commit: &Committed) {
        for event in &commit.events {
            if event.event_type == AccountReported::TYPE {
                if event.read::<AccountReported>().is_ok_and(|r| r.overrun) {
                    self.brake(&event.correlation_id);
                }
            } else if event.event_type == GoalStateChanged::TYPE
                && event
                    .read::<GoalStateChanged>()
                    .is_ok_and(|c| c.state == "resumed")
            {
                self.braked.goals().remove(&event.correlation_id);
            }
        }
    }

    /// What comes of an attempt that is held back: nothing was sent, so nothing is charged.
    #[must_use]
    pub fn held_back(intent: &Intent) -> Attempted {
        let reason = "a provider has just charged more than it may, so nothing was sent";
        Attempted {
            key: intent.wanted.key.clone(),
            attempt: intent.attempt,
            result: failed("held_back", reason.into(), true, true),
        }
    }
}
