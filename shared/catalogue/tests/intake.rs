//! Given what a person wrote, what the company takes on, and what it says to the rest.

use std::collections::BTreeMap;

use va_catalogue::{
    Catalogue, Format,
    intake::{
        Fault, IntakeError, blockers, check_goal_against, new_goal_toml, not_enforced, parse_goal,
        parse_goal_json,
    },
    read,
};
use va_domain::goal_spec::{CatalogueSection, Gate, GoalSpec, Priority, Risk};

const GOAL: &str = r#"schema = 1
[goal]
id = "home-espresso"
intent = "Earn 2,000 EUR a month from a guide site on home espresso"
priority = "P0"
deadline = 2027-06-30
risk_tolerance = "medium"
domains = ["content"]
constraints = ["At most 12 articles", "Be kind"]
origin = "https://example.org/spec"
as_of = 2026-11-20
[limits]
max_articles = 12
exclude = { brand = ["X"] }
banned_phrases = ["game changer"]
[budget]
amount = "25.00"
tokens = 400000
calls = 500
warn_at = [70, 90]
[[kpi]]
name = "articles_published"
target = 10
gate = "pause"
[revenue]
model = "affiliate"
programme = "A programme"
tag = ""
hosts = ["shop.example"]
link = "https://shop.example/p/{sku}?aff={tag}"
[site]
id = "espresso-guide"
name = "The guide"
base_url = "https://example.org/espresso"
language = "en"
imprint = "imprint.md"
imprint_required = true
[catalogue]
file = "catalogue.csv"
key = "sku"
[catalogue.columns.weight_kg]
better = "lower"
"#;

fn goal() -> GoalSpec {
    parse_goal(GOAL, "goal.toml").expect("a goal")
}

fn catalogue() -> Catalogue {
    let csv = b"name,brand,sku,price_eur,weight_kg\nA,X,a1,219,4.5\nB,Y,b2,249,3.7\nC,Y,c3,199,5\n";
    read(csv, Format::Csv, &goal().catalogue).expect("a catalogue")
}

/// The goal with one text in place of another is refused in this line, with these words.
fn check(from: &str, to: &str, line: usize, words: &str) {
    assert!(GOAL.contains(from), "{from}");
    let error = parse_goal(&GOAL.replacen(from, to, 1), "goal.toml").expect_err(to);
    assert_eq!(error.line, Some(line), "{to}: {error}");
    assert!(error.to_string().contains(words), "{to}: {error}");
    assert!(!error.remedy.is_empty(), "{to}: {error}");
}

#[test]
fn everything_that_the_contract_shows_is_read() {
    let spec = goal();
    assert_eq!(
        (spec.goal.priority, spec.goal.risk_tolerance),
        (Priority::P0, Risk::Medium)
    );
    assert_eq!(
        spec.goal.deadline.map(|d| d.to_string()).as_deref(),
        Some("2027-06-30")
    );
    assert_eq!(
        spec.goal.as_of.map(|d| d.to_string()).as_deref(),
        Some("2026-11-20")
    );
    assert_eq!(
        (
            spec.budget.amount.as_str(),
            spec.budget.tokens,
            spec.budget.calls
        ),
        ("25.00", 400_000, 500)
    );
    assert_eq!(spec.kpi[0].gate, Gate::Pause);
    assert_eq!(spec.site.base_url, "https://example.org/espresso/");
    assert_eq!(spec.limits.exclude["brand"], ["X"]);
    assert_eq!(
        spec.catalogue.columns["weight_kg"].better.as_deref(),
        Some("lower")
    );
}

