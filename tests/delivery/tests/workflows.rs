//! The workflows run what a developer runs, on actions that cannot change under their name, with no right that they
//! do not need and no key that lasts.

use std::{fs, path::PathBuf};

use clap::Parser as _;
use xtask::{cli::Cli, root};

/// What a workflow may run besides `cargo xtask`, by how it begins: it prepares the machine and tests nothing.
const SET_UP: [&str; 2] = ["rustup toolchain install ", "rustup default "];
/// The only things that jobs may write, and the workflows in which they may.
const WRITES: [(&str, &[&str]); 4] = [
    (
        "id-token: write",
        &[
            "infra.yml",
            "environment.yml",
            "app.yml",
            "rollout.yml",
            "release.yml",
        ],
    ),
    ("pull-requests: write", &["infra.yml", "environment.yml"]),
    ("attestations: write", &["app.yml", "release.yml"]),
    ("contents: write", &["release.yml"]),
];

fn workflows() -> Vec<(String, String)> {
    let folder = root().join(".github/workflows");
    let mut all: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the workflows")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    all.sort();
    all.into_iter()
        .map(|path| {
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, fs::read_to_string(&path).expect("a workflow"))
        })
        .collect()
}

/// The values of a key of the steps, wherever it stands in its step.
fn values<'a>(text: &'a str, key: &str) -> Vec<&'a str> {
    text.lines()
        .filter_map(|line| {
            let line = line.trim_start();
            line.strip_prefix("- ")
                .unwrap_or(line)
                .strip_prefix(key)?
                .strip_prefix(':')
        })
        .map(str::trim)
        .collect()
}

/// Why an action may change under its name; nothing where it cannot. A workflow of this repository cannot.
fn loose(uses: &str) -> Option<String> {
    if uses.starts_with("./.github/workflows/") {
        return None;
    }
    let (action, comment) = uses.split_once(" # ").unwrap_or((uses, ""));
    let (_, commit) = action.split_once('@').unwrap_or((action, ""));
    let is_commit = commit.len() == 40
        && commit
            .bytes()
            .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if !is_commit {
        Some(format!("{uses} is not pinned to a full commit"))
    } else if !comment.starts_with('v') {
        Some(format!("{uses} does not say which version that is"))
    } else {
        None
    }
}

/// Why a line is no command of the project; nothing where it is one. Options that the line leaves to the environment
/// are given by the job.
fn foreign(run: &str) -> Option<String> {
    // One line, one command: what follows a command could be anything.
    let plain = run
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b" .,-".contains(&b));
    if !plain {
        return Some(format!("`{run}` is more than one plain command"));
    }
    if SET_UP.iter().any(|set_up| run.starts_with(set_up)) {
        return None;
    }
    let Some(words) = run.strip_prefix("cargo xtask ") else {
        return Some(format!("`{run}` is neither `cargo xtask` nor set-up"));
    };
    let line = ["xtask"].into_iter().chain(words.split(' '));
    let missing = match Cli::try_parse_from(line) {
        Err(e) if e.kind() == clap::error::ErrorKind::MissingRequiredArgument => e.to_string(),
        Err(e) => return Some(format!("`{run}`: {e}")),
        Ok(_) => return None,
    };
    let given = [
        "--env <ENV>",
        "--pull-request <",
        "--repository <",
        "--target <",
        "--tag <",
    ];
    let unknown: Vec<&str> = missing
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with(['-', '<']) && !given.iter().any(|g| line.starts_with(g)))
        .collect();
    (!unknown.is_empty()).then(|| format!("`{run}` lacks {unknown:?}"))
}

/// The lines of every block under this key, at any depth.
fn blocks<'a>(text: &'a str, key: &str) -> Vec<&'a str> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if line.trim() == format!("{key}:") {
            let depth = line.len() - line.trim_start().len();
            let deeper = |l: &&&str| l.len() - l.trim_start().len() > depth;
            found.extend(lines[at + 1..].iter().take_while(deeper).map(|l| l.trim()));
        }
    }
    found
}

