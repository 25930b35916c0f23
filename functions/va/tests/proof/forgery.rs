//! What one could do who may write the files, or has even stolen the key.

use std::fs;

use crate::company::{Copy, Row, proven};

/// A commit in the middle of a stream that stores no state, so that only its hash tells that it was changed.
fn target(copy: &Copy) -> Row {
    let rows = copy.rows();
    let stores = |stream: &str| rows.iter().any(|r| r.stream == stream && r.has_state);
    let fits = |r: &&Row| {
        r.version == 2
            && !stores(&r.stream)
            && rows.iter().any(|o| o.stream == r.stream && o.version > 3)
    };
    let stream = rows.iter().find(fits).expect("a stream").stream.clone();
    rows.into_iter()
        .find(|r| r.stream == stream && r.version == 2)
        .expect("a commit")
}

/// The commit told otherwise: another year.
fn altered(row: &Row) -> Vec<u8> {
    let text = String::from_utf8(row.body.clone()).expect("JSON");
    let told = text.replacen("\"at\":\"20", "\"at\":\"19", 1);
    assert_ne!(told, text);
    told.into_bytes()
}

#[test]
fn a_chain_computed_anew_does_not_end_where_the_seal_says() {
    let copy = proven().copy();
    let row = target(&copy);
    copy.rewrite(&row.stream, row.version, &altered(&row));
    let findings = copy.finds(&["commit_hash"]);
    assert!(
        findings.iter().all(|f| f["stream"] == *row.stream
            && f["path"].as_str().is_some_and(|p| p.starts_with("seals/"))),
        "{findings:#?}"
    );
}

#[test]
fn a_chain_computed_and_sealed_anew_with_the_stolen_key_is_found_by_the_root_kept_elsewhere() {
    let copy = proven().copy();
    let row = target(&copy);
    copy.rewrite(&row.stream, row.version, &altered(&row));
    copy.seal_anew();
    copy.is_whole(&[]);
    for root in &proven().roots {
        copy.finds_with(&["--root", root], &["seal_root"]);
    }
}

#[test]
fn seals_forged_under_another_key_are_found_by_the_public_key_kept_elsewhere() {
    let copy = proven().copy();
    let kept = copy.place.path("kept.pub");
    fs::copy(copy.path("keys/seal.pub"), &kept).expect("kept");
    let row = target(&copy);
    copy.rewrite(&row.stream, row.version, &altered(&row));
    fs::remove_dir_all(copy.path("keys")).expect("removed");
    copy.seal_anew();
    copy.is_whole(&[]);
    copy.finds_with(
        &["--public-key", &kept.display().to_string()],
        &["seal_signature"],
    );
}

#[test]
fn one_seal_signed_with_another_key_is_found() {
    let (copy, other) = (proven().copy(), proven().copy());
    fs::remove_dir_all(other.path("keys")).expect("removed");
    other.seal_anew();
    fs::copy(
        other.path("seals/000001.json"),
        copy.path("seals/000002.json"),
    )
    .expect("replaced");
    let found = copy.verify(&[]).ends(7).json();
    let findings = found["findings"].as_array().cloned().unwrap_or_default();
    assert!(
        findings
            .iter()
            .any(|f| f["kind"] == "seal_signature" && f["path"] == "seals/000002.json"),
        "{findings:#?}"
    );
}

#[test]
fn a_stored_state_that_is_not_the_fold_is_found_even_when_everything_was_sealed_anew() {
    let copy = proven().copy();
    let row = copy
        .rows()
        .into_iter()
        .find(|r| r.has_state)
        .expect("a state");
    let text = String::from_utf8(row.body.clone()).expect("JSON");
    let at = text.rfind("\"state\":{").expect("the state");
    let own = text[at..]
        .find("\"version\":")
        .expect("the state's version")
        + at
        + 10;
    let mut told = text.into_bytes();
    told[own] = if told[own] == b'1' { b'2' } else { b'1' };
    copy.rewrite(&row.stream, row.version, &told);
    copy.seal_anew();
    let findings = copy.finds(&["state"]);
    assert_eq!(
        (
            findings[0]["stream"].as_str(),
            findings[0]["version"].as_u64()
        ),
        (Some(&*row.stream), Some(row.version))
    );
}
