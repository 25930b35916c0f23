//! How `run` and `resume` end: seal, table of results, `next:` and the exit code.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::atomic::Ordering,
};

use serde_json::{Value, json};
use va_agents::report::BudgetDocument;
use va_domain::{
    ids::StreamId,
    state::{GoalBody, StreamState},
};
use va_embedded::dispatch::End;
use va_runtime::kernel::Kernel;

use crate::out::say;
use crate::{
    board::body,
    exit::{Code, Failure},
    home::Home,
    progress::{Progress, money_text},
    run::books,
    seal,
};

/// Where a company lives, as results and `next:` commands name it.
pub enum Place {
    /// A folder.
    Folder(PathBuf),
    /// On AWS.
    #[cfg(feature = "aws")]
    Aws {
        /// The company.
        name: String,
        /// What stands before a site's name.
        sites: String,
        /// What stands before a goal's report.
        reports: String,
    },
}

impl Place {
    /// The flag that names it.
    fn flag(&self) -> String {
        match self {
            Self::Folder(folder) => format!("--home {}", folder.display()),
            #[cfg(feature = "aws")]
            Self::Aws { name, .. } => format!("--home aws:{name}"),
        }
    }

    /// Where a goal's site stands, if it does.
    fn site(&self, goal: &GoalBody) -> Option<String> {
        let site = &goal.asked.as_ref()?.site;
        match self {
            Self::Folder(folder) => shown(&folder.join("sites").join(site)),
            #[cfg(feature = "aws")]
            Self::Aws { sites, .. } => (goal.state == "done").then(|| format!("{sites}/{site}")),
        }
    }

    /// Where a goal's report stands, if it does.
    fn report(&self, goal: &GoalBody) -> Option<String> {
        let goal_id = &goal.asked.as_ref()?.goal_id;
        match self {
            Self::Folder(folder) => shown(&folder.join("reports").join(goal_id)),
            #[cfg(feature = "aws")]
            Self::Aws { reports, .. } => {
                (goal.state == "done").then(|| format!("{reports}/{goal_id}"))
            }
        }
    }

    /// How a person looks at a site.
    fn look(&self, site: &str) -> String {
        match self {
            Self::Folder(_) => format!("open {site}/index.html"),
            #[cfg(feature = "aws")]
            Self::Aws { .. } => format!("aws s3 sync {site} site"),
        }
    }
}

fn shown(folder: &Path) -> Option<String> {
    folder.is_dir().then(|| folder.display().to_string())
}

/// What there is to tell at the end of a run, and to whom.
pub struct Telling<'a> {
    /// Where the company lives.
    pub place: &'a Place,
    /// The company's currency.
    pub currency: &'a str,
    /// Reads the streams.
    pub kernel: &'a Kernel,
    /// What was seen.
    pub progress: &'a Progress,
    /// Why the run ended.
    pub end: &'a End,
    /// Whether what was read is as it was written.
    pub ok: bool,
    /// The seal; none where another seals.
    pub sealed: Option<seal::Sealed>,
    /// One JSON object a line.
    pub as_json: bool,
    /// The goal folder, if the command named one.
    pub folder: Option<&'a Path>,
}

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
    let asked: Vec<_> = states
        .iter()
        .filter_map(|goal| goal.body.goal()?.asked.as_ref())
        .collect();
    let sites: Vec<&str> = asked.iter().map(|a| a.site.as_str()).collect();
    let reports: Vec<&str> = asked.iter().map(|a| a.goal_id.as_str()).collect();
    let sealed = seal::seal(home, &sites, &reports)?;
    let telling = Telling {
        place: &Place::Folder(home.folder.clone()),
        currency: &home.company.currency,
        kernel,
        progress,
        end,
        ok: sealed.ok,
        sealed: Some(sealed),
        as_json,
        folder,
    };
    tell(&telling, &states).await
}

