//! What must hold after every commit: the checker folds each commit itself and believes nobody.

use std::collections::{BTreeMap, BTreeSet};

use futures::executor::block_on;
use jiff::Timestamp;
use va_domain::{
    account::Account,
    amounts::Amounts,
    commit::{CommitBody, Hash, StoredCommit, link},
    effect::{Completion, EffectClass, EffectSpec, Intent, Outcome, reservation},
    envelope::Envelope,
    ids::StreamId,
    payload::{
        ArtifactEvidence, EffectCompleted, EffectFailed, EffectIntended, TaskCompleted, TaskSettled,
    },
    state::StreamState,
};
use va_runtime::ports::Blobs;

use crate::{goal::LIAR, provider::Call, provider::CallId};

/// Folds every commit from the first on.
#[derive(Debug, Default)]
pub struct Checker {
    states: BTreeMap<StreamId, StreamState>,
    heads: BTreeMap<StreamId, Hash>,
    intents: BTreeMap<CallId, Intent>,
    completions: BTreeMap<CallId, Completion>,
    results: BTreeSet<(StreamId, String)>,
    run: BTreeSet<CallId>,
}

impl Checker {
    /// The fold of a stream.
    #[must_use]
    pub fn state(&self, stream: &StreamId) -> Option<&StreamState> {
        self.states.get(stream)
    }

    /// The folds of all streams.
    pub fn states(&self) -> impl Iterator<Item = &StreamState> {
        self.states.values()
    }

    /// Takes in one commit and looks at everything that it may have broken.
    ///
    /// # Errors
    /// Says which invariant is broken, and how.
    pub fn commit(&mut self, store: &dyn Blobs, commit: &StoredCommit) -> Result<Body, String> {
        let name = format!("{}@{}", commit.stream, commit.version);
        let head = self.heads.get(&commit.stream).copied().unwrap_or_default();
        if commit.prev_hash != head || link(&head, commit.body.as_bytes()) != commit.hash {
            return Err(format!("1: {name} is no link of its chain"));
        }
        self.heads.insert(commit.stream.clone(), commit.hash);
        let body = commit
            .read()
            .map_err(|e| format!("1: {name} cannot be read: {e}"))?;
        let state = self
            .states
            .entry(commit.stream.clone())
            .or_insert_with(|| StreamState::new(commit.stream.clone()));
        state
            .apply(&body)
            .map_err(|e| format!("1: {name} cannot be folded: {e}"))?;
        stored_state(store, state, &body).map_err(|why| format!("1: {name}: {why}"))?;
        for event in &body.events {
            self.event(event)?;
        }
        in_order(&body).map_err(|why| format!("4: {name}: {why}"))?;
        self.money(&commit.stream)
            .map_err(|why| format!("3: {name}: {why}"))?;
        Ok(body)
    }

    fn event(&mut self, event: &Envelope) -> Result<(), String> {
        let read = |e: va_domain::error::DomainError| format!("{}: {e}", event.event_id);
        if event.is::<EffectIntended>() {
            let intent = event.read::<EffectIntended>().map_err(read)?.intent;
            let key = (event.stream.clone(), intent.wanted.key.clone());
            if self.results.contains(&key) {
                return Err(format!(
                    "4: {} is intended again although its result is recorded",
                    intent.reservation()
                ));
            }
            let id = (key.0, key.1, intent.attempt);
            if self.intents.insert(id.clone(), intent).is_some() {
                return Err(format!("4: {id:?} is intended twice"));
            }
        } else if event.is::<EffectCompleted>() || event.is::<EffectFailed>() {
            let completion = if event.is::<EffectCompleted>() {
                event.read::<EffectCompleted>().map_err(read)?.completion
            } else {
                event.read::<EffectFailed>().map_err(read)?.completion
            };
            let key = (event.stream.clone(), completion.key.clone());
            if completion.outcome.is_result() {
                self.results.insert(key.clone());
            }
            let id = (key.0, key.1, completion.attempt);
            if self.completions.insert(id.clone(), completion).is_some() {
                return Err(format!("3: {id:?} is booked twice"));
            }
        } else if event.is::<TaskCompleted>() {
            apart(&event.read::<TaskCompleted>().map_err(read)?.evidence)?;
        } else if event.is::<TaskSettled>() {
            apart(&event.read::<TaskSettled>().map_err(read)?.evidence)?;
        }
        Ok(())
    }

