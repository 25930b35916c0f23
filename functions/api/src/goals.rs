//! `POST /v1/goals` and `GET /v1/goals/{id}`.

use jiff::tz::TimeZone;
use serde_json::{Value, json};
use va_agents::{
    revision::Before,
    submission::{
        Act, Labels, Parts, Submission, SubmissionError, act_of, newest_revision, submit as act,
    },
    view::GOALS,
};
use va_aws::{
    lambda::http::{Problem, Request, Response},
    world::SystemWorld,
};
use va_catalogue::intake::{self, CompanyFile, Fault, IntakeError};
use va_domain::{
    amounts::Amounts,
    error::DomainError,
    goal_spec::GoalSpec,
    ids::{BlobId, StreamId, goal_uuid, kind},
    model::ModelTerms,
    payload::GoalSubmitted,
    state::{GoalBody, StreamState},
};
use va_models::registry::{OFFLINE, Registry};
use va_runtime::{
    agent::Decision,
    ports::{Blobs as _, Journal as _, PortError, World as _},
};

use crate::api::{Api, idempotency_key, reused};

/// Submits the goal of the body, as `va run` does.
pub async fn submit(api: &Api, request: &Request) -> Result<Response, Problem> {
    let key = idempotency_key(request)?.ok_or_else(|| {
        let detail = "a goal is submitted with an Idempotency-Key, so that a repetition is known";
        Problem::new(400, "idempotency_key_missing", detail)
    })?;
    let key = StreamId::caused(kind::BOARD, &["POST /v1/goals", key]);
    let before: Option<GoalSubmitted> = api.said(&key).await?;

    let spec = intake::parse_goal_json(&request.bytes()?).map_err(|e| refused(&e.into()))?;
    let submission = read(api, spec).await?;
    let company = CompanyFile::default();
    let today = SystemWorld.now().to_zoned(TimeZone::UTC).date();
    let as_of = submission.spec.goal.as_of.unwrap_or(today);
    let newest = newest(api, &submission.spec.goal.id).await?;
    let (submitted, blobs) = submission
        .submission(
            &api.company,
            as_of,
            models(&company.currency)?,
            budget(&submission.spec)?,
            amount(api.month_cap.as_ref().unwrap_or(&company.month_cap))?,
            newest.as_ref().and_then(Before::of).as_ref(),
        )
        .map_err(|e| refused(&e))?;
    let submitted = match before {
        Some(before) if is_same(&before, &submitted) => before,
        Some(_) => return Err(reused()),
        None => {
            if let Some(newest) = &newest {
                may_follow(api, newest, &submission).await?;
            }
            // Nobody has taken it on yet, but it was handed in.
            let earlier: Option<GoalSubmitted> = api
                .said(&act_of(&submitted.goal_id, submitted.brief.revision))
                .await?;
            if let Some(earlier) = earlier {
                return Err(taken(&earlier, &submitted));
            }
            submission.topics(as_of).map_err(|e| refused(&e))?;
            keep(api, &key, submitted).await?
        }
    };
    hand_in(api, submitted, blobs).await
}

/// Whether two submissions are of one body: the same content, for the same day where it names one.
fn is_same(one: &GoalSubmitted, other: &GoalSubmitted) -> bool {
    one.input == other.input && one.brief.spec == other.brief.spec && one.budget == other.budget
}

/// Keeps what a key stands for; answers what it stands for, where the same request came a moment ago.
async fn keep(
    api: &Api,
    key: &StreamId,
    submitted: GoalSubmitted,
) -> Result<GoalSubmitted, Problem> {
    let mut said = Decision::nothing();
    said.send(&submitted, Vec::new()).map_err(|e| defect(&e))?;
    let goal = stream(&submitted.goal_id)?;
    let kept = api
        .kernel()
        .act(key, said, submitted.priority, goal.as_str())
        .await?;
    if kept.is_some() {
        return Ok(submitted);
    }
    let before: Option<GoalSubmitted> = api.said(key).await?;
    before
        .filter(|before| is_same(before, &submitted))
        .ok_or_else(reused)
}

