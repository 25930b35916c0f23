//! A commit in the making: every part is folded into the state as it is added, so that what is decided
//! next already sees it.

use std::sync::Arc;

use jiff::Timestamp;
use va_domain::{
    account::{Entry, Figure},
    commit::{
        Answerer, Begins, CommitBody, Expectation, FOLD_VERSION, MAX_COMMIT, MAX_EVENT, MAX_EVENTS,
        MAX_STATE, MAX_STATE_INLINE, STATE_AFTER_BYTES, STATE_EVERY, Seen, StoredCommit,
        StoredState, link,
    },
    effect::Intent,
    envelope::{Actor, Envelope, EventPos, Target},
    goal_spec::Priority,
    ids::{BlobId, StreamId, digest_of, kind},
    payload::{AccountReported, TaskCancelled, TaskCompleted, TaskFailed},
    roles,
    state::{Part, StreamState},
};

use super::{Committed, Finished, Identity, KernelError, Loaded, MAX_DEPTH, Mode};
use crate::{
    agent::{DecideError, Decision, NewEvent, agent_id},
    ports::{Bytes, NewCommit},
};

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
    blobs: Vec<(BlobId, Bytes)>,
    pub(super) intents: Vec<Intent>,
    returns: bool,
    heard: bool,
    reports: bool,
    cause: Option<Cause>,
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

    pub(super) fn stored(&self) -> &[(BlobId, Bytes)] {
        &self.blobs
    }

    pub(super) fn runner(&self) -> &str {
        &self.identity.runner
    }

    pub(super) fn store(&mut self, id: BlobId, bytes: Bytes) {
        if !self.blobs.iter().any(|(known, _)| *known == id) {
            self.blobs.push((id, bytes));
        }
    }

    /// Adds an event; answers its position.
    pub(super) fn emit(&mut self, new: NewEvent) -> Result<EventPos, KernelError> {
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
        // 32 digits that every event of the same root shares.
        let trace = digest_of(&[&correlation_id]);
        let rest = digest_of(&[&correlation_id, "trace"]);
        let id = format!("{}@{}.{n}", state.stream, state.version);
        let span = digest_of(&[&id]);
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
            traceparent: format!("00-{trace}{}-{}-01", &rest[..12], &span[..16]),
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
    pub(super) fn decided(
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
        for (id, bytes) in decision.blobs {
            self.store(id, bytes);
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

    /// Sends back what a waiting stream holds, and tells the parent what changed.
    pub(super) fn settle_up(&mut self) -> Result<(), KernelError> {
        if self.loaded.state.ended.is_some() && self.events.iter().any(is_end) {
            self.abandon_effects()?;
            // Whoever has ended waits for nobody.
            let waits: Vec<String> = self.loaded.state.expectations.keys().cloned().collect();
            for id in waits {
                self.close(&id)?;
            }
            let kept =
                serde_json::to_value(&self.loaded.state.worst_case_kept).map_err(unwritable)?;
            for event in self.events.iter_mut().filter(|e| is_end(e)) {
                event.payload["worst_case_kept"] = kept.clone();
            }
        }
        let state = &self.loaded.state;
        let Some(parent) = state.parent.clone() else {
            return Ok(());
        };
        let keeps = !(state.stream.kind().starts_with(kind::TASK) || state.is_over());
        // An attempt that was superseded keeps its reservation; the rest goes back all the same.
        let busy = state.effects.values().any(|open| open.result.is_none());
        if busy || (keeps && !self.returns) {
            return Ok(());
        }
        let free = state.account.available().positive();
        if !free.is_zero() {
            let total = state.account.returned + free;
            self.enter(Entry::Return { total })?;
        }
        let told = self
            .events
            .iter()
            .any(|e| e.targets.iter().any(|t| t.stream == parent));
        let changed = self.loaded.state.used() != self.used_before;
        let again = self.reports && !self.is_empty();
        if !told && (changed || again) {
            let target = Target::tell(parent);
            match self.events.last_mut() {
                Some(event) => event.targets.push(target),
                None => {
                    let mut report = Decision::nothing();
                    let _ = report
                        .send(&AccountReported { overrun: false }, vec![target])
                        .map_err(|source| self.rule(source))?;
                    self.decided(report, None)?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn rule(&self, source: DecideError) -> KernelError {
        KernelError::Decide {
            role: roles::owner(self.stream().kind()).to_owned(),
            stream: self.stream().clone(),
            source,
        }
    }

    /// Gives the commit its bytes and its hash.
    pub(super) fn finish(mut self, random: u64) -> Result<Finished, KernelError> {
        let used = self.loaded.state.used();
        let parent = self.loaded.state.parent.clone();
        for event in &mut self.events {
            for target in &mut event.targets {
                if Some(&target.stream) == parent.as_ref() {
                    target.figure = Some(used);
                }
            }
            event.to = addressees(&event.targets);
        }
        let events: Vec<Arc<Envelope>> = self.events.iter().cloned().map(Arc::new).collect();
        let mut body = CommitBody {
            commit_id: format!("{}-{random:016x}", self.identity.runner),
            company: self.identity.company.clone(),
            stream: self.loaded.state.stream.clone(),
            version: self.loaded.state.version,
            at: self.now,
            begins: self.begins,
            events: self.events,
            opens: self.opens,
            closes: self.closes,
            entries: self.entries,
            seen: self.seen,
            blobs: self.blobs.iter().map(|(id, _)| id.clone()).collect(),
            state: None,
        };
        if body.events.len() > MAX_EVENTS {
            return Err(KernelError::Rule {
                what: format!(
                    "a commit of {} events; {MAX_EVENTS} are allowed",
                    body.events.len()
                ),
            });
        }
        let mut text = write(&body)?;
        if text.len() > MAX_COMMIT {
            return Err(KernelError::Rule {
                what: format!("a commit of {} bytes; {MAX_COMMIT} are allowed", text.len()),
            });
        }
        // Only a commit that is large as a whole can hold an event that is too large.
        if text.len() > MAX_EVENT {
            for event in &body.events {
                let size = write(event)?.len();
                if size > MAX_EVENT {
                    let what = format!(
                        "{} has {size} bytes; an event may have {MAX_EVENT}",
                        event.event_type
                    );
                    return Err(KernelError::Rule { what });
                }
            }
        }
        self.loaded.commits_since += 1;
        self.loaded.bytes_since += text.len();
        if body.version.is_multiple_of(STATE_EVERY) || self.loaded.bytes_since > STATE_AFTER_BYTES {
            let state = write(&self.loaded.state)?;
            if state.len() > MAX_STATE {
                let what = format!(
                    "the state of {} has {} bytes; {MAX_STATE} are allowed",
                    body.stream,
                    state.len()
                );
                return Err(KernelError::Rule { what });
            }
            body.state = Some(if state.len() <= MAX_STATE_INLINE {
                let inline = serde_json::value::RawValue::from_string(state).map_err(unwritable)?;
                StoredState {
                    fold: FOLD_VERSION,
                    inline: Some(inline),
                    blob: None,
                }
            } else {
                let id = BlobId::of(state.as_bytes());
                self.blobs.push((id.clone(), Arc::from(state.into_bytes())));
                StoredState {
                    fold: FOLD_VERSION,
                    inline: None,
                    blob: Some(id),
                }
            });
            text = write(&body)?;
            (self.loaded.commits_since, self.loaded.bytes_since) = (0, 0);
        }
        let hash = link(&self.loaded.head, text.as_bytes());
        let stored = StoredCommit {
            stream: body.stream,
            version: body.version,
            prev_hash: self.loaded.head,
            hash,
            body: Arc::from(text),
        };
        self.loaded.head = hash;
        let due = self.loaded.state.due();
        Ok(Finished {
            new: NewCommit {
                commit: stored.clone(),
                commit_id: body.commit_id,
                events: events.len(),
                due,
                blobs: self.blobs,
            },
            committed: Committed { stored, events },
            loaded: self.loaded,
            intents: self.intents,
        })
    }
}

fn is_end(event: &Envelope) -> bool {
    event.is::<TaskCompleted>() || event.is::<TaskFailed>() || event.is::<TaskCancelled>()
}

fn addressees(targets: &[Target]) -> Vec<String> {
    let mut to: Vec<String> = Vec::new();
    for target in targets {
        let taker = roles::taker(roles::owner(target.stream.kind()));
        if !to.iter().any(|known| known == taker) {
            to.push(taker.to_owned());
        }
    }
    to
}

fn write<T: serde::Serialize>(value: &T) -> Result<String, KernelError> {
    serde_json::to_string(value).map_err(unwritable)
}

fn unwritable(e: serde_json::Error) -> KernelError {
    KernelError::Rule {
        what: format!("a commit cannot be written: {e}"),
    }
}
