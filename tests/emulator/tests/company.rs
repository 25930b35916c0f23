//! The company on AWS, deployed from `terraform/agents.json` alone, makes the same bytes as at home: also when
//! every message comes twice and in another order, and functions are killed.

mod common;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Stdio,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use common::binaries;
use serde_json::Value;
use tempfile::TempDir;
use tokio::{process::Command, sync::OnceCell, time::timeout};
use va_emulator::{Chaos, Deployment, Emulator, Options, read_manifest, with_timeout};

/// The goal that both homes work on.
const ESPRESSO: &str = "examples/home-espresso";
/// A goal that lacks what only a person can give.
const UNTAGGED: &str = r#"schema = 1
[goal]
id = "kettles"
intent = "Say which kettle suits whom"
as_of = 2026-11-20
[limits]
max_articles = 2
[budget]
amount = "1.00"
tokens = 200000
calls = 100
[revenue]
model = "affiliate"
programme = "Shop"
tag = ""
hosts = ["shop.example"]
link = "https://shop.example/p/{name}?aff={tag}"
[site]
id = "kettles"
name = "Kettles"
base_url = "https://example.org/"
[catalogue]
file = "table.csv"
[catalogue.columns.weight_kg]
better = "lower"
"#;
const TABLE: &str = "name,price_eur,weight_kg,output_w,body\n\
    Arno,29,0.4,300,plastic\nBela,59,0.7,900,steel\nCleo,45,0.5,600,steel\nDora,89,0.9,1400,brass\n\
    Enno,39,0.6,450,plastic\nFinn,119,1.3,2000,brass\n";

/// How long a goal may take that nobody disturbs.
const UNDISTURBED: Duration = Duration::from_secs(150);
/// How long one may take that is disturbed: what a killed function held comes again after its visibility,
/// what it had begun after the attempt's time.
const DISTURBED: Duration = Duration::from_secs(330);
/// Functions that are killed, unless the goal ends before.
const KILLS: u64 = 24;
/// Between two ticks of the clock; its schedule says a minute, which a test need not wait for.
const TICK: Duration = Duration::from_secs(5);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// `va` with its home on AWS, from where the functions come from.
fn va() -> Command {
    let program = binaries().join("va");
    assert!(
        program.is_file(),
        "build the binaries with `cargo xtask functions`"
    );
    let mut command = Command::new(program);
    command
        .env_clear()
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .current_dir(root());
    command
}

/// What a command said, and how it ended.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Said {
    async fn by(command: &mut Command, within: Duration) -> Self {
        let output = timeout(within, command.output())
            .await
            .expect("it ends in time")
            .expect("it runs");
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The last line of standard output, which is a document.
    fn document(&self) -> Value {
        let line = self.out.lines().last().unwrap_or_default();
        serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}\n{}", self.err))
    }
}

/// Where disturbances come from: `VA_TEST_SEED` tries others.
fn seed() -> u64 {
    let named = std::env::var("VA_TEST_SEED").ok();
    named.and_then(|seed| seed.parse().ok()).unwrap_or(7)
}

type Files = BTreeMap<String, Vec<u8>>;

/// The site that the same binary makes at home.
async fn at_home() -> &'static Files {
    static SITE: OnceCell<Files> = OnceCell::const_new();
    SITE.get_or_init(async || {
        let folder = TempDir::new().expect("a folder");
        let mut run = va();
        run.args(["run", ESPRESSO, "--home"]).arg(folder.path());
        let said = Said::by(&mut run, Duration::from_secs(120)).await;
        assert_eq!(said.code, Some(0), "{}", said.err);
        let site = folder.path().join("sites/espresso-guide");
        let mut files = Files::new();
        read(&site, &site, &mut files);
        files
    })
    .await
}

fn read(folder: &Path, site: &Path, files: &mut Files) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read(&path, site, files);
        } else {
            let name = path.strip_prefix(site).expect("within").to_str();
            let bytes = std::fs::read(&path).expect("a file");
            files.insert(name.expect("UTF-8").to_owned(), bytes);
        }
    }
}

/// A company on the emulator and a person who works with it.
struct Company {
    deployment: Deployment,
    emulator: Emulator,
}

impl Company {
    async fn deploy(chaos: Option<Chaos>, timeout_s: Option<u32>) -> Self {
        let emulator = Emulator::start().await.expect("the emulator");
        let mut manifest = read_manifest(&root().join("terraform/agents.json")).expect("sound");
        if let Some(seconds) = timeout_s {
            manifest = with_timeout(manifest, seconds);
        }
        let options = Options {
            chaos,
            ..Options::default()
        };
        let deployment = Deployment::create(&emulator, manifest, &binaries(), options)
            .await
            .expect("a deployment");
        Self {
            deployment,
            emulator,
        }
    }

