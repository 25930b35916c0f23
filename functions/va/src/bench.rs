//! `va bench`: goals of five articles, a model that answers at once, real deciders and reviewer, durability
//! as in any run.

mod at_once;
mod held;

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::sync::Semaphore;
use va_domain::{
    account::Figure,
    commit::StoredCommit,
    envelope::Envelope,
    ids::{StreamId, kind},
    model::ModelTerms,
    payload::{ContentRequest, GoalCompleted},
};
use va_embedded::{
    OpenMode, Store,
    dispatch::{Dispatcher, Pace, Watch},
};
use va_models::{Registry, Router, registry::OFFLINE};
use va_runtime::{
    kernel::{Bell, Committed, Kernel, KernelError, Mode},
    model::Model,
    ports::{Journal, NewCommit},
};

use self::{at_once::AtOnce, held::Held};
use crate::{
    exit::{Code, Failure},
    home::Home,
    input::{self, BudgetFlags},
    models::{connect, terms},
    out::say,
    run, seal,
};

const GOAL: &str = r#"schema = 1
[goal]
id = "bench"
intent = "Measure"
as_of = 2026-11-20
[limits]
max_articles = 5
[budget]
amount = "1.00"
tokens = 1000000
calls = 1000
[site]
id = "bench"
name = "Bench"
base_url = "https://example.org/"
[catalogue]
file = "table.csv"
[catalogue.columns.weight_kg]
better = "lower"
[catalogue.columns.output_w]
better = "higher"
"#;

const TABLE: &str = "name,price_eur,weight_kg,output_w,body,warranty_years\n\
    Arno,29,0.4,300,plastic,2\nBela,59,0.7,900,steel,5\nCleo,45,0.5,600,steel,2\nDora,89,0.9,1400,brass,5\n\
    Enno,39,0.6,450,plastic,2\nFinn,119,1.3,2000,brass,10\nGitta,74,,1000,steel,5\nHugo,52,0.3,,plastic,2\n";

/// Runs the benchmark in `folder`, which must not be a company's yet.
pub async fn bench(
    folder: &Path,
    goals: usize,
    concurrency: usize,
    hold: bool,
    as_json: bool,
) -> Result<Code, Failure> {
    if folder.join("journal.db").exists() {
        return Err(Failure::input(format!(
            "{} is a company's folder already; name a new one with --home",
            folder.display()
        )));
    }
    let outside =
        |e: std::io::Error| Failure::new(Code::Outside, format!("{}: {e}", folder.display()));
    std::fs::create_dir_all(folder).map_err(outside)?;
    let source = folder.join("input");
    std::fs::create_dir_all(&source).map_err(outside)?;
    std::fs::write(source.join("goal.toml"), GOAL).map_err(outside)?;
    std::fs::write(source.join("table.csv"), TABLE).map_err(outside)?;

    let home = Home::found(folder)?;
    let registry = Registry::builtin();
    let models = terms(&registry, None, &home.company.currency)?;
    let ids: Vec<String> = models.iter().map(|m| m.id.clone()).collect();
    let at_once: Arc<dyn Model> = Arc::new(AtOnce::new(Arc::new(connect(&registry, &ids)?)));
    let held = hold.then(|| Arc::new(Held::new(Arc::clone(&at_once))));
    let model = held.clone().map_or(at_once, |held| held as _);
    let kernel = home.worker(Router::new(BTreeMap::from([(OFFLINE.to_owned(), model)])));
    let begun = now();
    let work = company(&home, &kernel, models, &source, goals, concurrency);
    let watch = async {
        let Some(held) = &held else { return Ok(None) };
        let waiting = held.settled().await;
        let memory = held::resident_mib();
        held.release();
        Ok(Some((waiting, memory)))
    };
    let (submitted, waited) = tokio::try_join!(work, watch)?;
    let worked = begun.elapsed();
    let counters = home.store.counters();
    let count = |of: &AtomicU64| of.load(Ordering::Relaxed);
    let (commits, fsyncs, blobs) = (
        count(&counters.commits),
        count(&counters.transactions),
        count(&counters.blobs),
    );
    let sites: Vec<&str> = submitted.iter().map(|goal| goal.site.as_str()).collect();
    let reports: Vec<&str> = submitted.iter().map(|goal| goal.stream.id()).collect();
    seal::seal(&home, &sites, &reports)?;
    let took = begun.elapsed();
    let (reserve_settle, bare) = single_caller(&home, folder, submitted.first()).await?;
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
    let per_goal = |n: u64| round(n as f64 / goals as f64);
    let mut document = json!({
        "goals": goals,
        "steps_per_goal": per_goal(commits),
        "concurrency": concurrency,
        "goals_per_second": round(goals as f64 / took.as_secs_f64()),
        "goals_per_second_before_seal": round(goals as f64 / worked.as_secs_f64()),
        "commits_per_goal": per_goal(commits),
        "fsyncs_per_goal": per_goal(fsyncs),
        "blobs_per_goal": per_goal(blobs),
        "synchronous": "FULL",
        "reserve_settle_p99_us": reserve_settle,
        "two_bare_commits_p99_us": bare,
    });
    if let Some((calls, memory)) = waited {
        document["calls_waiting"] = json!(calls);
        document["resident_mib_while_waiting"] = json!(memory.map(round));
    }
    if as_json {
        return crate::check::print("va.bench/1", &document);
    }
    say!("{}", serde_json::to_string_pretty(&document)?);
    Ok(Code::Done)
}

