//! The journal at one instant, for documents that add up several streams.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use va_domain::{commit::StoredCommit, ids::StreamId};
use va_runtime::ports::{Appended, Due, Journal, NewCommit, PortError};

use super::Snapshot;

/// The journal as it was when this was made, behind the port that kernels read. Hold it for moments, as a
/// [`Snapshot`].
#[derive(Debug)]
pub struct AtOnce(Mutex<Snapshot>);

impl AtOnce {
    pub(super) fn new(snapshot: Snapshot) -> Self {
        Self(Mutex::new(snapshot))
    }

    fn read<T>(
        &self,
        read: impl FnOnce(&Snapshot) -> Result<T, PortError>,
    ) -> Result<T, PortError> {
        read(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn refused<T>() -> Result<T, PortError> {
        Err(PortError::Refused {
            what: "what is only looked at is not written to".into(),
        })
    }
}

#[async_trait]
impl Journal for AtOnce {
    async fn append(&self, _: NewCommit) -> Result<Appended, PortError> {
        Self::refused()
    }

    async fn tail(&self, stream: &StreamId) -> Result<Vec<StoredCommit>, PortError> {
        self.read(|s| s.tail(stream))
    }

    async fn read(
        &self,
        stream: &StreamId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<StoredCommit>, PortError> {
        self.read(|s| s.read(stream, from, limit))
    }

    async fn scan(
        &self,
        after: Option<(StreamId, u64)>,
        limit: usize,
    ) -> Result<Vec<StoredCommit>, PortError> {
        let after = after
            .as_ref()
            .map(|(stream, version)| (stream.as_str(), *version));
        self.read(|s| s.scan(after, limit))
    }

    async fn due(&self, _: Timestamp, _: usize) -> Result<Vec<Due>, PortError> {
        Ok(Vec::new())
    }

    async fn set_due(&self, _: &StreamId, _: u64, _: Option<Timestamp>) -> Result<(), PortError> {
        Self::refused()
    }
}
