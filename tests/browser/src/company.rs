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
}

impl Company {
    /// Runs an example from nothing, by the command line as it stands.
    ///
    /// # Panics
    /// Where the run does not end well.
    #[must_use]
    pub fn of(example: &str) -> Self {
        let home = output().join("companies").join(example);
        if home.exists() {
            fs::remove_dir_all(&home).expect("the company of the last run can be removed");
        }
        let run = Command::new(va())
            .arg("run")
            .arg(workspace().join("examples").join(example))
            .arg("--home")
            .arg(&home)
            .current_dir(workspace())
            .output()
            .expect("`va` is missing: cargo build -p va");
        assert!(
            run.status.success(),
            "va run {example} ended with {}:\n{}",
            run.status,
            String::from_utf8_lossy(&run.stderr)
        );
        Self { home }
    }

    /// The folder of its only site.
    #[must_use]
    pub fn site(&self) -> PathBuf {
        only(&self.home.join("sites"))
    }

    /// The folder of its only report.
    #[must_use]
    pub fn report(&self) -> PathBuf {
        only(&self.home.join("reports"))
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
        pages.push(("report".to_owned(), self.report().join("index.html")));
        pages
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
