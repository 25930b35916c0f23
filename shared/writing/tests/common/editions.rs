//! One edition of a site after another, as the agents make them, without a company around it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use va_catalogue::Catalogue;
use va_domain::{
    content::{ContentRequest, Finding, Severity},
    goal_spec::GoalSpec,
    ids::BlobId,
    payload::Brief,
    revision::{Changes, Edition, EditionPage, PageState, SiteFigures},
};
use va_review::{Merchant, PageBefore, Revised, RevisedPage, SiteExpectation, check_site};
use va_writing::{
    PlanInput, link::enrich, offline_answer, plan_topics_after, prompt, revision::compare, site,
};

/// A site as it was published, and what the next edition needs of it.
pub struct Published {
    pub files: BTreeMap<String, Vec<u8>>,
    pub pages: Vec<Page>,
    pub redirects: BTreeMap<String, String>,
    pub catalogue: Catalogue,
}

pub struct Page {
    pub request: ContentRequest,
    pub draft: String,
    pub state: PageState,
    pub first: Date,
    pub changes: Option<Changes>,
    pub figures: Vec<SiteFigures>,
}

impl Published {
    pub fn page(&self, slug: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.request.slug == slug)
    }

    pub fn slugs(&self, state: PageState) -> BTreeSet<&str> {
        let pages = self.pages.iter().filter(|page| page.state == state);
        pages.map(|page| page.request.slug.as_str()).collect()
    }

    pub fn text(&self, path: &str) -> &str {
        std::str::from_utf8(&self.files[path]).expect("text")
    }

    fn paths(&self) -> BTreeSet<String> {
        let pages = self.files.keys().filter(|path| path.ends_with(".html"));
        pages
            .filter(|path| !self.redirects.contains_key(*path))
            .cloned()
            .collect()
    }

    /// As the agents keep it; nothing is read from its blobs here.
    fn edition(&self, spec: &GoalSpec) -> Edition {
        let blob = BlobId::of(b"");
        let page = |page: &Page| EditionPage {
            slug: page.request.slug.clone(),
            kind: page.request.kind,
            request: blob.clone(),
            draft: blob.clone(),
            first: page.first,
            revision: 1,
            figures: blob.clone(),
            changes: page.changes.clone(),
        };
        Edition {
            schema: "va.edition/1".into(),
            site: spec.site.id.clone(),
            brief: Brief {
                goal_id: String::new(),
                revision: 1,
                spec: blob.clone(),
                catalogue: blob.clone(),
                imprint: None,
                as_of: super::TODAY,
                set: BTreeMap::new(),
                models: Vec::new(),
                models_file: None,
                follows: None,
            },
            pages: self.pages.iter().map(page).collect(),
            paths: self.paths(),
            redirects: self.redirects.clone(),
        }
    }
}

/// Publishes a goal, after an edition of the same site if there is one.
pub fn publish(
    (spec, catalogue): &(GoalSpec, Catalogue),
    as_of: Date,
    before: Option<&Published>,
) -> Published {
    let numbers = before.iter().flat_map(|before| &before.pages);
    let numbers = numbers
        .map(|page| (page.request.slug.clone(), page.request.page))
        .collect();
    let input = PlanInput {
        spec,
        catalogue,
        as_of,
    };
    let topics = plan_topics_after(&input, &numbers);
    let mut pages: Vec<Page> = Vec::new();
    for request in topics.requests {
        let old = before.and_then(|before| before.page(&request.slug));
        let (state, changes) = compare(old.map(|old| &old.request), &request);
        pages.push(match old.filter(|_| state == PageState::Kept) {
            Some(old) => Page {
                request: old.request.clone(),
                draft: old.draft.clone(),
                state,
                first: old.first,
                changes: old.changes.clone(),
                figures: old.figures.clone(),
            },
            None => Page {
                draft: offline_answer(&prompt::messages(&request, None))
                    .expect("a request is there"),
                request,
                state,
                first: old.map_or(as_of, |old| old.first),
                changes,
                figures: Vec::new(),
            },
        });
    }
    let linked = |page: &Page| site::SitePage {
        request: page.request.clone().into(),
        markdown: enrich(&page.draft, &page.request, catalogue, &spec.revenue).markdown,
    };
    let articles: Vec<site::SitePage> = pages.iter().map(linked).collect();
    let requests: Vec<&ContentRequest> = articles.iter().map(|a| &*a.request).collect();
    let redirects =
        before.map(|before| site::redirects(&before.edition(spec), &requests, spec, false));
    let mut history = site::History {
        redirects: redirects.unwrap_or_default(),
        products: u32::try_from(catalogue.rows.len()).ok(),
        ..site::History::default()
    };
    for page in &pages {
        let is_kept = page.state == PageState::Kept;
        let past = site::PageHistory {
            first: page.first,
            changes: page.changes.clone(),
            figures: is_kept.then(|| page.figures.clone()),
        };
        history.pages.insert(page.request.slug.clone(), past);
    }
    let built = site::build_after(&articles, spec, None, as_of, &history);
    let written = pages.iter_mut().filter(|p| p.state != PageState::Kept);
    written.for_each(|page| page.figures.clone_from(&built.figures));
    Published {
        files: built.files,
        pages,
        redirects: history.redirects,
        catalogue: catalogue.clone(),
    }
}

/// What the reviewer finds wrong with an edition.
pub fn faults(spec: &GoalSpec, now: &Published, before: Option<&Published>) -> Vec<String> {
    errors(&findings(&now.files, spec, now, before))
}

/// What the reviewer finds in these files, beside an edition and the one before it.
pub fn findings(
    files: &BTreeMap<String, Vec<u8>>,
    spec: &GoalSpec,
    now: &Published,
    before: Option<&Published>,
) -> Vec<Finding> {
    let pages: Vec<RevisedPage> = now
        .pages
        .iter()
        .map(|page| {
            let old = before.and_then(|before| before.page(&page.request.slug));
            RevisedPage {
                slug: &page.request.slug,
                request: &page.request,
                before: match (old, page.state) {
                    (Some(old), PageState::Kept) => PageBefore::Same(old.changes.as_ref()),
                    (Some(old), _) => PageBefore::Other(&old.request),
                    (None, _) => PageBefore::Nothing,
                },
            }
        })
        .collect();
    let stood = before.map_or_else(BTreeSet::new, |before| {
        let gone = before.redirects.keys().cloned();
        gone.chain(before.paths()).collect()
    });
    let expect = SiteExpectation {
        base_url: Some(&spec.site.base_url),
        merchant: Some(Merchant {
            tag: &spec.revenue.tag,
            hosts: &spec.revenue.hosts,
        }),
        pages: None,
        revised: before.map(|before| Revised {
            before: &before.catalogue,
            now: &now.catalogue,
            stood: &stood,
            pages: &pages,
        }),
    };
    check_site(files, &expect).findings
}

pub fn errors(findings: &[Finding]) -> Vec<String> {
    let bad = findings.iter().filter(|f| f.severity == Severity::Error);
    bad.map(|f| format!("{} {}: {}", f.code, f.r#where, f.text))
        .collect()
}
