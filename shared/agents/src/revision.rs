//! What a revision takes over: the edition before, read from its blobs, and each page of the new plan beside it.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Date;
use va_catalogue::Catalogue;
use va_domain::{
    content::ContentRequest,
    goal_spec::GoalSpec,
    ids::BlobId,
    payload::{Brief, Follows, Revised},
    revision::{ComparedPage, Comparison, Edition, PageState},
    state::StreamState,
};
use va_runtime::agent::{BlobView, DecideError};
use va_writing::{PlanInput, Topics, plan_topics_after, revision::compare, site::redirects};

use crate::materials;

/// What a goal that has ended leaves to the next revision.
#[derive(Clone, Debug)]
pub struct Before {
    /// Which goal, and what it published.
    pub follows: Follows,
    /// What answered blockers have set.
    pub set: BTreeMap<String, String>,
}

impl Before {
    /// Of this goal; none where it is none, or has not ended.
    #[must_use]
    pub fn of(goal: &StreamState) -> Option<Self> {
        let body = goal.body.goal().filter(|body| body.is_over())?;
        let asked = body.asked.as_ref()?;
        // Of a revision that published nothing the site is that of the one before.
        let inherited = asked.brief.follows.clone();
        let (edition, report) = match &body.edition {
            Some(edition) => (Some(edition.clone()), body.report.clone()),
            None => inherited.map_or((None, None), |f| (f.edition, f.report)),
        };
        Some(Self {
            follows: Follows {
                goal_id: asked.goal_id.clone(),
                revision: asked.brief.revision,
                edition,
                report,
            },
            set: body.set.clone(),
        })
    }
}

/// An edition with what was asked of the writers of its pages.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// The edition.
    pub edition: Arc<Edition>,
    requests: BTreeMap<String, Arc<ContentRequest>>,
}

impl Earlier {
    /// The blobs that [`Earlier::read`] reads. Asked again with what was loaded, until nothing is missing.
    ///
    /// # Errors
    /// Where a blob is not what it should be.
    pub fn needs(follows: Option<&Follows>, loaded: &BlobView) -> Result<Vec<BlobId>, DecideError> {
        let Some(edition) = follows.and_then(|f| f.edition.as_ref()) else {
            return Ok(Vec::new());
        };
        let mut needed = vec![edition.clone()];
        if loaded.has(edition) {
            let edition: Arc<Edition> = loaded.json(edition)?;
            needed.extend(edition.pages.iter().map(|page| page.request.clone()));
        }
        Ok(needed)
    }

    /// Reads the edition that a revision follows, if there is one.
    ///
    /// # Errors
    /// Where a blob is not there or not what it should be.
    pub fn read(follows: Option<&Follows>, blobs: &BlobView) -> Result<Option<Self>, DecideError> {
        let Some(edition) = follows.and_then(|f| f.edition.as_ref()) else {
            return Ok(None);
        };
        let edition: Arc<Edition> = blobs.json(edition)?;
        let mut requests = BTreeMap::new();
        for page in &edition.pages {
            requests.insert(page.slug.clone(), blobs.json(&page.request)?);
        }
        Ok(Some(Self { edition, requests }))
    }

    fn numbers(&self) -> BTreeMap<String, u32> {
        let number =
            |(slug, request): (&String, &Arc<ContentRequest>)| (slug.clone(), request.page);
        self.requests.iter().map(number).collect()
    }
}

/// What a plan is made of.
#[derive(Clone, Copy, Debug)]
pub struct PlanOf<'a> {
    /// What the board wants.
    pub spec: &'a GoalSpec,
    /// The table, without the rows that the goal excludes.
    pub catalogue: &'a Catalogue,
    /// The day whose facts count.
    pub as_of: Date,
    /// The edition before.
    pub earlier: Option<&'a Earlier>,
}

impl PlanOf<'_> {
    /// The pages of the plan, and what is not written. A page of the edition before keeps its number.
    #[must_use]
    pub fn topics(&self) -> Topics {
        let numbers = self.earlier.map(Earlier::numbers).unwrap_or_default();
        let input = PlanInput {
            spec: self.spec,
            catalogue: self.catalogue,
            as_of: self.as_of,
        };
        plan_topics_after(&input, &numbers)
    }

    /// Each page beside the edition before; none where this is the first. `store` keeps what is asked of a writer.
    ///
    /// # Errors
    /// Where it cannot be kept.
    pub fn comparison(
        &self,
        topics: &Topics,
        has_imprint: bool,
        mut store: impl FnMut(&ContentRequest) -> Result<BlobId, DecideError>,
    ) -> Result<Option<Comparison>, DecideError> {
        let Some(earlier) = self.earlier else {
            return Ok(None);
        };
        let mut pages = Vec::new();
        for request in &topics.requests {
            let before = earlier
                .edition
                .pages
                .iter()
                .find(|p| p.slug == request.slug);
            let asked_before = earlier.requests.get(&request.slug).map(Arc::as_ref);
            let (state, changes) = compare(asked_before, request);
            let kept = before.filter(|_| state == PageState::Kept);
            pages.push(ComparedPage {
                slug: request.slug.clone(),
                title: request.title.clone(),
                state,
                request: match kept {
                    Some(before) => before.request.clone(),
                    None => store(request)?,
                },
                first: before.map_or(self.as_of, |before| before.first),
                before: before.cloned(),
                changes,
            });
        }
        let requests: Vec<&ContentRequest> = topics.requests.iter().collect();
        Ok(Some(Comparison {
            schema: "va.comparison/1".into(),
            products: u32::try_from(self.catalogue.rows.len()).unwrap_or(u32::MAX),
            redirects: redirects(&earlier.edition, &requests, self.spec, has_imprint),
            pages,
        }))
    }
}

/// A comparison in figures.
#[must_use]
pub fn revised(comparison: &Comparison, stored: BlobId) -> Revised {
    let count = |state: PageState| {
        let pages = comparison.pages.iter().filter(|page| page.state == state);
        u32::try_from(pages.count()).unwrap_or(u32::MAX)
    };
    Revised {
        comparison: stored,
        kept: count(PageState::Kept),
        changed: count(PageState::Changed),
        new: count(PageState::New),
        gone: u32::try_from(comparison.redirects.len()).unwrap_or(u32::MAX),
    }
}

/// The comparison of a revision, if it has one.
///
/// # Errors
/// Where the blob is not there or not what it should be.
pub fn comparison(
    revised: Option<&Revised>,
    blobs: &BlobView,
) -> Result<Option<Arc<Comparison>>, DecideError> {
    revised.map(|r| blobs.json(&r.comparison)).transpose()
}

/// The catalogue that an edition was made from.
///
/// # Errors
/// Where a blob is not there or not what it should be.
pub fn catalogue_of(brief: &Brief, blobs: &BlobView) -> Result<Arc<Catalogue>, DecideError> {
    let spec = materials::spec(brief, blobs)?;
    materials::catalogue(brief, &spec, blobs)
}
