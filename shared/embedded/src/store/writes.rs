//! Writes of the journal, within a transaction that nobody else writes beside.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Transaction, params};
use va_domain::{
    commit::{Hash, StoredCommit},
    ids::{BlobId, StreamId},
};
use va_runtime::ports::{Appended, Blob, NewCommit, PortError};

use super::{
    reads::{integer, micros},
    writer::Tally,
};
use crate::error::refused;

/// What became of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// A commit.
    Appended(Appended),
    /// Anything else; it stands.
    Done,
}

/// SQLite's word on the transaction, and in it the port's on the write.
type Written = rusqlite::Result<Result<Answer, PortError>>;

/// Appends a commit. Every look comes before the first write, so a refusal leaves nothing behind.
pub(super) fn append(
    tx: &Transaction<'_>,
    new: &NewCommit,
    has_state: bool,
    tally: &mut Tally,
) -> Written {
    let commit = &new.commit;
    let (stream, version) = (commit.stream.as_str(), integer(commit.version));
    let stands: Option<String> = tx
        .prepare_cached("select commit_id from commits where stream = ?1 and version = ?2")?
        .query_row(params![stream, version], |row| row.get(0))
        .optional()?;
    if let Some(commit_id) = stands {
        let own = commit_id == new.commit_id;
        return Ok(Ok(Answer::Appended(if own {
            Appended::Duplicate
        } else {
            Appended::Conflict
        })));
    }
    if !follows(tx, commit)? {
        let what = format!(
            "{}@{} does not follow a commit that stands",
            commit.stream, commit.version
        );
        return Ok(Err(refused(what)));
    }
    for blob in &new.blobs {
        if super::blobs::is_small(blob.bytes()) {
            tally.blobs += insert_blob(tx, blob.id(), blob.bytes())?;
        }
    }
    tx.prepare_cached(
        "insert into commits (stream, version, prev_hash, hash, commit_id, has_state, body) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        stream,
        version,
        &commit.prev_hash[..],
        &commit.hash[..],
        new.commit_id,
        has_state,
        &*commit.body
    ])?;
    put_due(tx, stream, version, new.due)?;
    tally.commits += 1;
    Ok(Ok(Answer::Appended(Appended::Committed)))
}

fn follows(tx: &Transaction<'_>, commit: &StoredCommit) -> rusqlite::Result<bool> {
    const FIRST: Hash = [0; 32];
    if commit.version <= 1 {
        return Ok(commit.prev_hash == FIRST);
    }
    let before = tx
        .prepare_cached("select hash = ?3 from commits where stream = ?1 and version = ?2")?
        .query_row(
            params![
                commit.stream.as_str(),
                integer(commit.version - 1),
                &commit.prev_hash[..]
            ],
            |row| row.get(0),
        )
        .optional()?;
    Ok(before.unwrap_or(false))
}

/// A stream has one deadline, that of its newest commit.
fn put_due(
    tx: &Transaction<'_>,
    stream: &str,
    version: i64,
    due: Option<Timestamp>,
) -> rusqlite::Result<()> {
    match due {
        Some(at) => tx
            .prepare_cached(
                "insert into deadlines (stream, version, due) values (?1, ?2, ?3)
                 on conflict (stream) do update set version = excluded.version, due = excluded.due",
            )?
            .execute(params![stream, version, micros(at)])?,
        None => tx
            .prepare_cached("delete from deadlines where stream = ?1")?
            .execute([stream])?,
    };
    Ok(())
}

/// Moves or removes the deadline of a commit, if it is the newest of its stream.
pub(super) fn set_due(
    tx: &Transaction<'_>,
    stream: &StreamId,
    version: u64,
    due: Option<Timestamp>,
) -> Written {
    let newest: Option<i64> = tx
        .prepare_cached("select max(version) from commits where stream = ?1")?
        .query_row([stream.as_str()], |row| row.get(0))?;
    if newest == Some(integer(version)) {
        put_due(tx, stream.as_str(), integer(version), due)?;
    }
    Ok(Ok(Answer::Done))
}

/// Stores a small blob.
pub(super) fn blob(tx: &Transaction<'_>, blob: &Blob, tally: &mut Tally) -> Written {
    tally.blobs += insert_blob(tx, blob.id(), blob.bytes())?;
    Ok(Ok(Answer::Done))
}

fn insert_blob(tx: &Transaction<'_>, id: &BlobId, bytes: &[u8]) -> rusqlite::Result<u64> {
    let new = tx
        .prepare_cached("insert or ignore into blobs (id, bytes) values (?1, ?2)")?
        .execute(params![&super::blobs::key(id)[..], bytes])?;
    Ok(u64::from(new > 0))
}

/// Keeps a note of this home.
pub(super) fn meta(tx: &Transaction<'_>, key: &str, value: &str) -> Written {
    tx.prepare_cached(
        "insert into meta (key, value) values (?1, ?2) on conflict (key) do update set value = excluded.value",
    )?
    .execute([key, value])?;
    Ok(Ok(Answer::Done))
}
