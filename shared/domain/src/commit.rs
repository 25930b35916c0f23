//! Commits: the one way in which state changes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::{
    account::Entry,
    envelope::{Envelope, EventPos},
    ids::{BlobId, StreamId},
};

/// The fold that writes states; a stored state of another fold is not read.
pub const FOLD_VERSION: u32 = 1;
/// The most bytes of one event.
pub const MAX_EVENT: usize = 32 * 1024;
/// The most bytes of one commit's events and ledger lines.
pub const MAX_COMMIT: usize = 128 * 1024;
/// The most events of one commit.
pub const MAX_EVENTS: usize = 64;
/// The most bytes of a state inside its commit; above, it is a blob.
pub const MAX_STATE_INLINE: usize = 64 * 1024;
/// The most bytes of a state.
pub const MAX_STATE: usize = 4 * 1024 * 1024;
/// After so many commits the next carries the state.
pub const STATE_EVERY: u64 = 32;
/// After so many bytes of commits the next carries the state.
pub const STATE_AFTER_BYTES: usize = 64 * 1024;

/// SHA-256 of the previous hash and the body.
pub type Hash = [u8; 32];

/// What a commit's body says. Its stored bytes are the hashed bytes; this type only reads and makes them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CommitBody {
    /// Known only to whoever appends, so a put that succeeded unheard is known as one's own.
    pub commit_id: String,
    /// The tenant.
    pub company: String,
    /// The stream.
    pub stream: StreamId,
    /// 1, 2, 3, ... without a gap.
    pub version: u64,
    /// When it was made.
    pub at: Timestamp,
    /// Whose account it belongs under and what it may do, once that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begins: Option<Begins>,
    /// What happened.
    pub events: Vec<Envelope>,
    /// What the stream now waits for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opens: Vec<Expectation>,
    /// What it waits for no longer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closes: Vec<String>,
    /// How its account changes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Entry>,
    /// The deliveries that it takes account of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<Seen>,
    /// The blobs that it names, each durable before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blobs: Vec<BlobId>,
    /// The folded state, this commit included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<StoredState>,
}

/// What a stream learns from above.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begins {
    /// The account above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<StreamId>,
    /// What the task may do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<crate::envelope::Grant>,
}

/// A folded state within a commit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StoredState {
    /// Which fold wrote it.
    pub fold: u32,
    /// The state, up to 64 KiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inline: Option<Box<RawValue>>,
    /// The blob that holds it, above that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blob: Option<BlobId>,
}

/// A delivery that reports (or starts): the newest position taken account of, per sender and type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// `<sender>|<event type>`.
    pub from: String,
    /// Where the sender's event stands.
    pub at: EventPos,
}

/// Who answers an expectation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "snake_case")]
pub enum Answerer {
    /// The owner of another stream.
    Stream {
        /// That stream.
        stream: StreamId,
    },
    /// Whoever runs this stream's effect.
    Runner {
        /// The effect's key.
        key: String,
    },
    /// A person of the board.
    Person,
    /// Nobody: the time itself.
    Time,
}

/// Something that a stream waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expectation {
    /// Unique among the stream's open ones.
    pub id: String,
    /// Who answers.
    pub from: Answerer,
    /// When the owner asks again, takes the next attempt, or escalates.
    pub deadline: Timestamp,
    /// How often it was asked.
    pub attempt: u32,
    /// The event of this stream that asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<EventPos>,
}

/// A commit as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCommit {
    /// The stream.
    pub stream: StreamId,
    /// Its version.
    pub version: u64,
    /// The hash of the commit before; zeros for the first.
    pub prev_hash: Hash,
    /// SHA-256 of `prev_hash` and `body`.
    pub hash: Hash,
    /// The exact bytes, JSON text.
    pub body: std::sync::Arc<str>,
}

impl StoredCommit {
    /// The commit of these bytes after the one with that hash.
    #[must_use]
    pub fn linked(
        stream: StreamId,
        version: u64,
        prev_hash: Hash,
        body: impl Into<std::sync::Arc<str>>,
    ) -> Self {
        let body = body.into();
        let hash = link(&prev_hash, body.as_bytes());
        Self {
            stream,
            version,
            prev_hash,
            hash,
            body,
        }
    }

    /// Reads the body.
    ///
    /// # Errors
    /// Where it is not a commit's JSON.
    pub fn read(&self) -> Result<CommitBody, serde_json::Error> {
        serde_json::from_str(&self.body)
    }
}

/// What stands between the rest of a body and its state, which is the last of its members.
pub const STATE_MEMBER: &str = r#","state":"#;

/// Adds the state to a body that was written without one; answers the bytes of the state.
///
/// # Errors
/// Where it cannot be written as JSON.
pub fn add_state(body: &mut String, state: &StoredState) -> Result<usize, serde_json::Error> {
    let state = serde_json::to_string(state)?;
    body.pop();
    body.push_str(STATE_MEMBER);
    body.push_str(&state);
    body.push('}');
    Ok(state.len())
}

/// The chain's next link.
#[must_use]
pub fn link(prev_hash: &Hash, body: &[u8]) -> Hash {
    let mut hash = Sha256::new();
    hash.update(prev_hash);
    hash.update(body);
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_added_as_if_it_had_been_written_with_the_body() {
        let text = r#"{"commit_id":"c","company":"acme","stream":"goal/a","version":32,"at":"2026-11-20T10:00:00Z","events":[],"closes":["x"]}"#;
        let mut body: CommitBody = serde_json::from_str(text).expect("a body");
        body.state = Some(StoredState {
            fold: FOLD_VERSION,
            inline: serde_json::from_str(r#"{"paused":true}"#).expect("a state"),
            blob: None,
        });
        let whole = serde_json::to_string(&body).expect("written");
        let state = body.state.take().expect("the state");
        let mut added = serde_json::to_string(&body).expect("written");
        let bytes = add_state(&mut added, &state).expect("added");
        assert_eq!(added, whole);
        assert_eq!(bytes, r#"{"fold":1,"inline":{"paused":true}}"#.len());
    }

    #[test]
    fn a_link_covers_the_hash_before_and_every_byte() {
        let first = link(&[0; 32], b"{}");
        let whole: Hash = Sha256::digest([&[0_u8; 32][..], b"{}"].concat()).into();
        assert_eq!(first, whole);
        assert_ne!(link(&first, b"{}"), first);
        assert_ne!(link(&[0; 32], b"{} "), first);
    }
}
