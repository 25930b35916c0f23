//! `va run` and `va resume`: the worker.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use jiff::civil::Date;
use va_agents::submission;
use va_domain::{
    amounts::Amounts,
    envelope::Target,
    ids::{BlobId, StreamId, goal_uuid, kind},
    model::ModelTerms,
    payload::{BlockerAnswered, GoalSubmitted, ResumeRequested},
    state::StreamState,
};
use va_embedded::{
    WorkerLock,
    dispatch::{Dispatcher, End, Pace},
};
use va_models::Registry;
use va_runtime::{
    agent::Decision,
    kernel::Kernel,
    ports::{Blobs, World},
};

use crate::{
    board::body,
    exit::{Code, Failure},
    home::{self, Home, act_stream, currency, is_company},
    input::{self, BudgetFlags, Input, differences},
    models::{ModelsFile, connect, terms},
    progress::Progress,
    result,
};

/// What `va run` was asked.
pub struct Asked {
    /// The goal folder.
    pub goal: PathBuf,
    /// Where the company lives.
    pub home: PathBuf,
    /// Flags that change the budget.
    pub budget: BudgetFlags,
    /// `--model`.
    pub model: Option<String>,
    /// `--models`.
    pub models: Option<PathBuf>,
    /// `--as-of`.
    pub as_of: Option<Date>,
    /// How to work.
    pub pace: Pace,
    /// One JSON object a line.
    pub json: bool,
}

/// Takes a goal folder on, or goes on with it.
pub async fn run(asked: &Asked) -> Result<Code, Failure> {
    let input = input::read(&asked.goal)?;
    for row in &input.set_aside {
        eprintln!("set aside: {row}");
    }
    let budget = input::budget(&input, &asked.budget)?;
    let today = home::today(&va_embedded::SystemWorld);
    input.topics(asked.as_of.or(input.spec.goal.as_of).unwrap_or(today))?;
    let file = asked.models.as_deref().map(ModelsFile::read).transpose()?;
    // A task keeps the models and prices of its start. Of a new goal, a model, price, rate or key that is
    // missing is a wrong input too, so it is found before a folder is made.
    let given = file.as_ref().map(|f| &f.registry);
    let (models, own) = match known_models(&asked.home, &input.spec.goal.id).await? {
        Some(models) => (models, None),
        None => {
            let builtin = Registry::builtin();
            let registry = given.unwrap_or(&builtin);
            let currency = currency(&asked.home)?;
            let models = terms(registry, asked.model.as_deref(), &currency)?;
            let ids: Vec<String> = models.iter().map(|m| m.id.clone()).collect();
            (models, Some(connect(registry, &ids)?))
        }
    };

    let home = Home::found(&asked.home)?;
    let lock = lock(&home.folder)?;
    let as_of = asked
        .as_of
        .or(input.spec.goal.as_of)
        .unwrap_or_else(|| home.today());
    let (mut submitted, mut blobs) = input.submission(
        &home.company.company,
        as_of,
        models,
        budget,
        home.month_cap()?,
    )?;
    if let Some(file) = &file {
        let text = file.text.clone().into_bytes();
        submitted.brief.models_file = Some(BlobId::of(&text));
        blobs.push(text);
    }
    let stream = StreamId::new(
        kind::GOAL,
        &goal_uuid(&home.company.company, &input.spec.goal.id),
    )
    .map_err(|e| Failure::new(Code::Defect, e.to_string()))?;

    let reader = home.kernel()?;
    let known = reader.fold(&stream).await?.state;
    let progress = Arc::new(Progress::new(&home.company.currency, asked.json, false));
    let mut acted = false;
    if known.version == 0 {
        progress.org_chart();
        submit(&reader, submitted, blobs).await?;
    } else {
        acted = !compare(
            &*home.store,
            &*home.world,
            &reader,
            &known,
            &input,
            &submitted,
        )
        .await?
        .is_empty();
    }
    let goals = home.goals(&reader).await?;
    let others = home.models(&goals, |g| g.stream == stream, given).await?;
    let kernel = home.worker(match own {
        Some(own) => own.or(others),
        None => others,
    });
    let is_over = body(&known).is_ok_and(|b| b.is_over() && known.expectations.is_empty());
    let end = if known.version > 0 && is_over && !acted {
        End::Idle
    } else {
        work(&home, &kernel, Arc::clone(&progress), asked.pace).await?
    };
    drop(lock);
    result::finish(
        &home,
        &kernel,
        &[stream],
        &end,
        &progress,
        asked.json,
        Some(&asked.goal),
    )
    .await
}

