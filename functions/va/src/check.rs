//! Commands that only look: at a table, a draft, a site, a plan, or the company.

use std::{
    collections::BTreeMap,
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use jiff::civil::Date;
use serde_json::{Value, json};
use va_agents::report::BudgetDocument;
use va_catalogue::{Format, Inspection, intake};
use va_domain::{
    content::{ContentRequest, Review, Verdict},
    goal_spec::CatalogueSection,
    state::StreamState,
};
use va_embedded::WorkerLock;
use va_models::server::{Offer, Server};
use va_review::{Merchant, SiteExpectation};

use crate::{
    ViewCommand,
    board::body,
    exit::{Code, Failure},
    home::{self, Home},
    input::Input,
    people,
    progress::money_text,
    result::public_state,
    run::books,
};

/// The table that a new goal begins with where none is named.
const SAMPLE: &str = "name,price_eur,weight_kg,warranty_years,url\n\
    First Product,199,3.2,2,https://shop.example/p/first\n\
    Second Product,249,2.9,2,https://shop.example/p/second\n\
    Third Product,329,2.5,5,https://shop.example/p/third\n";

/// `va new`.
pub fn new(dir: &Path, catalogue: Option<&Path>) -> Result<Code, Failure> {
    if dir.join("goal.toml").exists() {
        return Err(Failure::input(format!(
            "{} has a goal.toml already; nothing was changed",
            dir.display()
        )));
    }
    let bytes = match catalogue {
        Some(path) => read(path)?,
        None => SAMPLE.as_bytes().to_vec(),
    };
    let file = catalogue.and_then(|p| p.file_name()).map_or_else(
        || "catalogue.csv".to_owned(),
        |n| n.to_string_lossy().into_owned(),
    );
    let table = table(&bytes, &file)?;
    let target = dir.join(&file);
    if target.exists() {
        return Err(Failure::input(format!(
            "{} is there already; nothing was changed",
            target.display()
        )));
    }
    let name = dir
        .file_name()
        .map_or_else(|| "goal".into(), |n| n.to_string_lossy().into_owned());
    let id = intake::slug_of(&name);
    let text = intake::new_goal_toml(&id, "Earn 500 EUR a month from a guide site", &file, &table);
    let write = |path: &Path, bytes: &[u8]| {
        fs::write(path, bytes).map_err(|e| {
            Failure::new(
                Code::Outside,
                format!("{} cannot be written: {e}", path.display()),
            )
        })
    };
    fs::create_dir_all(dir).map_err(|e| {
        Failure::new(
            Code::Outside,
            format!("{} cannot be made: {e}", dir.display()),
        )
    })?;
    write(&target, &bytes)?;
    write(&dir.join("goal.toml"), text.as_bytes())?;
    println!(
        "made {}\nnext: edit it, then `va run {}`",
        dir.join("goal.toml").display(),
        dir.display()
    );
    Ok(Code::Done)
}

/// A goal folder for an intent: kept beside the companies, so that the same words go on with the same goal.
pub fn goal_of_intent(intent: &str, file: &Path) -> Result<PathBuf, Failure> {
    let bytes = read(file)?;
    let name = file.file_name().map_or_else(
        || "catalogue.csv".into(),
        |n| n.to_string_lossy().into_owned(),
    );
    let table = table(&bytes, &name)?;
    let id = intake::slug_of(intent);
    let dir = Path::new(".va").join("goals").join(&id);
    let goal = dir.join("goal.toml");
    let outside = |e: std::io::Error| {
        Failure::new(
            Code::Outside,
            format!("{} cannot be written: {e}", dir.display()),
        )
    };
    fs::create_dir_all(&dir).map_err(outside)?;
    if !goal.exists() {
        fs::write(&goal, intake::new_goal_toml(&id, intent, &name, &table)).map_err(outside)?;
    }
    fs::write(dir.join(&name), bytes).map_err(outside)?;
    eprintln!(
        "budget: 5.00 EUR, 500000 tokens, 500 calls; {} says so and can be edited",
        goal.display()
    );
    Ok(dir)
}

/// `va plan`.
pub fn plan(
    dir: &Path,
    model: Option<&str>,
    models: Option<&Path>,
    as_of: Option<Date>,
    as_json: bool,
) -> Result<Code, Failure> {
    let input = Input::read(dir)?;
    let registry = home::registry(models)?;
    let terms = home::terms(&registry, model, "EUR")?;
    let today = va_runtime::ports::World::now(&va_embedded::SystemWorld)
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date();
    let as_of = as_of.or(input.spec.goal.as_of).unwrap_or(today);
    let plan = input.plan(&intake::CompanyFile::default().company, as_of, &terms)?;
    if as_json {
        return print("va.plan/1", &serde_json::to_value(&plan)?);
    }
    for task in &plan.tasks {
        println!("{:<22} {:<18} {}", task.id, task.role, task.title);
    }
    for refused in &plan.refused {
        println!("not taken: {}: {}", refused.topic, refused.reason);
    }
    for open in &plan.not_enforced {
        println!("not enforced: {open}");
    }
    let budget = input.budget(&crate::input::BudgetFlags::default())?;
    for (name, cost) in [("expected", plan.expected), ("worst case", plan.worst_case)] {
        println!(
            "{name}: {} EUR, {} tokens, {} calls",
            money_text(cost.amount_micros),
            cost.tokens,
            cost.calls
        );
    }
    if plan.expected.tokens > budget.tokens
        || plan.expected.calls > budget.calls
        || plan.expected.amount_micros > budget.micros
    {
        println!("the budget does not cover what is expected; the work will stop at the cap");
    }
    println!(
        "plan rule: allowed (rules that ask are not built yet)\nnext: va run {}",
        dir.display()
    );
    Ok(Code::Done)
}

/// `va catalogue inspect`.
pub fn inspect(file: &Path, as_json: bool) -> Result<Code, Failure> {
    let bytes = read(file)?;
    let table = table(&bytes, &file.display().to_string())?;
    let inspection = Inspection::of(&table);
    if as_json {
        println!("{}", serde_json::to_string(&inspection)?);
    } else {
        print!("{}", inspection.to_text());
    }
    Ok(Code::Done)
}

/// `va review`.
pub fn review(
    draft: &Path,
    request: &Path,
    catalogue: &Path,
    as_json: bool,
) -> Result<Code, Failure> {
    let text = String::from_utf8(read(draft)?)
        .map_err(|_| Failure::input(format!("{} is not UTF-8", draft.display())))?;
    let asked = request_in(&read(request)?).ok_or_else(|| {
        Failure::input(format!(
            "{} holds no content request; `va task T --bodies` prints one as its prompt",
            request.display()
        ))
    })?;
    let table = table(&read(catalogue)?, &catalogue.display().to_string())?;
    let review = va_review::review_draft(&text, &asked, &table);
    show_review("va.review/1", &review, as_json)
}

/// The request in a file: itself, a prompt that carries it, or anything that holds one of these.
fn request_in(bytes: &[u8]) -> Option<ContentRequest> {
    fn search(value: &Value) -> Option<ContentRequest> {
        if let Ok(request) = serde_json::from_value(value.clone()) {
            return Some(request);
        }
        match value {
            Value::String(text) if text.starts_with('{') => {
                search(&serde_json::from_str(text).ok()?)
            }
            Value::Array(all) => all.iter().find_map(search),
            Value::Object(map) => map.values().find_map(search),
            _ => None,
        }
    }
    search(&serde_json::from_slice(bytes).ok()?)
}

/// `va check-site`.
pub fn site(dir: &Path, goal: Option<&Path>, as_json: bool) -> Result<Code, Failure> {
    let mut files = BTreeMap::new();
    collect(dir, dir, &mut files)
        .map_err(|e| Failure::input(format!("{} cannot be read: {e}", dir.display())))?;
    if files.is_empty() {
        return Err(Failure::input(format!("{} holds no file", dir.display())));
    }
    let input = goal.map(Input::read).transpose()?;
    let spec = input.as_ref().map(|i| &i.spec);
    let merchant = spec
        .filter(|s| s.revenue.model == "affiliate" && !s.revenue.tag.is_empty())
        .map(|s| Merchant {
            tag: &s.revenue.tag,
            hosts: &s.revenue.hosts,
        });
    let expect = SiteExpectation {
        base_url: spec.map(|s| s.site.base_url.as_str()),
        merchant,
        ..SiteExpectation::default()
    };
    show_review(
        "va.check-site/1",
        &va_review::check_site(&files, &expect),
        as_json,
    )
}

fn collect(root: &Path, dir: &Path, files: &mut BTreeMap<String, Vec<u8>>) -> std::io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if let Ok(name) = path.strip_prefix(root) {
            files.insert(name.to_string_lossy().replace('\\', "/"), fs::read(&path)?);
        }
    }
    Ok(())
}

