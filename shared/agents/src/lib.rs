//! What each agent decides, as pure functions of state and event.
//!
//! Each module reads from top to bottom: what wakes the agent, what it decides, what it hands on.

pub mod affiliate_linker;
pub mod blockers;
pub mod ceo;
pub mod cfo;
pub mod cmo;
pub mod content_generator;
pub mod cto;
pub mod manifest;
pub mod materials;
pub mod plan;
pub mod publisher;
pub mod report;
pub mod report_page;
pub mod reviewer;
pub mod revision;
pub mod submission;
pub mod view;

use std::sync::Arc;

use va_runtime::agent::Agent;

/// Every agent that is built.
#[must_use]
pub fn all() -> Vec<Arc<dyn Agent>> {
    vec![
        Arc::new(ceo::Ceo),
        Arc::new(cfo::Cfo),
        Arc::new(cmo::Cmo),
        Arc::new(cto::Cto),
        Arc::new(content_generator::ContentGenerator),
        Arc::new(reviewer::Reviewer::default()),
        Arc::new(affiliate_linker::AffiliateLinker),
        Arc::new(publisher::Publisher),
    ]
}

/// The agent of that role.
#[must_use]
pub fn of(role: &str) -> Option<Arc<dyn Agent>> {
    all().into_iter().find(|a| a.role() == role)
}

/// Seconds that an agent waits for another before it asks again.
pub(crate) const ANSWER_S: i64 = 300;
/// Seconds that a task may wait for work that others still do.
pub(crate) const WORK_S: i64 = 24 * 3600;

/// The blocker that a draft opens when it was rejected after so many turns.
pub(crate) fn blocker_of(task: &va_domain::ids::StreamId, turns: u32) -> String {
    va_domain::ids::digest_of(&[task.as_str(), &turns.to_string()])[..8].to_owned()
}

/// The expectation of a rejected draft that the board's answer to this blocker closes.
pub(crate) fn board_of(blocker: &str) -> String {
    format!("board.{blocker}")
}

/// The expectation of a goal that a task's end answers.
pub(crate) fn end_of(task: &va_domain::ids::StreamId) -> String {
    format!("end:{task}")
}

/// Ends a task that publishes nothing, and tells its goal.
pub(crate) fn complete(
    task: &va_domain::ids::StreamId,
    goal: &va_domain::ids::StreamId,
    evidence: Vec<va_domain::payload::ArtifactEvidence>,
    then: &mut va_runtime::agent::Decision,
) -> Result<(), va_runtime::agent::DecideError> {
    let done = va_domain::payload::TaskCompleted {
        evidence,
        pages: Vec::new(),
        worst_case_kept: Vec::new(),
        edition: None,
    };
    let hears = va_domain::envelope::Target::tell(goal.clone()).answering(end_of(task));
    then.send(&done, vec![hears])?;
    Ok(())
}
