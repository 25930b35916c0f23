//! What success is measured by.

use serde::Serialize;
use va_domain::{amounts::Amounts, goal_spec::Kpi, state::GoalBody};

/// One KPI.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KpiDocument {
    /// Its name.
    pub name: String,
    /// What it should reach.
    pub target: i64,
    /// What it has reached; `None` where nothing measures it.
    pub value: Option<i64>,
    /// `unknown`, `on_track`, `missed`, `met`.
    pub state: String,
}

/// The KPIs of a goal as it stands. `cost_per_article` is in micro-units.
#[must_use]
pub fn kpis(asked: &[Kpi], body: &GoalBody, spent: Amounts) -> Vec<KpiDocument> {
    asked
        .iter()
        .map(|kpi| {
            let articles = i64::try_from(body.pages.len()).unwrap_or(i64::MAX);
            let value = match kpi.name.as_str() {
                "articles_published" => Some(articles),
                "affiliate_links" => Some(body.pages.iter().map(|p| i64::from(p.links)).sum()),
                "cost_per_article" if articles > 0 => Some(spent.micros / articles),
                _ => None,
            };
            let less_is_better = kpi.name.starts_with("cost");
            let state = match value {
                None => "unknown",
                Some(v)
                    if (less_is_better && v <= kpi.target)
                        || (!less_is_better && v >= kpi.target) =>
                {
                    "met"
                }
                Some(_) if !body.is_over() && body.pages.is_empty() => "on_track",
                Some(_) => "missed",
            };
            KpiDocument {
                name: kpi.name.clone(),
                target: kpi.target,
                value,
                state: state.to_owned(),
            }
        })
        .collect()
}
