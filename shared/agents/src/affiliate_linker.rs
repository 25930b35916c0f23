//! The affiliate linker links each product once, to allowed shops, with the company's tag.
//!
//! Wakes on `RequestLinks` and on the approved set (`ReviewCompleted`); hands on `ContentEnriched`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use va_domain::{
    content::{ContentRequest as Request, Verdict},
    envelope::Target,
    ids::BlobId,
    payload::{
        ApprovedDraft, ContentEnriched, InputReceived, LinksAccepted, Payload, RequestLinks,
        ReviewCompleted, TaskAccepted, TaskCompleted,
    },
    state::StreamState,
};
use va_runtime::agent::{Agent, BlobView, Context, DecideError, Decision, Input, after};
use va_writing::link::enrich;

use crate::{ANSWER_S, complete, materials};

/// Sets merchant links.
#[derive(Debug)]
pub struct AffiliateLinker;

/// One page with its links, as the publisher takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedPage {
    /// Its slug.
    pub slug: String,
    /// What was asked of its writer.
    pub request: BlobId,
    /// The approved draft.
    pub draft: BlobId,
    /// The Markdown, links included.
    pub markdown: BlobId,
    /// How many merchant links it carries.
    pub links: u32,
}

impl Agent for AffiliateLinker {
    fn role(&self) -> &'static str {
        "affiliate-linker"
    }

    fn takes(&self) -> &'static [&'static str] {
        &[RequestLinks::TYPE, ReviewCompleted::TYPE]
    }

    fn emits(&self) -> &'static [&'static str] {
        &[
            TaskAccepted::TYPE,
            ContentEnriched::TYPE,
            TaskCompleted::TYPE,
        ]
    }

    fn needs(
        &self,
        state: &StreamState,
        input: &Input<'_>,
        _: &BlobView,
    ) -> Result<Vec<BlobId>, DecideError> {
        let Some(body) = state.body.links() else {
            return Ok(Vec::new());
        };
        let (mut brief, mut drafts) = (None, None);
        match input {
            Input::Event { event, .. } if event.is::<RequestLinks>() => {
                brief = Some(event.read::<RequestLinks>()?.brief);
                drafts = body.input.as_ref().map(|(_, drafts)| drafts.clone());
            }
            Input::Event { event, .. } if event.is::<ReviewCompleted>() => {
                brief = body.asked.as_ref().map(|a| a.brief.clone());
                drafts = Some(event.read::<ReviewCompleted>()?.drafts);
            }
            _ => {}
        }
        let (Some(brief), Some(drafts)) = (brief, drafts) else {
            return Ok(Vec::new());
        };
        let mut needed = materials::blobs_of(&brief);
        needed.extend(drafts.into_iter().flat_map(|d| [d.draft, d.request]));
        Ok(needed)
    }

    fn decide(
        &self,
        cx: &Context<'_>,
        state: &StreamState,
        input: &Input<'_>,
    ) -> Result<Decision, DecideError> {
        let mut then = Decision::nothing();
        let Some(body) = state.body.links() else {
            return Ok(then);
        };
        match input {
            Input::Event { event, .. } if event.is::<RequestLinks>() && body.asked.is_none() => {
                let asked: RequestLinks = event.read()?;
                then.note(&TaskAccepted {
                    title: "Link each product once".into(),
                })?;
                then.note(&LinksAccepted {
                    asked: asked.clone(),
                })?;
                if let Some((round, drafts)) = &body.input {
                    link(cx, &asked, *round, drafts, &mut then)?;
                }
            }
            Input::Event { event, .. } if event.is::<ReviewCompleted>() => {
                let said: ReviewCompleted = event.read()?;
                match (said.of.as_str(), said.verdict) {
                    ("set", Verdict::Approved) if said.round > body.round => {
                        then.note(&InputReceived {
                            round: said.round,
                            drafts: said.drafts.clone(),
                            pages: None,
                        })?;
                        if let Some(asked) = &body.asked {
                            link(cx, asked, said.round, &said.drafts, &mut then)?;
                        }
                    }
                    ("site", Verdict::Approved) => {
                        let Some(goal) = &state.parent else {
                            return Ok(then);
                        };
                        complete(&state.stream, goal, Vec::new(), &mut then)?;
                    }
                    // Rejected: another set will come. A set that was linked already changes nothing.
                    _ => {}
                }
            }
            _ => {}
        }
        Ok(then)
    }
}

fn link(
    cx: &Context<'_>,
    asked: &RequestLinks,
    round: u32,
    drafts: &[ApprovedDraft],
    then: &mut Decision,
) -> Result<(), DecideError> {
    let spec = materials::spec(&asked.brief, cx.blobs)?;
    let catalogue = materials::catalogue(&asked.brief, &spec, cx.blobs)?;
    let mut pages = Vec::new();
    for draft in drafts {
        let request: Arc<Request> = cx.blobs.json(&draft.request)?;
        let enriched = enrich(
            cx.blobs.text(&draft.draft)?,
            &request,
            &catalogue,
            &spec.revenue,
        );
        pages.push(LinkedPage {
            slug: draft.slug.clone(),
            request: draft.request.clone(),
            draft: draft.draft.clone(),
            links: u32::try_from(enriched.links.len()).unwrap_or(u32::MAX),
            markdown: if enriched.links.is_empty() {
                draft.draft.clone()
            } else {
                then.store(enriched.markdown.into_bytes())
            },
        });
    }
    let links = pages.iter().map(|p| p.links).sum();
    let stored = then.store_json(&pages)?;
    let verdict = format!("verdict.{round}");
    then.expect(verdict.clone(), &asked.review, after(cx.now, ANSWER_S));
    // Both are told again while no verdict comes: the publisher's site is what the reviewer looks at.
    let hear = vec![
        Target::tell(asked.publish.clone()).asking(verdict.clone()),
        Target::tell(asked.review.clone()).asking(verdict),
    ];
    then.send(
        &ContentEnriched {
            pages: stored,
            round,
            links,
        },
        hear,
    )?;
    Ok(())
}
