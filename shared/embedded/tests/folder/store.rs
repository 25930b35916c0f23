//! What the journal's file promises beyond the ports.

use std::{fs, sync::Arc, sync::atomic::Ordering};

use crate::common::{Act, Company, stream};
use va_domain::{commit::StoredCommit, ids::BlobId};
use va_embedded::{OpenMode, Store};
use va_runtime::ports::{Appended, Blobs as _, Journal as _, NewCommit};

fn commit(name: &str, version: u64, prev_hash: [u8; 32], commit_id: &str) -> NewCommit {
    let body = format!(r#"{{"commit_id":"{commit_id}"}}"#);
    let commit = StoredCommit::linked(stream(name), version, prev_hash, body);
    NewCommit::copy_of(commit).expect("a commit")
}

#[tokio::test]
async fn what_one_process_appends_the_other_sees_in_row_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = || Store::open(folder.path(), "acme", OpenMode::ReadWrite).expect("opened");
    let (worker, board) = (open(), open());
    let before = worker.data_version().expect("read");
    assert_eq!(
        worker.data_version().expect("read"),
        before,
        "nothing has happened"
    );
    for (store, name) in [
        (&worker, "goal/b"),
        (&board, "board/a"),
        (&worker, "goal/a"),
    ] {
        assert_eq!(
            store
                .append(commit(name, 1, [0; 32], name))
                .await
                .expect("appended"),
            Appended::Committed
        );
    }
    assert_ne!(worker.data_version().expect("read"), before);
    let rows = worker.rows_after(1, 10).expect("read");
    let seen: Vec<_> = rows
        .iter()
        .map(|logged| (logged.row, logged.commit.stream.as_str()))
        .collect();
    assert_eq!(seen, [(2, "board/a"), (3, "goal/a")]);
    assert_eq!(board.last_row().expect("read"), 3);
    assert_eq!(
        board.streams("goal/").expect("read"),
        [stream("goal/a"), stream("goal/b")]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_that_append_the_same_versions_share_them_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let rivals = (0..2).map(|rival| {
        let store = Store::open(folder.path(), "acme", OpenMode::ReadWrite).expect("opened");
        tokio::spawn(async move {
            let mut won = 0;
            for n in 0..100 {
                let new = commit(&format!("goal/{n}"), 1, [0; 32], &format!("{rival}-{n}"));
                won += u32::from(store.append(new).await.expect("answered") == Appended::Committed);
            }
            won
        })
    });
    let mut won = 0;
    for rival in rivals.collect::<Vec<_>>() {
        won += rival.await.expect("ended");
    }
    assert_eq!(won, 100);
}

#[tokio::test]
async fn appends_that_wait_share_a_transaction_and_one_refusal_spoils_none() {
    let company = Company::new();
    let store = company.store();
    let appends = (0..50_u32).map(|n| {
        // Every tenth follows nothing.
        let version = if n % 10 == 0 { 2 } else { 1 };
        store.append(commit(&format!("goal/{n}"), version, [0; 32], "x"))
    });
    let answers: Vec<_> = futures_join(appends.collect()).await;
    assert_eq!(
        answers
            .iter()
            .filter(|answer| matches!(answer, Ok(Appended::Committed)))
            .count(),
        45
    );
    assert_eq!(store.counters().commits.load(Ordering::Relaxed), 45);
    assert!(store.counters().transactions.load(Ordering::Relaxed) < 45);
}

async fn futures_join<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut pinned: Vec<_> = futures.into_iter().map(|f| (Box::pin(f), None)).collect();
    std::future::poll_fn(|cx| {
        for (future, answer) in pinned.iter_mut().filter(|(_, answer)| answer.is_none()) {
            if let std::task::Poll::Ready(value) = future.as_mut().poll(cx) {
                *answer = Some(value);
            }
        }
        if pinned.iter().all(|(_, answer)| answer.is_some()) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    pinned
        .into_iter()
        .filter_map(|(_, answer)| answer)
        .collect()
}

#[tokio::test]
async fn a_snapshot_sees_one_state_whatever_is_appended() {
    let mut company = Company::new();
    company.grow("goal/a", 2).await;
    let snapshot = company.store().read_snapshot().expect("begun");
    company.grow("goal/a", 1).await;
    company.grow("goal/b", 1).await;
    assert_eq!(snapshot.tail(&stream("goal/a")).expect("read").len(), 2);
    assert_eq!(snapshot.streams("").expect("read").len(), 1);
    assert_eq!(snapshot.last_row().expect("read"), 2);
    drop(snapshot);
    assert_eq!(
        company
            .store()
            .read_snapshot()
            .expect("begun")
            .streams("")
            .expect("read")
            .len(),
        2
    );
}

#[tokio::test]
async fn notes_are_kept_with_what_is_written_next_or_at_the_end() {
    let mut company = Company::new();
    company.store().meta_note("cursor", "1").expect("noted");
    assert_eq!(company.store().meta_get("cursor").expect("read"), None);
    company.grow("goal/a", 1).await;
    assert_eq!(
        company.store().meta_get("cursor").expect("read").as_deref(),
        Some("1")
    );
    company.store().meta_set("other", "x").await.expect("set");
    company.store().meta_note("cursor", "2").expect("noted");
    company.close();
    company.reopen();
    assert_eq!(
        company.store().meta_get("cursor").expect("read").as_deref(),
        Some("2")
    );
    assert_eq!(
        company.store().meta_get("other").expect("read").as_deref(),
        Some("x")
    );
}

#[tokio::test]
async fn small_blobs_lie_in_the_journal_and_large_ones_in_files() {
    let mut company = Company::new();
    let (small, large) = (vec![1; 64 * 1024], vec![2; 64 * 1024 + 1]);
    let ids = [BlobId::of(&small), BlobId::of(&large)];
    company
        .append(
            "goal/a",
            Act {
                blobs: vec![Arc::from(small), Arc::from(large)],
                ..Act::default()
            },
        )
        .await;
    let files = ids
        .each_ref()
        .map(|id| company.store().blob_path(id).exists());
    assert_eq!(files, [false, true]);
    fs::write(company.store().blob_path(&ids[1]), "other").expect("damaged");
    assert_eq!(
        company
            .store()
            .get(&ids[1])
            .await
            .expect_err("damaged")
            .code(),
        "port_damaged"
    );
    // Storing it again heals it.
    company
        .store()
        .put(&ids[1], Arc::from(vec![2; 64 * 1024 + 1]))
        .await
        .expect("stored");
    company.store().get(&ids[1]).await.expect("healed");
}

#[tokio::test]
async fn a_closed_journal_is_one_file_with_text_in_it() {
    let mut company = Company::new();
    company.grow("goal/a", 3).await;
    company.close();
    let names: Vec<_> = fs::read_dir(company.path(""))
        .expect("listed")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(names, ["journal.db"]);
    let bytes = fs::read(company.path("journal.db")).expect("read");
    let needle = br#""stream":"goal/a","version":3"#;
    assert!(bytes.windows(needle.len()).any(|window| window == needle));
}

#[tokio::test]
async fn a_reader_needs_no_writer_and_writes_nothing() {
    let mut company = Company::new();
    company.grow("goal/a", 1).await;
    company.close();
    let reader = Store::open(&company.path(""), "acme", OpenMode::ReadOnly).expect("opened");
    assert_eq!(reader.tail(&stream("goal/a")).await.expect("read").len(), 1);
    let error = reader
        .append(commit("goal/b", 1, [0; 32], "x"))
        .await
        .expect_err("read only");
    assert_eq!(error.code(), "port_refused");
}

#[test]
fn a_folder_that_is_not_there_is_named_with_advice() {
    for mode in [OpenMode::ReadWrite, OpenMode::ReadOnly] {
        let error = Store::open("/nowhere/at/all".as_ref(), "acme", mode).expect_err("no folder");
        assert_eq!(error.code(), "port_unavailable");
        let text = error.to_string();
        assert!(
            text.contains("/nowhere/at/all/journal.db") && text.contains('?'),
            "{text}"
        );
    }
}
