//! The export, and a verification of it that is written from section 7 of the contract alone.

use std::{collections::BTreeMap, fs};

use ed25519_dalek::{Signature, VerifyingKey, pkcs8::DecodePublicKey as _};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::company::{Copy, proven};

fn exported(copy: &Copy) -> String {
    let home = copy.home.display().to_string();
    copy.place
        .va(&["export", "journal.jsonl", "--home", &home])
        .ends(0);
    fs::read_to_string(copy.place.path("journal.jsonl")).expect("the export")
}

fn kinds(copy: &Copy, lines: &str) -> Vec<String> {
    fs::write(copy.place.path("changed.jsonl"), lines).expect("written");
    let said = copy.verify(&["--export", "changed.jsonl"]);
    let found = said.json();
    let findings = found["findings"].as_array().cloned().unwrap_or_default();
    assert_eq!(
        (said.code, found["ok"] == true),
        if findings.is_empty() {
            (0, true)
        } else {
            (7, false)
        }
    );
    let mut kinds: Vec<String> = findings
        .iter()
        .filter_map(|f| f["kind"].as_str().map(str::to_owned))
        .collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

fn sha256(parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().to_vec()
}

/// RFC 6962, section 2.1, as it is written there.
fn tree_head(leaves: &[Vec<u8>]) -> Vec<u8> {
    match leaves {
        [] => sha256(&[]),
        [leaf] => sha256(&[&[0], leaf]),
        _ => {
            let k = leaves.len().next_power_of_two() / 2;
            sha256(&[&[1], &tree_head(&leaves[..k]), &tree_head(&leaves[k..])])
        }
    }
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key]
        .as_str()
        .unwrap_or_else(|| panic!("{key} in {value}"))
}

#[test]
fn chains_and_roots_follow_from_the_contract_alone() {
    let copy = proven().copy();
    let mut newest: BTreeMap<(String, u64), String> = BTreeMap::new();
    let mut before: Option<(String, u64, String)> = None;
    for line in exported(&copy).lines() {
        let commit: Value = serde_json::from_str(line).expect("JSON");
        let (stream, version) = (
            text(&commit, "stream"),
            commit["version"].as_u64().expect("a version"),
        );
        let (head, next) = match &before {
            Some((s, v, hash)) if s == stream => (hash.clone(), v + 1),
            Some((s, ..)) => {
                assert!(s.as_str() < stream, "{s} before {stream}");
                ("0".repeat(64), 1)
            }
            None => ("0".repeat(64), 1),
        };
        assert_eq!((version, text(&commit, "prev_hash")), (next, &*head));
        let body = text(&commit, "body");
        let hash = hex::encode(sha256(&[
            &hex::decode(&head).expect("hex"),
            body.as_bytes(),
        ]));
        assert_eq!(text(&commit, "hash"), hash);
        let said: Value = serde_json::from_str(body).expect("a body is JSON");
        assert!(said["events"].is_array());
        newest.insert((stream.to_owned(), version), hash.clone());
        before = Some((stream.to_owned(), version, hash));
    }
    let pem = fs::read_to_string(copy.path("keys/seal.pub")).expect("a key");
    let key = VerifyingKey::from_public_key_pem(&pem).expect("a key");
    let (mut leaves, mut previous) = (Vec::new(), "0".repeat(64));
    let mut sealed: BTreeMap<String, u64> = BTreeMap::new();
    for (n, root) in [1, 2].into_iter().zip(&proven().roots) {
        let file = fs::read(copy.path(&format!("seals/{n:06}.json"))).expect("a seal");
        let seal: Value = serde_json::from_slice(&file).expect("JSON");
        let signature = hex::decode(text(&seal, "signature")).expect("hex");
        let signature = Signature::from_slice(&signature).expect("a signature");
        key.verify_strict(text(&seal, "body").as_bytes(), &signature)
            .expect("signed");
        assert_eq!(text(&seal, "public_key"), hex::encode(key.to_bytes()));
        let body: Value = serde_json::from_str(text(&seal, "body")).expect("JSON");
        assert_eq!(
            (body["n"].as_u64(), text(&body, "prev_seal")),
            (Some(n), &*previous)
        );
        let streams = body["streams"].as_array().expect("streams");
        assert!(
            streams
                .windows(2)
                .all(|w| text(&w[0], "stream") < text(&w[1], "stream")),
            "sorted"
        );
        for entry in streams {
            let (stream, version, hash) = (
                text(entry, "stream"),
                entry["version"].as_u64().expect("a version"),
                text(entry, "hash"),
            );
            assert_eq!(
                newest
                    .get(&(stream.to_owned(), version))
                    .map(String::as_str),
                Some(hash)
            );
            assert!(
                sealed.insert(stream.to_owned(), version).unwrap_or(0) < version,
                "{stream} changed"
            );
            leaves.push(format!("{stream}\0{version}\0{hash}").into_bytes());
        }
        assert_eq!(body["size"].as_u64(), Some(leaves.len() as u64));
        assert_eq!(
            (text(&body, "root"), &hex::encode(tree_head(&leaves))),
            (&**root, root)
        );
        previous = hex::encode(sha256(&[&file]));
    }
    let last: BTreeMap<&String, u64> = newest
        .keys()
        .map(|(stream, version)| (stream, *version))
        .collect();
    assert!(
        last.iter()
            .all(|(stream, version)| sealed.get(*stream) == Some(version)),
        "everything is sealed"
    );
}

