//! Goals and companies in temporary folders, and the binary as a user runs it.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;

/// A folder of its own for one test.
pub struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Self {
        Self {
            dir: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A goal folder on lamps: `pages` articles at most, with these lines put in place of others.
    pub fn goal(&self, id: &str, pages: u32, replace: &[(&str, &str)]) -> PathBuf {
        let folder = self.path(id);
        fs::create_dir_all(&folder).expect("a folder");
        let mut goal = GOAL
            .replace("GOAL_ID", id)
            .replace("PAGES", &pages.to_string());
        for (from, to) in replace {
            assert!(goal.contains(from), "the goal has no {from:?}");
            goal = goal.replace(from, to);
        }
        fs::write(folder.join("goal.toml"), goal).expect("written");
        fs::write(folder.join("lamps.csv"), LAMPS).expect("written");
        folder
    }

    /// A goal folder on so many lamps, with as many articles as a goal may have; `site` is its site.
    pub fn large_goal(&self, id: &str, lamps: u32, replace: &[(&str, &str)]) {
        self.goal(id, 45, replace);
        fs::write(self.path(id).join("lamps.csv"), lamps_csv(lamps)).expect("written");
    }

    /// A models file with one priced model, `test/writer`, at this address.
    pub fn models(&self, base_url: &str) {
        fs::write(
            self.path("models.toml"),
            MODELS.replace("BASE_URL", base_url),
        )
        .expect("written");
    }

    /// The binary with [`KEY`] in its environment.
    pub fn paid(&self, args: &[&str]) -> Said {
        Said::of(self.paid_command(args).output().expect("the binary runs"))
    }

    pub fn paid_command(&self, args: &[&str]) -> Command {
        let mut command = self.command(args);
        command.env("TEST_KEY", KEY);
        command
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_va"));
        command
            .args(args)
            .current_dir(self.dir.path())
            .env_clear()
            .stdin(Stdio::null());
        command
    }

    pub fn va(&self, args: &[&str]) -> Said {
        Said::of(self.command(args).output().expect("the binary runs"))
    }

    pub fn spawn(&self, args: &[&str]) -> Child {
        self.command(args)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary runs")
    }
}

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    pub fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout:\n{}\nstderr:\n{}",
            self.out, self.err
        );
        self
    }

    /// The last line of stdout as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        let line = self.out.lines().last().unwrap_or_default();
        serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))
    }
}

/// Every file below a folder, by relative path.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn walk(root: &Path, at: &Path, into: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(at).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(root, &path, into);
            } else {
                let name = path
                    .strip_prefix(root)
                    .expect("below")
                    .display()
                    .to_string();
                into.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    let mut all = BTreeMap::new();
    walk(folder, folder, &mut all);
    assert!(!all.is_empty(), "{} is empty", folder.display());
    all
}

/// The `result` of the only report.
pub fn report(home: &Path) -> Value {
    let reports = files(&home.join("reports"));
    let (_, bytes) = reports
        .iter()
        .find(|(name, _)| name.ends_with("report.json"))
        .expect("a report");
    let document: Value = serde_json::from_slice(bytes).expect("JSON");
    document["result"].clone()
}

/// Checks that a budget balances in every unit.
#[track_caller]
pub fn balances(budget: &Value) {
    let n = |v: &Value| {
        v.as_i64()
            .unwrap_or_else(|| panic!("no number in {budget}"))
    };
    let sums = |v: &Value, suffix: &str| {
        let of = |name: &str| n(&v[format!("{name}{suffix}")]);
        assert_eq!(
            of("allocated"),
            of("available") + of("reserved") + of("spent") + of("in_flight"),
            "does not balance: {budget}"
        );
    };
    sums(budget, "_micros");
    sums(&budget["tokens"], "");
    sums(&budget["calls"], "");
}

/// A table of lamps that differ in everything.
fn lamps_csv(lamps: u32) -> String {
    let mut csv = String::from(
        "name,price_eur,price_date,weight_kg,brightness_lm,runtime_h,height_cm,body,url\n",
    );
    for n in 0..lamps {
        let name = format!(
            "Lamp {}{}",
            char::from(b'A' + u8::try_from(n % 26).expect("a letter")),
            n / 26 + 1
        );
        let (price, day) = (20 + n * 7, 1 + n % 20);
        let (grams, lumen) = (3 + n * 37 % 20, 300 + n * 53 % 40 * 50);
        let (hours, height) = (4 + n * 11 % 17, 10 + n * 7 % 50);
        let body = ["steel", "brass", "plastic", "oak"][n as usize % 4];
        writeln!(
            csv,
            "{name},{price},2026-11-{day:02},{}.{},{lumen},{hours},{height},{body},https://shop.example/p{n}",
            grams / 10,
            grams % 10
        )
        .expect("text");
    }
    csv
}

/// The key that must stand nowhere.
pub const KEY: &str = "sk-test-47110815";

/// Micro-units per million tokens of input and of output: the prices of [`MODELS`].
pub const PRICES: (i64, i64) = (3_000_000, 15_000_000);

const MODELS: &str = r#"currency = "EUR"
[[provider]]
id = "test"
kind = "openai-chat"
base_url = "BASE_URL"
key_env = "TEST_KEY"
[[model]]
id = "test/writer"
provider = "test"
name = "writer"
context = 200000
max_output = 32000
price = { input = "3.00", output = "15.00" }
as_of = 2026-11-20
source = "the test"
[purpose]
draft = ["test/writer", "offline"]
"#;

const GOAL: &str = r#"schema = 1
[goal]
id = "GOAL_ID"
intent = "Earn 100 EUR a month from a guide site on lamps"
as_of = 2026-11-20
[limits]
max_articles = PAGES
[budget]
amount = "25.00"
tokens = 400000
calls = 500
[[kpi]]
name = "articles_published"
target = 1
[revenue]
model = "affiliate"
programme = "Lamp Partners"
tag = "lamps-21"
hosts = ["shop.example"]
link = "https://shop.example/p/{name}?aff={tag}"
[site]
id = "lamp-guide"
name = "Lamp Guide"
base_url = "https://example.org/lamps/"
[catalogue]
file = "lamps.csv"
[catalogue.columns.weight_kg]
better = "lower"
[catalogue.columns.brightness_lm]
better = "higher"
"#;

const LAMPS: &str = "name,price_eur,price_date,weight_kg,brightness_lm,runtime_h,body,url
Alba One,29,2026-11-01,0.4,300,6,plastic,https://shop.example/alba-one
Brio Max,59,2026-11-01,0.7,900,9,steel,https://shop.example/brio-max
Cala,45,2026-11-02,0.5,600,12,steel,https://shop.example/cala
Dune Pro,89,2026-11-02,0.9,1400,8,brass,https://shop.example/dune-pro
Elio,39,2026-11-03,0.6,450,10,plastic,https://shop.example/elio
Faro,119,2026-11-03,1.3,2000,7,brass,https://shop.example/faro
Gala,74,2026-11-03,,1000,11,steel,https://shop.example/gala
Halo,52,2026-11-04,0.3,,14,plastic,https://shop.example/halo
";
