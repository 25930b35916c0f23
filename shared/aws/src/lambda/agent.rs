//! An agent in its kernel, as the handler of its queue.

use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::{FuturesUnordered, StreamExt};
use jiff::SignedDuration;
use va_domain::{
    effect::Intent, envelope::EventPos, goal_spec::Priority, ids::StreamId, payload::AlarmChanged,
    roles,
};
use va_runtime::{
    agent::{Agent, DecideError, Decision},
    kernel::{Attempted, Bell as KernelBell, Identity, Kernel, KernelError, Mode, Ports},
    ports::{Effects, World as _},
};

use super::{
    FunctionError, alarms,
    batch::{self, Failure, Handler, SetAside},
    bell::{self, Bell},
    run,
};
use crate::{
    Aws, ConfigError,
    effects::{Declared, NoEffects},
    world::SystemWorld,
};

/// Tries of appending an outcome: what it says was paid for.
const OUTCOME_TRIES: u32 = 6;

/// What an agent makes of a change of an alarm: the stream of its own that the act is appended to, the stream
/// that the act is for, and the act.
pub type Heard = fn(&AlarmChanged) -> Result<(StreamId, StreamId, Decision), DecideError>;

/// Runs one agent on what reaches its queue.
pub struct AgentHandler {
    agent: Arc<dyn Agent>,
    identity: Identity,
    ports: Ports,
    heard: Option<Heard>,
}

impl AgentHandler {
    /// The agent on these ports.
    #[must_use]
    pub fn new(agent: Arc<dyn Agent>, identity: Identity, ports: Ports) -> Self {
        Self {
            agent,
            identity,
            ports,
            heard: None,
        }
    }

    /// The same, and alarms.
    #[must_use]
    pub fn hearing(mut self, heard: Heard) -> Self {
        self.heard = Some(heard);
        self
    }

    /// Appends the change of an alarm as an act of the agent's own, once, and answers the bell that it rings.
    async fn act(&self, change: &AlarmChanged, heard: Heard) -> Result<(StreamId, Bell), Failure> {
        let failed = |error: KernelError| Failure::new(error.code(), &error);
        let (act, incident, decision) = heard(change).map_err(|e| Failure::new("decide", &e))?;
        self.kernel()
            .act(&act, decision, Priority::P0, incident.as_str())
            .await
            .map_err(failed)?;
        let bell = Bell::Event {
            stream: act,
            at: EventPos(1, 0),
        };
        Ok((incident, bell))
    }

    /// A kernel that remembers no stream. Other invocations append to the same streams, and an answer that is
    /// judged by an old state looks like one that nobody waits for.
    fn kernel(&self) -> Kernel {
        Kernel::new(
            self.identity.clone(),
            self.ports.clone(),
            vec![Arc::clone(&self.agent)],
        )
    }

    /// Decides on all bells; the attempts that are to be run are collected even where a later bell fails.
    async fn decide(
        &self,
        stream: &StreamId,
        bells: &[KernelBell],
        intents: &mut Vec<Intent>,
        set_aside: &mut Vec<SetAside>,
    ) -> Result<(), KernelError> {
        let mut taken = 0;
        while taken < bells.len() {
            let handled = self
                .kernel()
                .handle(stream, &bells[taken..], Mode::Worker)
                .await?;
            intents.extend(handled.intents);
            set_aside.extend(handled.poison.iter().map(|(n, error)| SetAside {
                bell: taken + n,
                failure: Failure::new(error.code(), error),
            }));
            if handled.taken == 0 {
                return Err(KernelError::Rule {
                    what: format!("nothing that reached {stream} was taken"),
                });
            }
            taken += handled.taken;
        }
        Ok(())
    }

