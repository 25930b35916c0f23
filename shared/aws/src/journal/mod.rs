//! The journal on DynamoDB: a commit is one item, written by one conditional put and never again, but for
//! the deadline that the clock moves.
//!
//! | attribute | type | holds |
//! | --- | --- | --- |
//! | `PK`, `SK` | text | `<company>#<type>#<id>`, `E#` and the version in 20 digits |
//! | `body` | text | the exact bytes that the hash covers |
//! | `prev_hash`, `hash` | binary | the chain |
//! | `commit_id`, `n_events`, `has_state` | text, number, boolean | what the adapter asks without reading the body |
//! | `due`, `due_shard` | number, text | when to wake the stream, in nanoseconds since 1970, and its key of the sparse index `due`; absent where nothing is due |
//! | `deadline` | number | what `due` was at first: the earliest open deadline of the stream |
//!
//! Every read but that of the index is strongly consistent.

mod heads;
mod item;
mod wake;

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use async_trait::async_trait;
use aws_sdk_dynamodb::{
    Client,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use futures::future::try_join_all;
use jiff::Timestamp;
use va_domain::{
    commit::{Hash, StoredCommit},
    ids::StreamId,
};
use va_runtime::ports::{Appended, Blobs, Due, Journal, NewCommit, PortError};

use self::heads::Heads;
pub use self::wake::Deadline;
use crate::{
    error::port_error,
    layout::{self, attr},
};

/// The first page of a tail. Half of all tails, and nearly all short tasks, end within it.
const FIRST_PAGE: i32 = 16;
/// Every further page: a state comes with every 32nd commit, so one is usually enough.
const NEXT_PAGE: i32 = 32;

type Item = HashMap<String, AttributeValue>;

/// The journal of one company in one table.
pub struct DynamoJournal {
    client: Client,
    table: String,
    company: String,
    blobs: Option<Arc<dyn Blobs>>,
    heads: Heads,
    /// The streams of the export that is under way.
    scanned: std::sync::Mutex<Arc<[StreamId]>>,
}

impl DynamoJournal {
    /// The journal of this company in this table, which stores the blobs of a commit before it.
    #[must_use]
    pub fn new(client: Client, table: String, company: &str, blobs: Arc<dyn Blobs>) -> Self {
        Self {
            blobs: Some(blobs),
            ..Self::without_blobs(client, table, company)
        }
    }

    /// The journal for one that appends nothing, such as the clock: a commit with blobs is refused.
    #[must_use]
    pub fn without_blobs(client: Client, table: String, company: &str) -> Self {
        Self {
            client,
            table,
            company: company.to_owned(),
            blobs: None,
            heads: Heads::default(),
            scanned: std::sync::Mutex::default(),
        }
    }

    fn key(&self, stream: &StreamId, version: u64) -> Item {
        HashMap::from([
            (
                attr::PK.to_owned(),
                AttributeValue::S(layout::partition(&self.company, stream)),
            ),
            (
                attr::SK.to_owned(),
                AttributeValue::S(layout::sort(version)),
            ),
        ])
    }

    /// The named attributes of a commit's item; `None` where the commit is not there.
    async fn peek(
        &self,
        stream: &StreamId,
        version: u64,
        attributes: &str,
    ) -> Result<Option<Item>, PortError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(self.key(stream, version)))
            .projection_expression("#a")
            .expression_attribute_names("#a", attributes)
            .consistent_read(true)
            .send()
            .await
            .map_err(|e| {
                port_error(
                    format!("{stream}@{version} cannot be read from {}", self.table),
                    e,
                )
            })?;
        Ok(answer.item)
    }

    /// Refuses a commit that does not follow the one before. A commit never changes, so a predecessor that
    /// this process wrote or read needs no further look; the kernel loads a stream before it appends to it,
    /// so the read is for callers that do not.
    async fn follows(&self, commit: &StoredCommit) -> Result<(), PortError> {
        let before = match commit.version {
            0 => None,
            1 => Some([0; 32]),
            version => self.hash_at(&commit.stream, version - 1).await?,
        };
        if before == Some(commit.prev_hash) {
            return Ok(());
        }
        let what = format!(
            "{}@{} does not follow a commit that stands",
            commit.stream, commit.version
        );
        Err(PortError::Refused { what })
    }

    async fn hash_at(&self, stream: &StreamId, version: u64) -> Result<Option<Hash>, PortError> {
        if let Some(hash) = self.heads.hash_at(stream, version) {
            return Ok(Some(hash));
        }
        let Some(item) = self.peek(stream, version, attr::HASH).await? else {
            return Ok(None);
        };
        let hash = item::hash(&item, attr::HASH, stream, version)?;
        self.heads.learn(stream, version, hash);
        Ok(Some(hash))
    }

    fn remember(&self, commits: &[StoredCommit]) {
        if let Some(head) = commits.last() {
            self.heads.learn(&head.stream, head.version, head.hash);
        }
    }

    /// Every stream of the company, sorted, also one whose first commits were removed. It reads the whole table, so it is
    /// for people alone, under a role of its own; no agent may scan.
    ///
    /// # Errors
    /// Where the table cannot be read.
    pub async fn streams(&self) -> Result<Arc<[StreamId]>, PortError> {
        let mut streams = BTreeSet::new();
        let mut pages = self
            .client
            .scan()
            .table_name(&self.table)
            .projection_expression("#p")
            .filter_expression("begins_with(#p, :company) AND begins_with(#s, :commits)")
            .expression_attribute_names("#p", attr::PK)
            .expression_attribute_names("#s", attr::SK)
            .expression_attribute_values(
                ":company",
                AttributeValue::S(format!("{}#", self.company)),
            )
            .expression_attribute_values(":commits", AttributeValue::S(layout::COMMITS.to_owned()))
            .consistent_read(true)
            .into_paginator()
            .send();
        while let Some(page) = pages.next().await {
            let page =
                page.map_err(|e| port_error(format!("{} cannot be scanned", self.table), e))?;
            for item in page.items() {
                let key = item::text(item, attr::PK).unwrap_or_default();
                streams.extend(layout::stream_of(&self.company, key));
            }
        }
        Ok(streams.into_iter().collect())
    }

    async fn store_blobs(&self, new: &NewCommit) -> Result<(), PortError> {
        if new.blobs.is_empty() {
            return Ok(());
        }
        let Some(blobs) = &self.blobs else {
            return Err(PortError::Refused {
                what: "this journal was opened without a place for blobs".to_owned(),
            });
        };
        try_join_all(
            new.blobs
                .iter()
                .map(|blob| blobs.put(blob.id(), Arc::clone(blob.bytes()))),
        )
        .await?;
        Ok(())
    }
}