    fn va(&self, args: &[&str]) -> Command {
        let mut command = va();
        command
            .envs(self.deployment.person())
            .args(args)
            .args(["--home", "aws:acme"]);
        command
    }

    async fn say(&self, args: &[&str]) -> Said {
        Said::by(&mut self.va(args), Duration::from_secs(60)).await
    }

    /// Runs the goal, while the clock ticks and `disturb` does what it does.
    async fn run(&self, goal: &str, within: Duration, disturb: impl Future<Output = ()>) -> Said {
        let mut run = self.va(&["run", goal, "--json"]);
        let beside = async {
            let ticks = async {
                loop {
                    tokio::time::sleep(TICK).await;
                    // A clock that was killed ticks again.
                    let _ = self.deployment.tick().await;
                }
            };
            tokio::join!(disturb, ticks).1
        };
        tokio::select! {
            said = Said::by(&mut run, within) => said,
            () = beside => unreachable!("the clock ticks for ever"),
        }
    }

    async fn site(&self) -> Files {
        let (bucket, prefix) = self.deployment.site("espresso-guide");
        let s3 = &self.deployment.clients.s3;
        let mut pages = s3
            .list_objects_v2()
            .bucket(&bucket)
            .prefix(&prefix)
            .into_paginator()
            .send();
        let mut files = Files::new();
        while let Some(page) = pages.next().await {
            for key in page
                .expect("a page")
                .contents()
                .iter()
                .filter_map(|o| o.key())
            {
                let object = s3.get_object().bucket(&bucket).key(key).send().await;
                let body = object.expect("an object").body.collect().await;
                let bytes = body.expect("its bytes").into_bytes().to_vec();
                let path = key.strip_prefix(&prefix).expect("a key of the site");
                files.insert(path.to_owned(), bytes);
            }
        }
        files
    }

