//! Where things lie: keys of items and objects. The company comes first in every one of them.

use va_domain::ids::{BlobId, StreamId};

/// Over so many keys of the index the deadlines are spread.
pub(crate) const DUE_SHARDS: u8 = 16;

/// The attributes of an item.
pub(crate) mod attr {
    pub(crate) const PK: &str = "PK";
    pub(crate) const SK: &str = "SK";
    pub(crate) const BODY: &str = "body";
    pub(crate) const PREV_HASH: &str = "prev_hash";
    pub(crate) const HASH: &str = "hash";
    pub(crate) const COMMIT_ID: &str = "commit_id";
    pub(crate) const EVENTS: &str = "n_events";
    pub(crate) const HAS_STATE: &str = "has_state";
    pub(crate) const DEADLINE: &str = "deadline";
    pub(crate) const DUE: &str = "due";
    pub(crate) const DUE_SHARD: &str = "due_shard";
}

/// `<company>#<type>#<id>`. Neither part of a stream's name can hold a `#`, nor can a company's.
pub(crate) fn partition(company: &str, stream: &StreamId) -> String {
    format!("{company}#{}#{}", stream.kind(), stream.id())
}

/// The stream of a partition key of this company.
pub(crate) fn stream_of(company: &str, partition: &str) -> Option<StreamId> {
    let rest = partition.strip_prefix(company)?.strip_prefix('#')?;
    let (kind, id) = rest.split_once('#')?;
    StreamId::new(kind, id).ok()
}

/// How the sort keys of commits begin, and of nothing else.
pub(crate) const COMMITS: &str = "E#";

/// `E#` and 20 digits, so that text order is the order of versions.
pub(crate) fn sort(version: u64) -> String {
    format!("{COMMITS}{version:020}")
}

/// The version of a sort key.
pub(crate) fn version_of(sort: &str) -> Option<u64> {
    sort.strip_prefix(COMMITS)?.parse().ok()
}

/// The index key of a stream's deadline: always the same for the same stream.
pub(crate) fn due_shard(company: &str, stream: &StreamId) -> String {
    let digest = va_domain::commit::link(&[0; 32], stream.as_str().as_bytes());
    shard_key(company, digest[0] % DUE_SHARDS)
}

/// `<company>#due#<nn>`.
pub(crate) fn shard_key(company: &str, shard: u8) -> String {
    format!("{company}#due#{shard:02}")
}

/// `<company>/blobs/<64 hex digits>`.
pub(crate) fn blob(company: &str, id: &BlobId) -> String {
    format!("{company}/blobs/{}", id.hex())
}

/// Whether a name can stand in keys and paths: lowercase letters, digits and `-`, at most 63.
pub(crate) fn is_name(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(name: &str) -> StreamId {
        name.parse().expect("a stream")
    }

    #[test]
    fn keys_read_back_to_what_they_were_made_of() {
        let stream = stream("task-reviewer/ab.12_x");
        let key = partition("acme", &stream);
        assert_eq!(key, "acme#task-reviewer#ab.12_x");
        assert_eq!(stream_of("acme", &key), Some(stream));
        assert_eq!(version_of(&sort(7)), Some(7));
        assert_eq!(version_of(&sort(u64::MAX)), Some(u64::MAX));
    }

    #[test]
    fn a_company_reads_no_key_of_another_whose_name_begins_alike() {
        let key = partition("acme-2", &stream("goal/a"));
        assert_eq!(stream_of("acme", &key), None);
        assert!(!is_name("acme#x") && !is_name("") && !is_name("Acme") && !is_name("a/b"));
    }

    #[test]
    fn text_order_of_sort_keys_is_the_order_of_versions() {
        assert!(sort(9) < sort(10) && sort(99) < sort(100) && sort(1) < sort(u64::MAX));
    }

    #[test]
    fn deadlines_spread_over_every_shard() {
        let shards: std::collections::BTreeSet<_> = (0..400)
            .map(|n| due_shard("acme", &stream(&format!("goal/{n}"))))
            .collect();
        assert_eq!(shards.len(), usize::from(DUE_SHARDS));
    }
}
