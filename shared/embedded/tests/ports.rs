//! Both homes of one machine keep what the ports promise.

use std::sync::Arc;

use va_conformance::{Home, run};
use va_embedded::{MemoryStore, OpenMode, Store, SystemWorld};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_keeps_what_the_ports_promise() {
    let report = run(|| {
        let (one, two) = (
            tempfile::tempdir().expect("a folder"),
            tempfile::tempdir().expect("a folder"),
        );
        let open = |folder: &tempfile::TempDir, company| {
            Arc::new(Store::open(folder.path(), company, OpenMode::ReadWrite).expect("opened"))
        };
        let (acme, other) = (open(&one, "acme"), open(&two, "other"));
        Home::new(acme.clone(), other.clone())
            .with_blobs(acme, other)
            .with_world(Arc::new(SystemWorld))
            .keeping((one, two))
    })
    .await;
    assert!(report.failures().is_empty(), "\n{report}");
}

#[tokio::test]
async fn memory_keeps_what_the_ports_promise() {
    let report = run(|| {
        let (acme, other) = (Arc::new(MemoryStore::new()), Arc::new(MemoryStore::new()));
        Home::new(acme.clone(), other.clone()).with_blobs(acme, other)
    })
    .await;
    assert!(report.failures().is_empty(), "\n{report}");
}
