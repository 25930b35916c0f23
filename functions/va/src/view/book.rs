//! A goal with its month and its tasks, folded from one state of the journal.

use va_domain::{
    amounts::Amounts,
    commit::Answerer,
    ids::{StreamId, kind},
    state::{Ended, GoalBody, StreamState, TaskRecord},
};

use super::{Read, ViewError, fold};

/// A goal and every stream whose money is the goal's.
#[derive(Clone, Debug)]
pub struct GoalBook {
    /// The goal's stream.
    pub state: StreamState,
    /// What the CEO keeps of it.
    pub body: GoalBody,
    /// The month that it draws on.
    pub month: Option<StreamState>,
    /// Its tasks in plan order; one that has not begun is empty.
    pub tasks: Vec<(TaskRecord, StreamState)>,
}

/// The five sums of a budget; `allocated` is that of the other four.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// All that the month granted.
    pub allocated: Amounts,
    /// What may still be spent; what went back counts.
    pub available: Amounts,
    /// Set aside for attempts under way.
    pub reserved: Amounts,
    /// Spent.
    pub spent: Amounts,
    /// Written by one side of an edge and not read by the other.
    pub in_flight: Amounts,
}

impl Sums {
    /// Unit by unit.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            allocated: self.allocated + other.allocated,
            available: self.available + other.available,
            reserved: self.reserved + other.reserved,
            spent: self.spent + other.spent,
            in_flight: self.in_flight + other.in_flight,
        }
    }

    /// In the order of the contract.
    #[must_use]
    pub fn array(self) -> [Amounts; 5] {
        [
            self.allocated,
            self.available,
            self.reserved,
            self.spent,
            self.in_flight,
        ]
    }
}

impl GoalBook {
    /// Reads a goal; `None` where the stream is not one, or holds no goal yet.
    ///
    /// # Errors
    /// Where a stream cannot be read.
    pub fn load(from: &dyn Read, stream: &StreamId) -> Result<Option<Self>, ViewError> {
        let state = fold(from, stream)?;
        let Some(body) = state.body.goal().cloned() else {
            return Ok(None);
        };
        let month = match &body.month {
            Some(month) => Some(fold(from, month)?),
            None => None,
        };
        let tasks = body
            .tasks
            .iter()
            .map(|record| Ok((record.clone(), fold(from, &record.plan.task)?)))
            .collect::<Result<Vec<_>, ViewError>>()?;
        Ok(Some(Self {
            state,
            body,
            month,
            tasks,
        }))
    }

    /// Every goal of the company, in order of their streams.
    ///
    /// # Errors
    /// Where a stream cannot be read.
    pub fn load_all(from: &dyn Read) -> Result<Vec<Self>, ViewError> {
        let mut all = Vec::new();
        for stream in from.streams(&format!("{}/", kind::GOAL))? {
            all.extend(Self::load(from, &stream)?);
        }
        Ok(all)
    }

    /// Its slug.
    #[must_use]
    pub fn slug(&self) -> &str {
        self.body.asked.as_ref().map_or("", |a| a.slug.as_str())
    }

    /// Its state as the contract names it.
    #[must_use]
    pub fn public_state(&self) -> &str {
        if self.body.paused.is_some() && !self.body.is_over() {
            "paused"
        } else {
            &self.body.state
        }
    }

    /// The five sums over the goal and its tasks. Each is added up from what its own streams wrote, so
    /// that they balance only if the books do.
    #[must_use]
    pub fn sums(&self) -> Sums {
        let account = &self.state.account;
        let granted = self
            .month
            .as_ref()
            .and_then(|m| m.account.edges.get(&self.state.stream))
            .map_or(account.allowed, |edge| edge.allowed);
        let mut sums = Sums {
            allocated: granted,
            available: account.available() + account.returned,
            reserved: account.reserved_total(),
            spent: account.spent,
            in_flight: granted - account.allowed,
        };
        for (record, task) in &self.tasks {
            let own = &task.account;
            sums.spent += own.spent;
            sums.reserved += own.reserved_total();
            sums.available += own.available();
            // A closed edge has nothing in flight: both sides have told each other all.
            if let Some(edge) = account.edges.get(&record.plan.task) {
                sums.in_flight += (edge.allowed - own.allowed) + (own.returned - edge.returned);
            }
        }
        sums
    }

    /// The five sums of one task.
    #[must_use]
    pub fn sums_of(&self, task: &StreamState) -> Sums {
        let own = &task.account;
        let granted = self
            .state
            .account
            .edges
            .get(&task.stream)
            .map_or(own.allowed, |edge| edge.allowed);
        Sums {
            allocated: granted,
            available: own.available() + own.returned,
            reserved: own.reserved_total(),
            spent: own.spent,
            in_flight: granted - own.allowed,
        }
    }

    /// A task's state as the contract names it.
    #[must_use]
    pub fn task_state(&self, record: &TaskRecord, task: &StreamState) -> &'static str {
        match (record.state.as_str(), task.ended) {
            ("dropped" | "cancelled", _) => return "cancelled",
            ("done", _) | (_, Some(Ended::Done)) => return "done",
            ("failed", _) | (_, Some(Ended::Failed)) => return "failed",
            (_, Some(Ended::Cancelled)) => return "cancelled",
            _ if self.body.is_over() => return "cancelled",
            _ => {}
        }
        let asks_person = task.body.draft().is_some_and(|d| d.rejected)
            || task
                .expectations
                .values()
                .any(|e| matches!(e.from, Answerer::Person))
            || self
                .body
                .blockers
                .values()
                .any(|b| b.task.as_ref() == Some(&record.plan.task));
        let depends_on_all_done = || {
            record
                .plan
                .depends_on
                .iter()
                .all(|on| self.body.task(on).is_some_and(|t| t.state == "done"))
        };
        if asks_person {
            "waiting_person"
        } else if task.effects.values().any(|open| open.result.is_none()) {
            "running"
        } else if task.version == 0 && depends_on_all_done() {
            "ready"
        } else {
            "waiting"
        }
    }
}