/// Hands in what was kept, once: another submission of the same revision may have been quicker.
async fn hand_in(
    api: &Api,
    submitted: GoalSubmitted,
    blobs: Vec<Vec<u8>>,
) -> Result<Response, Problem> {
    let Act {
        stream,
        decision,
        priority,
        goal,
    } = act(&submitted, blobs).map_err(|e| defect(&e))?;
    let kernel = api.kernel();
    let acted = kernel.act(&stream, decision, priority, goal.as_str());
    if acted.await?.is_none() {
        let first: Option<GoalSubmitted> = api.said(&stream).await?;
        if let Some(first) = first.filter(|first| !is_same(first, &submitted)) {
            return Err(taken(&first, &submitted));
        }
    }
    Ok(accepted(&submitted))
}

/// The newest revision of the goal of that slug, if there is one.
async fn newest(api: &Api, slug: &str) -> Result<Option<StreamState>, Problem> {
    let goal = |revision| stream(&goal_uuid(&api.company, slug, revision));
    let newest = newest_revision(async |revision| -> Result<bool, Problem> {
        Ok(!api.journal.read(&goal(revision)?, 1, 1).await?.is_empty())
    })
    .await?;
    if newest == 0 {
        return Ok(None);
    }
    Ok(Some(api.kernel().fold(&goal(newest)?).await?.state))
}

/// A goal that is there has a revision once it has ended, where something in it is another.
async fn may_follow(
    api: &Api,
    newest: &StreamState,
    submission: &Submission,
) -> Result<(), Problem> {
    let slug = &submission.spec.goal.id;
    let ended = newest.body.goal().filter(|goal| goal.is_over());
    let detail = match ended {
        None => not_ended(slug),
        Some(goal) if !is_news(api, goal, submission).await? => unchanged(slug),
        Some(_) => return Ok(()),
    };
    Err(exists(detail, newest.stream.id()))
}

/// Whether a submission says anything that the goal was not taken on with, or told since.
async fn is_news(api: &Api, goal: &GoalBody, submission: &Submission) -> Result<bool, Problem> {
    let Some(asked) = &goal.asked else {
        return Ok(true);
    };
    let input: BlobId = asked.input.parse().map_err(|e: DomainError| defect(&e))?;
    let stood: Parts =
        serde_json::from_slice(&api.blobs.get(&input).await?).map_err(|e| defect(&e))?;
    submission.is_news(&stood, goal).map_err(|e| refused(&e))
}

/// A revision that somebody else has handed in.
fn taken(first: &GoalSubmitted, submitted: &GoalSubmitted) -> Problem {
    let detail = if first.input == submitted.input {
        unchanged(&first.slug)
    } else {
        not_ended(&first.slug)
    };
    exists(detail, &first.goal_id)
}

fn not_ended(slug: &str) -> String {
    format!("the goal `{slug}` has not ended; cancel it or let it end, then send its revision")
}

fn unchanged(slug: &str) -> String {
    format!("the goal `{slug}` was taken on with the same content; nothing would be another")
}

fn exists(detail: String, goal_id: &str) -> Problem {
    Problem::new(409, "goal_exists", detail).with("goal_id", goal_id)
}

/// The goal of that UUID, or the newest revision of that slug, as it was when the projector saw it last.
pub async fn show(api: &Api, request: &Request) -> Result<Response, Problem> {
    let name = request.parameter("id");
    let is_uuid = name.len() == 36 && name.bytes().filter(|b| *b == b'-').count() == 4;
    let unknown = || {
        let detail = "no goal is called so, or nobody has taken it on yet";
        Problem::new(404, "goal_unknown", detail)
    };
    let view = async |id: &str| -> Result<Option<String>, Problem> {
        let stream = StreamId::new(kind::GOAL, id).map_err(|_| unknown())?;
        Ok(api.views.get(GOALS, &stream).await?)
    };
    let document = if is_uuid {
        view(name).await?
    } else {
        let id = |revision| goal_uuid(&api.company, name, revision);
        let newest = newest_revision(async |n| Ok::<_, Problem>(view(&id(n)).await?.is_some()));
        view(&id(newest.await?)).await?
    };
    let document = document.ok_or_else(unknown)?;
    let mut goal: Value = serde_json::from_str(&document).map_err(|e| defect(&e))?;
    goal["schema"] = "va.goal/1".into();
    Ok(Response::json(200, &goal))
}

