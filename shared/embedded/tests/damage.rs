//! A journal that was changed behind the store's back is not read as if it had not been.

use std::{path::Path, sync::Arc};

use rusqlite::Connection;
use va_domain::{commit::StoredCommit, ids::StreamId};
use va_embedded::{OpenMode, Store, export::export};
use va_runtime::ports::{Appended, Journal as _, NewCommit, PortError};

fn stream() -> StreamId {
    "goal/a".parse().expect("a stream")
}

fn open(folder: &Path) -> Store {
    Store::open(folder, "acme", OpenMode::ReadWrite).expect("opened")
}

async fn grow(store: &Store, commits: u64) {
    let mut head = [0; 32];
    for version in 1..=commits {
        let commit_id = format!("a-{version}");
        let body: Arc<str> = format!(
            r#"{{"commit_id":"{commit_id}","company":"acme","stream":"goal/a","version":{version},"at":"2026-11-20T10:00:00Z","events":[]}}"#
        )
        .into();
        let commit = StoredCommit::linked(stream(), version, head, body);
        head = commit.hash;
        let new = NewCommit::copy_of(commit).expect("a commit");
        assert_eq!(
            store.append(new).await.expect("appended"),
            Appended::Committed
        );
    }
}

/// Three commits, of which the second was changed in the file.
async fn damaged() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path());
    grow(&store, 3).await;
    drop(store);
    let changed = Connection::open(folder.path().join("journal.db"))
        .expect("opened")
        .execute(
            "update commits set body = replace(body, '10:00:00', '11:00:00') where version = 2",
            [],
        )
        .expect("changed");
    assert_eq!(changed, 1);
    let store = open(folder.path());
    (folder, store)
}

#[track_caller]
fn is_damage<T>(answer: Result<T, PortError>) {
    let error = answer.err().expect("a changed commit is not handed out");
    assert_eq!(error.code(), "port_damaged", "{error}");
    let text = error.to_string();
    assert!(
        text.contains("goal/a@2") && text.contains("va verify"),
        "{text}"
    );
}

#[tokio::test]
async fn no_read_hands_out_a_commit_that_is_not_what_was_hashed() {
    let (_folder, store) = damaged().await;
    let snapshot = store.read_snapshot().expect("begun");
    is_damage(store.tail(&stream()).await);
    is_damage(store.read(&stream(), 1, 10).await);
    is_damage(store.scan(None, 10).await);
    is_damage(store.rows_after(0, 10));
    is_damage(snapshot.tail(&stream()));
    is_damage(snapshot.read(&stream(), 2, 1));
    is_damage(snapshot.rows_after(1, 1));
}

#[tokio::test]
async fn what_is_whole_beside_the_damage_is_read_and_the_damage_can_be_exported() {
    let (_folder, store) = damaged().await;
    let newest = store.read(&stream(), 3, 10).await.expect("read");
    assert_eq!(newest.len(), 1, "commit 3 is as it was appended");
    let mut lines = Vec::new();
    assert_eq!(
        export(&store, &mut lines).expect("an export shows what lies there"),
        3
    );
}
