//! The journal and the blobs in memory, for simulations and tests: the same semantics and limits, and
//! nothing is left when the last handle is dropped.

use std::{
    collections::BTreeMap,
    ops::Bound,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jiff::Timestamp;
use va_domain::{
    commit::StoredCommit,
    ids::{BlobId, StreamId},
};
use va_runtime::ports::{Appended, Blobs, Bytes, Due, Journal, LoggedCommit, NewCommit, PortError};

use crate::{
    error::{damaged, refused},
    limits,
};

/// One company's journal and blobs. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    streams: BTreeMap<StreamId, Vec<Entry>>,
    /// In the order of appending.
    rows: Vec<(StreamId, usize)>,
    deadlines: BTreeMap<StreamId, (u64, Timestamp)>,
    blobs: BTreeMap<BlobId, Bytes>,
    meta: BTreeMap<String, String>,
}

#[derive(Debug)]
struct Entry {
    commit: StoredCommit,
    commit_id: String,
    has_state: bool,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The commits after a row, in the order in which they were appended; at most `limit`.
    #[must_use]
    pub fn rows_after(&self, row: u64, limit: usize) -> Vec<LoggedCommit> {
        let kept = self.kept();
        (1..)
            .zip(&kept.rows)
            .skip(usize::try_from(row).unwrap_or(usize::MAX))
            .take(limit)
            .map(|(row, (stream, n))| LoggedCommit {
                row,
                commit: kept.streams[stream][*n].commit.clone(),
            })
            .collect()
    }

    /// The newest row; 0 in an empty journal.
    #[must_use]
    pub fn last_row(&self) -> u64 {
        u64::try_from(self.kept().rows.len()).unwrap_or(u64::MAX)
    }

    /// The streams whose names begin with `prefix`, in order.
    #[must_use]
    pub fn streams(&self, prefix: &str) -> Vec<StreamId> {
        self.kept()
            .streams
            .keys()
            .filter(|stream| stream.as_str().starts_with(prefix))
            .cloned()
            .collect()
    }

    /// A note of this home.
    #[must_use]
    pub fn meta_get(&self, key: &str) -> Option<String> {
        self.kept().meta.get(key).cloned()
    }

    /// Keeps a note of this home.
    pub fn meta_set(&self, key: &str, value: &str) {
        self.kept().meta.insert(key.to_owned(), value.to_owned());
    }
}

impl Kept {
    fn append(&mut self, new: NewCommit) -> Result<Appended, PortError> {
        let has_state = new.has_state();
        let NewCommit {
            commit,
            commit_id,
            due,
            blobs,
            ..
        } = new;
        let stream = self
            .streams
            .get(&commit.stream)
            .map_or(&[][..], Vec::as_slice);
        if let Some(stands) = at(stream, commit.version) {
            return Ok(if stands.commit_id == commit_id {
                Appended::Duplicate
            } else {
                Appended::Conflict
            });
        }
        let before = match commit.version {
            1 => Some([0; 32]),
            version => at(stream, version - 1).map(|entry| entry.commit.hash),
        };
        if before != Some(commit.prev_hash) {
            return Err(refused(format!(
                "{}@{} does not follow a commit that stands",
                commit.stream, commit.version
            )));
        }
        for blob in blobs {
            self.blobs
                .entry(blob.id().clone())
                .or_insert_with(|| blob.bytes().clone());
        }
        match due {
            Some(at) => drop(
                self.deadlines
                    .insert(commit.stream.clone(), (commit.version, at)),
            ),
            None => drop(self.deadlines.remove(&commit.stream)),
        }
        self.rows.push((commit.stream.clone(), stream.len()));
        let entry = Entry {
            commit_id,
            has_state,
            commit,
        };
        self.streams
            .entry(entry.commit.stream.clone())
            .or_default()
            .push(entry);
        Ok(Appended::Committed)
    }
}

