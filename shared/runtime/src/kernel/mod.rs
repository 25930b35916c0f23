//! The kernel: loads a stream, lets its owner decide, appends one commit, and runs what was intended.
//!
//! There is one road for every change, in both homes, under the simulator and in tests:
//! [`Kernel::handle`]. It decides on all that waits for one stream, in order, and appends at most one
//! commit. Nothing is remembered outside the journal; what is cached is dropped on the first conflict.

mod attempts;
mod brake;
mod cache;
mod caught;
mod deliver;
mod draft;
mod due;
mod effects;
mod error;

use std::sync::Arc;

use jiff::SignedDuration;
use va_domain::{
    commit::{CommitBody, StoredCommit},
    effect::Intent,
    envelope::{Envelope, EventPos},
    error::DomainError,
    ids::StreamId,
    roles,
};

use brake::Brake;
pub use cache::Loaded;
use cache::{BlobCache, StateCache};
use caught::caught;
use draft::Draft;
pub use effects::Attempted;
pub use error::KernelError;

use crate::{
    agent::Agent,
    ports::{Appended, Blobs, Effects, Journal, NewCommit, World},
};

/// How often a decision is taken again on a conflict before the caller must come back.
const MAX_CONFLICTS: u32 = 16;
/// How deep a chain of causes may be.
pub const MAX_DEPTH: u32 = 512;

/// Who runs here.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The tenant; every port is opened for it.
    pub company: String,
    /// The region or factory.
    pub home: String,
    /// `dev`, `prod`, `local`.
    pub env: String,
    /// Raised when a home is restored.
    pub epoch: u32,
    /// This process or invocation.
    pub runner: String,
}

/// Runs agents on the ports of one home.
pub struct Kernel {
    identity: Identity,
    journal: Arc<dyn Journal>,
    blobs: Arc<dyn Blobs>,
    world: Arc<dyn World>,
    effects: Arc<dyn Effects>,
    agents: Vec<Arc<dyn Agent>>,
    states: StateCache,
    braked: Brake,
    loaded_blobs: BlobCache,
}

/// Something that reached a stream.
#[derive(Clone, Debug)]
pub enum Bell {
    /// An event of a commit; the message is a doorbell, so the journal is read unless it was read already.
    Event {
        /// The sender's stream.
        stream: StreamId,
        /// The version of the commit.
        version: u64,
        /// The event's number within it.
        n: u32,
    },
    /// An event that was read from the journal by this process.
    Read(Arc<Envelope>),
    /// A deadline has come.
    Due,
    /// The home has started: all earlier runners are dead, so nothing waits for them.
    Restart,
    /// An attempt has ended.
    Outcome(Attempted),
}

/// What may be begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Everything.
    Worker,
    /// Only what needs no effect; anything else is left to a worker.
    Beside,
}

/// What came of [`Kernel::handle`].
#[derive(Debug, Default)]
pub struct Handled {
    /// The commit, if one was needed.
    pub commit: Option<Arc<Committed>>,
    /// The attempts that were intended with it, each to be run once, by the caller.
    pub intents: Vec<Intent>,
    /// Bells that could not be understood, with the reason; they are set aside.
    pub poison: Vec<(usize, KernelError)>,
    /// How many bells, from the first, were taken account of; the rest must be handed in again.
    pub taken: usize,
    /// Whether a decision was left to a worker.
    pub left_to_worker: bool,
}

/// A commit and what it says.
#[derive(Debug)]
pub struct Committed {
    /// As it is stored.
    pub stored: StoredCommit,
    /// As it reads; without its state.
    pub events: Vec<Arc<Envelope>>,
}

/// The ports of one home, opened for one company.
#[derive(Clone)]
pub struct Ports {
    /// Commits.
    pub journal: Arc<dyn Journal>,
    /// Blobs.
    pub blobs: Arc<dyn Blobs>,
    /// Time and chance.
    pub world: Arc<dyn World>,
    /// Effects.
    pub effects: Arc<dyn Effects>,
}

