//! The company on the emulator, a person who works with it, and the site that is made at home.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;
use tokio::{process::Command, sync::OnceCell, time::timeout};
use va_agents::manifest::Manifest;
use va_emulator::{Chaos, Deployment, Emulator, Options, read_manifest, with_timeout};

use super::binaries;

/// The goal that both homes work on.
pub const ESPRESSO: &str = "examples/home-espresso";
/// A goal that lacks what only a person can give.
pub const UNTAGGED: &str = r#"schema = 1
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
pub const TABLE: &str = "name,price_eur,weight_kg,output_w,body\n\
    Arno,29,0.4,300,plastic\nBela,59,0.7,900,steel\nCleo,45,0.5,600,steel\nDora,89,0.9,1400,brass\n\
    Enno,39,0.6,450,plastic\nFinn,119,1.3,2000,brass\n";

/// The same goal on one page more, and with all that it needs.
pub fn tagged() -> String {
    let wider = UNTAGGED.replace("max_articles = 2", "max_articles = 3");
    wider.replace("tag = \"\"", "tag = \"x-21\"")
}

/// The table of each revision of that goal: as it is, with another price, and without a product that a page is about.
pub fn tables() -> [String; 3] {
    let cheaper = TABLE.replace("Finn,119,", "Finn,109,");
    let lines = cheaper.lines().filter(|line| !line.starts_with("Enno,"));
    let fewer = lines.map(|line| format!("{line}\n")).collect();
    [TABLE.to_owned(), cheaper, fewer]
}

/// What a path of that goal's site is after the last revision, and what it leads on from.
pub const GONE: &str = "posts/why-pay-more-for-the-cleo-what-it-adds-to-the-enno.html";

/// A goal folder that a person changes.
pub struct GoalFolder(TempDir);

impl GoalFolder {
    /// With this goal and this table.
    pub fn new(goal: &str, table: &str) -> Self {
        let folder = Self(TempDir::new().expect("a folder"));
        std::fs::write(folder.0.path().join("goal.toml"), goal).expect("written");
        folder.lists(table);
        folder
    }

    /// With this table from now on.
    pub fn lists(&self, table: &str) {
        std::fs::write(self.0.path().join("table.csv"), table).expect("written");
    }

    pub fn path(&self) -> &str {
        self.0.path().to_str().expect("UTF-8")
    }
}

/// How long a goal may take that nobody disturbs.
pub const UNDISTURBED: Duration = Duration::from_secs(150);
/// How long one may take that is disturbed: what a killed function held comes again after its visibility,
/// what it had begun after the attempt's time.
pub const DISTURBED: Duration = Duration::from_secs(330);
/// Between two ticks of the clock; its schedule says a minute, which a test need not wait for.
pub const TICK: Duration = Duration::from_secs(5);

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// `va` with its home on AWS, from where the functions come from.
pub fn va() -> Command {
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
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Said {
    pub async fn by(command: &mut Command, within: Duration) -> Self {
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
    pub fn document(&self) -> Value {
        let line = self.out.lines().last().unwrap_or_default();
        serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}\n{}", self.err))
    }
}

pub type Files = BTreeMap<String, Vec<u8>>;

/// The site that the same binary makes at home.
pub async fn at_home() -> &'static Files {
    static SITE: OnceCell<Files> = OnceCell::const_new();
    SITE.get_or_init(async || {
        let home = TempDir::new().expect("a folder");
        site_at_home(home.path(), ESPRESSO, "espresso-guide").await
    })
    .await
}

/// The sites that the same binary makes at home of each revision of the goal that people change.
pub async fn revisions_at_home() -> Vec<Files> {
    let (home, folder) = (
        TempDir::new().expect("a folder"),
        GoalFolder::new(&tagged(), TABLE),
    );
    let mut sites = Vec::new();
    for table in tables() {
        folder.lists(&table);
        sites.push(site_at_home(home.path(), folder.path(), "kettles").await);
    }
    let gone = String::from_utf8_lossy(&sites[2][GONE]).into_owned();
    assert!(gone.contains("http-equiv=\"refresh\""), "{gone}");
    assert!(
        sites[0][GONE] == sites[1][GONE],
        "what the price is not on is kept"
    );
    sites
}

