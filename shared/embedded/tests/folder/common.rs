//! A small company whose folder can be damaged.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use jiff::Timestamp;
use rusqlite::Connection;
use va_domain::{
    account::Entry,
    amounts::Amounts,
    commit::{Begins, CommitBody, FOLD_VERSION, MAX_STATE_INLINE, StoredCommit, StoredState},
    envelope::{Actor, Envelope, Fact},
    goal_spec::Priority,
    ids::{BlobId, StreamId},
    payload::{Payload, PublishCompleted},
    state::StreamState,
};
use va_embedded::{FolderSites, OpenMode, SealKey, Store, seal::seal_now, verify};
use va_runtime::ports::{Appended, Blob, Bytes, Journal as _, NewCommit, Sites as _};

pub(crate) fn now() -> Timestamp {
    "2026-11-20T10:00:00Z".parse().expect("a time")
}

pub(crate) fn stream(name: &str) -> StreamId {
    name.parse().expect("a stream")
}

/// A company in a folder of its own, with what it needs to make commits that fold.
pub(crate) struct Company {
    folder: tempfile::TempDir,
    store: Option<Store>,
    streams: BTreeMap<StreamId, (StreamState, [u8; 32])>,
}

/// What a commit says.
#[derive(Default)]
pub(crate) struct Act {
    pub(crate) parent: Option<StreamId>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) events: Vec<(&'static str, serde_json::Value)>,
    pub(crate) blobs: Vec<Bytes>,
    pub(crate) with_state: bool,
}

impl Company {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path(), "acme", OpenMode::ReadWrite).expect("opened");
        Self {
            folder,
            store: Some(store),
            streams: BTreeMap::new(),
        }
    }

    pub(crate) fn path(&self, within: &str) -> PathBuf {
        self.folder.path().join(within)
    }

    pub(crate) fn store(&self) -> &Store {
        self.store.as_ref().expect("it is open")
    }

    /// Closes the journal, which leaves everything in its one file.
    pub(crate) fn close(&mut self) {
        self.store = None;
    }

    pub(crate) fn reopen(&mut self) {
        self.store =
            Some(Store::open(self.folder.path(), "acme", OpenMode::ReadWrite).expect("opened"));
    }

    /// Closes the journal and changes it behind its back.
    pub(crate) fn damage(&mut self, sql: &str) {
        self.close();
        let connection = Connection::open(self.path("journal.db")).expect("opened");
        connection.execute_batch(sql).expect("damaged");
    }

    pub(crate) async fn append(&mut self, name: &str, act: Act) -> StoredCommit {
        let of = stream(name);
        let (state, head) = self
            .streams
            .entry(of.clone())
            .or_insert_with(|| (StreamState::new(of.clone()), [0; 32]));
        let version = state.version + 1;
        let mut blobs: Vec<Blob> = act.blobs.into_iter().map(Blob::of).collect();
        let events = (0..)
            .zip(act.events)
            .map(|(n, (event_type, payload))| event(&of, version, n, event_type, &payload));
        let mut body = CommitBody {
            commit_id: format!("{}-{version}", of.id()),
            company: "acme".to_owned(),
            stream: of.clone(),
            version,
            at: now(),
            begins: act.parent.map(|parent| Begins {
                parent: Some(parent),
                grant: None,
            }),
            events: events.collect(),
            opens: Vec::new(),
            closes: Vec::new(),
            entries: act.entries,
            seen: Vec::new(),
            blobs: blobs.iter().map(|blob| blob.id().clone()).collect(),
            state: None,
        };
        state.apply(&body).expect("it folds");
        if act.with_state {
            let text = serde_json::to_string(state).expect("JSON");
            body.state = Some(if text.len() <= MAX_STATE_INLINE {
                let inline = serde_json::value::RawValue::from_string(text).expect("JSON");
                StoredState {
                    fold: FOLD_VERSION,
                    inline: Some(inline),
                    blob: None,
                }
            } else {
                let blob = Blob::of(text.into_bytes());
                let id = blob.id().clone();
                blobs.push(blob);
                StoredState {
                    fold: FOLD_VERSION,
                    inline: None,
                    blob: Some(id),
                }
            });
        }
        let text = serde_json::to_string(&body).expect("JSON");
        let commit = StoredCommit::linked(of, version, *head, text);
        *head = commit.hash;
        let new = NewCommit {
            blobs,
            ..NewCommit::copy_of(commit.clone()).expect("a commit")
        };
        assert_eq!(
            self.store().append(new).await.expect("appended"),
            Appended::Committed
        );
        commit
    }

    pub(crate) async fn grow(&mut self, name: &str, commits: u32) {
        for _ in 0..commits {
            self.append(name, Act::default()).await;
        }
    }

    /// Publishes a site and says so.
    pub(crate) async fn publish(&mut self, site: &str, files: &[(&str, &str)]) {
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), Arc::from(text.as_bytes())))
            .collect();
        let sites = FolderSites::new(self.folder.path());
        let sums = sites.publish(site, 1, files).await.expect("published");
        let list: Bytes = Arc::from(serde_json::to_vec(&sums).expect("JSON"));
        let done = PublishCompleted {
            site: site.to_owned(),
            site_version: 1,
            url: "https://example.org/".to_owned(),
            status: "published".to_owned(),
            checksums: BlobId::of(&list),
        };
        let events = vec![(
            PublishCompleted::TYPE,
            serde_json::to_value(done).expect("JSON"),
        )];
        self.append(
            &format!("site/{site}"),
            Act {
                events,
                blobs: vec![list],
                ..Act::default()
            },
        )
        .await;
    }

    /// Seals what has grown; answers the root.
    pub(crate) fn seal(&self) -> String {
        let key = SealKey::open(self.folder.path()).expect("a key");
        seal_now(self.store(), &key, now())
            .expect("sealed")
            .expect("something new")
            .root
    }

    pub(crate) fn verify(&self) -> verify::Verification {
        self.verify_with(&verify::Options::default())
    }

    pub(crate) fn verify_with(&self, options: &verify::Options) -> verify::Verification {
        verify::verify(self.folder.path(), options).expect("verified")
    }

    /// Verification must find these kinds, and no other.
    #[track_caller]
    pub(crate) fn finds(&self, kinds: &[verify::Kind]) {
        let found = self.verify();
        let mut seen: Vec<verify::Kind> =
            found.findings.iter().map(|finding| finding.kind).collect();
        seen.sort();
        seen.dedup();
        assert_eq!(seen, kinds, "{:#?}", found.findings);
        assert_eq!(found.ok, kinds.is_empty());
    }
}

