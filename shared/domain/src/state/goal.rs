//! What the CEO keeps of a goal and of its tasks.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    amounts::Amounts,
    envelope::Envelope,
    error::DomainError,
    ids::{BlobId, StreamId},
    payload::*,
};

/// What the CEO keeps of a goal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GoalBody {
    /// What was asked; `None` before it was accepted.
    pub asked: Option<Arc<GoalSubmitted>>,
    /// When it was accepted.
    pub started: Option<Timestamp>,
    /// `accepted`, `planning`, `running`, `waiting_person`, `paused_budget`, `done`, `failed`, `cancelled`.
    pub state: String,
    /// Why it is so.
    pub reason: Option<Reason>,
    /// Whether the board paused it.
    pub paused: Option<Reason>,
    /// Why it is being cancelled.
    pub cancelling: Option<String>,
    /// Why it is failing.
    pub failing: Option<Reason>,
    /// What answered blockers have set.
    pub set: BTreeMap<String, String>,
    /// What a person must answer.
    pub blockers: BTreeMap<String, BlockerOpened>,
    /// When each was opened.
    pub opened_at: BTreeMap<String, Timestamp>,
    /// The whole budget that the board allows.
    pub budget: Amounts,
    /// The newest cap of the month.
    pub month_cap: i64,
    /// The month that it draws on.
    pub month: Option<StreamId>,
    /// The plan, a blob.
    pub plan: Option<BlobId>,
    /// The refused topics, a blob.
    pub refused: Option<BlobId>,
    /// Products in the catalogue.
    pub products: u32,
    /// How the plan follows from the edition before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revised: Option<Revised>,
    /// The tasks in plan order, the CMO's first.
    pub tasks: Vec<Arc<TaskRecord>>,
    /// What tasks asked beyond their allowance.
    pub asks: BTreeMap<StreamId, TaskAsked>,
    /// Percentages that were crossed.
    pub crossed: Vec<u32>,
    /// The site's articles.
    pub pages: Vec<PublishedPage>,
    /// What the site leaves to the next revision, a blob.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edition: Option<BlobId>,
    /// The report, a blob.
    pub report: Option<BlobId>,
}

/// What the CEO keeps of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskRecord {
    /// As it was planned.
    pub plan: PlannedTask,
    /// `running`, `done`, `failed`, `cancelled`, `dropped`.
    pub state: String,
    /// What it spent, once it has ended.
    pub spent: Amounts,
    /// What proves it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<ArtifactEvidence>,
    /// Attempts whose worst case stays spent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub worst_case_kept: Vec<KeptCharge>,
    /// Whether it ended, folded accounts and all.
    #[serde(default)]
    pub ended: bool,
    /// When it was asked for; for the report's timings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began: Option<Timestamp>,
    /// When its end was heard of; for the report's timings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<Timestamp>,
}

impl GoalBody {
    /// The record of a task.
    #[must_use]
    pub fn task(&self, stream: &StreamId) -> Option<&TaskRecord> {
        self.tasks
            .iter()
            .map(Arc::as_ref)
            .find(|t| t.plan.task == *stream)
    }

    /// The tasks that have not ended.
    pub fn open(&self) -> impl Iterator<Item = &TaskRecord> {
        self.tasks.iter().map(Arc::as_ref).filter(|t| !t.ended)
    }

    /// The record of a task, to change it.
    pub fn task_mut(&mut self, stream: &StreamId) -> Option<&mut TaskRecord> {
        let mut tasks = self.tasks.iter_mut();
        tasks.find(|t| t.plan.task == *stream).map(Arc::make_mut)
    }

