//! Catalogues that nobody has seen: whatever a table holds, a true and whole site comes out of it, or a reason.
//!
//! `VA_CATALOGUE_SEEDS=1000..1200 cargo test -p va --test catalogues` tries others; `VA_CATALOGUE_WRITE=DIR`
//! keeps their goal folders.

#[path = "../common/mod.rs"]
mod common;
mod generator;

mod pages;

use std::{
    fs,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use common::{Place, files};
use generator::{Made, make};
use serde_json::Value;

/// Seeds that once went wrong, each for a reason of its own; 45 has 5,000 rows.
const FOUND: [u64; 11] = [
    45, 7032, 7158, 10399, 10533, 10715, 11622, 12436, 12775, 13172, 30586,
];

/// What is wrong with the run of a seed, or why there was none.
struct Tried {
    what: String,
    wrong: Vec<String>,
    refused: Option<String>,
}

fn attempt(seed: u64) -> Tried {
    let made = make(seed);
    if let Ok(folder) = std::env::var("VA_CATALOGUE_WRITE") {
        let folder = std::path::Path::new(&folder).join(seed.to_string());
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("goal.toml"), &made.goal).expect("written");
        fs::write(folder.join(&made.file), &made.bytes).expect("written");
    }
    let place = Place::new();
    let mut wrong = Vec::new();
    let tried = |wrong, refused| Tried {
        what: made.what.clone(),
        wrong,
        refused,
    };
    for folder in ["unseen", "other/place/unseen"] {
        let folder = place.path(folder);
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("goal.toml"), &made.goal).expect("written");
        fs::write(folder.join(&made.file), &made.bytes).expect("written");
    }
    inspect(&place, &made, &mut wrong);
    let home = "one";
    let said = place.va(&["run", "unseen", "--home", home, "--json"]);
    if said.code == 2 {
        if place.path(home).exists() {
            wrong.push("a refused catalogue left a company behind".to_owned());
        }
        return tried(wrong, Some(said.err));
    }
    if said.code != 0 {
        let asked = place.va(&["blockers", "--home", home, "--json"]);
        let open = asked.json()["blockers"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let texts: Vec<&str> = open.iter().filter_map(|b| b["text"].as_str()).collect();
        let last = said.err.lines().last().unwrap_or_default();
        wrong.push(format!(
            "ends {}: {last}\n    {}",
            said.code,
            texts.join("\n    ")
        ));
        return tried(wrong, None);
    }
    let site = "one/sites/guide";
    for args in [
        &["check-site", site, "--goal", "unseen"][..],
        &["check-site", site],
        &["verify", "--home", home],
    ] {
        let said = place.va(args);
        if said.code != 0 {
            wrong.push(format!(
                "{args:?} ends {}: {}{}",
                said.code, said.out, said.err
            ));
        }
    }
    let first = files(&place.path(site));
    wrong.extend(pages::faults(&first, &made));
    let again = place.va(&[
        "run",
        "other/place/unseen",
        "--home",
        "two",
        "--workers",
        "3",
    ]);
    if again.code != 0 || files(&place.path("two/sites/guide")) != first {
        wrong.push(format!(
            "another folder gives another site (exit {})",
            again.code
        ));
    }
    tried(wrong, None)
}

/// The table is read as a person would read it.
fn inspect(place: &Place, made: &Made, wrong: &mut Vec<String>) {
    let said = place.va(&[
        "catalogue",
        "inspect",
        &format!("unseen/{}", made.file),
        "--json",
    ]);
    if said.code != 0 {
        wrong.push(format!("inspect ends {}: {}", said.code, said.err));
        return;
    }
    let found = said.json();
    let rejected = found["rejected"].as_array().map_or(0, Vec::len);
    if (found["rows"].as_u64(), rejected) != (Some(made.rows as u64), made.rejected) {
        wrong.push(format!(
            "inspect: {} rows and {rejected} rejected, not {} and {}",
            found["rows"], made.rows, made.rejected
        ));
    }
    let columns = found["columns"].as_array().cloned().unwrap_or_default();
    for expected in &made.expected {
        let is = |c: &&Value| {
            c["name"].as_str().is_some_and(|name| {
                // A name is the header without its unit, so its words begin the header.
                let plain = |text: &str| {
                    text.to_lowercase()
                        .replace('ä', "ae")
                        .replace('ö', "oe")
                        .replace('ü', "ue")
                        .replace('ß', "ss")
                        .chars()
                        .filter(char::is_ascii_alphanumeric)
                        .collect::<String>()
                };
                plain(&expected.header).starts_with(&plain(name))
                    && !name.is_empty()
                    && c["kind"] == expected.kind
                    && c["unit"].as_str() == expected.unit
            })
        };
        if !columns.iter().any(|c| is(&c)) {
            let seen: Vec<String> = columns
                .iter()
                .map(|c| format!("{} {} {}", c["name"], c["kind"], c["unit"]))
                .collect();
            wrong.push(format!("inspect: {expected:?} is not among {seen:?}"));
        }
    }
}

/// Tries seeds on two threads; answers those with something wrong, and the reasons of the refused ones.
fn try_all(seeds: &[u64]) -> (Vec<String>, Vec<String>) {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut found = Vec::new();
        while let Some(&seed) = seeds.get(next.fetch_add(1, Ordering::Relaxed)) {
            found.push(attempt(seed));
        }
        found
    };
    let tried: Vec<Tried> = thread::scope(|scope| {
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|w| w.join().expect("a worker"))
            .collect()
    });
    let wrong = tried
        .iter()
        .filter(|t| !t.wrong.is_empty())
        .map(|t| format!("{}\n  {}", t.what, t.wrong.join("\n  ")));
    let refused = tried
        .iter()
        .filter_map(|t| Some(format!("{}\n  {}", t.what, t.refused.as_ref()?)));
    (wrong.collect(), refused.collect())
}

#[test]
fn every_unseen_catalogue_becomes_a_whole_site_or_gets_a_reason() {
    let named = std::env::var("VA_CATALOGUE_SEEDS").ok();
    let seeds: Vec<u64> = match named.as_deref().and_then(|s| s.split_once("..")) {
        Some((from, to)) => (from.parse().expect("a seed")..to.parse().expect("a seed")).collect(),
        None => FOUND.into_iter().chain(0..24).collect(),
    };
    let total = seeds.len();
    let (wrong, refused) = try_all(&seeds);
    if named.is_some() {
        eprintln!(
            "{} of {total} were refused:\n{}",
            refused.len(),
            refused.join("\n")
        );
    }
    assert!(
        wrong.is_empty(),
        "{} of {total} went wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        refused.len() * 5 <= total,
        "{} of {total} were refused:\n{}",
        refused.len(),
        refused.join("\n")
    );
}

#[test]
fn the_generator_makes_every_shape_and_the_same_bytes_again() {
    let made: Vec<Made> = (0..120).map(make).collect();
    for shape in [
        "Comma",
        "Semicolon",
        "Tab",
        "Json",
        "german=true",
        "gaps=60",
        "hostile=60",
        "duplicates=true",
        "rows=3 ",
        "max=45",
    ] {
        assert!(made.iter().any(|m| m.what.contains(shape)), "no {shape}");
    }
    assert!(made.iter().any(|m| m.rejected > 1) && made.iter().any(|m| m.tag.is_none()));
    for (seed, one) in (0..).zip(&made) {
        let again = make(seed);
        assert!(
            one.bytes == again.bytes && one.goal == again.goal,
            "{}",
            one.what
        );
    }
}
