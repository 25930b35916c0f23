//! docs/contract.md against what the binary does: its commands, its exit codes, its files and its JSON.

mod common;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use common::{Place, report};
use serde_json::Value;
use va_contracts::{
    events::Schemas,
    pages::{code_spans, table_under},
    root,
};

fn contract() -> String {
    fs::read_to_string(root().join("docs/contract.md")).expect("docs/contract.md")
}

/// The fenced blocks of that language.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    page.split(&format!("```{language}\n"))
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect()
}

/// What `--help` says of each command: its options, but for those of every command.
fn helped(place: &Place) -> BTreeMap<Vec<String>, BTreeSet<String>> {
    let everywhere = ["--home", "--json", "--help", "--version"];
    let mut found = BTreeMap::new();
    let mut open = vec![Vec::<String>::new()];
    while let Some(path) = open.pop() {
        let mut args: Vec<&str> = path.iter().map(String::as_str).collect();
        args.push("--help");
        let help = place.va(&args).ends(0).out;
        let section = |title: &str| {
            help.lines()
                .skip_while(|line| *line != title)
                .skip(1)
                .take_while(|line| !line.is_empty())
                .map(str::trim)
                .collect::<Vec<_>>()
        };
        for line in section("Commands:") {
            let mut child = path.clone();
            child.extend(line.split_whitespace().next().map(str::to_owned));
            open.push(child);
        }
        let options = section("Options:")
            .iter()
            .flat_map(|line| {
                line.split("  ")
                    .next()
                    .unwrap_or_default()
                    .split([' ', ',', '='])
            })
            .filter(|word| word.starts_with("--") && !everywhere.contains(word))
            .map(str::to_owned)
            .collect();
        found.insert(path, options);
    }
    found
}

#[test]
fn the_commands_and_options_of_the_page_are_those_of_the_help() {
    let helped = helped(&Place::new());
    let mut told: BTreeMap<Vec<String>, BTreeSet<String>> = BTreeMap::new();
    for row in table_under(&contract(), "### Commands") {
        let command = code_spans(&row[0])[0];
        let mut path: Vec<String> = command.split(' ').skip(1).map(str::to_owned).collect();
        while !helped.contains_key(&path) {
            assert!(path.pop().is_some(), "nothing is like `{command}`");
        }
        let options = code_spans(&row[1])
            .into_iter()
            .filter_map(|span| span.split(' ').next())
            .map(str::to_owned);
        told.entry(path).or_default().extend(options);
    }
    // A command that only has others below it is not listed.
    let leaves: BTreeMap<_, _> = helped
        .iter()
        .filter(|(path, _)| {
            path.is_empty()
                || !helped
                    .keys()
                    .any(|p| p.len() > path.len() && p.starts_with(path))
        })
        .map(|(path, options)| (path.clone(), options.clone()))
        .collect();
    assert_eq!(told, leaves, "left: docs/contract.md, right: --help");
}

#[test]
fn the_exit_codes_of_both_pages_are_those_of_the_source() {
    let source = fs::read_to_string(root().join("functions/va/src/exit.rs")).expect("exit.rs");
    let body = source
        .split_once("pub enum Code {")
        .and_then(|(_, rest)| rest.split_once('}'))
        .map_or("", |(body, _)| body);
    let meant: BTreeMap<&str, &str> = body
        .lines()
        .filter_map(|line| line.trim().strip_suffix(','))
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, code)| (code, name))
        .collect();
    assert_eq!(meant.len(), 10);
    let contract = table_under(&contract(), "### Exit codes");
    let listed: BTreeSet<&str> = contract.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(listed, meant.keys().copied().collect());
    let errors = fs::read_to_string(root().join("docs/errors.md")).expect("docs/errors.md");
    let explained = table_under(&errors, "## Exit codes");
    let named: BTreeMap<&str, &str> = explained
        .iter()
        .map(|row| (row[0].as_str(), row[1].as_str()))
        .collect();
    assert_eq!(named, meant);
}

#[test]
fn the_goal_and_the_models_of_the_page_are_accepted() {
    let page = contract();
    let files = blocks(&page, "toml");
    let [goal, models] = files[..] else {
        panic!("{} files in the page", files.len())
    };
    let place = Place::new();
    let folder = place.path("lamps");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("goal.toml"), goal).expect("written");
    fs::write(folder.join("imprint.md"), "Made by nobody.\n").expect("written");
    let table = "sku,name,price_eur,weight_kg,brand\n\
        a1,Alba One,29,0.4,A\nb2,Brio Max,59,0.7,B\nc3,Cala,45,0.5,C\nd4,Dune Pro,89,0.9,X\n";
    fs::write(folder.join("lamps.csv"), table).expect("written");
    fs::write(place.path("models.toml"), models).expect("written");
    let said = place
        .va(&["plan", "lamps", "--json", "--models", "models.toml"])
        .ends(0);
    let plan = said.json();
    assert!(
        plan["expected"]["amount_micros"].as_i64() > Some(0),
        "the page's first model has a price: {plan}"
    );
    assert_eq!(
        plan["not_enforced"],
        serde_json::json!(["Only lamps for reading"])
    );
}

