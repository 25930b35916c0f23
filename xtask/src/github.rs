//! What the commands tell GitHub, and ask of it, when a workflow runs them.

use std::{
    env, fs,
    fs::OpenOptions,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::json;

use crate::{
    error::{TaskError, file},
    listing,
    process::{feed, read, run},
};

/// Sets an output of the step; nothing where no workflow runs.
///
/// # Errors
/// Where it cannot be written.
pub fn output(name: &str, value: &str) -> Result<(), TaskError> {
    append("GITHUB_OUTPUT", &format!("{name}={value}\n"))
}

/// Adds to the summary of the job; nothing where no workflow runs.
///
/// # Errors
/// Where it cannot be written.
pub fn summary(markdown: &str) -> Result<(), TaskError> {
    append("GITHUB_STEP_SUMMARY", markdown)
}

fn append(variable: &str, text: &str) -> Result<(), TaskError> {
    let Some(path) = env::var_os(variable)
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
    else {
        return Ok(());
    };
    let unwritten = || {
        file(format!(
            "{} of {variable} cannot be written",
            path.display()
        ))
    };
    let mut target = OpenOptions::new()
        .append(true)
        .create(true)
        .open(&path)
        .map_err(unwritten())?;
    target.write_all(text.as_bytes()).map_err(unwritten())
}

/// Comments an environment's plan on a pull request, in place of the comment that was made of it before.
///
/// # Errors
/// Where the plan is missing, or GitHub refuses.
pub fn comment(env: &str, pull_request: u64, plan: &Path) -> Result<(), TaskError> {
    let plan = fs::read_to_string(plan).map_err(file(format!(
        "{} cannot be read; plan first",
        plan.display()
    )))?;
    let mark = format!("<!-- plan of {env} -->");
    let body = json!({ "body": format!("{mark}\n{plan}") }).to_string();
    let comments = format!("repos/{{owner}}/{{repo}}/issues/{pull_request}/comments");
    let find = format!(".[] | select(.body | startswith(\"{mark}\")) | .id");
    let before = read(Command::new("gh").args(["api", "--paginate", &comments, "--jq", &find]))?;
    let target = match before.lines().next() {
        Some(id) => format!("repos/{{owner}}/{{repo}}/issues/comments/{id}"),
        None => comments,
    };
    let method = if before.is_empty() { "POST" } else { "PATCH" };
    let mut gh = Command::new("gh");
    gh.args([
        "api", "--silent", "--method", method, &target, "--input", "-",
    ]);
    feed(&mut gh, &body)
}

/// Checks that every package of a list is what it says, and was built by this workflow of this repository.
///
/// # Errors
/// Where a package is another, or GitHub knows no such build of it.
pub fn provenance(packages: &Path, repository: &str, workflow: &str) -> Result<(), TaskError> {
    let list = listing::read(packages)?;
    for listed in list.packages.values() {
        run(Command::new("gh")
            .args(["attestation", "verify"])
            .arg(packages.join(&listed.file))
            .args(["--repo", repository, "--deny-self-hosted-runners"])
            .args([
                "--signer-workflow",
                &format!("{repository}/.github/workflows/{workflow}"),
            ])
            .args(["--source-digest", &list.commit]))?;
    }
    println!(
        "{} packages: built here, from {}",
        list.packages.len(),
        list.commit
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_that_was_not_made_is_not_commented() {
        let missing = Path::new("no/such/plan.md");
        assert_eq!(
            comment("dev", 1, missing).expect_err("missing").code(),
            "task_file"
        );
    }
}
