//! A goal goes in; a site, the books and a proof come out.

mod common;

use common::{Place, balances, files, report};
use serde_json::Value;

#[test]
fn a_goal_becomes_a_site_a_report_and_a_seal() {
    let place = Place::new();
    place.goal("lamps", 4, &[]);
    let said = place.va(&["run", "lamps", "--json"]).ends(0);
    let result = said.json();
    assert_eq!(result["schema"], "va.result/1");
    assert_eq!(
        (result["state"].as_str(), result["exit_code"].as_i64()),
        (Some("done"), Some(0))
    );
    balances(&result["budget"]);
    let site = files(&place.path(".va/lamps/sites/lamp-guide"));
    for file in ["index.html", "feed.xml", "sitemap.xml", "robots.txt"] {
        assert!(site.contains_key(file), "no {file}");
    }
    assert!(site.keys().any(|name| name.starts_with("posts/")));
    place
        .va(&[
            "check-site",
            ".va/lamps/sites/lamp-guide",
            "--goal",
            "lamps",
        ])
        .ends(0);
    assert_eq!(report(&place.path(".va/lamps"))["state"], "done");
    assert!(place.path(".va/lamps/seals/000001.json").is_file());
}

#[test]
fn every_event_of_a_run_is_told_once_and_as_it_stands_in_the_journal() {
    let place = Place::new();
    place.large_goal("lamps", 40, &[]);
    let told = place.va(&["run", "lamps", "--json"]).ends(0).out;
    let stands = place
        .va(&["events", "--json", "--home", ".va/lamps"])
        .ends(0)
        .out;
    let ids = |lines: &str| -> Vec<String> {
        let events = lines
            .lines()
            .map(|l| serde_json::from_str::<serde_json::Value>(l).expect("JSON"));
        let id = |e: serde_json::Value| {
            Some(
                e.get("event").unwrap_or(&e)["event_id"]
                    .as_str()?
                    .to_owned(),
            )
        };
        let ids = events.filter_map(id);
        let mut ids: Vec<String> = ids.collect();
        ids.sort();
        ids
    };
    let acts = |id: &String| !id.starts_with("board/");
    let (told, stands) = (ids(&told), ids(&stands));
    assert!(
        told.iter()
            .filter(|id| acts(id))
            .eq(stands.iter().filter(|id| acts(id)))
    );
}

#[test]
fn the_same_folder_again_shows_the_finished_goal_and_commits_nothing() {
    let place = Place::new();
    place.goal("lamps", 2, &[]);
    place.va(&["run", "lamps"]).ends(0);
    let before = place.va(&["events", "--home", ".va/lamps"]).ends(0).out;
    place.va(&["run", "lamps"]).ends(0);
    let after = place.va(&["events", "--home", ".va/lamps"]).ends(0).out;
    assert_eq!(before.lines().count(), after.lines().count());
}

#[test]
fn only_an_answer_that_is_computed_shares_its_intents_commit() {
    let place = Place::new();
    place.goal("lamps", 2, &[]);
    place.va(&["run", "lamps"]).ends(0);
    let said = place
        .va(&["events", "--home", ".va/lamps", "--json"])
        .ends(0);
    let events: Vec<Value> = said
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("an event"))
        .collect();
    let mut together = Vec::new();
    for begun in events
        .iter()
        .filter(|e| e["event_type"] == "EffectIntended")
    {
        let intent = &begun["payload"]["intent"];
        let done = events
            .iter()
            .find(|e| {
                e["event_type"] == "EffectCompleted"
                    && e["stream"] == begun["stream"]
                    && e["payload"]["completion"]["key"] == intent["key"]
            })
            .expect("its outcome");
        let tool = intent["spec"]["tool"].as_str().expect("a tool").to_owned();
        together.push((tool, begun["version"] == done["version"]));
    }
    together.sort();
    together.dedup();
    let each = [
        ("model_call", true),
        ("publish_site", false),
        ("write_report", false),
    ];
    assert_eq!(together, each.map(|(tool, is)| (tool.to_owned(), is)));
}

