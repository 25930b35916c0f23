//! What is, as documents of the contract: the same at home and over HTTP.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use va_domain::{
    account::Account,
    amounts::Amounts,
    payload::BlockerOpened,
    state::{Body, GoalBody, StreamState},
};

use crate::report::{BudgetDocument, kpis};

/// The goal's state as the contract names it.
#[must_use]
pub fn public_state(goal: &GoalBody) -> &str {
    if goal.paused.is_some() && !goal.is_over() {
        "paused"
    } else {
        &goal.state
    }
}

/// The five sums of a goal from its own stream alone: what its tasks hold is in flight.
#[must_use]
pub fn own_sums(account: &Account) -> [Amounts; 5] {
    let available = account.available() + account.returned;
    let reserved = account.reserved_total();
    let spent = account.spent_total();
    let in_flight = account.allowed - available - reserved - spent;
    [account.allowed, available, reserved, spent, in_flight]
}

/// A Goal; `None` where the stream is not one. Before it was accepted it has no slug.
#[must_use]
pub fn goal(currency: &str, state: &StreamState, sums: [Amounts; 5]) -> Option<Value> {
    let goal = state.body.goal()?;
    let asked = goal.asked.as_ref();
    let mut tasks: BTreeMap<&str, u32> = BTreeMap::new();
    for task in &goal.tasks {
        *tasks.entry(task.state.as_str()).or_default() += 1;
    }
    Some(json!({
        "goal_id": state.stream.id(),
        "id": asked.map(|a| &a.slug),
        "revision": asked.map(|a| a.brief.revision),
        "follows": asked.and_then(|a| Some(&a.brief.follows.as_ref()?.goal_id)),
        "state": public_state(goal),
        "reason": goal.paused.as_ref().or(goal.reason.as_ref()),
        "as_of": asked.map(|a| a.brief.as_of),
        "tasks": tasks,
        "budget": BudgetDocument::of(currency, sums, goal.crossed.clone()),
        "kpis": kpis(asked.map_or(&[], |a| &a.kpis), goal, sums[3]),
        "blockers": goal.blockers.keys().collect::<Vec<_>>(),
        "approvals": [],
        "pages": goal.pages.iter().map(|p| json!({
            "slug": p.slug, "title": p.title, "path": p.path, "url": p.url, "sha256": p.sha256,
        })).collect::<Vec<_>>(),
    }))
}

/// What a stream asks of a person: its open blockers, each with the time at which it was opened.
#[must_use]
pub fn open_blockers(state: &StreamState) -> Vec<(&BlockerOpened, Option<jiff::Timestamp>)> {
    match &state.body {
        Body::Goal(goal) => goal
            .blockers
            .values()
            .map(|blocker| (blocker, goal.opened_at.get(&blocker.id).copied()))
            .collect(),
        Body::Incident(incident) => {
            let asked = incident.blocker.as_ref();
            asked.map(|b| (b, incident.asked_at)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The Blockers of a stream. One of an incident has no goal.
#[must_use]
pub fn blockers(state: &StreamState) -> Vec<Value> {
    let goal_id = state.body.goal().map(|_| state.stream.id());
    open_blockers(state)
        .into_iter()
        .map(|(blocker, opened_at)| {
            let set: String = blocker
                .needs
                .iter()
                .map(|key| format!(" --set {key}=VALUE"))
                .collect();
            json!({
                "id": blocker.id, "goal_id": goal_id, "kind": blocker.kind, "text": blocker.text,
                "needs": blocker.needs, "command": format!("va unblock {}{set}", blocker.id),
                "opened_at": opened_at, "expires_at": blocker.expires_at,
            })
        })
        .collect()
}

/// Goals, as the contract shows them.
pub const GOALS: &str = "goals";
/// What each stream asks of a person: a list of blockers.
pub const BLOCKERS: &str = "blockers";

/// What is kept of a stream to be shown: a goal itself, and whatever asks a person, each by its view.
#[must_use]
pub fn shown(currency: &str, state: &StreamState) -> Vec<(&'static str, String)> {
    let goal = goal(currency, state, own_sums(&state.account));
    let blockers = json!({ "stream": state.stream, "blockers": blockers(state) });
    goal.map(|goal| (GOALS, goal.to_string()))
        .into_iter()
        .chain([(BLOCKERS, blockers.to_string())])
        .collect()
}

#[cfg(test)]
mod tests {
    use va_domain::account::Entry;

    use super::*;

    #[test]
    fn the_sums_of_a_goal_balance_from_its_own_stream_alone() {
        let mut account = Account::default();
        let child = "task-content-generator/a".parse().expect("a stream");
        let amount = |n| Amounts::new(n, n, n);
        for entry in [
            Entry::Receive { total: amount(100) },
            Entry::Allow {
                child,
                total: amount(30),
            },
        ] {
            account.apply(&entry).expect("booked");
        }
        let [allocated, available, reserved, spent, in_flight] = own_sums(&account);
        assert_eq!(allocated, available + reserved + spent + in_flight);
        assert_eq!((available, in_flight), (amount(70), amount(30)));
    }
}
