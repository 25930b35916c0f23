//! What the CEO reports to the board: `report.json`'s `result`. No time, attempt, trace, event id, seal or
//! path enters it, so that it is the same after any interruption.

mod history;
mod kpis;

use std::collections::BTreeMap;

use serde::Serialize;
use va_domain::{
    amounts::Amounts,
    content::RefusedTopic,
    ids::digest_of,
    payload::{ArtifactEvidence, KeptCharge, PublishedPage, ValidationReport},
    revision::{Changes, PageState},
    state::{GoalBody, StreamState},
};

use crate::plan::RedirectDocument;

pub use history::History;
pub use kpis::{KpiDocument, kpis};

/// The board's view of a goal's end.
#[derive(Clone, Debug, Serialize)]
pub struct ReportResult {
    /// The goal's UUID.
    pub goal: String,
    /// Its slug.
    pub id: String,
    /// From 1.
    pub revision: u32,
    /// The UUID of the goal that this revision follows.
    pub follows: Option<String>,
    /// `done` or `failed`.
    pub state: String,
    /// The day whose facts count.
    pub as_of: jiff::civil::Date,
    /// The site that it makes.
    pub site: String,
    /// The models that may write, in order of preference.
    pub models: Vec<String>,
    /// What answered blockers have set.
    pub set: BTreeMap<String, String>,
    /// What waited for a person when it ended.
    pub blockers: Vec<BlockerReport>,
    /// The site's articles with their evidence.
    pub pages: Vec<PageReport>,
    /// Paths that are pages no longer, and where each leads.
    pub redirects: Vec<RedirectDocument>,
    /// Topics that were not taken, and pages that were left out.
    pub refused: Vec<RefusedTopic>,
    /// Constraints that nothing checks.
    pub not_enforced: Vec<String>,
    /// The tasks.
    pub tasks: Vec<TaskReport>,
    /// The budget.
    pub budget: BudgetDocument,
    /// Profit and loss.
    pub pnl: PnlReport,
    /// What success is measured by.
    pub kpis: Vec<KpiDocument>,
    /// Charges that stay at their worst case because a paid call was cut off.
    pub worst_case_kept: Vec<KeptReport>,
}

/// One article.
#[derive(Clone, Debug, Serialize)]
pub struct PageReport {
    /// Its slug.
    pub slug: String,
    /// Its heading.
    pub title: String,
    /// Path within the site.
    pub path: String,
    /// Absolute address.
    pub url: String,
    /// `sha256:...` of its bytes.
    pub sha256: String,
    /// What became of it in this revision.
    pub state: PageState,
    /// The revision that wrote it.
    pub revision: u32,
    /// What changed on it in this revision.
    pub changes: Option<Changes>,
    /// The model that wrote it: `offline` too where another's drafts were rejected.
    pub written_by: Option<String>,
    /// How many drafts it took.
    pub turns: Option<u32>,
    /// What proves it.
    pub evidence: Vec<ArtifactEvidence>,
}

/// A question to a person.
#[derive(Clone, Debug, Serialize)]
pub struct BlockerReport {
    /// Its id.
    pub id: String,
    /// What kind of question.
    pub kind: String,
    /// What was needed and why.
    pub text: String,
    /// The keys that an answer sets.
    pub needs: Vec<String>,
}

/// One task.
#[derive(Clone, Debug, Serialize)]
pub struct TaskReport {
    /// Its id.
    pub id: String,
    /// Who did it.
    pub role: String,
    /// What it did, in a few words.
    pub title: String,
    /// The ids of the tasks whose work it needed.
    pub depends_on: Vec<String>,
    /// The page that it wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// What proves that it is done.
    pub proof: Vec<String>,
    /// How it ended.
    pub state: String,
    /// What it spent.
    pub spent: crate::plan::ShareDocument,
}

/// Charges of one task that stay at their worst case.
#[derive(Clone, Debug, Serialize)]
pub struct KeptReport {
    /// The task.
    pub task: String,
    /// The attempts.
    pub charges: Vec<KeptCharge>,
}

/// Budget: CONTRACT, section 6.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BudgetDocument {
    /// The company's currency.
    pub currency: String,
    /// All that the month granted.
    pub allocated_micros: i64,
    /// What may still be spent; what went back counts.
    pub available_micros: i64,
    /// Set aside for attempts under way.
    pub reserved_micros: i64,
    /// Spent.
    pub spent_micros: i64,
    /// Written by one side of an edge and not read by the other.
    pub in_flight_micros: i64,
    /// The same, for tokens.
    pub tokens: UnitDocument,
    /// The same, for calls.
    pub calls: UnitDocument,
    /// Percentages that were crossed.
    pub crossed: Vec<u32>,
}

/// One unit of a budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct UnitDocument {
    /// All that was granted.
    pub allocated: i64,
    /// What may still be spent.
    pub available: i64,
    /// Set aside.
    pub reserved: i64,
    /// Spent.
    pub spent: i64,
    /// Between two accounts.
    pub in_flight: i64,
}

impl BudgetDocument {
    /// From the five sums.
    #[must_use]
    pub fn of(
        currency: &str,
        [allocated, available, reserved, spent, in_flight]: [Amounts; 5],
        crossed: Vec<u32>,
    ) -> Self {
        let unit = |of: fn(&Amounts) -> i64| UnitDocument {
            allocated: of(&allocated),
            available: of(&available),
            reserved: of(&reserved),
            spent: of(&spent),
            in_flight: of(&in_flight),
        };
        Self {
            currency: currency.to_owned(),
            allocated_micros: allocated.micros,
            available_micros: available.micros,
            reserved_micros: reserved.micros,
            spent_micros: spent.micros,
            in_flight_micros: in_flight.micros,
            tokens: unit(|a| a.tokens),
            calls: unit(|a| a.calls),
            crossed,
        }
    }
}

