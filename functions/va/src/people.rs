//! The company, its agents and its tasks, as they are: CONTRACT, section 6.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};
use va_agents::{report::BudgetDocument, view};
use va_domain::{
    amounts::Amounts,
    effect::{Completion, EffectSpec, Intent, Outcome},
    ids::{BlobId, StreamId},
    payload::{EffectCompleted, EffectFailed, EffectIntended},
    roles,
    state::{Ended, StreamState, TaskRecord},
};
use va_runtime::{
    agent::agent_id,
    kernel::Kernel,
    ports::{Blobs, Journal},
};

use crate::{
    board::body,
    exit::{Code, Failure},
    home::Home,
    result::public_state,
};

/// What a task does now: CONTRACT's names.
pub fn task_state(record: &TaskRecord, state: &StreamState) -> &'static str {
    match (record.state.as_str(), state.ended) {
        ("done", _) | (_, Some(Ended::Done)) => "done",
        ("failed", _) | (_, Some(Ended::Failed)) => "failed",
        ("cancelled" | "dropped", _) | (_, Some(Ended::Cancelled)) => "cancelled",
        _ if state.body.draft().is_some_and(|d| d.rejected) => "waiting_person",
        _ if state.version == 0 => "ready",
        _ if !state.effects.is_empty() => "running",
        _ => "waiting",
    }
}

/// One task of a goal.
pub async fn task(
    home: &Home,
    kernel: &Kernel,
    record: &TaskRecord,
    bodies: bool,
) -> Result<Value, Failure> {
    let stream = &record.plan.task;
    if home.left_out.contains(stream) {
        let text = format!("{stream} cannot be read; `va verify` says more");
        return Err(Failure::new(Code::Verification, text));
    }
    let state = kernel.fold(stream).await?.state;
    let account = &state.account;
    let sums = [
        account.allowed,
        account.available() + account.returned,
        account.reserved_total(),
        account.spent,
        Amounts::ZERO,
    ];
    let (trace, attempts) = trace(home, stream, bodies).await?;
    let depends: Vec<&str> = record.plan.depends_on.iter().map(StreamId::id).collect();
    Ok(json!({
        "task_id": stream.id(),
        "role": record.plan.role,
        "agent_id": agent_id(&record.plan.role, &kernel.identity().env),
        "title": record.plan.title,
        "state": task_state(record, &state),
        "depends_on": depends,
        "attempts": attempts,
        "budget": BudgetDocument::of(&home.company.currency, sums, Vec::new()),
        "reason": state.body.draft().filter(|d| d.rejected).map(|d| json!({ "code": "rejected", "text": d.summary })),
        "evidence": record.evidence,
        "trace": trace,
    }))
}

/// What a task did: its steps and its calls, from its stream.
async fn trace(home: &Home, stream: &StreamId, bodies: bool) -> Result<(Value, u32), Failure> {
    let mut intents: BTreeMap<String, (Intent, jiff::Timestamp)> = BTreeMap::new();
    let mut calls = Vec::new();
    let (mut steps, mut latency, mut from) = (0_u64, 0_i64, 1);
    let mut cost = 0;
    loop {
        let commits = home.store.read(stream, from, 256).await?;
        let Some(last) = commits.last() else { break };
        from = last.version + 1;
        for commit in &commits {
            steps += 1;
            let read = commit.read()?;
            for event in &read.events {
                let done: Completion = if event.is::<EffectIntended>() {
                    if let Ok(EffectIntended { intent }) = event.read() {
                        intents.insert(intent.reservation(), (intent, read.at));
                    }
                    continue;
                } else if event.is::<EffectCompleted>() {
                    match event.read::<EffectCompleted>() {
                        Ok(e) => e.completion,
                        Err(_) => continue,
                    }
                } else if event.is::<EffectFailed>() {
                    match event.read::<EffectFailed>() {
                        Ok(e) => e.completion,
                        Err(_) => continue,
                    }
                } else {
                    continue;
                };
                let attempt = va_domain::effect::reservation(&done.key, done.attempt);
                let Some((intent, began)) = intents.get(&attempt) else {
                    continue;
                };
                latency += i64::try_from(read.at.duration_since(*began).as_millis()).unwrap_or(0);
                cost += done.charged.micros;
                if let Some(call) = call(home, stream, intent, Some(&done), bodies).await? {
                    calls.push(call);
                }
                intents.remove(&attempt);
            }
        }
    }
    let attempts = u32::try_from(calls.len() + intents.len()).unwrap_or(u32::MAX);
    for (intent, _) in intents.values() {
        if let Some(call) = call(home, stream, intent, None, bodies).await? {
            calls.push(call);
        }
    }
    let outcome = calls.last().map_or(Value::Null, |c| c["outcome"].clone());
    let trace = json!({
        "steps": steps, "tool_calls": attempts, "latency_ms": latency, "token_cost": cost,
        "outcome": outcome, "model_calls": calls,
    });
    Ok((trace, attempts))
}

