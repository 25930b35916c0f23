//! Several reads that see one state of the journal.

use std::sync::Arc;

use rusqlite::Connection;
use va_domain::{
    commit::{Hash, StoredCommit},
    ids::StreamId,
};
use va_runtime::ports::{LoggedCommit, PortError};

use super::{connection::ReadPool, reads};
use crate::error::sqlite_error;

/// A read transaction: whatever is appended meanwhile, by this process or another, it sees the journal as
/// it was when it began. Hold it for moments, since the log grows while it lives.
#[derive(Debug)]
pub struct Snapshot {
    reads: Arc<ReadPool>,
    connection: Option<Connection>,
}

impl Snapshot {
    pub(super) fn begin(reads: &Arc<ReadPool>) -> Result<Self, PortError> {
        let connection = reads.take()?;
        // SQLite settles what is seen with the first read, not with `begin`.
        connection
            .execute_batch("begin; select 1 from commits limit 1;")
            .map_err(|e| sqlite_error(reads.path(), "read", e))?;
        Ok(Self {
            reads: Arc::clone(reads),
            connection: Some(connection),
        })
    }

    pub(crate) fn ask<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, PortError> {
        let connection = self
            .connection
            .as_ref()
            .expect("it is taken only when the snapshot is dropped");
        read(connection).map_err(|e| sqlite_error(self.reads.path(), "read", e))
    }

    /// As [`Journal::tail`](va_runtime::ports::Journal::tail).
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn tail(&self, stream: &StreamId) -> Result<Vec<StoredCommit>, PortError> {
        self.ask(|c| reads::tail(c, stream))
    }

    /// As [`Journal::read`](va_runtime::ports::Journal::read).
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn read(
        &self,
        stream: &StreamId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<StoredCommit>, PortError> {
        self.ask(|c| reads::read(c, stream, from, limit))
    }

    /// The streams whose names begin with `prefix`, in order.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn streams(&self, prefix: &str) -> Result<Vec<StreamId>, PortError> {
        self.ask(|c| reads::streams(c, prefix))
    }

    /// The version and hash of a stream's newest commit.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn head(&self, stream: &StreamId) -> Result<Option<(u64, Hash)>, PortError> {
        self.ask(|c| reads::head(c, stream))
    }

    /// Every stream with the version of its newest commit, in order.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn versions(&self) -> Result<Vec<(StreamId, u64)>, PortError> {
        self.ask(reads::versions)
    }

    /// As [`Journal::scan`](va_runtime::ports::Journal::scan).
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn scan(
        &self,
        after: Option<(&str, u64)>,
        limit: usize,
    ) -> Result<Vec<StoredCommit>, PortError> {
        self.ask(|c| reads::scan(c, after, limit))
    }

    /// As [`Store::rows_after`](super::Store::rows_after).
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn rows_after(&self, row: u64, limit: usize) -> Result<Vec<LoggedCommit>, PortError> {
        self.ask(|c| reads::rows_after(c, row, limit))
    }

    /// As [`Store::last_row`](super::Store::last_row).
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn last_row(&self) -> Result<u64, PortError> {
        self.ask(reads::last_row)
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take()
            && connection.execute_batch("rollback").is_ok()
        {
            self.reads.give_back(connection);
        }
    }
}
