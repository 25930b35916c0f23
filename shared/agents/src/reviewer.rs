//! The reviewer recomputes what writers claim, with code that shares nothing with theirs.
//!
//! Wakes on `RequestReview`, `ContentReady`, `PageDropped` and `SiteBuilt`. A draft is rejected at once for
//! its own faults; the set is approved when all of it stands, and of two drafts that clash the later in the
//! plan is rejected. A page that stands as it was has its verdict; of a revision, the set is read with it. The
//! built site is read as a whole, and what it says of what changed is computed again. Hands on `ReviewCompleted`.

mod edition;
mod prints;
mod site;

use std::{collections::BTreeMap, sync::Arc};

use va_domain::{
    content::{ContentRequest as Request, Finding, Review, Rubric, Severity, Verdict},
    envelope::Target,
    ids::{BlobId, StreamId},
    payload::{
        ContentEnriched, ContentReady, DraftReceived, DraftReviewed, PageDropped, Payload,
        RequestReview, ReviewAccepted, ReviewCompleted, SiteBuilt, TaskAccepted, TaskCompleted,
        TaskFailed,
    },
    state::{DraftRecord, ReviewBody, StreamState},
};
use va_review::{Field, Fingerprint, clashes};
use va_runtime::agent::{Agent, BlobView, Context, DecideError, Decision, Input, after};

use crate::{WORK_S, materials};
use edition::Member;
use prints::Prints;

/// Reviews drafts, sets and sites.
#[derive(Debug, Default)]
pub struct Reviewer {
    prints: Prints,
}

impl Agent for Reviewer {
    fn role(&self) -> &'static str {
        "reviewer"
    }

    fn takes(&self) -> &'static [&'static str] {
        &[
            RequestReview::TYPE,
            ContentReady::TYPE,
            ContentEnriched::TYPE,
            PageDropped::TYPE,
            SiteBuilt::TYPE,
        ]
    }

    fn emits(&self) -> &'static [&'static str] {
        &[
            TaskAccepted::TYPE,
            ReviewCompleted::TYPE,
            TaskCompleted::TYPE,
            TaskFailed::TYPE,
        ]
    }

    fn needs(
        &self,
        state: &StreamState,
        input: &Input<'_>,
        loaded: &BlobView,
    ) -> Result<Vec<BlobId>, DecideError> {
        let Some(body) = state.body.review() else {
            return Ok(Vec::new());
        };
        let mut needed = body
            .brief
            .as_ref()
            .map_or_else(Vec::new, materials::blobs_of);
        let mut members: Vec<&StreamId> = Vec::new();
        match input {
            Input::Event { event, .. } if event.is::<RequestReview>() => {
                let asked: RequestReview = event.read()?;
                needed.extend(materials::blobs_of(&asked.brief));
                needed.extend(edition::set_needs(asked.revised.as_ref(), loaded)?);
                members.extend(body.drafts.keys());
            }
            Input::Event { event, .. } if event.is::<ContentReady>() => {
                let ready: ContentReady = event.read()?;
                needed.extend([ready.draft, ready.request]);
                // The last draft of a set brings the set to be read.
                let open = body
                    .wanted()
                    .filter(|m| m.task != event.stream && !stands(body, &m.task))
                    .count();
                if open == 0 && body.brief.is_some() {
                    members.extend(body.drafts.keys());
                    needed.extend(edition::set_needs(body.revised.as_ref(), loaded)?);
                }
            }
            Input::Event { event, .. } if event.is::<PageDropped>() => {
                members.extend(body.drafts.keys());
                needed.extend(edition::set_needs(body.revised.as_ref(), loaded)?);
            }
            Input::Event { event, .. } if event.is::<SiteBuilt>() => {
                needed.extend(edition::site_needs(body, loaded)?);
                let manifest = event.read::<SiteBuilt>()?.manifest;
                if loaded.has(&manifest) {
                    let files: Arc<BTreeMap<String, BlobId>> = loaded.json(&manifest)?;
                    needed.extend(files.values().cloned());
                }
                needed.push(manifest);
            }
            _ => return Ok(Vec::new()),
        }
        for task in members {
            if let Some(draft) = body.drafts.get(task) {
                needed.extend([draft.draft.clone(), draft.request.clone()]);
            }
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
        let Some(before) = state.body.review() else {
            return Ok(then);
        };
        let mut body = before.clone();
        match input {
            Input::Event { event, .. } if event.is::<RequestReview>() && body.brief.is_none() => {
                let asked: RequestReview = event.read()?;
                then.note(&TaskAccepted {
                    title: "Review every draft, the set and the site".into(),
                })?;
                then.note(&ReviewAccepted {
                    asked: asked.clone(),
                })?;
                body.brief = Some(asked.brief);
                body.members = asked.members;
                body.links = Some(asked.links);
                body.publish = Some(asked.publish);
                body.revised = asked.revised;
                let waiting: Vec<StreamId> = body.wanted().map(|m| m.task.clone()).collect();
                for task in waiting {
                    read_draft(cx, &self.prints, &mut body, &task, &mut then)?;
                }
                read_set(cx, &self.prints, &mut body, &mut then)?;
            }
            Input::Event { event, .. } if event.is::<ContentReady>() => {
                let ready: ContentReady = event.read()?;
                let task = event.stream.clone();
                if body.drafts.get(&task).is_some_and(|d| d.turn >= ready.turn) {
                    return Ok(then);
                }
                then.note(&DraftReceived {
                    task: task.clone(),
                    turn: ready.turn,
                    draft: ready.draft.clone(),
                    request: ready.request.clone(),
                })?;
                let record = DraftRecord {
                    turn: ready.turn,
                    draft: ready.draft,
                    request: ready.request,
                    verdict: None,
                    review: None,
                };
                body.drafts.insert(task.clone(), record);
                if body.brief.is_some() {
                    read_draft(cx, &self.prints, &mut body, &task, &mut then)?;
                    read_set(cx, &self.prints, &mut body, &mut then)?;
                }
            }
            Input::Event { event, .. } if event.is::<PageDropped>() => {
                let dropped: PageDropped = event.read()?;
                if body.dropped.contains(&dropped.task) {
                    return Ok(then);
                }
                body.dropped.insert(dropped.task.clone());
                then.note(&dropped)?;
                read_set(cx, &self.prints, &mut body, &mut then)?;
            }
            Input::Event { event, .. } if event.is::<SiteBuilt>() => {
                let built: SiteBuilt = event.read()?;
                if built.round == body.round && body.set_stands && state.ended.is_none() {
                    site::read(cx, state, &body, &built, &mut then)?;
                }
            }
            _ => {}
        }
        Ok(then)
    }
}