/// Goes on with whatever is unfinished in a company.
pub async fn resume(
    folder: &Path,
    goal: Option<&str>,
    models: Option<&Path>,
    pace: Pace,
    json: bool,
) -> Result<Code, Failure> {
    let home = Home::open(folder)?;
    let given = models.map(ModelsFile::read).transpose()?;
    let reader = home.kernel()?;
    let all = home.goals(&reader).await?;
    let goals = match goal {
        Some(name) => vec![home.goal(&reader, Some(name)).await?],
        None => all.clone(),
    };
    let own = |goal: &StreamState| goals.iter().any(|g| g.stream == goal.stream);
    let given = given.as_ref().map(|f| &f.registry);
    let kernel = home.worker(home.models(&all, own, given).await?);
    let lock = lock(&home.folder)?;
    let month_cap = home.month_cap()?;
    for goal in goals.iter().filter(|g| {
        g.body
            .goal()
            .is_some_and(|b| !b.is_over() && (b.paused.is_some() || b.state == "paused_budget"))
    }) {
        let mut decision = Decision::nothing();
        decision
            .send(
                &ResumeRequested { month_cap },
                vec![Target::tell(goal.stream.clone())],
            )
            .map_err(|e| Failure::new(Code::Defect, e.to_string()))?;
        let act = act_stream(&*home.world)?;
        kernel
            .act(&act, decision, goal.priority, goal.stream.as_str())
            .await?;
    }
    let progress = Arc::new(Progress::new(&home.company.currency, json, false));
    let end = work(&home, &kernel, Arc::clone(&progress), pace).await?;
    drop(lock);
    let streams: Vec<StreamId> = goals.into_iter().map(|g| g.stream).collect();
    result::finish(&home, &kernel, &streams, &end, &progress, json, None).await
}

/// The models of a goal that was taken on before, in this folder.
async fn known_models(folder: &Path, slug: &str) -> Result<Option<Vec<ModelTerms>>, Failure> {
    if !is_company(folder) {
        return Ok(None);
    }
    let home = Home::read(folder)?;
    let stream = StreamId::new(kind::GOAL, &goal_uuid(&home.company.company, slug))
        .map_err(|e| Failure::new(Code::Defect, e.to_string()))?;
    let known = home.kernel()?.fold(&stream).await?.state;
    let asked = known.body.goal().and_then(|b| b.asked.as_ref());
    Ok(asked.map(|a| a.brief.models.clone()))
}

fn lock(folder: &Path) -> Result<WorkerLock, Failure> {
    WorkerLock::take(folder).map_err(|e| {
        let code = if e.code().contains("held") {
            Code::Busy
        } else {
            Code::Outside
        };
        Failure::new(code, format!("{e}"))
    })
}

/// The first commit of a goal's life: the board's word, with everything that it names.
pub async fn submit(
    kernel: &Kernel,
    submitted: GoalSubmitted,
    blobs: Vec<Vec<u8>>,
) -> Result<(), Failure> {
    let revision = submitted.brief.revision.to_string();
    let act = submission::submit(&submitted, blobs, &[&submitted.goal_id, &revision])
        .map_err(|e| Failure::new(Code::Defect, e.to_string()))?;
    kernel
        .act(&act.stream, act.decision, act.priority, act.goal.as_str())
        .await?;
    Ok(())
}

