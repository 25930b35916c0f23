//! `va run` and `va resume` on AWS: the board's act goes into the journal as it does at home; the functions
//! do the rest, and this follows them.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use va_domain::{
    envelope::Target,
    ids::{StreamId, kind},
    payload::ResumeRequested,
    state::StreamState,
};
use va_embedded::dispatch::{End, Pace};
use va_runtime::agent::Decision;

use super::{
    follow::Follow,
    home::{AwsHome, stream},
};
use crate::{
    board::body,
    exit::{Code, Failure},
    home::{act_stream, no_goal},
    input::{self, micros},
    models::{registry, terms},
    progress::Progress,
    result::{self, Telling},
    revision::{self, Standing},
    run::{self, Asked},
};

/// Submits a goal folder, or goes on with it.
pub async fn run(home: &AwsHome, asked: &Asked) -> Result<Code, Failure> {
    let input = input::read(&asked.goal)?;
    for row in &input.set_aside {
        eprintln!("set aside: {row}");
    }
    let budget = input::budget(&input, &asked.budget)?;
    let registry = registry(asked.models.as_deref())?;
    let models = terms(&registry, asked.model.as_deref(), &home.company.currency)?;
    let as_of = asked
        .as_of
        .or(input.spec.goal.as_of)
        .unwrap_or_else(|| home.today());
    input.topics(as_of)?;
    let progress = Arc::new(Progress::new(&home.company.currency, asked.json, false));
    let newest = home.goal_stream(&input.spec.goal.id).await?;
    let mut follow = Follow::begin(home, Arc::clone(&progress) as _, [newest.clone()]).await?;
    let known = follow.goal(&newest).cloned();
    let kernel = home.kernel();
    match revision::standing(&*home.blobs, known, &input).await? {
        Standing::New(before) => {
            let company = &home.company.company;
            let month_cap = micros(&home.company.month_cap)?;
            let (submitted, blobs) =
                input.submission(company, as_of, models, budget, month_cap, before.as_ref())?;
            if before.is_some() {
                let next = stream(kind::GOAL, &submitted.goal_id)?;
                follow = Follow::begin(home, Arc::clone(&progress) as _, [next]).await?;
            } else {
                progress.org_chart();
            }
            run::hand_in(
                &kernel,
                &*home.journal,
                &*home.blobs,
                &input,
                submitted,
                blobs,
            )
            .await?;
        }
        Standing::Known(known) => {
            let acts =
                revision::compare(&*home.blobs, &*home.world, &kernel, &known, &input).await?;
            for act in acts {
                follow.expect(act);
            }
        }
    }
    follow_to_the_end(home, follow, &progress, asked.pace, asked.json, Some(asked)).await
}

/// Lets paused goals go on, and follows all that are unfinished.
pub async fn resume(
    home: &AwsHome,
    goal: Option<&str>,
    pace: Pace,
    json: bool,
) -> Result<Code, Failure> {
    let goals = match goal {
        Some(name) => [home.goal_stream(name).await?].into(),
        None => home.goals().await?,
    };
    let progress = Arc::new(Progress::new(&home.company.currency, json, false));
    let mut follow = Follow::begin(home, Arc::clone(&progress) as _, goals.clone()).await?;
    let month_cap = micros(&home.company.month_cap)?;
    for stream in &goals {
        let Some(goal) = follow.goal(stream) else {
            return Err(no_goal(goal.unwrap_or_else(|| stream.id())));
        };
        let stopped = body(goal)?;
        if stopped.is_over() || (stopped.paused.is_none() && stopped.state != "paused_budget") {
            continue;
        }
        let act = go_on(home, goal, month_cap).await?;
        follow.expect(act);
    }
    follow_to_the_end(home, follow, &progress, pace, json, None).await
}

async fn go_on(home: &AwsHome, goal: &StreamState, month_cap: i64) -> Result<StreamId, Failure> {
    let mut decision = Decision::nothing();
    decision
        .send(
            &ResumeRequested { month_cap },
            vec![Target::tell(goal.stream.clone())],
        )
        .map_err(|e| Failure::new(Code::Defect, e.to_string()))?;
    let act = act_stream(&*home.world)?;
    home.kernel()
        .act(&act, decision, goal.priority, goal.stream.as_str())
        .await?;
    Ok(act)
}

/// Follows until nothing moves, and tells what came of it. Ctrl-C stops following; the functions go on.
async fn follow_to_the_end(
    home: &AwsHome,
    mut follow: Follow<'_>,
    progress: &Progress,
    pace: Pace,
    json: bool,
    asked: Option<&Asked>,
) -> Result<Code, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let signal = Arc::clone(&stop);
    let listener = tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            if signal.swap(true, Ordering::Relaxed) {
                std::process::exit(Code::Interrupted as i32);
            }
            eprintln!("following ends; the company goes on");
        }
    });
    let end: End = follow.run(pace.wait, &stop).await?;
    listener.abort();
    let telling = Telling {
        place: &home.place()?,
        currency: &home.company.currency,
        kernel: &home.kernel(),
        progress,
        end: &end,
        ok: follow.ok,
        sealed: None,
        as_json: json,
        folder: asked.map(|asked| asked.goal.as_path()),
    };
    result::tell(&telling, &revision::newest(follow.into_goals())).await
}