async fn call(
    home: &Home,
    stream: &StreamId,
    intent: &Intent,
    done: Option<&Completion>,
    bodies: bool,
) -> Result<Option<Value>, Failure> {
    let EffectSpec::ModelCall {
        terms,
        purpose,
        request,
        ..
    } = &intent.wanted.spec
    else {
        return Ok(None);
    };
    let (mut answer, mut usage) = (None, None);
    let outcome = match done.map(|d| &d.outcome) {
        Some(Outcome::Answered {
            answer: text,
            usage: counted,
            finish,
        }) => {
            answer = Some(text.blob.clone());
            usage = *counted;
            if *finish == va_domain::model::Finish::Refused {
                "refused"
            } else {
                "answered"
            }
        }
        Some(Outcome::Malformed { .. }) => "malformed",
        Some(Outcome::Failed { code, .. }) if code == "lost" || code == "cut_off" => "unknown",
        Some(_) => "error",
        None => "unknown",
    };
    let mut call = json!({
        "call_id": format!("{}/{}", stream.id(), intent.reservation()),
        "purpose": purpose,
        "model": terms.id,
        "request_sha256": request.blob.hex(),
        "prompt": request.blob,
        "answer": answer,
        "reserved_micros": intent.wanted.worst.micros,
        "charged_micros": done.map_or(0, |d| d.charged.micros),
        "input_tokens": usage.map(|u| u.input_tokens),
        "output_tokens": usage.map(|u| u.output_tokens),
        "outcome": outcome,
    });
    if bodies {
        call["prompt_body"] = text(home, &request.blob).await?.into();
        if let Some(blob) = &answer {
            call["answer_body"] = text(home, blob).await?.into();
        }
    }
    Ok(Some(call))
}

async fn text(home: &Home, blob: &BlobId) -> Result<String, Failure> {
    Ok(String::from_utf8_lossy(&home.store.get(blob).await?).into_owned())
}

/// The tasks of a goal whose streams can be read.
fn readable<'a>(
    home: &'a Home,
    goal: &'a StreamState,
) -> Result<impl Iterator<Item = &'a TaskRecord>, Failure> {
    let tasks = body(goal)?.tasks.iter().map(Arc::as_ref);
    Ok(tasks.filter(|record| !home.left_out.contains(&record.plan.task)))
}

/// Every task of these goals.
pub async fn tasks(
    home: &Home,
    kernel: &Kernel,
    goals: &[StreamState],
) -> Result<Vec<Value>, Failure> {
    let mut all = Vec::new();
    for goal in goals {
        for record in readable(home, goal)? {
            all.push(task(home, kernel, record, false).await?);
        }
    }
    Ok(all)
}

