//! The pages for people: their links lead somewhere, and what they list is what there is.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use va_contracts::{
    pages::{code_spans, table_under},
    root,
};

/// Every Markdown page for people.
fn pages() -> Vec<PathBuf> {
    let mut all = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    for folder in ["docs", "docs/adr", "events"] {
        all.extend(files(&root().join(folder), "md"));
    }
    all
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == ending))
        .collect();
    all.sort();
    all
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A page without its code.
fn prose(page: &str) -> String {
    let fenced: String = page.split("```").step_by(2).collect();
    fenced.split('`').step_by(2).collect()
}

/// Every source file below these folders but for tests.
fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, into: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, into);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = read(&path);
                into.push((path, text));
            }
        }
    }
    let mut all = Vec::new();
    for folder in ["shared", "functions"] {
        for entry in fs::read_dir(root().join(folder)).expect("a folder") {
            let source = entry.expect("an entry").path().join("src");
            if source.is_dir() {
                walk(&source, &mut all);
            }
        }
    }
    all
}

/// The names that the functions `code` of a source answer.
fn codes_of(source: &str) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for part in source.split("pub fn code(&self) -> &'static str {").skip(1) {
        let body = part.split("\n    }").next().unwrap_or_default();
        codes.extend(
            body.split('"')
                .skip(1)
                .step_by(2)
                .filter(|name| {
                    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
                })
                .map(str::to_owned),
        );
    }
    codes
}

/// The names in the first column of the tables under a heading.
fn listed(page: &str, heading: &str) -> BTreeSet<String> {
    table_under(page, heading)
        .iter()
        .flat_map(|row| code_spans(&row[0]).into_iter().map(str::to_owned))
        .collect()
}

#[test]
fn every_link_within_the_project_leads_to_a_file() {
    for page in pages() {
        let text = prose(&read(&page));
        let targets = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split([')', '#']).next())
            .filter(|target| !target.is_empty() && !target.contains(':'));
        for target in targets {
            let path = page.parent().expect("a folder").join(target);
            assert!(
                path.exists(),
                "{} links {target}, which is not there",
                page.display()
            );
        }
    }
}

#[test]
fn every_error_code_of_the_sources_is_explained_and_no_other() {
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    for (path, text) in sources() {
        for code in codes_of(&text) {
            found.insert(code, path.clone());
        }
    }
    assert!(found.len() > 40, "only {} codes were found", found.len());
    let page = listed(&read(&root().join("docs/errors.md")), "## Error codes");
    for (code, path) in &found {
        assert!(
            page.contains(code),
            "docs/errors.md does not explain `{code}` of {}",
            path.display()
        );
    }
    let gone: Vec<_> = page
        .iter()
        .filter(|code| !found.contains_key(*code))
        .collect();
    assert!(gone.is_empty(), "no source has these codes: {gone:?}");
}

#[test]
fn every_reason_of_the_agents_is_explained() {
    let page = listed(&read(&root().join("docs/errors.md")), "## Reasons");
    let mut found = 0;
    for (path, text) in sources() {
        for code in text
            .split("code: \"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            let agent = path.components().any(|c| c.as_os_str() == "agents");
            if agent && code != "malformed" {
                found += 1;
                assert!(
                    page.contains(code),
                    "docs/errors.md does not explain the reason `{code}` of {}",
                    path.display()
                );
            }
        }
    }
    assert!(found > 5, "only {found} reasons were found");
}

#[test]
fn every_finding_of_the_reviewer_is_explained_as_its_source_does() {
    let source = read(&root().join("shared/review/src/code.rs"));
    let meant: BTreeSet<Vec<String>> = source
        .lines()
        .filter_map(|line| line.trim().strip_suffix("\";"))
        .filter_map(|line| {
            let (head, meaning) = line.rsplit_once(" \"")?;
            let (_, rest) = head.split_once(" \"")?;
            let (name, severity) = rest.split_once("\" ")?;
            Some(vec![
                format!("`{name}`"),
                severity.to_lowercase(),
                meaning.to_owned(),
            ])
        })
        .collect();
    assert!(meant.len() > 50, "only {} findings were found", meant.len());
    let page: BTreeSet<Vec<String>> =
        table_under(&read(&root().join("docs/errors.md")), "## Findings")
            .into_iter()
            .collect();
    assert_eq!(page, meant);
}

#[test]
fn every_decision_has_a_number_of_its_own_and_the_same_parts() {
    let all = files(&root().join("docs/adr"), "md");
    for (n, path) in (1..).zip(&all) {
        let name = path.file_name().expect("a name").to_string_lossy();
        assert!(
            name.starts_with(&format!("{n:04}-")),
            "{name} is not the {n}th"
        );
        let text = read(path);
        for part in ["Status: ", "## Context", "## Decision", "## Consequences"] {
            assert!(text.contains(part), "{name} has no {part}");
        }
        assert!(text.lines().count() <= 70, "{name} is longer than one page");
    }
    assert!(all.len() >= 11, "{} decisions", all.len());
}
