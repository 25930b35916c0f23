//! How the goal's budget is dealt out: whole shares in plan order, after what started tasks ask for.

use std::collections::BTreeMap;

use va_domain::{
    account::{Entry, Figure},
    amounts::Amounts,
    envelope::Target,
    ids::{StreamId, kind},
    payload::{
        AccountReported, Alert, BudgetAllowed, BudgetRefused, Reason, RequestBudget, SpendReported,
        TaskAsked,
    },
};
use va_runtime::agent::{DecideError, after};

use super::Office;
use crate::{ANSWER_S, cto::incident_of};

/// How often a task asks before what others hold is not counted on any longer.
const PATIENT_ASKS: u32 = 3;

impl Office<'_> {
    /// Asks the month for the whole budget. A goal draws on the month in which it asks first.
    pub(super) fn ask_month(&mut self) -> Result<(), DecideError> {
        let month = match &self.body.month {
            Some(month) => month.clone(),
            None => {
                let day = self.cx.now.to_zoned(jiff::tz::TimeZone::UTC).date();
                StreamId::new(
                    kind::MONTH,
                    &format!("{:04}-{:02}", day.year(), day.month()),
                )?
            }
        };
        let id = format!("allowance.{}", self.state.version);
        self.then
            .expect(id.clone(), &month, after(self.cx.now, ANSWER_S));
        let request = RequestBudget {
            total: self.body.budget,
            month_cap: Some(self.body.month_cap),
        };
        self.then
            .send(&request, vec![Target::tell(month.clone()).asking(id)])?;
        self.body.month = Some(month);
        Ok(())
    }

    pub(super) fn granted(&mut self) -> Result<(), DecideError> {
        if self.body.state == "paused_budget" {
            let next = if self.body.tasks.is_empty() {
                "accepted"
            } else {
                "running"
            };
            self.state(next, None)?;
        }
        self.advance()
    }

    pub(super) fn refused(&mut self, refused: &BudgetRefused) -> Result<(), DecideError> {
        if self.is_stopping() {
            return self.finish();
        }
        let text = format!(
            "the month's cap leaves {:.2} of the {:.2} that the goal asks; raise month_cap in company.toml, or wait",
            euros(refused.available.micros),
            euros(refused.total.micros)
        );
        self.state(
            "paused_budget",
            Some(Reason {
                code: "month_cap".into(),
                text,
            }),
        )
    }

    /// Lets a child have so much in all.
    pub(super) fn allow(&mut self, child: &StreamId, total: Amounts) {
        self.available -= self.cost(child, total);
        self.then.entries.push(Entry::Allow {
            child: child.clone(),
            total,
        });
    }

    /// What a child's new whole figure takes of what is free: its debt weighs on that already.
    fn cost(&self, child: &StreamId, total: Amounts) -> Amounts {
        let edge = self
            .state
            .account
            .edges
            .get(child)
            .copied()
            .unwrap_or_default();
        let more = total - edge.allowed;
        more - edge.debt().min(more.positive())
    }

    /// A task asks for more.
    pub(super) fn asked(
        &mut self,
        task: &StreamId,
        target: &Target,
        request: &RequestBudget,
    ) -> Result<(), DecideError> {
        if self.body.task(task).is_none_or(|t| t.ended) {
            return Ok(());
        }
        let expectation = target
            .asks
            .as_ref()
            .map_or_else(String::new, |a| a.expectation.clone());
        let asked = TaskAsked {
            task: task.clone(),
            total: request.total,
            expectation,
        };
        // What others hold may be bound to attempts that nobody will hear of before the goal ends.
        self.waited_long = target
            .asks
            .as_ref()
            .is_some_and(|a| a.attempt >= PATIENT_ASKS);
        self.then.note(&asked)?;
        self.body.asks.insert(task.clone(), asked);
        self.allocate()
    }

    /// Answers what started tasks ask, in plan order, as far as it is there. Nothing there and nobody who
    /// could return any: the goal waits for the board.
    pub(super) fn allocate(&mut self) -> Result<(), DecideError> {
        if self.is_stopping() {
            return Ok(());
        }
        let order: Vec<StreamId> = self
            .body
            .tasks
            .iter()
            .map(|t| t.plan.task.clone())
            .collect();
        let mut moved = false;
        for task in order {
            let Some(asked) = self.body.asks.get(&task).cloned() else {
                continue;
            };
            let before = self
                .state
                .account
                .edges
                .get(&task)
                .copied()
                .unwrap_or_default()
                .allowed;
            let total = asked.total.max(before);
            if !self.available.covers(&self.cost(&task, total)) {
                break;
            }
            self.allow(&task, total);
            self.body.asks.remove(&task);
            moved = true;
            let answer = Target::tell(task)
                .answering(asked.expectation)
                .with(Figure::Allowed(total));
            self.then.send(&BudgetAllowed { total }, vec![answer])?;
        }
        if self.body.asks.is_empty() {
            if moved && self.body.state == "paused_budget" {
                self.state("running", None)?;
            }
            return Ok(());
        }
        let waits = self
            .state
            .expectations
            .keys()
            .any(|id| id.starts_with("allowance."));
        // Whoever asks has nothing under way, so what it holds is bound to attempts that were lost; whoever
        // has ended has returned all that it knew of.
        let edges = self.state.account.edges.iter();
        let can_return: Amounts = edges
            .filter(|(task, _)| !self.body.asks.contains_key(*task))
            .filter(|(task, _)| self.body.task(task).is_some_and(|t| !t.ended))
            .map(|(_, edge)| edge.held().positive())
            .sum();
        if moved || waits || !(can_return.is_zero() || self.waited_long) {
            return Ok(());
        }
        let text = "a task asks for more than is left; `va budget add` raises the goal's budget"
            .to_owned();
        self.state(
            "paused_budget",
            Some(Reason {
                code: "budget".into(),
                text,
            }),
        )
    }

    /// A task's figures came without anything else.
    pub(super) fn reported(&mut self, report: &AccountReported) -> Result<(), DecideError> {
        if report.overrun && self.body.paused.is_none() && !self.is_stopping() {
            let message =
                "the goal is paused: a provider charged more than its registered worst case"
                    .to_owned();
            let goal = &self.state.stream;
            let alert = Alert {
                severity: "critical".into(),
                message: message.clone(),
                context: BTreeMap::from([
                    ("code".to_owned(), "overrun".to_owned()),
                    ("goal".to_owned(), goal.id().to_owned()),
                ]),
            };
            let incident = incident_of("overrun", goal.as_str());
            self.then.send(&alert, vec![Target::tell(incident)])?;
            self.pause(Reason {
                code: "overrun".into(),
                text: message,
            })?;
        }
        self.allocate()
    }

    /// Reports to the month once for each percentage that the goal's spending has reached.
    pub(super) fn report_spending(&mut self) -> Result<(), DecideError> {
        let Some(month) = self.body.month.clone() else {
            return Ok(());
        };
        let allowed = self.state.account.allowed;
        let spent = self.state.account.spent_total();
        let percent = |spent: i64, allowed: i64| {
            if allowed > 0 {
                i128::from(spent) * 100 / i128::from(allowed)
            } else {
                0
            }
        };
        let reached = [
            percent(spent.micros, allowed.micros),
            percent(spent.tokens, allowed.tokens),
            percent(spent.calls, allowed.calls),
        ]
        .into_iter()
        .max()
        .unwrap_or(0);
        let mut at: Vec<u32> = self
            .body
            .asked
            .as_ref()
            .map_or_else(Vec::new, |a| a.warn_at.clone());
        at.push(100);
        for threshold in at {
            if reached >= i128::from(threshold) && !self.body.crossed.contains(&threshold) {
                self.body.crossed.push(threshold);
                self.then.send(
                    &SpendReported { percent: threshold },
                    vec![Target::tell(month.clone())],
                )?;
            }
        }
        Ok(())
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "for people to read, two decimals"
)]
fn euros(micros: i64) -> f64 {
    micros as f64 / 1e6
}
