//! What an append costs on this machine, beside what two bare commits of SQLite cost in the same run:
//! `cargo bench -p va-embedded --bench append [-- FOLDER]`. Ends with an error where a bound is broken.
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use std::{
    path::Path,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use rusqlite::Connection;
use va_domain::{
    commit::{Hash, StoredCommit},
    ids::StreamId,
};
use va_embedded::{OpenMode, Store};
use va_runtime::ports::{Journal as _, NewCommit};

const BODY: usize = 2_048;
const CALLERS: u64 = 64;
const EACH: u64 = 1_000;
const ALONE: u64 = 3_000;
const LONG: u64 = 10_000;
/// A stream's length must not show in what its commits cost.
const FLAT: f64 = 1.3;
/// What the journal may add to two bare commits.
const DEAR: u32 = 3;

fn commit(stream: &StreamId, version: u64, prev_hash: Hash) -> NewCommit {
    let body = format!(
        r#"{{"commit_id":"{version}","pad":"{}"}}"#,
        "p".repeat(BODY - 30)
    );
    let commit = StoredCommit::linked(stream.clone(), version, prev_hash, body);
    NewCommit {
        commit,
        commit_id: version.to_string(),
        events: 1,
        state: 0,
        due: None,
        blobs: Vec::new(),
    }
}

/// Appends so many commits to a stream; answers what each cost.
async fn grow(store: &Store, name: &str, commits: u64) -> Vec<Duration> {
    let stream: StreamId = name.parse().expect("a stream");
    let mut head = [0; 32];
    let mut times = Vec::new();
    for version in 1..=commits {
        let new = commit(&stream, version, head);
        head = new.commit.hash;
        let began = Instant::now();
        store.append(new).await.expect("appended");
        times.push(began.elapsed());
    }
    times
}

fn at(sorted: &[Duration], percent: usize) -> Duration {
    sorted[(sorted.len() - 1) * percent / 100]
}

fn bare(path: &Path) -> Vec<Duration> {
    let connection = Connection::open(path).expect("opened");
    connection.execute_batch("pragma journal_mode = wal; pragma synchronous = full; create table t (a integer primary key, b text);").expect("made");
    let body = "p".repeat(BODY);
    let mut times = Vec::new();
    for _ in 0..ALONE {
        let began = Instant::now();
        for _ in 0..2 {
            connection
                .prepare_cached("insert into t (b) values (?1)")
                .expect("prepared")
                .execute([&body])
                .expect("inserted");
        }
        times.push(began.elapsed());
    }
    times.sort();
    times
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    // Cargo adds arguments of its own, which begin with dashes.
    let folder = std::env::args()
        .skip(1)
        .find(|a| !a.starts_with('-'))
        .map_or_else(std::env::temp_dir, Into::into);
    let folder = tempfile::tempdir_in(folder).expect("a folder");
    let open = |name: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir(&path).expect("made");
        Store::open(&path, "acme", OpenMode::ReadWrite).expect("opened")
    };

    let store = Arc::new(open("many"));
    let began = Instant::now();
    let callers: Vec<_> = (0..CALLERS)
        .map(|n| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { grow(&store, &format!("task-writer/{n}"), EACH).await })
        })
        .collect();
    for caller in callers {
        caller.await.expect("appended");
    }
    let seconds = began.elapsed().as_secs_f64();
    let commits = store.counters().commits.load(Ordering::Relaxed);
    let transactions = store.counters().transactions.load(Ordering::Relaxed);
    println!(
        "{CALLERS} callers: {:.0} appends/s, {:.1} commits per fsync",
        commits as f64 / seconds,
        commits as f64 / transactions as f64
    );

    let mut alone = grow(&open("alone"), "goal/one", ALONE).await;
    alone.sort();
    let bare = bare(&folder.path().join("bare.db"));
    println!(
        "one caller: p50 {:?}, p99 {:?}; two bare commits: p50 {:?}, p99 {:?}",
        at(&alone, 50),
        at(&alone, 99),
        at(&bare, 50),
        at(&bare, 99)
    );

    let long = grow(&open("long"), "goal/long", LONG).await;
    let first: Duration = long[..1_000].iter().sum();
    let last: Duration = long[long.len() - 1_000..].iter().sum();
    println!("one stream of {LONG}: first thousand {first:?}, last thousand {last:?}");
    assert!(
        last.as_secs_f64() <= FLAT * first.as_secs_f64(),
        "the last thousand commits of a long stream took more than {FLAT} times what the first took"
    );
    assert!(
        at(&alone, 99) <= DEAR * at(&bare, 99),
        "an append's p99 is more than {DEAR} times that of two bare commits"
    );
}
