//! A task as people and programs read it.

use std::fmt::Write as _;

use serde::Serialize;
use va_agents::report::BudgetDocument;
use va_domain::{
    ids::StreamId,
    payload::{ArtifactEvidence, Reason},
    state::{StreamState, TaskRecord},
};
use va_runtime::agent::agent_id;

use super::{GoalBook, Read, Trace, ViewError, goal::budget_text, text};

/// Task: CONTRACT, section 6.
#[derive(Clone, Debug, Serialize)]
pub struct Task {
    /// Its id.
    pub task_id: String,
    /// The role that does it.
    pub role: String,
    /// That role's agent.
    pub agent_id: String,
    /// `waiting`, `ready`, `running`, `waiting_person`, `done`, `failed`, `cancelled`.
    pub state: &'static str,
    /// The ids of the tasks whose work it needs.
    pub depends_on: Vec<String>,
    /// Attempts at effects so far.
    pub attempts: u32,
    /// Its money, tokens and calls.
    pub budget: BudgetDocument,
    /// Why it is so.
    pub reason: Option<Reason>,
    /// What proves it.
    pub evidence: Vec<ArtifactEvidence>,
    /// What it did.
    pub trace: Trace,
    /// What it does, for people.
    #[serde(skip)]
    pub title: String,
}

impl Task {
    pub(super) fn load(
        from: &dyn Read,
        book: &GoalBook,
        (record, state): &(TaskRecord, StreamState),
        currency: &str,
        env: &str,
    ) -> Result<Self, ViewError> {
        let trace = Trace::load(from, &state.stream)?;
        let now = book.task_state(record, state);
        Ok(Self {
            task_id: record.plan.task.id().to_owned(),
            role: record.plan.role.clone(),
            agent_id: agent_id(&record.plan.role, env),
            state: now,
            depends_on: record
                .plan
                .depends_on
                .iter()
                .map(|on| on.id().to_owned())
                .collect(),
            attempts: state.attempts,
            budget: BudgetDocument::of(currency, book.sums_of(state).array(), Vec::new()),
            reason: reason(book, record, state, &trace, now),
            evidence: record.evidence.clone(),
            trace,
            title: record.plan.title.clone(),
        })
    }

    /// For people.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = format!(
            "task    {} is {}\ntitle   {}\nagent   {}\n",
            self.task_id,
            self.state,
            text::line(&self.title),
            self.agent_id
        );
        // Writing into a string cannot fail, here and below.
        if let Some(reason) = &self.reason {
            let _ = writeln!(out, "why     {}", text::line(&reason.text));
        }
        if !self.depends_on.is_empty() {
            let _ = writeln!(out, "needs   {}", self.depends_on.join(", "));
        }
        let trace = &self.trace;
        let _ = writeln!(
            out,
            "did     {} commits, {} attempts at effects, {} ms\n\n{}",
            trace.steps,
            trace.tool_calls,
            trace.latency_ms,
            budget_text(&self.budget)
        );
        let calls: Vec<Vec<String>> = trace
            .model_calls
            .iter()
            .map(|c| {
                let tokens = |n: Option<i64>| n.map_or_else(|| "-".into(), |n| n.to_string());
                vec![
                    c.call_id.rsplit('/').next().unwrap_or_default().to_owned(),
                    c.purpose.clone(),
                    c.model.clone(),
                    c.outcome.to_owned(),
                    text::money(c.charged_micros),
                    tokens(c.input_tokens),
                    tokens(c.output_tokens),
                ]
            })
            .collect();
        out.push_str(&text::table(
            &["call", "purpose", "model", "outcome", "charged", "in", "out"],
            &calls,
        ));
        for proof in &self.evidence {
            let passed = proof.reports.iter().filter(|r| r.result == "pass").count();
            let _ = writeln!(
                out,
                "proof   {} {}: {passed} of {} checks pass, by {}",
                text::line(&proof.uri),
                proof.checksum,
                proof.reports.len(),
                proof.reviewer
            );
        }
        for call in &trace.model_calls {
            let bodies = [("prompt", &call.prompt_body), ("answer", &call.answer_body)];
            for (name, body) in bodies {
                if let Some(body) = body {
                    let _ = writeln!(out, "\n--- {name} of {}\n{}", call.call_id, text::clean(body));
                }
            }
        }
        out
    }
}

/// Why a task is as it is; `None` where its state says it all.
fn reason(
    book: &GoalBook,
    record: &TaskRecord,
    state: &StreamState,
    trace: &Trace,
    now: &str,
) -> Option<Reason> {
    let because = |code: &str, text: String| Some(Reason { code: code.to_owned(), text });
    let blocker = book
        .body
        .blockers
        .values()
        .find(|b| b.task.as_ref() == Some(&record.plan.task));
    if record.state == "dropped" {
        return because("dropped", "the board left the page out".into());
    }
    if matches!(now, "done" | "failed" | "cancelled") {
        return trace.end.clone();
    }
    if let Some(blocker) = blocker {
        return because(&blocker.kind, blocker.text.clone());
    }
    if let Some(draft) = state.body.draft().filter(|d| d.rejected) {
        return because("draft_rejected", draft.summary.clone());
    }
    if state.paused {
        return because("paused", "it begins nothing until it is resumed".into());
    }
    if !state.held.is_empty() {
        return because("budget", "it waits until its goal allows it more".into());
    }
    let missing: Vec<&str> = record
        .plan
        .depends_on
        .iter()
        .filter(|on| book.body.task(on).is_none_or(|t| t.state != "done"))
        .map(StreamId::id)
        .collect();
    if state.version == 0 && !missing.is_empty() {
        return because("depends_on", format!("it needs {}", missing.join(", ")));
    }
    None
}

/// The tasks, one a line.
pub(super) fn tasks_text(tasks: &[Task]) -> String {
    if tasks.is_empty() {
        return "no task yet\n".to_owned();
    }
    let rows: Vec<Vec<String>> = tasks
        .iter()
        .map(|t| {
            vec![
                t.task_id.clone(),
                t.role.clone(),
                t.state.to_owned(),
                t.attempts.to_string(),
                text::money(t.budget.spent_micros),
                t.title.clone(),
            ]
        })
        .collect();
    text::table(&["task", "role", "state", "attempts", "spent", "what"], &rows)
}
