//! The pages that a revision takes over as they stand, and the edition that it is held against.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use va_catalogue::Catalogue;
use va_domain::{
    content::ContentRequest as Request,
    ids::{BlobId, StreamId},
    payload::{ApprovedDraft, Brief, Revised},
    revision::{ComparedPage, Comparison, Edition, PageState},
    state::ReviewBody,
};
use va_review::{PageBefore, RevisedPage};
use va_runtime::agent::{BlobView, DecideError};

use crate::{materials, revision};

/// A draft of the set, and its place in the plan.
pub(super) struct Member {
    /// The task that wrote it; none where it stands as it was.
    pub task: Option<StreamId>,
    pub draft: ApprovedDraft,
    place: usize,
}

/// The draft of a page that stands as it was.
fn kept(page: &ComparedPage) -> Option<ApprovedDraft> {
    let before = page
        .before
        .as_ref()
        .filter(|_| page.state == PageState::Kept)?;
    Some(ApprovedDraft {
        slug: page.slug.clone(),
        request: before.request.clone(),
        draft: before.draft.clone(),
    })
}

/// The blobs that a set is read from, besides its own drafts.
pub(super) fn set_needs(
    revised: Option<&Revised>,
    loaded: &BlobView,
) -> Result<Vec<BlobId>, DecideError> {
    let Some(revised) = revised else {
        return Ok(Vec::new());
    };
    let mut needed = vec![revised.comparison.clone()];
    if loaded.has(&revised.comparison) {
        let comparison: Arc<Comparison> = loaded.json(&revised.comparison)?;
        let kept = comparison.pages.iter().filter_map(kept);
        needed.extend(kept.flat_map(|draft| [draft.request, draft.draft]));
    }
    Ok(needed)
}

/// All drafts of the set: those that stand as they were, then those of the tasks, in plan order.
pub(super) fn members(body: &ReviewBody, blobs: &BlobView) -> Result<Vec<Member>, DecideError> {
    let comparison = revision::comparison(body.revised.as_ref(), blobs)?;
    let compared = comparison.iter().flat_map(|c| &c.pages).enumerate();
    let places: BTreeMap<&str, usize> = compared
        .clone()
        .map(|(n, p)| (p.slug.as_str(), n))
        .collect();
    let mut members: Vec<Member> = compared
        .filter_map(|(place, page)| {
            Some(Member {
                task: None,
                draft: kept(page)?,
                place,
            })
        })
        .collect();
    for (n, member) in body.wanted().enumerate() {
        let Some(record) = body.drafts.get(&member.task) else {
            continue;
        };
        members.push(Member {
            task: Some(member.task.clone()),
            draft: ApprovedDraft {
                slug: member.slug.clone(),
                request: record.request.clone(),
                draft: record.draft.clone(),
            },
            place: places.get(member.slug.as_str()).copied().unwrap_or(n),
        });
    }
    Ok(members)
}

/// The drafts as the plan has them.
pub(super) fn in_plan_order(mut members: Vec<Member>) -> Vec<ApprovedDraft> {
    members.sort_by_key(|member| member.place);
    members.into_iter().map(|member| member.draft).collect()
}

/// The blobs that a site is held against, besides its own files.
pub(super) fn site_needs(body: &ReviewBody, loaded: &BlobView) -> Result<Vec<BlobId>, DecideError> {
    let follows = body.brief.as_ref().and_then(|b| b.follows.as_ref());
    let (Some(revised), Some(edition)) = (&body.revised, follows.and_then(|f| f.edition.as_ref()))
    else {
        return Ok(Vec::new());
    };
    let mut needed = vec![revised.comparison.clone(), edition.clone()];
    if loaded.has(&revised.comparison) {
        let comparison: Arc<Comparison> = loaded.json(&revised.comparison)?;
        for page in &comparison.pages {
            needed.push(page.request.clone());
            needed.extend(page.before.iter().map(|before| before.request.clone()));
        }
    }
    if loaded.has(edition) {
        let edition: Arc<Edition> = loaded.json(edition)?;
        needed.extend(materials::blobs_of(&edition.brief));
    }
    Ok(needed)
}

/// The edition before, and the plan beside it.
pub(super) struct Past {
    before: Arc<Catalogue>,
    now: Arc<Catalogue>,
    stood: BTreeSet<String>,
    comparison: Arc<Comparison>,
    /// What was asked of the writer of each page, before and now.
    requests: Vec<(Option<Arc<Request>>, Arc<Request>)>,
}

impl Past {
    /// None where the site is the first.
    pub(super) fn read(
        body: &ReviewBody,
        brief: &Brief,
        blobs: &BlobView,
    ) -> Result<Option<Self>, DecideError> {
        let edition = brief.follows.as_ref().and_then(|f| f.edition.as_ref());
        let comparison = revision::comparison(body.revised.as_ref(), blobs)?;
        let (Some(edition), Some(comparison)) = (edition, comparison) else {
            return Ok(None);
        };
        let edition: Arc<Edition> = blobs.json(edition)?;
        let mut requests = Vec::new();
        for page in &comparison.pages {
            let before = page
                .before
                .as_ref()
                .map(|p| blobs.json(&p.request))
                .transpose()?;
            requests.push((before, blobs.json(&page.request)?));
        }
        let mut stood = BTreeSet::new();
        if edition.site == materials::spec(brief, blobs)?.site.id {
            stood.extend(
                edition
                    .paths
                    .iter()
                    .chain(edition.redirects.keys())
                    .cloned(),
            );
        }
        Ok(Some(Self {
            before: revision::catalogue_of(&edition.brief, blobs)?,
            now: revision::catalogue_of(brief, blobs)?,
            stood,
            comparison,
            requests,
        }))
    }

    /// Each page beside what stood at its path.
    pub(super) fn pages(&self) -> Vec<RevisedPage<'_>> {
        let pages = self.comparison.pages.iter().zip(&self.requests);
        pages
            .map(|(page, (before, now))| RevisedPage {
                slug: &page.slug,
                request: now,
                before: match (page.state, before, &page.before) {
                    (PageState::Kept, _, Some(before)) => PageBefore::Same(before.changes.as_ref()),
                    (_, Some(before), _) => PageBefore::Other(before),
                    _ => PageBefore::Nothing,
                },
            })
            .collect()
    }

    pub(super) fn revised<'a>(&'a self, pages: &'a [RevisedPage<'a>]) -> va_review::Revised<'a> {
        va_review::Revised {
            before: &self.before,
            now: &self.now,
            stood: &self.stood,
            pages,
        }
    }
}
