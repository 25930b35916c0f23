//! The manifest: what is deployed, as `va manifest` writes it from the agents' declarations.

use std::{collections::BTreeSet, path::Path};

use serde::{Deserialize, Serialize};

use crate::{EmulatorError, machine};

/// `terraform/agents.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// `va.manifest/1`.
    pub schema: String,
    /// One function, queue and rule each.
    pub agents: Vec<AgentEntry>,
    /// From the table's stream to the bus.
    pub relay: FunctionEntry,
    /// Wakes what is due.
    pub clock: FunctionEntry,
}

/// An agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentEntry {
    /// The role's id: what `to` names, and the crate.
    pub role: String,
    /// As AWS names have it.
    pub function: String,
    /// The binary.
    pub binary: String,
    /// The types of stream that it appends to.
    #[serde(default)]
    pub streams: Vec<String>,
    /// The events that it takes, `<EventType>.v<N>`.
    #[serde(default)]
    pub events: Vec<String>,
    /// The effects that it runs.
    #[serde(default)]
    pub effects: Vec<String>,
    /// Seconds of one invocation.
    pub timeout_s: u32,
    /// Megabytes.
    pub memory_mb: u32,
    /// Seconds for which a message that was taken is hidden from others.
    pub visibility_s: u32,
}

/// A function without a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionEntry {
    /// As AWS names have it.
    pub function: String,
    /// The binary.
    pub binary: String,
    /// Seconds of one invocation.
    pub timeout_s: u32,
    /// Megabytes.
    pub memory_mb: u32,
}

impl Manifest {
    /// Reads and checks a manifest.
    ///
    /// # Errors
    /// Where it cannot be read, or AWS would refuse it.
    pub fn read(path: &Path) -> Result<Self, EmulatorError> {
        let text = std::fs::read_to_string(path).map_err(machine(format!(
            "{} cannot be read; `va manifest` writes it",
            path.display()
        )))?;
        let manifest: Self = serde_json::from_str(&text).map_err(|e| EmulatorError::Manifest {
            why: format!("{}: {e}", path.display()),
        })?;
        manifest.check()?;
        Ok(manifest)
    }

    /// Checks what AWS checks or warns of, and the emulator does not.
    ///
    /// # Errors
    /// Where a rule is broken, which it names.
    pub fn check(&self) -> Result<(), EmulatorError> {
        let refuse = |why: String| Err(EmulatorError::Manifest { why });
        if self.schema != "va.manifest/1" {
            return refuse(format!(
                "its schema is `{}`, not `va.manifest/1`",
                self.schema
            ));
        }
        let (mut roles, mut streams) = (BTreeSet::new(), BTreeSet::new());
        for agent in &self.agents {
            if !roles.insert(&agent.role) {
                return refuse(format!("{} is there twice", agent.role));
            }
            if let Some(twice) = agent.streams.iter().find(|stream| !streams.insert(*stream)) {
                return refuse(format!("two agents append to streams of the type {twice}"));
            }
            if !(1..=900).contains(&agent.timeout_s) {
                return refuse(format!(
                    "{} has {} seconds; a function has 1 to 900",
                    agent.role, agent.timeout_s
                ));
            }
            if agent.visibility_s < 6 * agent.timeout_s {
                return refuse(format!(
                    "messages of {} are hidden for {} s, which is less than six times its {} s: a message could come again while it is handled",
                    agent.role, agent.visibility_s, agent.timeout_s
                ));
            }
            if agent.visibility_s > 12 * 3600 {
                return refuse(format!(
                    "messages of {} are hidden for more than 12 hours",
                    agent.role
                ));
            }
            if !(128..=10_240).contains(&agent.memory_mb) {
                return refuse(format!(
                    "{} has {} MB; a function has 128 to 10240",
                    agent.role, agent.memory_mb
                ));
            }
        }
        Ok(())
    }

    /// Every function lives this long, so that a test need not wait for what a killed one held.
    #[must_use]
    pub fn with_timeout(mut self, seconds: u32) -> Self {
        for agent in &mut self.agents {
            agent.timeout_s = seconds;
            agent.visibility_s = 6 * seconds;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(change: impl FnOnce(&mut AgentEntry)) -> Manifest {
        let mut ceo = AgentEntry {
            role: "ceo".into(),
            function: "ceo".into(),
            binary: "va-fn-ceo".into(),
            streams: vec!["goal".into()],
            events: Vec::new(),
            effects: Vec::new(),
            timeout_s: 60,
            memory_mb: 128,
            visibility_s: 360,
        };
        change(&mut ceo);
        let own = |function: &str| FunctionEntry {
            function: function.into(),
            binary: format!("va-fn-{function}"),
            timeout_s: 60,
            memory_mb: 128,
        };
        Manifest {
            schema: "va.manifest/1".into(),
            agents: vec![ceo],
            relay: own("relay"),
            clock: own("clock"),
        }
    }

    #[test]
    fn a_sound_manifest_may_be_deployed() {
        manifest(|_| {}).check().expect("sound");
        manifest(|ceo| ceo.visibility_s = 1)
            .with_timeout(3)
            .check()
            .expect("sound");
    }

    #[test]
    fn what_aws_would_refuse_is_refused() {
        let broken: [fn(&mut AgentEntry); 4] = [
            |ceo| ceo.visibility_s = 359,
            |ceo| ceo.timeout_s = 901,
            |ceo| ceo.memory_mb = 64,
            |ceo| ceo.streams.push("goal".into()),
        ];
        for change in broken {
            assert_eq!(
                manifest(change).check().expect_err("broken").code(),
                "emulator_manifest"
            );
        }
    }
}
