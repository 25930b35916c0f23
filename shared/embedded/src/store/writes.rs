//! Writes of the journal, within a transaction that nobody else writes beside.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Transaction, params};
use va_domain::{
    commit::Hash,
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
pub(super) fn append(tx: &Transaction<'_>, new: &NewCommit, tally: &mut Tally) -> Written {
    let commit = &new.commit;
    let (stream, version) = (commit.stream.as_str(), integer(commit.version));
    match place(tx, new)? {
        Place::Free => {}
        Place::Own => return Ok(Ok(Answer::Appended(Appended::Duplicate))),
        Place::Taken => return Ok(Ok(Answer::Appended(Appended::Conflict))),
        Place::Loose => {
            let what = format!(
                "{}@{} does not follow a commit that stands",
                commit.stream, commit.version
            );
            return Ok(Err(refused(what)));
        }
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
        new.has_state(),
        &*commit.body
    ])?;
    // A stream that begins has no deadline yet.
    if version > 1 || new.due.is_some() {
        put_due(tx, stream, version, new.due)?;
    }
    tally.commits += 1;
    Ok(Ok(Answer::Appended(Appended::Committed)))
}

/// Where a commit would stand.
enum Place {
    /// Right after the commit that it names.
    Free,
    /// Where it stands already.
    Own,
    /// Where another one stands.
    Taken,
    /// After nothing that it names.
    Loose,
}

fn place(tx: &Transaction<'_>, new: &NewCommit) -> rusqlite::Result<Place> {
    const FIRST: Hash = [0; 32];
    let (commit, version) = (&new.commit, integer(new.commit.version));
    let nearest = tx
        .prepare_cached(
            "select version = ?2, case version when ?2 then commit_id = ?3 else hash = ?4 end from commits
             where stream = ?1 and version between ?2 - 1 and ?2 order by version desc limit 1",
        )?
        .query_row(
            params![
                commit.stream.as_str(),
                version,
                new.commit_id,
                &commit.prev_hash[..]
            ],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    Ok(match nearest {
        Some((true, true)) => Place::Own,
        Some((true, false)) => Place::Taken,
        Some((false, true)) => Place::Free,
        None if version == 1 && commit.prev_hash == FIRST => Place::Free,
        Some((false, false)) | None => Place::Loose,
    })
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
        .execute(params![&id.digest()[..], bytes])?;
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
