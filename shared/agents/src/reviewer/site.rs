//! The built site, read as a whole and beside the edition before.

use std::{collections::BTreeMap, sync::Arc};

use va_domain::{
    content::{Finding, Review, Severity, Verdict},
    envelope::Target,
    ids::{BlobId, StreamId},
    payload::{Reason, ReviewCompleted, SiteBuilt, TaskFailed},
    state::{ReviewBody, StreamState},
};
use va_review::{Merchant, SiteExpectation, check_site};
use va_runtime::agent::{Context, DecideError, Decision};

use super::{edition::Past, pronounce, rejection, summary};
use crate::{complete, end_of, materials};

/// Reads the built site; approved, everybody who waited hears of it.
pub(super) fn read(
    cx: &Context<'_>,
    state: &StreamState,
    body: &ReviewBody,
    built: &SiteBuilt,
    then: &mut Decision,
) -> Result<(), DecideError> {
    let (Some(brief), Some(goal), Some(links), Some(publish)) =
        (&body.brief, &state.parent, &body.links, &body.publish)
    else {
        return Ok(());
    };
    let spec = materials::spec(brief, cx.blobs)?;
    let manifest: Arc<BTreeMap<String, BlobId>> = cx.blobs.json(&built.manifest)?;
    let mut files = BTreeMap::new();
    for (path, blob) in &*manifest {
        files.insert(path, cx.blobs.get(blob)?);
    }
    let merchant = (spec.revenue.model == "affiliate").then(|| Merchant {
        tag: &spec.revenue.tag,
        hosts: &spec.revenue.hosts,
    });
    let past = Past::read(body, brief, cx.blobs)?;
    let pages = past.as_ref().map(Past::pages).unwrap_or_default();
    let expect = SiteExpectation {
        base_url: Some(&spec.site.base_url),
        merchant,
        pages: None,
        revised: past.as_ref().map(|past| past.revised(&pages)),
    };
    let review = check_site(&files, &expect);
    let stored = then.store_json(&review)?;
    let said = ReviewCompleted {
        of: "site".into(),
        verdict: review.verdict,
        review: stored.clone(),
        round: body.round,
        turn: None,
        drafts: Vec::new(),
        summary: summary(&review.findings),
    };
    then.closes.push(format!("site.{}", body.round));
    let round = format!("verdict.{}", body.round);
    let makers =
        [links.clone(), publish.clone()].map(|task| Target::tell(task).answering(round.clone()));
    if review.verdict == Verdict::Rejected {
        then.send(&said, makers.to_vec())?;
        return reject_pages(state, goal, body, &review, then);
    }
    let mut hear = makers.to_vec();
    for member in body.wanted() {
        let turn = body.drafts.get(&member.task).map_or(1, |d| d.turn);
        hear.push(Target::tell(member.task.clone()).answering(format!("verdict.{turn}")));
    }
    then.send(&said, hear)?;
    complete(&state.stream, goal, Vec::new(), then)
}

/// A site that does not stand sends the pages at fault back; where none is, all of them. Where other pages stand
/// as they were, nobody's next draft would mend it.
fn reject_pages(
    state: &StreamState,
    goal: &StreamId,
    body: &ReviewBody,
    review: &Review,
    then: &mut Decision,
) -> Result<(), DecideError> {
    let mut body = body.clone();
    let members: Vec<(StreamId, String)> = body
        .wanted()
        .map(|m| (m.task.clone(), m.slug.clone()))
        .collect();
    let mut at_fault: Vec<(StreamId, Vec<Finding>)> = Vec::new();
    for (task, slug) in &members {
        let own: Vec<Finding> = review
            .findings
            .iter()
            .filter(|f| f.severity == Severity::Error && f.r#where.contains(slug.as_str()))
            .cloned()
            .collect();
        if !own.is_empty() {
            at_fault.push((task.clone(), own));
        }
    }
    if at_fault.is_empty() && body.revised.as_ref().is_some_and(|r| r.kept > 0) {
        let failed = TaskFailed {
            reason: Reason {
                code: "site_rejected".into(),
                text: summary(&review.findings),
            },
            worst_case_kept: Vec::new(),
        };
        let hear = Target::tell(goal.clone()).answering(end_of(&state.stream));
        then.send(&failed, vec![hear])?;
        return Ok(());
    }
    if at_fault.is_empty() {
        at_fault = members
            .into_iter()
            .map(|(task, _)| (task, review.findings.clone()))
            .collect();
    }
    for (task, findings) in at_fault {
        pronounce(&mut body, &task, &rejection(findings), then)?;
    }
    Ok(())
}
