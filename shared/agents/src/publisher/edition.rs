//! What a site takes over from the edition before, and what it leaves to the next.

use std::{collections::BTreeMap, sync::Arc};

use va_domain::{
    content::ContentRequest,
    goal_spec::GoalSpec,
    ids::BlobId,
    payload::RequestPublish,
    revision::{ComparedPage, Comparison, Edition, EditionPage, PageState},
};
use va_runtime::agent::{BlobView, DecideError};
use va_writing::site::{History, PageHistory, SitePage, redirects};

use crate::{affiliate_linker::LinkedPage, revision::comparison};

/// The blobs that [`Past`] reads. Asked again with what was loaded, until nothing is missing.
pub(super) fn needs(asked: &RequestPublish, loaded: &BlobView) -> Result<Vec<BlobId>, DecideError> {
    let follows = asked.brief.follows.as_ref();
    let mut needed: Vec<BlobId> = follows
        .and_then(|f| f.edition.clone())
        .into_iter()
        .collect();
    if let Some(revised) = &asked.revised {
        needed.push(revised.comparison.clone());
        if loaded.has(&revised.comparison) {
            let comparison: Arc<Comparison> = loaded.json(&revised.comparison)?;
            let kept = comparison.pages.iter().filter_map(kept);
            needed.extend(kept.map(|page| page.figures.clone()));
        }
    }
    Ok(needed)
}

/// The page before, of one that stands as it was.
fn kept(page: &ComparedPage) -> Option<&EditionPage> {
    page.before
        .as_ref()
        .filter(|_| page.state == PageState::Kept)
}

/// The edition before, and the plan beside it.
pub(super) struct Past {
    edition: Option<Arc<Edition>>,
    comparison: Option<Arc<Comparison>>,
}

impl Past {
    pub(super) fn read(asked: &RequestPublish, blobs: &BlobView) -> Result<Self, DecideError> {
        let follows = asked.brief.follows.as_ref();
        let edition = follows.and_then(|f| f.edition.as_ref());
        Ok(Self {
            edition: edition.map(|edition| blobs.json(edition)).transpose()?,
            comparison: comparison(asked.revised.as_ref(), blobs)?,
        })
    }

    fn compared(&self, slug: &str) -> Option<&ComparedPage> {
        let comparison = self.comparison.as_ref()?;
        comparison.pages.iter().find(|page| page.slug == slug)
    }

    /// What the site takes over. Pages that the board left out meanwhile are gone too.
    pub(super) fn history(
        &self,
        articles: &[SitePage],
        spec: &GoalSpec,
        has_imprint: bool,
        blobs: &BlobView,
    ) -> Result<History, DecideError> {
        let requests: Vec<&ContentRequest> = articles.iter().map(|a| &*a.request).collect();
        let mut history = History::default();
        if let Some(edition) = &self.edition {
            history.redirects = redirects(edition, &requests, spec, has_imprint);
        }
        history.products = self.comparison.as_ref().map(|c| c.products);
        for page in requests.iter().filter_map(|r| self.compared(&r.slug)) {
            let kept = kept(page);
            let figures = kept.map(|before| blobs.json(&before.figures)).transpose()?;
            let past = PageHistory {
                first: page.first,
                changes: match kept {
                    Some(before) => before.changes.clone(),
                    None => page.changes.clone(),
                },
                figures: figures.map(|figures| Vec::clone(&figures)),
            };
            history.pages.insert(page.slug.clone(), past);
        }
        Ok(history)
    }

    /// What the site leaves to the next revision.
    pub(super) fn edition(
        &self,
        asked: &RequestPublish,
        articles: &[SitePage],
        linked: &[LinkedPage],
        history: &History,
        manifest: &BTreeMap<String, BlobId>,
        figures: &BlobId,
    ) -> Edition {
        let page = |(article, linked): (&SitePage, &LinkedPage)| {
            let past = history.pages.get(&linked.slug);
            let kept = self.compared(&linked.slug).and_then(kept);
            EditionPage {
                slug: linked.slug.clone(),
                kind: article.request.kind,
                request: linked.request.clone(),
                draft: linked.draft.clone(),
                first: past.map_or(asked.brief.as_of, |past| past.first),
                revision: kept.map_or(asked.brief.revision, |before| before.revision),
                figures: kept.map_or_else(|| figures.clone(), |before| before.figures.clone()),
                changes: past.and_then(|past| past.changes.clone()),
            }
        };
        let is_page = |path: &&String| path.ends_with(".html");
        let paths = manifest.keys().filter(is_page);
        Edition {
            schema: "va.edition/1".into(),
            site: asked.site.id().to_owned(),
            brief: asked.brief.clone(),
            pages: articles.iter().zip(linked).map(page).collect(),
            paths: paths
                .filter(|path| !history.redirects.contains_key(*path))
                .cloned()
                .collect(),
            redirects: history.redirects.clone(),
        }
    }
}
