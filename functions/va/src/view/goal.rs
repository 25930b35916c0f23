//! A goal as people and programs read it.

use std::{collections::BTreeMap, fmt::Write as _};

use jiff::civil::Date;
use serde::Serialize;
use va_agents::report::{BudgetDocument, KpiDocument, kpis};
use va_domain::payload::Reason;

use super::{GoalBook, text};

/// Goal: CONTRACT, section 6.
#[derive(Clone, Debug, Serialize)]
pub struct Goal {
    /// Its UUID.
    pub goal_id: String,
    /// Its slug.
    pub id: String,
    /// `accepted`, `planning`, `running`, `waiting_person`, `paused`, `paused_budget`, `done`, `failed`,
    /// `cancelled`.
    pub state: String,
    /// Why it is so.
    pub reason: Option<Reason>,
    /// The day whose facts count; `None` before it was accepted.
    pub as_of: Option<Date>,
    /// How many tasks are in each state.
    pub tasks: BTreeMap<String, u32>,
    /// Its money, tokens and calls.
    pub budget: BudgetDocument,
    /// What success is measured by.
    pub kpis: Vec<KpiDocument>,
    /// What a person must answer.
    pub blockers: Vec<String>,
    /// What a person must approve; nothing asks for it yet.
    pub approvals: Vec<String>,
    /// The site's articles.
    pub pages: Vec<Page>,
}

/// One article of a goal's site.
#[derive(Clone, Debug, Serialize)]
pub struct Page {
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
}

impl Goal {
    pub(super) fn of(book: &GoalBook, currency: &str) -> Self {
        let body = &book.body;
        let asked = body.asked.as_ref();
        let sums = book.sums();
        let mut tasks = BTreeMap::new();
        for (record, task) in &book.tasks {
            *tasks
                .entry(book.task_state(record, task).to_owned())
                .or_default() += 1;
        }
        let reason = if body.is_over() {
            body.reason.clone()
        } else {
            body.paused.clone().or_else(|| body.reason.clone())
        };
        Self {
            goal_id: book.state.stream.id().to_owned(),
            id: book.slug().to_owned(),
            state: book.public_state().to_owned(),
            reason,
            as_of: asked.map(|a| a.brief.as_of),
            tasks,
            budget: BudgetDocument::of(currency, sums.array(), body.crossed.clone()),
            kpis: kpis(asked.map_or(&[], |a| &a.kpis), body, sums.spent),
            blockers: body.blockers.keys().cloned().collect(),
            approvals: Vec::new(),
            pages: body
                .pages
                .iter()
                .map(|p| Page {
                    slug: p.slug.clone(),
                    title: p.title.clone(),
                    path: p.path.clone(),
                    url: p.url.clone(),
                    sha256: p.sha256.to_string(),
                })
                .collect(),
        }
    }

    fn task_counts(&self) -> String {
        let counts: Vec<String> = self
            .tasks
            .iter()
            .map(|(state, n)| format!("{n} {state}"))
            .collect();
        counts.join(", ")
    }

    /// For people.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = format!("goal    {} ({}) is {}\n", self.id, self.goal_id, self.state);
        if let Some(reason) = &self.reason {
            // Writing into a string cannot fail, here and below.
            let _ = writeln!(out, "why     {}", text::line(&reason.text));
        }
        if let Some(day) = self.as_of {
            let _ = writeln!(out, "as of   {day}");
        }
        let _ = writeln!(out, "tasks   {}", self.task_counts());
        for blocker in &self.blockers {
            let _ = writeln!(out, "blocked {blocker}");
        }
        let _ = write!(out, "\n{}", budget_text(&self.budget));
        let kpis: Vec<Vec<String>> = self
            .kpis
            .iter()
            .map(|k| {
                let value = k.value.map_or_else(|| "-".into(), |v| v.to_string());
                vec![k.name.clone(), k.target.to_string(), value, k.state.clone()]
            })
            .collect();
        let pages: Vec<Vec<String>> = self
            .pages
            .iter()
            .map(|p| vec![p.path.clone(), p.title.clone()])
            .collect();
        for part in [
            text::table(&["kpi", "target", "value", "state"], &kpis),
            text::table(&["page", "title"], &pages),
        ] {
            if !part.is_empty() {
                let _ = write!(out, "\n{part}");
            }
        }
        out
    }
}

/// The goals, one a line.
#[must_use]
pub(super) fn goals_text(goals: &[Goal]) -> String {
    if goals.is_empty() {
        return "no goal yet; `va run DIR` takes one on\n".to_owned();
    }
    let rows: Vec<Vec<String>> = goals
        .iter()
        .map(|g| {
            vec![
                g.id.clone(),
                g.state.clone(),
                format!(
                    "{} of {} {}",
                    text::money(g.budget.spent_micros),
                    text::money(g.budget.allocated_micros),
                    g.budget.currency
                ),
                g.task_counts(),
                g.pages.len().to_string(),
            ]
        })
        .collect();
    text::table(&["goal", "state", "spent", "tasks", "pages"], &rows)
}

/// A budget, unit by unit.
#[must_use]
pub fn budget_text(budget: &BudgetDocument) -> String {
    let (tokens, calls) = (&budget.tokens, &budget.calls);
    let rows = [
        ("allocated", budget.allocated_micros, tokens.allocated, calls.allocated),
        ("available", budget.available_micros, tokens.available, calls.available),
        ("reserved", budget.reserved_micros, tokens.reserved, calls.reserved),
        ("spent", budget.spent_micros, tokens.spent, calls.spent),
        ("in flight", budget.in_flight_micros, tokens.in_flight, calls.in_flight),
    ];
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(name, micros, tokens, calls)| {
            vec![name.to_owned(), text::money(micros), tokens.to_string(), calls.to_string()]
        })
        .collect();
    let mut out = text::table(&["budget", &budget.currency, "tokens", "calls"], &rows);
    if !budget.crossed.is_empty() {
        let crossed: Vec<String> = budget.crossed.iter().map(|p| format!("{p} %")).collect();
        let _ = writeln!(out, "crossed {}", crossed.join(", "));
    }
    out
}