impl Kernel {
    /// A kernel for these agents; streams of other owners are refused.
    #[must_use]
    pub fn new(identity: Identity, ports: Ports, agents: Vec<Arc<dyn Agent>>) -> Self {
        Self {
            identity,
            journal: ports.journal,
            blobs: ports.blobs,
            world: ports.world,
            effects: ports.effects,
            agents,
            states: StateCache::default(),
            braked: Brake::default(),
            loaded_blobs: BlobCache::default(),
        }
    }

    /// Who runs here.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Decides on everything that reached one stream, in order, and appends at most one commit.
    ///
    /// # Errors
    /// Where nothing could be decided: a port failed, the stream cannot be folded, or others kept
    /// appending. Every bell may then be handed in again. One bell that cannot be understood, or on which its
    /// owner panics, is no error but `poison`.
    pub async fn handle(
        &self,
        stream: &StreamId,
        bells: &[Bell],
        mode: Mode,
    ) -> Result<Handled, KernelError> {
        caught(stream, self.handle_all(stream, bells, mode)).await
    }

    async fn handle_all(
        &self,
        stream: &StreamId,
        bells: &[Bell],
        mode: Mode,
    ) -> Result<Handled, KernelError> {
        // A request that brings a grant starts its stream.
        let begins = matches!(bells.first(), Some(Bell::Read(event)) if event.grant.is_some());
        let mut conflicts = 0;
        let mut limit = bells.len();
        let mut poison: Vec<(usize, KernelError)> = Vec::new();
        while conflicts < MAX_CONFLICTS {
            let loaded = self.load(stream, begins && conflicts == 0).await?;
            let mut draft = Draft::new(&self.identity, loaded, self.world.now(), mode);
            let mut taken = 0;
            let mut poisoned = None;
            for (n, bell) in bells.iter().enumerate().take(limit) {
                if draft.is_full() {
                    break;
                }
                taken = n + 1;
                if poison.iter().any(|(p, _)| *p == n) {
                    continue;
                }
                match caught(stream, self.step(&mut draft, bell)).await {
                    Ok(()) => {}
                    Err(e) if e.is_retryable() => return Err(e),
                    Err(e) => {
                        poisoned = Some((n, e));
                        break;
                    }
                }
                if draft.left_to_worker {
                    // The state is half changed; the next handle loads it again.
                    return Ok(Handled {
                        left_to_worker: true,
                        ..Handled::default()
                    });
                }
            }
            if let Some(found) = poisoned {
                // What it may have half decided is dropped; the others are decided on again without it.
                poison.push(found);
                continue;
            }
            self.compute(&mut draft).await?;
            draft.settle_up()?;
            if draft.is_empty() {
                self.states.put(draft.into_loaded());
                return Ok(Handled {
                    poison,
                    taken,
                    ..Handled::default()
                });
            }
            let finished = match draft.finish(self.world.random()) {
                Err(KernelError::Rule { .. }) if taken > 1 => {
                    limit = taken / 2;
                    continue;
                }
                finished => finished?,
            };
            match self.journal.append(finished.new.clone()).await? {
                Appended::Committed | Appended::Duplicate => {
                    for blob in finished.new.blobs {
                        self.loaded_blobs
                            .put(blob.id().clone(), blob.bytes().clone().into());
                    }
                    self.states.put(finished.loaded);
                    return Ok(Handled {
                        commit: Some(Arc::new(finished.committed)),
                        intents: finished.intents,
                        poison,
                        taken,
                        left_to_worker: false,
                    });
                }
                Appended::Conflict => {
                    let bound = 1_u64 << conflicts.min(6);
                    let wait = self.world.random() % (bound * 5 + 1);
                    self.world
                        .sleep(SignedDuration::from_millis(
                            i64::try_from(wait).unwrap_or(0),
                        ))
                        .await;
                    conflicts += 1;
                }
            }
        }
        Err(KernelError::Contended {
            stream: stream.clone(),
        })
    }

