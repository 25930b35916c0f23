//! The journal and the blobs of one company: `journal.db` and `blobs/`.
//!
//! | table | holds |
//! | --- | --- |
//! | `commits` | the commits, never updated; `body` is the JSON text that the hash covers |
//! | `deadlines` | per stream that waits, the version of its newest commit and when to wake it, in microseconds since 1970 |
//! | `blobs` | blobs up to 64 KiB; larger ones are files `blobs/<2 digits>/<64 digits>` |
//! | `meta` | notes of this home: the company, where the dispatcher stands |
//!
//! Every append is checked and written in one transaction that excludes other writers, so any number of
//! processes may append. One thread writes; appends that wait for it share its next transaction and fsync.

mod at_once;
mod blobs;
mod connection;
mod ports;
mod reads;
mod recent;
mod snapshot;
mod writer;
mod writes;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::Connection;
use va_domain::ids::{BlobId, StreamId};
use va_runtime::ports::{Bytes, LoggedCommit, PortError};

pub(crate) use self::snapshot::RowFacts;
pub use self::{at_once::AtOnce, snapshot::Snapshot, writer::Counters};
use self::{
    blobs::BlobFiles,
    connection::{Access, ReadPool},
    recent::Recent,
    writer::{Write, Writer},
};
use crate::{
    error::{io_error, refused, sqlite_error, unavailable},
    files,
};

/// The journal's file within a company's folder.
pub const JOURNAL: &str = "journal.db";

/// What a store is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// Appends; the file is made where it is not there, the folder is not.
    ReadWrite,
    /// Reads only; works on a read-only disk, and beside a worker.
    ReadOnly,
}

/// One company's journal and blobs. Clones share one writer; the last one dropped closes the file.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    company: String,
    reads: Arc<ReadPool>,
    watch: Mutex<Connection>,
    files: BlobFiles,
    recent: Recent,
    counters: Arc<Counters>,
    // Last, so that the last connection that closes is one that may write: it moves the log into the file,
    // and a closed journal is one file that can be copied.
    writer: Option<Writer>,
}

impl Store {
    /// Opens the journal in `folder` for this company.
    ///
    /// # Errors
    /// `Unavailable` where the folder is not there or cannot be written (or read), or where the file system
    /// does not give the durability that was asked; `Refused` where the journal is another company's, or of
    /// a newer version.
    pub fn open(folder: &Path, company: &str, mode: OpenMode) -> Result<Self, PortError> {
        match mode {
            OpenMode::ReadOnly => Self::open_to_read(folder, Some(company)),
            OpenMode::ReadWrite => Self::open_to_write(folder, company),
        }
    }

    /// Whether a company was founded in `folder`. A process killed at its very beginning leaves a journal
    /// without tables, which is nobody's yet; one that cannot be read is somebody's.
    #[must_use]
    pub fn is_founded(folder: &Path) -> bool {
        let path = folder.join(JOURNAL);
        path.is_file()
            && readable(&path)
                .and_then(|(_, connection)| connection::tables(&connection, &path))
                .map_or(true, |version| version > 0)
    }

    /// Opens whatever company's journal lies in `folder`, to read it.
    ///
    /// # Errors
    /// As [`Store::open`]; `Unavailable` also where no journal is there.
    pub fn open_any(folder: &Path) -> Result<Self, PortError> {
        Self::open_to_read(folder, None)
    }

    fn open_to_write(folder: &Path, company: &str) -> Result<Self, PortError> {
        let path = folder.join(JOURNAL);
        let is_new = !path.exists();
        let mut connection = connection::open(&path, Access::Write)?;
        connection::prepare(&mut connection, &path, company)?;
        if is_new {
            files::sync_folder(folder).map_err(|e| io_error(folder, "synced", e))?;
        }
        let counters = Arc::new(Counters::default());
        let watch = connection::open(&path, Access::Read)?;
        let writer = Writer::start(connection, path.clone(), Arc::clone(&counters))?;
        Ok(Self::of(
            folder,
            company.to_owned(),
            Some(writer),
            ReadPool::new(path, Access::Read),
            watch,
            counters,
        ))
    }

    fn open_to_read(folder: &Path, company: Option<&str>) -> Result<Self, PortError> {
        let path = folder.join(JOURNAL);
        if !path.is_file() {
            return Err(unavailable(format!(
                "{} is not there; is this the company's folder?",
                path.display()
            )));
        }
        let (access, connection) = readable(&path)?;
        connection::tables(&connection, &path)?;
        let owner = connection::company_of(&connection, &path)?;
        if let Some(company) = company {
            connection::check_company(&connection, &path, company)?;
        }
        Ok(Self::of(
            folder,
            owner,
            None,
            ReadPool::new(path, access),
            connection,
            Arc::default(),
        ))
    }

