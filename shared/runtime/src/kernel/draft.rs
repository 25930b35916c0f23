//! A commit in the making: every part is folded into the state as it is added, so that what is decided
//! next already sees it.

mod events;
mod finish;
mod settle;

use std::sync::Arc;

use jiff::Timestamp;
use va_domain::{
    account::{Entry, Figure},
    commit::{Begins, Expectation, Seen},
    effect::Intent,
    envelope::{Actor, Envelope, EventPos},
    goal_spec::Priority,
    ids::{StreamId, digest_of},
    roles,
    state::{Part, StreamState},
};

use super::{Identity, KernelError, Loaded, Mode};
use crate::{agent::DecideError, ports::Blob};

/// Above so many events no further bell joins the commit.
const FULL: usize = 32;

/// What an event follows from.
#[derive(Clone, Debug)]
pub(super) struct Cause {
    pub(super) event_id: Option<String>,
    pub(super) correlation_id: String,
    pub(super) depth: u32,
    pub(super) priority: Priority,
    pub(super) actor: Actor,
}

impl Cause {
    pub(super) fn of(event: &Envelope) -> Self {
        Self {
            event_id: Some(event.event_id.clone()),
            correlation_id: event.correlation_id.clone(),
            depth: event.depth,
            priority: event.priority,
            actor: event.actor,
        }
    }
}

/// The 32 digits of the trace context that every event of one root shares.
#[derive(Default)]
struct Trace {
    root: String,
    digits: String,
}

impl Trace {
    /// The W3C trace context of an event.
    fn parent(&mut self, root: &str, event_id: &str) -> String {
        if self.root != root {
            let rest = digest_of(&[root, "trace"]);
            self.digits = digest_of(&[root]) + &rest[..12];
            root.clone_into(&mut self.root);
        }
        let span = digest_of(&[event_id]);
        format!("00-{}-{}-01", self.digits, &span[..16])
    }
}

pub(super) struct Draft<'k> {
    identity: &'k Identity,
    pub(super) now: Timestamp,
    pub(super) mode: Mode,
    pub(super) left_to_worker: bool,
    loaded: Loaded,
    used_before: Figure,
    begins: Option<Begins>,
    events: Vec<Envelope>,
    opens: Vec<Expectation>,
    closes: Vec<String>,
    entries: Vec<Entry>,
    seen: Vec<Seen>,
    blobs: Vec<Blob>,
    pub(super) intents: Vec<Intent>,
    returns: bool,
    heard: bool,
    reports: bool,
    cause: Option<Cause>,
    trace: Trace,
}

impl<'k> Draft<'k> {
    pub(super) fn new(
        identity: &'k Identity,
        mut loaded: Loaded,
        now: Timestamp,
        mode: Mode,
    ) -> Self {
        loaded.state.version += 1;
        Self {
            identity,
            now,
            mode,
            left_to_worker: false,
            used_before: loaded.state.used(),
            loaded,
            begins: None,
            events: Vec::new(),
            opens: Vec::new(),
            closes: Vec::new(),
            entries: Vec::new(),
            seen: Vec::new(),
            blobs: Vec::new(),
            intents: Vec::new(),
            returns: false,
            heard: false,
            reports: false,
            cause: None,
            trace: Trace::default(),
        }
    }

    pub(super) fn state(&self) -> &StreamState {
        &self.loaded.state
    }

    pub(super) fn stream(&self) -> &StreamId {
        &self.loaded.state.stream
    }

    /// Whether nothing stands in the stream yet, this commit included.
    pub(super) fn is_new(&self) -> bool {
        self.loaded.state.version == 1 && self.events.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.events.len() >= FULL
    }

