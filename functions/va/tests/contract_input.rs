//! What a user sees of a wrong input: the file, the line, the reason and what to do; and nothing is written.

mod common;

use std::fs;

use common::{Place, Said, files};

/// `va run` and `va plan` of a folder end with 2, say all of this, and leave the folder as it was.
#[track_caller]
fn refused(place: &Place, folder: &str, says: &[&str]) -> String {
    let before = files(&place.path(""));
    let said = place.va(&["run", folder]).ends(2);
    for what in says {
        assert!(said.err.contains(what), "{what:?} is not in {}", said.err);
    }
    assert!(
        said.out.is_empty(),
        "results of a refused run: {}",
        said.out
    );
    assert!(!said.err.contains("panicked"), "{}", said.err);
    let planned = place.va(&["plan", folder]).ends(2);
    assert_eq!(
        planned.err.lines().last(),
        said.err.lines().last(),
        "plan says the same as run"
    );
    assert!(before == files(&place.path("")), "something was written");
    said.err
}

/// A goal with these lines put in place of others is refused, and all of this is said.
#[track_caller]
fn goal_refused(replace: &[(&str, &str)], says: &[&str]) {
    let place = Place::new();
    place.goal("lamps", 4, replace);
    refused(&place, "lamps", says);
}

/// A goal with this catalogue is refused, and all of this is said.
#[track_caller]
fn table_refused(table: &[u8], says: &[&str]) -> String {
    let place = Place::new();
    let folder = place.goal("lamps", 4, &[]);
    fs::write(folder.join("lamps.csv"), table).expect("written");
    refused(&place, "lamps", says)
}

#[test]
fn a_mistyped_key_is_named_with_its_line_and_the_nearest_known_one() {
    goal_refused(
        &[("intent =", "intnet =")],
        &["goal.toml, line 4", "`intnet` in [goal]", "intent"],
    );
    goal_refused(
        &[("max_articles", "max_article")],
        &["goal.toml, line 7", "max_articles"],
    );
    goal_refused(&[("[budget]", "[bugdet]")], &["line 8", "bugdet", "budget"]);
    goal_refused(
        &[("base_url", "baseurl")],
        &["goal.toml, line", "baseurl", "base_url"],
    );
    goal_refused(&[("tokens =", "token =")], &["token", "tokens"]);
    goal_refused(
        &[("better = \"lower\"", "beter = \"lower\"")],
        &["beter", "better"],
    );
    goal_refused(&[("[[kpi]]\nname", "[[kpi]]\nnmae")], &["nmae", "name"]);
}

#[test]
fn a_value_out_of_its_kind_is_named_with_its_line_and_an_example() {
    for (amount, says) in [
        ("\"25,00\"", "no decimal"),
        ("\"-5\"", "below zero"),
        ("\"1.2345678\"", "six decimals"),
        ("25.0", "\""),
        ("\"much\"", "no decimal"),
        ("\"99999999999999999999\"", "too large"),
    ] {
        goal_refused(
            &[("amount = \"25.00\"", &format!("amount = {amount}"))],
            &["goal.toml, line 9", "budget.amount", says],
        );
    }
    goal_refused(
        &[("tokens = 400000", "tokens = \"many\"")],
        &["line 10", "budget.tokens"],
    );
    goal_refused(
        &[("tokens = 400000", "tokens = -1")],
        &["line 10", "budget.tokens"],
    );
    goal_refused(
        &[("max_articles = 4", "max_articles = 46")],
        &["line 7", "limits.max_articles", "45"],
    );
    goal_refused(
        &[("id = \"lamps\"", "id = \"Lamps & More\"")],
        &["line 3", "goal.id", "\"lamps-more\""],
    );
    goal_refused(
        &[("as_of = 2026-11-20", "as_of = \"soon\"")],
        &["line 5", "goal.as_of"],
    );
    goal_refused(
        &[("as_of = 2026-11-20", "priority = \"P9\"")],
        &["line 5", "goal.priority", "P0"],
    );
    goal_refused(
        &[("better = \"lower\"", "better = \"smaller\"")],
        &["better", "lower"],
    );
    goal_refused(&[("schema = 1", "schema = 2")], &["line 1", "schema"]);
    goal_refused(
        &[("https://example.org/lamps/", "example.org/lamps")],
        &["site.base_url", "https://"],
    );
}

#[test]
fn what_is_missing_is_shown_as_it_should_be_written() {
    let budget = "[budget]\namount = \"25.00\"\ntokens = 400000\ncalls = 500\n";
    goal_refused(
        &[(budget, "")],
        &[
            "goal.toml",
            "budget",
            "amount = \"5.00\"",
            "tokens = 500000",
            "calls = 500",
        ],
    );
    goal_refused(
        &[("calls = 500\n", "")],
        &["goal.toml", "`calls` is missing in [budget]", "calls = 500"],
    );
    goal_refused(
        &[("file = \"lamps.csv\"\n", "")],
        &["goal.toml", "`file` is missing in [catalogue]"],
    );
    goal_refused(
        &[("lamps.csv", "nothing.csv")],
        &["nothing.csv", "[catalogue] file"],
    );
    goal_refused(
        &[(
            "intent = \"Earn 100 EUR a month from a guide site on lamps\"",
            "intent = \"\"",
        )],
        &["goal.intent", "empty"],
    );
}

