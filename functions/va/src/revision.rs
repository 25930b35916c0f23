//! How a goal folder stands to what was taken on before: the same, an answer, a revision, or too early for one.

use std::collections::BTreeMap;

use va_agents::{
    revision::{Before, Earlier},
    submission::Parts,
};
use va_domain::{
    envelope::Target,
    ids::{BlobId, StreamId},
    payload::{BlockerAnswered, GoalSubmitted},
    state::{GoalBody, StreamState},
};
use va_runtime::{
    agent::{BlobView, Decision},
    kernel::Kernel,
    ports::{Blobs, World},
};

use crate::{
    board::body,
    exit::{Code, Failure},
    home::act_stream,
    input::Input,
};

/// What a folder is to the company.
pub enum Standing {
    /// A goal to be taken on: the first revision, or the one after another.
    New(Option<Before>),
    /// The newest revision of its goal.
    Known(Box<StreamState>),
}

/// How a folder stands to the newest revision of its goal.
pub async fn standing(
    store: &dyn Blobs,
    newest: Option<StreamState>,
    input: &Input,
) -> Result<Standing, Failure> {
    let Some(newest) = newest else {
        return Ok(Standing::New(None));
    };
    let Some(before) = Before::of(&newest) else {
        return Ok(Standing::Known(Box::new(newest)));
    };
    let goal = body(&newest)?;
    let is_news = match &goal.asked {
        Some(asked) => input.is_news(&content(store, asked).await?, goal)?,
        None => false,
    };
    Ok(if is_news {
        Standing::New(Some(before))
    } else {
        Standing::Known(Box::new(newest))
    })
}

/// The content that a goal was taken on with.
pub async fn content(store: &dyn Blobs, asked: &GoalSubmitted) -> Result<Parts, Failure> {
    let id: BlobId = asked
        .input
        .parse()
        .map_err(|e: va_domain::error::DomainError| Failure::new(Code::Defect, e.to_string()))?;
    Ok(serde_json::from_slice(&store.get(&id).await?)?)
}

/// The folder of a goal that is known: the same, or an answer to a blocker, or a change that comes too early.
/// Answers what was said to the goal, each in a stream of the board.
pub async fn compare(
    store: &dyn Blobs,
    world: &dyn World,
    kernel: &Kernel,
    goal: &StreamState,
    input: &Input,
) -> Result<Vec<StreamId>, Failure> {
    let known = body(goal)?;
    let Some(asked) = known.asked.as_ref().filter(|_| !known.is_over()) else {
        return Ok(Vec::new());
    };
    let changed = input.changed_since(&content(store, asked).await?)?;
    if changed.is_empty() {
        return Ok(Vec::new());
    }
    let needed = known.blockers.values().flat_map(|b| &b.needs);
    let set: BTreeMap<String, String> = needed
        .filter_map(|key| Some((key.clone(), input.given(key)?)))
        .collect();
    let answered = |key: &str| set.contains_key(key) || known.set.contains_key(key);
    let others: Vec<&str> = changed
        .iter()
        .map(String::as_str)
        .filter(|part| !answered(input.key_of(part)))
        .collect();
    if !others.is_empty() {
        return Err(too_early(asked, known, &others));
    }
    answer(world, kernel, goal, known, &set).await
}

fn too_early(asked: &GoalSubmitted, goal: &GoalBody, changed: &[&str]) -> Failure {
    let slug = &asked.slug;
    let state = va_agents::view::public_state(goal).replace('_', " ");
    Failure::input(format!(
        "the goal `{slug}` was taken on with other content and has not ended ({state}); changed since: {}. \
         Undo the change, or end the goal first: `va resume` finishes it, `va cancel {slug} --reason TEXT` cancels it; \
         then `va run` takes the folder on as revision {}",
        changed.join(", "),
        asked.brief.revision.saturating_add(1)
    ))
}

/// Answers each blocker that needs nothing else.
async fn answer(
    world: &dyn World,
    kernel: &Kernel,
    goal: &StreamState,
    known: &GoalBody,
    set: &BTreeMap<String, String>,
) -> Result<Vec<StreamId>, Failure> {
    let mut acts = Vec::new();
    for blocker in known
        .blockers
        .values()
        .filter(|b| b.needs.iter().all(|k| set.contains_key(k)) && !b.needs.is_empty())
    {
        let own = blocker.needs.iter().map(|k| (k.clone(), set[k].clone()));
        let mut decision = Decision::nothing();
        let answer = BlockerAnswered {
            blocker: blocker.id.clone(),
            set: own.collect(),
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

/// The slug and revision of a goal; none before it was accepted.
fn name(goal: &StreamState) -> Option<(&str, u32)> {
    let asked = goal.body.goal()?.asked.as_ref()?;
    Some((&asked.slug, asked.brief.revision))
}

/// The newest revision of each goal, in the order in which the goals are given.
pub fn newest(goals: Vec<StreamState>) -> Vec<StreamState> {
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    for (slug, revision) in goals.iter().filter_map(name) {
        let newest = numbers.entry(slug.to_owned()).or_default();
        *newest = revision.max(*newest);
    }
    let is_newest = |goal: &StreamState| {
        name(goal).is_none_or(|(slug, revision)| numbers.get(slug) == Some(&revision))
    };
    goals.into_iter().filter(is_newest).collect()
}

/// The newest revision of the goal of that slug.
pub fn newest_of(goals: Vec<StreamState>, slug: &str) -> Option<StreamState> {
    let own = goals
        .into_iter()
        .filter(|goal| name(goal).is_some_and(|(own, _)| own == slug));
    own.max_by_key(|goal| name(goal).map(|(_, revision)| revision))
}

/// The edition that a revision follows, if one was published.
pub async fn earlier(store: &dyn Blobs, before: &Before) -> Result<Option<Earlier>, Failure> {
    let defect = |e: va_runtime::agent::DecideError| Failure::new(Code::Defect, e.to_string());
    let follows = Some(&before.follows);
    let mut loaded = BlobView::default();
    loop {
        let mut missing = Earlier::needs(follows, &loaded).map_err(defect)?;
        missing.retain(|id| !loaded.has(id));
        if missing.is_empty() {
            return Earlier::read(follows, &loaded).map_err(defect);
        }
        for id in missing {
            let bytes = store.get(&id).await?;
            loaded.insert(id, bytes);
        }
    }
}
