//! The ports on AWS keep what the ports promise: the same suite as at home, on the emulator and on any
//! DynamoDB that `VA_TEST_DYNAMODB_ENDPOINT` names.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use va_agents::manifest::manifest;
use va_aws::{blobs::S3Blobs, journal::DynamoJournal};
use va_conformance::{Home, run};
use va_emulator::{Clients, Emulator, create_bucket, create_table};

/// The account of these tests: twelve digits, which emulators take for one of its own.
const ACCOUNT: &str = "000000000004";

/// Homes of two companies each, which no home before has seen, in one table.
struct Homes {
    clients: Clients,
    table: String,
    bucket: Option<String>,
    made: AtomicU32,
}

impl Homes {
    async fn create(clients: Clients, table: String, bucket: Option<String>) -> Self {
        create_table(&clients.dynamodb, &manifest().table, &table)
            .await
            .expect("a table");
        if let Some(bucket) = &bucket {
            create_bucket(&clients.s3, bucket).await.expect("a bucket");
        }
        Self {
            clients,
            table,
            bucket,
            made: AtomicU32::new(0),
        }
    }

    fn journal(&self, company: &str) -> Arc<DynamoJournal> {
        let (client, table) = (self.clients.dynamodb.clone(), self.table.clone());
        Arc::new(match self.blobs(company) {
            Some(blobs) => DynamoJournal::new(client, table, company, blobs),
            None => DynamoJournal::without_blobs(client, table, company),
        })
    }

    fn blobs(&self, company: &str) -> Option<Arc<S3Blobs>> {
        let bucket = self.bucket.clone()?;
        Some(Arc::new(S3Blobs::new(
            self.clients.s3.clone(),
            bucket,
            company,
        )))
    }

    fn next(&self) -> Home {
        let n = self.made.fetch_add(1, Ordering::Relaxed);
        let (one, two) = (format!("one-{n}"), format!("two-{n}"));
        let home = Home::new(self.journal(&one), self.journal(&two));
        match (self.blobs(&one), self.blobs(&two)) {
            (Some(blobs), Some(others)) => home.with_blobs(blobs, others),
            _ => home,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn dynamodb_and_s3_keep_what_the_ports_promise() {
    let emulator = Emulator::start().await.expect("the emulator");
    let clients = Clients::new(&emulator.endpoint(), ACCOUNT);
    let (table, bucket) = ("va-conformance".to_owned(), "va-conformance".to_owned());
    let homes = Homes::create(clients, table, Some(bucket)).await;
    let report = run(|| homes.next()).await;
    assert!(report.failures().is_empty(), "\n{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn any_dynamodb_that_is_named_keeps_what_the_journal_promises() {
    let Ok(endpoint) = std::env::var("VA_TEST_DYNAMODB_ENDPOINT") else {
        eprintln!("VA_TEST_DYNAMODB_ENDPOINT names no DynamoDB, so none is tested");
        return;
    };
    let clients = Clients::from_env(&endpoint, ACCOUNT);
    let table = format!("va-conformance-{}", std::process::id());
    let homes = Homes::create(clients, table, None).await;
    let report = run(|| homes.next()).await;
    let removed = homes
        .clients
        .dynamodb
        .delete_table()
        .table_name(&homes.table)
        .send()
        .await;
    assert!(report.failures().is_empty(), "\n{report}");
    removed.expect("the table of these tests is removed");
}
