//! Defects that are planted to see that they are found.
//!
//! None of them is in the kernel: each sits at a port, at a doorbell or at an agent, where it makes the
//! company behave as if the kernel or an agent had it. A worker with a defect that rewrites commits reads
//! every stream anew, because it cannot trust what it remembers.

use std::sync::Arc;

use async_trait::async_trait;
use futures::executor::block_on;
use jiff::Timestamp;
use va_domain::{
    account::{Entry, Figure},
    commit::{CommitBody, StoredCommit},
    effect::{EffectSpec, Intent, Outcome},
    envelope::Fact,
    ids::StreamId,
    payload::{EffectIntended, Payload, TaskCompleted},
};
use va_embedded::MemoryStore;
use va_runtime::{
    kernel::{Attempted, Bell, Kernel},
    ports::{Appended, Due, EffectResult, Effects, Journal, NewCommit, PortError},
};

/// A defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Defect {
    /// What was heard before is taken for new.
    DuplicateCheckSkipped,
    /// A charge is booked a second time.
    SettledTwice,
    /// A repeated attempt reserves nothing.
    ReservationDropped,
    /// A publication is recorded before it is done.
    OutcomeBeforeEffect,
    /// Nobody is woken when a deadline comes.
    LostTimer,
    /// What a worker remembers counts, whatever the stream has become.
    StaleStateTrusted,
    /// What goes back to the account above is counted there twice.
    MoneyReturnedTwice,
    /// Whoever wrote a page has reviewed it.
    ReviewerIsWriter,
    /// A runner does what it promised although its time is over.
    LateRunner,
    /// One promise is kept twice.
    RunTwice,
    /// A write that may have happened is repeated without looking.
    BlindRepeat,
}

impl Defect {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::DuplicateCheckSkipped,
        Self::SettledTwice,
        Self::ReservationDropped,
        Self::OutcomeBeforeEffect,
        Self::LostTimer,
        Self::StaleStateTrusted,
        Self::MoneyReturnedTwice,
        Self::ReviewerIsWriter,
        Self::LateRunner,
        Self::RunTwice,
        Self::BlindRepeat,
    ];

    /// Whether what a worker remembers is not what it has appended.
    pub(crate) fn forgets(self) -> bool {
        matches!(
            self,
            Self::SettledTwice
                | Self::ReservationDropped
                | Self::MoneyReturnedTwice
                | Self::ReviewerIsWriter
        )
    }

    /// How often a promise is kept.
    pub(crate) fn runs(defect: Option<Self>) -> usize {
        if defect == Some(Self::RunTwice) { 2 } else { 1 }
    }

    /// The bell that a message rings.
    pub(crate) fn bell(
        defect: Option<Self>,
        store: &MemoryStore,
        was_heard: bool,
        bell: Bell,
    ) -> Bell {
        let Bell::Event { stream, version, n } = &bell else {
            return bell;
        };
        if defect != Some(Self::DuplicateCheckSkipped) || !was_heard {
            return bell;
        }
        let event = block_on(store.read(stream, *version, 1))
            .ok()
            .and_then(|commits| commits.first()?.read().ok())
            .and_then(|body| body.events.into_iter().nth(*n as usize));
        match event {
            Some(mut event) => {
                event.version += 1000;
                for ask in event.targets.iter_mut().filter_map(|t| t.asks.as_mut()) {
                    ask.attempt += 100;
                }
                Bell::Read(Arc::new(event))
            }
            None => bell,
        }
    }

    /// Runs an attempt.
    pub(crate) fn run(
        defect: Option<Self>,
        kernel: &Kernel,
        effects: &dyn Effects,
        intent: &Intent,
    ) -> Attempted {
        let ended = |result| Attempted {
            key: intent.wanted.key.clone(),
            attempt: intent.attempt,
            result,
        };
        match (defect, &intent.wanted.spec) {
            (Some(Self::LateRunner), _) => ended(block_on(effects.run(intent))),
            (Some(Self::OutcomeBeforeEffect), EffectSpec::PublishSite { manifest, .. }) => {
                ended(EffectResult {
                    outcome: Outcome::Written {
                        checksums: manifest.clone(),
                    },
                    blobs: Vec::new(),
                })
            }
            _ => block_on(kernel.run(intent)),
        }
    }
}

/// A journal that stores what a defective kernel would have appended.
pub(crate) struct DefectiveJournal {
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) defect: Option<Defect>,
}

impl DefectiveJournal {
    /// Appends after whatever stands, as if it had been seen.
    async fn append_blindly(&self, new: NewCommit) -> Result<Appended, PortError> {
        let stands = self.journal.tail(&new.commit.stream).await?;
        let (Some(last), Ok(mut body)) = (stands.last(), new.commit.read()) else {
            return Ok(Appended::Conflict);
        };
        body.version = last.version + 1;
        for (n, event) in body.events.iter_mut().enumerate() {
            event.version = body.version;
            event.event_id = format!("{}@{}.{n}", body.stream, body.version);
        }
        body.state = None;
        self.journal.append(with(new, last.hash, &body)?).await
    }
}