    pub(super) fn apply(&mut self, event: &Envelope) -> Result<(), DomainError> {
        match event.event_type.as_str() {
            GoalAccepted::TYPE => {
                let GoalAccepted { goal } = event.read()?;
                "accepted".clone_into(&mut self.state);
                self.started = Some(event.timestamp);
                self.budget = goal.budget;
                self.month_cap = goal.month_cap;
                self.set.clone_from(&goal.brief.set);
                self.asked = Some(Arc::new(goal));
            }
            GoalStateChanged::TYPE => {
                let change: GoalStateChanged = event.read()?;
                match change.state.as_str() {
                    "paused" => {
                        self.paused = Some(change.reason.unwrap_or(Reason {
                            code: "board".into(),
                            text: "paused".into(),
                        }))
                    }
                    "resumed" => self.paused = None,
                    "cancelling" => {
                        self.cancelling = Some(change.reason.map_or_else(String::new, |r| r.text))
                    }
                    "failing" => self.failing = change.reason,
                    _ => {
                        self.state = change.state;
                        self.reason = change.reason;
                    }
                }
            }
            RequestBudget::TYPE => {
                let request: RequestBudget = event.read()?;
                self.budget = self.budget.max(request.total);
                self.month_cap = request.month_cap.unwrap_or(self.month_cap);
                self.month = event.targets.first().map(|t| t.stream.clone());
            }
            BlockerOpened::TYPE => {
                let blocker: BlockerOpened = event.read()?;
                self.opened_at.insert(blocker.id.clone(), event.timestamp);
                self.blockers.insert(blocker.id.clone(), blocker);
            }
            BlockerClosed::TYPE => {
                let BlockerClosed { id } = event.read()?;
                self.blockers.remove(&id);
                self.opened_at.remove(&id);
            }
            BlockerAnswered::TYPE => self.set.extend(event.read::<BlockerAnswered>()?.set),
            BudgetAdded::TYPE => {
                let added: BudgetAdded = event.read()?;
                self.budget += added.amount;
                self.month_cap = added.month_cap;
            }
            RequestTopics::TYPE => {
                // Asked again under the same id, it is the same task.
                if let Some(target) = event.targets.first()
                    && self.task(&target.stream).is_none()
                {
                    let plan = PlannedTask {
                        task: target.stream.clone(),
                        role: "cmo".into(),
                        title: "Find the questions that the catalogue can answer".into(),
                        depends_on: Vec::new(),
                        share: Amounts::ZERO,
                        proof: vec!["claims".into()],
                        slug: None,
                    };
                    self.tasks
                        .push(Arc::new(TaskRecord::new(plan, Some(event.timestamp))));
                }
            }
            GoalPlanned::TYPE => {
                let planned: GoalPlanned = event.read()?;
                self.plan = Some(planned.plan);
                let began = Some(event.timestamp);
                let records = planned.tasks.into_iter();
                self.tasks
                    .extend(records.map(|plan| Arc::new(TaskRecord::new(plan, began))));
            }
            TopicsNoted::TYPE => {
                let noted: TopicsNoted = event.read()?;
                self.refused = Some(noted.refused);
                self.products = noted.products;
                self.revised = noted.revised;
            }
            TaskAsked::TYPE => {
                let asked: TaskAsked = event.read()?;
                self.asks.insert(asked.task.clone(), asked);
            }
            BudgetAllowed::TYPE => {
                for target in &event.targets {
                    self.asks.remove(&target.stream);
                }
            }
            TaskSettled::TYPE => {
                let settled: TaskSettled = event.read()?;
                self.asks.remove(&settled.task);
                if !settled.pages.is_empty() {
                    self.pages = settled.pages;
                }
                if settled.edition.is_some() {
                    self.edition = settled.edition;
                }
                if let Some(task) = self.task_mut(&settled.task) {
                    task.state = settled.state;
                    task.spent = settled.spent;
                    task.evidence = settled.evidence;
                    task.worst_case_kept = settled.worst_case_kept;
                    task.ended = true;
                    task.finished = Some(event.timestamp);
                }
            }
            PageDropped::TYPE => {
                let dropped: PageDropped = event.read()?;
                if let Some(task) = self.task_mut(&dropped.task) {
                    "dropped".clone_into(&mut task.state);
                }
            }
            ReportReady::TYPE => self.report = Some(event.read::<ReportReady>()?.report),
            BudgetThresholdCrossed::TYPE => self
                .crossed
                .push(event.read::<BudgetThresholdCrossed>()?.threshold),
            SpendReported::TYPE => self.crossed.push(event.read::<SpendReported>()?.percent),
            GoalCompleted::TYPE => self.end("done", None),
            GoalFailed::TYPE => {
                let GoalFailed { reason } = event.read()?;
                self.end("failed", Some(reason));
            }
            GoalCancelled::TYPE => {
                let GoalCancelled { reason } = event.read()?;
                self.end(
                    "cancelled",
                    Some(Reason {
                        code: "cancelled".into(),
                        text: reason,
                    }),
                );
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, state: &str, reason: Option<Reason>) {
        state.clone_into(&mut self.state);
        self.reason = reason;
        self.paused = None;
        self.asks.clear();
    }

    /// Whether it has ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.state.as_str(), "done" | "failed" | "cancelled")
    }
}

impl TaskRecord {
    /// A task that was just asked for.
    #[must_use]
    pub fn new(plan: PlannedTask, began: Option<Timestamp>) -> Self {
        Self {
            plan,
            began,
            finished: None,
            state: "running".into(),
            spent: Amounts::ZERO,
            evidence: Vec::new(),
            worst_case_kept: Vec::new(),
            ended: false,
        }
    }
}
