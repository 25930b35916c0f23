//! Whatever is done to a company's folder, verification says so, and says what.

use std::fs;

use va_domain::{account::Entry, commit::link, ids::BlobId};
use va_embedded::{
    export::export,
    keys::read_public_key,
    verify::{Kind, Options, verify, verify_export},
};

use crate::common::{Act, Company, company, euros, stream};

#[tokio::test]
async fn an_untouched_company_is_whole() {
    let company = company().await;
    let found = company.verify();
    assert!(found.ok, "{:#?}", found.findings);
    let seen = found.checked;
    assert_eq!(
        (seen.streams, seen.commits, seen.events, seen.states),
        (3, 10, 1, 1)
    );
    assert_eq!((seen.blobs, seen.seals, seen.site_files), (3, 2, 2));
    assert_eq!(found.unsealed_commits, 1);
    let json = serde_json::to_value(&found).expect("JSON");
    assert_eq!(json["checked"]["site_files"], 2);
}

#[tokio::test]
async fn nothing_new_makes_no_seal() {
    let company = company().await;
    company.seal();
    let key = va_embedded::SealKey::open(&company.path("")).expect("a key");
    let again =
        va_embedded::seal::seal_now(company.store(), &key, crate::common::now()).expect("looked");
    assert_eq!(again, None);
    assert!(company.path("seals/000003.json").exists());
}

#[tokio::test]
async fn a_changed_byte_of_a_commit_is_found_where_it_is() {
    let mut company = company().await;
    company.damage("update commits set body = replace(body, '2026', '2025') where stream = 'goal/b' and version = 2");
    company.finds(&[Kind::CommitHash]);
    let finding = &company.verify().findings[0];
    assert_eq!(
        (finding.stream.as_deref(), finding.version),
        (Some("goal/b"), Some(2))
    );
}

#[tokio::test]
async fn no_column_of_a_commit_can_be_changed() {
    for change in [
        "hash = zeroblob(32)",
        "hash = x'00'",
        "prev_hash = x''",
        "commit_id = 'other'",
        "has_state = 1",
        "body = '{'",
        "body = cast(x'ff00' as text)",
        "version = 9",
        "stream = 'goal/c'",
        "stream = 'x'",
    ] {
        let mut company = company().await;
        company.damage(&format!(
            "update commits set {change} where stream = 'goal/b' and version = 4"
        ));
        assert!(!company.verify().ok, "{change}");
    }
}

#[tokio::test]
async fn a_commit_missing_between_others_is_a_gap() {
    let mut company = company().await;
    company.damage("delete from commits where stream = 'goal/b' and version = 2");
    company.finds(&[Kind::Gap]);
}

#[tokio::test]
async fn a_missing_last_commit_is_a_truncation() {
    let mut company = company().await;
    company.damage("delete from commits where stream = 'goal/b' and version = 4");
    company.finds(&[Kind::Truncated]);
}

#[tokio::test]
async fn a_missing_stream_is_named() {
    let mut company = company().await;
    company.damage("delete from commits where stream = 'goal/b'");
    company.finds(&[Kind::MissingStream]);
}

#[tokio::test]
async fn a_missing_commit_that_no_seal_covers_is_missed_too() {
    let mut company = company().await;
    company.damage("delete from commits where stream = 'goal/a' and version = 5");
    company.finds(&[Kind::Gap]);
}

#[tokio::test]
async fn commits_that_changed_places_are_found() {
    let mut company = company().await;
    company.damage(
        "update commits set version = 99 where stream = 'goal/b' and version = 2;
         update commits set version = 2 where stream = 'goal/b' and version = 3;
         update commits set version = 3 where stream = 'goal/b' and version = 99;",
    );
    company.finds(&[Kind::CommitHash]);
}

#[tokio::test]
async fn yesterdays_journal_under_todays_seal_is_a_rollback() {
    let mut company = Company::new();
    company.grow("goal/a", 3).await;
    company.seal();
    company.close();
    let kept = fs::read(company.path("journal.db")).expect("kept");
    company.reopen();
    company.grow("goal/a", 1).await;
    company.grow("goal/b", 1).await;
    company.seal();
    company.close();
    fs::write(company.path("journal.db"), kept).expect("rolled back");
    company.finds(&[Kind::Rollback]);
    assert_eq!(company.verify().findings.len(), 2);
}