/// The folder of a goal that is known: the same, or an answer to a blocker, or a change that is refused.
/// Answers what was said to the goal, each in a stream of the board.
pub async fn compare(
    store: &dyn Blobs,
    world: &dyn World,
    kernel: &Kernel,
    goal: &StreamState,
    input: &Input,
    now: &GoalSubmitted,
) -> Result<Vec<StreamId>, Failure> {
    let goal_body = body(goal)?;
    let Some(before) = &goal_body.asked else {
        return Ok(Vec::new());
    };
    if before.input == now.input {
        return Ok(Vec::new());
    }
    let id: BlobId = before
        .input
        .parse()
        .map_err(|e: va_domain::error::DomainError| Failure::new(Code::Defect, e.to_string()))?;
    let parts: BTreeMap<String, String> = serde_json::from_slice(&store.get(&id).await?)?;
    let changed = differences(&parts, &input.parts()?);
    let mut set = BTreeMap::new();
    for blocker in goal_body.blockers.values() {
        for key in &blocker.needs {
            let value = match key.as_str() {
                "revenue.tag" => Some(input.spec.revenue.tag.clone()),
                "revenue.link" => input.spec.revenue.link.clone(),
                "site.imprint" => input
                    .imprint
                    .as_ref()
                    .and_then(|i| String::from_utf8(i.clone()).ok()),
                _ => None,
            };
            if let Some(value) = value.filter(|v| !v.trim().is_empty()) {
                set.insert(key.clone(), value);
            }
        }
    }
    let answered = |key: &String| set.contains_key(key) || goal_body.set.contains_key(key);
    let imprint = input.spec.site.imprint.clone();
    let others: Vec<&String> = changed
        .iter()
        .filter(|key| {
            !(answered(key) || set.contains_key("site.imprint") && Some(*key) == imprint.as_ref())
        })
        .collect();
    if !others.is_empty() {
        let names: Vec<&str> = others.iter().map(|k| k.as_str()).collect();
        return Err(Failure::input(format!(
            "the goal `{}` was taken on with other content; changed since: {}. Revisions are not built yet: undo the change, or give the goal another id",
            before.slug,
            names.join(", ")
        )));
    }
    let mut acts = Vec::new();
    for blocker in goal_body
        .blockers
        .values()
        .filter(|b| b.needs.iter().all(|k| set.contains_key(k)) && !b.needs.is_empty())
    {
        let own: BTreeMap<String, String> = blocker
            .needs
            .iter()
            .map(|k| (k.clone(), set[k].clone()))
            .collect();
        let mut decision = Decision::nothing();
        let answer = BlockerAnswered {
            blocker: blocker.id.clone(),
            set: own,
            note: Some("set in the goal folder".into()),
        };
        decision
            .send(&answer, vec![Target::tell(goal.stream.clone())])
            .map_err(|e| Failure::new(Code::Defect, e.to_string()))?;
        let act = act_stream(world)?;
        kernel
            .act(&act, decision, goal.priority, goal.stream.as_str())
            .await?;
        acts.push(act);
    }
    Ok(acts)
}

/// Works until nothing moves. Ctrl-C stops between steps; twice stops at once.
async fn work(
    home: &Home,
    kernel: &Arc<Kernel>,
    progress: Arc<Progress>,
    pace: Pace,
) -> Result<End, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let signal = Arc::clone(&stop);
    let listener = tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            if signal.swap(true, Ordering::Relaxed) {
                std::process::exit(Code::Interrupted as i32);
            }
            eprintln!("stopping after what is under way; once more stops at once");
        }
    });
    let dispatcher = Dispatcher::new(
        Arc::clone(kernel),
        Arc::clone(&home.store),
        Arc::clone(&home.world),
        progress,
        pace,
        stop,
    );
    let end = dispatcher.run().await;
    listener.abort();
    Ok(end?)
}

/// What a goal's account says, over all its streams.
pub async fn books(kernel: &Kernel, goal: &StreamState) -> Result<[Amounts; 5], Failure> {
    let account = &goal.account;
    let mut allocated = account.allowed;
    let mut in_flight = Amounts::ZERO;
    if let Some(month) = goal.body.goal().and_then(|b| b.month.clone()) {
        let month = kernel.fold(&month).await?.state;
        if let Some(edge) = month.account.edges.get(&goal.stream) {
            allocated = edge.allowed;
            in_flight += edge.allowed - account.allowed;
        }
    }
    let mut available = account.available() + account.returned;
    let mut reserved = account.reserved_total();
    let mut spent = account.spent + account.folded;
    for (child, edge) in &account.edges {
        let task = kernel.fold(child).await?.state.account;
        available += task.available();
        reserved += task.reserved_total();
        spent += task.spent;
        in_flight += edge.allowed - task.allowed + task.returned - edge.returned;
    }
    Ok([allocated, available, reserved, spent, in_flight])
}
