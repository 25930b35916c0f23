//! A commit gets its bytes and its hash.

use std::sync::Arc;

use va_domain::{
    commit::{
        CommitBody, FOLD_VERSION, MAX_COMMIT, MAX_EVENT, MAX_EVENTS, MAX_STATE, MAX_STATE_INLINE,
        STATE_AFTER_BYTES, STATE_EVERY, StoredCommit, StoredState, add_state,
    },
    envelope::{Envelope, Target},
    roles,
};

use super::Draft;
use crate::{
    kernel::{Committed, Finished, KernelError},
    ports::{Blob, NewCommit},
};

impl Draft<'_> {
    /// Gives the commit its bytes and its hash.
    pub(in crate::kernel) fn finish(mut self, random: u64) -> Result<Finished, KernelError> {
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
        let body = CommitBody {
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
            blobs: self.blobs.iter().map(|blob| blob.id().clone()).collect(),
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
        let mut state_bytes = 0;
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
            let stored = if state.len() <= MAX_STATE_INLINE {
                let inline = serde_json::value::RawValue::from_string(state).map_err(unwritable)?;
                StoredState {
                    fold: FOLD_VERSION,
                    inline: Some(inline),
                    blob: None,
                }
            } else {
                let blob = Blob::of(state.into_bytes());
                let id = blob.id().clone();
                self.blobs.push(blob);
                StoredState {
                    fold: FOLD_VERSION,
                    inline: None,
                    blob: Some(id),
                }
            };
            state_bytes = add_state(&mut text, &stored).map_err(unwritable)?;
            (self.loaded.commits_since, self.loaded.bytes_since) = (0, 0);
        }
        let stored = StoredCommit::linked(body.stream, body.version, self.loaded.head, text);
        self.loaded.head = stored.hash;
        let events: Vec<Arc<Envelope>> = body.events.into_iter().map(Arc::new).collect();
        let due = self.loaded.state.due();
        Ok(Finished {
            new: NewCommit {
                commit: stored.clone(),
                commit_id: body.commit_id,
                events: events.len(),
                state: state_bytes,
                due,
                blobs: self.blobs,
            },
            committed: Committed { stored, events },
            loaded: self.loaded,
            intents: self.intents,
        })
    }
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

pub(super) fn unwritable(e: serde_json::Error) -> KernelError {
    KernelError::Rule {
        what: format!("a commit cannot be written: {e}"),
    }
}
