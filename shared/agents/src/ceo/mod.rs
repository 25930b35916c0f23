//! The CEO turns a goal into a plan, deals out its budget, and reports what came of it.
//!
//! Wakes on what the board says (`GoalSubmitted`, `BlockerAnswered`, `BudgetAdded`, `PauseRequested`,
//! `ResumeRequested`, `CancelRequested`), on the month's answers, and on what the goal's tasks report, ask and
//! end with. Hands on requests, allowances, blockers and the report.

mod board;
mod money;
mod tasks;

use va_domain::{
    amounts::Amounts,
    commit::{Answerer, Expectation},
    effect::Outcome,
    envelope::Target,
    ids::{BlobId, StreamId},
    payload::{
        AccountReported, BlockerAnswered, BlockerOpened, BudgetAdded, BudgetAllowed, BudgetGranted,
        BudgetRefused, BudgetSettled, CancelRequested, CancelTask, ContentRejected, ContentRequest,
        GoalAccepted, GoalCancelled, GoalCompleted, GoalFailed, GoalPlanned, GoalStateChanged,
        GoalSubmitted, PauseRequested, Payload, Reason, RequestBudget, RequestLinks,
        RequestPublish, RequestReview, RequestTopics, ResumeRequested, SpendReported,
        TaskCancelled, TaskCompleted, TaskFailed, TaskPaused, TaskResumed, TaskSettled,
        TopicsCompleted, TurnsGranted,
    },
    state::{GoalBody, StreamState},
};
use va_runtime::agent::{Agent, BlobView, Context, DecideError, Decision, Input, after};

use crate::{ANSWER_S, report::History};

/// The chief executive officer.
#[derive(Debug)]
pub struct Ceo;

/// Hours for which a question to a person stands before it is put again.
const PERSON_S: i64 = 72 * 3600;

impl Agent for Ceo {
    fn role(&self) -> &'static str {
        "ceo"
    }

    fn takes(&self) -> &'static [&'static str] {
        &[
            GoalSubmitted::TYPE,
            BlockerAnswered::TYPE,
            BudgetAdded::TYPE,
            PauseRequested::TYPE,
            ResumeRequested::TYPE,
            CancelRequested::TYPE,
            BudgetGranted::TYPE,
            BudgetRefused::TYPE,
            BudgetSettled::TYPE,
            RequestBudget::TYPE,
            AccountReported::TYPE,
            TopicsCompleted::TYPE,
            ContentRejected::TYPE,
            TaskCompleted::TYPE,
            TaskFailed::TYPE,
            TaskCancelled::TYPE,
        ]
    }

    fn emits(&self) -> &'static [&'static str] {
        &[
            GoalAccepted::TYPE,
            GoalStateChanged::TYPE,
            RequestBudget::TYPE,
            BudgetAllowed::TYPE,
            BlockerOpened::TYPE,
            RequestTopics::TYPE,
            GoalPlanned::TYPE,
            ContentRequest::TYPE,
            RequestReview::TYPE,
            RequestLinks::TYPE,
            RequestPublish::TYPE,
            CancelTask::TYPE,
            TaskPaused::TYPE,
            TaskResumed::TYPE,
            TurnsGranted::TYPE,
            TaskSettled::TYPE,
            SpendReported::TYPE,
            GoalCompleted::TYPE,
            GoalFailed::TYPE,
            GoalCancelled::TYPE,
        ]
    }

    fn effects(&self) -> &'static [&'static str] {
        &["write_report"]
    }

    fn needs(
        &self,
        state: &StreamState,
        input: &Input<'_>,
        _: &BlobView,
    ) -> Result<Vec<BlobId>, DecideError> {
        let mut needed: Vec<BlobId> = state
            .body
            .goal()
            .and_then(|g| g.refused.clone())
            .into_iter()
            .collect();
        if let Some(event) = input.event::<TopicsCompleted>() {
            let topics: TopicsCompleted = event.read()?;
            needed.push(topics.refused);
            needed.extend(topics.revised.map(|r| r.comparison));
        }
        // The last task's end brings the report.
        if let Some(goal) = state.body.goal() {
            needed.extend(History::needs(goal, input)?);
        }
        Ok(needed)
    }

    fn decide(
        &self,
        cx: &Context<'_>,
        state: &StreamState,
        input: &Input<'_>,
    ) -> Result<Decision, DecideError> {
        let Some(body) = state.body.goal() else {
            return Ok(Decision::nothing());
        };
        let mut office = Office {
            cx,
            state,
            body: body.clone(),
            available: state.account.free(),
            then: Decision::nothing(),
            waited_long: false,
        };
        office.hear(input)?;
        Ok(office.then)
    }
}

/// The goal as it will be once what is decided so far is committed.
struct Office<'a> {
    cx: &'a Context<'a>,
    state: &'a StreamState,
    body: GoalBody,
    available: Amounts,
    then: Decision,
    /// Whether a task has asked in vain so often that nobody will return what it needs.
    waited_long: bool,
}

