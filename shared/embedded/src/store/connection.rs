//! Connections to the journal's file, and its tables.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{
    Connection, ErrorCode, OpenFlags, OptionalExtension as _, TransactionBehavior, config::DbConfig,
};
use va_runtime::ports::PortError;

use crate::error::{refused, sqlite_error, unavailable};

/// The version of the tables that this build reads and writes.
const TABLES: i64 = 1;

/// Commits are inserted and never updated: what changes, the deadline of a stream, lies apart. `body` is
/// last, so that what is asked of a commit without its body is on the row's first page.
const SCHEMA: &str = "
create table if not exists commits (
  row integer primary key autoincrement,
  stream text not null,
  version integer not null,
  prev_hash blob not null,
  hash blob not null,
  commit_id text not null,
  has_state integer not null,
  body text not null,
  unique (stream, version)
) strict;
create table if not exists deadlines (
  stream text primary key,
  version integer not null,
  due integer not null
) strict, without rowid;
create index if not exists deadlines_due on deadlines (due);
create table if not exists blobs (id blob primary key, bytes blob not null) strict;
create table if not exists meta (key text primary key, value text not null) strict, without rowid;
";

/// How long a writer waits for the writer of another process, in all.
const PATIENCE: Duration = Duration::from_secs(20);
/// The time between two tries. SQLite's own handler waits up to 100 ms, and so hardly ever meets the short
/// pauses of a busy worker.
const TRY_EVERY: Duration = Duration::from_micros(500);
/// Read connections that are kept open.
const KEPT: usize = 8;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Appends; makes the file where it is not there.
    Write,
    /// Reads, beside writers.
    Read,
    /// Reads a file that nobody can write, such as one on a read-only disk.
    Immutable,
}

fn wait(tries: i32) -> bool {
    std::thread::sleep(TRY_EVERY);
    u128::from(tries.unsigned_abs()) * TRY_EVERY.as_micros() < PATIENCE.as_micros()
}

/// Opens the file, and proves that it is as durable as was asked.
pub(super) fn open(path: &Path, access: Access) -> Result<Connection, PortError> {
    let failed = |e| {
        sqlite_error(
            path,
            if access == Access::Write {
                "opened for writing"
            } else {
                "read"
            },
            e,
        )
    };
    let common = OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = match access {
        Access::Write => Connection::open_with_flags(
            path,
            common | OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        ),
        Access::Read => {
            Connection::open_with_flags(path, common | OpenFlags::SQLITE_OPEN_READ_ONLY)
        }
        Access::Immutable => Connection::open_with_flags(
            immutable_uri(path),
            common | OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI,
        ),
    }
    .map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(32);
    // Or every new value of a parameter makes SQLite plan the statement again.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(failed)?;
    connection.busy_handler(Some(wait)).map_err(failed)?;
    if access == Access::Write {
        if connection.is_readonly("main").map_err(failed)? {
            let what = format!(
                "{} is read-only; choose a folder that can be written with --home",
                path.display()
            );
            return Err(unavailable(what));
        }
        patiently(|| connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(())))
            .map_err(failed)?;
        connection
            .pragma_update(None, "wal_autocheckpoint", 4000)
            .map_err(failed)?;
        connection
            .pragma_update(None, "cache_size", -16_384)
            .map_err(failed)?;
    }
    connection
        .pragma_update(None, "synchronous", "full")
        .map_err(failed)?;
    // What a plain fsync does not promise on Apple's systems; elsewhere nothing.
    connection
        .pragma_update(None, "fullfsync", true)
        .map_err(failed)?;
    connection
        .pragma_update(None, "checkpoint_fullfsync", true)
        .map_err(failed)?;
    if access != Access::Immutable {
        let mode: String = connection
            .pragma_query_value(None, "journal_mode", |r| r.get(0))
            .map_err(failed)?;
        let synchronous: i64 = connection
            .pragma_query_value(None, "synchronous", |r| r.get(0))
            .map_err(failed)?;
        if mode != "wal" || synchronous != 2 {
            return Err(unavailable(format!(
                "{} runs with journal_mode {mode} and synchronous {synchronous} where wal and 2 (full) were asked; \
                 does the folder lie on a network share?",
                path.display()
            )));
        }
    }
    Ok(connection)
}

/// Some calls do not ask the busy handler.
fn patiently<T>(mut call: impl FnMut() -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    let mut tries = 0;
    loop {
        match call() {
            Err(e) if e.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && wait(tries) => {
                tries += 1
            }
            other => return other,
        }
    }
}

fn immutable_uri(path: &Path) -> String {
    let mut uri = "file:".to_owned();
    for c in path.to_string_lossy().chars() {
        match c {
            '%' => uri.push_str("%25"),
            '?' => uri.push_str("%3f"),
            '#' => uri.push_str("%23"),
            c => uri.push(c),
        }
    }
    uri + "?immutable=1"
}