/// Profit and loss of a goal, in sums.
#[derive(Clone, Debug, Serialize)]
pub struct PnlReport {
    /// What came in.
    pub revenue_micros: i64,
    /// What was spent.
    pub costs_micros: i64,
    /// Revenue less costs.
    pub result_micros: i64,
}

/// The report of a goal whose tasks have all ended.
#[must_use]
pub fn result(
    state: &StreamState,
    body: &GoalBody,
    end: &str,
    mut refused: Vec<RefusedTopic>,
    history: &History,
) -> ReportResult {
    let spent: Amounts = body.tasks.iter().map(|t| t.spent).sum();
    let allocated = state.account.allowed;
    let asked = body.asked.as_ref();
    let revision = asked.map_or(1, |a| a.brief.revision);
    for task in body.tasks.iter().filter(|t| t.state == "dropped") {
        let topic = task.plan.title.clone();
        refused.push(RefusedTopic {
            topic,
            reason: "left out by the board after its draft was rejected".into(),
        });
    }
    let pages = body
        .pages
        .iter()
        .map(|page| {
            let evidence = body.tasks.iter().flat_map(|t| &t.evidence);
            let earlier = history.proof(&page.slug).into_iter().cloned();
            let evidence: Vec<_> = earlier
                .chain(evidence.filter_map(|e| of_page(e, page)))
                .collect();
            let compared = history.compared(&page.slug);
            let kept = compared.filter(|c| c.state == PageState::Kept);
            PageReport {
                state: compared.map_or(PageState::New, |c| c.state),
                revision: kept
                    .and_then(|c| c.before.as_ref())
                    .map_or(revision, |before| before.revision),
                changes: compared.and_then(|c| c.changes.clone()),
                slug: page.slug.clone(),
                title: page.title.clone(),
                path: page.path.clone(),
                url: page.url.clone(),
                sha256: page.sha256.to_string(),
                written_by: evidence.iter().find_map(|e| e.written_by.clone()),
                turns: evidence.iter().find_map(|e| e.turns),
                evidence,
            }
        })
        .collect();
    let over = GoalBody {
        state: end.to_owned(),
        ..body.clone()
    };
    ReportResult {
        goal: asked.map_or_else(String::new, |a| a.goal_id.clone()),
        id: asked.map_or_else(String::new, |a| a.slug.clone()),
        revision,
        follows: asked.and_then(|a| Some(a.brief.follows.as_ref()?.goal_id.clone())),
        state: end.to_owned(),
        as_of: asked.map_or_else(Default::default, |a| a.brief.as_of),
        site: asked.map_or_else(String::new, |a| a.site.clone()),
        models: asked.map_or_else(Vec::new, |a| {
            let mut ids: Vec<String> = Vec::new();
            for model in &a.brief.models {
                if !ids.contains(&model.id) {
                    ids.push(model.id.clone());
                }
            }
            ids
        }),
        set: body.set.clone(),
        blockers: body
            .blockers
            .values()
            .map(|b| BlockerReport {
                id: b.id.clone(),
                kind: b.kind.clone(),
                text: b.text.clone(),
                needs: b.needs.clone(),
            })
            .collect(),
        pages,
        redirects: history.redirects(),
        refused,
        not_enforced: asked.map_or_else(Vec::new, |a| a.not_enforced.clone()),
        tasks: body
            .tasks
            .iter()
            .map(|t| TaskReport {
                id: t.plan.task.id().to_owned(),
                role: t.plan.role.clone(),
                title: t.plan.title.clone(),
                depends_on: t
                    .plan
                    .depends_on
                    .iter()
                    .map(|d| d.id().to_owned())
                    .collect(),
                slug: t.plan.slug.clone(),
                proof: t.plan.proof.clone(),
                state: t.state.clone(),
                spent: t.spent.into(),
            })
            .collect(),
        budget: BudgetDocument::of(
            "EUR",
            [
                allocated,
                allocated - spent,
                Amounts::ZERO,
                spent,
                Amounts::ZERO,
            ],
            body.crossed.clone(),
        ),
        pnl: PnlReport {
            revenue_micros: 0,
            costs_micros: spent.micros,
            result_micros: -spent.micros,
        },
        kpis: kpis(asked.map_or(&[], |a| &a.kpis), &over, spent),
        worst_case_kept: body
            .tasks
            .iter()
            .filter(|t| !t.worst_case_kept.is_empty())
            .map(|t| KeptReport {
                task: t.plan.task.id().to_owned(),
                charges: t.worst_case_kept.clone(),
            })
            .collect(),
    }
}

/// What an artifact's evidence says of a page: its own, or its part of what was read back from the whole site.
fn of_page(evidence: &ArtifactEvidence, page: &PublishedPage) -> Option<ArtifactEvidence> {
    if evidence.uri == page.path {
        return Some(evidence.clone());
    }
    let whole = evidence.uri.starts_with("sites/") && evidence.artifact_type == "page";
    whole.then(|| {
        let artifact_id = digest_of(&[&evidence.goal_id, &page.path]);
        let report = |r: &ValidationReport| ValidationReport {
            report_id: digest_of(&[&artifact_id, &r.suite]),
            ..r.clone()
        };
        ArtifactEvidence {
            uri: page.path.clone(),
            checksum: page.sha256.clone(),
            reports: evidence.reports.iter().map(report).collect(),
            artifact_id: artifact_id.clone(),
            ..evidence.clone()
        }
    })
}
