//! What the board says: acts that hold at once, with or without a worker.

use std::{collections::BTreeMap, sync::Arc};

use va_agents::{
    blockers::{self, AnswerError},
    view::open_blockers,
};
use va_domain::{
    amounts::Amounts,
    envelope::Target,
    goal_spec::Priority,
    payload::{BlockerAnswered, BudgetAdded, CancelRequested, PauseRequested, Payload},
    state::{GoalBody, StreamState},
};
use va_embedded::dispatch::deliver_beside;
use va_runtime::{
    agent::Decision,
    kernel::{Committed, Kernel},
    ports::World,
};

use crate::{
    exit::{Code, Failure},
    home::{Home, act_stream},
};

/// An open company and the kernel that acts in it.
pub struct Board {
    /// The company.
    pub home: Home,
    /// Its kernel; it begins no effect.
    pub kernel: Arc<Kernel>,
    /// Whether what follows from an act is decided here, beside a worker; else others deliver it.
    pub beside: bool,
}

impl Board {
    /// Opens a company to act in it.
    pub fn open(folder: &std::path::Path) -> Result<Self, Failure> {
        let home = Home::open(folder)?;
        let kernel = home.kernel()?;
        Ok(Self {
            home,
            kernel,
            beside: true,
        })
    }

    /// Appends an act that tells a goal or an incident, and delivers it.
    pub async fn act<P: Payload>(&self, told: &StreamState, payload: &P) -> Result<(), Failure> {
        let committed = act(&self.kernel, &*self.home.world, told, payload).await?;
        if let Some(commit) = committed.filter(|_| self.beside) {
            deliver_beside(&self.kernel, commit).await?;
        }
        Ok(())
    }

    /// Pauses a goal.
    pub async fn pause(&self, goal: &StreamState) -> Result<(), Failure> {
        self.act(goal, &PauseRequested { reason: None }).await
    }

    /// Cancels a goal.
    pub async fn cancel(&self, goal: &StreamState, reason: &str) -> Result<(), Failure> {
        if body(goal)?.is_over() {
            return Err(Failure::input(format!(
                "the goal is {} already",
                body(goal)?.state
            )));
        }
        self.act(
            goal,
            &CancelRequested {
                reason: reason.to_owned(),
            },
        )
        .await
    }

    /// Raises a goal's budget.
    pub async fn add(&self, goal: &StreamState, amount: Amounts) -> Result<(), Failure> {
        if body(goal)?.is_over() {
            return Err(Failure::input(format!(
                "the goal is {} already",
                body(goal)?.state
            )));
        }
        let month_cap = self.home.month_cap()?;
        self.act(goal, &BudgetAdded { amount, month_cap }).await
    }

    /// Answers a blocker.
    pub async fn unblock(
        &self,
        blocker: &str,
        set: BTreeMap<String, String>,
        note: Option<String>,
    ) -> Result<(), Failure> {
        let asking = self.home.asking(&self.kernel).await?;
        let (told, answer) = answer(&asking, blocker, set, note)?;
        self.act(told, &answer).await
    }
}

/// Appends an act that tells a goal or an incident.
pub async fn act<P: Payload>(
    kernel: &Kernel,
    world: &dyn World,
    told: &StreamState,
    payload: &P,
) -> Result<Option<Arc<Committed>>, Failure> {
    let mut decision = Decision::nothing();
    decision
        .send(payload, vec![Target::tell(told.stream.clone())])
        .map_err(|e| Failure::new(Code::Defect, e.to_string()))?;
    let stream = act_stream(world)?;
    let of = told.stream.as_str();
    Ok(kernel.act(&stream, decision, Priority::P0, of).await?)
}

/// The answer to a blocker, and the one of these that asks it.
pub fn answer<'a>(
    asking: &'a [StreamState],
    blocker: &str,
    mut set: BTreeMap<String, String>,
    note: Option<String>,
) -> Result<(&'a StreamState, BlockerAnswered), Failure> {
    let all = asking.iter().flat_map(|state| {
        let open = open_blockers(state).into_iter();
        open.map(move |(open, _)| (state, open))
    });
    let Some((told, open)) = all.into_iter().find(|(_, open)| open.id == blocker) else {
        return Err(Failure::input(format!(
            "no blocker is called `{blocker}`; `va blockers` lists them"
        )));
    };
    if let Some(path) = set
        .get("site.imprint")
        .filter(|p| std::path::Path::new(p).is_file())
    {
        let text = std::fs::read_to_string(path)
            .map_err(|e| Failure::input(format!("{path} cannot be read: {e}")))?;
        set.insert("site.imprint".into(), text);
    }
    let answer = blockers::answer(open, set, note).map_err(|e| {
        Failure::input(match e {
            AnswerError::Missing { keys } => {
                let set: String = keys
                    .iter()
                    .map(|key| format!(" --set {key}=VALUE"))
                    .collect();
                format!("this blocker needs{set}")
            }
            e => e.to_string(),
        })
    })?;
    Ok((told, answer))
}

/// The goal's body.
pub fn body(goal: &StreamState) -> Result<&GoalBody, Failure> {
    goal.body
        .goal()
        .ok_or_else(|| Failure::new(Code::Defect, format!("{} is no goal", goal.stream)))
}
