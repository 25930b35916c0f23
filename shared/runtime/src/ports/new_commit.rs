//! A commit that is to be appended, and what every home asks of one.

use jiff::Timestamp;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;
use va_domain::commit::{
    MAX_COMMIT, MAX_EVENTS, MAX_STATE_INLINE, STATE_MEMBER, StoredCommit, StoredState, link,
};

use super::{Blob, PortError};

/// A commit that is to be appended. `commit.body` is stored as it is.
#[derive(Clone, Debug)]
pub struct NewCommit {
    /// The commit, hash included.
    pub commit: StoredCommit,
    /// The body's `commit_id`.
    pub commit_id: String,
    /// How many events the body holds.
    pub events: usize,
    /// The bytes of the state that ends the body; 0 where it carries none.
    pub state: usize,
    /// The earliest open deadline of the stream after this commit; outside the hash.
    pub due: Option<Timestamp>,
    /// Blobs that the commit names, durable before it or with it.
    pub blobs: Vec<Blob>,
}

impl NewCommit {
    /// A commit that stands elsewhere and is to stand here too, without deadline and blobs.
    ///
    /// # Errors
    /// Where its body is not a commit's JSON.
    pub fn copy_of(commit: StoredCommit) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        struct Parts<'a> {
            commit_id: String,
            #[serde(default)]
            events: Vec<IgnoredAny>,
            #[serde(borrow, default)]
            state: Option<&'a RawValue>,
        }
        let parts: Parts<'_> = serde_json::from_str(&commit.body)?;
        let (commit_id, events) = (parts.commit_id, parts.events.len());
        let state = parts.state.map_or(0, |state| state.get().len());
        Ok(Self {
            commit,
            commit_id,
            events,
            state,
            due: None,
            blobs: Vec::new(),
        })
    }

    /// Whether it carries a state.
    #[must_use]
    pub fn has_state(&self) -> bool {
        self.state > 0
    }

    /// Refuses a commit that is above a limit, or that is not what it says it is. But for its state the body is not
    /// read: it was written from a commit, or read by [`NewCommit::copy_of`].
    ///
    /// # Errors
    /// `Refused`, with the limit.
    pub fn check(&self) -> Result<(), PortError> {
        let commit = &self.commit;
        let refuse = |why: String| {
            let what = format!("{}@{} {why}", commit.stream, commit.version);
            Err(PortError::Refused { what })
        };
        if commit.version == 0 || i64::try_from(commit.version).is_err() {
            return refuse("has a version that no commit has".to_owned());
        }
        if self.events > MAX_EVENTS {
            return refuse(format!(
                "has {} events; a commit holds at most {MAX_EVENTS}",
                self.events
            ));
        }
        let rest = if self.has_state() {
            let Some((rest, state)) = self.parts() else {
                return refuse(format!("does not end in a state of {} bytes", self.state));
            };
            match serde_json::from_str::<StoredState>(state) {
                Err(e) => return refuse(format!("has a state that cannot be read: {e}")),
                Ok(stored) => {
                    let bytes = stored.inline.map_or(0, |inline| inline.get().len());
                    if bytes > MAX_STATE_INLINE {
                        return refuse(format!(
                            "has a state of {bytes} bytes; above {MAX_STATE_INLINE} it is a blob"
                        ));
                    }
                }
            }
            rest
        } else {
            commit.body.len()
        };
        if rest > MAX_COMMIT {
            return refuse(format!(
                "has {rest} bytes besides its state; a commit holds at most {MAX_COMMIT}"
            ));
        }
        if link(&commit.prev_hash, commit.body.as_bytes()) != commit.hash {
            return refuse("has a hash that is not the hash of its bytes".to_owned());
        }
        Ok(())
    }

    /// The bytes of the body without its state, and the state.
    fn parts(&self) -> Option<(usize, &str)> {
        let before = self.commit.body.strip_suffix('}')?;
        let (before, state) = before.split_at_checked(before.len().checked_sub(self.state)?)?;
        let rest = before.strip_suffix(STATE_MEMBER)?;
        Some((rest.len() + 1, state))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(body: String) -> NewCommit {
        NewCommit::copy_of(StoredCommit::linked(
            "goal/a".parse().expect("a stream"),
            3,
            [1; 32],
            body,
        ))
        .expect("a commit")
    }

    fn body(bytes: usize, state: Option<usize>) -> String {
        let head = r#"{"commit_id":"c","events":[],"pad":""#;
        let state = state.map_or(String::new(), |n| {
            format!(r#","state":{{"fold":1,"inline":"{}"}}"#, "s".repeat(n - 2))
        });
        let pad = "p".repeat(bytes.saturating_sub(head.len() + 2));
        format!(r#"{head}{pad}"{state}}}"#)
    }

    fn refusal(new: &NewCommit) -> String {
        match new.check() {
            Err(PortError::Refused { what }) => what,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn the_state_counts_apart_from_the_rest() {
        let full = new(body(MAX_COMMIT, Some(MAX_STATE_INLINE)));
        assert!(full.check().is_ok() && full.has_state());
        let plain = new(body(MAX_COMMIT, None));
        assert!(plain.check().is_ok() && !plain.has_state());
        let over = format!("goal/a@3 has {} bytes besides", MAX_COMMIT + 1);
        for state in [None, Some(10)] {
            let what = refusal(&new(body(MAX_COMMIT + 1, state)));
            assert!(what.starts_with(&over), "{what}");
        }
        let what = refusal(&new(body(1_000, Some(MAX_STATE_INLINE + 1))));
        assert!(what.contains("above 65536 it is a blob"), "{what}");
    }

    #[test]
    fn a_commit_that_is_not_what_it_says_it_is_is_refused() {
        let sound = new(body(1_000, Some(10)));
        let (mut many, mut forged, mut first) = (sound.clone(), sound.clone(), sound.clone());
        many.events = MAX_EVENTS + 1;
        forged.commit.hash = [2; 32];
        first.commit.version = 0;
        assert!(refusal(&many).contains("65 events"));
        assert!(refusal(&forged).contains("not the hash of its bytes"));
        assert!(refusal(&first).contains("a version that no commit has"));
        for state in [sound.state - 1, sound.state + 1, 1_000_000] {
            let mut wrong = sound.clone();
            wrong.state = state;
            let what = refusal(&wrong);
            assert!(what.contains("does not end in a state"), "{what}");
        }
    }
}
