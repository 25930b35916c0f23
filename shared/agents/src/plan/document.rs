//! The plan as people and programs read it.

use std::collections::BTreeMap;

use serde::Serialize;
use va_domain::{
    amounts::Amounts,
    content::RefusedTopic,
    ids::StreamId,
    payload::PlannedTask,
    revision::{Changes, ComparedPage, Comparison, PageState},
};

/// The plan as people and programs read it: CONTRACT, section 6.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanDocument {
    /// The tasks, the CMO's first.
    pub tasks: Vec<TaskDocument>,
    /// Everything repeated as often as it may be.
    pub worst_case: ShareDocument,
    /// Nothing repeated.
    pub expected: ShareDocument,
    /// Constraints that nothing checks.
    pub not_enforced: Vec<String>,
    /// Topics that are not taken.
    pub refused: Vec<RefusedTopic>,
    /// How the pages follow from the edition before, if there is one.
    pub revision: Option<RevisionDocument>,
}

/// The pages of a plan beside the edition before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RevisionDocument {
    /// The revision that is planned.
    pub revision: u32,
    /// The revision that it follows.
    pub follows: u32,
    /// Its pages, in plan order.
    pub pages: Vec<RevisedPageDocument>,
    /// The paths that are pages no longer.
    pub redirects: Vec<RedirectDocument>,
}

/// One page of a revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RevisedPageDocument {
    /// Its slug.
    pub slug: String,
    /// Its heading.
    pub title: String,
    /// What becomes of it: only what is changed or new is written, and costs.
    pub state: PageState,
    /// What changed on it.
    pub changes: Option<Changes>,
}

/// Where a path that is no page any longer leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RedirectDocument {
    /// The path.
    pub path: String,
    /// The page's path.
    pub to: String,
}

impl RevisionDocument {
    /// Of a comparison.
    #[must_use]
    pub fn of(revision: u32, follows: u32, comparison: &Comparison) -> Self {
        let page = |page: &ComparedPage| RevisedPageDocument {
            slug: page.slug.clone(),
            title: page.title.clone(),
            state: page.state,
            changes: page.changes.clone(),
        };
        Self {
            revision,
            follows,
            pages: comparison.pages.iter().map(page).collect(),
            redirects: redirects(&comparison.redirects),
        }
    }
}

/// Redirects as a list.
pub(crate) fn redirects(all: &BTreeMap<String, String>) -> Vec<RedirectDocument> {
    let redirect = |(path, to): (&String, &String)| RedirectDocument {
        path: path.clone(),
        to: to.clone(),
    };
    all.iter().map(redirect).collect()
}

/// One task of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TaskDocument {
    /// Its id.
    pub id: String,
    /// Who does it.
    pub role: String,
    /// What it does.
    pub title: String,
    /// What it works on.
    pub inputs: Vec<String>,
    /// What it waits for.
    pub depends_on: Vec<String>,
    /// The worst case of its calls if none is repeated.
    pub share: ShareDocument,
    /// What it is measured by.
    pub kpis: Vec<String>,
    /// What proves it.
    pub proof: Vec<String>,
}

/// Money, tokens and calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ShareDocument {
    /// Micro-units of the company's currency.
    pub amount_micros: i64,
    /// Tokens, input and output together.
    pub tokens: i64,
    /// Model calls.
    pub calls: i64,
}

impl From<Amounts> for ShareDocument {
    fn from(a: Amounts) -> Self {
        Self {
            amount_micros: a.micros,
            tokens: a.tokens,
            calls: a.calls,
        }
    }
}

/// Turns of a draft that a model may take, and calls of a turn.
const CALLS_OF_A_DRAFT: i64 = 3 * 2;

/// The plan's document.
#[must_use]
pub fn document(
    topics: &StreamId,
    tasks: &[PlannedTask],
    refused: &[RefusedTopic],
    not_enforced: &[String],
    revision: Option<RevisionDocument>,
) -> PlanDocument {
    let expected: Amounts = tasks.iter().map(|t| t.share).sum();
    let times = |n: i64| n.saturating_mul(CALLS_OF_A_DRAFT);
    let worst = Amounts::new(
        times(expected.micros),
        times(expected.tokens),
        times(expected.calls),
    );
    let mut all = vec![TaskDocument {
        id: topics.id().to_owned(),
        role: "cmo".into(),
        title: "Find the questions that the catalogue can answer".into(),
        inputs: vec!["goal".into(), "catalogue".into()],
        depends_on: Vec::new(),
        share: ShareDocument::default(),
        kpis: vec!["articles_published".into()],
        proof: vec!["claims".into()],
    }];
    all.extend(tasks.iter().map(|t| TaskDocument {
        id: t.task.id().to_owned(),
        role: t.role.clone(),
        title: t.title.clone(),
        inputs: t.slug.iter().map(|s| format!("request {s}")).collect(),
        depends_on: t.depends_on.iter().map(|d| d.id().to_owned()).collect(),
        share: t.share.into(),
        kpis: vec![
                if t.role == "affiliate-linker" {
                    "affiliate_links"
                } else {
                    "articles_published"
                }
                .to_owned(),
            ],
        proof: t.proof.clone(),
    }));
    PlanDocument {
        tasks: all,
        worst_case: worst.into(),
        expected: expected.into(),
        not_enforced: not_enforced.to_vec(),
        refused: refused.to_vec(),
        revision,
    }
}
