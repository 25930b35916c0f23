//! Every kind of alarm and of incident has a runbook that says what Terraform says, and no runbook is left over.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use xtask::{root, terraform};

/// The budget's notices are no alarms of CloudWatch; they have a runbook all the same.
const BUDGET: &str = "budget";
/// What every runbook has, in this order.
const PARTS: [&str; 6] = [
    "| owner | ",
    "| severity | ",
    "| rings | ",
    "## Meaning",
    "## First look",
    "## Fix",
];

fn runbooks() -> BTreeMap<String, String> {
    let folder = root().join("docs/runbooks");
    let pages = fs::read_dir(&folder)
        .expect("the runbooks")
        .map(|entry| entry.expect("an entry").path());
    pages
        .map(|path| {
            let name = path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, fs::read_to_string(&path).expect("a page"))
        })
        .collect()
}

/// The kinds and severities that the modules give their alarms.
fn alarms() -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for folder in terraform::folders(&root().join("terraform/modules")).expect("the modules") {
        for text in sources(&folder) {
            for (kind, severity) in pairs(&text) {
                found.entry(kind).or_default().insert(severity);
            }
        }
    }
    found
}

fn sources(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder)
        .expect("a module")
        .map(|entry| entry.expect("an entry").path());
    files
        .filter(|path| path.extension().is_some_and(|ending| ending == "tf"))
        .map(|path| fs::read_to_string(path).expect("a file"))
        .collect()
}

/// Each `kind = "…"` with the `severity = …` after it; one that is a variable is the default of its declaration.
fn pairs(text: &str) -> Vec<(String, String)> {
    let spaced = text.split_whitespace().collect::<Vec<_>>().join(" ");
    spaced
        .split("kind = \"")
        .skip(1)
        .filter_map(|rest| {
            let (kind, rest) = rest.split_once('"')?;
            let (_, severity) = rest.split_once("severity = ")?;
            let severity = match severity.strip_prefix('"') {
                Some(literal) => literal.split('"').next()?,
                // By function; `critical` unless somebody decides otherwise.
                None => "critical",
            };
            Some((kind.to_owned(), severity.to_owned()))
        })
        .collect()
}

/// What the CTO's policy names where a report names no runbook.
fn incidents(policy: &str) -> impl Iterator<Item = &str> {
    let named = policy.split("\"docs/runbooks/").skip(1);
    named.filter_map(|rest| rest.split_once(".md\"").map(|(name, _)| name))
}

/// What stands beside a word in a page's table.
fn said<'a>(page: &'a str, row: &str) -> &'a str {
    let line = page.lines().find_map(|line| line.strip_prefix(row));
    line.unwrap_or_default().trim_end_matches(" |")
}

#[test]
fn every_kind_of_alarm_has_a_runbook_with_its_severity_and_the_other_way_round() {
    let (alarms, pages) = (alarms(), runbooks());
    assert!(alarms.len() >= 10, "{alarms:?}");
    let policy = fs::read_to_string(root().join("shared/agents/src/cto/policy.rs"));
    let policy = policy.expect("the CTO's policy");
    let kinds: BTreeSet<&str> = alarms
        .keys()
        .map(String::as_str)
        .chain([BUDGET])
        .chain(incidents(&policy))
        .collect();
    assert_eq!(
        pages.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        kinds
    );
    for (kind, severities) in &alarms {
        let severity = said(&pages[kind], "| severity | ");
        assert_eq!(severities, &BTreeSet::from([severity.to_owned()]), "{kind}");
    }
}

#[test]
fn every_runbook_says_who_acts_what_it_means_where_to_look_and_what_to_do() {
    let roles = fs::read_to_string(root().join("shared/domain/src/roles.rs")).expect("the roles");
    for (name, page) in runbooks() {
        assert!(page.starts_with(&format!("# {name}\n")), "{name}");
        let places: Vec<Option<usize>> = PARTS.iter().map(|part| page.find(part)).collect();
        assert!(
            places.iter().all(Option::is_some) && places.is_sorted(),
            "{name}: {places:?}"
        );
        let owner = said(&page, "| owner | ");
        assert!(
            roles.contains(&format!("\"{owner}\"")),
            "{name}: there is no role {owner}"
        );
    }
}
