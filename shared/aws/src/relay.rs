//! From the table's stream to the bus: every commit that is inserted, in order.

use std::collections::BTreeMap;

use va_domain::{
    commit::{Hash, StoredCommit},
    ids::StreamId,
};
use va_runtime::ports::{Delivery, PortError};

use crate::{
    error::damaged,
    lambda::{
        batch::Failure,
        events::{BatchAnswer, TableEvent, TableRecord},
    },
    layout::{self, attr},
};

/// Hands on what was inserted, and after the last commit of a stream tells `grown` of it. It stops at the first record that the bus does not take: the service delivers
/// from there again. A record that can never be handed on is logged and passed by, so it blocks nobody: its
/// addressees are asked for again by the clock.
pub async fn relay(
    company: &str,
    event: TableEvent,
    delivery: &dyn Delivery,
    grown: impl AsyncFn(&StreamId) -> Result<(), PortError>,
) -> BatchAnswer {
    let mut last: BTreeMap<String, String> = BTreeMap::new();
    for record in &event.records {
        if let Some(key) = partition(record) {
            last.insert(key.to_owned(), record.dynamodb.sequence_number.clone());
        }
    }
    for record in event.records {
        // A change is the clock's, of a deadline alone; a removal is nobody's, and the notary's to report.
        if record.event_name != "INSERT" {
            continue;
        }
        let handed_on = match commit(company, &record) {
            Ok(Some(commit)) => match delivery.announce(&commit).await {
                Ok(()) if is_last(&last, &record) => grown(&commit.stream).await,
                announced => announced,
            },
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = handed_on {
            let failure = Failure::new(error.code(), &error);
            let sequence = record.dynamodb.sequence_number;
            tracing::error!(%sequence, code = %failure.code, error = %failure.text, "not handed on");
            if !matches!(error, PortError::Damaged { .. }) {
                return BatchAnswer::failed([sequence]);
            }
        }
    }
    BatchAnswer::default()
}

fn partition(record: &TableRecord) -> Option<&str> {
    record.dynamodb.new_image.get(attr::PK)?.text.as_deref()
}

/// Whether no later record of the batch is of the same stream: one bell is enough for all.
fn is_last(last: &BTreeMap<String, String>, record: &TableRecord) -> bool {
    partition(record)
        .and_then(|key| last.get(key))
        .is_some_and(|sequence| *sequence == record.dynamodb.sequence_number)
}

/// The commit of a record of this company; `None` for another's, and for what is no commit.
fn commit(company: &str, record: &TableRecord) -> Result<Option<StoredCommit>, PortError> {
    let image = &record.dynamodb.new_image;
    let text = |name: &str| image.get(name).and_then(|a| a.text.as_deref());
    let lost = |what: &str| {
        damaged(format!(
            "record {} has no {what}",
            record.dynamodb.sequence_number
        ))
    };
    let Some(stream) = layout::stream_of(company, text(attr::PK).ok_or_else(|| lost("key"))?)
    else {
        return Ok(None);
    };
    let version = text(attr::SK)
        .and_then(layout::version_of)
        .ok_or_else(|| lost("version"))?;
    let body = text(attr::BODY).ok_or_else(|| lost("body"))?;
    // The bus carries no hashes: whoever hears the bell reads the commit itself.
    let unread: Hash = [0; 32];
    Ok(Some(StoredCommit {
        stream,
        version,
        prev_hash: unread,
        hash: unread,
        body: body.into(),
    }))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use async_trait::async_trait;

    /// Takes so many commits, then no more.
    struct Takes(usize, Mutex<Vec<String>>);

    #[async_trait]
    impl Delivery for Takes {
        async fn announce(&self, commit: &StoredCommit) -> Result<(), PortError> {
            let mut taken = self.1.lock().expect("the lock");
            if taken.len() == self.0 {
                return Err(PortError::Unavailable {
                    what: "full".to_owned(),
                    source: None,
                });
            }
            taken.push(format!("{}@{}", commit.stream, commit.version));
            Ok(())
        }

        async fn ring(&self, _: &StreamId) -> Result<(), PortError> {
            Ok(())
        }
    }

    fn relayed(takes: usize, event: &str) -> (Vec<String>, Vec<String>) {
        let delivery = Takes(takes, Mutex::default());
        let event = serde_json::from_str(event).expect("an event");
        let grown = async |_: &StreamId| Ok(());
        let answer = futures::executor::block_on(relay("acme", event, &delivery, grown));
        let failed = answer
            .batch_item_failures
            .into_iter()
            .map(|f| f.item_identifier)
            .collect();
        (failed, delivery.1.into_inner().expect("the lock"))
    }

    /// A batch as the service delivers it.
    const BATCH: &str = include_str!("../testdata/table-event.json");

    #[test]
    fn inserted_commits_of_the_company_go_out_in_order_and_nothing_else() {
        let (failed, taken) = relayed(9, BATCH);
        assert!(failed.is_empty());
        assert_eq!(taken, ["goal/a@1", "goal/a@2"]);
    }

    #[test]
    fn a_stream_that_has_grown_is_told_of_once() {
        let rung = Mutex::new(Vec::new());
        let grown = async |stream: &StreamId| {
            rung.lock().expect("the lock").push(stream.to_string());
            Ok(())
        };
        let delivery = Takes(9, Mutex::default());
        let event = serde_json::from_str(BATCH).expect("an event");
        futures::executor::block_on(relay("acme", event, &delivery, grown));
        assert_eq!(rung.into_inner().expect("the lock"), ["goal/a"]);
    }

    #[test]
    fn a_record_that_lost_its_body_blocks_nobody() {
        let (failed, taken) = relayed(9, &BATCH.replacen("\"body\"", "\"lost\"", 1));
        assert!(failed.is_empty());
        assert_eq!(taken, ["goal/a@2"]);
    }

    #[test]
    fn it_stops_at_the_first_that_is_not_taken() {
        let (failed, taken) = relayed(1, BATCH);
        assert_eq!(failed, ["4421584500000000017450439095"]);
        assert_eq!(taken, ["goal/a@1"]);
    }
}