fn show_review(schema: &str, review: &Review, as_json: bool) -> Result<Code, Failure> {
    let marks = |m: u32| json!(f64::from(m) / 10.0);
    let rubric = &review.rubric;
    let document = json!({
        "verdict": review.verdict,
        "rubric": {
            "readability": marks(rubric.readability),
            "intent_match": marks(rubric.intent_match),
            "uniqueness": marks(rubric.uniqueness),
            "seo_score": marks(rubric.seo_score),
            "brand_fit": marks(rubric.brand_fit),
        },
        "findings": review.findings,
    });
    if as_json {
        print(schema, &document)?;
    } else {
        for finding in &review.findings {
            println!(
                "{:<24} {:<14} {}",
                finding.code, finding.r#where, finding.text
            );
        }
        println!(
            "{}",
            if review.verdict == Verdict::Approved {
                "approved"
            } else {
                "rejected"
            }
        );
    }
    Ok(if review.verdict == Verdict::Approved {
        Code::Done
    } else {
        Code::Verification
    })
}

/// `va model serve`.
pub async fn serve(port: u16) -> Result<Code, Failure> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let now = std::sync::Arc::new(|| va_runtime::ports::World::now(&va_embedded::SystemWorld));
    let outside = |e: va_models::server::ServerError| Failure::new(Code::Outside, e.to_string());
    let server = Server::bind(address, Offer::offline(va_writing::offline_answer, now))
        .await
        .map_err(outside)?;
    println!(
        "offline is served at http://{}/v1; Ctrl-C stops it",
        server.address().map_err(outside)?
    );
    let stop = async {
        // Without a signal handler the server runs until it is killed.
        let _ = tokio::signal::ctrl_c().await;
    };
    server.run(stop).await.map_err(outside)?;
    Ok(Code::Done)
}

