//! The content generator writes one page from the facts that it is given.
//!
//! Wakes on `ContentRequest`, on the end of its calls, on `ReviewCompleted` and on `TurnsGranted`. A turn is
//! one draft: a malformed answer is repaired once, a rejected draft is revised with the reasons. After three
//! turns `offline` writes it, if another model did; still rejected, the board is asked (`ContentRejected`).
//! Hands on `ContentReady`, and `TaskCompleted` with the reviewer's reports as evidence.

use std::sync::Arc;

use va_domain::{
    content::{ContentRequest as Request, Finding, Review, Verdict},
    effect::Outcome,
    envelope::Target,
    ids::{BlobId, digest_of},
    model::{Finish, ModelTerms},
    payload::{
        ArtifactEvidence, ContentReady, ContentRejected, ContentRequest, DraftAccepted, GenFailure,
        Payload, ReviewCompleted, TaskAccepted, TaskCompleted, TurnsGranted, ValidationReport,
        VerdictNoted,
    },
    state::{DraftBody, StreamState},
};
use va_runtime::agent::{Agent, BlobView, Context, DecideError, Decision, Input, after};

use crate::{ANSWER_S, blocker_of, board_of, complete, materials};

/// Writes drafts.
#[derive(Debug)]
pub struct ContentGenerator;

impl Agent for ContentGenerator {
    fn role(&self) -> &'static str {
        "content-generator"
    }

    fn takes(&self) -> &'static [&'static str] {
        &[
            ContentRequest::TYPE,
            ReviewCompleted::TYPE,
            TurnsGranted::TYPE,
        ]
    }

    fn emits(&self) -> &'static [&'static str] {
        &[
            TaskAccepted::TYPE,
            ContentReady::TYPE,
            GenFailure::TYPE,
            ContentRejected::TYPE,
            TaskCompleted::TYPE,
        ]
    }

    fn effects(&self) -> &'static [&'static str] {
        &["model_call"]
    }

    fn needs(
        &self,
        state: &StreamState,
        input: &Input<'_>,
        _: &BlobView,
    ) -> Result<Vec<BlobId>, DecideError> {
        let Some(body) = state.body.draft() else {
            return Ok(Vec::new());
        };
        let mut needed: Vec<BlobId> = body.asked.iter().map(|a| a.request.clone()).collect();
        needed.extend(body.draft.clone());
        needed.extend(body.review.clone());
        match input {
            Input::Event { event, .. } if event.is::<ContentRequest>() => {
                needed.push(event.read::<ContentRequest>()?.request);
            }
            Input::Event { event, .. } if event.is::<ReviewCompleted>() => {
                needed.push(event.read::<ReviewCompleted>()?.review);
            }
            Input::Outcome {
                outcome: Outcome::Answered { answer, .. },
                ..
            } => needed.push(answer.blob.clone()),
            _ => {}
        }
        Ok(needed)
    }

    fn decide(
        &self,
        cx: &Context<'_>,
        state: &StreamState,
        input: &Input<'_>,
    ) -> Result<Decision, DecideError> {
        let mut then = Decision::nothing();
        let Some(body) = state.body.draft() else {
            return Ok(then);
        };
        match input {
            Input::Event { event, .. } if event.is::<ContentRequest>() && body.asked.is_none() => {
                let asked: ContentRequest = event.read()?;
                then.note(&TaskAccepted {
                    title: format!("Write “{}”", asked.title),
                })?;
                then.note(&DraftAccepted {
                    asked: asked.clone(),
                })?;
                let first = Turn {
                    asked: &asked,
                    n: 1,
                    terms: model(&asked, body, 1, false)?,
                };
                first.begin(cx, None, &mut then)?;
            }
            Input::Event { event, .. } if event.is::<ReviewCompleted>() => {
                heard(cx, state, body, &event.read()?, &mut then)?;
            }
            Input::Event { event, .. } if event.is::<TurnsGranted>() && body.rejected => {
                let Some(asked) = &body.asked else {
                    return Ok(then);
                };
                then.note(&event.read::<TurnsGranted>()?)?;
                let earlier = earlier(cx, body)?;
                let again = Turn {
                    asked,
                    n: body.turn + 1,
                    terms: first_model(asked, earlier.is_some())?,
                };
                again.begin(cx, earlier, &mut then)?;
            }
            Input::Outcome { wanted, outcome } => {
                let Some(asked) = &body.asked else {
                    return Ok(then);
                };
                answered(cx, state, body, asked, &wanted.key, outcome, &mut then)?;
            }
            _ => {}
        }
        Ok(then)
    }
}

