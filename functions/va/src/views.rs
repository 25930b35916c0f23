//! Commands that show what is: the company, its goals, tasks, agents, events and money.

use serde_json::{Value, json};
use va_agents::{report::BudgetDocument, view};
use va_domain::{amounts::Amounts, state::StreamState};
use va_embedded::WorkerLock;
use va_runtime::kernel::Kernel;

use crate::out::say;
use crate::{
    ViewCommand,
    board::body,
    check::print,
    exit::{Code, Failure},
    home::Home,
    people, revision,
    run::books,
    text,
};

/// `va budget`: of one goal, or of all.
pub async fn budget(home: &Home, goal: Option<&str>, as_json: bool) -> Result<Code, Failure> {
    let kernel = home.at_once()?;
    let goals = match goal {
        Some(name) => vec![home.goal(&kernel, Some(name)).await?],
        None => home.goals(&kernel).await?,
    };
    let (mut sums, mut crossed) = ([Amounts::ZERO; 5], Vec::new());
    for state in &goals {
        for (sum, part) in sums.iter_mut().zip(books(&kernel, state).await?) {
            *sum += part;
        }
        crossed.extend(&body(state)?.crossed);
    }
    crossed.sort_unstable();
    crossed.dedup();
    let budget = BudgetDocument::of(&home.company.currency, sums, crossed);
    show("va.budget/1", serde_json::to_value(&budget)?, as_json)
}

/// What is, for people and programs.
pub async fn view(home: &Home, command: ViewCommand, as_json: bool) -> Result<Code, Failure> {
    // Events may be followed for hours, and no snapshot may live so long.
    let kernel = match command {
        ViewCommand::Events { .. } => home.kernel()?,
        _ => home.at_once()?,
    };
    let goals = home.goals(&kernel).await?;
    match command {
        ViewCommand::Events {
            goal,
            after,
            follow,
        } => {
            let only = match goal {
                Some(name) => Some(home.goal(&kernel, Some(&name)).await?.stream.to_string()),
                None => None,
            };
            let mut row = after;
            loop {
                let rows = home.store.rows_after(row, 500)?;
                let Some(last) = rows.last() else {
                    if !follow {
                        return Ok(Code::Done);
                    }
                    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                    continue;
                };
                row = last.row;
                for logged in &rows {
                    for event in logged.commit.read()?.events {
                        let wanted = only.as_ref().is_none_or(|id| *id == event.correlation_id);
                        if wanted && !say!("{}", text::event(&event, as_json)?) {
                            return Ok(Code::Done);
                        }
                    }
                }
            }
        }
        ViewCommand::Goal { goal } => {
            let state = home.goal(&kernel, Some(&goal)).await?;
            let document = goal_document(home, &kernel, &state).await?;
            show("va.goal/1", document, as_json)
        }
        ViewCommand::Blockers => blockers(&home.asking(&kernel).await?, as_json),
        ViewCommand::Goals => {
            let all = goal_documents(home, &kernel, &goals).await?;
            show("va.goals/1", json!({ "goals": all }), as_json)
        }
        ViewCommand::Status => {
            let newest = revision::newest(goals.clone());
            let document = json!({
                "company": home.company.company,
                "worker": if WorkerLock::is_held(&home.folder) { "running" } else { "none" },
                "goals": goal_documents(home, &kernel, &newest).await?,
                "agents": people::agents(&kernel, &goals).await?,
                "needs_you": people::needs_you(&home.asking(&kernel).await?),
            });
            show("va.status/1", document, as_json)
        }
        ViewCommand::Tasks { goal } => {
            let goals = match goal {
                Some(name) => vec![home.goal(&kernel, Some(&name)).await?],
                None => revision::newest(goals),
            };
            show(
                "va.tasks/1",
                json!({ "tasks": people::tasks(home, &kernel, &goals).await? }),
                as_json,
            )
        }
        ViewCommand::Task { task, bodies } => {
            let document = people::one_task(home, &kernel, &goals, &task, bodies).await?;
            show("va.task/1", document, as_json)
        }
        ViewCommand::Agents => show(
            "va.agents/1",
            json!({ "agents": people::agents(&kernel, &goals).await? }),
            as_json,
        ),
        ViewCommand::Pnl { goal } => {
            let state = home.goal(&kernel, goal.as_deref()).await?;
            show(
                "va.pnl/1",
                people::pnl(home, &kernel, &state).await?,
                as_json,
            )
        }
    }
}

/// `va blockers`: what these ask of a person.
pub fn blockers(asking: &[StreamState], as_json: bool) -> Result<Code, Failure> {
    let blockers: Vec<Value> = asking.iter().flat_map(view::blockers).collect();
    show("va.blockers/1", json!({ "blockers": blockers }), as_json)
}

async fn goal_documents(
    home: &Home,
    kernel: &Kernel,
    goals: &[StreamState],
) -> Result<Vec<Value>, Failure> {
    let mut all = Vec::new();
    for state in goals {
        all.push(goal_document(home, kernel, state).await?);
    }
    Ok(all)
}

async fn goal_document(
    home: &Home,
    kernel: &Kernel,
    state: &StreamState,
) -> Result<Value, Failure> {
    let sums = books(kernel, state).await?;
    view::goal(&home.company.currency, state, sums)
        .ok_or_else(|| Failure::new(Code::Defect, format!("{} is no goal", state.stream)))
}

fn show(schema: &str, document: Value, as_json: bool) -> Result<Code, Failure> {
    if as_json {
        return print(schema, &document);
    }
    say!("{}", text::of(schema, &document).trim_end());
    Ok(Code::Done)
}
