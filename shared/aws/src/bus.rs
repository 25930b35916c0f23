//! The bus: each addressed event of a commit becomes an entry, and the result of each is looked at.

use async_trait::async_trait;
use aws_sdk_eventbridge::{
    Client,
    primitives::DateTime,
    types::{PutEventsRequestEntry, PutEventsResultEntry},
};
use serde::Deserialize;
use serde_json::value::RawValue;
use va_domain::{commit::StoredCommit, envelope::Envelope, ids::StreamId};
use va_runtime::ports::{Delivery, PortError};

use crate::{
    error::{damaged, port_error},
    queue::Queues,
};

/// Entries of one call, as the service takes them.
const BATCH: usize = 10;
/// Bytes of one call's entries, as the service counts them. It takes a mebibyte in most regions; a quarter
/// holds in all, and eight of the largest events.
const BATCH_BYTES: usize = 256 * 1024;
/// What the service counts for an entry's time.
const TIME_BYTES: usize = 14;

/// Hands events to the bus and bells to the owners' queues.
#[derive(Clone, Debug)]
pub struct EventBridgeDelivery {
    client: Client,
    bus: String,
    source: String,
    queues: Queues,
}

/// The events of a body, unread: what goes out is what was stored.
#[derive(Deserialize)]
struct Events<'a> {
    #[serde(borrow)]
    events: Vec<&'a RawValue>,
}

impl EventBridgeDelivery {
    /// The bus of this company.
    #[must_use]
    pub fn new(client: Client, bus: String, company: &str, queues: Queues) -> Self {
        Self {
            client,
            bus,
            source: format!("va.{company}"),
            queues,
        }
    }

    /// Puts entries, in calls that the service takes.
    ///
    /// # Errors
    /// Where any entry was not taken; all of them may be handed on again.
    async fn put(&self, entries: Vec<PutEventsRequestEntry>) -> Result<(), PortError> {
        for batch in batches(entries) {
            let sent = batch.len();
            let answer = self
                .client
                .put_events()
                .set_entries(Some(batch))
                .send()
                .await
                .map_err(|e| port_error(format!("the bus {} takes no events", self.bus), e))?;
            taken(
                &self.bus,
                sent,
                answer.failed_entry_count(),
                answer.entries(),
            )?;
        }
        Ok(())
    }

    fn entry(&self, raw: &RawValue) -> Result<Option<PutEventsRequestEntry>, PortError> {
        let event: Envelope = serde_json::from_str(raw.get())
            .map_err(|e| damaged(format!("an event cannot be read: {e}")))?;
        if event.to.is_empty() {
            return Ok(None);
        }
        if event.event_type.is_empty() || event.to.iter().any(String::is_empty) {
            return Err(damaged(format!(
                "{} has no type or an addressee without a name",
                event.event_id
            )));
        }
        let entry = PutEventsRequestEntry::builder()
            .event_bus_name(&self.bus)
            .source(&self.source)
            .detail_type(detail_type(&event))
            .detail(raw.get())
            .time(DateTime::from_secs(event.timestamp.as_second()))
            .trace_header(&event.traceparent)
            .build();
        if bytes(&entry) > BATCH_BYTES {
            return Err(damaged(format!(
                "{} is larger than the bus takes",
                event.event_id
            )));
        }
        Ok(Some(entry))
    }
}

#[async_trait]
impl Delivery for EventBridgeDelivery {
    async fn announce(&self, commit: &StoredCommit) -> Result<(), PortError> {
        let name = || format!("{}@{}", commit.stream, commit.version);
        let body: Events<'_> = serde_json::from_str(&commit.body)
            .map_err(|e| damaged(format!("{} is no commit: {e}", name())))?;
        let entries = body
            .events
            .into_iter()
            .filter_map(|raw| self.entry(raw).transpose())
            .collect::<Result<_, _>>()?;
        self.put(entries).await
    }

    async fn ring(&self, stream: &StreamId) -> Result<(), PortError> {
        self.queues.ring(stream).await
    }
}

/// `<EventType>.v<N>`: what rules match beside the addressee.
fn detail_type(event: &Envelope) -> String {
    format!("{}.v{}", event.event_type, event.schema_version)
}

/// What the service counts for an entry.
fn bytes(entry: &PutEventsRequestEntry) -> usize {
    [entry.source(), entry.detail_type(), entry.detail()]
        .into_iter()
        .flatten()
        .map(str::len)
        .sum::<usize>()
        + TIME_BYTES
}

/// In order, by number and by size.
fn batches(entries: Vec<PutEventsRequestEntry>) -> Vec<Vec<PutEventsRequestEntry>> {
    let mut batches: Vec<Vec<PutEventsRequestEntry>> = Vec::new();
    let mut size = 0;
    for entry in entries {
        let own = bytes(&entry);
        match batches.last_mut() {
            Some(batch) if batch.len() < BATCH && size + own <= BATCH_BYTES => {
                size += own;
                batch.push(entry);
            }
            _ => {
                size = own;
                batches.push(vec![entry]);
            }
        }
    }
    batches
}

/// Checks that every entry was taken: the count, that each has an answer, and each answer.
fn taken(
    bus: &str,
    sent: usize,
    failed: i32,
    answers: &[PutEventsResultEntry],
) -> Result<(), PortError> {
    let codes: std::collections::BTreeSet<&str> =
        answers.iter().filter_map(|a| a.error_code()).collect();
    let all = failed == 0
        && answers.len() == sent
        && answers
            .iter()
            .all(|a| a.error_code().is_none() && a.event_id().is_some());
    if all {
        return Ok(());
    }
    let codes = codes.into_iter().collect::<Vec<_>>().join(", ");
    Err(PortError::Unavailable {
        what: format!(
            "the bus {bus} did not take every event: {failed} of {sent} failed ({codes})"
        ),
        source: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(size: usize) -> PutEventsRequestEntry {
        PutEventsRequestEntry::builder()
            .detail("d".repeat(size - TIME_BYTES))
            .build()
    }

    fn sizes(entries: Vec<PutEventsRequestEntry>) -> Vec<usize> {
        batches(entries).iter().map(Vec::len).collect()
    }

    fn answer(id: Option<&str>, code: Option<&str>) -> PutEventsResultEntry {
        PutEventsResultEntry::builder()
            .set_event_id(id.map(Into::into))
            .set_error_code(code.map(Into::into))
            .build()
    }

    #[test]
    fn a_call_holds_ten_entries_and_a_quarter_of_a_mebibyte() {
        assert_eq!(sizes(vec![]), Vec::<usize>::new());
        assert_eq!(sizes(vec![entry(100); 21]), [10, 10, 1]);
        assert_eq!(sizes(vec![entry(32 * 1024); 9]), [8, 1]);
    }

    #[test]
    fn all_is_taken_only_if_every_entry_says_so() {
        let good = answer(Some("1"), None);
        assert!(taken("b", 2, 0, &[good.clone(), good.clone()]).is_ok());
        assert!(
            taken("b", 2, 0, std::slice::from_ref(&good)).is_err(),
            "an answer is missing"
        );
        assert!(
            taken("b", 1, 1, std::slice::from_ref(&good)).is_err(),
            "the count says otherwise"
        );
        assert!(
            taken("b", 1, 0, &[answer(None, Some("ThrottlingException"))]).is_err(),
            "the entry says otherwise"
        );
        assert!(
            taken("b", 1, 0, &[answer(None, None)]).is_err(),
            "no id, no event"
        );
    }
}