#[test]
fn a_missing_tag_is_asked_for_before_any_draft() {
    let place = Place::new();
    place.goal("lamps", 2, &[("tag = \"lamps-21\"", "tag = \"\"")]);
    let result = place.va(&["run", "lamps", "--json"]).ends(4).json();
    assert_eq!(result["state"], "waiting_person");
    let events = place.va(&["events", "--home", ".va/lamps"]).ends(0).out;
    assert!(
        !events.contains("EffectIntended"),
        "a call was made before the tag was known"
    );
    let blockers = place
        .va(&["blockers", "--json", "--home", ".va/lamps"])
        .ends(0)
        .json();
    let id = blockers["blockers"][0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    place
        .va(&[
            "unblock",
            "nobody",
            "--set",
            "revenue.tag=x",
            "--home",
            ".va/lamps",
        ])
        .ends(2);
    place.va(&["unblock", &id, "--home", ".va/lamps"]).ends(2);
    place
        .va(&[
            "unblock",
            &id,
            "--set",
            "revenue.tag=lamps-21",
            "--home",
            ".va/lamps",
        ])
        .ends(0);
    place.va(&["resume", "--home", ".va/lamps"]).ends(0);

    let other = Place::new();
    other.goal("lamps", 2, &[]);
    other.va(&["run", "lamps"]).ends(0);
    assert_eq!(
        files(&place.path(".va/lamps/sites")),
        files(&other.path(".va/lamps/sites")),
        "the same site either way"
    );
}

#[test]
fn the_missing_tag_may_be_written_into_the_folder() {
    let place = Place::new();
    place.goal("lamps", 2, &[("tag = \"lamps-21\"", "tag = \"\"")]);
    place.va(&["run", "lamps"]).ends(4);
    place.goal("lamps", 2, &[]);
    place.va(&["run", "lamps"]).ends(0);
}

#[test]
fn the_work_stops_at_the_cap_and_goes_on_after_budget_add() {
    let place = Place::new();
    place.goal("lamps", 4, &[("tokens = 400000", "tokens = 9000")]);
    let result = place.va(&["run", "lamps", "--json"]).ends(3).json();
    assert_eq!(result["state"], "paused_budget");
    balances(&result["budget"]);
    let spent = result["budget"]["tokens"]["spent"]
        .as_i64()
        .expect("tokens");
    assert!(spent <= 9000, "{spent} tokens of 9000");
    place
        .va(&[
            "budget",
            "add",
            "lamps",
            "--tokens",
            "400000",
            "--home",
            ".va/lamps",
        ])
        .ends(0);
    place.va(&["resume", "--home", ".va/lamps"]).ends(0);

    let ample = Place::new();
    ample.goal("lamps", 4, &[]);
    ample.va(&["run", "lamps"]).ends(0);
    assert_eq!(
        files(&place.path(".va/lamps/sites")),
        files(&ample.path(".va/lamps/sites"))
    );
}

#[test]
fn a_cancelled_goal_gives_all_of_its_money_back() {
    let place = Place::new();
    place.goal("lamps", 4, &[("tokens = 400000", "tokens = 100")]);
    place.va(&["run", "lamps"]).ends(3);
    place
        .va(&[
            "cancel",
            "lamps",
            "--reason",
            "no longer wanted",
            "--home",
            ".va/lamps",
        ])
        .ends(0);
    let goal = place
        .va(&["goal", "lamps", "--json", "--home", ".va/lamps"])
        .ends(0)
        .json();
    assert_eq!(goal["state"], "cancelled");
    balances(&goal["budget"]);
    assert_eq!(goal["budget"]["tokens"]["available"], 100);
    place
        .va(&[
            "cancel",
            "lamps",
            "--reason",
            "again",
            "--home",
            ".va/lamps",
        ])
        .ends(2);
}

#[test]
fn a_paused_goal_waits_and_goes_on() {
    let place = Place::new();
    place.goal("lamps", 3, &[("tokens = 400000", "tokens = 100")]);
    place.va(&["run", "lamps"]).ends(3);
    place.va(&["pause", "lamps", "--home", ".va/lamps"]).ends(0);
    place
        .va(&[
            "budget",
            "add",
            "lamps",
            "--tokens",
            "400000",
            "--home",
            ".va/lamps",
        ])
        .ends(0);
    let goal = place
        .va(&["goal", "lamps", "--json", "--home", ".va/lamps"])
        .ends(0)
        .json();
    assert_eq!(goal["state"], "paused");
    place.va(&["run", "lamps"]).ends(4);
    place
        .va(&["resume", "lamps", "--home", ".va/lamps"])
        .ends(0);
}

#[test]
fn bad_input_is_named_and_leaves_nothing() {
    let place = Place::new();
    let check = |replace: &[(&str, &str)], needle: &str| {
        place.goal("bad", 2, replace);
        let said = place.va(&["run", "bad"]).ends(2);
        assert!(
            said.err.contains(needle),
            "{needle:?} is not in {}",
            said.err
        );
        assert!(!place.path(".va").exists(), "something was left behind");
    };
    check(&[("intent =", "intnet =")], "intent");
    check(
        &[(
            "[budget]\namount = \"25.00\"\ntokens = 400000\ncalls = 500\n",
            "",
        )],
        "budget",
    );
    check(&[("lamps.csv", "nothing.csv")], "nothing.csv");
    check(&[("{name}", "{nmae}")], "name");
    check(&[("[site]", "[site]\nlanguage = \"de\"")], "language");
    place.va(&["run", "nowhere"]).ends(2);
    place.va(&["status", "--home", "nowhere"]).ends(2);
    place.va(&["run", "--no-such-flag"]).ends(2);
}

#[test]
fn a_second_worker_is_turned_away() {
    let place = Place::new();
    place.goal("lamps", 2, &[]);
    place.va(&["run", "lamps"]).ends(0);
    let file = std::fs::File::open(place.path(".va/lamps/worker.lock")).expect("the lock's file");
    file.lock().expect("locked");
    place.va(&["resume", "--home", ".va/lamps"]).ends(6);
}
