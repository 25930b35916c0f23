//! The events of Lambda, with the fields that the functions read and no others.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A batch of messages of a queue.
#[derive(Clone, Debug, Deserialize)]
pub struct SqsEvent {
    /// The messages.
    #[serde(rename = "Records", default)]
    pub records: Vec<SqsMessage>,
}

/// A message of a queue.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SqsMessage {
    /// The name under which it is reported back.
    pub message_id: String,
    /// The text.
    pub body: String,
}

/// A batch of records of the table's stream.
#[derive(Clone, Debug, Deserialize)]
pub struct TableEvent {
    /// The records, in the order of the shard.
    #[serde(rename = "Records", default)]
    pub records: Vec<TableRecord>,
}

/// A record of the table's stream.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TableRecord {
    /// `INSERT`, `MODIFY` or `REMOVE`.
    pub event_name: String,
    /// What changed.
    pub dynamodb: TableChange,
}

/// What changed in the table.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TableChange {
    /// The name under which the record is reported back.
    pub sequence_number: String,
    /// The item's key.
    #[serde(default)]
    pub keys: BTreeMap<String, Attribute>,
    /// The item after the change.
    #[serde(default)]
    pub new_image: BTreeMap<String, Attribute>,
    /// The item before it.
    #[serde(default)]
    pub old_image: BTreeMap<String, Attribute>,
}

/// The value of an attribute; only texts are read.
#[derive(Clone, Debug, Deserialize)]
pub struct Attribute {
    /// A text.
    #[serde(rename = "S", default)]
    pub text: Option<String>,
    /// Bytes, in base64.
    #[serde(rename = "B", default)]
    pub bytes: Option<String>,
}

/// The answer to a batch: what was not done and is to be delivered again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchAnswer {
    /// The failed records; none: all of the batch is done.
    pub batch_item_failures: Vec<ItemFailure>,
}

/// One record that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemFailure {
    /// A message's id or a record's sequence number. An empty one would mean the whole batch.
    pub item_identifier: String,
}

impl BatchAnswer {
    /// These records failed. An empty identifier would turn the whole batch into a failure, so none is let in.
    #[must_use]
    pub fn failed(identifiers: impl IntoIterator<Item = String>) -> Self {
        let failures = identifiers.into_iter().filter(|id| !id.is_empty());
        Self {
            batch_item_failures: failures
                .map(|item_identifier| ItemFailure { item_identifier })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_the_names_that_the_service_reads_and_no_empty_identifier() {
        let answer = BatchAnswer::failed(["a".to_owned(), String::new()]);
        let json = serde_json::to_string(&answer).expect("JSON");
        assert_eq!(json, r#"{"batchItemFailures":[{"itemIdentifier":"a"}]}"#);
    }
}
