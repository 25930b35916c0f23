//! What AWS wiring follows from the agents' declarations: the content of `terraform/agents.json`.

use serde::{Deserialize, Serialize};
use va_domain::{ids::kind, payload::EVENT_TYPES, roles};

/// `terraform/agents.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// `va.manifest/1`.
    pub schema: String,
    /// One entry an agent.
    pub agents: Vec<AgentEntry>,
}

/// One agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentEntry {
    /// The role's id; also the crate's folder.
    pub role: String,
    /// As AWS names have it.
    pub function: String,
    /// The binary.
    pub binary: String,
    /// The types of stream that it alone appends to.
    pub streams: Vec<String>,
    /// The events that it takes, as `detail-type`.
    pub takes: Vec<String>,
    /// The events that it emits, as `detail-type`.
    pub emits: Vec<String>,
    /// The effects that it may run.
    pub effects: Vec<String>,
    /// Seconds that an invocation may last.
    pub timeout_s: u32,
    /// Seconds that a message stays hidden: six times the timeout.
    pub visibility_s: u32,
    /// Memory.
    pub memory_mb: u32,
}

/// The manifest of everything that is built.
#[must_use]
pub fn manifest() -> Manifest {
    let agents = crate::all()
        .iter()
        .map(|agent| {
            let role = agent.role();
            let streams = match role {
                "ceo" => vec![kind::GOAL.to_owned()],
                "cfo" => vec![kind::MONTH.to_owned()],
                "publisher" => vec![format!("{}{role}", kind::TASK), kind::SITE.to_owned()],
                _ => vec![format!("{}{role}", kind::TASK)],
            };
            let thinks = agent.effects().contains(&"model_call");
            let timeout_s = if thinks { 150 } else { 90 };
            AgentEntry {
                role: role.to_owned(),
                function: roles::find(role).map_or(role, |r| r.function).to_owned(),
                binary: format!("va-fn-{role}"),
                streams,
                takes: agent.takes().iter().map(|t| detail_type(t)).collect(),
                emits: agent.emits().iter().map(|t| detail_type(t)).collect(),
                effects: agent.effects().iter().map(|&e| e.to_owned()).collect(),
                timeout_s,
                visibility_s: timeout_s * 6,
                memory_mb: 256,
            }
        })
        .collect();
    Manifest {
        schema: "va.manifest/1".into(),
        agents,
    }
}

/// `<EventType>.v<N>`.
fn detail_type(event_type: &str) -> String {
    let version = EVENT_TYPES
        .iter()
        .find(|(name, _)| *name == event_type)
        .map_or(1, |(_, v)| *v);
    format!("{event_type}.v{version}")
}