/// The names of a shape's fields, without those inside them.
fn fields(cell: &str) -> BTreeSet<String> {
    let mut depth = 0;
    let mut names = String::new();
    for c in cell.chars() {
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            c if depth == 0 => names.push(c),
            _ => {}
        }
    }
    names
        .split(',')
        .filter_map(|field| field.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_shape_of_the_page_is_what_the_commands_print() {
    let place = Place::new();
    place.goal("lamps", 2, &[]);
    let run = place.va(&["run", "lamps", "--json"]).ends(0);
    let print = |args: &[&str]| {
        let mut all = args.to_vec();
        all.extend(["--json", "--home", ".va/lamps"]);
        place.va(&all).ends(0).json()
    };
    let tasks = print(&["tasks"]);
    let draft = tasks["tasks"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|task| task["role"] == "content-generator")
        .cloned()
        .expect("a draft's task");
    let task = print(&["task", draft["task_id"].as_str().expect("an id")]);
    let example = root().join("docs/example");
    let file = |name: &str| example.join(name).display().to_string();
    let review = place
        .va(&[
            "review",
            &file("draft.md"),
            "--request",
            &file("request.json"),
            "--catalogue",
            &file("lamps.csv"),
            "--json",
        ])
        .ends(0);
    place.goal("asking", 2, &[("tag = \"lamps-21\"", "tag = \"\"")]);
    place.va(&["run", "asking", "--home", ".va/lamps"]).ends(4);
    let blockers = print(&["blockers"]);

    let mut printed: BTreeMap<&str, Value> = BTreeMap::from([
        ("Budget", print(&["budget", "lamps"])),
        ("Goal", print(&["goal", "lamps"])),
        ("TaskTrace", task["trace"].clone()),
        ("ArtifactEvidence", task["evidence"][0].clone()),
        ("Task", task),
        ("Status", print(&["status"])),
        ("Blocker", blockers["blockers"][0].clone()),
        ("Pnl", print(&["pnl", "lamps"])),
        ("Report", report(&place.path(".va/lamps"))),
        ("Result", run.json()),
        ("Verify", print(&["verify"])),
        (
            "Plan",
            place.va(&["plan", "lamps", "--json"]).ends(0).json(),
        ),
        ("Review", review.json()),
    ]);
    for row in table_under(&contract(), "## 6. JSON shapes") {
        if row[0] == "Bench" {
            continue;
        }
        let document = printed
            .remove(row[0].as_str())
            .unwrap_or_else(|| panic!("nothing was printed as {}", row[0]));
        for field in fields(code_spans(&row[2])[0]) {
            assert!(
                document.get(&field).is_some(),
                "{} has no `{field}`: {document}",
                row[0]
            );
        }
    }
    assert!(printed.is_empty(), "the page lacks {:?}", printed.keys());
}

#[test]
fn the_draft_of_the_page_on_drafts_is_approved_and_a_changed_digit_is_not() {
    let place = Place::new();
    let example = root().join("docs/example");
    let file = |name: &str| example.join(name).display().to_string();
    let review = |draft: &str| {
        place.va(&[
            "review",
            draft,
            "--request",
            &file("request.json"),
            "--catalogue",
            &file("lamps.csv"),
        ])
    };
    review(&file("draft.md")).ends(0);
    let draft = fs::read_to_string(file("draft.md")).expect("the draft");
    fs::write(place.path("other.md"), draft.replace("2.03", "2.04")).expect("written");
    let said = review("other.md").ends(7);
    assert!(said.out.contains("number_unproven"), "{}", said.out);
}

#[test]
fn every_event_of_a_real_run_is_valid() {
    let schemas = Schemas::load(&root().join("events")).expect("the schemas");
    let place = Place::new();
    let goal = root().join("examples/home-espresso");
    let home = place.path("home").display().to_string();
    place
        .va(&["run", &goal.display().to_string(), "--home", &home])
        .ends(0);
    let events = place.va(&["events", "--json", "--home", &home]).ends(0).out;
    assert!(events.lines().count() > 100);
    for line in events.lines() {
        let event: Value = serde_json::from_str(line).expect("JSON");
        let faults = schemas.faults_of_event(&event);
        assert!(faults.is_empty(), "{faults:#?}\n{line}");
    }
}