#[tokio::test]
async fn a_blob_that_is_changed_or_gone_is_named() {
    for (damage, is_file) in [
        (
            "update blobs set bytes = x'00' where length(bytes) = 5",
            false,
        ),
        ("delete from blobs", false),
        ("select 1", true),
    ] {
        let mut company = company().await;
        company.damage(damage);
        if is_file {
            let id = BlobId::of(&vec![7; 100_000]);
            let path = company.path(&format!("blobs/{}/{}", &id.hex()[..2], id.hex()));
            let mut bytes = fs::read(&path).expect("a file");
            bytes[50_000] ^= 1;
            fs::write(&path, bytes).expect("changed");
        }
        company.finds(&[Kind::Blob]);
    }
}

#[tokio::test]
async fn every_changed_missing_or_foreign_file_of_a_site_is_named() {
    let company = company().await;
    fs::write(company.path("sites/guide/index.html"), "<p>3").expect("changed");
    fs::remove_file(company.path("sites/guide/posts/a.html")).expect("removed");
    fs::write(company.path("sites/guide/posts/b.html"), "<p>").expect("added");
    company.finds(&[Kind::SiteFile]);
    let found = company.verify();
    let paths: Vec<_> = found
        .findings
        .iter()
        .filter_map(|finding| finding.path.as_deref())
        .collect();
    assert_eq!(
        paths,
        [
            "sites/guide/index.html",
            "sites/guide/posts/a.html",
            "sites/guide/posts/b.html"
        ]
    );
    fs::remove_dir_all(company.path("sites")).expect("removed");
    company.finds(&[Kind::SiteFile]);
}