    /// An attempt is about to begin.
    ///
    /// # Errors
    /// Where nobody may begin it.
    pub fn begins(&mut self, stream: &StreamId, intent: &Intent) -> Result<(), String> {
        let id = (stream.clone(), intent.wanted.key.clone(), intent.attempt);
        if !self.intents.contains_key(&id) {
            return Err(format!("4: {id:?} begins and was never intended"));
        }
        if !self.run.insert(id.clone()) {
            return Err(format!("4: {id:?} begins a second time"));
        }
        Ok(())
    }

    /// The accounts that one commit has touched: its own, and the edges to it and from it.
    fn money(&self, stream: &StreamId) -> Result<(), String> {
        let Some(state) = self.states.get(stream) else {
            return Ok(());
        };
        let account = &state.account;
        if !account.available().is_non_negative() && account.overrun.is_zero() {
            return Err(format!("less than nothing is available: {account:?}"));
        }
        let out = state.effects.values().flat_map(|open| {
            let free = open.wanted.worst.is_zero();
            let attempts = open.attempts.iter().filter(move |a| !a.ended && !free);
            attempts.map(|a| reservation(&open.wanted.key, a.n))
        });
        for attempt in out {
            if !account.reserved.contains_key(&attempt) {
                return Err(format!(
                    "{attempt} is under way and nothing is reserved for it"
                ));
            }
        }
        for (child, edge) in &account.edges {
            let below = self.account(child);
            if !edge.allowed.covers(&below.allowed)
                || !below.returned.covers(&edge.returned)
                || !below.spent_total().covers(&edge.spent)
            {
                return Err(format!(
                    "the edge to {child} is {edge:?}, below is {below:?}"
                ));
            }
        }
        if let Some(edge) = state
            .parent
            .as_ref()
            .and_then(|parent| self.states.get(parent))
            .and_then(|parent| parent.account.edges.get(stream))
            && !edge.allowed.covers(&account.allowed)
        {
            return Err(format!("{account:?} was never allowed: {edge:?}"));
        }
        Ok(())
    }

    fn account(&self, stream: &StreamId) -> Account {
        self.states
            .get(stream)
            .map(|s| s.account.clone())
            .unwrap_or_default()
    }

    /// The whole tree of accounts, once nothing moves any longer.
    ///
    /// # Errors
    /// Where an amount is counted twice or not at all.
    pub fn books(&self, calls: &[Call]) -> Result<(), String> {
        for state in self
            .states
            .values()
            .filter(|s| !s.account.allowed.is_zero())
        {
            let account = &state.account;
            let children: Vec<&StreamState> = self
                .states
                .values()
                .filter(|s| s.parent.as_ref() == Some(&state.stream))
                .collect();
            let below: Amounts = children.iter().map(|s| s.account.spent_total()).sum();
            if account.spent_total() != account.spent + below {
                return Err(format!(
                    "3: {} counts {:?} as spent; {:?} was spent there and {below:?} below",
                    state.stream,
                    account.spent_total(),
                    account.spent
                ));
            }
            if state.ended.is_some() && !account.is_settled() {
                return Err(format!(
                    "3: {} has ended and holds {account:?}",
                    state.stream
                ));
            }
            let booked: Amounts = self
                .completions
                .iter()
                .filter(|(id, _)| id.0 == state.stream)
                .map(|(_, completion)| completion.charged)
                .sum();
            if account.spent != booked {
                return Err(format!(
                    "3: {} has spent {:?}, its attempts cost {booked:?}",
                    state.stream, account.spent
                ));
            }
        }
        self.completed(calls)?;
        calls.iter().try_for_each(|call| self.charge(call))
    }