    /// Appends an outcome, and answers the attempts that follow from it. It is tried for longer than a bell:
    /// no message stands behind it.
    async fn conclude(
        &self,
        stream: &StreamId,
        attempted: Attempted,
    ) -> Result<Vec<Intent>, KernelError> {
        let bells = [KernelBell::Outcome(attempted)];
        let mut tries = 0;
        loop {
            match self.kernel().handle(stream, &bells, Mode::Worker).await {
                Ok(mut handled) => {
                    return match handled.poison.pop() {
                        Some((_, error)) => Err(error),
                        None => Ok(handled.intents),
                    };
                }
                Err(error) if error.is_retryable() && tries + 1 < OUTCOME_TRIES => {
                    tracing::warn!(%stream, code = error.code(), tries, "an outcome is not appended yet");
                    self.ports
                        .world
                        .sleep(SignedDuration::from_millis(200 << tries))
                        .await;
                    tries += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Runs attempts, and those that follow from them, until none is left.
    async fn perform(&self, stream: &StreamId, intents: Vec<Intent>) -> Result<(), KernelError> {
        let kernel = self.kernel();
        let attempt = async |intent: Intent| kernel.run(&intent).await;
        let mut running: FuturesUnordered<_> = intents.into_iter().map(attempt).collect();
        let mut lost = None;
        while let Some(attempted) = running.next().await {
            match self.conclude(stream, attempted).await {
                Ok(intents) => running.extend(intents.into_iter().map(attempt)),
                Err(error) => lost = Some(error),
            }
        }
        lost.map_or(Ok(()), Err)
    }
}

#[async_trait]
impl Handler for AgentHandler {
    fn owns(&self, stream: &StreamId) -> bool {
        roles::owner(stream.kind()) == self.agent.role()
    }

    async fn bells(&self, body: &str) -> Result<Vec<(StreamId, Bell)>, Failure> {
        if let Some(heard) = self.heard
            && let Some(change) = alarms::parse(body)
        {
            let change = change.map_err(|e| Failure::new(e.code(), &e))?;
            return Ok(vec![self.act(&change, heard).await?]);
        }
        bell::parse(body, |stream| self.owns(stream)).map_err(|e| Failure::new(e.code(), &e))
    }

    async fn handle(&self, stream: StreamId, bells: Vec<Bell>) -> Result<Vec<SetAside>, Failure> {
        let bells: Vec<KernelBell> = bells.into_iter().map(KernelBell::from).collect();
        let (mut intents, mut set_aside) = (Vec::new(), Vec::new());
        let decided = self
            .decide(&stream, &bells, &mut intents, &mut set_aside)
            .await;
        // What was intended has this function for its only owner, whatever became of the other bells.
        let performed = self.perform(&stream, intents).await;
        decided
            .and(performed)
            .map_err(|error| Failure::new(error.code(), &error))?;
        Ok(set_aside)
    }
}

impl From<Bell> for KernelBell {
    fn from(bell: Bell) -> Self {
        match bell {
            Bell::Event { stream, at } => Self::Event {
                stream,
                version: at.0,
                n: at.1,
            },
            Bell::Ring => Self::Due,
        }
    }
}

/// The whole of an agent's function: its queue, its kernel, its ports, and of `effects` those that it declares.
///
/// # Errors
/// Where a name is missing in the environment, or the service that calls the function is not there.
pub async fn serve(
    aws: &Aws,
    agent: Arc<dyn Agent>,
    effects: Arc<dyn Effects>,
) -> Result<(), FunctionError> {
    let handler = handler(aws, agent, effects)?;
    run(async |event| Ok(batch::handle(event, &handler).await)).await
}

/// The same for an agent that hears alarms as well, and runs no effects.
///
/// # Errors
/// As [`serve`].
pub async fn serve_alarms(
    aws: &Aws,
    agent: Arc<dyn Agent>,
    heard: Heard,
) -> Result<(), FunctionError> {
    let handler = handler(aws, agent, Arc::new(NoEffects))?.hearing(heard);
    run(async |event| Ok(batch::handle(event, &handler).await)).await
}

fn handler(
    aws: &Aws,
    agent: Arc<dyn Agent>,
    effects: Arc<dyn Effects>,
) -> Result<AgentHandler, ConfigError> {
    let ports = Ports {
        journal: Arc::new(aws.journal()?),
        blobs: Arc::new(aws.blobs()?),
        world: Arc::new(SystemWorld),
        effects: Arc::new(Declared::new(Arc::clone(&agent), effects)),
    };
    let identity = identity(aws, agent.role());
    Ok(AgentHandler::new(agent, identity, ports))
}

/// Who runs here: one invocation's process of that function.
#[must_use]
pub fn identity(aws: &Aws, function: &str) -> Identity {
    Identity {
        company: aws.names.company.clone(),
        home: "hq".to_owned(),
        env: aws.names.env.clone(),
        epoch: 0,
        runner: format!("lambda-{function}-{:016x}", SystemWorld.random()),
    }
}
