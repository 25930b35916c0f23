//! What sealing and verifying cost on this machine:
//! `cargo run --release -p va-embedded --example proof_speed [COMMITS]`.
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use std::time::Instant;

use va_domain::{
    commit::{CommitBody, StoredCommit},
    ids::StreamId,
};
use va_embedded::{
    OpenMode, SealKey, Store,
    seal::{Seals, seal_now},
    verify::{Options, verify},
};
use va_runtime::ports::{Journal as _, NewCommit};

/// Commits of one stream.
const LENGTH: u64 = 10;

fn commit(stream: &StreamId, version: u64, prev_hash: [u8; 32]) -> NewCommit {
    let body = CommitBody {
        commit_id: version.to_string(),
        company: "acme".to_owned(),
        stream: stream.clone(),
        version,
        at: "2026-11-20T10:00:00Z".parse().expect("a time"),
        begins: None,
        events: Vec::new(),
        opens: Vec::new(),
        closes: Vec::new(),
        entries: Vec::new(),
        seen: Vec::new(),
        blobs: Vec::new(),
        state: None,
    };
    // Readers ignore what they do not know, so a body may be of the usual size.
    let text = serde_json::to_string(&body).expect("JSON").replacen(
        '{',
        &format!(r#"{{"pad":"{}","#, "p".repeat(1_800)),
        1,
    );
    let commit = StoredCommit::linked(stream.clone(), version, prev_hash, text);
    NewCommit::copy_of(commit).expect("a commit")
}

async fn grow(store: &Store, stream: &StreamId, from: u64, mut head: [u8; 32]) {
    for version in from..from + LENGTH {
        let new = commit(stream, version, head);
        head = new.commit.hash;
        store.append(new).await.expect("appended");
    }
}

fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap_or("VmHWM: not known here")
        .to_owned()
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let commits: u64 = std::env::args()
        .nth(1)
        .map_or(100_000, |n| n.parse().expect("a number"));
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path(), "acme", OpenMode::ReadWrite).expect("opened");
    let streams: Vec<StreamId> = (0..commits / LENGTH)
        .map(|n| format!("task-writer/{n:08}").parse().expect("a stream"))
        .collect();
    for group in streams.chunks(streams.len().div_ceil(64)) {
        let grown = group.iter().map(|stream| {
            let (store, stream) = (store.clone(), stream.clone());
            tokio::spawn(async move { grow(&store, &stream, 1, [0; 32]).await })
        });
        for task in grown.collect::<Vec<_>>() {
            task.await.expect("grown");
        }
    }
    let key = SealKey::open(folder.path()).expect("a key");
    let now = "2026-11-20T10:00:00Z".parse().expect("a time");
    let time =
        |what: &str, began: Instant| println!("{what}: {:?} ({})", began.elapsed(), peak_memory());

    let began = Instant::now();
    seal_now(&store, &key, now).expect("sealed");
    time(&format!("first seal, {} leaves", streams.len()), began);

    let head = store
        .read_snapshot()
        .expect("begun")
        .head(&streams[0])
        .expect("read")
        .expect("it stands")
        .1;
    grow(&store, &streams[0], LENGTH + 1, head).await;
    let began = Instant::now();
    let mut seals = Seals::open(folder.path(), "acme").expect("read");
    time("reading the seals", began);
    let began = Instant::now();
    seals.seal(&store, &key, now).expect("sealed");
    time("second seal, 1 leaf", began);

    let began = Instant::now();
    let found = verify(folder.path(), &Options::default()).expect("verified");
    time(&format!("verifying {:?}", found.checked), began);
    assert!(found.ok, "{:?}", found.findings);
}
