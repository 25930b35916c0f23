//! A company that ran twice: it stopped for a missing tag, and went on when that was given. Two seals.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use rusqlite::Connection;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::common::{Place, Said, files};

const HOME: &str = ".va/lamps";

/// What the first and the second run left.
pub struct Proven {
    place: Place,
    /// The journal after the first run.
    pub yesterday: Vec<u8>,
    /// The root that each run printed.
    pub roots: [String; 2],
}

/// Made once for all tests; each changes a copy.
pub fn proven() -> &'static Proven {
    static MADE: OnceLock<Proven> = OnceLock::new();
    MADE.get_or_init(|| {
        let place = Place::new();
        let root = |said: Said| {
            let sealed = said.json()["verify"]["seal"]["root"].clone();
            sealed.as_str().expect("a root").to_owned()
        };
        place.goal("lamps", 12, &[("tag = \"lamps-21\"", "tag = \"\"")]);
        let first = root(place.va(&["run", "lamps", "--json"]).ends(4));
        let yesterday = fs::read(place.path(HOME).join("journal.db")).expect("a journal");
        place.goal("lamps", 12, &[]);
        let second = root(place.va(&["run", "lamps", "--json"]).ends(0));
        Proven {
            place,
            yesterday,
            roots: [first, second],
        }
    })
}

impl Proven {
    pub fn home(&self) -> PathBuf {
        self.place.path(HOME)
    }

    /// A copy of the company that a test may damage.
    pub fn copy(&self) -> Copy {
        let place = Place::new();
        let home = place.path("home");
        for (name, bytes) in files(&self.home()) {
            if !name.ends_with("-wal") && !name.ends_with("-shm") {
                let path = home.join(name);
                fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                fs::write(path, bytes).expect("copied");
            }
        }
        private(&home.join("keys/seal.key"));
        Copy { place, home }
    }
}

fn private(key: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(key, fs::Permissions::from_mode(0o600)).expect("permissions");
}

/// A company's folder to damage, and the command to verify it.
pub struct Copy {
    pub place: Place,
    pub home: PathBuf,
}

/// A commit's row.
pub struct Row {
    pub row: i64,
    pub stream: String,
    pub version: u64,
    pub body: Vec<u8>,
    pub prev_hash: Vec<u8>,
    pub hash: Vec<u8>,
    pub has_state: bool,
}

impl Copy {
    pub fn path(&self, within: &str) -> PathBuf {
        self.home.join(within)
    }

    pub fn journal(&self) -> Connection {
        Connection::open(self.path("journal.db")).expect("opened")
    }

    pub fn sql(&self, sql: &str) {
        self.journal().execute_batch(sql).expect("damaged");
    }

    pub fn rows(&self) -> Vec<Row> {
        let journal = self.journal();
        let mut read = journal
            .prepare("select row, stream, version, cast(body as blob), prev_hash, hash, has_state from commits order by row")
            .expect("prepared");
        let row = |r: &rusqlite::Row<'_>| {
            Ok(Row {
                row: r.get(0)?,
                stream: r.get(1)?,
                version: r.get::<_, i64>(2)?.unsigned_abs(),
                body: r.get(3)?,
                prev_hash: r.get(4)?,
                hash: r.get(5)?,
                has_state: r.get(6)?,
            })
        };
        read.query_map([], row)
            .expect("read")
            .map(|r| r.expect("a row"))
            .collect()
    }

    /// Puts a body under a commit, and computes the chain anew from there to the stream's end.
    pub fn rewrite(&self, stream: &str, version: u64, body: &[u8]) {
        let journal = self.journal();
        let mut prev: Option<Vec<u8>> = None;
        for row in self
            .rows()
            .into_iter()
            .filter(|r| r.stream == stream && r.version >= version)
        {
            let body = if row.version == version {
                body
            } else {
                &row.body
            };
            let prev_hash = prev.unwrap_or(row.prev_hash);
            let hash = Sha256::new()
                .chain_update(&prev_hash)
                .chain_update(body)
                .finalize()
                .to_vec();
            journal
                .execute(
                    "update commits set body = cast(?1 as text), prev_hash = ?2, hash = ?3 where row = ?4",
                    (body, &prev_hash, &hash, row.row),
                )
                .expect("rewritten");
            prev = Some(hash);
        }
    }

    /// Seals anew, as one could who has the key, or makes one.
    pub fn seal_anew(&self) {
        for seal in fs::read_dir(self.path("seals")).expect("seals") {
            fs::remove_file(seal.expect("a seal").path()).expect("removed");
        }
        let company = fs::read_to_string(self.path("company.toml")).expect("company.toml");
        let company: toml::Table = company.parse().expect("TOML");
        let name = company["company"].as_str().expect("a name");
        let store = va_embedded::Store::open(&self.home, name, va_embedded::OpenMode::ReadWrite)
            .expect("opened");
        let key = va_embedded::SealKey::open(&self.home).expect("a key");
        let at = "2026-11-22T10:00:00Z".parse().expect("a time");
        va_embedded::seal::seal_now(&store, &key, at)
            .expect("sealed")
            .expect("something new");
    }

    pub fn verify(&self, args: &[&str]) -> Said {
        let home = self.home.display().to_string();
        let all = [&["verify", "--json", "--home", &home][..], args].concat();
        self.place.va(&all)
    }

    /// `va verify` ends with 7 and names exactly these kinds; answers the findings.
    #[track_caller]
    pub fn finds(&self, kinds: &[&str]) -> Vec<Value> {
        self.finds_with(&[], kinds)
    }

    #[track_caller]
    pub fn finds_with(&self, args: &[&str], kinds: &[&str]) -> Vec<Value> {
        let said = self.verify(args).ends(7);
        let found = said.json();
        assert_eq!(
            (&found["schema"], &found["ok"]),
            (&"va.verify/1".into(), &false.into())
        );
        let findings = found["findings"].as_array().cloned().unwrap_or_default();
        let mut seen: Vec<&str> = findings.iter().filter_map(|f| f["kind"].as_str()).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen, kinds, "{findings:#?}");
        findings
    }

    #[track_caller]
    pub fn is_whole(&self, args: &[&str]) -> Value {
        self.verify(args).ends(0).json()
    }
}
