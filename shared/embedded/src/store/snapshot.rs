//! Several reads that see one state of the journal.

use std::sync::Arc;

use rusqlite::Connection;
use va_domain::{
    commit::{Hash, StoredCommit},
    ids::StreamId,
};
use va_runtime::ports::{LoggedCommit, PortError};

use super::{connection::ReadPool, reads};
use crate::{error::sqlite_error, verify::RawCommit};

/// How many commits were appended, and how many of them stand. Rows are numbered without a gap, and the
/// file keeps the highest number that it ever gave.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowFacts {
    /// The highest number ever given.
    pub(crate) appended: u64,
    /// Rows that stand.
    pub(crate) standing: u64,
}

impl RowFacts {
    pub(crate) fn of(snapshot: &Snapshot) -> Result<Self, PortError> {
        let (appended, standing) = snapshot.ask(reads::row_facts)?;
        Ok(Self { appended, standing })
    }

    /// Whether no row was ever taken away.
    pub(crate) fn is_whole(&self) -> bool {
        self.appended == self.standing
    }
}

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

    /// Shows every commit by stream and version, whatever its columns hold.
    pub(crate) fn each_raw(&self, show: &mut dyn FnMut(RawCommit)) -> Result<(), PortError> {
        self.ask(|c| reads::each_raw(c, show))
    }

    /// What SQLite itself finds wrong with the tables that proof rests on.
    pub(crate) fn integrity(&self) -> Result<Option<String>, PortError> {
        self.ask(|c| {
            let told: String =
                c.query_row("pragma integrity_check('commits')", [], |row| row.get(0))?;
            Ok(Some(told).filter(|told| told != "ok"))
        })
    }

    fn ask<T>(
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

    /// As [`Journal::scan`](va_runtime::ports::Journal::scan), but commits that are no longer what was
    /// hashed are shown as they lie there, so that an export of a damaged journal can be looked into.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn scan(
        &self,
        after: Option<(&str, u64)>,
        limit: usize,
    ) -> Result<Vec<StoredCommit>, PortError> {
        self.ask(|c| reads::scan_as_it_lies(c, after, limit))
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