/// The same append with another body.
fn with(new: NewCommit, prev_hash: [u8; 32], body: &CommitBody) -> Result<NewCommit, PortError> {
    let text = serde_json::to_string(body).map_err(|e| PortError::Refused {
        what: format!("a commit cannot be written: {e}"),
    })?;
    let commit = StoredCommit::linked(body.stream.clone(), body.version, prev_hash, text);
    let rewritten = NewCommit::copy_of(commit).map_err(|e| PortError::Refused {
        what: format!("a commit cannot be read: {e}"),
    })?;
    Ok(NewCommit {
        due: new.due,
        blobs: new.blobs,
        ..rewritten
    })
}

/// Rewrites what a defective kernel would have written otherwise; answers whether it did.
fn rewrite(defect: Defect, body: &mut CommitBody) -> bool {
    match defect {
        Defect::SettledTwice => {
            let again: Vec<Entry> = body
                .entries
                .iter()
                .filter_map(|entry| match entry {
                    Entry::Settle { key, spent } if !spent.is_zero() => Some(Entry::Late {
                        key: key.clone(),
                        above: *spent,
                    }),
                    _ => None,
                })
                .collect();
            let any = !again.is_empty();
            body.entries.extend(again);
            any
        }
        Defect::ReservationDropped => {
            let repeated: Vec<String> = body
                .events
                .iter()
                .filter(|e| e.is::<EffectIntended>())
                .filter_map(|e| e.read::<EffectIntended>().ok())
                .filter(|e| e.intent.attempt > 1)
                .map(|e| e.intent.reservation())
                .collect();
            let before = body.entries.len();
            body.entries.retain(
                |entry| !matches!(entry, Entry::Reserve { key, .. } if repeated.contains(key)),
            );
            body.entries.len() != before
        }
        Defect::MoneyReturnedTwice => {
            let mut any = false;
            for target in body.events.iter_mut().flat_map(|e| &mut e.targets) {
                if let Some(Figure::Used { returned, .. }) = &mut target.figure
                    && !returned.is_zero()
                {
                    *returned = *returned + *returned;
                    any = true;
                }
            }
            any
        }
        Defect::ReviewerIsWriter => {
            let mut any = false;
            for event in body
                .events
                .iter_mut()
                .filter(|e| e.event_type == TaskCompleted::TYPE)
            {
                let mut ended: TaskCompleted = event.read().expect("its shape");
                for artifact in &mut ended.evidence {
                    artifact.reviewer.clone_from(&artifact.producer);
                    any = true;
                }
                event.payload = Fact::of(&ended).expect("JSON");
            }
            any
        }
        _ => false,
    }
}

#[async_trait]
impl Journal for DefectiveJournal {
    async fn append(&self, new: NewCommit) -> Result<Appended, PortError> {
        let mut new = new;
        match self.defect {
            Some(Defect::LostTimer) => new.due = None,
            Some(Defect::StaleStateTrusted) => {
                return match self.journal.append(new.clone()).await? {
                    Appended::Conflict => self.append_blindly(new).await,
                    appended => Ok(appended),
                };
            }
            Some(defect) => {
                if let Ok(mut body) = new.commit.read()
                    && rewrite(defect, &mut body)
                {
                    body.state = None;
                    let prev_hash = new.commit.prev_hash;
                    new = with(new, prev_hash, &body)?;
                }
            }
            None => {}
        }
        self.journal.append(new).await
    }

    async fn tail(&self, stream: &StreamId) -> Result<Vec<StoredCommit>, PortError> {
        self.journal.tail(stream).await
    }

    async fn read(
        &self,
        stream: &StreamId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<StoredCommit>, PortError> {
        self.journal.read(stream, from, limit).await
    }

    async fn scan(
        &self,
        after: Option<(StreamId, u64)>,
        limit: usize,
    ) -> Result<Vec<StoredCommit>, PortError> {
        self.journal.scan(after, limit).await
    }

    async fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<Due>, PortError> {
        self.journal.due(until, limit).await
    }

    async fn set_due(
        &self,
        stream: &StreamId,
        version: u64,
        due: Option<Timestamp>,
    ) -> Result<(), PortError> {
        self.journal.set_due(stream, version, due).await
    }
}

/// Effects that a defective adapter runs.
pub(crate) struct DefectiveEffects {
    pub(crate) effects: Arc<dyn Effects>,
    pub(crate) defect: Option<Defect>,
}

#[async_trait]
impl Effects for DefectiveEffects {
    async fn run(&self, intent: &Intent) -> EffectResult {
        self.effects.run(intent).await
    }

    fn compute(&self, intent: &Intent, request: &[u8]) -> Option<EffectResult> {
        self.effects.compute(intent, request)
    }

    async fn probe(&self, intent: &Intent) -> Result<Option<EffectResult>, PortError> {
        if self.defect == Some(Defect::BlindRepeat) {
            return Ok(None);
        }
        self.effects.probe(intent).await
    }
}
