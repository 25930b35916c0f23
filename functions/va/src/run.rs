//! `va run` and `va resume`: the worker.

use std::{
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
    envelope::{Envelope, Target},
    ids::{BlobId, StreamId, kind},
    model::ModelTerms,
    payload::{GoalSubmitted, ResumeRequested},
    state::StreamState,
};
use va_embedded::{
    WorkerLock,
    dispatch::{Dispatcher, End, Pace},
};
use va_models::Registry;
use va_runtime::{
    agent::Decision,
    kernel::{Committed, Kernel},
    ports::{Blobs, Journal},
};

use crate::{
    board::body,
    exit::{Code, Failure},
    home::{self, Home, act_stream, currency, is_company},
    input::{self, BudgetFlags, Input},
    models::{ModelsFile, connect, terms},
    progress::Progress,
    result,
    revision::{self, Standing},
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
    let (models, own) = match models_of(&peek(&asked.home, &input).await?) {
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
    let reader = home.kernel()?;
    let progress = Arc::new(Progress::new(&home.company.currency, asked.json, false));
    let (stream, is_idle) = match stands(&home, &reader, &input).await? {
        Standing::New(before) => {
            let month_cap = home.month_cap()?;
            let company = &home.company.company;
            let (mut submitted, mut blobs) =
                input.submission(company, as_of, models, budget, month_cap, before.as_ref())?;
            if let Some(file) = &file {
                let text = file.text.clone().into_bytes();
                submitted.brief.models_file = Some(BlobId::of(&text));
                blobs.push(text);
            }
            let stream = StreamId::new(kind::GOAL, &submitted.goal_id)
                .map_err(|e| Failure::new(Code::Defect, e.to_string()))?;
            if before.is_none() {
                progress.org_chart();
            }
            hand_in(
                &reader,
                &*home.store,
                &*home.store,
                &input,
                submitted,
                blobs,
            )
            .await?;
            (stream, false)
        }
        Standing::Known(known) => {
            let acts =
                revision::compare(&*home.store, &*home.world, &reader, &known, &input).await?;
            let is_over = body(&known)?.is_over() && known.expectations.is_empty();
            (known.stream, is_over && acts.is_empty())
        }
    };
    let goals = home.goals(&reader).await?;
    let others = home.models(&goals, |g| g.stream == stream, given).await?;
    let kernel = home.worker(match own {
        Some(own) => own.or(others),
        None => others,
    });
    let end = if is_idle {
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
        None => revision::newest(all.clone()),
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

/// How the folder stands to the company, before anything is made.
async fn peek(folder: &Path, input: &Input) -> Result<Standing, Failure> {
    if !is_company(folder) {
        return Ok(Standing::New(None));
    }
    let home = Home::read(folder)?;
    stands(&home, &*home.kernel()?, input).await
}

/// How the folder stands to the newest revision of its goal.
pub async fn stands(home: &Home, kernel: &Kernel, input: &Input) -> Result<Standing, Failure> {
    let goals = home.goals(kernel).await?;
    let newest = revision::newest_of(goals, &input.spec.goal.id);
    revision::standing(&*home.store, newest, input).await
}

/// The models that a goal was taken on with.
fn models_of(standing: &Standing) -> Option<Vec<ModelTerms>> {
    match standing {
        Standing::New(_) => None,
        Standing::Known(goal) => {
            let asked = goal.body.goal()?.asked.as_ref()?;
            Some(asked.brief.models.clone())
        }
    }
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

/// Submits a goal. What was handed in before, and nobody has taken on yet, stands; where that is other content, it is said.
pub async fn hand_in(
    kernel: &Kernel,
    journal: &dyn Journal,
    store: &dyn Blobs,
    input: &Input,
    submitted: GoalSubmitted,
    blobs: Vec<Vec<u8>>,
) -> Result<(), Failure> {
    let act = submission::act_of(&submitted.goal_id, submitted.brief.revision);
    let slug = submitted.slug.clone();
    submit(kernel, submitted, blobs).await?;
    for commit in journal.read(&act, 1, 1).await? {
        let events = commit.read()?.events;
        let stands = events.iter().find(|event| event.is::<GoalSubmitted>());
        let stands: Option<GoalSubmitted> = stands
            .map(Envelope::read)
            .transpose()
            .map_err(|e| Failure::new(Code::Defect, e.to_string()))?;
        let Some(stands) = stands else { continue };
        let content = revision::content(store, &stands).await?;
        if !input.changed_since(&content)?.is_empty() {
            return Err(Failure::input(format!(
                "the goal `{slug}` was handed in with other content a moment ago and is about to be taken on; \
                 `va resume` goes on with it, `va cancel {slug} --reason TEXT` cancels it once it has begun"
            )));
        }
    }
    Ok(())
}

/// The first commit of a goal's life: the board's word, with everything that it names. None where it stood already.
pub async fn submit(
    kernel: &Kernel,
    submitted: GoalSubmitted,
    blobs: Vec<Vec<u8>>,
) -> Result<Option<Arc<Committed>>, Failure> {
    let act = submission::submit(&submitted, blobs)
        .map_err(|e| Failure::new(Code::Defect, e.to_string()))?;
    Ok(kernel
        .act(&act.stream, act.decision, act.priority, act.goal.as_str())
        .await?)
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