/// What a submission is answered with; the same for the same goal.
fn accepted(submitted: &GoalSubmitted) -> Response {
    let document = json!({
        "schema": "va.submitted/1",
        "goal_id": submitted.goal_id,
        "id": submitted.slug,
        "revision": submitted.brief.revision,
        "as_of": submitted.brief.as_of,
        "needs": submitted.needs,
        "not_enforced": submitted.not_enforced,
    });
    Response::json(202, &document).with("location", format!("/v1/goals/{}", submitted.goal_id))
}

/// Reads what the goal names, from blobs that were sent before.
async fn read(api: &Api, spec: GoalSpec) -> Result<Submission, Problem> {
    let catalogue = blob(api, "catalogue.file", &spec.catalogue.file).await?;
    let imprint = match &spec.site.imprint {
        Some(name) => Some(blob(api, "site.imprint", name).await?),
        None => None,
    };
    let labels = Labels {
        goal: "the goal",
        text: "",
        catalogue: "the catalogue",
    };
    Submission::check(spec, catalogue, imprint, labels).map_err(|e| refused(&e))
}

async fn blob(api: &Api, key: &'static str, name: &str) -> Result<Vec<u8>, Problem> {
    let id: BlobId = name.parse().map_err(|_| {
        let detail =
            format!("over HTTP `{key}` is `sha256:` and the digits of a blob that was sent before");
        Problem::new(422, "blob_name", detail).with("key", key)
    })?;
    match api.blobs.get(&id).await {
        Ok(bytes) => Ok(bytes.to_vec()),
        Err(PortError::Damaged { .. }) => {
            let detail =
                format!("{id}, which `{key}` names, was not sent; PUT it to /v1/blobs first");
            Err(Problem::new(422, "blob_missing", detail).with("key", key))
        }
        Err(error) => Err(error.into()),
    }
}

/// The models that may write: those that the functions reach.
fn models(currency: &str) -> Result<Vec<ModelTerms>, Problem> {
    let terms = Registry::builtin().terms(OFFLINE, currency);
    Ok(vec![terms.map_err(|e| defect(&e))?])
}

fn budget(spec: &GoalSpec) -> Result<Amounts, Problem> {
    let asked = &spec.budget;
    Ok(Amounts::new(
        amount(&asked.amount)?,
        asked.tokens,
        asked.calls,
    ))
}

fn amount(text: &str) -> Result<i64, Problem> {
    intake::parse_micros(text).map_err(|why| {
        let detail = format!("`{text}` is no amount of money: {why}");
        Problem::new(422, "goal_invalid", detail).with("key", "budget.amount")
    })
}

fn stream(goal_id: &str) -> Result<StreamId, Problem> {
    StreamId::new(kind::GOAL, goal_id).map_err(|e| defect(&e))
}

/// A goal that cannot be taken as it is.
fn refused(error: &SubmissionError) -> Problem {
    let status = match error {
        SubmissionError::Intake(IntakeError {
            fault: Fault::Syntax,
            ..
        }) => 400,
        SubmissionError::Write(e) => return defect(e),
        SubmissionError::Before(e) => return defect(e),
        _ => 422,
    };
    let problem = Problem::new(status, error.code(), error.to_string());
    match error {
        SubmissionError::Intake(intake) if !intake.key.is_empty() => {
            problem.with("key", intake.key.as_str())
        }
        _ => problem,
    }
}

fn defect(error: &dyn std::error::Error) -> Problem {
    tracing::error!(%error, "a defect");
    Problem::new(500, "defect", "a defect of ours; the logs say more")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_is_a_bad_request_and_a_bad_goal_is_named_by_its_key() {
        let refusal =
            |body: &[u8]| refused(&intake::parse_goal_json(body).expect_err("refused").into());
        assert_eq!(refusal(b"{").status, 400);
        let unknown = refusal(br#"{"schema":1,"goals":{}}"#);
        assert_eq!(unknown.status, 422);
        assert_eq!(unknown.code, "goal_invalid");
        assert_eq!(unknown.more["key"], "goals");
    }
}
