//! A journal whose calls fail: before they take effect, or after it, so that the answer is lost.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;
use va_domain::{commit::StoredCommit, ids::StreamId};
use va_embedded::MemoryStore;
use va_runtime::ports::{Appended, Due, Journal, NewCommit, PortError};

use crate::world::{lock, unavailable};

/// How the next append fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendFault {
    /// Nothing is stored.
    Before,
    /// It is stored, and nobody hears of it.
    After,
}

/// The shared store as the workers reach it.
#[derive(Debug)]
pub struct FaultyJournal {
    store: MemoryStore,
    fault: Mutex<Option<AppendFault>>,
    conflicts: Mutex<u64>,
}

impl FaultyJournal {
    /// In front of this store.
    #[must_use]
    pub fn new(store: MemoryStore) -> Arc<Self> {
        Arc::new(Self {
            store,
            fault: Mutex::default(),
            conflicts: Mutex::default(),
        })
    }

    /// Lets the next append fail, or not.
    pub fn arm(&self, fault: Option<AppendFault>) {
        *lock(&self.fault) = fault;
    }

    /// How many appends met another commit at their version.
    #[must_use]
    pub fn conflicts(&self) -> u64 {
        *lock(&self.conflicts)
    }
}

#[async_trait]
impl Journal for FaultyJournal {
    async fn append(&self, new: NewCommit) -> Result<Appended, PortError> {
        let fault = lock(&self.fault).take();
        if fault == Some(AppendFault::Before) {
            return Err(unavailable("the worker died before its append"));
        }
        let appended = self.store.append(new).await?;
        if appended == Appended::Conflict {
            *lock(&self.conflicts) += 1;
        }
        match fault {
            Some(_) => Err(unavailable("the answer to an append was lost")),
            None => Ok(appended),
        }
    }

    async fn tail(&self, stream: &StreamId) -> Result<Vec<StoredCommit>, PortError> {
        self.store.tail(stream).await
    }

    async fn read(
        &self,
        stream: &StreamId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<StoredCommit>, PortError> {
        self.store.read(stream, from, limit).await
    }

    async fn scan(
        &self,
        after: Option<(StreamId, u64)>,
        limit: usize,
    ) -> Result<Vec<StoredCommit>, PortError> {
        self.store.scan(after, limit).await
    }

    async fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<Due>, PortError> {
        self.store.due(until, limit).await
    }

    async fn set_due(
        &self,
        stream: &StreamId,
        version: u64,
        due: Option<Timestamp>,
    ) -> Result<(), PortError> {
        self.store.set_due(stream, version, due).await
    }
}