impl Office<'_> {
    fn hear(&mut self, input: &Input<'_>) -> Result<(), DecideError> {
        match input {
            Input::Event { event, target } => match event.event_type.as_str() {
                GoalSubmitted::TYPE => self.submitted(event.read()?),
                BlockerAnswered::TYPE => self.blocker_answered(event.read()?),
                BudgetAdded::TYPE => self.budget_added(event.read()?),
                PauseRequested::TYPE => self.pause(Reason {
                    code: "board".into(),
                    text: event
                        .read::<PauseRequested>()?
                        .reason
                        .unwrap_or_else(|| "paused by the board".into()),
                }),
                ResumeRequested::TYPE => self.resume(event.read()?),
                CancelRequested::TYPE => self.cancel(event.read::<CancelRequested>()?.reason),
                BudgetGranted::TYPE => self.granted(),
                BudgetRefused::TYPE => self.refused(&event.read()?),
                BudgetSettled::TYPE => Ok(()),
                RequestBudget::TYPE => self.asked(&event.stream, target, &event.read()?),
                AccountReported::TYPE => self.reported(&event.read()?),
                TopicsCompleted::TYPE => self.plan(&event.stream, event.read()?),
                ContentRejected::TYPE => self.draft_rejected(&event.stream, &event.read()?),
                TaskCompleted::TYPE => self.completed(&event.stream, target, event.read()?),
                TaskFailed::TYPE => self.failed(&event.stream, target, event.read()?),
                TaskCancelled::TYPE => self.cancelled(&event.stream, target, event.read()?),
                _ => self.allocate(),
            },
            Input::Outcome { outcome, .. } => self.reported_to_board(outcome),
            Input::Due(expectation) if matches!(expectation.from, Answerer::Stream { .. }) => {
                self.remind(expectation)
            }
            Input::Due(expectation) => {
                // A person has not answered yet: the question stands.
                let again = Expectation {
                    deadline: after(self.cx.now, PERSON_S),
                    ..(*expectation).clone()
                };
                self.then.opens.push(again);
                Ok(())
            }
            Input::Money => self.allocate(),
        }
    }

    /// Changes the goal's state, once.
    fn state(&mut self, state: &str, reason: Option<Reason>) -> Result<(), DecideError> {
        let same = self.body.state == state
            && self.body.reason.as_ref().map(|r| &r.code) == reason.as_ref().map(|r| &r.code);
        if !same || matches!(state, "paused" | "resumed" | "cancelling" | "failing") {
            self.then.note(&GoalStateChanged {
                state: state.to_owned(),
                reason: reason.clone(),
            })?;
            match state {
                "paused" => self.body.paused = reason,
                "resumed" => self.body.paused = None,
                "cancelling" => {
                    self.body.cancelling = Some(reason.map_or_else(String::new, |r| r.text))
                }
                "failing" => self.body.failing = reason,
                _ => {
                    state.clone_into(&mut self.body.state);
                    self.body.reason = reason;
                }
            }
        }
        Ok(())
    }

    /// Whether nothing new is to be begun.
    fn is_stopping(&self) -> bool {
        self.body.is_over() || self.body.cancelling.is_some() || self.body.failing.is_some()
    }

    /// The tasks that have not ended.
    fn open_tasks(&self) -> Vec<StreamId> {
        self.body.open().map(|t| t.plan.task.clone()).collect()
    }

    /// Asks a person.
    fn ask_person(
        &mut self,
        id: String,
        kind: &str,
        text: String,
        needs: Vec<String>,
        task: Option<StreamId>,
    ) -> Result<(), DecideError> {
        let deadline = after(self.cx.now, PERSON_S);
        let opened = BlockerOpened {
            id: id.clone(),
            kind: kind.to_owned(),
            text,
            needs,
            task,
            expires_at: None,
        };
        self.then.note(&opened)?;
        self.then.opens.push(Expectation {
            id: format!("blocker:{id}"),
            from: Answerer::Person,
            deadline,
            attempt: 1,
            ask: None,
        });
        self.body.blockers.insert(id, opened);
        Ok(())
    }

    /// Tells the month, if the goal draws on one, and gives back all that is left.
    fn close_account(&mut self) -> Vec<Target> {
        self.then.returns = true;
        match &self.body.month {
            Some(month) => {
                self.then
                    .expect("settled", month, after(self.cx.now, ANSWER_S));
                vec![Target::tell(month.clone()).asking("settled")]
            }
            None => Vec::new(),
        }
    }

    /// The board has its report, or cannot be given it.
    fn reported_to_board(&mut self, outcome: &Outcome) -> Result<(), DecideError> {
        let Some(report) = self.body.report.clone() else {
            return Ok(());
        };
        let failing = match outcome {
            Outcome::Written { .. } => self.body.failing.clone(),
            Outcome::Failed { reason, .. } => Some(Reason {
                code: "report".into(),
                text: reason.clone(),
            }),
            _ => None,
        };
        let month = self.close_account();
        match failing {
            None => self.then.send(&GoalCompleted { report }, month)?,
            Some(reason) => self.then.send(&GoalFailed { reason }, month)?,
        };
        Ok(())
    }
}