#[test]
fn the_workflows_are_those_that_the_pages_describe() {
    let names: Vec<String> = workflows().into_iter().map(|(name, _)| name).collect();
    let expected = [
        "app.yml",
        "ci.yml",
        "environment.yml",
        "infra.yml",
        "release.yml",
        "rollout.yml",
    ];
    assert_eq!(names, expected);
    let page = fs::read_to_string(root().join("docs/deploy.md")).expect("the page");
    for name in names {
        assert!(
            page.contains(&format!("`{name}`")),
            "docs/deploy.md does not tell of {name}"
        );
    }
}

#[test]
fn every_action_is_pinned_to_a_commit_and_every_command_is_ours() {
    for (name, text) in workflows() {
        let uses = values(&text, "uses");
        let runs = values(&text, "run");
        let faults: Vec<String> = uses
            .iter()
            .filter_map(|uses| loose(uses))
            .chain(runs.iter().filter_map(|run| foreign(run)))
            .collect();
        assert!(faults.is_empty(), "{name}: {faults:#?}");
    }
    let (_, ci) = workflows()
        .into_iter()
        .find(|(name, _)| name == "ci.yml")
        .expect("ci");
    assert!(
        values(&ci, "run").contains(&"cargo xtask test"),
        "ci runs the tests"
    );
}

#[test]
fn nothing_may_be_done_but_what_a_job_says_and_no_key_lasts() {
    for (name, text) in workflows() {
        assert!(
            text.contains("\npermissions: {}\n"),
            "{name} begins with rights"
        );
        for right in blocks(&text, "permissions") {
            let right = right.split(" # ").next().unwrap_or_default();
            let known = WRITES
                .iter()
                .any(|(write, places)| *write == right && places.contains(&name.as_str()));
            assert!(right.ends_with(": read") || known, "{name} may {right}");
        }
        for word in [
            "pull_request_target",
            "secrets.",
            "aws-access-key",
            "workflow_run",
            "self-hosted",
        ] {
            assert!(!text.contains(word), "{name} has {word}");
        }
        let jobs = blocks(&text, "jobs");
        let count = |what: &str| {
            let steps = jobs.iter().map(|line| line.trim_start_matches("- "));
            steps.filter(|line| line.starts_with(what)).count()
        };
        assert_eq!(
            count("runs-on:"),
            count("timeout-minutes:"),
            "{name}: every job ends"
        );
        assert_eq!(
            count("uses: actions/checkout@"),
            count("persist-credentials: false"),
            "{name}"
        );
        assert_eq!(
            count("uses: aws-actions/configure-aws-credentials@"),
            count("role-to-assume: arn:aws:iam::"),
            "{name}: a role, no key"
        );
    }
}

#[test]
fn a_workflow_that_is_started_by_an_event_runs_once_at_a_time() {
    for (name, text) in workflows() {
        let called = text.contains("\n  workflow_call:\n");
        assert_ne!(called, text.contains("\nconcurrency:\n"), "{name}");
    }
}

#[test]
fn a_tag_a_short_commit_and_another_command_are_found() {
    for uses in [
        "actions/checkout@v5",
        "actions/checkout",
        "actions/checkout@08c6903 # v5.0.0",
        "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8",
    ] {
        assert!(loose(uses).is_some(), "{uses}");
    }
    for run in [
        "cargo test",
        "|",
        "cargo xtask test && curl example.org",
        "cargo xtask nothing",
        "cargo xtask deploy --env dev",
        "rustup default 1.95.0; sh",
    ] {
        assert!(foreign(run).is_some(), "{run}");
    }
    assert_eq!(
        blocks("a:\n  permissions:\n    x: write\n  b: 1\n", "permissions"),
        ["x: write"]
    );
}