fn at(stream: &[Entry], version: u64) -> Option<&Entry> {
    stream.get(usize::try_from(version).ok()?.checked_sub(1)?)
}

fn from(stream: &[Entry], version: u64) -> &[Entry] {
    let first = usize::try_from(version.saturating_sub(1)).unwrap_or(usize::MAX);
    &stream[first.min(stream.len())..]
}

#[async_trait]
impl Journal for MemoryStore {
    async fn append(&self, new: NewCommit) -> Result<Appended, PortError> {
        limits::check(&new)?;
        self.kept().append(new)
    }

    async fn tail(&self, stream: &StreamId) -> Result<Vec<StoredCommit>, PortError> {
        let kept = self.kept();
        let stream = kept.streams.get(stream).map_or(&[][..], Vec::as_slice);
        let first = stream
            .iter()
            .rposition(|entry| entry.has_state)
            .unwrap_or(0);
        Ok(stream[first..]
            .iter()
            .map(|entry| entry.commit.clone())
            .collect())
    }

    async fn read(
        &self,
        stream: &StreamId,
        version: u64,
        limit: usize,
    ) -> Result<Vec<StoredCommit>, PortError> {
        let kept = self.kept();
        let stream = kept.streams.get(stream).map_or(&[][..], Vec::as_slice);
        Ok(from(stream, version)
            .iter()
            .take(limit)
            .map(|entry| entry.commit.clone())
            .collect())
    }

    async fn scan(
        &self,
        after: Option<(StreamId, u64)>,
        limit: usize,
    ) -> Result<Vec<StoredCommit>, PortError> {
        let kept = self.kept();
        let (bound, version) = match after {
            Some((stream, version)) => (Bound::Included(stream), version),
            None => (Bound::Unbounded, 0),
        };
        let begun = match &bound {
            Bound::Included(stream) => Some(stream.clone()),
            _ => None,
        };
        let commits =
            kept.streams
                .range((bound, Bound::Unbounded))
                .flat_map(|(stream, entries)| {
                    let first = if begun.as_ref() == Some(stream) {
                        version.saturating_add(1)
                    } else {
                        1
                    };
                    from(entries, first)
                });
        Ok(commits
            .take(limit)
            .map(|entry| entry.commit.clone())
            .collect())
    }

    async fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<Due>, PortError> {
        let kept = self.kept();
        let mut due: Vec<Due> = kept
            .deadlines
            .iter()
            .filter(|(_, (_, at))| *at <= until)
            .map(|(stream, (version, at))| Due {
                stream: stream.clone(),
                version: *version,
                at: *at,
            })
            .collect();
        due.sort_by(|a, b| (a.at, &a.stream).cmp(&(b.at, &b.stream)));
        due.truncate(limit);
        Ok(due)
    }

    async fn set_due(
        &self,
        stream: &StreamId,
        version: u64,
        due: Option<Timestamp>,
    ) -> Result<(), PortError> {
        let mut kept = self.kept();
        let newest = kept
            .streams
            .get(stream)
            .and_then(|entries| entries.last())
            .map(|entry| entry.commit.version);
        if newest == Some(version) {
            match due {
                Some(at) => drop(kept.deadlines.insert(stream.clone(), (version, at))),
                None => drop(kept.deadlines.remove(stream)),
            }
        }
        Ok(())
    }
}

#[async_trait]
impl Blobs for MemoryStore {
    async fn put(&self, id: &BlobId, bytes: Bytes) -> Result<(), PortError> {
        let blob = limits::blob(id, bytes)?;
        self.kept()
            .blobs
            .entry(id.clone())
            .or_insert_with(|| blob.bytes().clone());
        Ok(())
    }

    async fn get(&self, id: &BlobId) -> Result<Bytes, PortError> {
        let bytes = self.kept().blobs.get(id).cloned();
        bytes.ok_or_else(|| damaged(format!("{id} is not there")))
    }
}
