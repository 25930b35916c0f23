//! The publisher makes a whole and consistent site of the linked pages, and puts it in place at once.
//!
//! Its task wakes on `RequestPublish`, `ContentEnriched`, `ReviewCompleted` and `PublishCompleted`, and hands on
//! `SiteBuilt` and `RequestPublication`. Its site streams take publications one after another.

mod edition;
mod site;

use std::{collections::BTreeMap, sync::Arc};

use va_domain::{
    content::Verdict,
    envelope::Target,
    ids::{BlobId, digest_of},
    payload::{
        ArtifactEvidence, ContentEnriched, InputReceived, Payload, PublishAccepted,
        PublishCompleted, PublishFailure, PublishedPage, Reason, RequestPublication,
        RequestPublish, ReviewCompleted, SiteBuilt, TaskAccepted, TaskCompleted, TaskFailed,
        ValidationReport,
    },
    state::{PublishBody, StreamState},
};
use va_runtime::agent::{Agent, BlobView, Context, DecideError, Decision, Input, after};
use va_writing::site::{SitePage, build_after};

use crate::{ANSWER_S, affiliate_linker::LinkedPage, end_of, materials};
use edition::Past;

/// Builds and publishes sites.
#[derive(Debug)]
pub struct Publisher;

impl Agent for Publisher {
    fn role(&self) -> &'static str {
        "publisher"
    }

    fn takes(&self) -> &'static [&'static str] {
        &[
            RequestPublish::TYPE,
            ContentEnriched::TYPE,
            ReviewCompleted::TYPE,
            RequestPublication::TYPE,
            PublishCompleted::TYPE,
            PublishFailure::TYPE,
        ]
    }

    fn emits(&self) -> &'static [&'static str] {
        &[
            TaskAccepted::TYPE,
            SiteBuilt::TYPE,
            RequestPublication::TYPE,
            PublishCompleted::TYPE,
            PublishFailure::TYPE,
            TaskCompleted::TYPE,
        ]
    }

    fn effects(&self) -> &'static [&'static str] {
        &["publish_site"]
    }

    fn needs(
        &self,
        state: &StreamState,
        input: &Input<'_>,
        loaded: &BlobView,
    ) -> Result<Vec<BlobId>, DecideError> {
        let Some(body) = state.body.publish() else {
            return Ok(Vec::new());
        };
        let (mut asked, mut pages) = (body.asked.clone(), None);
        match input {
            Input::Event { event, .. } if event.is::<RequestPublish>() => {
                asked = Some(event.read()?);
                pages = body.input.as_ref().map(|(_, pages)| pages.clone());
            }
            Input::Event { event, .. } if event.is::<ContentEnriched>() => {
                pages = Some(event.read::<ContentEnriched>()?.pages);
            }
            Input::Event { event, .. } if event.is::<PublishCompleted>() => {
                return Ok(vec![event.read::<PublishCompleted>()?.checksums]);
            }
            _ => {}
        }
        let (Some(asked), Some(pages)) = (asked, pages) else {
            return Ok(Vec::new());
        };
        let mut needed = materials::blobs_of(&asked.brief);
        needed.extend(edition::needs(&asked, loaded)?);
        if loaded.has(&pages) {
            let linked: Arc<Vec<LinkedPage>> = loaded.json(&pages)?;
            needed.extend(
                linked
                    .iter()
                    .flat_map(|p| [p.request.clone(), p.markdown.clone()]),
            );
        }
        needed.push(pages);
        Ok(needed)
    }

    fn decide(
        &self,
        cx: &Context<'_>,
        state: &StreamState,
        input: &Input<'_>,
    ) -> Result<Decision, DecideError> {
        let mut then = Decision::nothing();
        if let Some(site) = state.body.site() {
            site::publish(site, input, &mut then)?;
        } else if let Some(body) = state.body.publish() {
            task(cx, state, body, input, &mut then)?;
        }
        Ok(then)
    }
}

/// The publisher's task of one goal.
fn task(
    cx: &Context<'_>,
    state: &StreamState,
    body: &PublishBody,
    input: &Input<'_>,
    then: &mut Decision,
) -> Result<(), DecideError> {
    let Input::Event { event, .. } = input else {
        return Ok(());
    };
    if event.is::<RequestPublish>() && body.asked.is_none() {
        let asked: RequestPublish = event.read()?;
        then.note(&TaskAccepted {
            title: "Build the site and put it in place".into(),
        })?;
        then.note(&PublishAccepted {
            asked: asked.clone(),
        })?;
        if let Some((round, pages)) = &body.input {
            make(cx, &asked, *round, pages, then)?;
        }
    } else if event.is::<ContentEnriched>() {
        let linked: ContentEnriched = event.read()?;
        if linked.round > body.round {
            then.note(&InputReceived {
                round: linked.round,
                drafts: Vec::new(),
                pages: Some(linked.pages.clone()),
            })?;
            if let Some(asked) = &body.asked {
                make(cx, asked, linked.round, &linked.pages, then)?;
            }
        }
    } else if event.is::<ReviewCompleted>() {
        let said: ReviewCompleted = event.read()?;
        then.closes.push(format!("verdict.{}", said.round));
        if let (Verdict::Approved, Some(asked), Some(manifest)) =
            (said.verdict, &body.asked, &body.manifest)
        {
            let site = asked.site.id().to_owned();
            let request = RequestPublication {
                manifest: manifest.clone(),
                site,
                goal_id: asked.brief.goal_id.clone(),
            };
            then.expect("publication", &asked.site, after(cx.now, ANSWER_S));
            then.send(
                &request,
                vec![Target::tell(asked.site.clone()).asking("publication")],
            )?;
        }
    } else if event.is::<PublishCompleted>() && body.approved {
        let done: PublishCompleted = event.read()?;
        end(cx, state, body, &done, then)?;
    } else if event.is::<PublishFailure>() {
        let Some(goal) = &state.parent else {
            return Ok(());
        };
        let reason = Reason {
            code: "publish_failure".into(),
            text: event.read::<PublishFailure>()?.reason,
        };
        let failed = TaskFailed {
            reason,
            worst_case_kept: Vec::new(),
        };
        then.send(
            &failed,
            vec![Target::tell(goal.clone()).answering(end_of(&state.stream))],
        )?;
    }
    Ok(())
}

