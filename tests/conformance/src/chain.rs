//! Streams for the cases.

use jiff::Timestamp;
use va_domain::{
    commit::{Hash, StoredCommit},
    ids::StreamId,
};
use va_runtime::ports::{Appended, Journal, NewCommit};

use crate::saw;

/// A stream by its name.
pub(crate) fn stream(name: &str) -> StreamId {
    name.parse().expect("the names of the cases are streams")
}

/// A time of the cases.
pub(crate) fn time(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).expect("a time of this century")
}

/// How a body is made up.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shape {
    /// The bytes of the body without its state; 0 for as few as it takes.
    pub(crate) bytes: usize,
    /// The bytes of the inline state; 0 for none.
    pub(crate) state: usize,
}

/// The body of a commit that says little.
pub(crate) fn body(of: &StreamId, version: u64, commit_id: &str, shape: Shape) -> String {
    let head = format!(
        r#"{{"commit_id":"{commit_id}","company":"acme","stream":"{of}","version":{version},"at":"2026-11-20T10:00:00Z","events":[],"pad":""#
    );
    let pad = shape.bytes.saturating_sub(head.len() + 2);
    let state = match shape.state {
        0 => String::new(),
        bytes => format!(
            r#","state":{{"fold":1,"inline":"{}"}}"#,
            "s".repeat(bytes.saturating_sub(2))
        ),
    };
    format!(r#"{head}{}"{state}}}"#, "p".repeat(pad))
}

/// A commit with this body.
pub(crate) fn commit(
    of: &StreamId,
    version: u64,
    prev_hash: Hash,
    commit_id: &str,
    shape: Shape,
) -> NewCommit {
    let body = body(of, version, commit_id, shape);
    let commit = StoredCommit::linked(of.clone(), version, prev_hash, body);
    NewCommit::copy_of(commit).expect("the bodies of the cases are JSON")
}

/// A stream that grows.
#[derive(Debug)]
pub(crate) struct Chain {
    /// Its name.
    pub(crate) stream: StreamId,
    /// The version of its newest commit.
    pub(crate) version: u64,
    /// The hash of its newest commit.
    pub(crate) head: Hash,
}

impl Chain {
    /// A stream before its first commit.
    pub(crate) fn new(name: &str) -> Self {
        Self {
            stream: stream(name),
            version: 0,
            head: [0; 32],
        }
    }

    /// The next commit.
    pub(crate) fn next(&self, shape: Shape) -> NewCommit {
        let version = self.version + 1;
        commit(
            &self.stream,
            version,
            self.head,
            &format!("{}-{version}", self.stream.id()),
            shape,
        )
    }

    /// Appends a commit that must stand.
    pub(crate) async fn append(
        &mut self,
        journal: &dyn Journal,
        new: NewCommit,
    ) -> Result<StoredCommit, String> {
        let commit = new.commit.clone();
        match journal.append(new).await {
            Ok(Appended::Committed) => {
                (self.version, self.head) = (commit.version, commit.hash);
                Ok(commit)
            }
            Ok(other) => Err(format!(
                "append of {}@{} answered {other:?}",
                commit.stream, commit.version
            )),
            Err(e) => Err(saw(
                &format!("append of {}@{}", commit.stream, commit.version),
                &e,
            )),
        }
    }

    /// Appends so many small commits.
    pub(crate) async fn grow(
        &mut self,
        journal: &dyn Journal,
        commits: u64,
    ) -> Result<Vec<StoredCommit>, String> {
        let mut appended = Vec::new();
        for _ in 0..commits {
            appended.push(self.append(journal, self.next(Shape::default())).await?);
        }
        Ok(appended)
    }
}
