//! An environment made by Terraform: planned, applied as it was planned, looked after, and taken away.

mod adopt;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::{
    error::{TaskError, file},
    github,
    process::{ended, output, read, run},
    terraform,
};

/// The most characters of a plan's text in its summary: GitHub refuses comments beyond 65,536.
const LONGEST: usize = 55_000;
/// How long one who would change something waits for another who does.
const PATIENT: &str = "-lock-timeout=120s";

/// What is done with an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Says what would change.
    Plan,
    /// Makes it so; where an approved plan is named, only if nothing else would change.
    Apply {
        /// The approved plan, by what [`Planned::hash`] was.
        approved: Option<String>,
    },
    /// Makes it so, and takes over what stands under its name already: after an apply that was killed.
    Adopt,
    /// Fails where anything would change.
    Drift,
    /// Takes everything away.
    Destroy,
}

/// A root of Terraform, and where its plans are kept.
#[derive(Clone, Debug)]
pub struct Root {
    folder: PathBuf,
    work: PathBuf,
    variables: BTreeMap<String, String>,
}

/// What a plan would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The addresses that change, with the sign of what happens to each.
    pub changes: Vec<(String, &'static str)>,
    /// The SHA-256 of everything that changes, values included, in hex: two plans with the same hash do the same.
    pub hash: String,
    /// For people, as Markdown.
    pub summary: String,
    file: PathBuf,
}

/// A plan as Terraform shows it, as far as it is read.
#[derive(Debug, Deserialize)]
struct Shown {
    #[serde(default)]
    resource_changes: Vec<Value>,
    #[serde(default)]
    output_changes: BTreeMap<String, Value>,
    #[serde(default)]
    prior_state: Value,
}

/// Where the summary of an environment's plan is kept.
#[must_use]
pub fn summary_of(root: &Path, name: &str) -> PathBuf {
    root.join("target/deploy").join(name).join("plan.md")
}

