//! A changed goal folder is the next revision: what stays costs nothing, what goes leads on, and the rest is as sure
//! as the first time.

mod common;

use std::{collections::BTreeMap, fs, thread, time::Duration};

use serde_json::Value;

use common::{Place, balances, files};

const HOME: &str = ".va/lamps";
const SITE: &str = ".va/lamps/sites/lamp-guide";
const PAGES: u32 = 8;

/// The goal folder with one text in its table in place of another, or with another goal.toml.
fn edit(place: &Place, file: &str, from: &str, to: &str) {
    let path = place.path("lamps").join(file);
    let text = fs::read_to_string(&path).expect("a file");
    assert!(text.contains(from), "{file} has no {from:?}");
    fs::write(path, text.replace(from, to)).expect("written");
}

fn run(place: &Place) -> Value {
    place.va(&["run", "lamps", "--json"]).ends(0).json()
}

fn sound(place: &Place) {
    place.va(&["check-site", SITE, "--goal", "lamps"]).ends(0);
    place.va(&["verify", "--home", HOME]).ends(0);
}

/// The `result` of the report of a goal.
fn report_of(place: &Place, result: &Value) -> Value {
    let id = result["goal_id"].as_str().expect("an id");
    let path = place.path(&format!("{HOME}/reports/{id}/report.json"));
    let text = fs::read(path).expect("a report");
    let document: Value = serde_json::from_slice(&text).expect("JSON");
    document["result"].clone()
}

fn slugs<'r>(report: &'r Value, state: &str) -> Vec<&'r str> {
    let pages = report["pages"].as_array().expect("pages").iter();
    let of = pages.filter(|page| page["state"] == state);
    of.map(|page| page["slug"].as_str().expect("a slug"))
        .collect()
}

#[test]
fn one_other_price_is_written_where_it_stands_and_every_other_page_keeps_its_bytes() {
    let place = Place::new();
    place.large_goal("lamps", 40, &[("max_articles = 45", "max_articles = 12")]);
    run(&place);
    let before = files(&place.path(SITE));
    edit(&place, "lamps.csv", "Lamp E2,230,", "Lamp E2,231,");
    let plan = place.va(&["plan", "lamps", "--json"]).ends(0).json();
    let result = run(&place);
    sound(&place);
    balances(&result["budget"]);
    let after = files(&place.path(SITE));
    let report = report_of(&place, &result);
    let (kept, changed) = (slugs(&report, "kept"), slugs(&report, "changed"));
    assert!(!kept.is_empty() && !changed.is_empty(), "{report}");
    assert_eq!(
        (report["revision"].as_i64(), result["revision"].as_i64()),
        (Some(2), Some(2))
    );
    for slug in &kept {
        for path in [format!("posts/{slug}.html"), format!("data/{slug}.json")] {
            assert!(before[&path] == after[&path], "{path} is another");
        }
    }
    let written = changed.len() + slugs(&report, "new").len();
    assert_eq!(
        result["budget"]["calls"]["spent"].as_u64(),
        Some(written as u64)
    );
    assert_eq!(plan["expected"]["calls"].as_u64(), Some(written as u64));
    assert_eq!(plan["revision"]["revision"], 2);
    let says = |slug: &&&str| {
        let html = String::from_utf8_lossy(&after[&format!("posts/{slug}.html")]).into_owned();
        html.contains("Lamp E2: EUR 231, before EUR 230")
    };
    assert!(changed.iter().any(|slug| says(&slug)), "{changed:?}");
    for page in report["pages"].as_array().expect("pages") {
        assert_eq!(page["evidence"].as_array().map(Vec::len), Some(2), "{page}");
    }
}

#[test]
fn a_product_that_goes_leaves_a_way_on_and_going_back_is_a_third_revision() {
    let place = Place::new();
    place.large_goal("lamps", 40, &[("max_articles = 45", "max_articles = 12")]);
    let first = run(&place);
    let one = files(&place.path(SITE));
    let table = fs::read_to_string(place.path("lamps/lamps.csv")).expect("a table");
    let paths_of = |name: &str| -> Vec<&String> {
        let slug = name.to_lowercase().replace(' ', "-");
        let names = |path: &&String| path.starts_with("posts/") && path.contains(&slug);
        one.keys().filter(names).collect()
    };
    let names = table
        .lines()
        .skip(1)
        .filter_map(|line| line.split(',').next());
    let (name, gone) = names
        .map(|name| (name, paths_of(name)))
        .find(|(_, paths)| !paths.is_empty())
        .expect("a page that names a product");
    let lines = table.lines().filter(|line| !line.starts_with(name));
    let without: String = lines.map(|line| format!("{line}\n")).collect();
    fs::write(place.path("lamps/lamps.csv"), without).expect("written");
    let second = run(&place);
    sound(&place);
    let two = files(&place.path(SITE));
    for path in &gone {
        let html = String::from_utf8_lossy(&two[*path]);
        assert!(
            html.contains("http-equiv=\"refresh\"") && html.contains("noindex"),
            "{html}"
        );
    }
    let report = report_of(&place, &second);
    let led = report["redirects"].as_array().expect("redirects");
    assert!(
        led.iter()
            .any(|redirect| redirect["path"] == gone[0].as_str()),
        "{report}"
    );

    fs::write(place.path("lamps/lamps.csv"), &table).expect("written");
    let third = run(&place);
    sound(&place);
    assert_eq!(third["revision"], 3);
    let ids: Vec<&Value> = [&first, &second, &third].map(|r| &r["goal_id"]).into();
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
    let goal = |name: &str| {
        place
            .va(&["goal", name, "--home", HOME, "--json"])
            .ends(0)
            .json()
    };
    assert_eq!(goal("lamps")["revision"], 3);
    assert_eq!(goal(ids[1].as_str().expect("an id"))["revision"], 2);
    assert_eq!(&goal("lamps")["follows"], ids[1]);
    let status = place
        .va(&["status", "--home", HOME, "--json"])
        .ends(0)
        .json();
    assert_eq!(
        status["goals"].as_array().map(Vec::len),
        Some(1),
        "{status}"
    );
    let goals = place
        .va(&["goals", "--home", HOME, "--json"])
        .ends(0)
        .json();
    assert_eq!(goals["goals"].as_array().map(Vec::len), Some(3), "{goals}");

    let events = |place: &Place| {
        place
            .va(&["events", "--home", HOME])
            .ends(0)
            .out
            .lines()
            .count()
    };
    let before = events(&place);
    assert_eq!(run(&place)["revision"], 3);
    assert_eq!(events(&place), before, "the same folder again");
}

