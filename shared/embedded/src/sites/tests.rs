use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use super::*;

fn text_files<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> BTreeMap<String, Bytes> {
    files
        .into_iter()
        .map(|(path, text)| (path.to_owned(), Arc::from(text.as_bytes())))
        .collect()
}

fn site(version: usize) -> BTreeMap<String, Bytes> {
    let name = format!("only-in-{version}.html");
    let text = format!("version {version}");
    text_files([
        ("index.html", text.as_str()),
        ("posts/a.html", &text),
        (&name, &text),
    ])
}

#[tokio::test]
async fn a_site_is_exactly_the_files_of_its_newest_version() {
    let folder = tempfile::tempdir().expect("a folder");
    let sites = FolderSites::new(folder.path());
    assert_eq!(sites.standing("guide").await.expect("looked"), None);
    for version in 1..4 {
        let sums = sites
            .publish("guide", 1, site(version))
            .await
            .expect("published");
        assert_eq!(sums.len(), 3);
        assert_eq!(sites.standing("guide").await.expect("looked"), Some(sums));
    }
    let left = fs::read_dir(folder.path().join("sites"))
        .expect("listed")
        .count();
    assert_eq!(left, 1, "nothing stays beside the site");
    sites
        .sync(&["guide", "never-published"], &[])
        .expect("synced");
    sites
        .sync(&["guide"; ONE_BY_ONE + 1], &["never-written"])
        .expect("synced");
    let refused = sites.sync(&[&["guide"; ONE_BY_ONE][..], &["../guide"]].concat(), &[]);
    refused.expect_err("no folder of ours");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_meets_one_version_at_every_instant() {
    let folder = tempfile::tempdir().expect("a folder");
    let sites = FolderSites::new(folder.path());
    sites.publish("guide", 0, site(0)).await.expect("published");
    let path = folder.path().join("sites/guide/index.html");
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let reader = std::thread::spawn(move || {
        let mut reads = 0_u32;
        while !stopped.load(Ordering::Relaxed) {
            let text = fs::read_to_string(&path).expect("an index stands at every instant");
            assert!(text.starts_with("version "));
            reads += 1;
        }
        reads
    });
    for version in 1..200 {
        sites
            .publish("guide", 1, site(version))
            .await
            .expect("published");
    }
    stop.store(true, Ordering::Relaxed);
    assert!(reader.join().expect("every read found a site") > 0);
}

#[tokio::test]
async fn what_a_killed_process_left_is_removed_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let sites = FolderSites::new(folder.path());
    sites.publish("guide", 1, site(1)).await.expect("published");
    sites.report("0b1c", site(1)).await.expect("written");
    for left in ["sites/.guide.2.tmp/posts", "reports/.0b1c.0.tmp"] {
        fs::create_dir_all(folder.path().join(left)).expect("left behind");
    }
    sites.tidy().expect("tidied");
    for (parent, only) in [("sites", "guide"), ("reports", "0b1c")] {
        let names: Vec<_> = fs::read_dir(folder.path().join(parent))
            .expect("listed")
            .map(|entry| entry.expect("an entry").file_name())
            .collect();
        assert_eq!(names, [only]);
    }
}

#[tokio::test]
async fn no_path_leads_out_of_the_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let sites = FolderSites::new(folder.path());
    for path in [
        "",
        "/etc/x",
        "../x",
        "a/../../x",
        "a//b",
        "./a",
        "a\\b",
        "a\nb",
        "c:d",
        "a/",
        "x.",
        &"a".repeat(300),
    ] {
        let error = sites
            .publish("guide", 1, text_files([(path, "x")]))
            .await
            .expect_err(path);
        assert_eq!(error.code(), "port_refused", "{path:?}");
    }
    let both = text_files([("a", "x"), ("a/b", "x")]);
    assert_eq!(
        sites
            .publish("guide", 1, both)
            .await
            .expect_err("both")
            .code(),
        "port_refused"
    );
    for name in ["", "..", ".hidden", "a/b", "A", "a b"] {
        assert_eq!(
            sites.standing(name).await.expect_err(name).code(),
            "port_refused",
            "{name:?}"
        );
    }
    assert!(!folder.path().join("sites").exists());
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_in_a_site_is_damage() {
    let folder = tempfile::tempdir().expect("a folder");
    let sites = FolderSites::new(folder.path());
    sites.publish("guide", 1, site(1)).await.expect("published");
    std::os::unix::fs::symlink("index.html", folder.path().join("sites/guide/b.html"))
        .expect("linked");
    assert_eq!(
        sites.standing("guide").await.expect_err("a link").code(),
        "port_damaged"
    );
}