/// Counts goals that were completed, and lets another one in for each.
struct Gate {
    slots: Semaphore,
    completed: AtomicUsize,
}

impl Watch for Gate {
    fn committed(&self, commit: &Committed) {
        let ends = commit.events.iter().filter(|e| e.is::<GoalCompleted>());
        let ended = ends.count();
        self.completed.fetch_add(ended, Ordering::Relaxed);
        self.slots.add_permits(ended);
    }

    fn poisoned(&self, _: &StreamId, _: &KernelError) {}
}

/// A goal that was handed in.
struct Submitted {
    stream: StreamId,
    site: String,
}

/// Runs so many goals, `concurrency` at a time, until each is done.
async fn company(
    home: &Home,
    kernel: &Arc<Kernel>,
    models: Vec<ModelTerms>,
    source: &Path,
    goals: usize,
    concurrency: usize,
) -> Result<Vec<Submitted>, Failure> {
    let gate = Arc::new(Gate {
        slots: Semaphore::new(concurrency.max(1)),
        completed: AtomicUsize::new(0),
    });
    let watch = Arc::clone(&gate);
    let pace = Pace {
        workers: 16,
        wait: false,
    };
    let dispatcher = Dispatcher::new(
        Arc::clone(kernel),
        Arc::clone(&home.store),
        Arc::clone(&home.world),
        watch,
        pace,
        Arc::new(AtomicBool::new(false)),
    );
    let submitted = AtomicUsize::new(0);
    let beside = dispatcher.beside();
    let next = AtomicUsize::new(0);
    let client = async || {
        let mut mine = Vec::new();
        let mut input = input::read(source)?;
        loop {
            let slot = gate.slots.acquire().await;
            slot.map_err(|e| Failure::new(Code::Defect, e.to_string()))?
                .forget();
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n >= goals {
                gate.slots.add_permits(1);
                return Ok(mine);
            }
            input.spec.goal.id = format!("bench-{n}");
            input.spec.site.id = format!("bench-{n}");
            let budget = input::budget(&input, &BudgetFlags::default())?;
            let (goal, blobs) = input.submission(
                &home.company.company,
                home.today(),
                models.clone(),
                budget,
                home.month_cap()?,
                None,
            )?;
            let stream = StreamId::new(kind::GOAL, &goal.goal_id)
                .map_err(|e| Failure::new(Code::Defect, e.to_string()))?;
            let commit = run::submit(kernel, goal, blobs).await?;
            submitted.fetch_add(1, Ordering::Relaxed);
            if let Some(commit) = commit {
                beside.hand_in(commit);
            }
            mine.push(Submitted {
                stream,
                site: input.spec.site.id.clone(),
            });
        }
    };
    let board = futures::future::try_join_all((0..concurrency.max(1)).map(|_| client()));
    let work = async {
        let mut before = None;
        loop {
            dispatcher.run().await?;
            let now = (
                submitted.load(Ordering::Relaxed),
                gate.completed.load(Ordering::Relaxed),
            );
            if now == (goals, goals) {
                return Ok(());
            }
            if now.0 > now.1 && before == Some(now) {
                let stuck = format!("{} of {} goals did not end", now.0 - now.1, now.0);
                return Err(Failure::new(Code::Defect, stuck));
            }
            before = Some(now);
            if now.0 == now.1 {
                // All that were handed in are done, and the next is on its way.
                beside.news().await;
            }
        }
    };
    let (all, ()) = tokio::try_join!(board, work)?;
    Ok(all.into_iter().flatten().collect())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark measures with a clock of its own"
)]
fn now() -> Instant {
    Instant::now()
}

