//! The stores, as the ports promise them.

mod common;

use std::{collections::BTreeMap, sync::Arc};

use aws_sdk_dynamodb::types::AttributeValue;
use common::{commit, stores, stream};
use va_domain::ids::BlobId;
use va_emulator::{ACCOUNT, Clients, Emulator};
use va_runtime::ports::{Appended, Blobs as _, Bytes, Journal as _, Sites as _};

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_appends_once_in_order_and_reads_back() {
    let emulator = Emulator::start().await.expect("the emulator");
    let aws = stores(&emulator).await;
    let journal = aws.journal().expect("a journal");
    let other = aws.journal().expect("another runner");
    let first = commit("goal/a", 1, [0; 32], None, None);
    let second = commit("goal/a", 2, first.commit.hash, None, None);

    assert_eq!(
        journal.append(first.clone()).await.expect("appended"),
        Appended::Committed
    );
    assert_eq!(
        other.append(first.clone()).await.expect("appended"),
        Appended::Duplicate
    );
    let mut rival = first.clone();
    rival.commit_id = "rival".to_owned();
    assert_eq!(
        other.append(rival).await.expect("appended"),
        Appended::Conflict
    );
    let gap = commit("goal/a", 3, second.commit.hash, None, None);
    assert_eq!(
        other.append(gap).await.expect_err("a gap").code(),
        "port_refused"
    );
    let unchained = commit("goal/a", 2, [7; 32], None, None);
    assert_eq!(
        journal
            .append(unchained)
            .await
            .expect_err("no chain")
            .code(),
        "port_refused"
    );
    assert_eq!(
        other.append(second.clone()).await.expect("appended"),
        Appended::Committed
    );

    let both = [first.commit.clone(), second.commit.clone()];
    assert_eq!(journal.tail(&stream("goal/a")).await.expect("a tail"), both);
    assert_eq!(
        journal
            .read(&stream("goal/a"), 2, 9)
            .await
            .expect("commits"),
        both[1..]
    );
    assert_eq!(
        journal.tail(&stream("goal/none")).await.expect("a tail"),
        []
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tail_goes_back_over_pages_to_the_first_commit() {
    let emulator = Emulator::start().await.expect("the emulator");
    let aws = stores(&emulator).await;
    let journal = aws.journal().expect("a journal");
    let mut head = [0; 32];
    for version in 1..=60 {
        let new = commit("goal/long", version, head, None, None);
        head = new.commit.hash;
        assert_eq!(
            journal.append(new).await.expect("appended"),
            Appended::Committed
        );
    }
    let tail = journal.tail(&stream("goal/long")).await.expect("a tail");
    assert!(tail.iter().map(|c| c.version).eq(1..=60));

    let mut scanned = Vec::new();
    let mut after = None;
    loop {
        let page = journal.scan(after, 25).await.expect("a page");
        let Some(last) = page.last() else { break };
        after = Some((last.stream.clone(), last.version));
        scanned.extend(page.iter().map(|c| c.version));
    }
    assert!(scanned.into_iter().eq(1..=60));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_whose_first_commit_was_removed_is_scanned_all_the_same() {
    let emulator = Emulator::start().await.expect("the emulator");
    let aws = stores(&emulator).await;
    let journal = aws.journal().expect("a journal");
    let first = commit("goal/beheaded", 1, [0; 32], None, None);
    let second = commit("goal/beheaded", 2, first.commit.hash, None, None);
    for new in [first, second.clone()] {
        journal.append(new).await.expect("appended");
    }
    let delete = Clients::new(&emulator.endpoint(), ACCOUNT)
        .dynamodb
        .delete_item();
    let key = [
        ("PK", "acme#goal#beheaded".to_owned()),
        ("SK", format!("E#{:020}", 1)),
    ];
    let delete = key.into_iter().fold(delete, |delete, (name, value)| {
        delete.key(name, AttributeValue::S(value))
    });
    let removed = delete.table_name("va-stores").send().await;
    removed.expect("removed");
    let scanned = journal.scan(None, 10).await.expect("a scan");
    assert_eq!(scanned, [second.commit]);
}

#[tokio::test(flavor = "multi_thread")]
async fn blobs_are_their_hash() {
    let emulator = Emulator::start().await.expect("the emulator");
    let aws = stores(&emulator).await;
    let (blobs, fresh) = (aws.blobs().expect("blobs"), aws.blobs().expect("blobs"));
    let bytes: Bytes = Arc::from(&b"some bytes"[..]);
    let id = BlobId::of(&bytes);
    assert_eq!(
        blobs.get(&id).await.expect_err("not there").code(),
        "port_damaged"
    );
    blobs.put(&id, Arc::clone(&bytes)).await.expect("stored");
    fresh
        .put(&id, Arc::clone(&bytes))
        .await
        .expect("the same again is nothing");
    assert_eq!(
        aws.blobs().expect("blobs").get(&id).await.expect("read"),
        bytes
    );
    assert_eq!(
        blobs
            .put(&BlobId::of(b"others"), bytes)
            .await
            .expect_err("not its hash")
            .code(),
        "port_refused"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_is_what_was_published_last() {
    let emulator = Emulator::start().await.expect("the emulator");
    let aws = stores(&emulator).await;
    let sites = aws.sites().expect("sites");
    let files = |names: &[&str]| -> BTreeMap<String, Bytes> {
        names
            .iter()
            .map(|name| ((*name).to_owned(), Bytes::from(name.as_bytes())))
            .collect()
    };
    assert_eq!(sites.standing("guide").await.expect("standing"), None);
    let first = sites
        .publish(
            "guide",
            1,
            files(&["index.html", "posts/a.html", "posts/b.html"]),
        )
        .await
        .expect("published");
    assert_eq!(first.len(), 3);
    let second = sites
        .publish(
            "guide",
            2,
            files(&["index.html", "posts/a.html", "posts/c.html"]),
        )
        .await
        .expect("published");
    assert_eq!(
        sites.standing("guide").await.expect("standing"),
        Some(second.clone())
    );
    assert!(!second.contains_key("posts/b.html") && second.contains_key("posts/c.html"));
    assert_eq!(
        sites
            .publish("guide", 3, files(&["../x"]))
            .await
            .expect_err("a way out")
            .code(),
        "port_refused"
    );
    let report = sites
        .report("5b1f", files(&["report.json"]))
        .await
        .expect("a report");
    assert_eq!(report["report.json"], BlobId::of(b"report.json"));
}