/// One turn at a draft.
struct Turn<'a> {
    asked: &'a ContentRequest,
    n: u32,
    terms: &'a ModelTerms,
}

impl Turn<'_> {
    fn begin(
        &self,
        cx: &Context<'_>,
        earlier: Option<(String, Vec<Finding>)>,
        then: &mut Decision,
    ) -> Result<(), DecideError> {
        let purpose = if earlier.is_some() { "revise" } else { "draft" };
        self.call(cx, 0, purpose, earlier, then)
    }

    fn call(
        &self,
        cx: &Context<'_>,
        ordinal: u32,
        purpose: &str,
        earlier: Option<(String, Vec<Finding>)>,
        then: &mut Decision,
    ) -> Result<(), DecideError> {
        let request: Arc<Request> = cx.blobs.json(&self.asked.request)?;
        let earlier = earlier
            .as_ref()
            .map(|(draft, findings)| (draft.as_str(), findings.as_slice()));
        let written = cx.blobs.text(&self.asked.request)?;
        let call = materials::model_request((&request, written), self.terms, purpose, earlier);
        let key = format!("{}.{ordinal}", self.n);
        let wanted = materials::model_call(key, &call, self.terms, then)?;
        then.effects.push(wanted);
        Ok(())
    }
}

/// The first model for drafts; for a revision, the one that revises, if there is one.
fn first_model(asked: &ContentRequest, revises: bool) -> Result<&ModelTerms, DecideError> {
    let of = |revises| asked.models.iter().find(move |m| m.revises == revises);
    let reviser = of(true).filter(|_| revises);
    reviser
        .or_else(|| of(false))
        .ok_or_else(|| DecideError::Rule {
            what: "the request names no model".into(),
        })
}

/// Who writes this turn: the first model while turns are left, then `offline` if it was another.
fn model<'a>(
    asked: &'a ContentRequest,
    body: &DraftBody,
    turn: u32,
    revises: bool,
) -> Result<&'a ModelTerms, DecideError> {
    let allowed = body.turns_allowed.max(3);
    if turn > allowed
        && let Some(offline) = asked.models.iter().find(|m| m.offline)
    {
        return Ok(offline);
    }
    first_model(asked, revises)
}

/// The last draft and what was said of it, for a revision.
fn earlier(
    cx: &Context<'_>,
    body: &DraftBody,
) -> Result<Option<(String, Vec<Finding>)>, DecideError> {
    match (&body.draft, &body.review) {
        (Some(draft), Some(review)) => {
            let review: Arc<Review> = cx.blobs.json(review)?;
            Ok(Some((
                cx.blobs.text(draft)?.to_owned(),
                review.findings.clone(),
            )))
        }
        _ => Ok(None),
    }
}

/// A call has ended.
fn answered(
    cx: &Context<'_>,
    state: &StreamState,
    body: &DraftBody,
    asked: &ContentRequest,
    key: &str,
    outcome: &Outcome,
    then: &mut Decision,
) -> Result<(), DecideError> {
    let request: Arc<Request> = cx.blobs.json(&asked.request)?;
    let (draft, wrong) = match outcome {
        Outcome::Answered { answer, finish, .. } => {
            let text = cx.blobs.text(&answer.blob).unwrap_or_default();
            let wrong = match finish {
                Finish::Length => Err("the answer was cut off at max_tokens".to_owned()),
                Finish::Refused => Err("the model refused to answer".to_owned()),
                Finish::Stop => va_writing::prompt::check_shape(text, &request),
            };
            (Some((text.to_owned(), answer.blob.clone())), wrong)
        }
        Outcome::Malformed { reason } | Outcome::Failed { reason, .. } => {
            (None, Err(reason.clone()))
        }
        Outcome::Written { .. } => return Ok(()),
    };
    match (draft, wrong) {
        (Some((_, blob)), Ok(())) => {
            let ready = ContentReady {
                content_id: asked.content_id.clone(),
                title: asked.title.clone(),
                slug: asked.slug.clone(),
                review_required: true,
                turn: body.turn,
                draft: blob,
                request: asked.request.clone(),
                model: body.model.clone(),
            };
            let verdict = format!("verdict.{}", body.turn);
            then.expect(verdict.clone(), &asked.review, after(cx.now, ANSWER_S));
            then.send(
                &ready,
                vec![Target::tell(asked.review.clone()).asking(verdict)],
            )?;
            Ok(())
        }
        (draft, Err(reason)) => {
            let failed = matches!(outcome, Outcome::Failed { .. });
            if key.ends_with(".0") && !failed {
                let finding = Finding {
                    code: "malformed".into(),
                    severity: va_domain::content::Severity::Error,
                    r#where: "the whole answer".into(),
                    text: reason,
                };
                // Whoever answered so puts it right.
                let same = asked.models.iter().find(|m| m.id == body.model);
                let turn = Turn {
                    asked,
                    n: body.turn,
                    terms: same.map_or_else(|| model(asked, body, body.turn, false), Ok)?,
                };
                let before = draft.map_or_else(String::new, |(text, _)| text);
                return turn.call(cx, 1, "repair", Some((before, vec![finding])), then);
            }
            let failure = GenFailure {
                content_id: asked.content_id.clone(),
                turn: body.turn,
                reason: reason.clone(),
            };
            then.note(&failure)?;
            next_turn(cx, state, body, asked, &reason, None, then)
        }
        (None, Ok(())) => Ok(()),
    }
}

