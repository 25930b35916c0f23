//! What the board says.

use std::sync::Arc;

use va_domain::{
    account::Figure,
    commit::Expectation,
    envelope::{Ask, Target},
    ids::{StreamId, digest_of},
    payload::{
        BlockerAnswered, BlockerClosed, BudgetAdded, CancelTask, GoalAccepted, GoalCancelled,
        GoalSubmitted, PageDropped, Reason, RequestTopics, ResumeRequested, TaskPaused,
        TaskResumed, TurnsGranted,
    },
};
use va_runtime::agent::{DecideError, after};

use super::Office;
use crate::{ANSWER_S, WORK_S, board_of, end_of, plan};

/// Turns that an answered blocker gives a rejected draft.
const MORE_TURNS: u32 = 3;

impl Office<'_> {
    pub(super) fn submitted(&mut self, goal: GoalSubmitted) -> Result<(), DecideError> {
        if self.body.asked.is_some() || self.is_stopping() {
            return Ok(());
        }
        self.then.note(&GoalAccepted { goal: goal.clone() })?;
        "accepted".clone_into(&mut self.body.state);
        self.body.budget = goal.budget;
        self.body.month_cap = goal.month_cap;
        self.body.set.clone_from(&goal.brief.set);
        for missing in &goal.needs {
            let id = digest_of(&[&goal.goal_id, &missing.key])[..8].to_owned();
            self.ask_person(
                id,
                "setting",
                missing.text.clone(),
                vec![missing.key.clone()],
                None,
            )?;
        }
        self.body.asked = Some(Arc::new(goal));
        self.advance()
    }

    /// Goes on with whatever comes next, if nothing stands in the way.
    pub(super) fn advance(&mut self) -> Result<(), DecideError> {
        let Some(asked) = &self.body.asked else {
            return Ok(());
        };
        if self.is_stopping() || self.body.paused.is_some() {
            return Ok(());
        }
        if !self.body.blockers.is_empty() {
            let texts: Vec<&str> = self
                .body
                .blockers
                .values()
                .map(|b| b.text.as_str())
                .collect();
            let reason = Reason {
                code: "blocker".into(),
                text: texts.join("; "),
            };
            return self.state("waiting_person", Some(reason));
        }
        let waits = |prefix: &str| {
            self.state
                .expectations
                .keys()
                .any(|id| id.starts_with(prefix))
        };
        if !self.state.account.allowed.covers(&self.body.budget) && !waits("allowance.") {
            return self.ask_month();
        }
        if self.body.tasks.is_empty() && !self.state.account.allowed.is_zero() {
            let mut brief = asked.brief.clone();
            brief.set.clone_from(&self.body.set);
            let goal_id = asked.goal_id.clone();
            let topics = plan::Streams::of(&goal_id, brief.revision).topics();
            self.state("planning", None)?;
            self.then
                .expect(end_of(&topics), &topics, after(self.cx.now, WORK_S));
            self.allow(&topics, va_domain::amounts::Amounts::ZERO);
            let target = Target::tell(topics.clone())
                .asking(end_of(&topics))
                .with(Figure::Allowed(va_domain::amounts::Amounts::ZERO));
            self.then
                .send(&RequestTopics { brief, goal_id }, vec![target])?
                .grant = Some(plan::grant("cmo"));
            return Ok(());
        }
        self.allocate()?;
        self.finish()
    }

    pub(super) fn blocker_answered(&mut self, answer: BlockerAnswered) -> Result<(), DecideError> {
        let Some(blocker) = self.body.blockers.get(&answer.blocker).cloned() else {
            return Ok(());
        };
        self.then.note(&answer)?;
        let dropped = answer.set.get("drop").is_some_and(|v| v == "true");
        match &blocker.task {
            Some(task) if dropped => {
                let slug = self.body.task_mut(task).and_then(|t| {
                    "dropped".clone_into(&mut t.state);
                    t.plan.slug.clone()
                });
                let review = self
                    .body
                    .tasks
                    .iter()
                    .find(|t| t.plan.role == "reviewer")
                    .map(|t| t.plan.task.clone());
                let told = review.into_iter().map(Target::tell).collect();
                self.then.send(
                    &PageDropped {
                        task: task.clone(),
                        slug: slug.unwrap_or_default(),
                    },
                    told,
                )?;
                let reason = "the page is left out".to_owned();
                let told = vec![self.cancellation_of(task)];
                self.then.send(&CancelTask { reason }, told)?;
            }
            Some(task) => {
                self.then.send(
                    &TurnsGranted { turns: MORE_TURNS },
                    vec![Target::tell(task.clone()).answering(board_of(&answer.blocker))],
                )?;
            }
            None => self.body.set.extend(answer.set.clone()),
        }
        let set = &self.body.set;
        let answered: Vec<String> = self
            .body
            .blockers
            .values()
            .filter(|b| {
                b.id == answer.blocker
                    || (b.task.is_none() && b.needs.iter().all(|k| set.contains_key(k)))
            })
            .map(|b| b.id.clone())
            .collect();
        for id in answered {
            self.then.closes.push(format!("blocker:{id}"));
            self.then.note(&BlockerClosed { id: id.clone() })?;
            self.body.blockers.remove(&id);
        }
        if self.body.blockers.is_empty() && !self.body.tasks.is_empty() {
            self.state("running", None)?;
        }
        self.advance()
    }

    /// The task as a target that carries its allowance, so that even a task that has not begun learns
    /// whose it is.
    fn with_figure(&self, task: &StreamId) -> Target {
        let allowed = self
            .state
            .account
            .edges
            .get(task)
            .copied()
            .unwrap_or_default()
            .allowed;
        Target::tell(task.clone()).with(Figure::Allowed(allowed))
    }

    /// The task as a target that is to end now: what it was asked before does not matter any longer, so
    /// this is what it is told again until its end comes.
    fn cancellation_of(&mut self, task: &StreamId) -> Target {
        let mut target = self.with_figure(task);
        if let Some(waits) = self.state.expectations.get(&end_of(task)) {
            let attempt = waits.attempt + 1;
            target.asks = Some(Ask {
                expectation: waits.id.clone(),
                attempt,
            });
            self.then.opens.push(Expectation {
                attempt,
                deadline: after(self.cx.now, ANSWER_S),
                ..waits.clone()
            });
        }
        target
    }

    /// A task has not ended for long: besides what it was asked it hears again whether it may work, and the
    /// reviewer which pages are left out.
    pub(super) fn remind(&mut self, expectation: &Expectation) -> Result<(), DecideError> {
        let Some(record) = self
            .body
            .tasks
            .iter()
            .find(|t| !t.ended && expectation.id == end_of(&t.plan.task))
            .filter(|_| !self.is_stopping())
        else {
            return Ok(());
        };
        let (task, is_reviewer) = (record.plan.task.clone(), record.plan.role == "reviewer");
        let told = vec![Target::tell(task)];
        match &self.body.paused {
            Some(reason) => {
                let reason = reason.text.clone();
                self.then.send(&TaskPaused { reason }, told.clone())?
            }
            None => self
                .then
                .send(&TaskResumed { by: "goal".into() }, told.clone())?,
        };
        let dropped = self.body.tasks.iter().filter(|t| t.state == "dropped");
        for record in dropped.filter(|_| is_reviewer) {
            let left_out = PageDropped {
                task: record.plan.task.clone(),
                slug: record.plan.slug.clone().unwrap_or_default(),
            };
            self.then.send(&left_out, told.clone())?;
        }
        Ok(())
    }

    pub(super) fn budget_added(&mut self, added: BudgetAdded) -> Result<(), DecideError> {
        if self.is_stopping() || self.body.asked.is_none() {
            return Ok(());
        }
        self.then.note(&added)?;
        self.body.budget += added.amount;
        self.body.month_cap = added.month_cap;
        if self.body.blockers.values().any(|b| b.task.is_none()) {
            return Ok(());
        }
        self.ask_month()
    }

    pub(super) fn pause(&mut self, reason: Reason) -> Result<(), DecideError> {
        if self.is_stopping() || self.body.paused.is_some() {
            return Ok(());
        }
        let text = reason.text.clone();
        self.state("paused", Some(reason))?;
        let tasks = self.open_tasks();
        if !tasks.is_empty() {
            let told = tasks.into_iter().map(Target::tell).collect();
            self.then.send(&TaskPaused { reason: text }, told)?;
        }
        Ok(())
    }

    pub(super) fn resume(&mut self, resume: ResumeRequested) -> Result<(), DecideError> {
        if self.is_stopping() {
            return Ok(());
        }
        self.body.month_cap = resume.month_cap;
        if self.body.paused.is_some() {
            self.state("resumed", None)?;
            let tasks = self.open_tasks();
            if !tasks.is_empty() {
                let told = tasks.into_iter().map(Target::tell).collect();
                self.then.send(&TaskResumed { by: "board".into() }, told)?;
            }
        }
        self.advance()
    }

    pub(super) fn cancel(&mut self, reason: String) -> Result<(), DecideError> {
        if self.is_stopping() {
            return Ok(());
        }
        self.state(
            "cancelling",
            Some(Reason {
                code: "cancelled".into(),
                text: reason.clone(),
            }),
        )?;
        for id in self.body.blockers.keys().cloned().collect::<Vec<_>>() {
            self.then.closes.push(format!("blocker:{id}"));
            self.then.note(&BlockerClosed { id: id.clone() })?;
            self.body.blockers.remove(&id);
        }
        self.cancel_tasks(&reason)?;
        self.finish()
    }

    pub(super) fn cancel_tasks(&mut self, reason: &str) -> Result<(), DecideError> {
        let open = self.open_tasks();
        let told: Vec<Target> = open.iter().map(|task| self.cancellation_of(task)).collect();
        if !told.is_empty() {
            self.then.send(
                &CancelTask {
                    reason: reason.to_owned(),
                },
                told,
            )?;
        }
        Ok(())
    }

    /// Everything of a cancelled goal has ended.
    pub(super) fn end_cancelled(&mut self, reason: String) -> Result<(), DecideError> {
        let month = self.close_account();
        self.then.send(&GoalCancelled { reason }, month)?;
        Ok(())
    }
}
