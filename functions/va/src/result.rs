//! How `run` and `resume` end: seal, table of results, `next:` and the exit code.

use std::{collections::BTreeMap, path::Path, sync::atomic::Ordering};

use serde_json::{Value, json};
use va_agents::report::BudgetDocument;
use va_domain::{
    ids::StreamId,
    state::{GoalBody, StreamState},
};
use va_embedded::dispatch::End;
use va_runtime::kernel::Kernel;

use crate::{
    board::body,
    exit::{Code, Failure},
    home::Home,
    progress::{Progress, money_text},
    run::books,
    seal,
};

/// Syncs and seals, tells what came of the goals, and how to go on.
pub async fn finish(
    home: &Home,
    kernel: &Kernel,
    goals: &[StreamId],
    end: &End,
    progress: &Progress,
    as_json: bool,
    folder: Option<&Path>,
) -> Result<Code, Failure> {
    let mut states = Vec::new();
    for goal in goals {
        states.push(kernel.fold(goal).await?.state);
    }
    let sealed = seal::seal(home, &states)?;
    let mut code = Code::Done;
    if progress.defects.load(Ordering::Relaxed) > 0 {
        code = Code::Defect;
    }
    for state in &states {
        code = worse(code, code_of(body(state)?));
    }
    match end {
        End::Service(_) => code = worse(code, Code::Outside),
        End::Stopped => code = Code::Interrupted,
        End::Idle => {}
    }
    let mut reason = match end {
        End::Service(text) => Some(("model_service".to_owned(), text.clone())),
        _ => None,
    };
    for state in &states {
        let next = next(home, state, folder, end)?;
        let document = document(
            home,
            kernel,
            state,
            code,
            &next,
            progress,
            &sealed,
            reason.take(),
        )
        .await?;
        if as_json {
            println!("{document}");
        } else {
            print_people(home, state, &document, &next)?;
        }
    }
    if states.is_empty() && !as_json {
        println!("the company has no goal yet\nnext: va run DIR");
    }
    if !as_json {
        println!(
            "seal: root {} (keep it: `va verify --root {}`)",
            sealed.root, sealed.root
        );
    }
    Ok(code)
}

/// 7, 8, 5, 3, 4 in this order; a defect of ours before all.
fn worse(a: Code, b: Code) -> Code {
    const ORDER: [Code; 7] = [
        Code::Defect,
        Code::Verification,
        Code::Outside,
        Code::Failed,
        Code::Budget,
        Code::Person,
        Code::Done,
    ];
    ORDER.into_iter().find(|c| *c == a || *c == b).unwrap_or(a)
}

fn code_of(goal: &GoalBody) -> Code {
    match goal.state.as_str() {
        "done" => Code::Done,
        "failed" | "cancelled" => Code::Failed,
        _ if goal.state == "paused_budget" => Code::Budget,
        _ if goal.paused.as_ref().is_some_and(|r| r.code == "overrun") => Code::Budget,
        _ => Code::Person,
    }
}

fn next(
    home: &Home,
    state: &StreamState,
    folder: Option<&Path>,
    end: &End,
) -> Result<Vec<String>, Failure> {
    let goal = body(state)?;
    let slug = goal
        .asked
        .as_ref()
        .map_or_else(String::new, |a| a.slug.clone());
    let at = format!("--home {}", home.folder.display());
    let mut next = Vec::new();
    if goal.state == "done" {
        let site = goal
            .asked
            .as_ref()
            .map_or_else(String::new, |a| a.site.clone());
        next.push(format!(
            "open {}",
            home.folder
                .join("sites")
                .join(site)
                .join("index.html")
                .display()
        ));
        next.push(format!("va verify {at}"));
        return Ok(next);
    }
    for blocker in goal.blockers.values() {
        let set: String = blocker
            .needs
            .iter()
            .map(|k| format!(" --set {k}=VALUE"))
            .collect();
        next.push(format!("va unblock {}{set} {at}", blocker.id));
    }
    if goal.state == "paused_budget" {
        next.push(format!(
            "va budget add {slug} --amount 5.00 --tokens 100000 --calls 100 {at}"
        ));
    }
    if !goal.is_over() && (goal.blockers.is_empty() || matches!(end, End::Stopped)) {
        next.push(folder.map_or_else(
            || format!("va resume {at}"),
            |f| {
                if goal.paused.is_some() || goal.state == "paused_budget" {
                    format!("va resume {slug} {at}")
                } else {
                    format!("va run {} {at}", f.display())
                }
            },
        ));
    } else if !goal.blockers.is_empty() {
        next.push(format!("va resume {at}"));
    }
    next.push(format!("va goal {slug} {at}"));
    Ok(next)
}

