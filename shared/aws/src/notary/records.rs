//! What the table's stream tells the notary: what was inserted, and what was changed or removed.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use va_domain::{
    commit::{Hash, StoredCommit, link},
    ids::StreamId,
};

use super::finding::{Fault, Finding};
use crate::{
    lambda::events::{Attribute, TableRecord},
    layout::{self, attr},
};

type Image = BTreeMap<String, Attribute>;

/// What a batch says about the company's commits.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Commits that were inserted, in order.
    pub(super) inserted: Vec<StoredCommit>,
    /// What must not have happened.
    pub(super) findings: Vec<Finding>,
}

/// Reads a batch.
pub(super) fn read(company: &str, records: &[TableRecord]) -> Told {
    let mut told = Told::default();
    for record in records {
        let keys = &record.dynamodb.keys;
        let text = |name: &str| keys.get(name).and_then(|key| key.text.as_deref());
        let stream = text(attr::PK).and_then(|key| layout::stream_of(company, key));
        let version = text(attr::SK).and_then(layout::version_of);
        let (Some(stream), Some(version)) = (stream, version) else {
            // Another's, or no commit.
            continue;
        };
        let new = commit(&stream, version, &record.dynamodb.new_image);
        let old = commit(&stream, version, &record.dynamodb.old_image);
        let computed = |commit: &Option<StoredCommit>| {
            commit.as_ref().map_or_else(
                || "nothing that can be read".to_owned(),
                |commit| hex::encode(link(&commit.prev_hash, commit.body.as_bytes())),
            )
        };
        let expected = |commit: &Option<StoredCommit>| {
            commit
                .as_ref()
                .map_or_else(|| "a commit".to_owned(), |commit| hex::encode(commit.hash))
        };
        let fault = match record.event_name.as_str() {
            "INSERT" => match new {
                Some(commit) if link(&commit.prev_hash, commit.body.as_bytes()) == commit.hash => {
                    told.inserted.push(commit);
                    continue;
                }
                new => (Fault::Changed, expected(&new), computed(&new)),
            },
            // The clock moves deadlines, and nothing else.
            "MODIFY" if old.is_some() && old == new => continue,
            "MODIFY" => (Fault::Changed, expected(&old), computed(&new)),
            _ => (Fault::Removed, expected(&old), "nothing".to_owned()),
        };
        let (fault, expected, found) = fault;
        told.findings.push(Finding {
            fault,
            stream,
            version,
            expected,
            found,
            by: "the table's stream",
        });
    }
    told
}

fn commit(stream: &StreamId, version: u64, image: &Image) -> Option<StoredCommit> {
    let hash = |name: &str| -> Option<Hash> {
        let bytes = STANDARD.decode(image.get(name)?.bytes.as_ref()?).ok()?;
        bytes.try_into().ok()
    };
    Some(StoredCommit {
        stream: stream.clone(),
        version,
        prev_hash: hash(attr::PREV_HASH)?,
        hash: hash(attr::HASH)?,
        body: image.get(attr::BODY)?.text.as_deref()?.into(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn image(body: &str, due: u32) -> Value {
        let hash = STANDARD.encode(link(&[0; 32], body.as_bytes()));
        json!({
            "PK": { "S": "acme#goal#a" }, "SK": { "S": layout::sort(1) }, "body": { "S": body },
            "prev_hash": { "B": STANDARD.encode([0; 32]) }, "hash": { "B": hash }, "due": { "N": due.to_string() },
        })
    }

    fn told(name: &str, new: Value, old: Value) -> Told {
        let record = json!({
            "eventName": name,
            "dynamodb": {
                "SequenceNumber": "1", "NewImage": new, "OldImage": old,
                "Keys": { "PK": { "S": "acme#goal#a" }, "SK": { "S": layout::sort(1) } },
            },
        });
        read("acme", &[serde_json::from_value(record).expect("a record")])
    }

    #[test]
    fn what_is_inserted_whole_is_no_finding_and_a_moved_deadline_is_none() {
        let inserted = told("INSERT", image("{}", 1), json!({}));
        assert_eq!((inserted.inserted.len(), inserted.findings.len()), (1, 0));
        let moved = told("MODIFY", image("{}", 2), image("{}", 1));
        assert_eq!((moved.inserted.len(), moved.findings.len()), (0, 0));
    }

    #[test]
    fn a_changed_or_removed_commit_is_a_finding_with_both_hashes() {
        let changed = told("MODIFY", image("[]", 1), image("{}", 1)).findings;
        let hash = |body: &str| hex::encode(link(&[0; 32], body.as_bytes()));
        assert_eq!(changed[0].fault, Fault::Changed);
        assert_eq!(
            (changed[0].expected.clone(), changed[0].found.clone()),
            (hash("{}"), hash("[]"))
        );
        let removed = told("REMOVE", json!({}), image("{}", 1)).findings;
        assert_eq!(removed[0].fault, Fault::Removed);
    }

    #[test]
    fn bytes_that_are_not_what_their_hash_says_are_a_finding_from_the_first_moment() {
        let mut forged = image("{}", 1);
        forged["body"]["S"] = "[]".into();
        let told = told("INSERT", forged, json!({}));
        assert!(told.inserted.is_empty());
        assert_eq!(told.findings[0].fault, Fault::Changed);
    }
}