#[test]
fn an_export_is_verified_against_the_seals_and_every_change_of_it_is_named() {
    let copy = proven().copy();
    let whole = exported(&copy);
    assert_eq!(kinds(&copy, &whole), [""; 0]);
    let lines: Vec<&str> = whole.lines().collect();
    let at = |n: usize| serde_json::from_str::<Value>(lines[n]).expect("JSON");
    let ends = |n: usize| n + 1 == lines.len() || at(n + 1)["stream"] != at(n)["stream"];
    let without = |gone: &dyn Fn(usize) -> bool| {
        let kept = lines.iter().enumerate().filter(|(n, _)| !gone(*n));
        kept.map(|(_, line)| format!("{line}\n"))
            .collect::<String>()
    };
    let inner = (0..lines.len())
        .find(|&n| at(n)["version"] == 2 && !ends(n))
        .expect("an inner commit");
    let last = (0..lines.len())
        .find(|&n| at(n)["version"] != 1 && ends(n))
        .expect("a last commit");
    let stream = at(last)["stream"].clone();
    assert_eq!(kinds(&copy, &without(&|n| n == inner)), ["gap"]);
    assert_eq!(kinds(&copy, &without(&|n| n == last)), ["truncated"]);
    let headless = kinds(&copy, &without(&|n| at(n)["stream"] == stream));
    assert!(
        headless.iter().any(|kind| kind == "missing_stream"),
        "{headless:?}"
    );
    let changed = whole.replacen("\\\"at\\\":\\\"20", "\\\"at\\\":\\\"19", 1);
    assert_ne!(changed, whole);
    assert_eq!(kinds(&copy, &changed), ["commit_hash"]);
    let mut swapped = lines.clone();
    swapped.swap(inner, inner - 1);
    assert!(
        !kinds(&copy, &swapped.join("\n")).is_empty(),
        "two lines changed places"
    );
}

#[test]
fn an_export_alone_is_whole_and_unsealed() {
    let copy = proven().copy();
    let lines = exported(&copy);
    let elsewhere = crate::common::Place::new();
    fs::write(elsewhere.path("journal.jsonl"), &lines).expect("written");
    let found = elsewhere
        .va(&["verify", "--json", "--export", "journal.jsonl"])
        .ends(0)
        .json();
    assert_eq!(
        found["unsealed_commits"].as_u64(),
        Some(lines.lines().count() as u64)
    );
    assert_eq!(found["checked"]["commits"], found["unsealed_commits"]);
}
