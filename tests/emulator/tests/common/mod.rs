//! What the tests on the emulator share.

#![allow(dead_code, reason = "each test file uses a part")]

pub mod board;
pub mod company;

use std::{collections::BTreeSet, path::PathBuf};

use jiff::Timestamp;
use va_agents::manifest::manifest;
use va_aws::{Aws, Names, journal::DynamoJournal};
use va_domain::{
    commit::{Hash, StoredCommit},
    ids::StreamId,
};
use va_emulator::{
    ACCOUNT, Chaos, Clients, Deployment, Emulator, Options, create_bucket, create_table,
};
use va_runtime::ports::NewCommit;

/// Where the binaries lie: `VA_BINARIES`, else beside the test's own profile.
pub fn binaries() -> PathBuf {
    std::env::var_os("VA_BINARIES").map_or_else(
        || {
            let own = std::env::current_exe().expect("the test's own path");
            own.ancestors()
                .nth(2)
                .expect("target/<profile>/deps")
                .to_owned()
        },
        PathBuf::from,
    )
}

/// A table and buckets, and nothing that listens to them.
pub async fn stores(emulator: &Emulator) -> Aws {
    let clients = Clients::new(&emulator.endpoint(), ACCOUNT);
    let (table, blobs, sites) = ("va-stores", "va-stores-blobs", "va-stores-sites");
    create_table(&clients.dynamodb, &manifest().table, table)
        .await
        .expect("a table");
    for bucket in [blobs, sites] {
        create_bucket(&clients.s3, bucket).await.expect("a bucket");
    }
    let names = [
        ("VA_COMPANY", "acme"),
        ("VA_ENV", "dev"),
        ("VA_TABLE", table),
        ("VA_BLOB_BUCKET", blobs),
        ("VA_SITE_BUCKET", sites),
        ("VA_S3_PATH_STYLE", "1"),
    ];
    let names = Names::new(names.map(|(name, value)| (name.to_owned(), value.to_owned())));
    Aws::new(names.expect("names"), clients.sdk)
}

/// A company in which no function listens to the reviewer's queue, so that a test does, and whose clock a test moves.
pub async fn deployment(emulator: &Emulator, chaos: Option<Chaos>) -> Deployment {
    let mut manifest = manifest();
    manifest.clock.schedule = "rate(1 day)".to_owned();
    let options = Options {
        chaos,
        deaf: BTreeSet::from(["reviewer".to_owned()]),
        ..Options::default()
    };
    Deployment::create(emulator, manifest, &binaries(), options)
        .await
        .unwrap_or_else(|e| panic!("{}\n{}", xtask::error::chain(&e), emulator.log()))
}

/// The journal of a company, for one who reads and appends beside the functions.
pub fn journal(deployment: &Deployment) -> DynamoJournal {
    let aws = deployment.aws().expect("names");
    aws.journal().expect("a table")
}

pub fn stream(name: &str) -> StreamId {
    name.parse().expect("a stream")
}

/// A commit that tells `to` of something.
pub fn commit(
    of: &str,
    version: u64,
    prev_hash: Hash,
    to: Option<&str>,
    due: Option<Timestamp>,
) -> NewCommit {
    let targets = to.map_or("[]".to_owned(), |to| format!(r#"[{{"stream":"{to}"}}]"#));
    let roles = to.map_or("[]".to_owned(), |to| {
        format!(
            r#"["{}"]"#,
            va_domain::roles::owner(to.split('/').next().unwrap_or(""))
        )
    });
    let id = format!("c-{of}-{version}");
    let body = format!(
        r#"{{"commit_id":"{id}","company":"acme","stream":"{of}","version":{version},"at":"2026-11-20T10:00:00Z","events":[{{
        "event_type":"ContentReady","schema_version":1,"event_id":"{of}@{version}.0","company":"acme","home":"hq","epoch":0,
        "source_agent":"va-agent-contentgen-test","agent_id":"a","actor":"agent","for":{targets},"to":{roles},"priority":"P1",
        "depth":1,"timestamp":"2026-11-20T10:00:00Z","correlation_id":"goal/g","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "stream":"{of}","version":{version},"payload":{{}}}}]}}"#
    );
    let commit = StoredCommit::linked(stream(of), version, prev_hash, body);
    NewCommit {
        due,
        ..NewCommit::copy_of(commit).expect("a commit")
    }
}
