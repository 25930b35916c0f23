//! A commit as an item, and back.

use std::collections::HashMap;

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use va_domain::{
    commit::{Hash, MAX_COMMIT, MAX_EVENTS, MAX_STATE_INLINE, StoredCommit, StoredState, link},
    ids::StreamId,
};
use va_runtime::ports::{NewCommit, PortError};

use super::Item;
use crate::{
    error::damaged,
    layout::{self, attr},
};

/// What stands before a state within a body.
const STATE_MEMBER: usize = r#","state":"#.len();

/// What the adapter looks at in a body: where the state is, and nothing of what happened.
#[derive(Deserialize)]
struct Parts<'a> {
    #[serde(borrow, default)]
    state: Option<&'a RawValue>,
}

/// Refuses what is above the port's limits or not what its hash says; says whether the commit carries a state. Within them an item
/// stays below the 400 KB of the service: 128 KB, 64 KB of state, and a few hundred bytes of attributes.
pub(super) fn check_limits(new: &NewCommit) -> Result<bool, PortError> {
    let commit = &new.commit;
    let name = || format!("{}@{}", commit.stream, commit.version);
    let refuse = |why: String| {
        Err(PortError::Refused {
            what: format!("{} {why}", name()),
        })
    };
    if new.events > MAX_EVENTS {
        return refuse(format!(
            "has {} events; a commit holds at most {MAX_EVENTS}",
            new.events
        ));
    }
    if link(&commit.prev_hash, commit.body.as_bytes()) != commit.hash {
        return refuse("has a hash that is not the hash of its bytes".to_owned());
    }
    let parts: Parts<'_> = match serde_json::from_str(&new.commit.body) {
        Ok(parts) => parts,
        Err(e) => return refuse(format!("has a body that is no commit: {e}")),
    };
    let state = parts.state.map_or("", RawValue::get);
    let member = if state.is_empty() { 0 } else { STATE_MEMBER };
    let rest = new.commit.body.len() - state.len() - member;
    if rest > MAX_COMMIT {
        return refuse(format!(
            "has {rest} bytes besides its state; a commit holds at most {MAX_COMMIT}"
        ));
    }
    if state.is_empty() {
        return Ok(false);
    }
    let stored: StoredState = match serde_json::from_str(state) {
        Ok(stored) => stored,
        Err(e) => return refuse(format!("has a state that cannot be read: {e}")),
    };
    match stored.inline.map_or(0, |inline| inline.get().len()) {
        bytes if bytes > MAX_STATE_INLINE => refuse(format!(
            "has a state of {bytes} bytes; above {MAX_STATE_INLINE} it is a blob"
        )),
        _ => Ok(true),
    }
}

/// The item of a commit.
pub(super) fn item(company: &str, new: &NewCommit, has_state: bool) -> Item {
    let commit = &new.commit;
    let mut item = HashMap::from([
        (
            attr::PK.to_owned(),
            AttributeValue::S(layout::partition(company, &commit.stream)),
        ),
        (
            attr::SK.to_owned(),
            AttributeValue::S(layout::sort(commit.version)),
        ),
        (
            attr::BODY.to_owned(),
            AttributeValue::S(commit.body.to_string()),
        ),
        (
            attr::PREV_HASH.to_owned(),
            AttributeValue::B(Blob::new(commit.prev_hash)),
        ),
        (
            attr::HASH.to_owned(),
            AttributeValue::B(Blob::new(commit.hash)),
        ),
        (
            attr::COMMIT_ID.to_owned(),
            AttributeValue::S(new.commit_id.clone()),
        ),
        (
            attr::EVENTS.to_owned(),
            AttributeValue::N(new.events.to_string()),
        ),
        (attr::HAS_STATE.to_owned(), AttributeValue::Bool(has_state)),
    ]);
    if let Some(due) = new.due {
        item.insert(attr::DEADLINE.to_owned(), instant(due));
        item.insert(attr::DUE.to_owned(), instant(due));
        item.insert(
            attr::DUE_SHARD.to_owned(),
            AttributeValue::S(layout::due_shard(company, &commit.stream)),
        );
    }
    item
}