    /// What was booked for one call covers what the provider charged.
    fn charge(&self, call: &Call) -> Result<(), String> {
        let Some(done) = self.completions.get(&call.id) else {
            if call.class == EffectClass::Paid && !call.charged.is_zero() {
                return Err(format!("3: {:?} was charged and never booked", call.id));
            }
            return Ok(());
        };
        let told = matches!(done.outcome, Outcome::Answered { usage: Some(_), .. });
        let right = if told {
            done.charged == call.charged
        } else if done.charged.is_zero() {
            call.charged.is_zero() || call.class == EffectClass::Read
        } else {
            done.charged == call.worst
        };
        if right {
            Ok(())
        } else {
            Err(format!(
                "3: {:?} cost {:?} and was booked as {:?}",
                call.id, call.charged, done.charged
            ))
        }
    }

    /// Every answer came from a call.
    fn completed(&self, calls: &[Call]) -> Result<(), String> {
        let called: BTreeSet<&CallId> = calls.iter().map(|c| &c.id).collect();
        let made_up = self.completions.iter().find(|(id, done)| {
            matches!(done.outcome, Outcome::Answered { .. }) && !called.contains(id)
        });
        match made_up {
            Some((id, _)) => Err(format!("4: {id:?} has an answer and was never called")),
            None => Ok(()),
        }
    }

    /// Attempts at models that cost something, for people.
    #[must_use]
    pub fn paid_attempts(&self) -> usize {
        self.intents
            .values()
            .filter(|i| {
                matches!(&i.wanted.spec, EffectSpec::ModelCall { terms, .. } if terms.id == LIAR)
            })
            .count()
    }

    /// The attempts that have no outcome and whose time is over at `now`, of streams that have not ended.
    #[must_use]
    pub fn overdue(&self, now: Timestamp) -> usize {
        self.states
            .values()
            .flat_map(|s| s.effects.values())
            .flat_map(|e| &e.attempts)
            .filter(|a| !a.ended && a.until < now)
            .count()
    }
}

/// What is committed together with its outcome has happened nowhere: no effect begins before its intent stands.
fn in_order(body: &Body) -> Result<(), String> {
    let mut intended = BTreeMap::new();
    for event in &body.events {
        let read = |e: va_domain::error::DomainError| e.to_string();
        if event.is::<EffectIntended>() {
            let intent = event.read::<EffectIntended>().map_err(read)?.intent;
            intended.insert(intent.reservation(), intent);
        } else if event.is::<EffectCompleted>() {
            let done = event.read::<EffectCompleted>().map_err(read)?.completion;
            let Some(intent) = intended.get(&reservation(&done.key, done.attempt)) else {
                continue;
            };
            let computed =
                matches!(&intent.wanted.spec, EffectSpec::ModelCall { terms, .. } if terms.offline);
            if !computed {
                return Err(format!(
                    "{} begins before its intent stands",
                    intent.reservation()
                ));
            }
        }
    }
    Ok(())
}

/// A commit as it reads.
pub type Body = CommitBody;

fn stored_state(store: &dyn Blobs, state: &StreamState, body: &Body) -> Result<(), String> {
    let Some(stored) = &body.state else {
        return Ok(());
    };
    let bytes = match (&stored.inline, &stored.blob) {
        (Some(inline), _) => inline.get().as_bytes().to_vec(),
        (None, Some(blob)) => block_on(store.get(blob))
            .map_err(|e| e.to_string())?
            .to_vec(),
        (None, None) => return Err("it carries a state that is nowhere".into()),
    };
    let read: StreamState = serde_json::from_slice(&bytes).map_err(|e| e.to_string())?;
    if read == *state {
        Ok(())
    } else {
        Err("the state that it carries is not the fold".into())
    }
}

fn apart(evidence: &[ArtifactEvidence]) -> Result<(), String> {
    match evidence.iter().find(|e| e.producer == e.reviewer) {
        Some(e) => Err(format!("7: {} approved its own {}", e.producer, e.uri)),
        None => Ok(()),
    }
}
