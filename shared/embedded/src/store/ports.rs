//! The ports that a store implements.

use std::sync::{Arc, atomic::Ordering};

use async_trait::async_trait;
use jiff::Timestamp;
use va_domain::{
    commit::StoredCommit,
    ids::{BlobId, StreamId},
};
use va_runtime::ports::{Appended, Blob, Blobs, Bytes, Due, Journal, NewCommit, PortError};

use super::{Store, blobs, reads, writer::Write};
use crate::{error::damaged, limits};

impl Store {
    /// Writes large blobs as files, off the threads that decide.
    async fn put_files(&self, blobs: Vec<Blob>) -> Result<(), PortError> {
        if blobs.is_empty() {
            return Ok(());
        }
        let inner = Arc::clone(&self.inner);
        let written = tokio::task::spawn_blocking(move || {
            for blob in blobs {
                let new = inner.files.put(blob.id(), blob.bytes())?;
                inner
                    .counters
                    .blobs
                    .fetch_add(u64::from(new), Ordering::Relaxed);
            }
            Ok(())
        });
        written.await.unwrap_or_else(|e| {
            Err(PortError::Unavailable {
                what: "a blob was not written".to_owned(),
                source: Some(Box::new(e)),
            })
        })
    }
}

#[async_trait]
impl Journal for Store {
    async fn append(&self, new: NewCommit) -> Result<Appended, PortError> {
        limits::check(&new)?;
        let writer = self.writer()?;
        let (small, large): (Vec<_>, Vec<_>) = new
            .blobs
            .iter()
            .cloned()
            .partition(|blob| blobs::is_small(blob.bytes()));
        self.put_files(large).await?;
        let appended = writer.append(new).await?;
        if appended == Appended::Committed {
            self.inner.recent.put(small);
        }
        Ok(appended)
    }

    async fn tail(&self, stream: &StreamId) -> Result<Vec<StoredCommit>, PortError> {
        self.ask(|c| reads::tail(c, stream))
    }

    async fn read(
        &self,
        stream: &StreamId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<StoredCommit>, PortError> {
        self.ask(|c| reads::read(c, stream, from, limit))
    }

    async fn scan(
        &self,
        after: Option<(StreamId, u64)>,
        limit: usize,
    ) -> Result<Vec<StoredCommit>, PortError> {
        let after = after
            .as_ref()
            .map(|(stream, version)| (stream.as_str(), *version));
        self.ask(|c| reads::scan(c, after, limit))
    }

    async fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<Due>, PortError> {
        self.ask(|c| reads::due(c, until, limit))
    }

    async fn set_due(
        &self,
        stream: &StreamId,
        version: u64,
        due: Option<Timestamp>,
    ) -> Result<(), PortError> {
        self.writer()?
            .write(Write::SetDue(stream.clone(), version, due))
            .await
            .map(|_| ())
    }
}

#[async_trait]
impl Blobs for Store {
    async fn put(&self, id: &BlobId, bytes: Bytes) -> Result<(), PortError> {
        let blob = limits::blob(id, bytes)?;
        let writer = self.writer()?;
        if blobs::is_small(blob.bytes()) {
            writer.write(Write::Blob(blob)).await.map(|_| ())
        } else {
            self.put_files(vec![blob]).await
        }
    }

    async fn get(&self, id: &BlobId) -> Result<Bytes, PortError> {
        if let Some(bytes) = self.inner.recent.get(id) {
            return Ok(bytes);
        }
        match self.blob_unchecked(id)? {
            Some(bytes) if BlobId::of(&bytes) == *id => Ok(bytes),
            Some(_) => Err(damaged(format!(
                "the bytes stored as {id} have another hash"
            ))),
            None => Err(damaged(format!(
                "{id} is not in {}",
                self.inner.folder.display()
            ))),
        }
    }
}