#[test]
fn toml_and_json_give_the_same_goal() {
    let spec = goal();
    let json = serde_json::to_vec(&spec).expect("JSON");
    assert_eq!(parse_goal_json(&json), Ok(spec));
    let error = parse_goal_json(br#"{"schema": 1, "gaol": {}}"#).expect_err("an unknown key");
    assert_eq!((error.code(), error.line), ("intake_unknown_key", None));
    assert!(
        error.to_string().contains("Did you mean `goal`?"),
        "{error}"
    );
    assert_eq!(
        parse_goal_json(b"[").expect_err("no JSON").fault,
        Fault::Syntax
    );
}

#[test]
fn unknown_keys_are_named_with_their_table_and_the_nearest_key() {
    check(
        "amount =",
        "amuont =",
        17,
        "unknown key `amuont` in [budget]. Did you mean `amount`?",
    );
    check(
        "[limits]",
        "[limit]",
        12,
        "unknown key `limit` at the top of the file. Did you mean `limits`?",
    );
    check(
        "better =",
        "beter =",
        42,
        "unknown key `beter` in [catalogue.columns.weight_kg]. Did you mean `better`?",
    );
    check("gate =", "gates =", 24, "Did you mean `gate`?");
}

#[test]
fn missing_keys_say_how_to_add_them() {
    let without_budget = GOAL.replace(
        "[budget]\namount = \"25.00\"\ntokens = 400000\ncalls = 500\nwarn_at = [70, 90]\n",
        "",
    );
    let error = parse_goal(&without_budget, "goal.toml").expect_err("no budget");
    assert_eq!(
        (error.fault, error.key.as_str()),
        (Fault::MissingKey, "budget")
    );
    assert!(
        error
            .to_string()
            .contains("[budget]\namount = \"5.00\"\ntokens = 500000\ncalls = 500"),
        "{error}"
    );
    check("calls = 500\n", "", 16, "`calls` is missing in [budget]");
    check("schema = 1\n", "", 1, "schema = 1");
    check("target = 10\n", "", 21, "`target` is missing");
}

#[test]
fn values_of_another_type_are_named() {
    check(
        "\"25.00\"",
        "25.00",
        17,
        "money is a decimal text. Put it in quotes",
    );
    check(
        "400000",
        "\"many\"",
        18,
        "`budget.tokens` is a text, not a whole number",
    );
    check("[\"content\"]", "\"content\"", 8, "not a list");
    check("2027-06-30", "\"soon\"", 6, "is no day");
    check("2027-06-30", "2027-06-30T10:00:00Z", 6, "is no day");
    check("\"P0\"", "\"P9\"", 5, "none of P0, P1, P2");
    check("\"lower\"", "\"less\"", 42, "Did you mean");
    check("[goal]", "[goal", 2, "not TOML");
    check("tokens = 400000", "tokens = 99999999999999999999", 18, "");
}

#[test]
fn values_out_of_bounds_are_named_by_line() {
    check("schema = 1", "schema = 2", 1, "not known to this version");
    check(
        "\"home-espresso\"",
        "\"Home Espresso\"",
        3,
        "at most 64: \"home-espresso\"",
    );
    check(
        "max_articles = 12",
        "max_articles = 0",
        13,
        "not between 1 and 45",
    );
    check(
        "max_articles = 12",
        "max_articles = 46",
        13,
        "not between 1 and 45",
    );
    check("[70, 90]", "[90, 70]", 20, "rising");
    check("[70, 90]", "[70, 70]", 20, "rising");
    check("[70, 90]", "[0]", 20, "from 1 to 100");
    check("400000", "-1", 18, "below zero");
    check("\"25.00\"", "\"-25\"", 17, "below zero");
    check("\"25.00\"", "\"1.0000001\"", 17, "more than six decimals");
    check("\"articles_published\"", "\" \"", 22, "is empty");
    check("target = 10", "target = -1", 23, "below zero");
    check("\"The guide\"", "\"\"", 33, "is empty");
    check(
        "https://example.org/espresso\"",
        "example.org\"",
        34,
        "https://",
    );
    check("\"en\"", "\"de\"", 35, "not built");
    check(
        "\"imprint.md\"",
        "\"../imprint.md\"",
        36,
        "no file in the goal's folder",
    );
    check(
        "\"catalogue.csv\"",
        "\"/etc/passwd\"",
        39,
        "no file in the goal's folder",
    );
    check(
        "\"shop.example\"",
        "\"https://shop.example\"",
        29,
        "no host name",
    );
    check(
        "\"affiliate\"",
        "\"adverts\"",
        26,
        "none of affiliate, none",
    );
    check(
        "intent = \"Earn",
        "intent = \"\\u0007Earn",
        4,
        "control character",
    );
}

#[test]
fn german_pages_are_refused_with_what_to_write_instead() {
    let line = 1 + GOAL
        .lines()
        .position(|l| l == "language = \"en\"")
        .expect("a language");
    check(
        "language = \"en\"",
        "language = \"de\"",
        line,
        "pages are written in English",
    );
}

#[test]
fn links_are_safe_and_carry_the_tag() {
    let link = "https://shop.example/p/{sku}?aff={tag}";
    check(
        link,
        "http://shop.example/{tag}",
        30,
        "does not begin with https://",
    );
    check(
        link,
        "https://{sku}.example/{tag}",
        30,
        "host is no host name",
    );
    check(
        link,
        "https://other.example/{tag}",
        30,
        "goes to other.example",
    );
    check(link, "https://shop.example/{sku}", 30, "has no {tag}");
    check(link, "https://shop.example/{sku?{tag}", 30, "not closed");
}

#[test]
fn what_only_the_catalogue_knows_is_checked_against_it() {
    let (mut spec, catalogue) = (goal(), catalogue());
    assert_eq!(check_goal_against(&spec, &catalogue), Ok(()));
    spec.revenue.link = Some("https://shop.example/{prize_eur}?{tag}&{name}".to_owned());
    let error = check_goal_against(&spec, &catalogue)
        .expect_err("no such column")
        .located_in(GOAL);
    assert_eq!(
        error.to_string(),
        "goal.toml, line 30: `revenue.link` has {prize_eur}, which is no column of the catalogue. Did you mean `price`?"
    );
    spec.revenue.link = Some("https://shop.example/{url}?{tag}".to_owned());
    assert!(
        check_goal_against(&spec, &catalogue).is_err(),
        "there is no column of addresses"
    );
    spec.revenue.link = None;
    spec.limits.exclude = BTreeMap::from([("brnad".to_owned(), vec!["X".to_owned()])]);
    let error = check_goal_against(&spec, &catalogue)
        .expect_err("no such column")
        .located_in(GOAL);
    assert_eq!(
        (error.line, error.remedy.as_str()),
        (Some(14), "Did you mean `brand`?")
    );
}

#[test]
fn a_person_is_asked_for_what_is_missing() {
    let (mut spec, catalogue) = (goal(), catalogue());
    let keys = |spec: &GoalSpec, imprint: bool| {
        blockers(spec, &catalogue, imprint)
            .into_iter()
            .map(|missing| missing.key)
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(&spec, true), ["revenue.tag"]);
    assert_eq!(keys(&spec, false), ["revenue.tag", "site.imprint"]);
    spec.revenue.link = None;
    assert_eq!(keys(&spec, true), ["revenue.tag", "revenue.link"]);
    spec.revenue.model = "none".to_owned();
    assert_eq!(keys(&spec, true), Vec::<String>::new());
}

#[test]
fn constraints_that_nothing_checks_are_listed() {
    let mut spec = goal();
    assert_eq!(not_enforced(&spec), ["Be kind"]);
    spec.limits.max_articles = 13;
    assert_eq!(not_enforced(&spec), ["At most 12 articles", "Be kind"]);
    spec.goal.constraints = [
        "No more than 20 pages.",
        "At most 20 articles about cats",
        "At most twenty articles",
    ]
    .map(str::to_owned)
    .to_vec();
    assert_eq!(
        not_enforced(&spec),
        ["At most 20 articles about cats", "At most twenty articles"]
    );
    spec.goal.domains.push("trading".to_owned());
    assert_eq!(not_enforced(&spec).len(), 3);
}

#[test]
fn a_new_goal_file_is_a_goal() {
    let catalogue = catalogue();
    for (id, intent, file) in [
        (
            "Home Espresso",
            "Earn \"money\" \\ fast\nand well",
            "/tmp/x/catalogue.csv",
        ),
        ("", "", ""),
        ("☕", "\u{7}", "C:\\data\\a \"b\".csv"),
        ("x", "{name} [goal]", ".."),
    ] {
        let text = new_goal_toml(id, intent, file, &catalogue);
        let spec = parse_goal(&text, "goal.toml").expect(&text);
        assert_eq!(
            (
                spec.budget.amount.as_str(),
                spec.budget.tokens,
                spec.budget.calls
            ),
            ("5.00", 500_000, 500)
        );
        assert_eq!(check_goal_against(&spec, &catalogue), Ok(()));
        assert_eq!(blockers(&spec, &catalogue, false), []);
        assert_eq!(not_enforced(&spec), Vec::<String>::new());
    }
    let text = new_goal_toml("Home Espresso", "Earn", "d/catalogue.csv", &catalogue);
    let spec = parse_goal(&text, "goal.toml").expect("a goal");
    assert_eq!(
        (spec.goal.id.as_str(), spec.catalogue.file.as_str()),
        ("home-espresso", "catalogue.csv")
    );
    assert_eq!(
        spec.catalogue.columns["price"].better.as_deref(),
        Some("lower")
    );
    assert_eq!(
        spec.catalogue.columns["weight"].better.as_deref(),
        Some("lower")
    );
    let csv = b"name,brand,sku,price_eur,weight_kg\nA,X,a1,219,4.5\nB,Y,b2,249,3.7\n";
    assert!(
        read(csv, Format::Csv, &spec.catalogue).is_ok(),
        "its column tables are those of the catalogue"
    );
}

#[test]
fn a_new_goal_file_finds_whatever_column_it_names() {
    let hints = CatalogueSection {
        file: "c.csv".to_owned(),
        key: None,
        name: None,
        columns: BTreeMap::new(),
    };
    let csv = "重量,,weight_kg,weight_kg\nA,1,2,3\nB,2,3,5\n";
    let catalogue = read(csv.as_bytes(), Format::Csv, &hints).expect("a catalogue");
    let spec =
        parse_goal(&new_goal_toml("x", "y", "c.csv", &catalogue), "goal.toml").expect("a goal");
    let again = read(csv.as_bytes(), Format::Csv, &spec.catalogue).expect("the same catalogue");
    assert_eq!(again.columns, catalogue.columns);
}

#[test]
fn hints_that_do_not_fit_are_located_in_the_goal_file() {
    let text = GOAL.replace("columns.weight_kg", "columns.wieght");
    let spec = parse_goal(&text, "goal.toml").expect("a goal");
    let error = read(b"name,sku,weight_kg\nA,a,1\n", Format::Csv, &spec.catalogue)
        .expect_err("no such column");
    let error = IntakeError::of_catalogue(&error, "catalogue.csv", "goal.toml", &text);
    assert_eq!(
        error.to_string(),
        "goal.toml, line 41: [catalogue.columns] names the column `wieght`, which the catalogue does not have. \
         Did you mean `weight`?"
    );
    let error = read(b"", Format::Csv, &spec.catalogue).expect_err("nothing");
    let error = IntakeError::of_catalogue(&error, "catalogue.csv", "goal.toml", &text);
    assert!(
        error
            .to_string()
            .starts_with("catalogue.csv: the catalogue is empty. "),
        "{error}"
    );
}