/// Whether a member's newest draft was approved on its own.
fn stands(body: &ReviewBody, task: &StreamId) -> bool {
    body.drafts
        .get(task)
        .is_some_and(|d| d.verdict == Some(Verdict::Approved))
}

/// Reads one draft that came and was not read yet.
fn read_draft(
    cx: &Context<'_>,
    prints: &Prints,
    body: &mut ReviewBody,
    task: &StreamId,
    then: &mut Decision,
) -> Result<(), DecideError> {
    let Some(brief) = &body.brief else {
        return Ok(());
    };
    if !body.wanted().any(|m| m.task == *task) {
        return Ok(());
    }
    let Some(record) = body.drafts.get(task).filter(|d| d.verdict.is_none()) else {
        return Ok(());
    };
    let spec = materials::spec(brief, cx.blobs)?;
    let catalogue = materials::catalogue(brief, &spec, cx.blobs)?;
    let request: Arc<Request> = cx.blobs.json(&record.request)?;
    let draft = cx.blobs.text(&record.draft)?;
    let (review, print) = Field::of(&catalogue).review_for_set(draft, &request);
    prints.keep(&record.draft, &record.request, print);
    pronounce(body, task, &review, then)
}

/// Says what came of a draft; a rejected one goes back to its writer.
fn pronounce(
    body: &mut ReviewBody,
    task: &StreamId,
    review: &Review,
    then: &mut Decision,
) -> Result<(), DecideError> {
    let stored = then.store_json(review)?;
    let round = body.round;
    let Some(record) = body.drafts.get_mut(task) else {
        return Ok(());
    };
    record.verdict = Some(review.verdict);
    record.review = Some(stored.clone());
    let (turn, verdict) = (record.turn, review.verdict);
    then.note(&DraftReviewed {
        task: task.clone(),
        turn,
        verdict,
        review: stored.clone(),
    })?;
    if verdict == Verdict::Rejected {
        body.set_stands = false;
        let rejected = ReviewCompleted {
            of: "draft".into(),
            verdict,
            review: stored,
            round,
            turn: Some(turn),
            drafts: Vec::new(),
            summary: summary(&review.findings),
        };
        then.send(
            &rejected,
            vec![Target::tell(task.clone()).answering(format!("verdict.{turn}"))],
        )?;
    }
    Ok(())
}