/// `va manifest`: what AWS wiring follows from the agents' declarations.
pub fn manifest() -> Result<Code, Failure> {
    print!("{}", va_agents::manifest::manifest().to_json()?);
    Ok(Code::Done)
}

/// `va budget`.
pub async fn budget(folder: &Path, goal: Option<&str>, as_json: bool) -> Result<Code, Failure> {
    let home = Home::read(folder)?;
    let kernel = home.kernel(&va_models::Registry::builtin(), &[])?;
    let state = home.goal(&kernel, goal).await?;
    let budget = BudgetDocument::of(
        &home.company.currency,
        books(&kernel, &state).await?,
        body(&state)?.crossed.clone(),
    );
    if as_json {
        return print("va.budget/1", &serde_json::to_value(&budget)?);
    }
    println!(
        "{:<12} {:>14} {:>12} {:>8}",
        "", home.company.currency, "tokens", "calls"
    );
    let rows = [
        (
            "allocated",
            budget.allocated_micros,
            budget.tokens.allocated,
            budget.calls.allocated,
        ),
        (
            "available",
            budget.available_micros,
            budget.tokens.available,
            budget.calls.available,
        ),
        (
            "reserved",
            budget.reserved_micros,
            budget.tokens.reserved,
            budget.calls.reserved,
        ),
        (
            "spent",
            budget.spent_micros,
            budget.tokens.spent,
            budget.calls.spent,
        ),
        (
            "in flight",
            budget.in_flight_micros,
            budget.tokens.in_flight,
            budget.calls.in_flight,
        ),
    ];
    for (name, micros, tokens, calls) in rows {
        println!(
            "{name:<12} {:>14} {tokens:>12} {calls:>8}",
            money_text(micros)
        );
    }
    Ok(Code::Done)
}

