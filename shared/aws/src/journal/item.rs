//! A commit as an item, and back.

use std::collections::HashMap;

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use jiff::Timestamp;
use va_domain::{
    commit::{Hash, StoredCommit},
    ids::StreamId,
};
use va_runtime::ports::{NewCommit, PortError};

use super::Item;
use crate::{
    error::damaged,
    layout::{self, attr},
};

/// The item of a commit. Within the limits of a commit it stays below the 400 KB of the service: 128 KB, 64 KB of
/// state, and a few hundred bytes of attributes.
pub(super) fn item(company: &str, new: &NewCommit) -> Item {
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
        (
            attr::HAS_STATE.to_owned(),
            AttributeValue::Bool(new.has_state()),
        ),
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

    fn new() -> NewCommit {
        let body = r#"{"commit_id":"c","events":[{}]}"#;
        NewCommit::copy_of(StoredCommit::linked(
            "goal/a".parse().expect("a stream"),
            3,
            [1; 32],
            body,
        ))
        .expect("a commit")
    }

    #[test]
    fn a_commit_reads_back_as_it_was_stored() {
        let mut new = new();
        new.due = Some("2026-11-20T10:00:00.123456789Z".parse().expect("a time"));
        let item = item("acme", &new);
        assert_eq!(item.get(attr::DUE).and_then(timestamp), new.due);
        assert_eq!(
            commit(&new.commit.stream, item).expect("a commit"),
            new.commit
        );
    }

    #[test]
    fn a_commit_without_a_deadline_is_in_no_index() {
        let item = item("acme", &new());
        assert!(!item.contains_key(attr::DUE) && !item.contains_key(attr::DUE_SHARD));
    }

    #[test]
    fn an_item_that_lost_an_attribute_is_damaged() {
        for lost in [attr::SK, attr::BODY, attr::HASH, attr::PREV_HASH] {
            let new = new();
            let mut item = item("acme", &new);
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