impl Root {
    /// The root of an environment, or one beside them: `bootstrap`, `management`.
    ///
    /// # Errors
    /// Where there is none of this name.
    pub fn named(root: &Path, name: &str) -> Result<Self, TaskError> {
        let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase());
        let places =
            ["terraform/environments", "terraform"].map(|place| root.join(place).join(name));
        let folder = places
            .into_iter()
            .find(|folder| plain && folder.join("main.tf").is_file())
            .ok_or_else(|| TaskError::Found(format!("terraform/ has no environment `{name}`")))?;
        let work = root.join("target/deploy").join(name);
        Ok(Self::at(folder, work, terraform::provider(root)?))
    }

    /// A root in this folder, with its plans in another.
    #[must_use]
    pub fn at(folder: PathBuf, work: PathBuf, variables: BTreeMap<String, String>) -> Self {
        Self {
            folder,
            work,
            variables,
        }
    }

    /// The same with the functions' packages from a folder of this machine: for the first apply of an environment.
    #[must_use]
    pub fn with_packages(mut self, folder: &Path) -> Self {
        let folder = folder.to_string_lossy().into_owned();
        self.variables
            .insert("TF_VAR_packages_dir".to_owned(), folder);
        self
    }

    /// Does it, and says what was planned.
    ///
    /// # Errors
    /// Where Terraform fails, what was approved is not what would happen, or something has drifted.
    pub fn act(&self, act: &Act) -> Result<Planned, TaskError> {
        fs::create_dir_all(&self.work)
            .map_err(file(format!("{} cannot be made", self.work.display())))?;
        run(self.terraform("init").arg("-input=false"))?;
        let (planned, _) = self.plan(act)?;
        let path = self.work.join("plan.md");
        fs::write(&path, &planned.summary)
            .map_err(file(format!("{} cannot be written", path.display())))?;
        println!(
            "{} changes; {} says which",
            planned.changes.len(),
            path.display()
        );
        github::summary(&planned.summary)?;
        github::output("plan", &planned.hash)?;
        github::output("changes", &planned.changes.len().to_string())?;
        match act {
            Act::Plan => {}
            Act::Drift if planned.changes.is_empty() => {}
            Act::Drift => {
                let changed: Vec<&str> = planned.changes.iter().map(|c| c.0.as_str()).collect();
                let what = format!(
                    "what stands is not what is described: {}",
                    changed.join(", ")
                );
                return Err(TaskError::Found(what));
            }
            Act::Apply {
                approved: Some(approved),
            } if *approved != planned.hash => {
                let what =
                    "this is not the plan that was approved; look at it, and approve it anew";
                return Err(TaskError::Found(what.to_owned()));
            }
            Act::Adopt => return adopt::adopt(self),
            Act::Apply { .. } | Act::Destroy => {
                run(self
                    .terraform("apply")
                    .args(["-input=false", PATIENT])
                    .arg(&planned.file))?;
            }
        }
        Ok(planned)
    }

    fn plan(&self, act: &Act) -> Result<(Planned, Shown), TaskError> {
        let kept = self.work.join("plan.tfplan");
        let mut command = self.terraform("plan");
        command.args(["-input=false", "-no-color", "-detailed-exitcode", PATIENT]);
        match act {
            // Whoever only looks may not write, and so not lock; what it sees is compared again before it is applied.
            Act::Plan | Act::Drift => {
                command.arg("-lock=false");
            }
            Act::Destroy => {
                command.arg("-destroy");
            }
            Act::Apply { .. } | Act::Adopt => {}
        }
        command.arg(format!("-out={}", kept.display()));
        let said = output(&mut command)?;
        // With `-detailed-exitcode` two says that something would change.
        if !matches!(said.status.code(), Some(0 | 2)) {
            return Err(ended(&command, &said));
        }
        let json = read(self.terraform("show").arg("-json").arg(&kept))?;
        let shown: Shown = serde_json::from_str(&json).map_err(|source| TaskError::Document {
            what: "the plan is not what Terraform's JSON was expected to be".to_owned(),
            source,
        })?;
        let text = read(self.terraform("show").arg("-no-color").arg(&kept))?;
        let name = self
            .folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy();
        let changes = changes(&shown);
        let planned = Planned {
            hash: hash(&shown),
            summary: summary(&name, &changes, &text),
            changes,
            file: kept,
        };
        Ok((planned, shown))
    }

    fn terraform(&self, act: &str) -> Command {
        let mut command = Command::new("terraform");
        command
            .arg(act)
            .current_dir(&self.folder)
            .envs(&self.variables)
            .env("TF_DATA_DIR", self.work.join("data"))
            .env("TF_IN_AUTOMATION", "1");
        command
    }
}