/// What is, for people and programs.
pub async fn view(folder: &Path, command: ViewCommand, as_json: bool) -> Result<Code, Failure> {
    let home = Home::read(folder)?;
    let kernel = home.kernel(&va_models::Registry::builtin(), &[])?;
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
                        if only.as_ref().is_none_or(|id| *id == event.correlation_id) {
                            println!("{}", serde_json::to_string(&event)?);
                        }
                    }
                }
            }
        }
        ViewCommand::Goal { goal } => {
            let state = home.goal(&kernel, Some(&goal)).await?;
            let document = goal_document(&home, &kernel, &state).await?;
            show("va.goal/1", document, as_json)
        }
        ViewCommand::Blockers => {
            let blockers: Vec<Value> = goals
                .iter()
                .map(blockers_of)
                .collect::<Result<Vec<_>, _>>()?
                .concat();
            show("va.blockers/1", json!({ "blockers": blockers }), as_json)
        }
        ViewCommand::Goals => {
            let all = goal_documents(&home, &kernel, &goals).await?;
            show("va.goals/1", json!({ "goals": all }), as_json)
        }
        ViewCommand::Status => {
            let document = json!({
                "company": home.company.company,
                "worker": if WorkerLock::is_held(&home.folder) { "running" } else { "none" },
                "goals": goal_documents(&home, &kernel, &goals).await?,
                "agents": people::agents(&kernel, &goals).await?,
                "needs_you": people::needs_you(&goals)?,
            });
            show("va.status/1", document, as_json)
        }
        ViewCommand::Tasks { goal } => {
            let goals = match goal {
                Some(name) => vec![home.goal(&kernel, Some(&name)).await?],
                None => goals,
            };
            show(
                "va.tasks/1",
                json!({ "tasks": people::tasks(&home, &kernel, &goals).await? }),
                as_json,
            )
        }
        ViewCommand::Task { task, bodies } => {
            let document = people::one_task(&home, &kernel, &goals, &task, bodies).await?;
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
                people::pnl(&home, &kernel, &state).await?,
                as_json,
            )
        }
    }
}

async fn goal_documents(
    home: &Home,
    kernel: &va_runtime::kernel::Kernel,
    goals: &[StreamState],
) -> Result<Vec<Value>, Failure> {
    let mut all = Vec::new();
    for state in goals {
        all.push(goal_document(home, kernel, state).await?);
    }
    Ok(all)
}

fn blockers_of(state: &StreamState) -> Result<Vec<Value>, Failure> {
    let goal = body(state)?;
    Ok(goal
        .blockers
        .values()
        .map(|b| {
            let set: String = b.needs.iter().map(|k| format!(" --set {k}=VALUE")).collect();
            json!({
                "id": b.id, "goal_id": state.stream.id(), "kind": b.kind, "text": b.text, "needs": b.needs,
                "command": format!("va unblock {}{set}", b.id),
                "opened_at": goal.opened_at.get(&b.id), "expires_at": b.expires_at,
            })
        })
        .collect())
}

async fn goal_document(
    home: &Home,
    kernel: &va_runtime::kernel::Kernel,
    state: &StreamState,
) -> Result<Value, Failure> {
    let goal = body(state)?;
    let sums = books(kernel, state).await?;
    let budget = BudgetDocument::of(&home.company.currency, sums, goal.crossed.clone());
    let mut tasks: BTreeMap<&str, u32> = BTreeMap::new();
    for task in &goal.tasks {
        *tasks.entry(task.state.as_str()).or_default() += 1;
    }
    let asked = goal.asked.as_ref();
    Ok(json!({
        "goal_id": state.stream.id(),
        "id": asked.map(|a| a.slug.clone()),
        "state": public_state(goal),
        "reason": goal.paused.as_ref().or(goal.reason.as_ref()),
        "as_of": asked.map(|a| a.brief.as_of),
        "tasks": tasks,
        "budget": budget,
        "kpis": va_agents::report::kpis(asked.map_or(&[], |a| &a.kpis), goal, sums[3]),
        "blockers": goal.blockers.keys().collect::<Vec<_>>(),
        "approvals": [],
        "pages": goal.pages.iter().map(|p| json!({
            "slug": p.slug, "title": p.title, "path": p.path, "url": p.url, "sha256": p.sha256,
        })).collect::<Vec<_>>(),
    }))
}

fn show(schema: &str, document: Value, as_json: bool) -> Result<Code, Failure> {
    if as_json {
        return print(schema, &document);
    }
    println!("{}", serde_json::to_string_pretty(&document)?);
    Ok(Code::Done)
}

/// Prints a document with its schema first.
pub fn print(schema: &str, document: &Value) -> Result<Code, Failure> {
    let text = serde_json::to_string(document)?;
    let rest = text.strip_prefix('{').unwrap_or(&text);
    println!(
        "{{\"schema\":\"{schema}\"{}{rest}",
        if rest == "}" { "" } else { "," }
    );
    Ok(Code::Done)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|e| Failure::input(format!("{} cannot be read: {e}", path.display())))
}

fn table(bytes: &[u8], file: &str) -> Result<va_catalogue::Catalogue, Failure> {
    let hints = CatalogueSection {
        file: file.to_owned(),
        key: None,
        name: None,
        columns: BTreeMap::new(),
    };
    va_catalogue::read(bytes, Format::of(file, bytes), &hints)
        .map_err(|e| Failure::from(intake::IntakeError::of_catalogue(&e, file, "goal.toml", "")))
}
