//! The CMO finds the questions that a catalogue can answer, and refuses the rest with reasons.
//!
//! Wakes on `RequestTopics`; hands on `TopicsCompleted`: one request a page, in plan order. What pages
//! share (claims, phrasing, links to each other) is dealt out here, so no later order of arrival matters. Of a
//! revision, only pages that are asked for in another way than before. No model is asked.

use crate::{
    end_of, materials,
    revision::{Earlier, PlanOf, revised},
};
use va_domain::{
    amounts::Amounts,
    envelope::Target,
    ids::BlobId,
    payload::{
        Payload, PlannedPage, Reason, RequestTopics, TaskAccepted, TaskCompleted, TaskFailed,
        TopicsCompleted,
    },
    revision::PageState,
    state::StreamState,
};
use va_runtime::agent::{Agent, BlobView, Context, DecideError, Decision, Input};

/// The chief marketing officer.
#[derive(Debug)]
pub struct Cmo;

impl Agent for Cmo {
    fn role(&self) -> &'static str {
        "cmo"
    }

    fn takes(&self) -> &'static [&'static str] {
        &[RequestTopics::TYPE]
    }

    fn emits(&self) -> &'static [&'static str] {
        &[
            TaskAccepted::TYPE,
            TopicsCompleted::TYPE,
            TaskCompleted::TYPE,
            TaskFailed::TYPE,
        ]
    }

    fn needs(
        &self,
        _: &StreamState,
        input: &Input<'_>,
        loaded: &BlobView,
    ) -> Result<Vec<BlobId>, DecideError> {
        let Some(event) = input.event::<RequestTopics>() else {
            return Ok(Vec::new());
        };
        let brief = event.read::<RequestTopics>()?.brief;
        let mut needed = materials::blobs_of(&brief);
        needed.extend(Earlier::needs(brief.follows.as_ref(), loaded)?);
        Ok(needed)
    }

    fn decide(
        &self,
        cx: &Context<'_>,
        state: &StreamState,
        input: &Input<'_>,
    ) -> Result<Decision, DecideError> {
        let mut then = Decision::nothing();
        let Some(event) = input.event::<RequestTopics>() else {
            return Ok(then);
        };
        if state.body.topics().is_none_or(|topics| topics.accepted) {
            return Ok(then);
        }
        let brief = event.read::<RequestTopics>()?.brief;
        let spec = materials::spec(&brief, cx.blobs)?;
        let catalogue = materials::catalogue(&brief, &spec, cx.blobs)?;
        let goal = event.stream.clone();
        then.note(&TaskAccepted {
            title: "Find the questions that the catalogue can answer".into(),
        })?;

        let earlier = Earlier::read(brief.follows.as_ref(), cx.blobs)?;
        let plan = PlanOf {
            spec: &spec,
            catalogue: &catalogue,
            as_of: brief.as_of,
            earlier: earlier.as_ref(),
        };
        let topics = plan.topics();
        let Some(terms) = brief.models.first() else {
            return Err(DecideError::Rule {
                what: "the goal names no model".into(),
            });
        };
        let refused = then.store_json(&topics.refused)?;
        let has_imprint = materials::imprint(&brief, cx.blobs)?.is_some();
        let comparison = plan.comparison(&topics, has_imprint, |asked| then.store_json(asked))?;
        let is_kept = |slug: &str| {
            let mut compared = comparison.iter().flat_map(|c| &c.pages);
            compared.any(|page| page.slug == slug && page.state == PageState::Kept)
        };
        let mut pages = Vec::new();
        for request in topics.requests.iter().filter(|r| !is_kept(&r.slug)) {
            let written = materials::written(request)?;
            let call = materials::model_request((request, &written), terms, "draft", None);
            pages.push(PlannedPage {
                slug: request.slug.clone(),
                title: request.title.clone(),
                topic: request.topic.clone(),
                word_count: request.word_count,
                request: then.store(written.into_bytes()),
                worst: materials::worst_case(&call, terms).unwrap_or(Amounts::ZERO),
            });
        }
        let end = Target::tell(goal).answering(end_of(&state.stream));
        if topics.requests.is_empty() {
            let text = topics.refused.first().map_or_else(
                || "the catalogue answers no question".to_owned(),
                |r| r.reason.clone(),
            );
            let reason = Reason {
                code: "no_page".into(),
                text,
            };
            then.send(
                &TaskFailed {
                    reason,
                    worst_case_kept: Vec::new(),
                },
                vec![end],
            )?;
            return Ok(then);
        }
        let products = u32::try_from(catalogue.rows.len()).unwrap_or(u32::MAX);
        let revised = match &comparison {
            Some(comparison) => Some(revised(comparison, then.store_json(comparison)?)),
            None => None,
        };
        then.send(
            &TopicsCompleted {
                pages,
                refused,
                products,
                revised,
            },
            vec![end],
        )?;
        then.note(&TaskCompleted {
            evidence: Vec::new(),
            pages: Vec::new(),
            worst_case_kept: Vec::new(),
            edition: None,
        })?;
        Ok(then)
    }
}
