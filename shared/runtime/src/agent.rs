//! What an agent is: a pure function from state and event to events, money and wanted effects.

use std::{
    any::Any,
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use va_domain::{
    account::Entry,
    commit::Expectation,
    effect::{Outcome, WantedEffect},
    envelope::{Actor, Envelope, Fact, Grant, Target},
    error::DomainError,
    ids::{BlobId, StreamId},
    payload::Payload,
    state::StreamState,
};

use crate::ports::{Blob, Bytes};

/// One role's decisions. Never awaits, appends only to streams that its role owns, and sees neither the
/// order of arrival nor the clock in anything that becomes content.
pub trait Agent: Send + Sync {
    /// The role's id.
    fn role(&self) -> &'static str;

    /// The events that it takes, for routing and the manifest.
    fn takes(&self) -> &'static [&'static str];

    /// The events that it emits, for the manifest.
    fn emits(&self) -> &'static [&'static str];

    /// The effects that it wants, for grants and the manifest.
    fn effects(&self) -> &'static [&'static str] {
        &[]
    }

    /// The blobs that a decision will read. Asked again with what was loaded, until nothing is missing.
    ///
    /// # Errors
    /// Where a blob that names others cannot be read.
    fn needs(
        &self,
        state: &StreamState,
        input: &Input<'_>,
        loaded: &BlobView,
    ) -> Result<Vec<BlobId>, DecideError> {
        let _ = (state, input, loaded);
        Ok(Vec::new())
    }

    /// What follows.
    ///
    /// # Errors
    /// Where the input cannot be understood; it is set aside and blocks nobody else.
    fn decide(
        &self,
        cx: &Context<'_>,
        state: &StreamState,
        input: &Input<'_>,
    ) -> Result<Decision, DecideError>;
}

/// What an agent decides on.
#[derive(Debug)]
pub enum Input<'a> {
    /// An event that is addressed to the stream.
    Event {
        /// The event.
        event: &'a Envelope,
        /// This stream's entry in its list of addressees.
        target: &'a Target,
    },
    /// The end of one of its effects.
    Outcome {
        /// What was wanted.
        wanted: &'a WantedEffect,
        /// What came of it. A failure comes here only when no further attempt is made.
        outcome: &'a Outcome,
    },
    /// A deadline has come. Another stream was asked again already; of a person or the time the agent says
    /// how it goes on.
    Due(&'a Expectation),
    /// The account changed, and nothing else.
    Money,
}

impl Input<'_> {
    /// The event, if it is one of that type.
    #[must_use]
    pub fn event<P: Payload>(&self) -> Option<&Envelope> {
        match self {
            Self::Event { event, .. } if event.is::<P>() => Some(event),
            _ => None,
        }
    }
}

/// What surrounds a decision.
#[derive(Debug)]
pub struct Context<'a> {
    /// For deadlines only; never reaches content.
    pub now: Timestamp,
    /// The tenant.
    pub company: &'a str,
    /// `dev`, `prod`, `local`: part of agents' names.
    pub env: &'a str,
    /// The blobs that `needs` named.
    pub blobs: &'a BlobView,
}

impl Context<'_> {
    /// The name of a role's agent in this home.
    #[must_use]
    pub fn agent_id(&self, role: &str) -> String {
        agent_id(role, self.env)
    }
}

/// `va-agent-<function>-<env>`.
#[must_use]
pub fn agent_id(role: &str, env: &str) -> String {
    let function = va_domain::roles::find(role).map_or(role, |r| r.function);
    format!("va-agent-{function}-{env}")
}

/// A blob, and the document that was read from it: its bytes never change, so it is read once.
#[derive(Clone, Debug)]
pub struct LoadedBlob {
    bytes: Bytes,
    document: Arc<OnceLock<Arc<dyn Any + Send + Sync>>>,
}

impl LoadedBlob {
    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    fn json<T>(&self) -> serde_json::Result<Arc<T>>
    where
        T: serde::de::DeserializeOwned + Send + Sync + 'static,
    {
        if let Some(known) = self.document.get()
            && let Ok(known) = Arc::clone(known).downcast()
        {
            return Ok(known);
        }
        let read = Arc::new(serde_json::from_slice::<T>(&self.bytes)?);
        // Another thread, or another shape of the same bytes, may have come first: either is as good.
        let _ = self.document.set(Arc::clone(&read) as _);
        Ok(read)
    }
}

impl From<Bytes> for LoadedBlob {
    fn from(bytes: Bytes) -> Self {
        Self {
            bytes,
            document: Arc::default(),
        }
    }
}

/// Blobs that were loaded for a decision.
#[derive(Clone, Debug, Default)]
pub struct BlobView(BTreeMap<BlobId, LoadedBlob>);

impl BlobView {
    /// Adds a loaded blob.
    pub fn insert(&mut self, id: BlobId, blob: impl Into<LoadedBlob>) {
        self.0.insert(id, blob.into());
    }

    /// Whether it is loaded.
    #[must_use]
    pub fn has(&self, id: &BlobId) -> bool {
        self.0.contains_key(id)
    }

