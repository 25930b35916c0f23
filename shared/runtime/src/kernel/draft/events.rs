//! What is decided becomes events.

use va_domain::{
    commit::Answerer,
    envelope::{Actor, Envelope, EventPos},
    roles,
    state::Part,
};

use super::Draft;
use crate::{
    agent::{Decision, NewEvent, agent_id},
    kernel::{KernelError, MAX_DEPTH},
};

impl Draft<'_> {
    /// Adds an event; answers its position.
    pub(in crate::kernel) fn emit(&mut self, new: NewEvent) -> Result<EventPos, KernelError> {
        let n = self.events.len();
        let state = &self.loaded.state;
        let (event_id, correlation_id, depth, priority, by) = match &self.cause {
            Some(c) => (
                c.event_id.clone(),
                c.correlation_id.clone(),
                c.depth + 1,
                c.priority,
                c.actor,
            ),
            None => (
                None,
                state.correlation_id.clone(),
                state.depth + 1,
                state.priority,
                Actor::System,
            ),
        };
        if depth > MAX_DEPTH {
            return Err(KernelError::Rule {
                what: format!("a chain of causes is deeper than {MAX_DEPTH}"),
            });
        }
        let correlation_id = if correlation_id.is_empty() {
            state.stream.to_string()
        } else {
            correlation_id
        };
        let role = roles::owner(state.stream.kind());
        let agent = if role == "board" {
            "board".to_owned()
        } else {
            agent_id(role, &self.identity.env)
        };
        let id = format!("{}@{}.{n}", state.stream, state.version);
        let traceparent = self.trace.parent(&correlation_id, &id);
        let event = Envelope {
            event_type: new.event_type.to_owned(),
            schema_version: new.schema_version,
            event_id: id,
            company: self.identity.company.clone(),
            home: self.identity.home.clone(),
            epoch: self.identity.epoch,
            source_agent: agent.clone(),
            agent_id: agent,
            actor: if role == "board" || by == Actor::System {
                by
            } else {
                new.actor
            },
            targets: new.targets,
            to: Vec::new(),
            grant: new.grant,
            priority,
            depth,
            timestamp: self.now,
            traceparent,
            correlation_id,
            causation: event_id,
            stream: state.stream.clone(),
            version: state.version,
            payload: new.payload,
        };
        let at = EventPos(state.version, u32::try_from(n).unwrap_or(u32::MAX));
        let events = [event];
        self.fold(
            &Part {
                closes: &[],
                opens: &[],
                seen: &[],
                events: &events,
                entries: &[],
            },
            n,
        )?;
        self.events.extend(events);
        Ok(at)
    }

    /// Adds what an agent decided. `answered` is the expectation that the input answered.
    pub(in crate::kernel) fn decided(
        &mut self,
        decision: Decision,
        answered: Option<&str>,
    ) -> Result<(), KernelError> {
        if let Some(id) = answered {
            self.close(id)?;
        }
        for id in &decision.closes {
            self.close(id)?;
        }
        for blob in decision.blobs {
            self.store(blob);
        }
        let mut asks = Vec::new();
        for event in decision.events {
            let asked: Vec<String> = event
                .targets
                .iter()
                .filter_map(|t| t.asks.as_ref())
                .map(|a| a.expectation.clone())
                .collect();
            let at = self.emit(event)?;
            asks.extend(asked.into_iter().map(|id| (id, at)));
        }
        for entry in decision.entries {
            self.enter(entry)?;
        }
        for mut expectation in decision.opens {
            if matches!(expectation.from, Answerer::Stream { .. }) {
                expectation.ask = asks
                    .iter()
                    .rev()
                    .find(|(id, _)| *id == expectation.id)
                    .map(|(_, at)| *at);
            }
            self.open(expectation)?;
        }
        self.returns |= decision.returns;
        for wanted in decision.effects {
            self.want(wanted)?;
        }
        Ok(())
    }
}