/// The one task whose id begins so.
pub async fn one_task(
    home: &Home,
    kernel: &Kernel,
    goals: &[StreamState],
    id: &str,
    bodies: bool,
) -> Result<Value, Failure> {
    let mut found = Vec::new();
    for goal in goals {
        found.extend(
            body(goal)?
                .tasks
                .iter()
                .filter(|t| !id.is_empty() && t.plan.task.id().starts_with(id)),
        );
    }
    match found.as_slice() {
        [only] => task(home, kernel, only, bodies).await,
        [] => Err(Failure::input(format!(
            "no task is called `{id}`; `va tasks` lists them"
        ))),
        _ => Err(Failure::input(format!(
            "several tasks begin with `{id}`; give more of the id"
        ))),
    }
}

/// Every agent: who it is, whom it reports to, what it does and what it has spent.
pub async fn agents(kernel: &Kernel, goals: &[StreamState]) -> Result<Vec<Value>, Failure> {
    let mut doing: BTreeMap<&str, String> = BTreeMap::new();
    let mut spent: BTreeMap<&str, i64> = BTreeMap::new();
    for goal in goals {
        for record in &body(goal)?.tasks {
            let state = kernel.fold(&record.plan.task).await?.state;
            *spent.entry(&record.plan.role).or_default() += state.account.spent.micros;
            if state.ended.is_none() && state.version > 0 {
                doing
                    .entry(&record.plan.role)
                    .or_insert_with(|| record.plan.title.clone());
            }
        }
    }
    Ok(roles::ROLES
        .iter()
        .map(|role| {
            json!({
                "agent_id": agent_id(role.id, &kernel.identity().env), "role": role.id, "name": role.name, "reports_to": role.reports_to,
                "persona": role.persona,
                "state": if role.built { "active" } else { "vacant" },
                "doing": doing.get(role.id),
                "spent_micros": spent.get(role.id).copied().unwrap_or(0),
            })
        })
        .collect())
}

/// What a person must do.
pub fn needs_you(asking: &[StreamState]) -> Vec<Value> {
    let mut needs = Vec::new();
    for state in asking {
        for blocker in view::blockers(state) {
            needs.push(json!({
                "kind": "blocker", "id": blocker["id"], "text": blocker["text"],
                "command": blocker["command"],
            }));
        }
        let Some(known) = state.body.goal() else {
            continue;
        };
        let slug = known
            .asked
            .as_ref()
            .map_or_else(String::new, |a| a.slug.clone());
        match public_state(known).as_str() {
            "paused_budget" => needs.push(json!({
                "kind": "budget", "id": state.stream.id(), "text": known.reason.as_ref().map(|r| r.text.clone()),
                "command": format!("va budget add {slug} --amount 5.00 --tokens 100000 --calls 100"),
            })),
            "paused" => needs.push(json!({
                "kind": "paused", "id": state.stream.id(), "text": known.paused.as_ref().map(|r| r.text.clone()),
                "command": format!("va resume {slug}"),
            })),
            _ => {}
        }
    }
    needs
}

/// Profit and loss of a goal, call by call.
pub async fn pnl(home: &Home, kernel: &Kernel, goal: &StreamState) -> Result<Value, Failure> {
    let mut costs = Vec::new();
    let mut pages = Vec::new();
    let mut sum = 0;
    for record in readable(home, goal)? {
        let task = task(home, kernel, record, false).await?;
        let mut of_page = 0;
        for call in task["trace"]["model_calls"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let charged = call["charged_micros"].as_i64().unwrap_or(0);
            of_page += charged;
            costs.push(json!({
                "agent_id": task["agent_id"], "task_id": task["task_id"], "model": call["model"], "calls": 1,
                "input_tokens": call["input_tokens"], "output_tokens": call["output_tokens"], "amount_micros": charged,
            }));
        }
        sum += of_page;
        if let Some(slug) = &record.plan.slug {
            pages.push(json!({ "slug": slug, "cost_micros": of_page, "revenue_micros": 0 }));
        }
    }
    Ok(json!({
        "goal_id": goal.stream.id(), "revenue_micros": 0, "costs_micros": sum, "result_micros": -sum,
        "costs": costs, "revenue": [], "pages": pages, "estimate": null,
    }))
}
