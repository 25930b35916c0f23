//! A thousand changed bytes, one at a time, in the file, row and blob where each lies.

use std::{fs, path::Path};

use rusqlite::Connection;
use va_embedded::verify::{Finding, Kind, Options, verify};

use crate::{
    common::files,
    company::{Copy, Row, proven},
};

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).expect("below n")
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// Another byte at a place: one bit turned.
    fn turn(&mut self, bytes: &mut [u8]) -> usize {
        let at = self.below(bytes.len());
        bytes[at] ^= 1 << self.below(8);
        at
    }

    /// Another printable character at a place that holds one, so that the text stays text.
    fn type_over(&mut self, bytes: &mut [u8], from: usize) -> usize {
        loop {
            let at = from + self.below(bytes.len() - from);
            let new = b' ' + u8::try_from(self.below(95)).expect("printable");
            if bytes[at].is_ascii_graphic() && bytes[at] != new {
                bytes[at] = new;
                return at;
            }
        }
    }
}

/// Verifies in process, and answers the findings; there must be some.
#[track_caller]
fn found(home: &Path, what: &str) -> Vec<Finding> {
    let found = verify(home, &Options::default()).expect("verified");
    assert!(!found.ok && !found.findings.is_empty(), "not found: {what}");
    found.findings
}

#[track_caller]
fn named(findings: &[Finding], what: &str, is: impl Fn(&Finding) -> bool) {
    assert!(
        findings.iter().any(is),
        "{what} is not named by {findings:#?}"
    );
}

fn in_commits(copy: &Copy, journal: &Connection, chance: &mut Chance, rows: &[Row]) {
    let row = chance.of(rows);
    let mut body = row.body.clone();
    let from = match row.has_state {
        true => body.len() / 2,
        false => 0,
    };
    let at = chance.type_over(&mut body, from);
    let put = |body: &[u8]| {
        journal
            .execute(
                "update commits set body = cast(?1 as text) where row = ?2",
                (body, row.row),
            )
            .expect("changed")
    };
    put(&body);
    let what = format!("byte {at} of {}@{}", row.stream, row.version);
    named(&found(&copy.home, &what), &what, |f| {
        f.kind == Kind::CommitHash
            && f.stream.as_ref() == Some(&row.stream)
            && f.version == Some(row.version)
    });
    put(&row.body);
}

fn in_hashes(copy: &Copy, journal: &Connection, chance: &mut Chance, rows: &[Row]) {
    let row = chance.of(rows);
    let (column, whole) = match chance.below(2) {
        0 => ("hash", &row.hash),
        _ => ("prev_hash", &row.prev_hash),
    };
    let mut bytes = whole.clone();
    let at = chance.turn(&mut bytes);
    let put = |bytes: &[u8]| {
        journal
            .execute(
                &format!("update commits set {column} = ?1 where row = ?2"),
                (bytes, row.row),
            )
            .expect("changed")
    };
    put(&bytes);
    let what = format!(
        "byte {at} of the {column} of {}@{}",
        row.stream, row.version
    );
    named(&found(&copy.home, &what), &what, |f| {
        f.kind == Kind::CommitHash
            && f.stream.as_ref() == Some(&row.stream)
            && f.version == Some(row.version)
    });
    put(whole);
}

fn in_blobs(copy: &Copy, journal: &Connection, chance: &mut Chance, blobs: &[(Vec<u8>, Vec<u8>)]) {
    let (id, whole) = chance.of(blobs);
    let mut bytes = whole.clone();
    let at = chance.turn(&mut bytes);
    let put = |bytes: &[u8]| {
        journal
            .execute("update blobs set bytes = ?1 where id = ?2", (bytes, id))
            .expect("changed")
    };
    put(&bytes);
    let name = format!("sha256:{}", hex::encode(id));
    let what = format!("byte {at} of blob {name}");
    named(&found(&copy.home, &what), &what, |f| {
        f.kind == Kind::Blob && f.path.as_ref() == Some(&name)
    });
    put(whole);
}

/// In files below a folder; answers what was found.
fn in_files(
    copy: &Copy,
    chance: &mut Chance,
    below: &[(String, Vec<u8>)],
    fits: impl Fn(&Finding, &str) -> bool,
) {
    let (path, whole) = chance.of(below);
    let mut bytes = whole.clone();
    let at = chance.turn(&mut bytes);
    fs::write(copy.path(path), &bytes).expect("changed");
    let what = format!("byte {at} of {path}");
    named(&found(&copy.home, &what), &what, |f| fits(f, path));
    fs::write(copy.path(path), whole).expect("restored");
}

