//! What the board does when it is waited for.

use std::collections::BTreeMap;

use va_domain::{
    amounts::Amounts,
    payload::{BlockerAnswered, BudgetAdded, ResumeRequested},
};

use super::Run;
use crate::goal::TAG;

impl Run {
    /// Nothing is under way: the board answers what it was asked, or the clock moves on.
    pub(super) fn idle(&mut self) -> Result<(), String> {
        if self.board_acts()? {
            return Ok(());
        }
        match self.company.next_deadline()? {
            Some(at) => {
                self.company.world.reach(at);
                self.ring(100)
            }
            None => Err(format!("6: nothing moves any longer: {}", self.standing())),
        }
    }

    pub(super) fn resume(&mut self) -> Result<(), String> {
        self.paused = false;
        self.company.board(&ResumeRequested {
            month_cap: 50_000_000,
        })
    }

    /// What the board does when it is waited for; answers whether it did something.
    fn board_acts(&mut self) -> Result<bool, String> {
        let Some((_, goal)) = self.company.goal_state().filter(|(_, g)| g.asked.is_some()) else {
            // Whoever submitted it sees that nothing came of it.
            self.company.submit(&self.plan.clone())?;
            return Ok(true);
        };
        if goal.is_over() || goal.cancelling.is_some() || goal.failing.is_some() {
            return Ok(false);
        }
        if goal.paused.is_some() {
            self.resume()?;
            return Ok(true);
        }
        if let Some(blocker) = goal.blockers.values().next().cloned() {
            let mut set: BTreeMap<String, String> = BTreeMap::new();
            for key in &blocker.needs {
                set.insert(key.clone(), TAG.into());
            }
            if blocker.task.is_some() && self.company.chance.percent(40) {
                set.insert("drop".into(), "true".into());
                self.dropped = true;
            }
            self.company.board(&BlockerAnswered {
                blocker: blocker.id,
                set,
                note: None,
            })?;
            return Ok(true);
        }
        if goal.state == "paused_budget" {
            self.company.board(&BudgetAdded {
                amount: Amounts::new(100_000, 60_000, 10),
                month_cap: 50_000_000,
            })?;
            return Ok(true);
        }
        Ok(false)
    }
}