#[test]
fn a_change_before_the_end_is_refused_with_what_changed_and_what_to_do() {
    let place = Place::new();
    place.goal("lamps", PAGES, &[("tag = \"lamps-21\"", "tag = \"\"")]);
    place.va(&["run", "lamps"]).ends(4);
    edit(&place, "lamps.csv", "Cala,45,", "Cala,49,");
    let said = place.va(&["run", "lamps"]).ends(2);
    for text in ["lamps.csv", "va resume", "va cancel lamps", "revision 2"] {
        assert!(said.err.contains(text), "{text} is not in {}", said.err);
    }
    place
        .va(&["cancel", "lamps", "--reason", "other facts", "--home", HOME])
        .ends(0);
    edit(&place, "goal.toml", "tag = \"\"", "tag = \"lamps-21\"");
    assert_eq!(run(&place)["revision"], 2);
    sound(&place);
}

#[test]
fn what_the_board_has_answered_is_not_asked_again() {
    let place = Place::new();
    place.goal("lamps", PAGES, &[("tag = \"lamps-21\"", "tag = \"\"")]);
    place.va(&["run", "lamps"]).ends(4);
    let blockers = place
        .va(&["blockers", "--home", HOME, "--json"])
        .ends(0)
        .json();
    let id = blockers["blockers"][0]["id"]
        .as_str()
        .expect("a blocker")
        .to_owned();
    place
        .va(&["unblock", &id, "--set", "revenue.tag=me-21", "--home", HOME])
        .ends(0);
    place.va(&["resume", "--home", HOME]).ends(0);
    edit(&place, "lamps.csv", "Cala,45,", "Cala,49,");
    let result = run(&place);
    assert_eq!(
        (result["revision"].as_i64(), result["state"].as_str()),
        (Some(2), Some("done"))
    );
    let site = files(&place.path(SITE));
    assert!(
        site.values()
            .any(|bytes| String::from_utf8_lossy(bytes).contains("aff=me-21"))
    );
    // What was answered and now stands in the folder changes nothing.
    edit(&place, "goal.toml", "tag = \"\"", "tag = \"me-21\"");
    assert_eq!(run(&place)["revision"], 2);
}

#[test]
fn a_folder_of_which_no_page_changes_is_published_again_without_a_call() {
    let place = Place::new();
    place.goal("lamps", PAGES, &[]);
    run(&place);
    let before = files(&place.path(SITE));
    edit(
        &place,
        "goal.toml",
        "amount = \"25.00\"",
        "amount = \"20.00\"",
    );
    let result = run(&place);
    sound(&place);
    assert_eq!(result["budget"]["calls"]["spent"], 0);
    assert_eq!(result["budget"]["allocated_micros"], 20_000_000);
    assert!(files(&place.path(SITE)) == before);
}

/// A company with a finished goal whose folder has changed, and what its revision comes to.
fn ready(place: &Place) {
    place.goal("lamps", PAGES, &[]);
    run(place);
    edit(place, "lamps.csv", "Cala,45,", "Cala,49,");
    edit(
        place,
        "lamps.csv",
        "Elio,39,2026-11-03,0.6,450,10,plastic,https://shop.example/elio\n",
        "",
    );
}

#[test]
fn killed_at_any_instant_a_revision_ends_in_the_same_bytes() {
    let calm = Place::new();
    ready(&calm);
    let result = report_of(&calm, &run(&calm));
    let site: BTreeMap<String, Vec<u8>> = files(&calm.path(SITE));
    for home in 0..4_u64 {
        let place = Place::new();
        ready(&place);
        for n in 0..10 {
            let mut worker = place.spawn(&["run", "lamps"]);
            thread::sleep(Duration::from_millis((home * 17 + n * 23) % 131));
            worker.kill().expect("killed");
            worker.wait().expect("gone");
            place.va(&["check-site", SITE]).ends(0);
        }
        let last = run(&place);
        balances(&last["budget"]);
        assert!(
            files(&place.path(SITE)) == site,
            "another site in company {home}"
        );
        assert_eq!(
            report_of(&place, &last),
            result,
            "another result in company {home}"
        );
        sound(&place);
    }
}