pub(crate) fn euros(micros: i64) -> Amounts {
    Amounts::new(micros, 0, 0)
}

fn event(
    of: &StreamId,
    version: u64,
    n: u32,
    event_type: &str,
    payload: &serde_json::Value,
) -> Envelope {
    Envelope {
        event_type: event_type.to_owned(),
        schema_version: 1,
        event_id: format!("{of}@{version}.{n}"),
        company: "acme".to_owned(),
        home: "hq".to_owned(),
        epoch: 1,
        source_agent: "va-agent-publisher-test".to_owned(),
        agent_id: "publisher".to_owned(),
        actor: Actor::Agent,
        targets: Vec::new(),
        to: Vec::new(),
        grant: None,
        priority: Priority::default(),
        depth: 1,
        timestamp: now(),
        correlation_id: "goal/a".to_owned(),
        causation: None,
        traceparent: String::new(),
        stream: of.clone(),
        version,
        payload: Fact::of(payload).expect("JSON"),
    }
}

/// Two sealed streams with blobs and states, a sealed site, and one commit that is not sealed.
pub(crate) async fn company() -> Company {
    let mut company = Company::new();
    company.grow("goal/a", 3).await;
    let blobs = vec![Arc::from(&b"small"[..]), Arc::from(vec![7; 100_000])];
    company
        .append(
            "goal/a",
            Act {
                blobs,
                with_state: true,
                ..Act::default()
            },
        )
        .await;
    company.grow("goal/b", 2).await;
    company.seal();
    company.grow("goal/b", 2).await;
    company
        .publish("guide", &[("index.html", "<p>1"), ("posts/a.html", "<p>2")])
        .await;
    company.seal();
    company.grow("goal/a", 1).await;
    company
}