    /// The site is that of home, what was written is whole, the books balance, and nothing was set aside.
    async fn stands_as_at_home(&self, said: &Said) {
        assert_eq!(said.code, Some(0), "{}\n{}", said.err, self.emulator.log());
        let result = said.document();
        assert_eq!(result["schema"], "va.result/1");
        assert_eq!(result["state"], "done");
        assert_eq!(result["verify"]["ok"], true);
        let (home, aws) = (at_home().await, self.site().await);
        assert!(
            home.keys().eq(aws.keys()),
            "{:?} and {:?}",
            home.keys(),
            aws.keys()
        );
        for (path, bytes) in home {
            assert_eq!(&aws[path], bytes, "{path}");
        }

        let folder = TempDir::new().expect("a folder");
        let export = folder.path().join("journal.jsonl");
        let export = export.to_str().expect("UTF-8");
        let exported = self.say(&["export", export]).await;
        assert_eq!(exported.code, Some(0), "{}", exported.err);
        let mut verify = va();
        verify.args(["verify", "--json", "--export", export]);
        let verified = Said::by(&mut verify, Duration::from_secs(60)).await;
        let proof = verified.document();
        assert_eq!(verified.code, Some(0), "{proof}");
        assert_eq!(proof["ok"], true, "{proof}");
        assert_eq!(proof["unsealed_commits"], proof["checked"]["commits"]);
        let lines = std::fs::read_to_string(export).expect("the export");
        assert_eq!(proof["checked"]["commits"], lines.lines().count());

        let budget = self.say(&["budget", "home-espresso", "--json"]).await;
        let budget = budget.document();
        for unit in [&budget["tokens"], &budget["calls"]] {
            let n = |name: &str| unit[name].as_i64().expect("a number");
            assert_eq!(
                n("allocated"),
                n("available") + n("reserved") + n("spent") + n("in_flight"),
                "{budget}"
            );
            assert_eq!((n("reserved"), n("in_flight")), (0, 0), "{budget}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_goal_on_aws_makes_the_bytes_that_it_makes_at_home() {
    let company = Company::deploy(None, None).await;
    let said = company.run(ESPRESSO, UNDISTURBED, async {}).await;
    company.stands_as_at_home(&said).await;
    for agent in &company.deployment.manifest.agents {
        let aside = company.deployment.take_dead_letters(&agent.role).await;
        assert_eq!(
            aside.expect("a queue"),
            Vec::<String>::new(),
            "{}",
            agent.role
        );
    }

    let whole = company.say(&["verify", "--json"]).await;
    let proof = whole.document();
    assert_eq!(whole.code, Some(0), "{proof}");
    assert!(proof["checked"]["blobs"].as_u64() > Some(0), "{proof}");
    assert!(proof["checked"]["site_files"].as_u64() > Some(0), "{proof}");

    let goals = company.say(&["goals", "--json"]).await.document();
    assert_eq!(goals["goals"][0]["state"], "done", "{goals}");
    let tasks = company.say(&["tasks", "--json"]).await.document();
    assert!(
        tasks["tasks"].as_array().is_some_and(|t| t.len() > 3),
        "{tasks}"
    );

    // The same folder again: nothing is submitted, nothing is appended.
    let again = company.run(ESPRESSO, UNDISTURBED, async {}).await;
    assert_eq!(again.code, Some(0), "{}", again.err);
    assert_eq!(again.out.lines().count(), 1, "{}", again.out);
    let after = company.say(&["verify", "--json"]).await.document();
    assert_eq!(after["checked"]["commits"], proof["checked"]["commits"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn doubled_and_shuffled_messages_and_killed_functions_change_no_byte() {
    let seed = seed();
    let chaos = Chaos { copies: 2, seed };
    let company = Company::deploy(Some(chaos), Some(5)).await;
    let emulator = &company.emulator;
    let killed = AtomicU64::new(0);
    let kills = async {
        let mut choice = seed;
        while killed.load(Ordering::Relaxed) < KILLS {
            choice = choice
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            tokio::time::sleep(Duration::from_millis(50 + (choice >> 33) % 400)).await;
            if emulator
                .kill_random_function_process(choice >> 17)
                .is_some()
            {
                killed.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    let said = company.run(ESPRESSO, DISTURBED, kills).await;
    let killed = killed.into_inner();
    assert!(killed >= KILLS / 3, "{killed} kills are few; seed {seed}");
    company.stands_as_at_home(&said).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_answers_from_afar_and_looks_at_everything() {
    let company = Company::deploy(None, None).await;
    let folder = TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("goal.toml"), UNTAGGED).expect("written");
    std::fs::write(folder.path().join("table.csv"), TABLE).expect("written");
    let goal = folder.path().to_str().expect("UTF-8");

    let stopped = company.run(goal, UNDISTURBED, async {}).await;
    assert_eq!(stopped.code, Some(4), "{}", stopped.err);
    assert_eq!(stopped.document()["state"], "waiting_person");
    let blockers = company.say(&["blockers", "--json"]).await.document();
    let blocker = &blockers["blockers"][0];
    assert_eq!(blocker["needs"][0], "revenue.tag", "{blockers}");
    let id = blocker["id"].as_str().expect("an id");
    let wrong = company
        .say(&["unblock", id, "--set", "revenue.tug=x"])
        .await;
    assert_eq!(wrong.code, Some(2), "{}", wrong.err);
    let answered = company
        .say(&["unblock", id, "--set", "revenue.tag=x-21"])
        .await;
    assert_eq!(answered.code, Some(0), "{}", answered.err);

    let done = company.run(goal, UNDISTURBED, async {}).await;
    assert_eq!(
        done.code,
        Some(0),
        "{}\n{}",
        done.err,
        company.emulator.log()
    );
    assert_eq!(done.document()["state"], "done");

    for view in [
        "status", "goals", "tasks", "agents", "blockers", "pnl", "budget",
    ] {
        let said = company.say(&[view, "--json"]).await;
        assert_eq!(said.code, Some(0), "{view}: {}", said.err);
        let schema = format!("va.{view}/1");
        assert_eq!(said.document()["schema"], schema.as_str());
    }
    let tasks = company
        .say(&["tasks", "kettles", "--json"])
        .await
        .document();
    let draft = tasks["tasks"]
        .as_array()
        .and_then(|tasks| tasks.iter().find(|t| t["role"] == "content-generator"))
        .unwrap_or_else(|| panic!("{tasks}"));
    let id = draft["task_id"].as_str().expect("an id");
    let task = company.say(&["task", id, "--bodies", "--json"]).await;
    assert_eq!(task.code, Some(0), "{}", task.err);
    let events = company.say(&["events", "--goal", "kettles"]).await;
    assert!(events.out.lines().count() > 20, "{}", events.out);

    let late = company
        .say(&["cancel", "kettles", "--reason", "late"])
        .await;
    assert_eq!(late.code, Some(2), "{}", late.err);
    let none = company.say(&["goal", "no-such-goal"]).await;
    assert_eq!(none.code, Some(2), "{}", none.err);
}
