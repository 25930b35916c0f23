//! One changed, removed, reordered or rolled-back byte of anything sealed is found by `va verify`, and named.

mod bytes;
#[path = "../common/mod.rs"]
mod common;
mod company;
mod export;
mod forgery;

use std::fs;

use company::proven;

#[test]
fn an_untouched_company_is_whole_under_both_of_its_roots() {
    let copy = proven().copy();
    let found = copy.is_whole(&[]);
    assert_eq!(found["findings"].as_array().map(Vec::len), Some(0));
    assert_eq!(
        (
            found["unsealed_commits"].as_u64(),
            found["checked"]["seals"].as_u64()
        ),
        (Some(0), Some(2))
    );
    for (what, least) in [
        ("streams", 10),
        ("commits", 40),
        ("events", 80),
        ("states", 1),
        ("blobs", 40),
        ("site_files", 15),
    ] {
        let seen = found["checked"][what].as_u64().expect("a count");
        assert!(seen >= least, "{seen} {what}");
    }
    for root in &proven().roots {
        copy.is_whole(&["--root", root]);
    }
    let key = copy.path("keys/seal.pub").display().to_string();
    copy.is_whole(&["--public-key", &key]);
}

#[test]
fn the_last_commit_of_a_stream_that_is_deleted_is_a_truncation() {
    let copy = proven().copy();
    let rows = copy.rows();
    let last = rows.iter().max_by_key(|r| r.version).expect("a row");
    copy.sql(&format!("delete from commits where row = {}", last.row));
    let findings = copy.finds(&["truncated"]);
    assert_eq!(
        (
            findings[0]["stream"].as_str(),
            findings[0]["version"].as_u64()
        ),
        (Some(&*last.stream), Some(last.version))
    );
}

#[test]
fn the_newest_commit_of_the_journal_that_is_deleted_is_found() {
    let copy = proven().copy();
    let last = copy.rows().pop().expect("a row");
    copy.sql(&format!("delete from commits where row = {}", last.row));
    let kind = if last.version == 1 {
        "missing_stream"
    } else {
        "truncated"
    };
    assert_eq!(
        copy.finds(&[kind])[0]["stream"].as_str(),
        Some(&*last.stream)
    );
}

#[test]
fn a_commit_deleted_between_others_is_a_gap() {
    let copy = proven().copy();
    let rows = copy.rows();
    let longest = rows.iter().max_by_key(|r| r.version).expect("a row");
    copy.sql(&format!(
        "delete from commits where stream = '{}' and version = 2",
        longest.stream
    ));
    let findings = copy.finds(&["gap"]);
    assert_eq!(
        (
            findings[0]["stream"].as_str(),
            findings[0]["version"].as_u64()
        ),
        (Some(&*longest.stream), Some(2))
    );
}

#[test]
fn a_stream_that_is_deleted_is_named() {
    let copy = proven().copy();
    let streams: std::collections::BTreeSet<String> =
        copy.rows().into_iter().map(|r| r.stream).collect();
    for stream in &streams {
        let copy = proven().copy();
        copy.sql(&format!("delete from commits where stream = '{stream}'"));
        let found = copy.verify(&[]).ends(7).json();
        let findings = found["findings"].as_array().cloned().unwrap_or_default();
        assert!(
            findings
                .iter()
                .any(|f| f["kind"] == "missing_stream" && f["stream"] == **stream),
            "{stream}: {findings:#?}"
        );
    }
}

#[test]
fn two_commits_that_changed_places_are_found() {
    let copy = proven().copy();
    let rows = copy.rows();
    let longest = rows
        .iter()
        .max_by_key(|r| r.version)
        .expect("a row")
        .stream
        .clone();
    let place = |from: u64, to: u64| {
        format!(
            "update commits set version = {to} where stream = '{longest}' and version = {from};"
        )
    };
    copy.sql(&[place(2, 9_999), place(3, 2), place(9_999, 3)].concat());
    let findings = copy.finds(&["commit_hash"]);
    for version in [2, 3] {
        assert!(
            findings
                .iter()
                .any(|f| f["stream"] == *longest && f["version"] == version),
            "{version}: {findings:#?}"
        );
    }
}

