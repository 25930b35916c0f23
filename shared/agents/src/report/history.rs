//! What a report takes from the revisions before: which pages stand as they were, and what proved them.

use std::{collections::BTreeMap, sync::Arc};

use serde::Deserialize;
use va_domain::{
    ids::BlobId,
    payload::{ArtifactEvidence, TaskCompleted},
    revision::{ComparedPage, Comparison, Edition, PageState},
    state::GoalBody,
};
use va_runtime::agent::{BlobView, DecideError, Input};

use crate::{
    plan::{RedirectDocument, redirects},
    revision::comparison,
};

/// What is known of the pages before they are reported.
#[derive(Debug, Default)]
pub struct History {
    comparison: Option<Arc<Comparison>>,
    edition: Option<Arc<Edition>>,
    /// The evidence of an earlier report, by slug.
    proofs: BTreeMap<String, Vec<ArtifactEvidence>>,
}

/// What is read of an earlier report.
#[derive(Deserialize)]
struct EarlierReport {
    pages: Vec<EarlierPage>,
}

#[derive(Deserialize)]
struct EarlierPage {
    slug: String,
    evidence: Vec<ArtifactEvidence>,
}

/// The report of the revision that published the edition before.
fn earlier(goal: &GoalBody) -> Option<&BlobId> {
    let follows = goal.asked.as_ref()?.brief.follows.as_ref()?;
    goal.revised.as_ref().and(follows.report.as_ref())
}

impl History {
    /// The blobs that are read where this input brings the report.
    ///
    /// # Errors
    /// Where the input cannot be read.
    pub fn needs(goal: &GoalBody, input: &Input<'_>) -> Result<Vec<BlobId>, DecideError> {
        if goal.open().count() > 1 {
            return Ok(Vec::new());
        }
        let revised = goal.revised.as_ref().map(|r| r.comparison.clone());
        let mut needed: Vec<BlobId> = revised.into_iter().collect();
        needed.extend(earlier(goal).cloned());
        needed.extend(goal.edition.clone());
        if let Some(event) = input.event::<TaskCompleted>() {
            needed.extend(event.read::<TaskCompleted>()?.edition);
        }
        Ok(needed)
    }

    /// Of a goal whose tasks have all ended.
    ///
    /// # Errors
    /// Where a blob is not there or not what it should be.
    pub fn read(goal: &GoalBody, blobs: &BlobView) -> Result<Self, DecideError> {
        let mut proofs = BTreeMap::new();
        if let Some(report) = earlier(goal) {
            let report: Arc<EarlierReport> = blobs.json(report)?;
            let pages = report.pages.iter();
            proofs.extend(pages.map(|page| (page.slug.clone(), page.evidence.clone())));
        }
        Ok(Self {
            comparison: comparison(goal.revised.as_ref(), blobs)?,
            edition: goal.edition.as_ref().map(|e| blobs.json(e)).transpose()?,
            proofs,
        })
    }

    /// A page beside the edition before; none where this is the first.
    #[must_use]
    pub fn compared(&self, slug: &str) -> Option<&ComparedPage> {
        let comparison = self.comparison.as_ref()?;
        comparison.pages.iter().find(|page| page.slug == slug)
    }

    /// What proved the draft of a page that stands as it was. That the site holds it is proven anew.
    #[must_use]
    pub fn proof(&self, slug: &str) -> Option<&ArtifactEvidence> {
        let kept = |page: &&ComparedPage| page.state == PageState::Kept;
        self.compared(slug).filter(kept)?;
        self.proofs
            .get(slug)?
            .iter()
            .find(|e| e.written_by.is_some())
    }

    /// Where the paths of pages that are gone lead.
    #[must_use]
    pub fn redirects(&self) -> Vec<RedirectDocument> {
        let edition = self.edition.as_ref();
        edition.map_or_else(Vec::new, |edition| redirects(&edition.redirects))
    }
}