/// Makes the tables where they are not there, and settles whose they are.
pub(super) fn prepare(
    connection: &mut Connection,
    path: &Path,
    company: &str,
) -> Result<(), PortError> {
    let failed = |e| sqlite_error(path, "prepared", e);
    let version = tables(connection, path)?;
    if version != TABLES {
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        transaction.execute_batch(SCHEMA).map_err(failed)?;
        transaction
            .execute(
                "insert or ignore into meta (key, value) values ('company', ?1)",
                [company],
            )
            .map_err(failed)?;
        transaction
            .pragma_update(None, "user_version", TABLES)
            .map_err(failed)?;
        transaction.commit().map_err(failed)?;
    }
    check_company(connection, path, company)
}

/// The version of the tables; 0 before they are made.
pub(super) fn tables(connection: &Connection, path: &Path) -> Result<i64, PortError> {
    let version: i64 = connection
        .pragma_query_value(None, "user_version", |r| r.get(0))
        .map_err(|e| sqlite_error(path, "read", e))?;
    if version > TABLES {
        return Err(refused(format!(
            "{} was written by a newer version (tables {version}, this build knows {TABLES}); use that one",
            path.display()
        )));
    }
    Ok(version)
}

/// Refuses a journal of another company.
pub(super) fn check_company(
    connection: &Connection,
    path: &Path,
    company: &str,
) -> Result<(), PortError> {
    let owner = company_of(connection, path)?;
    if owner == company {
        Ok(())
    } else {
        Err(refused(format!(
            "{} belongs to the company `{owner}`, not to `{company}`",
            path.display()
        )))
    }
}

/// The company that the journal belongs to.
pub(super) fn company_of(connection: &Connection, path: &Path) -> Result<String, PortError> {
    connection
        .query_row("select value from meta where key = 'company'", [], |r| {
            r.get(0)
        })
        .optional()
        .map_err(|e| sqlite_error(path, "read", e))?
        .ok_or_else(|| refused(format!("{} is no company's journal", path.display())))
}

/// Read connections, opened as they are needed.
#[derive(Debug)]
pub(super) struct ReadPool {
    path: PathBuf,
    access: Access,
    idle: Mutex<Vec<Connection>>,
}

impl ReadPool {
    pub(super) fn new(path: PathBuf, access: Access) -> Self {
        Self {
            path,
            access,
            idle: Mutex::new(Vec::new()),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn take(&self) -> Result<Connection, PortError> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        match idle {
            Some(connection) => Ok(connection),
            None => open(&self.path, self.access),
        }
    }

    pub(super) fn give_back(&self, connection: Connection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < KEPT {
            idle.push(connection);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_connection_reads_back_that_it_is_durable() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal.db");
        let mut write = open(&path, Access::Write).expect("opened");
        prepare(&mut write, &path, "acme").expect("prepared");
        open(&path, Access::Read).expect("opened beside the writer");
        assert_eq!(company_of(&write, &path).expect("an owner"), "acme");
    }

    #[test]
    fn a_journal_of_another_company_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal.db");
        prepare(
            &mut open(&path, Access::Write).expect("opened"),
            &path,
            "acme",
        )
        .expect("prepared");
        let error = prepare(
            &mut open(&path, Access::Write).expect("opened"),
            &path,
            "other",
        )
        .expect_err("not theirs");
        assert_eq!(error.code(), "port_refused");
    }

    #[test]
    fn a_journal_without_tables_is_nobodys_and_a_ruined_one_is_somebodys() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal.db");
        assert!(!crate::Store::is_founded(folder.path()));
        std::fs::write(&path, "").expect("begun");
        assert!(
            !crate::Store::is_founded(folder.path()),
            "not yet in WAL mode"
        );
        let mut connection = open(&path, Access::Write).expect("opened");
        assert!(!crate::Store::is_founded(folder.path()));
        prepare(&mut connection, &path, "acme").expect("founded");
        assert!(crate::Store::is_founded(folder.path()));
        drop(connection);
        std::fs::write(&path, "ruined".repeat(1000)).expect("written");
        assert!(crate::Store::is_founded(folder.path()));
    }

    #[test]
    fn a_newer_journal_is_refused_with_advice() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal.db");
        let mut connection = open(&path, Access::Write).expect("opened");
        connection
            .pragma_update(None, "user_version", TABLES + 1)
            .expect("raised");
        let error = prepare(&mut connection, &path, "acme").expect_err("newer");
        assert!(error.to_string().contains("newer version"), "{error}");
    }

    #[test]
    fn odd_names_survive_in_an_address() {
        assert_eq!(
            immutable_uri(Path::new("/a?b#c%d/e")),
            "file:/a%3fb%23c%25d/e?immutable=1"
        );
    }
}