#[test]
fn what_is_no_toml_is_named_by_its_line() {
    goal_refused(&[("calls = 500", "calls = ")], &["goal.toml, line 11"]);
    goal_refused(&[("[site]", "[site")], &["goal.toml, line"]);
    goal_refused(
        &[("calls = 500", "calls = 500\ncalls = 600")],
        &["goal.toml, line 12"],
    );
    let place = Place::new();
    let folder = place.goal("lamps", 4, &[]);
    fs::write(
        folder.join("goal.toml"),
        b"schema = 1\n[goal]\nid = \"\xff\"\n",
    )
    .expect("written");
    refused(&place, "lamps", &["goal.toml", "UTF-8"]);
    fs::remove_file(folder.join("goal.toml")).expect("removed");
    refused(&place, "lamps", &["goal.toml"]);
}

#[test]
fn a_link_that_cannot_earn_is_refused_with_the_reason() {
    let link = "https://shop.example/p/{name}?aff={tag}";
    goal_refused(&[("{name}?", "{nmae}?")], &["revenue.link", "nmae", "name"]);
    goal_refused(
        &[(link, "https://shop.example/p/{name}")],
        &["revenue.link", "{tag}"],
    );
    goal_refused(
        &[(link, "https://other.example/{name}?aff={tag}")],
        &["revenue.link", "other.example", "hosts"],
    );
    goal_refused(
        &[("[\"shop.example\"]", "[\"https://shop.example/\"]")],
        &["revenue.hosts", "without scheme"],
    );
    goal_refused(
        &[(
            "[catalogue.columns.weight_kg]",
            "[catalogue.columns.wieght_kg]",
        )],
        &["wieght_kg", "weight"],
    );
}

#[test]
fn a_host_below_a_listed_one_may_be_linked() {
    let place = Place::new();
    place.goal(
        "lamps",
        2,
        &[(
            "https://shop.example/p/{name}",
            "https://www.shop.example/p/{name}",
        )],
    );
    place.va(&["run", "lamps"]).ends(0);
    place
        .va(&[
            "check-site",
            ".va/lamps/sites/lamp-guide",
            "--goal",
            "lamps",
        ])
        .ends(0);
    let pages = files(&place.path(".va/lamps/sites/lamp-guide/posts"));
    assert!(
        pages
            .values()
            .any(|page| String::from_utf8_lossy(page).contains("https://www.shop.example/p/"))
    );
}

#[test]
fn a_table_that_cannot_be_read_is_refused_with_line_and_reason() {
    table_refused(
        b"name,price_eur\n\xff\xfe,1\n\xff,2\nC,3\n",
        &["lamps.csv", "line 2", "UTF-8"],
    );
    table_refused(
        b"name,price_eur\nA,1\n\"B,2\nC,3\n",
        &["lamps.csv", "line 3", "quote"],
    );
    table_refused(
        b"name,price_eur\nA,1\nB\nC,3\nD,4,5\nE,5\n",
        &["lamps.csv", "line 3", "line 5", "20 %"],
    );
    table_refused(
        b"price_eur,weight_kg\n1,2\n1,3\n2,2\n",
        &["lamps.csv", "name"],
    );
    table_refused(b"", &["lamps.csv"]);
    table_refused(b"name,price_eur\n", &["lamps.csv"]);
    table_refused(b"name,price_eur\n,1\n,2\n,3\n", &["lamps.csv", "name"]);
}

#[test]
fn a_table_that_gives_no_page_is_refused_and_says_why() {
    let one = b"name,price_eur,weight_kg,brightness_lm\nA,1,2,3\n";
    let said = table_refused(one, &["lamps.csv"]);
    assert!(
        said.contains("no page") || said.contains("eight claims"),
        "{said}"
    );
}

#[test]
fn a_bad_row_is_set_aside_and_named_and_the_others_become_a_site() {
    let place = Place::new();
    let folder = place.goal("lamps", 2, &[]);
    let table =
        fs::read_to_string(folder.join("lamps.csv")).expect("the table") + "Half a row,12\n";
    let line = table.lines().count();
    fs::write(folder.join("lamps.csv"), table).expect("written");
    let said = place.va(&["run", "lamps"]).ends(0);
    assert!(
        said.err.contains(&format!("lamps.csv, line {line}: ")),
        "{}",
        said.err
    );
}

/// A goal that waits for money and whose folder is changed meanwhile: refused, and the change is named.
#[track_caller]
fn change_refused(change: impl Fn(&std::path::Path), says: &str) {
    let place = Place::new();
    let folder = place.goal("lamps", 2, &[("calls = 500", "calls = 1")]);
    place.va(&["run", "lamps"]).ends(3);
    let events = |place: &Place| place.va(&["events", "--home", ".va/lamps"]).ends(0).out;
    let before = events(&place);
    change(&folder);
    let said: Said = place.va(&["run", "lamps"]).ends(2);
    assert!(said.err.contains(says), "{says:?} is not in {}", said.err);
    assert_eq!(before, events(&place), "nothing changed");
}

#[test]
fn a_folder_that_changed_before_its_goal_ended_is_refused_and_names_what_changed() {
    let edit = |from: &'static str, to: &'static str| {
        move |folder: &std::path::Path| {
            let path = folder.join("goal.toml");
            let text = fs::read_to_string(&path).expect("goal.toml");
            assert!(text.contains(from));
            fs::write(path, text.replace(from, to)).expect("written");
        }
    };
    change_refused(edit("Lamp Guide", "Lamp Paper"), "site.name");
    change_refused(edit("lamps-21", "lamps-22"), "revenue.tag");
    change_refused(
        edit("max_articles = 2", "max_articles = 3"),
        "limits.max_articles",
    );
    change_refused(
        |folder| {
            let path = folder.join("lamps.csv");
            let text = fs::read_to_string(&path).expect("the table");
            fs::write(path, text.replace("Cala,45", "Cala,46")).expect("written");
        },
        "lamps.csv",
    );
}
