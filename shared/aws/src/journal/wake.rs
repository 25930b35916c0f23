//! Deadlines: the sparse index that the clock reads, and its only write.

use aws_sdk_dynamodb::{operation::update_item::UpdateItemError, types::AttributeValue};
use futures::future::try_join_all;
use jiff::Timestamp;
use va_domain::ids::StreamId;
use va_runtime::ports::{Due, PortError};

use super::{DynamoJournal, Item, item};
use crate::{
    error::port_error,
    layout::{self, attr},
};

/// The sparse index of deadlines: key `due_shard`, then `due`; besides the keys it holds `deadline`.
const INDEX: &str = "due";

/// A stream that is to be woken, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// When to wake it.
    pub due: Due,
    /// What that was before the clock moved it on.
    pub first: Timestamp,
}

impl DynamoJournal {
    /// Streams that are to be woken not after `until`, earliest first, at most `limit`. Some may be
    /// superseded: an append writes one item, so the deadline of the one before stays until the clock takes
    /// it away. The index is eventually consistent.
    ///
    /// # Errors
    /// Where the table cannot be read.
    pub async fn deadlines(
        &self,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Deadline>, PortError> {
        let shards = (0..layout::DUE_SHARDS).map(|shard| self.shard(shard, until, limit));
        let mut deadlines: Vec<Deadline> =
            try_join_all(shards).await?.into_iter().flatten().collect();
        deadlines.sort_by(|Deadline { due: a, .. }, Deadline { due: b, .. }| {
            (a.at, &a.stream, a.version).cmp(&(b.at, &b.stream, b.version))
        });
        deadlines.truncate(limit);
        Ok(deadlines)
    }

    /// Whether a later commit of the stream stands, whose own deadline counts.
    ///
    /// # Errors
    /// Where the table cannot be read.
    pub async fn superseded(&self, due: &Due) -> Result<bool, PortError> {
        self.exists(&due.stream, due.version.saturating_add(1))
            .await
    }

    /// One of the index's keys; at most `limit`, since they come earliest first.
    async fn shard(
        &self,
        shard: u8,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<Deadline>, PortError> {
        let mut dues = Vec::new();
        let mut start = None;
        while dues.len() < limit {
            let page = self
                .client
                .query()
                .table_name(&self.table)
                .index_name(INDEX)
                .key_condition_expression("#k = :k AND #d <= :until")
                .expression_attribute_names("#k", attr::DUE_SHARD)
                .expression_attribute_names("#d", attr::DUE)
                .expression_attribute_values(
                    ":k",
                    AttributeValue::S(layout::shard_key(&self.company, shard)),
                )
                .expression_attribute_values(":until", item::instant(until))
                .limit(i32::try_from(limit - dues.len()).unwrap_or(i32::MAX))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|e| {
                    port_error(format!("the deadlines of {} cannot be read", self.table), e)
                })?;
            dues.extend(
                page.items
                    .unwrap_or_default()
                    .iter()
                    .filter_map(|item| self.deadline_of(item)),
            );
            start = page.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        Ok(dues)
    }

    fn deadline_of(&self, item: &Item) -> Option<Deadline> {
        let due = Due {
            stream: layout::stream_of(&self.company, item::text(item, attr::PK)?)?,
            version: layout::version_of(item::text(item, attr::SK)?)?,
            at: item::timestamp(item.get(attr::DUE)?)?,
        };
        let first = item
            .get(attr::DEADLINE)
            .and_then(item::timestamp)
            .unwrap_or(due.at);
        Some(Deadline { due, first })
    }

    /// Whether a commit stands.
    pub(super) async fn exists(&self, stream: &StreamId, version: u64) -> Result<bool, PortError> {
        Ok(self.peek(stream, version, attr::PK).await?.is_some())
    }

    /// Sets or removes the deadline of a commit that stands; nothing where it does not.
    pub(super) async fn write_due(
        &self,
        stream: &StreamId,
        version: u64,
        due: Option<Timestamp>,
    ) -> Result<(), PortError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(self.key(stream, version)))
            .condition_expression("attribute_exists(#p)")
            .expression_attribute_names("#p", attr::PK)
            .expression_attribute_names("#d", attr::DUE)
            .expression_attribute_names("#k", attr::DUE_SHARD);
        let update = match due {
            Some(at) => update
                .update_expression("SET #d = :d, #k = :k")
                .expression_attribute_values(":d", item::instant(at))
                .expression_attribute_values(
                    ":k",
                    AttributeValue::S(layout::due_shard(&self.company, stream)),
                ),
            None => update.update_expression("REMOVE #d, #k"),
        };
        match update.send().await {
            Ok(_) => Ok(()),
            Err(e)
                if matches!(
                    e.as_service_error(),
                    Some(UpdateItemError::ConditionalCheckFailedException(_))
                ) =>
            {
                Ok(())
            }
            Err(e) => Err(port_error(
                format!(
                    "the deadline of {stream}@{version} cannot be moved in {}",
                    self.table
                ),
                e,
            )),
        }
    }
}
