//! The company on AWS, as Terraform makes it, makes the same bytes as at home: also when
//! every message comes twice and in another order, and functions are killed.

mod common;

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use common::company::{
    Company, DISTURBED, ESPRESSO, GoalFolder, TABLE, UNDISTURBED, UNTAGGED, revisions_at_home,
    tables, tagged,
};
use serde_json::Value;
use va_emulator::Chaos;

/// Functions that are killed, unless the goal ends before.
const KILLS: u64 = 24;
/// Where disturbances come from: `VA_TEST_SEED` tries others.
fn seed() -> u64 {
    let named = std::env::var("VA_TEST_SEED").ok();
    named.and_then(|seed| seed.parse().ok()).unwrap_or(7)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_goal_on_aws_makes_the_bytes_that_it_makes_at_home() {
    let company = Company::deploy(None, None).await;
    let said = company.run(ESPRESSO, UNDISTURBED, async {}).await;
    company.stands_as_at_home(&said).await;
    company.sets_nothing_aside().await;

    let whole = company.say(&["verify", "--json"]).await;
    let proof = whole.document();
    assert_eq!(whole.code, Some(0), "{proof}");
    assert!(proof["checked"]["blobs"].as_u64() > Some(0), "{proof}");
    assert!(proof["checked"]["site_files"].as_u64() > Some(0), "{proof}");

    let goals = company.say(&["goals", "--json"]).await.document();
    assert_eq!(goals["goals"][0]["state"], "done", "{goals}");
    let tasks = company.say(&["tasks", "--json"]).await.document();
    assert!(
        tasks["tasks"].as_array().is_some_and(|t| t.len() > 3),
        "{tasks}"
    );

    // The same folder again: nothing is submitted, nothing is appended.
    let again = company.run(ESPRESSO, UNDISTURBED, async {}).await;
    assert_eq!(again.code, Some(0), "{}", again.err);
    assert_eq!(again.out.lines().count(), 1, "{}", again.out);
    let after = company.say(&["verify", "--json"]).await.document();
    assert_eq!(after["checked"]["commits"], proof["checked"]["commits"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn doubled_and_shuffled_messages_and_killed_functions_change_no_byte() {
    let seed = seed();
    let chaos = Chaos { copies: 2, seed };
    let company = Company::deploy(Some(chaos), Some(5)).await;
    let emulator = &company.emulator;
    let killed = AtomicU64::new(0);
    let kills = async {
        let mut choice = seed;
        while killed.load(Ordering::Relaxed) < KILLS {
            choice = choice
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            tokio::time::sleep(Duration::from_millis(50 + (choice >> 33) % 400)).await;
            if emulator
                .kill_random_function_process(choice >> 17)
                .is_some()
            {
                killed.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    let said = company.run(ESPRESSO, DISTURBED, kills).await;
    let killed = killed.into_inner();
    assert!(killed >= KILLS / 3, "{killed} kills are few; seed {seed}");
    company.stands_as_at_home(&said).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_answers_from_afar_and_looks_at_everything() {
    let company = Company::deploy(None, None).await;
    let folder = GoalFolder::new(UNTAGGED, TABLE);
    let goal = folder.path();

    let stopped = company.run(goal, UNDISTURBED, async {}).await;
    assert_eq!(stopped.code, Some(4), "{}", stopped.err);
    assert_eq!(stopped.document()["state"], "waiting_person");
    let blockers = company.say(&["blockers", "--json"]).await.document();
    let blocker = &blockers["blockers"][0];
    assert_eq!(blocker["needs"][0], "revenue.tag", "{blockers}");
    let id = blocker["id"].as_str().expect("an id");
    let wrong = company
        .say(&["unblock", id, "--set", "revenue.tug=x"])
        .await;
    assert_eq!(wrong.code, Some(2), "{}", wrong.err);
    let answered = company
        .say(&["unblock", id, "--set", "revenue.tag=x-21"])
        .await;
    assert_eq!(answered.code, Some(0), "{}", answered.err);

    let done = company.run(goal, UNDISTURBED, async {}).await;
    assert_eq!(
        done.code,
        Some(0),
        "{}\n{}",
        done.err,
        company.emulator.log()
    );
    assert_eq!(done.document()["state"], "done");

    for view in [
        "status", "goals", "tasks", "agents", "blockers", "pnl", "budget",
    ] {
        let said = company.say(&[view, "--json"]).await;
        assert_eq!(said.code, Some(0), "{view}: {}", said.err);
        let schema = format!("va.{view}/1");
        assert_eq!(said.document()["schema"], schema.as_str());
    }
    let tasks = company
        .say(&["tasks", "kettles", "--json"])
        .await
        .document();
    let draft = tasks["tasks"]
        .as_array()
        .and_then(|tasks| tasks.iter().find(|t| t["role"] == "content-generator"))
        .unwrap_or_else(|| panic!("{tasks}"));
    let id = draft["task_id"].as_str().expect("an id");
    let task = company.say(&["task", id, "--bodies", "--json"]).await;
    assert_eq!(task.code, Some(0), "{}", task.err);
    let events = company.say(&["events", "--goal", "kettles"]).await;
    assert!(events.out.lines().count() > 20, "{}", events.out);

    let late = company
        .say(&["cancel", "kettles", "--reason", "late"])
        .await;
    assert_eq!(late.code, Some(2), "{}", late.err);
    let none = company.say(&["goal", "no-such-goal"]).await;
    assert_eq!(none.code, Some(2), "{}", none.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_folder_is_the_next_revision_and_makes_the_bytes_that_it_makes_at_home() {
    let company = Company::deploy(None, None).await;
    let folder = GoalFolder::new(&tagged(), TABLE);
    let mut ids: Vec<Value> = Vec::new();
    for (site, (revision, table)) in revisions_at_home().await.iter().zip((1..).zip(tables())) {
        folder.lists(&table);
        let said = company.run(folder.path(), UNDISTURBED, async {}).await;
        let result = company.is_done(&said);
        assert_eq!(result["revision"], revision, "{result}");
        company.publishes("kettles", site).await;
        ids.push(result["goal_id"].clone());
    }
    company.is_whole("kettles").await;
    company.sets_nothing_aside().await;
    let whole = company.say(&["verify", "--json"]).await;
    let proof = whole.document();
    assert_eq!(whole.code, Some(0), "{proof}");

    // A slug is the newest, a UUID is one exactly, and the company at a glance shows the newest alone.
    let shown = async |args: &[&str]| company.say(&[args, &["--json"]].concat()).await.document();
    let newest = shown(&["goal", "kettles"]).await;
    assert_eq!((&newest["goal_id"], &newest["follows"]), (&ids[2], &ids[1]));
    let first = shown(&["goal", ids[0].as_str().expect("an id")]).await;
    assert_eq!(
        (&first["revision"], &first["follows"]),
        (&1.into(), &Value::Null)
    );
    for (view, count) in [("goals", 3), ("status", 1)] {
        let all = shown(&[view]).await;
        assert_eq!(all["goals"].as_array().map(Vec::len), Some(count), "{all}");
    }

    // The same folder again: nothing is submitted, nothing is appended.
    let again = company.run(folder.path(), UNDISTURBED, async {}).await;
    assert_eq!(company.is_done(&again)["revision"], 3);
    let after = company.say(&["verify", "--json"]).await.document();
    assert_eq!(after["checked"]["commits"], proof["checked"]["commits"]);
}