/// Makes the site: a pure function of pages and specification.
fn make(
    cx: &Context<'_>,
    asked: &RequestPublish,
    round: u32,
    pages: &BlobId,
    then: &mut Decision,
) -> Result<(), DecideError> {
    let spec = materials::spec(&asked.brief, cx.blobs)?;
    let imprint = materials::imprint(&asked.brief, cx.blobs)?;
    let linked: Arc<Vec<LinkedPage>> = cx.blobs.json(pages)?;
    let mut articles = Vec::new();
    for page in linked.iter() {
        articles.push(SitePage {
            request: cx.blobs.json(&page.request)?,
            markdown: cx.blobs.text(&page.markdown)?.to_owned(),
        });
    }
    let past = Past::read(asked, cx.blobs)?;
    let history = past.history(&articles, &spec, imprint.is_some(), cx.blobs)?;
    let as_of = asked.brief.as_of;
    let built = build_after(&articles, &spec, imprint.as_deref(), as_of, &history);
    let figures = then.store_json(&built.figures)?;
    let mut manifest: BTreeMap<String, BlobId> = BTreeMap::new();
    for (path, bytes) in built.files {
        manifest.insert(path, then.store(bytes));
    }
    let edition = past.edition(asked, &articles, &linked, &history, &manifest, &figures);
    let published = articles
        .iter()
        .zip(linked.iter())
        .filter_map(|(article, page)| {
            let path = format!("posts/{}.html", page.slug);
            let sha256 = manifest.get(&path)?.clone();
            let url = format!("{}{path}", spec.site.base_url);
            Some(PublishedPage {
                slug: page.slug.clone(),
                title: article.request.title.clone(),
                path,
                url,
                sha256,
                links: page.links,
            })
        })
        .collect();
    let built = SiteBuilt {
        files: u32::try_from(manifest.len()).unwrap_or(u32::MAX),
        manifest: then.store_json(&manifest)?,
        round,
        pages: published,
        edition: Some(then.store_json(&edition)?),
    };
    let verdict = format!("verdict.{round}");
    then.expect(verdict.clone(), &asked.review, after(cx.now, ANSWER_S));
    then.send(
        &built,
        vec![Target::tell(asked.review.clone()).asking(verdict)],
    )?;
    Ok(())
}

/// The site stands, and what was read back proves it.
fn end(
    cx: &Context<'_>,
    state: &StreamState,
    body: &PublishBody,
    done: &PublishCompleted,
    then: &mut Decision,
) -> Result<(), DecideError> {
    let (Some(goal), Some(asked)) = (&state.parent, &body.asked) else {
        return Ok(());
    };
    let standing: Arc<BTreeMap<String, BlobId>> = cx.blobs.json(&done.checksums)?;
    let goal_id = &asked.brief.goal_id;
    let stand = body
        .pages
        .iter()
        .all(|page| standing.get(&page.path) == Some(&page.sha256));
    let artifact_id = digest_of(&[goal_id, &done.site]);
    // One artifact for all files: a site of many pages must fit into one event.
    let evidence = ArtifactEvidence {
        goal_id: goal_id.clone(),
        artifact_type: "page".into(),
        uri: format!("sites/{}/", done.site),
        checksum: done.checksums.clone(),
        producer: cx.agent_id("publisher"),
        reviewer: cx.agent_id("reviewer"),
        reports: vec![ValidationReport {
            report_id: digest_of(&[&artifact_id, "checksum"]),
            suite: "checksum".into(),
            result: if stand { "pass" } else { "fail" }.into(),
            coverage: 100,
            generated_at: asked.brief.as_of,
        }],
        written_by: None,
        turns: None,
        artifact_id,
    };
    let hear = vec![Target::tell(goal.clone()).answering(end_of(&state.stream))];
    if !stand {
        let text = "what was read back from the site is not what was published".to_owned();
        let reason = Reason {
            code: "checksum".into(),
            text,
        };
        then.send(
            &TaskFailed {
                reason,
                worst_case_kept: Vec::new(),
            },
            hear,
        )?;
    } else {
        then.send(
            &TaskCompleted {
                evidence: vec![evidence],
                pages: body.pages.clone(),
                worst_case_kept: Vec::new(),
                edition: body.edition.clone(),
            },
            hear,
        )?;
    }
    Ok(())
}