#[tokio::test]
async fn a_changed_seal_is_found() {
    let path = "seals/000001.json";
    for (from, to, kinds) in [
        (
            r#"\"version\":2"#,
            r#"\"version\":1"#,
            &[Kind::CommitHash, Kind::SealSignature, Kind::SealRoot][..],
        ),
        (
            r#"\"size\":2"#,
            r#"\"size\":3"#,
            &[Kind::SealSignature, Kind::SealRoot],
        ),
        ("2026", "2027", &[Kind::SealSignature, Kind::SealRoot]),
        (
            r#""signature":""#,
            r#""signature":"0"#,
            &[Kind::SealSignature, Kind::SealRoot],
        ),
        (r#"{"body""#, r#"{"b0dy""#, &[Kind::SealRoot]),
    ] {
        let company = company().await;
        let text = fs::read_to_string(company.path(path)).expect("a seal");
        assert!(text.contains(from), "{from} is in {text}");
        fs::write(company.path(path), text.replace(from, to)).expect("changed");
        company.finds(kinds);
    }
    let company = company().await;
    fs::remove_file(company.path(path)).expect("removed");
    company.finds(&[Kind::SealRoot]);
}

#[tokio::test]
async fn seals_of_another_key_do_not_count() {
    let company = company().await;
    let ours = read_public_key(&company.path("keys/seal.pub")).expect("a key");
    assert!(
        company
            .verify_with(&Options {
                public_key: Some(ours),
                root: None
            })
            .ok
    );
    let found = company.verify_with(&Options {
        public_key: Some([3; 32]),
        root: None,
    });
    assert!(
        found
            .findings
            .iter()
            .all(|finding| finding.kind == Kind::SealSignature)
    );
    assert_eq!(found.findings.len(), 2);
}

#[tokio::test]
async fn a_root_kept_elsewhere_tells_what_a_thief_of_the_key_rewrote() {
    let mut company = Company::new();
    company.grow("goal/a", 2).await;
    let first = company.seal();
    company.grow("goal/a", 2).await;
    let second = company.seal();
    for root in [&first, &second] {
        assert!(
            company
                .verify_with(&Options {
                    root: Some(root.to_uppercase()),
                    ..Options::default()
                })
                .ok
        );
    }
    // The chain is computed anew from commit 3 on, and sealed again with the stolen key.
    let read = company
        .store()
        .read_snapshot()
        .expect("begun")
        .read(&stream("goal/a"), 1, 10)
        .expect("read");
    let mut prev = read[1].hash;
    let mut sql = String::new();
    for commit in &read[2..] {
        let body = commit.body.replace("2026", "2025");
        let hash = link(&prev, body.as_bytes());
        let (prev_hex, hash_hex) = (hex(&prev), hex(&hash));
        sql += &format!(
            "update commits set body = '{body}', prev_hash = x'{prev_hex}', hash = x'{hash_hex}' where version = {};",
            commit.version
        );
        prev = hash;
    }
    company.damage(&sql);
    company.finds(&[Kind::CommitHash]);
    fs::remove_file(company.path("seals/000002.json")).expect("removed");
    company.reopen();
    company.seal();
    company.finds(&[]);
    assert!(
        company
            .verify_with(&Options {
                root: Some(first),
                ..Options::default()
            })
            .ok
    );
    let found = company.verify_with(&Options {
        root: Some(second),
        ..Options::default()
    });
    assert_eq!(
        found
            .findings
            .iter()
            .map(|finding| finding.kind)
            .collect::<Vec<_>>(),
        [Kind::SealRoot]
    );
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[tokio::test]
async fn a_stored_state_that_is_not_the_fold_is_found_even_in_a_whole_chain() {
    let mut company = Company::new();
    company
        .append(
            "goal/a",
            Act {
                with_state: true,
                ..Act::default()
            },
        )
        .await;
    let commit = company
        .store()
        .read_snapshot()
        .expect("begun")
        .tail(&stream("goal/a"))
        .expect("read")
        .remove(0);
    let body = commit.body.replace(r#""attempts":0"#, r#""attempts":7"#);
    assert_ne!(*body, *commit.body);
    let hash = hex(&link(&[0; 32], body.as_bytes()));
    company.damage(&format!(
        "update commits set body = '{body}', hash = x'{hash}'"
    ));
    company.finds(&[Kind::State]);
}

#[tokio::test]
async fn money_that_nobody_sent_is_found() {
    for (received, kinds) in [(10, &[][..]), (4, &[]), (11, &[Kind::Books])] {
        let mut company = Company::new();
        let (goal, task) = (stream("goal/a"), stream("task-writer/b"));
        let entries = vec![
            Entry::Cap { total: euros(20) },
            Entry::Allow {
                child: task.clone(),
                total: euros(10),
            },
            Entry::Child {
                child: task,
                returned: euros(3),
                spent: euros(0),
                closed: false,
            },
        ];
        company
            .append(
                "goal/a",
                Act {
                    entries,
                    ..Act::default()
                },
            )
            .await;
        let entries = vec![
            Entry::Receive {
                total: euros(received),
            },
            Entry::Return { total: euros(3) },
        ];
        company
            .append(
                "task-writer/b",
                Act {
                    entries,
                    parent: Some(goal),
                    ..Act::default()
                },
            )
            .await;
        company.finds(kinds);
    }
}

#[tokio::test]
async fn an_export_is_verified_line_by_line_against_the_seals() {
    let mut company = company().await;
    let mut lines = Vec::new();
    assert_eq!(export(company.store(), &mut lines).expect("exported"), 10);
    let text = String::from_utf8(lines).expect("text");
    assert!(
        text.starts_with(r#"{"stream":"goal/a","version":1,"prev_hash":"00000000"#),
        "{text}"
    );
    let seals = company.path("seals");
    let kinds = |text: &str| {
        let found =
            verify_export(text.as_bytes(), Some(&seals), &Options::default()).expect("read");
        found
            .findings
            .iter()
            .map(|finding| finding.kind)
            .collect::<Vec<_>>()
    };
    assert_eq!(kinds(&text), []);
    assert_eq!(
        kinds(&text.replace("2026", "2025")).first(),
        Some(&Kind::CommitHash)
    );
    assert_eq!(
        kinds(&text.replacen("{\"stream\"", "{\"strea", 1)).first(),
        Some(&Kind::CommitHash)
    );
    let without = |stream: &str, version: u32| {
        let start = format!(r#"{{"stream":"{stream}","version":{version},"#);
        text.lines()
            .filter(|line| !line.starts_with(&start))
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_eq!(kinds(&without("goal/b", 2)), [Kind::Gap]);
    assert_eq!(kinds(&without("goal/b", 4)), [Kind::Truncated]);
    company.close();
}

#[tokio::test]
async fn a_folder_that_is_no_company_is_an_error_and_a_ruined_journal_a_finding() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(
        verify(folder.path(), &Options::default())
            .expect_err("nothing")
            .code(),
        "port_unavailable"
    );
    fs::write(
        folder.path().join("journal.db"),
        "this was a journal, once upon a time",
    )
    .expect("ruined");
    let found = verify(folder.path(), &Options::default()).expect("a finding");
    assert_eq!(found.findings[0].kind, Kind::CommitHash);
}