/// The first findings, in one line, for people and events.
fn summary(findings: &[Finding]) -> String {
    let mut text: Vec<String> = findings
        .iter()
        .filter(|f| f.severity == Severity::Error)
        .take(3)
        .map(|f| format!("{} ({}): {}", f.code, f.r#where, f.text))
        .collect();
    let more = findings
        .iter()
        .filter(|f| f.severity == Severity::Error)
        .count()
        .saturating_sub(3);
    if more > 0 {
        text.push(format!("and {more} more"));
    }
    text.join("; ").chars().take(1000).collect()
}

/// Once every wanted draft stands on its own: do they stand beside each other?
fn read_set(
    cx: &Context<'_>,
    kept: &Prints,
    body: &mut ReviewBody,
    then: &mut Decision,
) -> Result<(), DecideError> {
    let waiting = body.wanted().any(|m| !stands(body, &m.task));
    let (Some(links), false) = (body.links.clone(), waiting || body.set_stands) else {
        return Ok(());
    };
    let members = edition::members(body, cx.blobs)?;
    if members.is_empty() {
        return Ok(());
    }
    let mut read: Vec<(Arc<Request>, &str)> = Vec::new();
    for member in &members {
        let draft = &member.draft;
        read.push((cx.blobs.json(&draft.request)?, cx.blobs.text(&draft.draft)?));
    }
    let print = |(member, (request, draft)): (&Member, &(Arc<Request>, &str))| {
        let ids = &member.draft;
        kept.of(&ids.draft, &ids.request, || Fingerprint::of(draft, request))
    };
    let prints: Vec<Arc<Fingerprint>> = members.iter().zip(&read).map(print).collect();
    let set: Vec<(&Request, &str, &Fingerprint)> = read
        .iter()
        .zip(&prints)
        .map(|((request, draft), print)| (&**request, *draft, &**print))
        .collect();
    let mut found: BTreeMap<usize, Vec<Finding>> = BTreeMap::new();
    for (n, finding) in clashes(&set) {
        found.entry(n).or_default().push(finding);
    }
    // A remark alone rejects nobody.
    found.retain(|_, findings| findings.iter().any(|f| f.severity == Severity::Error));
    let mut is_rejected = false;
    for (n, findings) in found {
        // What stands as it was has its verdict; it comes first, so that what is new gives way.
        if let Some(task) = &members[n].task {
            is_rejected = true;
            pronounce(body, task, &rejection(findings), then)?;
        }
    }
    if is_rejected {
        return Ok(());
    }
    let drafts = edition::in_plan_order(members);
    let rubric = Rubric {
        readability: 50,
        intent_match: 50,
        uniqueness: 50,
        seo_score: 50,
        brand_fit: 50,
    };
    let review = then.store_json(&Review {
        verdict: Verdict::Approved,
        rubric,
        findings: Vec::new(),
    })?;
    body.round += 1;
    body.set_stands = true;
    let approved = ReviewCompleted {
        of: "set".into(),
        verdict: Verdict::Approved,
        review,
        round: body.round,
        turn: None,
        drafts,
        summary: String::new(),
    };
    let waits = format!("site.{}", body.round);
    then.expect(waits.clone(), &links, after(cx.now, WORK_S));
    then.send(&approved, vec![Target::tell(links).asking(waits)])?;
    Ok(())
}

/// A rejection for these findings, with the marks that they leave.
fn rejection(findings: Vec<Finding>) -> Review {
    let rubric = Rubric {
        readability: 40,
        intent_match: 40,
        uniqueness: 0,
        seo_score: 40,
        brand_fit: 40,
    };
    Review {
        verdict: Verdict::Rejected,
        rubric,
        findings,
    }
}
