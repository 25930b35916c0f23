//! A company that has done its work: the site and the report of an example.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The root of the workspace.
#[must_use]
pub fn workspace() -> PathBuf {
    // As it is run, not as it was built: a checkout may have moved since.
    std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from)
        .join("../..")
}

/// The `va` of the build that this test is of. It is not built here: other tests may want it with more features.
fn va() -> PathBuf {
    let test = std::env::current_exe().expect("a running test has a file");
    let built = test.ancestors().nth(2).expect("tests are built in deps/");
    built.join("va")
}

/// Where the tests leave what people should look at.
///
/// # Panics
/// Where the folder cannot be made.
#[must_use]
pub fn output() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| workspace().join("target"), PathBuf::from);
    let folder = target.join("browser");
    fs::create_dir_all(&folder).expect("the output folder can be made");
    folder
}

/// A finished company in a folder of its own.
pub struct Company {
    home: PathBuf,
    report: PathBuf,
}

impl Company {
    /// Runs an example from nothing, by the command line as it stands.
    ///
    /// # Panics
    /// Where the run does not end well.
    #[must_use]
    pub fn of(example: &str) -> Self {
        let home = anew("companies", example);
        let goal = workspace().join("examples").join(example);
        let report = run(&goal, &home);
        Self { home, report }
    }

    /// As [`Company::of`], and then once more after the example's table has lost its last product.
    ///
    /// # Panics
    /// Where a run does not end well.
    #[must_use]
    pub fn revised(example: &str) -> Self {
        let home = anew("revised", example);
        let goal = anew("goals", example);
        fs::create_dir_all(&goal).expect("a folder");
        for file in list(&workspace().join("examples").join(example)) {
            let name = file.file_name().expect("a file has a name");
            fs::copy(&file, goal.join(name)).expect("copied");
        }
        run(&goal, &home);
        let table = goal.join("catalogue.csv");
        let text = fs::read_to_string(&table).expect("a table");
        let kept = text.trim_end().rsplit_once('\n').expect("rows").0;
        fs::write(&table, format!("{kept}\n")).expect("written");
        let report = run(&goal, &home);
        Self { home, report }
    }

    /// The folder of its only site.
    #[must_use]
    pub fn site(&self) -> PathBuf {
        only(&self.home.join("sites"))
    }

    /// Every HTML page: a short name, and where it stands. The report is the last.
    #[must_use]
    pub fn pages(&self) -> Vec<(String, PathBuf)> {
        let site = self.site();
        let mut pages = Vec::new();
        for folder in ["", "posts", "tags"] {
            let mut found: Vec<PathBuf> = list(&site.join(folder))
                .into_iter()
                .filter(|path| path.extension().is_some_and(|e| e == "html"))
                .collect();
            found.sort();
            pages.extend(found.into_iter().map(|path| {
                let name = path.file_stem().unwrap_or_default().to_string_lossy();
                let name = if folder.is_empty() {
                    name.into_owned()
                } else {
                    format!("{folder}-{name}")
                };
                (name, path)
            }));
        }
        pages.push(("report".to_owned(), self.report.clone()));
        pages
    }
}

/// An empty place for one example.
fn anew(kind: &str, example: &str) -> PathBuf {
    let folder = output().join(kind).join(example);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("what the last run left can be removed");
    }
    folder
}

/// Has `va` run a goal folder; answers the report's page.
fn run(goal: &Path, home: &Path) -> PathBuf {
    let run = Command::new(va())
        .arg("run")
        .arg(goal)
        .arg("--home")
        .arg(home)
        .arg("--json")
        .current_dir(workspace())
        .output()
        .expect("`va` is missing: cargo build -p va");
    assert!(
        run.status.success(),
        "va run {} ended with {}:\n{}",
        goal.display(),
        run.status,
        String::from_utf8_lossy(&run.stderr)
    );
    let said = String::from_utf8_lossy(&run.stdout);
    let result: serde_json::Value =
        serde_json::from_str(said.lines().last().unwrap_or_default()).expect("a result");
    let report = result["report"].as_str().expect("a report's path");
    let page = workspace().join(report);
    if page.is_dir() {
        page.join("index.html")
    } else {
        page
    }
}

fn list(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.flatten().map(|entry| entry.path()).collect()
}

fn only(folder: &Path) -> PathBuf {
    let mut found: Vec<PathBuf> = list(folder)
        .into_iter()
        .filter(|path| path.is_dir() && path.read_dir().is_ok_and(|mut d| d.next().is_some()))
        .filter(|path| path.join("index.html").exists())
        .collect();
    assert_eq!(
        found.len(),
        1,
        "one finished folder in {}",
        folder.display()
    );
    found.remove(0)
}