/// The files of a folder of the company.
fn below(copy: &Copy, start: &str) -> Vec<(String, Vec<u8>)> {
    let own = files(&copy.home).into_iter();
    own.filter(|(name, bytes)| name.starts_with(start) && !bytes.is_empty())
        .collect()
}

fn is_whole_again(copy: &Copy) {
    assert!(
        verify(&copy.home, &Options::default())
            .expect("verified")
            .ok,
        "everything was put back"
    );
}

// The thousand, in three tests so that they run side by side.

#[test]
fn each_of_480_changed_bytes_of_commits_and_states_is_found_and_named() {
    let copy = proven().copy();
    let chance = &mut Chance(2026);
    let rows = copy.rows();
    let with_state: Vec<Row> = copy.rows().into_iter().filter(|r| r.has_state).collect();
    let journal = copy.journal();
    for _ in 0..300 {
        in_commits(&copy, &journal, chance, &rows);
    }
    for _ in 0..80 {
        in_commits(&copy, &journal, chance, &with_state);
    }
    for _ in 0..100 {
        in_hashes(&copy, &journal, chance, &rows);
    }
    is_whole_again(&copy);
}

#[test]
fn each_of_220_changed_bytes_of_blobs_is_found_and_named() {
    let copy = proven().copy();
    let chance = &mut Chance(2027);
    let journal = copy.journal();
    let blobs: Vec<(Vec<u8>, Vec<u8>)> = {
        let mut read = journal
            .prepare("select id, bytes from blobs where length(bytes) > 0 order by id")
            .expect("prepared");
        read.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
            .expect("read")
            .map(|r| r.expect("a blob"))
            .collect()
    };
    for (id, bytes) in &blobs {
        assert_eq!(
            hex::encode(id),
            va_domain::ids::BlobId::of(bytes).hex(),
            "every blob is called by its hash"
        );
    }
    for _ in 0..220 {
        in_blobs(&copy, &journal, chance, &blobs);
    }
    is_whole_again(&copy);
}

#[test]
fn each_of_300_changed_bytes_of_seals_and_sites_is_found_and_named() {
    let copy = proven().copy();
    let chance = &mut Chance(2028);
    let (seals, sites) = (below(&copy, "seals/"), below(&copy, "sites/"));
    for _ in 0..150 {
        in_files(&copy, chance, &seals, |f, path| {
            matches!(f.kind, Kind::SealSignature | Kind::SealRoot)
                && f.path.as_deref().is_some_and(|p| p >= path)
        });
    }
    for _ in 0..150 {
        in_files(&copy, chance, &sites, |f, path| {
            f.kind == Kind::SiteFile && f.path.as_deref() == Some(path)
        });
    }
    is_whole_again(&copy);
}

/// What proof rests on, as far as it can be read: the journal, and what lies under the ids of its blobs.
fn contents(home: &Path, ids: &[Vec<u8>]) -> Option<(Vec<u8>, Vec<Vec<u8>>)> {
    let store = va_embedded::Store::open_any(home).ok()?;
    let mut lines = Vec::new();
    va_embedded::export::export(&store, &mut lines).ok()?;
    let journal = Connection::open(home.join("journal.db")).ok()?;
    let mut read = journal
        .prepare("select bytes from blobs where id = ?1")
        .ok()?;
    let blobs = ids.iter().map(|id| read.query_one([id], |r| r.get(0)));
    Some((lines, blobs.collect::<Result<_, _>>().ok()?))
}

#[test]
fn a_changed_byte_of_the_journals_file_is_found_or_changes_nothing_that_proof_rests_on() {
    let copy = proven().copy();
    let path = copy.path("journal.db");
    let whole = fs::read(&path).expect("a journal");
    let ids: Vec<Vec<u8>> = {
        let journal = copy.journal();
        let mut read = journal.prepare("select id from blobs").expect("prepared");
        read.query_map([], |r| r.get(0))
            .expect("read")
            .map(|id| id.expect("an id"))
            .collect()
    };
    let before = contents(&copy.home, &ids).expect("whole");
    let chance = &mut Chance(7);
    let mut seen = 0;
    for _ in 0..150 {
        let mut bytes = whole.clone();
        let at = chance.turn(&mut bytes);
        fs::write(&path, bytes).expect("changed");
        if verify(&copy.home, &Options::default()).is_ok_and(|found| found.ok) {
            let (lines, blobs) = contents(&copy.home, &ids).expect("as whole as verification says");
            assert!(lines == before.0, "the byte at {at} changed the journal");
            assert!(blobs == before.1, "the byte at {at} changed a blob");
        } else {
            seen += 1;
        }
        for beside in ["journal.db-wal", "journal.db-shm"] {
            drop(fs::remove_file(copy.path(beside)));
        }
    }
    assert!(seen > 75, "{seen} of 150 were found");
}
