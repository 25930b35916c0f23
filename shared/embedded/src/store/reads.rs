//! Reads of the journal, on any connection.

use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, Row, params, types::ValueRef};
use va_domain::{
    commit::{Hash, StoredCommit, link},
    ids::StreamId,
};
use va_runtime::ports::{Due, LoggedCommit};

use crate::verify::RawCommit;

/// The columns of a commit, in the order in which [`commit`] reads them.
macro_rules! select_commits {
    ($rest:literal) => {
        concat!(
            "select row, stream, version, prev_hash, hash, has_state, body from commits ",
            $rest
        )
    };
}

/// Versions and rows are integers of 64 bits with a sign; what is above them is not there.
pub(super) fn integer(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn limit_of(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn unreadable(
    column: usize,
    why: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Blob, why.into())
}

fn hash(row: &Row<'_>, column: usize) -> rusqlite::Result<Hash> {
    row.get_ref(column)?
        .as_blob()?
        .try_into()
        .map_err(|e: std::array::TryFromSliceError| unreadable(column, e))
}

fn stream(row: &Row<'_>, column: usize) -> rusqlite::Result<StreamId> {
    row.get_ref(column)?
        .as_str()?
        .parse()
        .map_err(|e: va_domain::error::DomainError| unreadable(column, e))
}

fn natural(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let n: i64 = row.get(column)?;
    u64::try_from(n).map_err(|e| unreadable(column, e))
}

/// A commit, if it is the one that was appended: whoever folds it or acts on it relies on that.
fn commit(row: &Row<'_>) -> rusqlite::Result<LoggedCommit> {
    let logged = as_it_lies(row)?;
    let commit = &logged.commit;
    if link(&commit.prev_hash, commit.body.as_bytes()) == commit.hash {
        Ok(logged)
    } else {
        let what = format!(
            "{}@{} is not what was hashed",
            commit.stream, commit.version
        );
        Err(unreadable(6, what))
    }
}

fn as_it_lies(row: &Row<'_>) -> rusqlite::Result<LoggedCommit> {
    Ok(LoggedCommit {
        row: natural(row, 0)?,
        commit: StoredCommit {
            stream: stream(row, 1)?,
            version: natural(row, 2)?,
            prev_hash: hash(row, 3)?,
            hash: hash(row, 4)?,
            body: row.get_ref(6)?.as_str()?.into(),
        },
    })
}

fn commits(
    mut statement: CachedStatement<'_>,
    params: impl rusqlite::Params,
    read: fn(&Row<'_>) -> rusqlite::Result<LoggedCommit>,
) -> rusqlite::Result<Vec<StoredCommit>> {
    statement
        .query_map(params, |row| read(row).map(|logged| logged.commit))?
        .collect()
}

/// The newest commits back to one that carries a state, oldest first.
pub(super) fn tail(connection: &Connection, of: &StreamId) -> rusqlite::Result<Vec<StoredCommit>> {
    let mut statement =
        connection.prepare_cached(select_commits!("where stream = ?1 order by version desc"))?;
    let mut rows = statement.query([of.as_str()])?;
    let mut tail = Vec::new();
    while let Some(row) = rows.next()? {
        tail.push(commit(row)?.commit);
        if row.get(5)? {
            break;
        }
    }
    tail.reverse();
    Ok(tail)
}

/// The commits of a stream from a version on.
pub(super) fn read(
    connection: &Connection,
    of: &StreamId,
    from: u64,
    limit: usize,
) -> rusqlite::Result<Vec<StoredCommit>> {
    let statement = connection.prepare_cached(select_commits!(
        "where stream = ?1 and version >= ?2 order by version limit ?3"
    ))?;
    commits(
        statement,
        params![of.as_str(), integer(from), limit_of(limit)],
        commit,
    )
}

/// All commits by stream and version, after one of them.
pub(super) fn scan(
    connection: &Connection,
    after: Option<(&str, u64)>,
    limit: usize,
) -> rusqlite::Result<Vec<StoredCommit>> {
    scan_with(connection, after, limit, commit)
}

/// As [`scan`], damaged commits included, for whoever shows what lies there.
pub(super) fn scan_as_it_lies(
    connection: &Connection,
    after: Option<(&str, u64)>,
    limit: usize,
) -> rusqlite::Result<Vec<StoredCommit>> {
    scan_with(connection, after, limit, as_it_lies)
}

fn scan_with(
    connection: &Connection,
    after: Option<(&str, u64)>,
    limit: usize,
    read: fn(&Row<'_>) -> rusqlite::Result<LoggedCommit>,
) -> rusqlite::Result<Vec<StoredCommit>> {
    let (after, version) = after.unwrap_or(("", 0));
    let statement = connection.prepare_cached(select_commits!(
        "where (stream, version) > (?1, ?2) order by stream, version limit ?3"
    ))?;
    commits(
        statement,
        params![after, integer(version), limit_of(limit)],
        read,
    )
}

/// All commits in the order in which they were appended, after a row.
pub(super) fn rows_after(
    connection: &Connection,
    row: u64,
    limit: usize,
) -> rusqlite::Result<Vec<LoggedCommit>> {
    let mut statement =
        connection.prepare_cached(select_commits!("where row > ?1 order by row limit ?2"))?;
    statement
        .query_map(params![integer(row), limit_of(limit)], commit)?
        .collect()
}

/// Rows after a row, with the stream and version of each, in the order in which they were appended.
pub(super) fn keys_after(
    connection: &Connection,
    row: u64,
    limit: usize,
) -> rusqlite::Result<Vec<(u64, StreamId, u64)>> {
    connection
        .prepare_cached(
            "select row, stream, version from commits where row > ?1 order by row limit ?2",
        )?
        .query_map(params![integer(row), limit_of(limit)], |row| {
            Ok((natural(row, 0)?, stream(row, 1)?, natural(row, 2)?))
        })?
        .collect()
}

/// The newest row; 0 where there is none.
pub(super) fn last_row(connection: &Connection) -> rusqlite::Result<u64> {
    connection
        .prepare_cached("select coalesce(max(row), 0) from commits")?
        .query_row([], |row| natural(row, 0))
}

/// The streams whose names begin so, in order. One step of the index a stream, however long they are.
pub(super) fn streams(connection: &Connection, prefix: &str) -> rusqlite::Result<Vec<StreamId>> {
    let mut first =
        connection.prepare_cached("select min(stream) from commits where stream >= ?1")?;
    let mut next =
        connection.prepare_cached("select min(stream) from commits where stream > ?1")?;
    let mut streams: Vec<StreamId> = Vec::new();
    loop {
        let found = match streams.last() {
            None => first.query_row([prefix], |row| row.get::<_, Option<String>>(0))?,
            Some(last) => next.query_row([last.as_str()], |row| row.get(0))?,
        };
        match found {
            Some(name) if name.starts_with(prefix) => {
                streams.push(
                    name.parse()
                        .map_err(|e: va_domain::error::DomainError| unreadable(0, e))?,
                );
            }
            _ => return Ok(streams),
        }
    }
}

/// The version and hash of a stream's newest commit.
pub(super) fn head(
    connection: &Connection,
    of: &StreamId,
) -> rusqlite::Result<Option<(u64, Hash)>> {
    connection
        .prepare_cached(
            "select version, hash from commits where stream = ?1 order by version desc limit 1",
        )?
        .query_row([of.as_str()], |row| Ok((natural(row, 0)?, hash(row, 1)?)))
        .optional()
}

/// Every stream with its newest version, in order. The index alone answers it.
pub(super) fn versions(connection: &Connection) -> rusqlite::Result<Vec<(StreamId, u64)>> {
    connection
        .prepare_cached("select stream, max(version) from commits group by stream order by stream")?
        .query_map([], |row| Ok((stream(row, 0)?, natural(row, 1)?)))?
        .collect()
}

/// Every commit by stream and version, as it lies there. What is not of its column's type is shown as
/// nothing, which no commit is.
pub(super) fn each_raw(
    connection: &Connection,
    show: &mut dyn FnMut(RawCommit),
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(
        "select stream, version, prev_hash, hash, body, commit_id, has_state from commits order by stream, version",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let bytes = |column| -> rusqlite::Result<Vec<u8>> {
            Ok(match row.get_ref(column)? {
                ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.to_vec(),
                _ => Vec::new(),
            })
        };
        let text = |column| -> rusqlite::Result<String> {
            Ok(String::from_utf8_lossy(&bytes(column)?).into_owned())
        };
        show(RawCommit {
            stream: text(0)?,
            version: natural(row, 1).unwrap_or(0),
            prev_hash: bytes(2)?,
            hash: bytes(3)?,
            body: bytes(4)?,
            beside: Some((text(5)?, row.get(6).unwrap_or(false))),
        });
    }
    Ok(())
}

/// The highest row number ever given, and how many rows stand.
pub(super) fn row_facts(connection: &Connection) -> rusqlite::Result<(u64, u64)> {
    connection.query_row(
        "select max(coalesce((select seq from sqlite_sequence where name = 'commits'), 0),
                    (select coalesce(max(row), 0) from commits)),
                (select count(*) from commits)",
        [],
        |row| Ok((natural(row, 0)?, natural(row, 1)?)),
    )
}

/// Deadlines as the file keeps them: microseconds since 1970, rounded up so that none comes early.
pub(super) fn micros(at: Timestamp) -> i64 {
    let micros = at.as_microsecond();
    if at.as_nanosecond() > i128::from(micros) * 1000 {
        micros.saturating_add(1)
    } else {
        micros
    }
}

/// The streams whose deadline has come, earliest first.
pub(super) fn due(
    connection: &Connection,
    until: Timestamp,
    limit: usize,
) -> rusqlite::Result<Vec<Due>> {
    connection
        .prepare_cached("select stream, version, due from deadlines where due <= ?1 order by due, stream limit ?2")?
        .query_map(params![until.as_microsecond(), limit_of(limit)], |row| {
            let at = Timestamp::from_microsecond(row.get(2)?).unwrap_or(Timestamp::MAX);
            Ok(Due { stream: stream(row, 0)?, version: natural(row, 1)?, at })
        })?
        .collect()
}

/// A small blob.
pub(super) fn blob(
    connection: &Connection,
    id: &[u8],
) -> rusqlite::Result<Option<std::sync::Arc<[u8]>>> {
    connection
        .prepare_cached("select bytes from blobs where id = ?1")?
        .query_row([id], |row| Ok(row.get_ref(0)?.as_blob()?.into()))
        .optional()
}

/// A note of this home.
pub(super) fn meta(connection: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached("select value from meta where key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_deadline_is_kept_as_an_earlier_one() {
        for (text, kept) in [
            ("1970-01-01T00:00:00.000001Z", 1),
            ("1970-01-01T00:00:00.000001001Z", 2),
        ] {
            assert_eq!(micros(text.parse().expect("a time")), kept);
        }
        assert!(micros(Timestamp::MAX) > micros("9999-01-01T00:00:00Z".parse().expect("a time")));
    }
}
