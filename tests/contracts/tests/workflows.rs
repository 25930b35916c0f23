//! The workflows run what a developer runs, on actions that cannot change under their name.

use std::{fs, path::PathBuf};

use va_contracts::root;

/// What a workflow may run besides `cargo xtask`, by how it begins: it prepares the machine and tests nothing.
const SET_UP: [&str; 2] = ["rustup toolchain install ", "rustup default "];

fn workflows() -> Vec<(PathBuf, String)> {
    let folder = root().join(".github/workflows");
    let mut all: Vec<(PathBuf, String)> = fs::read_dir(&folder)
        .expect("the workflows")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a workflow");
            (path, text)
        })
        .collect();
    all.sort();
    assert!(!all.is_empty(), "no workflow in {}", folder.display());
    all
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

/// Why an action may change under its name; nothing where it cannot.
fn loose(uses: &str) -> Option<String> {
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

/// Why a command is none of ours; nothing where it is one.
fn foreign(run: &str) -> Option<String> {
    let ours = run == "cargo xtask test" || SET_UP.iter().any(|set_up| run.starts_with(set_up));
    // One line, one command: what follows a command could be anything.
    let plain = run
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b" .,-".contains(&b));
    (!ours || !plain).then(|| format!("`{run}` is neither `cargo xtask test` nor set-up"))
}

#[test]
fn every_action_is_pinned_to_a_commit_and_every_command_is_ours() {
    for (path, text) in workflows() {
        let uses = values(&text, "uses");
        let runs = values(&text, "run");
        let faults: Vec<String> = uses
            .iter()
            .filter_map(|uses| loose(uses))
            .chain(runs.iter().filter_map(|run| foreign(run)))
            .collect();
        assert!(faults.is_empty(), "{}: {faults:#?}", path.display());
        assert!(
            runs.contains(&"cargo xtask test"),
            "{} does not run the tests",
            path.display()
        );
        let may = text
            .split_once("\npermissions:\n")
            .map_or("", |(_, after)| after)
            .lines()
            .take_while(|line| line.starts_with(' '))
            .collect::<Vec<_>>();
        assert_eq!(
            may,
            ["  contents: read"],
            "{} may more than it needs",
            path.display()
        );
        assert!(
            !text.contains("pull_request_target") && !text.contains("secrets."),
            "{} would hand secrets to a stranger's code",
            path.display()
        );
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
        "rustup default 1.95.0; sh",
    ] {
        assert!(foreign(run).is_some(), "{run}");
    }
}
