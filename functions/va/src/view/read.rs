//! What documents read: the journal as it stood at one instant, and the blobs that it names.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use va_domain::{
    commit::{CommitBody, FOLD_VERSION, StoredCommit},
    error::DomainError,
    ids::{BlobId, StreamId},
    state::StreamState,
};
use va_embedded::{Store, store::Snapshot};
use va_runtime::ports::{Blobs, Bytes, LoggedCommit, PortError};

use super::ViewError;

/// Commits that are read at a time.
const PAGE: usize = 256;

/// Reads that all see one state of the journal.
pub trait Read {
    /// As [`Journal::tail`](va_runtime::ports::Journal::tail).
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn tail(&self, stream: &StreamId) -> Result<Vec<StoredCommit>, PortError>;
    /// As [`Journal::read`](va_runtime::ports::Journal::read).
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn read(
        &self,
        stream: &StreamId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<StoredCommit>, PortError>;
    /// The streams whose names begin so, in order.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn streams(&self, prefix: &str) -> Result<Vec<StreamId>, PortError>;
    /// The commits after a row, in the order in which they were appended.
    ///
    /// # Errors
    /// Where the store cannot be read.
    fn rows_after(&self, row: u64, limit: usize) -> Result<Vec<LoggedCommit>, PortError>;
    /// A blob's bytes.
    ///
    /// # Errors
    /// Where it is not there or damaged.
    fn blob(&self, id: &BlobId) -> Result<Bytes, PortError>;
}

/// One read transaction on an embedded store. Hold it for one document.
#[derive(Debug)]
pub struct Reading<'a> {
    snapshot: Snapshot,
    store: &'a Store,
}

impl<'a> Reading<'a> {
    /// Begins.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn begin(store: &'a Store) -> Result<Self, PortError> {
        Ok(Self {
            snapshot: store.read_snapshot()?,
            store,
        })
    }
}

impl Read for Reading<'_> {
    fn tail(&self, stream: &StreamId) -> Result<Vec<StoredCommit>, PortError> {
        self.snapshot.tail(stream)
    }

    fn read(
        &self,
        stream: &StreamId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<StoredCommit>, PortError> {
        self.snapshot.read(stream, from, limit)
    }

    fn streams(&self, prefix: &str) -> Result<Vec<StreamId>, PortError> {
        self.snapshot.streams(prefix)
    }

    fn rows_after(&self, row: u64, limit: usize) -> Result<Vec<LoggedCommit>, PortError> {
        self.snapshot.rows_after(row, limit)
    }

    // A blob never changes and is durable before the commit that names it, so it may be read beside the
    // transaction.
    fn blob(&self, id: &BlobId) -> Result<Bytes, PortError> {
        blob_at_once(self.store, id)
    }
}

/// A blob of a store that is asked without waiting, as local ones are.
pub(super) fn blob_at_once(blobs: &dyn Blobs, id: &BlobId) -> Result<Bytes, PortError> {
    match pin!(blobs.get(id)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => Err(PortError::Unavailable {
            what: format!("{id} is not to be had at once"),
            source: None,
        }),
    }
}

/// A commit's body.
fn body(commit: &StoredCommit) -> Result<CommitBody, ViewError> {
    commit
        .read()
        .map_err(|e| unreadable(&commit.stream, format!("commit {}", commit.version), &e))
}

fn unreadable(stream: &StreamId, what: String, why: &dyn std::fmt::Display) -> ViewError {
    ViewError::Fold {
        stream: stream.clone(),
        source: DomainError::Payload {
            event_type: what,
            why: why.to_string(),
        },
    }
}

/// The stream as it stands; empty where nothing was appended to it.
///
/// # Errors
/// Where it cannot be read or folded.
pub fn fold(from: &dyn Read, stream: &StreamId) -> Result<StreamState, ViewError> {
    let mut state = StreamState::new(stream.clone());
    let tail = from.tail(stream)?;
    let Some(first) = tail.first() else {
        return Ok(state);
    };
    let mut rest = tail.as_slice();
    match body(first)?.state.filter(|s| s.fold == FOLD_VERSION) {
        Some(stored) => {
            let text = match (stored.inline, stored.blob) {
                (Some(inline), _) => Bytes::from(inline.get().as_bytes()),
                (None, Some(blob)) => from.blob(&blob)?,
                (None, None) => Bytes::from([]),
            };
            state = serde_json::from_slice(&text)
                .map_err(|e| unreadable(stream, format!("state {}", first.version), &e))?;
            rest = &tail[1..];
        }
        // A state of another fold, or none: from the first commit.
        None => {
            for commit in before(from, stream, first.version)? {
                apply(&mut state, &commit)?;
            }
        }
    }
    for commit in rest {
        apply(&mut state, &body(commit)?)?;
    }
    Ok(state)
}

fn apply(state: &mut StreamState, commit: &CommitBody) -> Result<(), ViewError> {
    state.apply(commit).map_err(|source| ViewError::Fold {
        stream: commit.stream.clone(),
        source,
    })
}

/// Every commit of a stream, in order.
///
/// # Errors
/// Where they cannot be read.
pub(super) fn commits(from: &dyn Read, stream: &StreamId) -> Result<Vec<CommitBody>, ViewError> {
    before(from, stream, u64::MAX)
}

/// The commits of a stream below a version, in order.
fn before(from: &dyn Read, stream: &StreamId, end: u64) -> Result<Vec<CommitBody>, ViewError> {
    let mut all = Vec::new();
    let mut next = 1;
    while next < end {
        let page = from.read(stream, next, PAGE)?;
        for commit in page.iter().take_while(|c| c.version < end) {
            all.push(body(commit)?);
        }
        match page.last() {
            Some(last) => next = last.version.saturating_add(1),
            None => break,
        }
    }
    Ok(all)
}