    fn find(&self, id: &BlobId) -> Result<&LoadedBlob, DecideError> {
        self.0.get(id).ok_or_else(|| DecideError::Blob {
            what: format!("{id} was not asked for"),
        })
    }

    /// The bytes.
    ///
    /// # Errors
    /// Where `needs` did not name it.
    pub fn get(&self, id: &BlobId) -> Result<&Bytes, DecideError> {
        self.find(id).map(LoadedBlob::bytes)
    }

    /// The text.
    ///
    /// # Errors
    /// Where `needs` did not name it, or it is not UTF-8.
    pub fn text(&self, id: &BlobId) -> Result<&str, DecideError> {
        std::str::from_utf8(self.get(id)?).map_err(|e| DecideError::Blob {
            what: format!("{id}: {e}"),
        })
    }

    /// The JSON document.
    ///
    /// # Errors
    /// Where `needs` did not name it, or it has another shape.
    pub fn json<T>(&self, id: &BlobId) -> Result<Arc<T>, DecideError>
    where
        T: serde::de::DeserializeOwned + Send + Sync + 'static,
    {
        self.find(id)?.json().map_err(|e| DecideError::Blob {
            what: format!("{id}: {e}"),
        })
    }
}

/// Why an agent cannot decide.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// A blob is missing or has another shape.
    #[error("a blob cannot be used: {what}")]
    Blob {
        /// Which one and why.
        what: String,
    },
    /// The event cannot be understood.
    #[error(transparent)]
    Domain(#[from] DomainError),
    /// The decision breaks a rule of the kernel.
    #[error("the decision breaks a rule: {what}")]
    Rule {
        /// Which rule.
        what: String,
    },
}

/// What an agent decided.
#[derive(Debug, Default)]
pub struct Decision {
    /// The events, in order.
    pub events: Vec<NewEvent>,
    /// What is waited for; `ask` is set by the kernel where a target of an event asks under that id.
    pub opens: Vec<Expectation>,
    /// What is waited for no longer; an expectation that the input answered is closed by the kernel.
    pub closes: Vec<String>,
    /// How the account changes.
    pub entries: Vec<Entry>,
    /// What is to be stored.
    pub blobs: Vec<Blob>,
    /// What is to be done outside.
    pub effects: Vec<WantedEffect>,
    /// Whether the stream waits for somebody although it could still act: what it holds goes back.
    pub returns: bool,
}

/// An event before the kernel gives it a place.
#[derive(Debug)]
pub struct NewEvent {
    /// Its type.
    pub event_type: &'static str,
    /// The shape's version.
    pub schema_version: u32,
    /// The fact.
    pub payload: Fact,
    /// Whom it is for.
    pub targets: Vec<Target>,
    /// What the addressed task may do.
    pub grant: Option<Grant>,
    /// On whose authority; the agent's unless it passes on a person's word.
    pub actor: Actor,
}

impl Decision {
    /// Nothing follows.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Whether nothing follows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
            && self.opens.is_empty()
            && self.closes.is_empty()
            && self.entries.is_empty()
            && self.effects.is_empty()
    }

    /// Adds an event without addressee.
    ///
    /// # Errors
    /// Where the payload cannot be written as JSON.
    pub fn note<P: Payload>(&mut self, payload: &P) -> Result<&mut NewEvent, DecideError> {
        self.send(payload, Vec::new())
    }

    /// Adds an event for these streams.
    ///
    /// # Errors
    /// Where the payload cannot be written as JSON.
    pub fn send<P: Payload>(
        &mut self,
        payload: &P,
        targets: Vec<Target>,
    ) -> Result<&mut NewEvent, DecideError> {
        let payload = Fact::of(payload).map_err(|e| DecideError::Rule {
            what: format!("{} cannot be written: {e}", P::TYPE),
        })?;
        self.events.push(NewEvent {
            event_type: P::TYPE,
            schema_version: P::VERSION,
            payload,
            targets,
            grant: None,
            actor: Actor::Agent,
        });
        let last = self.events.len() - 1;
        Ok(&mut self.events[last])
    }

    /// Waits for the owner of another stream.
    pub fn expect(&mut self, id: impl Into<String>, from: &StreamId, deadline: Timestamp) {
        self.opens.push(Expectation {
            id: id.into(),
            from: va_domain::commit::Answerer::Stream {
                stream: from.clone(),
            },
            deadline,
            attempt: 1,
            ask: None,
        });
    }

    /// Stores bytes and names them.
    pub fn store(&mut self, bytes: Vec<u8>) -> BlobId {
        let blob = Blob::of(bytes);
        let id = blob.id().clone();
        self.blobs.push(blob);
        id
    }

    /// Stores a document as compact JSON and names it.
    ///
    /// # Errors
    /// Where it cannot be written as JSON.
    pub fn store_json<T: Serialize>(&mut self, document: &T) -> Result<BlobId, DecideError> {
        let bytes = serde_json::to_vec(document).map_err(|e| DecideError::Rule {
            what: format!("a document cannot be written: {e}"),
        })?;
        Ok(self.store(bytes))
    }
}

/// `now` plus so many seconds; the far future where that does not exist.
#[must_use]
pub fn after(now: Timestamp, seconds: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_secs(seconds))
        .unwrap_or(Timestamp::MAX)
}