#[test]
fn two_bodies_that_changed_places_are_found() {
    let copy = proven().copy();
    let rows = copy.rows();
    let [a, b] = [&rows[4], &rows[9]];
    copy.sql(&format!(
        "create temp table kept as select row, body from commits where row in ({0}, {1});
         update commits set body = (select body from kept where row = {1}) where row = {0};
         update commits set body = (select body from kept where row = {0}) where row = {1};",
        a.row, b.row
    ));
    copy.finds(&["commit_hash"]);
}

#[test]
fn yesterdays_journal_under_todays_seal_is_a_rollback() {
    let copy = proven().copy();
    fs::write(copy.path("journal.db"), &proven().yesterday).expect("rolled back");
    let findings = copy.finds(&["rollback"]);
    assert!(
        findings.iter().all(|f| f["path"] == "seals/000002.json"),
        "{findings:#?}"
    );
    copy.finds_with(&["--root", &proven().roots[1]], &["rollback"]);
}

#[test]
fn yesterdays_journal_and_seals_are_found_by_the_root_that_was_kept() {
    let copy = proven().copy();
    fs::write(copy.path("journal.db"), &proven().yesterday).expect("rolled back");
    fs::remove_file(copy.path("seals/000002.json")).expect("removed");
    fs::remove_dir_all(copy.path("sites")).expect("removed");
    copy.is_whole(&[]);
    copy.is_whole(&["--root", &proven().roots[0]]);
    copy.finds_with(&["--root", &proven().roots[1]], &["seal_root"]);
}

#[test]
fn files_of_the_site_that_are_changed_missing_or_strange_are_named() {
    let copy = proven().copy();
    let index = copy.path("sites/lamp-guide/index.html");
    let mut bytes = fs::read(&index).expect("a page");
    bytes.extend(b"<!-- -->");
    fs::write(index, bytes).expect("changed");
    fs::remove_file(copy.path("sites/lamp-guide/feed.xml")).expect("removed");
    fs::write(copy.path("sites/lamp-guide/posts/extra.html"), "<p>").expect("added");
    let findings = copy.finds(&["site_file"]);
    let paths: Vec<&str> = findings.iter().filter_map(|f| f["path"].as_str()).collect();
    assert_eq!(
        paths,
        [
            "sites/lamp-guide/feed.xml",
            "sites/lamp-guide/index.html",
            "sites/lamp-guide/posts/extra.html"
        ]
    );
}

#[test]
fn a_blob_that_is_gone_is_named() {
    let copy = proven().copy();
    copy.sql("delete from blobs where rowid = (select min(rowid) from blobs)");
    copy.finds(&["blob"]);
}

#[test]
fn a_seal_that_is_gone_is_missed_by_the_next() {
    let copy = proven().copy();
    fs::remove_file(copy.path("seals/000001.json")).expect("removed");
    copy.finds(&["seal_root"]);
}

#[test]
fn verification_changes_nothing_and_a_folder_that_is_no_company_is_bad_input() {
    let copy = proven().copy();
    copy.is_whole(&[]);
    let before = common::files(&copy.home);
    copy.is_whole(&[]);
    let beside = |name: &String| name.ends_with("-wal") || name.ends_with("-shm");
    let after: Vec<_> = common::files(&copy.home)
        .into_iter()
        .filter(|(name, _)| !beside(name))
        .collect();
    assert_eq!(
        before
            .into_iter()
            .filter(|(name, _)| !beside(name))
            .collect::<Vec<_>>(),
        after
    );
    fs::create_dir(copy.place.path("empty")).expect("a folder");
    copy.place.va(&["verify", "--home", "empty"]).ends(2);
    copy.place.va(&["verify", "--home", "nowhere"]).ends(2);
}

#[test]
fn a_ruined_journal_is_a_finding() {
    let copy = proven().copy();
    fs::write(copy.path("journal.db"), "this was a journal").expect("ruined");
    copy.finds(&["commit_hash"]);
}