/// What a company at home makes of a goal folder as it is now.
async fn site_at_home(home: &Path, goal: &str, site: &str) -> Files {
    let mut run = va();
    run.args(["run", goal, "--home"]).arg(home);
    let said = Said::by(&mut run, Duration::from_secs(120)).await;
    assert_eq!(said.code, Some(0), "{}", said.err);
    let site = home.join("sites").join(site);
    let mut files = Files::new();
    read(&site, &site, &mut files);
    files
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
pub struct Company {
    pub deployment: Deployment,
    pub emulator: Emulator,
}

impl Company {
    pub async fn deploy(chaos: Option<Chaos>, timeout_s: Option<u32>) -> Self {
        let mut manifest = read_manifest(&root().join("terraform/agents.json")).expect("sound");
        if let Some(seconds) = timeout_s {
            manifest = with_timeout(manifest, seconds);
        }
        let options = Options {
            chaos,
            ..Options::default()
        };
        Self::with(manifest, options).await
    }

    pub async fn with(manifest: Manifest, options: Options) -> Self {
        let emulator = Emulator::guarded().await.expect("the emulator");
        Self::on(emulator, manifest, options).await
    }

    pub async fn on(emulator: Emulator, manifest: Manifest, options: Options) -> Self {
        let deployment = Deployment::create(&emulator, manifest, &binaries(), options)
            .await
            .unwrap_or_else(|e| panic!("{}\n{}", xtask::error::chain(&e), emulator.log()));
        Self {
            deployment,
            emulator,
        }
    }

    pub fn va(&self, args: &[&str]) -> Command {
        let mut command = va();
        command
            .envs(self.deployment.person())
            .args(args)
            .args(["--home", "aws:acme"]);
        command
    }

    pub async fn say(&self, args: &[&str]) -> Said {
        Said::by(&mut self.va(args), Duration::from_secs(60)).await
    }

    /// Runs the goal, while the clock ticks and `disturb` does what it does.
    pub async fn run(
        &self,
        goal: &str,
        within: Duration,
        disturb: impl Future<Output = ()>,
    ) -> Said {
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

    pub async fn site(&self, id: &str) -> Files {
        let (bucket, prefix) = self.deployment.site(id);
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

    /// How many seals lie in the vault.
    pub async fn seals(&self) -> usize {
        let listed = self.deployment.clients.s3.list_objects_v2();
        let listed = listed.bucket(self.deployment.vault_bucket());
        let listed = listed.prefix("acme/seals/").send().await;
        listed.expect("the vault").contents().len()
    }

    /// The site is that of home, file by file.
    pub async fn publishes_what_home_does(&self) {
        self.publishes("espresso-guide", at_home().await).await;
    }

    /// A site has these files, and no other.
    pub async fn publishes(&self, site: &str, home: &Files) {
        let aws = self.site(site).await;
        assert!(
            home.keys().eq(aws.keys()),
            "{:?} and {:?}",
            home.keys(),
            aws.keys()
        );
        for (path, bytes) in home {
            assert_eq!(&aws[path], bytes, "{path}");
        }
    }

    /// The site is that of home, what was written is whole, and the books balance.
    pub async fn stands_as_at_home(&self, said: &Said) {
        self.is_done(said);
        self.publishes_what_home_does().await;
        self.is_whole("home-espresso").await;
    }

    /// A run ended with its goal done; answers what it said of it.
    pub fn is_done(&self, said: &Said) -> Value {
        assert_eq!(said.code, Some(0), "{}\n{}", said.err, self.emulator.log());
        let result = said.document();
        assert_eq!(result["schema"], "va.result/1");
        assert_eq!(result["state"], "done");
        assert_eq!(result["verify"]["ok"], true);
        result
    }

    /// No message was set aside.
    pub async fn sets_nothing_aside(&self) {
        for agent in &self.deployment.manifest.agents {
            let aside = self.deployment.take_dead_letters(&agent.role).await;
            assert_eq!(
                aside.expect("a queue"),
                Vec::<String>::new(),
                "{}",
                agent.role
            );
        }
    }

    /// What is exported is whole, and the goal's books balance.
    pub async fn is_whole(&self, goal: &str) {
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

        let budget = self.say(&["budget", goal, "--json"]).await;
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