#[expect(
    clippy::too_many_arguments,
    reason = "the contract's result has this many parts"
)]
async fn document(
    home: &Home,
    kernel: &Kernel,
    state: &StreamState,
    code: Code,
    next: &[String],
    progress: &Progress,
    sealed: &seal::Sealed,
    service: Option<(String, String)>,
) -> Result<Value, Failure> {
    let goal = body(state)?;
    let budget = BudgetDocument::of(
        &home.company.currency,
        books(kernel, state).await?,
        goal.crossed.clone(),
    );
    let mut tasks: BTreeMap<&str, u32> = BTreeMap::new();
    for task in &goal.tasks {
        *tasks.entry(task.state.as_str()).or_default() += 1;
    }
    let goal_id = state.stream.id();
    let site = goal
        .asked
        .as_ref()
        .map(|a| home.folder.join("sites").join(&a.site))
        .filter(|p| p.is_dir());
    let report = Some(home.folder.join("reports").join(goal_id)).filter(|p| p.is_dir());
    let reason = service
        .or_else(|| {
            goal.paused
                .as_ref()
                .or(goal.reason.as_ref())
                .map(|r| (r.code.clone(), r.text.clone()))
        })
        .map(|(code, text)| json!({ "code": code, "text": text }));
    Ok(json!({
        "schema": "va.result/1",
        "type": "result",
        "goal_id": goal_id,
        "id": goal.asked.as_ref().map(|a| a.slug.clone()),
        "state": public_state(goal),
        "exit_code": code as i32,
        "reason": reason,
        "next": next,
        "tasks": tasks,
        "budget": budget,
        "pnl": {
            "goal_id": goal_id,
            "revenue_micros": 0,
            "costs_micros": budget.spent_micros,
            "result_micros": -budget.spent_micros,
        },
        "site": site,
        "report": report,
        "calls": {
            "finished": progress.calls.0.load(Ordering::Relaxed),
            "unknown": progress.calls.1.load(Ordering::Relaxed),
        },
        "verify": { "ok": sealed.ok, "seal": { "n": sealed.n, "root": sealed.root } },
    }))
}

/// The goal's state as the contract names it.
pub fn public_state(goal: &GoalBody) -> String {
    if goal.paused.is_some() && !goal.is_over() {
        "paused".into()
    } else {
        goal.state.clone()
    }
}

fn print_people(
    home: &Home,
    state: &StreamState,
    document: &Value,
    next: &[String],
) -> Result<(), Failure> {
    let goal = body(state)?;
    println!(
        "goal    {} is {}",
        document["id"].as_str().unwrap_or("?"),
        document["state"].as_str().unwrap_or("?")
    );
    if let Some(text) = document["reason"]["text"].as_str() {
        println!("why     {text}");
    }
    for page in &goal.pages {
        println!("page    {} ({} merchant links)", page.path, page.links);
    }
    let budget = &document["budget"];
    let n = |v: &Value| v.as_i64().unwrap_or(0);
    println!(
        "budget  {} of {} {} spent, {} tokens, {} calls",
        money_text(n(&budget["spent_micros"])),
        money_text(n(&budget["allocated_micros"])),
        home.company.currency,
        n(&budget["tokens"]["spent"]),
        n(&budget["calls"]["spent"])
    );
    for (name, key) in [("site", "site"), ("report", "report")] {
        if let Some(path) = document[key].as_str() {
            println!("{name:<7} {path}/index.html");
        }
    }
    for command in next {
        println!("next:   {command}");
    }
    Ok(())
}