#[async_trait]
impl Journal for DynamoJournal {
    async fn append(&self, new: NewCommit) -> Result<Appended, PortError> {
        new.check()?;
        self.follows(&new.commit).await?;
        self.store_blobs(&new).await?;
        let (stream, version) = (&new.commit.stream, new.commit.version);
        let answer = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item::item(&self.company, &new)))
            .condition_expression("attribute_not_exists(#p)")
            .expression_attribute_names("#p", attr::PK)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let stands = match answer {
            Ok(_) => {
                self.heads.learn(stream, version, new.commit.hash);
                return Ok(Appended::Committed);
            }
            Err(error) => match error.as_service_error() {
                Some(aws_sdk_dynamodb::operation::put_item::PutItemError::ConditionalCheckFailedException(e)) => {
                    e.item().cloned()
                }
                _ => return Err(port_error(format!("{stream}@{version} cannot be appended to {}", self.table), error)),
            },
        };
        let stands = match stands {
            Some(item) => Some(item),
            None => self.peek(stream, version, attr::COMMIT_ID).await?,
        };
        let own =
            stands.is_some_and(|item| item::text(&item, attr::COMMIT_ID) == Some(&new.commit_id));
        Ok(if own {
            Appended::Duplicate
        } else {
            Appended::Conflict
        })
    }

    async fn tail(&self, stream: &StreamId) -> Result<Vec<StoredCommit>, PortError> {
        let mut newest_first = Vec::new();
        let mut from = None;
        loop {
            let page = self
                .client
                .query()
                .table_name(&self.table)
                .key_condition_expression("#p = :p")
                .expression_attribute_names("#p", attr::PK)
                .expression_attribute_values(
                    ":p",
                    AttributeValue::S(layout::partition(&self.company, stream)),
                )
                .scan_index_forward(false)
                .limit(if from.is_none() {
                    FIRST_PAGE
                } else {
                    NEXT_PAGE
                })
                .set_exclusive_start_key(from)
                .consistent_read(true)
                .send()
                .await
                .map_err(|e| {
                    port_error(format!("{stream} cannot be read from {}", self.table), e)
                })?;
            for item in page.items.unwrap_or_default() {
                let ends = item::has_state(&item);
                newest_first.push(item::commit(stream, item)?);
                if ends {
                    newest_first.reverse();
                    self.remember(&newest_first);
                    return Ok(newest_first);
                }
            }
            from = page.last_evaluated_key;
            if from.is_none() {
                newest_first.reverse();
                self.remember(&newest_first);
                return Ok(newest_first);
            }
        }
    }

    async fn read(
        &self,
        stream: &StreamId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<StoredCommit>, PortError> {
        let mut commits: Vec<StoredCommit> = Vec::new();
        let mut start = None;
        while commits.len() < limit {
            let wanted = i32::try_from(limit - commits.len()).unwrap_or(i32::MAX);
            let page = self
                .client
                .query()
                .table_name(&self.table)
                .key_condition_expression("#p = :p AND #s >= :s")
                .expression_attribute_names("#p", attr::PK)
                .expression_attribute_names("#s", attr::SK)
                .expression_attribute_values(
                    ":p",
                    AttributeValue::S(layout::partition(&self.company, stream)),
                )
                .expression_attribute_values(":s", AttributeValue::S(layout::sort(from)))
                .limit(wanted)
                .set_exclusive_start_key(start)
                .consistent_read(true)
                .send()
                .await
                .map_err(|e| {
                    port_error(format!("{stream} cannot be read from {}", self.table), e)
                })?;
            for item in page.items.unwrap_or_default() {
                commits.push(item::commit(stream, item)?);
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        self.remember(&commits);
        Ok(commits)
    }

    /// The first page lists the streams once, by a scan; the further ones read stream by stream. A stream
    /// that begins after the first page is not part of it.
    async fn scan(
        &self,
        after: Option<(StreamId, u64)>,
        limit: usize,
    ) -> Result<Vec<StoredCommit>, PortError> {
        let kept = Arc::clone(
            &self
                .scanned
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        );
        let streams = if after.is_none() || kept.is_empty() {
            let streams = self.streams().await?;
            *self
                .scanned
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::clone(&streams);
            streams
        } else {
            kept
        };
        let first = after
            .as_ref()
            .map_or(0, |(stream, _)| streams.partition_point(|s| s < stream));
        let mut page = Vec::new();
        for stream in &streams[first..] {
            if page.len() == limit {
                break;
            }
            let from = after
                .as_ref()
                .filter(|(s, _)| s == stream)
                .map_or(1, |(_, version)| version.saturating_add(1));
            page.extend(self.read(stream, from, limit - page.len()).await?);
        }
        Ok(page)
    }

    /// The index is eventually consistent: a deadline may show a moment late, which costs a tick of the clock.
    async fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<Due>, PortError> {
        let mut dues = Vec::new();
        for deadline in self.deadlines(until, limit).await? {
            if !self.superseded(&deadline.due).await? {
                dues.push(deadline.due);
            }
        }
        Ok(dues)
    }

    async fn set_due(
        &self,
        stream: &StreamId,
        version: u64,
        due: Option<Timestamp>,
    ) -> Result<(), PortError> {
        let newest = !self.exists(stream, version.saturating_add(1)).await?;
        self.write_due(stream, version, due.filter(|_| newest))
            .await
    }
}