/// The reviewer has spoken: of this draft, or of the site that holds it.
fn heard(
    cx: &Context<'_>,
    state: &StreamState,
    body: &DraftBody,
    review: &ReviewCompleted,
    then: &mut Decision,
) -> Result<(), DecideError> {
    let (Some(asked), Some(draft)) = (&body.asked, &body.draft) else {
        return Ok(());
    };
    let Some(goal) = &state.parent else {
        return Ok(());
    };
    if review.verdict == Verdict::Approved {
        let evidence = vec![evidence(cx, body, asked, draft)];
        return complete(&state.stream, goal, evidence, then);
    }
    if review.turn.is_some_and(|turn| turn != body.turn) {
        return Ok(());
    }
    then.note(&VerdictNoted {
        review: review.review.clone(),
        summary: review.summary.clone(),
    })?;
    let said: Arc<Review> = cx.blobs.json(&review.review)?;
    let before = Some((cx.blobs.text(draft)?.to_owned(), said.findings.clone()));
    next_turn(cx, state, body, asked, &review.summary, before, then)
}

/// The next turn, or the board.
fn next_turn(
    cx: &Context<'_>,
    state: &StreamState,
    body: &DraftBody,
    asked: &ContentRequest,
    reason: &str,
    before: Option<(String, Vec<Finding>)>,
    then: &mut Decision,
) -> Result<(), DecideError> {
    let n = body.turn + 1;
    let turns_left = n <= body.turns_allowed.max(3);
    let wrote_offline = asked.models.iter().any(|m| m.offline && m.id == body.model);
    let offline_left =
        !body.offline_turn && !wrote_offline && asked.models.iter().any(|m| m.offline);
    if turns_left || offline_left {
        // A model that takes over begins afresh: the faults of another's draft are not its own.
        let before = before.filter(|_| turns_left);
        let terms = model(asked, body, n, before.is_some())?;
        return Turn { asked, n, terms }.begin(cx, before, then);
    }
    let Some(goal) = &state.parent else {
        return Ok(());
    };
    let rejected = ContentRejected {
        content_id: asked.content_id.clone(),
        slug: asked.slug.clone(),
        turns: body.turn,
        reason: reason.to_owned(),
    };
    let board = board_of(&blocker_of(&state.stream, body.turn));
    then.expect(board.clone(), goal, after(cx.now, ANSWER_S));
    then.send(&rejected, vec![Target::tell(goal.clone()).asking(board)])?;
    Ok(())
}

/// The reviewer's reports on this page.
fn evidence(
    cx: &Context<'_>,
    body: &DraftBody,
    asked: &ContentRequest,
    draft: &BlobId,
) -> ArtifactEvidence {
    let artifact_id = digest_of(&[&asked.goal_id, &asked.slug]);
    let as_of = cx
        .blobs
        .json::<Request>(&asked.request)
        .map(|r| r.as_of)
        .unwrap_or_default();
    let report = |suite: &str| ValidationReport {
        report_id: digest_of(&[&artifact_id, suite]),
        suite: suite.to_owned(),
        result: "pass".into(),
        coverage: 100,
        generated_at: as_of,
    };
    ArtifactEvidence {
        goal_id: asked.goal_id.clone(),
        artifact_type: "page".into(),
        uri: format!("posts/{}.html", asked.slug),
        checksum: draft.clone(),
        producer: cx.agent_id("content-generator"),
        reviewer: cx.agent_id("reviewer"),
        reports: ["claims", "renders", "links", "tag"].map(report).to_vec(),
        written_by: Some(body.model.clone()),
        turns: Some(body.turn),
        artifact_id,
    }
}