    /// Whether anything would be committed. A delivery that changes nothing is not worth a commit.
    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty()
            && self.opens.is_empty()
            && self.closes.is_empty()
            && self.entries.is_empty()
            && self.begins.is_none()
            && !self.heard
    }

    pub(super) fn into_loaded(mut self) -> Loaded {
        self.loaded.state.version -= 1;
        self.loaded
    }

    pub(super) fn begin(&mut self, priority: Priority, correlation_id: &str) {
        self.cause = Some(Cause {
            event_id: None,
            correlation_id: correlation_id.to_owned(),
            depth: 0,
            priority,
            actor: Actor::Person,
        });
    }

    pub(super) fn caused_by(&mut self, cause: Option<Cause>) {
        self.cause = cause;
    }

    fn fold(&mut self, part: &Part<'_>, first: usize) -> Result<(), KernelError> {
        let first = u32::try_from(first).unwrap_or(u32::MAX);
        let stream = self.loaded.state.stream.clone();
        self.loaded
            .state
            .apply_part(part, first)
            .map_err(|source| KernelError::Fold { stream, source })
    }

    pub(super) fn learn(&mut self, begins: Begins) {
        let state = &mut self.loaded.state;
        state.parent = begins.parent.clone().or(state.parent.take());
        state.grant = begins.grant.clone().or(state.grant.take());
        let known = self.begins.get_or_insert(Begins {
            parent: None,
            grant: None,
        });
        known.parent = begins.parent.or(known.parent.take());
        known.grant = begins.grant.or(known.grant.take());
    }

    pub(super) fn saw(&mut self, from: String, at: EventPos) -> Result<(), KernelError> {
        let seen = [Seen { from, at }];
        self.fold(
            &Part {
                closes: &[],
                opens: &[],
                seen: &seen,
                events: &[],
                entries: &[],
            },
            0,
        )?;
        self.seen.extend(seen);
        Ok(())
    }

    /// Keeps in mind that a question was repeated, whatever else comes of it: heard once more, that
    /// repetition is not answered a second time.
    pub(super) fn heard(&mut self, from: String, at: EventPos) -> Result<(), KernelError> {
        self.heard = true;
        self.saw(from, at)
    }

    /// Tells the account above what it may have missed, whether or not anything changed since.
    pub(super) fn report(&mut self) {
        self.reports = true;
    }

    /// An event of this very commit.
    pub(super) fn own(&self, at: EventPos) -> Option<Arc<Envelope>> {
        if at.0 != self.loaded.state.version {
            return None;
        }
        let event = self.events.get(usize::try_from(at.1).ok()?)?;
        Some(Arc::new(event.clone()))
    }

    pub(super) fn enter(&mut self, entry: Entry) -> Result<(), KernelError> {
        let entries = [entry];
        self.fold(
            &Part {
                closes: &[],
                opens: &[],
                seen: &[],
                events: &[],
                entries: &entries,
            },
            0,
        )?;
        self.entries.extend(entries);
        Ok(())
    }

    pub(super) fn close(&mut self, id: &str) -> Result<(), KernelError> {
        let closes = [id.to_owned()];
        self.fold(
            &Part {
                closes: &closes,
                opens: &[],
                seen: &[],
                events: &[],
                entries: &[],
            },
            0,
        )?;
        self.opens.retain(|e| e.id != id);
        if !self.closes.iter().any(|c| c == id) {
            self.closes.extend(closes);
        }
        Ok(())
    }

    pub(super) fn open(&mut self, expectation: Expectation) -> Result<(), KernelError> {
        let opens = [expectation];
        self.fold(
            &Part {
                closes: &[],
                opens: &opens,
                seen: &[],
                events: &[],
                entries: &[],
            },
            0,
        )?;
        self.opens.retain(|e| e.id != opens[0].id);
        self.opens.extend(opens);
        Ok(())
    }

    pub(super) fn stored(&self) -> &[Blob] {
        &self.blobs
    }

    pub(super) fn runner(&self) -> &str {
        &self.identity.runner
    }

    pub(super) fn store(&mut self, blob: Blob) {
        if !self.blobs.iter().any(|known| known.id() == blob.id()) {
            self.blobs.push(blob);
        }
    }

    pub(super) fn rule(&self, source: DecideError) -> KernelError {
        KernelError::Decide {
            role: roles::owner(self.stream().kind()).to_owned(),
            stream: self.stream().clone(),
            source,
        }
    }
}