fn actions(change: &Value) -> Vec<&str> {
    let actions = change["change"]["actions"]
        .as_array()
        .or(change["actions"].as_array());
    actions
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

fn stays(change: &Value) -> bool {
    matches!(actions(change)[..], ["no-op"] | ["read"])
}

fn changes(shown: &Shown) -> Vec<(String, &'static str)> {
    let sign = |change: &Value| match actions(change)[..] {
        ["create"] => "+",
        ["update"] => "~",
        ["delete"] => "-",
        ["forget"] => "forgets",
        _ => "-/+",
    };
    let resources = shown
        .resource_changes
        .iter()
        .filter(|change| !stays(change));
    let resources = resources.map(|change| {
        let address = change["address"].as_str().unwrap_or_default().to_owned();
        (address, sign(change))
    });
    let outputs = shown
        .output_changes
        .iter()
        .filter(|(_, change)| !stays(change));
    let outputs = outputs.map(|(name, change)| (format!("output.{name}"), sign(change)));
    let mut all: Vec<_> = resources.chain(outputs).collect();
    all.sort();
    all
}

/// Over all that changes: addresses, actions, and every value that is known.
fn hash(shown: &Shown) -> String {
    let mut hasher = Sha256::new();
    let mut resources: Vec<String> = shown
        .resource_changes
        .iter()
        .filter(|change| !stays(change))
        .map(|change| format!("{} {}", change["address"], change["change"]))
        .collect();
    resources.sort();
    let outputs = shown
        .output_changes
        .iter()
        .filter(|(_, change)| !stays(change));
    for line in resources
        .into_iter()
        .chain(outputs.map(|(name, change)| format!("{name} {change}")))
    {
        hasher.update(line.as_bytes());
        hasher.update([0]);
    }
    hex::encode(hasher.finalize())
}

fn summary(name: &str, changes: &[(String, &'static str)], text: &str) -> String {
    let count = |sign: &str| changes.iter().filter(|change| change.1 == sign).count();
    let mut page = format!(
        "### Plan of {name}: {} to add, {} to change, {} to replace, {} to destroy\n\n",
        count("+"),
        count("~"),
        count("-/+"),
        count("-"),
    );
    if changes.is_empty() {
        return page + "Nothing changes.\n";
    }
    let mut cut = text.len().min(LONGEST);
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    // A fence that no line of the text can close.
    let fence = "`".repeat(longest_run(text) + 3);
    let rest = if cut < text.len() {
        "\n(cut here; the job's log has all)"
    } else {
        ""
    };
    page += &format!(
        "<details><summary>What changes</summary>\n\n{fence}\n{}{rest}\n{fence}\n\n</details>\n",
        text[..cut].trim()
    );
    page
}

/// The longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIN: &str = r#"
variable "size" {
  type    = number
  default = 1
}
resource "terraform_data" "one" {
  input = var.size
}
"#;

    fn stage() -> (tempfile::TempDir, Root) {
        let folder = tempfile::tempdir().expect("a folder");
        let own = folder.path().join("dev");
        fs::create_dir(&own).expect("made");
        fs::write(own.join("main.tf"), MAIN).expect("written");
        let root = Root::at(own, folder.path().join("work"), BTreeMap::new());
        (folder, root)
    }

    fn with_size(root: &Root, size: &str) -> Root {
        let variables = BTreeMap::from([("TF_VAR_size".to_owned(), size.to_owned())]);
        Root::at(root.folder.clone(), root.work.clone(), variables)
    }

    #[test]
    fn what_was_approved_is_applied_then_nothing_changes_then_drift_is_found_and_all_is_taken_away()
    {
        let (_folder, root) = stage();
        let planned = root.act(&Act::Plan).expect("planned");
        assert_eq!(planned.changes, [("terraform_data.one".to_owned(), "+")]);
        let approved = Some(planned.hash.clone());
        root.act(&Act::Apply { approved }).expect("applied");
        assert!(root.act(&Act::Drift).expect("no drift").changes.is_empty());
        let other = with_size(&root, "2");
        assert_eq!(
            other.act(&Act::Drift).expect_err("drift").code(),
            "task_found"
        );
        let gone = root.act(&Act::Destroy).expect("destroyed");
        assert_eq!(gone.changes, [("terraform_data.one".to_owned(), "-")]);
    }

    #[test]
    fn a_plan_that_differs_from_the_approved_one_only_in_a_value_is_not_applied() {
        let (_folder, root) = stage();
        let approved = Some(root.act(&Act::Plan).expect("planned").hash);
        let other = with_size(&root, "2");
        let refused = other.act(&Act::Apply { approved }).expect_err("refused");
        assert!(refused.to_string().contains("approved"), "{refused}");
        assert_eq!(
            root.act(&Act::Plan).expect("planned").changes.len(),
            1,
            "nothing was made"
        );
    }

    #[test]
    fn a_plan_with_fences_stays_within_its_own_and_within_a_comment() {
        let changes = [("a".to_owned(), "+")];
        let text = format!("```\n{}", "ä".repeat(LONGEST));
        let page = summary("dev", &changes, &text);
        assert!(page.contains("\n``````\n"), "{}", &page[..200]);
        assert!(page.len() < 60_000, "{}", page.len());
    }

    #[test]
    fn an_environment_that_is_none_is_refused() {
        for name in ["", "../dev", "nowhere"] {
            assert!(Root::named(&crate::root(), name).is_err(), "{name}");
        }
    }
}