/// Tells what came of the goals, and how to go on.
pub async fn tell(telling: &Telling<'_>, states: &[StreamState]) -> Result<Code, Failure> {
    let mut code = Code::Done;
    if telling.progress.defects.load(Ordering::Relaxed) > 0 {
        code = Code::Defect;
    }
    if !telling.ok {
        code = worse(code, Code::Verification);
    }
    for state in states {
        code = worse(code, code_of(body(state)?));
    }
    match telling.end {
        End::Service(_) => code = worse(code, Code::Outside),
        End::Stopped => code = Code::Interrupted,
        End::Idle => {}
    }
    let mut reason = match telling.end {
        End::Service(text) => Some(("model_service".to_owned(), text.clone())),
        _ => None,
    };
    for state in states {
        let next = next(telling, state)?;
        let document = document(telling, state, code, &next, reason.take()).await?;
        if telling.as_json {
            say!("{document}");
        } else {
            print_people(telling, state, &document, &next)?;
        }
    }
    if telling.as_json {
        return Ok(code);
    }
    if states.is_empty() {
        say!("the company has no goal yet\nnext: va run DIR");
    }
    if let Some(sealed) = &telling.sealed {
        say!(
            "seal: root {} (keep it: `va verify --root {}`)",
            sealed.root,
            sealed.root
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

fn next(telling: &Telling<'_>, state: &StreamState) -> Result<Vec<String>, Failure> {
    let goal = body(state)?;
    let slug = goal
        .asked
        .as_ref()
        .map_or_else(String::new, |a| a.slug.clone());
    let at = telling.place.flag();
    let mut next = Vec::new();
    if goal.state == "done" {
        next.extend(
            telling
                .place
                .site(goal)
                .map(|site| telling.place.look(&site)),
        );
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
    if !goal.is_over() && (goal.blockers.is_empty() || matches!(telling.end, End::Stopped)) {
        next.push(telling.folder.map_or_else(
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

async fn document(
    telling: &Telling<'_>,
    state: &StreamState,
    code: Code,
    next: &[String],
    service: Option<(String, String)>,
) -> Result<Value, Failure> {
    let goal = body(state)?;
    let budget = BudgetDocument::of(
        telling.currency,
        books(telling.kernel, state).await?,
        goal.crossed.clone(),
    );
    let mut tasks: BTreeMap<&str, u32> = BTreeMap::new();
    for task in &goal.tasks {
        *tasks.entry(task.state.as_str()).or_default() += 1;
    }
    let goal_id = state.stream.id();
    let site = telling.place.site(goal);
    let report = telling.place.report(goal);
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
        "revision": goal.asked.as_ref().map(|a| a.brief.revision),
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
            "finished": telling.progress.calls.0.load(Ordering::Relaxed),
            "unknown": telling.progress.calls.1.load(Ordering::Relaxed),
        },
        "verify": {
            "ok": telling.ok,
            "seal": telling.sealed.as_ref().map(|s| json!({ "n": s.n, "root": s.root })),
        },
    }))
}

/// The goal's state as the contract names it.
pub fn public_state(goal: &GoalBody) -> String {
    va_agents::view::public_state(goal).to_owned()
}

fn print_people(
    telling: &Telling<'_>,
    state: &StreamState,
    document: &Value,
    next: &[String],
) -> Result<(), Failure> {
    let goal = body(state)?;
    let revision = document["revision"]
        .as_u64()
        .filter(|revision| *revision > 1);
    let revision = revision.map_or_else(String::new, |n| format!(" revision {n}"));
    say!(
        "goal    {}{revision} is {}",
        document["id"].as_str().unwrap_or("?"),
        document["state"].as_str().unwrap_or("?")
    );
    if let Some(revised) = &goal.revised {
        let [kept, changed, new, gone] = [revised.kept, revised.changed, revised.new, revised.gone];
        say!("pages   {kept} kept, {changed} changed, {new} new; {gone} paths lead on");
    }
    if let Some(text) = document["reason"]["text"].as_str() {
        say!("why     {text}");
    }
    for page in &goal.pages {
        say!("page    {} ({} merchant links)", page.path, page.links);
    }
    let budget = &document["budget"];
    let n = |v: &Value| v.as_i64().unwrap_or(0);
    say!(
        "budget  {} of {} {} spent, {} tokens, {} calls",
        money_text(n(&budget["spent_micros"])),
        money_text(n(&budget["allocated_micros"])),
        telling.currency,
        n(&budget["tokens"]["spent"]),
        n(&budget["calls"]["spent"])
    );
    for (name, key) in [("site", "site"), ("report", "report")] {
        if let Some(path) = document[key].as_str() {
            say!("{name:<7} {path}/index.html");
        }
    }
    for command in next {
        say!("next:   {command}");
    }
    Ok(())
}