    fn of(
        folder: &Path,
        company: String,
        writer: Option<Writer>,
        reads: ReadPool,
        watch: Connection,
        counters: Arc<Counters>,
    ) -> Self {
        let inner = Inner {
            folder: folder.to_owned(),
            company,
            writer,
            reads: Arc::new(reads),
            watch: Mutex::new(watch),
            files: BlobFiles::new(folder),
            recent: Recent::default(),
            counters,
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// The company's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.inner.folder
    }

    /// The company.
    #[must_use]
    pub fn company(&self) -> &str {
        &self.inner.company
    }

    /// What was written since it was opened.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.inner.counters
    }

    fn writer(&self) -> Result<&Writer, PortError> {
        self.inner
            .writer
            .as_ref()
            .ok_or_else(|| refused("this journal was opened to be read only"))
    }

    fn ask<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, PortError> {
        let reads = &self.inner.reads;
        let connection = reads.take()?;
        let answer = read(&connection).map_err(|e| sqlite_error(reads.path(), "read", e));
        reads.give_back(connection);
        answer
    }

    /// The commits after a row, in the order in which they were appended by whatever process; at most `limit`.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn rows_after(&self, row: u64, limit: usize) -> Result<Vec<LoggedCommit>, PortError> {
        self.ask(|c| reads::rows_after(c, row, limit))
    }

    /// The rows after a row with the stream and version of each, as [`Store::rows_after`].
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub(crate) fn keys_after(
        &self,
        row: u64,
        limit: usize,
    ) -> Result<Vec<(u64, StreamId, u64)>, PortError> {
        self.ask(|c| reads::keys_after(c, row, limit))
    }

    /// The newest row; 0 in an empty journal.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn last_row(&self) -> Result<u64, PortError> {
        self.ask(reads::last_row)
    }

    /// The streams whose names begin with `prefix`, in order.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn streams(&self, prefix: &str) -> Result<Vec<StreamId>, PortError> {
        self.ask(|c| reads::streams(c, prefix))
    }

    /// A number that differs from an earlier answer of this store if anything was written meanwhile, by this
    /// process or another. Costs a microsecond.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn data_version(&self) -> Result<u64, PortError> {
        let watch = self
            .inner
            .watch
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let version: rusqlite::Result<i64> =
            watch.pragma_query_value(None, "data_version", |r| r.get(0));
        version
            .map(i64::unsigned_abs)
            .map_err(|e| sqlite_error(self.inner.reads.path(), "read", e))
    }

    /// A note of this home.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn meta_get(&self, key: &str) -> Result<Option<String>, PortError> {
        self.ask(|c| reads::meta(c, key))
    }

    /// Keeps a note of this home, durable when it returns.
    ///
    /// # Errors
    /// `Unavailable` where the file cannot be written; `Refused` where it was opened to be read.
    pub async fn meta_set(&self, key: &str, value: &str) -> Result<(), PortError> {
        self.writer()?
            .write(Write::Meta(key.to_owned(), value.to_owned()))
            .await
            .map(|_| ())
    }

    /// Keeps a note of this home together with whatever is written next, or when the store is closed. It is
    /// lost with the process, so losing it must cost a repetition at most.
    ///
    /// # Errors
    /// `Refused` where the journal was opened to be read.
    pub fn meta_note(&self, key: &str, value: &str) -> Result<(), PortError> {
        self.writer()?.note(key.to_owned(), value.to_owned());
        Ok(())
    }

    /// Says how many streams are being decided on: a write waits a little for theirs, so that they share a
    /// transaction. Where nobody says it, no write waits for another.
    pub(crate) fn expect(&self, deciders: usize) {
        if let Some(writer) = &self.inner.writer {
            writer.expect(deciders);
        }
    }

    /// Begins a read transaction.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn read_snapshot(&self) -> Result<Snapshot, PortError> {
        Snapshot::begin(&self.inner.reads)
    }

    /// The journal as it is at this instant, for reading alone.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn at_once(&self) -> Result<AtOnce, PortError> {
        Ok(AtOnce::new(self.read_snapshot()?))
    }

    /// The file of a blob above 64 KiB.
    #[must_use]
    pub fn blob_path(&self, id: &BlobId) -> PathBuf {
        self.inner.files.path(id)
    }

    /// A blob's bytes as they lie there, unchecked; `None` where nothing does.
    pub(crate) fn blob_unchecked(&self, id: &BlobId) -> Result<Option<Bytes>, PortError> {
        match self.ask(|c| reads::blob(c, id.digest()))? {
            Some(bytes) => Ok(Some(bytes)),
            None => self.inner.files.get(id),
        }
    }
}

/// A connection that reads, and how: on a disk that nobody can write there is nobody to read beside either; but
/// what lies in the log only must not be passed over.
fn readable(path: &Path) -> Result<(Access, Connection), PortError> {
    match connection::open(path, Access::Read) {
        Ok(connection) => Ok((Access::Read, connection)),
        Err(e) if e.is_retryable() && !has_log(path) => {
            connection::open(path, Access::Immutable).map(|c| (Access::Immutable, c))
        }
        Err(e) => Err(e),
    }
}

/// Whether commits lie in the log beside the journal.
fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|meta| meta.len() > 0)
}