    /// Appends the first commit of a stream of the board: an act of a person. Acting twice under the same
    /// stream is nothing.
    ///
    /// # Errors
    /// Where the store cannot.
    pub async fn act(
        &self,
        stream: &StreamId,
        decision: crate::agent::Decision,
        priority: va_domain::goal_spec::Priority,
        correlation_id: &str,
    ) -> Result<Option<Arc<Committed>>, KernelError> {
        let loaded = self.load(stream, false).await?;
        if loaded.state.version > 0 {
            return Ok(None);
        }
        let mut draft = Draft::new(&self.identity, loaded, self.world.now(), Mode::Worker);
        draft.begin(priority, correlation_id);
        draft.decided(decision, None)?;
        let finished = draft.finish(self.world.random())?;
        match self.journal.append(finished.new.clone()).await? {
            Appended::Committed | Appended::Duplicate => {
                self.states.put(finished.loaded);
                Ok(Some(Arc::new(finished.committed)))
            }
            Appended::Conflict => Ok(None),
        }
    }

    /// The owner of a stream, if it runs here.
    fn agent_for(&self, stream: &StreamId) -> Result<Arc<dyn Agent>, KernelError> {
        let role = roles::owner(stream.kind());
        self.agents
            .iter()
            .find(|a| a.role() == role)
            .cloned()
            .ok_or_else(|| KernelError::Rule {
                what: format!("no agent here owns {stream}: it is {role}'s"),
            })
    }

    async fn step(&self, draft: &mut Draft<'_>, bell: &Bell) -> Result<(), KernelError> {
        match bell {
            Bell::Event { stream, version, n } => {
                let event = self.event(stream, *version, *n).await?;
                self.deliver(draft, &event).await
            }
            Bell::Read(event) => self.deliver(draft, event).await,
            Bell::Due => self.ring(draft, false).await,
            Bell::Restart => self.ring(draft, true).await,
            Bell::Outcome(attempted) => self.outcome(draft, attempted).await,
        }
    }

    /// An event of the draft's stream, the commit in the making included.
    async fn own_event(
        &self,
        draft: &Draft<'_>,
        at: EventPos,
    ) -> Result<Arc<Envelope>, KernelError> {
        match draft.own(at) {
            Some(event) => Ok(event),
            None => self.event(draft.stream(), at.0, at.1).await,
        }
    }

    async fn event(
        &self,
        stream: &StreamId,
        version: u64,
        n: u32,
    ) -> Result<Arc<Envelope>, KernelError> {
        let commits = self.journal.read(stream, version, 1).await?;
        let body = match commits.first() {
            Some(commit) if commit.version == version => read_body(commit)?,
            _ => {
                return Err(KernelError::Rule {
                    what: format!("a message names {stream}@{version}, which is not there"),
                });
            }
        };
        body.events
            .into_iter()
            .nth(n as usize)
            .map(Arc::new)
            .ok_or_else(|| KernelError::Rule {
                what: format!("{stream}@{version} has no event {n}"),
            })
    }
}

/// Reads a commit's body.
pub(crate) fn read_body(commit: &StoredCommit) -> Result<CommitBody, KernelError> {
    commit.read().map_err(|e| KernelError::Fold {
        stream: commit.stream.clone(),
        source: DomainError::Payload {
            event_type: format!("commit {}", commit.version),
            why: e.to_string(),
        },
    })
}

impl Committed {
    /// Reads a stored commit.
    ///
    /// # Errors
    /// Where its body cannot be read.
    pub fn read(stored: StoredCommit) -> Result<Self, KernelError> {
        let body = read_body(&stored)?;
        Ok(Self {
            stored,
            events: body.events.into_iter().map(Arc::new).collect(),
        })
    }
}

/// What `finish` hands back.
pub(crate) struct Finished {
    pub(crate) new: NewCommit,
    pub(crate) committed: Committed,
    pub(crate) loaded: Loaded,
    pub(crate) intents: Vec<Intent>,
}
