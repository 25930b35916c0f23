//! Every byte of the journal's file.

use std::{
    fs,
    task::{Context, Poll, Waker},
};

use va_domain::{commit::StoredCommit, ids::BlobId};
use va_embedded::{
    OpenMode, Store,
    export::export,
    verify::{Options, verify},
};
use va_runtime::ports::{Blobs as _, Bytes};

use crate::common::{Company, company};

/// What proof rests on.
#[derive(Debug, PartialEq)]
struct Contents {
    lines: Vec<u8>,
    rows: Vec<StoredCommit>,
    blobs: Vec<Bytes>,
}

/// As much as can still be read.
fn contents(company: &Company) -> Result<Contents, String> {
    let store =
        Store::open(&company.path(""), "acme", OpenMode::ReadOnly).map_err(|e| e.to_string())?;
    let mut lines = Vec::new();
    export(&store, &mut lines).map_err(|e| e.to_string())?;
    let rows = store.rows_after(0, 100).map_err(|e| e.to_string())?;
    let mut blobs = Vec::new();
    for text in [&b"small"[..], &[7; 100_000]] {
        blobs.push(block_on(store.get(&BlobId::of(text))).map_err(|e| e.to_string())?);
    }
    let rows = rows.into_iter().map(|logged| logged.commit).collect();
    Ok(Contents { lines, rows, blobs })
}

/// Reads wait for nothing.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    match std::pin::pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => panic!("a read of a file waits for nothing"),
    }
}

/// Whatever byte of the file changes: verification finds something, or all that proof rests on reads as before.
#[tokio::test]
async fn a_changed_byte_anywhere_in_the_file_is_found_or_changes_nothing() {
    let mut company = company().await;
    company.close();
    let path = company.path("journal.db");
    let whole = fs::read(&path).expect("a file");
    let before = contents(&company).expect("whole");
    let step: usize =
        std::env::var("VA_FLIP_STEP").map_or(61, |step| step.parse().expect("a number"));
    let mut found = 0;
    for at in (0..whole.len()).step_by(step) {
        let mut changed = whole.clone();
        changed[at] ^= 0x11;
        fs::write(&path, changed).expect("written");
        if verify(&company.path(""), &Options::default()).is_ok_and(|found| found.ok) {
            assert_eq!(contents(&company).as_ref(), Ok(&before), "the byte at {at}");
        } else {
            found += 1;
        }
        for left in ["journal.db-wal", "journal.db-shm"] {
            drop(fs::remove_file(company.path(left)));
        }
    }
    assert!(found > 50, "{found} changes were found");
}
