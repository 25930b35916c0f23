//! A process that is killed at any point: what it said it had written stands, and nothing is half there.

use std::{
    collections::BTreeMap,
    env, fs,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use va_domain::commit::StoredCommit;
use va_embedded::{FolderSites, OpenMode, Store, WorkerLock, seal::seal_now, verify};
use va_runtime::ports::{Appended, Bytes, Journal as _, NewCommit, Sites as _};

use crate::common::stream;

const FOLDER: &str = "VA_KILLED_FOLDER";

fn next(before: Option<&StoredCommit>) -> NewCommit {
    let (version, prev_hash) = before.map_or((1, [0; 32]), |c| (c.version + 1, c.hash));
    let commit_id = format!("a-{version}");
    let body = format!(
        r#"{{"commit_id":"{commit_id}","company":"acme","stream":"goal/a","version":{version},"at":"2026-11-20T10:00:00Z","events":[]}}"#
    );
    let commit = StoredCommit::linked(stream("goal/a"), version, prev_hash, body);
    NewCommit::copy_of(commit).expect("a commit")
}

fn site(version: u64) -> BTreeMap<String, Bytes> {
    let text: Bytes = Arc::from(version.to_string().as_bytes());
    (0..20)
        .map(|n| (format!("posts/{n}.html"), Arc::clone(&text)))
        .collect()
}

/// The process that is killed. It says each version once that stands, until it dies.
#[tokio::test]
#[ignore = "started by the test below"]
async fn writes_until_it_is_killed() {
    let Some(folder) = env::var_os(FOLDER) else {
        return;
    };
    let folder = Path::new(&folder);
    let _lock = WorkerLock::take(folder).expect("the one before is dead");
    let store = Store::open(folder, "acme", OpenMode::ReadWrite).expect("opened");
    let sites = FolderSites::new(folder);
    sites.tidy().expect("tidied");
    let mut last = store.tail(&stream("goal/a")).await.expect("read").pop();
    loop {
        let new = next(last.as_ref());
        last = Some(new.commit.clone());
        let version = new.commit.version;
        assert_eq!(
            store.append(new).await.expect("appended"),
            Appended::Committed
        );
        sites
            .publish("guide", version, site(version))
            .await
            .expect("published");
        let mut out = std::io::stdout().lock();
        writeln!(out, "stands {version}")
            .and_then(|()| out.flush())
            .expect("heard");
    }
}

#[tokio::test]
async fn what_a_killed_process_said_stands_and_nothing_is_half_there() {
    let folder = tempfile::tempdir().expect("a folder");
    for round in 1..=8_usize {
        let mut child = Command::new(env::current_exe().expect("this test"))
            .args([
                "--exact",
                "kill::writes_until_it_is_killed",
                "--ignored",
                "--nocapture",
            ])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("started");
        let out = BufReader::new(child.stdout.take().expect("its output"));
        let said = out
            .lines()
            .map_while(Result::ok)
            .filter_map(|line| line.split_once("stands ")?.1.parse::<u64>().ok());
        let said = said.take(round * 7).last().expect("it says something");
        child.kill().expect("killed");
        child.wait().expect("dead");

        let standing = FolderSites::new(folder.path())
            .standing("guide")
            .await
            .expect("read")
            .expect("a site");
        let texts = fs::read_dir(folder.path().join("sites/guide/posts")).expect("listed");
        let texts: Vec<_> = texts
            .map(|entry| fs::read_to_string(entry.expect("an entry").path()).expect("read"))
            .collect();
        assert!(
            standing.len() == 20 && texts.iter().all(|text| *text == texts[0]),
            "half a site: {texts:?}"
        );

        let store = Store::open(folder.path(), "acme", OpenMode::ReadWrite).expect("opened");
        let newest = store
            .tail(&stream("goal/a"))
            .await
            .expect("read")
            .pop()
            .expect("commits");
        assert!(
            newest.version >= said,
            "it said {said}, and {} stands",
            newest.version
        );
        assert_eq!(
            store.append(next(Some(&newest))).await.expect("it goes on"),
            Appended::Committed
        );
        let key = va_embedded::SealKey::open(folder.path()).expect("a key");
        seal_now(&store, &key, crate::common::now())
            .expect("sealed")
            .expect("something new");
        drop(store);
        let found = verify::verify(folder.path(), &verify::Options::default()).expect("verified");
        assert!(found.ok, "{:#?}", found.findings);
    }
}
