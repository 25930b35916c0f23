//! What the tests on the emulator share.

#![allow(dead_code, reason = "each test file uses a part")]

pub mod company;

use std::{collections::BTreeSet, path::PathBuf};

use jiff::Timestamp;
use va_agents::manifest::Manifest;
use va_domain::{
    commit::{Hash, StoredCommit, link},
    ids::StreamId,
};
use va_emulator::{Chaos, Deployment, Emulator, Options};
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

/// The manifest with one agent, to which no function listens, so that a test does.
pub fn manifest() -> Manifest {
    let mut manifest = va_agents::manifest::manifest();
    manifest.agents.retain(|agent| agent.role == "reviewer");
    manifest
}

pub async fn deployment(emulator: &Emulator, chaos: Option<Chaos>) -> Deployment {
    let options = Options {
        chaos,
        deaf: BTreeSet::from(["reviewer".to_owned()]),
        ..Options::default()
    };
    Deployment::create(emulator, manifest(), &binaries(), options)
        .await
        .expect("a deployment")
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
    let hash = link(&prev_hash, body.as_bytes());
    let commit = StoredCommit {
        stream: stream(of),
        version,
        prev_hash,
        hash,
        body: body.into(),
    };
    NewCommit {
        commit,
        commit_id: id,
        events: 1,
        due,
        blobs: Vec::new(),
    }
}