fn round(n: f64) -> f64 {
    (n * 100.0).round() / 100.0
}

/// How often the single caller reserves and settles: the p99 is the eleventh from the top, not the second.
const ROUNDS: usize = 1_000;
/// Rounds before those, in which agents and store read what they then keep.
const WARM_UP: usize = 20;

/// One caller reserves and settles, against two bare commits of the same store: the p99 of each, in
/// microseconds. In a store of its own, whose books are not the company's.
async fn single_caller(
    home: &Home,
    folder: &Path,
    goal: Option<&Submitted>,
) -> Result<(u64, u64), Failure> {
    let Some(asked) = content_request(home, goal).await? else {
        return Ok((0, 0));
    };
    let scratch = folder.join("single");
    std::fs::create_dir_all(&scratch)
        .map_err(|e| Failure::new(Code::Outside, format!("{}: {e}", scratch.display())))?;
    let store = Arc::new(Store::open(
        &scratch,
        &home.company.company,
        OpenMode::ReadWrite,
    )?);
    let apart = Home {
        folder: scratch,
        company: home.company.clone(),
        env: home.env.clone(),
        left_out: home.left_out.clone(),
        store,
        world: Arc::clone(&home.world),
    };
    // What the request names is read from the company's own blobs.
    for blob in home.blobs_of(&asked)? {
        let bytes = va_runtime::ports::Blobs::get(&*home.store, &blob).await?;
        va_runtime::ports::Blobs::put(&*apart.store, &blob, bytes).await?;
    }
    let registry = Registry::builtin();
    let caller = apart.worker(connect(&registry, &[OFFLINE.to_owned()])?);
    let (mut kept, mut bare) = (Vec::new(), Vec::new());
    for n in 0..WARM_UP + ROUNDS {
        let stream = StreamId::new("task-content-generator", &format!("single-{n}"))
            .map_err(|e| Failure::new(Code::Defect, e.to_string()))?;
        let mut event: Envelope = asked.clone();
        for target in &mut event.targets {
            target.stream = stream.clone();
            if let Some(Figure::Allowed(amounts)) = &mut target.figure {
                *amounts = va_domain::amounts::Amounts::new(0, 1_000_000, 100);
            }
        }
        let begun = now();
        let handled = caller
            .handle(&stream, &[Bell::Read(Arc::new(event))], Mode::Worker)
            .await?;
        let mut spent = begun.elapsed();
        for intent in handled.intents {
            let attempted = caller.run(&intent).await;
            let begun = now();
            caller
                .handle(&stream, &[Bell::Outcome(attempted)], Mode::Worker)
                .await?;
            spent += begun.elapsed();
        }
        kept.push(spent);
        bare.push(two_bare(&apart, n).await?);
    }
    Ok((p99(&mut kept[WARM_UP..]), p99(&mut bare[WARM_UP..])))
}

async fn two_bare(home: &Home, n: usize) -> Result<Duration, Failure> {
    let begun = now();
    for part in ["a", "b"] {
        let stream = StreamId::new(kind::BOARD, &format!("bare-{n}-{part}"))
            .map_err(|e| Failure::new(Code::Defect, e.to_string()))?;
        let body: Arc<str> = Arc::from(format!(
            "{{\"commit_id\":\"{n}{part}\",\"pad\":\"{}\"}}",
            "x".repeat(1000)
        ));
        let commit = StoredCommit::linked(stream, 1, [0; 32], body);
        let commit_id = format!("{n}{part}");
        home.store
            .append(NewCommit {
                commit,
                commit_id,
                events: 1,
                state: 0,
                due: None,
                blobs: Vec::new(),
            })
            .await?;
    }
    Ok(begun.elapsed())
}

fn p99(all: &mut [Duration]) -> u64 {
    all.sort_unstable();
    let at = (all.len() * 99 / 100).min(all.len().saturating_sub(1));
    all.get(at)
        .map_or(0, |d| u64::try_from(d.as_micros()).unwrap_or(u64::MAX))
}

/// A request for a draft, as the CEO sent one.
async fn content_request(
    home: &Home,
    goal: Option<&Submitted>,
) -> Result<Option<Envelope>, Failure> {
    let Some(goal) = goal else {
        return Ok(None);
    };
    for commit in home.store.read(&goal.stream, 1, 64).await? {
        for event in commit.read()?.events {
            if event.is::<ContentRequest>() {
                return Ok(Some(event));
            }
        }
    }
    Ok(None)
}