/// The commit of an item of this stream.
pub(super) fn commit(stream: &StreamId, mut item: Item) -> Result<StoredCommit, PortError> {
    let version = text(&item, attr::SK)
        .and_then(layout::version_of)
        .ok_or_else(|| damaged(format!("an item of {stream} has no version")))?;
    let prev_hash = hash(&item, attr::PREV_HASH, stream, version)?;
    let hash = hash(&item, attr::HASH, stream, version)?;
    match item.remove(attr::BODY) {
        Some(AttributeValue::S(body)) => Ok(StoredCommit {
            stream: stream.clone(),
            version,
            prev_hash,
            hash,
            body: body.into(),
        }),
        _ => Err(damaged(format!("{stream}@{version} has no body"))),
    }
}

/// Whether the item's commit carries a state.
pub(super) fn has_state(item: &Item) -> bool {
    matches!(item.get(attr::HAS_STATE), Some(AttributeValue::Bool(true)))
}

/// A text attribute.
pub(super) fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)
        .and_then(|value| value.as_s().ok())
        .map(String::as_str)
}

/// A hash attribute.
pub(super) fn hash(
    item: &Item,
    name: &str,
    stream: &StreamId,
    version: u64,
) -> Result<Hash, PortError> {
    item.get(name)
        .and_then(|value| value.as_b().ok())
        .and_then(|bytes| bytes.as_ref().try_into().ok())
        .ok_or_else(|| damaged(format!("{stream}@{version} has no {name} of 32 bytes")))
}

/// A time as a number of nanoseconds since 1970: exact, and in order.
pub(super) fn instant(at: Timestamp) -> AttributeValue {
    AttributeValue::N(at.as_nanosecond().to_string())
}

/// The time of such a number.
pub(super) fn timestamp(value: &AttributeValue) -> Option<Timestamp> {
    Timestamp::from_nanosecond(value.as_n().ok()?.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(body: String) -> NewCommit {
        let commit = StoredCommit {
            stream: "goal/a".parse().expect("a stream"),
            version: 3,
            prev_hash: [1; 32],
            hash: link(&[1; 32], body.as_bytes()),
            body: body.into(),
        };
        NewCommit {
            commit,
            commit_id: "c".to_owned(),
            events: 1,
            due: None,
            blobs: Vec::new(),
        }
    }

    fn body(padding: usize, state: Option<usize>) -> String {
        let state = state.map_or(String::new(), |n| {
            format!(r#","state":{{"fold":1,"inline":"{}"}}"#, "s".repeat(n - 2))
        });
        format!(r#"{{"x":"{}"{state}}}"#, "p".repeat(padding))
    }

    #[test]
    fn a_commit_reads_back_as_it_was_stored() {
        let mut new = new(body(10, None));
        new.due = Some("2026-11-20T10:00:00.123456789Z".parse().expect("a time"));
        let item = item("acme", &new, false);
        assert_eq!(item.get(attr::DUE).and_then(timestamp), new.due);
        assert_eq!(
            commit(&new.commit.stream, item).expect("a commit"),
            new.commit
        );
    }

    #[test]
    fn a_commit_without_a_deadline_is_in_no_index() {
        let item = item("acme", &new(body(1, None)), false);
        assert!(!item.contains_key(attr::DUE) && !item.contains_key(attr::DUE_SHARD));
    }

    #[test]
    fn the_state_counts_apart_from_the_rest() {
        let full = new(body(MAX_COMMIT - 200, Some(MAX_STATE_INLINE)));
        assert!(check_limits(&full).expect("within the limits"));
        assert!(!check_limits(&new(body(1, None))).expect("within the limits"));
    }

    #[test]
    fn what_is_above_a_limit_is_refused() {
        let mut many = new(body(1, None));
        many.events = MAX_EVENTS + 1;
        let mut forged = new(body(1, None));
        forged.commit.hash = [2; 32];
        for over in [
            many,
            new(body(MAX_COMMIT, None)),
            new(body(1, Some(MAX_STATE_INLINE + 1))),
            new("[".to_owned()),
            forged,
        ] {
            let error = check_limits(&over).expect_err("above a limit");
            assert_eq!(error.code(), "port_refused");
        }
    }

    #[test]
    fn an_item_that_lost_an_attribute_is_damaged() {
        for lost in [attr::SK, attr::BODY, attr::HASH, attr::PREV_HASH] {
            let new = new(body(1, None));
            let mut item = item("acme", &new, false);
            item.remove(lost);
            assert_eq!(
                commit(&new.commit.stream, item)
                    .expect_err("damaged")
                    .code(),
                "port_damaged",
                "{lost}"
            );
        }
    }
}
