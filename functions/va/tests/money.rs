//! Money: nothing is spent above the cap, whatever runs at once, is killed, or lies; and every sum balances.
//!
//! The model server keeps books of its own: what it charged is what the company must have booked.

mod common;

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::Stdio,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use serde_json::Value;
use va_test_support::model_server::{Fault, ModelServer, Script};

use common::{KEY, PRICES, Place, balances, files};

const HOME: &str = "home";

fn priced() -> Script {
    Script::new(va_writing::offline_answer)
        .priced(PRICES.0, PRICES.1)
        .with_key(KEY)
}

fn served(script: Script) -> ModelServer {
    ModelServer::start(script).expect("a server")
}

/// `va run GOAL` in the home, with the priced model.
fn run<'a>(goal: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec![
        "run",
        goal,
        "--models",
        "models.toml",
        "--home",
        HOME,
        "--json",
    ];
    args.extend(more);
    args
}

fn budget(place: &Place, goal: &str) -> Value {
    let said = place
        .va(&["budget", goal, "--home", HOME, "--json"])
        .ends(0);
    let budget = said.json();
    balances(&budget);
    budget
}

#[track_caller]
fn n(value: &Value) -> i64 {
    value
        .as_i64()
        .unwrap_or_else(|| panic!("no number: {value}"))
}

/// The events of the company, in the order in which they were appended.
fn events(place: &Place) -> Vec<Value> {
    let said = place.va(&["events", "--home", HOME, "--json"]).ends(0);
    let lines = said.out.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("an event"))
        .collect()
}

/// The attempt of a paid call that an event begins or ends.
fn attempt(event: &Value) -> Option<String> {
    let payload = &event["payload"];
    let (key, number) = match event["event_type"].as_str()? {
        "EffectIntended" => (&payload["intent"]["key"], &payload["intent"]["attempt"]),
        _ => return None,
    };
    Some(format!("{}/{key}#{number}", event["stream"]))
}

fn is_paid_call(event: &Value) -> bool {
    event["payload"]["intent"]["class"] == "paid"
}

/// Asks for the budget over and over, in several threads, while `work` runs; each answer must balance.
/// Answers how many there were.
fn sampled(place: &Place, goals: &[&str], work: impl FnOnce()) -> usize {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let samplers: Vec<_> = goals
            .iter()
            .map(|goal| {
                let over = &over;
                scope.spawn(move || {
                    let mut seen = BTreeSet::new();
                    let mut count = 0;
                    while !over.load(Ordering::Relaxed) {
                        let said = place.va(&["budget", goal, "--home", HOME, "--json"]);
                        // Before the goal's first commit there is nothing to ask for.
                        if said.code == 0 {
                            balances(&said.json());
                            seen.insert(said.out);
                            count += 1;
                        }
                        // The company is to work meanwhile, on a machine of two cores too.
                        thread::sleep(Duration::from_millis(20));
                    }
                    (count, seen.len())
                })
            })
            .collect();
        work();
        over.store(true, Ordering::Relaxed);
        let sums: Vec<(usize, usize)> = samplers
            .into_iter()
            .map(|s| s.join().expect("every sample balances"))
            .collect();
        assert!(
            sums.iter().all(|(_, different)| *different >= 3),
            "the samples saw no work: {sums:?}"
        );
        sums.iter().map(|(count, _)| count).sum()
    })
}

#[test]
fn with_64_calls_at_once_every_sample_balances_and_every_cent_is_told() {
    let place = Place::new();
    let server = served(priced().slow(Duration::from_millis(2500)));
    place.models(&server.base_url);
    place.large_goal("first", 40, &[("calls = 500", "calls = 1")]);
    place.large_goal("second", 40, &[("lamp-guide", "lamp-guide-2")]);
    // The first goal has its plan and waits for calls; then both begin at once.
    place.paid(&run("first", &[])).ends(3);
    let more = ["--calls", "499", "--tokens", "1000000"];
    place
        .va(&[&["budget", "add", "first", "--home", HOME][..], &more].concat())
        .ends(0);
    let tokens = ["--workers", "64", "--tokens", "1400000"];
    sampled(&place, &["first", "first", "second"], || {
        place.paid(&run("second", &tokens)).ends(0);
    });
    assert!(
        server.most_in_flight() >= 64,
        "only {} calls at once",
        server.most_in_flight()
    );
    let mut booked = 0;
    for goal in ["first", "second"] {
        let pnl = place
            .va(&["pnl", goal, "--home", HOME, "--json"])
            .ends(0)
            .json();
        let costs = pnl["costs"].as_array().expect("costs");
        let sum: i64 = costs.iter().map(|c| n(&c["amount_micros"])).sum();
        let pages = pnl["pages"].as_array().expect("pages");
        let of_pages: i64 = pages.iter().map(|p| n(&p["cost_micros"])).sum();
        assert_eq!((sum, of_pages), (n(&pnl["costs_micros"]), sum), "{goal}");
        assert_eq!(n(&pnl["result_micros"]), -sum);
        assert_eq!(n(&budget(&place, goal)["spent_micros"]), sum);
        assert_eq!(n(&budget(&place, goal)["reserved_micros"]), 0);
        booked += sum;
    }
    assert_eq!(booked, server.charged_micros());
}

#[test]
fn a_small_cap_holds_through_twenty_kills_and_more_money_makes_the_ample_site() {
    const CAP: i64 = 1_200_000;
    let place = Place::new();
    let server = served(priced().slow(Duration::from_millis(30)));
    place.models(&server.base_url);
    let small = [
        ("amount = \"25.00\"", "amount = \"1.20\""),
        ("tokens = 400000", "tokens = 4000000"),
    ];
    place.large_goal("lamps", 40, &small);
    let go = run("lamps", &["--workers", "64"]);
    // Any instant will do, and a run that fails says which they were: they follow from a fixed seed.
    let mut chance: u64 = 0x5eed;
    for _ in 0..20 {
        let mut worker = place
            .paid_command(&go)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("runs");
        chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        // While it calls, or, where nothing is left to call with, whatever it does then.
        let calls = server.calls().len();
        for _ in 0..300 {
            let over = worker.try_wait().expect("a state").is_some();
            if over || server.calls().len() > calls {
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
        thread::sleep(Duration::from_millis((chance >> 33) % 90));
        worker.kill().expect("killed");
        worker.wait().expect("gone");
        if place.path(HOME).join("journal.db").is_file() {
            let said = place.va(&["budget", "lamps", "--home", HOME, "--json"]);
            if said.code == 0 {
                let budget = said.json();
                balances(&budget);
                let kept = n(&budget["spent_micros"]) + n(&budget["reserved_micros"]);
                assert!(
                    server.charged_micros() <= kept,
                    "a charge that nobody keeps: {budget}"
                );
            }
        }
    }
    let result = place.paid(&go).ends(3).json();
    assert_eq!(result["state"], "paused_budget");
    balances(&result["budget"]);
    let charged = server.charged_micros();
    assert!(
        charged <= CAP,
        "{charged} of {CAP} micro-units were charged"
    );
    assert!(charged > 0, "no call was made");

    let add = [
        "--amount", "50.00", "--tokens", "4000000", "--calls", "1000",
    ];
    place
        .va(&[&["budget", "add", "lamps", "--home", HOME][..], &add].concat())
        .ends(0);
    let done = place
        .paid(&["resume", "--home", HOME, "--json"])
        .ends(0)
        .json();
    balances(&done["budget"]);
    assert!(server.charged_micros() <= n(&done["budget"]["spent_micros"]));

    let ample = Place::new();
    ample.large_goal("lamps", 40, &[]);
    ample
        .va(&["run", "lamps", "--home", HOME, "--tokens", "4000000"])
        .ends(0);
    assert_eq!(
        files(&place.path(HOME).join("sites")),
        files(&ample.path(HOME).join("sites"))
    );
}

#[test]
fn usage_that_lies_pauses_the_goal_and_costs_no_more_than_what_was_in_flight() {
    const CAP: i64 = 1_500_000;
    const LATE: usize = 9;
    for times in [200, 1_000_000_000_000_i64] {
        let place = Place::new();
        // Calls end at different times, so that some begin while the first lie is on its way.
        let faults = (0..200).map(|call| match call {
            _ if call < LATE => Fault::Slow(Duration::from_millis(40 * call as u64 % 150)),
            _ => Fault::UsageTimes(times),
        });
        let server = served(priced().slow(Duration::from_millis(25)).failing(faults));
        place.models(&server.base_url);
        place.large_goal("lamps", 40, &[("amount = \"25.00\"", "amount = \"1.50\"")]);
        let go = run("lamps", &["--workers", "64"]);
        let result = place.paid(&go).ends(3).json();
        assert_eq!(result["state"], "paused", "{result}");
        assert_eq!(result["reason"]["code"], "overrun");
        balances(&result["budget"]);

        let events = events(&place);
        let alerts = events.iter().filter(|e| e["event_type"] == "Alert");
        assert!(
            alerts
                .clone()
                .any(|e| e["payload"]["severity"] == "critical")
        );
        assert!(events.iter().any(|e| {
            e["event_type"] == "GoalStateChanged" && e["payload"]["state"] == "paused"
        }));
        let first_lie = events
            .iter()
            .position(|e| e["event_type"] == "Alert")
            .expect("an alert");
        let begun = |e: &&Value| is_paid_call(e);
        let before: BTreeSet<String> = events[..first_lie]
            .iter()
            .filter(begun)
            .filter_map(attempt)
            .collect();
        let called = server.calls().len();
        assert!(
            called <= before.len(),
            "{called} calls, and only {} were intended when the first lie was booked",
            before.len()
        );
        // Nothing that was not in flight then is charged afterwards.
        let honest: i64 = server
            .calls()
            .iter()
            .filter(|c| !matches!(c.fault, Some(Fault::UsageTimes(_))))
            .map(|c| c.charged_micros)
            .sum();
        assert!(honest <= CAP, "{honest}");

        // The board may let it go on: tasks may use what they were allowed before, and nobody is allowed more.
        let allowed = |events: &[Value]| {
            let all = events.iter();
            all.filter(|e| e["event_type"] == "BudgetAllowed").count()
        };
        let before = allowed(&events);
        place.paid(&["resume", "--home", HOME, "--json"]).ends(3);
        let books = budget(&place, "lamps");
        assert!(
            n(&books["spent_micros"]) > CAP,
            "the debt is not shown: {books}"
        );
        assert_eq!(
            allowed(&self::events(&place)),
            before,
            "in debt, and yet it allows"
        );
    }
}

#[test]
fn where_usage_is_missing_or_senseless_the_reservation_is_spent() {
    for fault in [Fault::NoUsage, Fault::NegativeUsage] {
        let place = Place::new();
        let faults = (0..200).map(|_| fault.clone());
        let server = served(priced().failing(faults));
        place.models(&server.base_url);
        place.goal("lamps", 4, &[]);
        let result = place.paid(&run("lamps", &[])).ends(0).json();
        balances(&result["budget"]);
        let tasks = place
            .va(&["tasks", "--home", HOME, "--json"])
            .ends(0)
            .json();
        let calls: Vec<&Value> = tasks["tasks"]
            .as_array()
            .expect("tasks")
            .iter()
            .flat_map(|t| t["trace"]["model_calls"].as_array().expect("calls"))
            .collect();
        assert!(!calls.is_empty());
        for call in &calls {
            assert_eq!(call["charged_micros"], call["reserved_micros"], "{fault:?}");
        }
        let spent: i64 = calls.iter().map(|c| n(&c["charged_micros"])).sum();
        assert_eq!(n(&result["budget"]["spent_micros"]), spent);
        assert!(server.charged_micros() <= spent);
    }
}

#[test]
fn a_claim_that_no_number_holds_is_an_overrun_and_not_a_defect() {
    let place = Place::new();
    let server = served(priced().failing([Fault::HugeUsage]));
    place.models(&server.base_url);
    place.goal("lamps", 4, &[]);
    let result = place.paid(&run("lamps", &[])).ends(3).json();
    assert_eq!(result["reason"]["code"], "overrun");
    let books = budget(&place, "lamps");
    assert!(
        n(&books["available_micros"]) < 0,
        "the debt is shown: {books}"
    );
}

#[test]
fn a_price_or_rate_that_is_not_known_denies_the_run_before_anything_is_kept() {
    let place = Place::new();
    let server = served(priced());
    place.models(&server.base_url);
    place.goal("lamps", 2, &[]);
    let file = place.path("models.toml");
    let text = fs::read_to_string(&file).expect("text");
    for (from, to, says) in [
        (
            "price = { input = \"3.00\", output = \"15.00\" }\n",
            "",
            "price",
        ),
        (", output = \"15.00\"", "", "output price"),
        ("\"EUR\"", "\"USD\"", "[fx.\"USD/EUR\"]"),
    ] {
        assert!(text.contains(from));
        fs::write(&file, text.replace(from, to)).expect("written");
        for command in ["run", "plan"] {
            let said = place
                .paid(&[command, "lamps", "--models", "models.toml", "--home", HOME])
                .ends(2);
            assert!(said.err.contains(says), "{}", said.err);
            assert!(said.err.contains("models.toml"), "{}", said.err);
        }
    }
    assert!(!place.path(HOME).exists() && server.calls().is_empty());
}

#[test]
fn the_month_bounds_all_goals_together() {
    let place = Place::new();
    let server = served(priced().slow(Duration::from_millis(5)));
    place.models(&server.base_url);
    place.goal("first", 3, &[("amount = \"25.00\"", "amount = \"0.30\"")]);
    place.paid(&run("first", &[])).ends(0);
    let company = place.path(HOME).join("company.toml");
    let text = fs::read_to_string(&company).expect("text");
    assert!(text.contains("month_cap = \"1000.00\""), "{text}");
    let cap = |cap: &str| {
        let line = format!("month_cap = \"{cap}\"");
        fs::write(&company, text.replace("month_cap = \"1000.00\"", &line)).expect("written");
    };
    cap("0.70");
    for (goal, site) in [("second", "guide-2"), ("third", "guide-3")] {
        let own = [
            ("amount = \"25.00\"", "amount = \"0.30\""),
            ("lamp-guide", site),
        ];
        place.goal(goal, 3, &own);
    }
    place.paid(&run("second", &[])).ends(0);
    // What the first two left is theirs no longer: it is the month's, and suffices.
    place.paid(&run("third", &[])).ends(0);
    let spent = server.charged_micros();
    assert!(spent <= 700_000);

    let left = 700_000 - spent;
    place.goal("fourth", 3, &[("lamp-guide", "guide-4")]);
    let calls = server.calls().len();
    let amount = format!("0.{:06}", left + 1);
    let refused = place
        .paid(&run("fourth", &["--amount", &amount]))
        .ends(3)
        .json();
    assert_eq!(refused["state"], "paused_budget");
    assert_eq!(refused["reason"]["code"], "month_cap", "{refused}");
    assert_eq!(server.calls().len(), calls);
    cap("2.00");
    place
        .paid(&["resume", "--home", HOME, "--models", "models.toml"])
        .ends(0);
    assert!(server.charged_micros() <= 2_000_000);
}

/// The addresses of the internet that a traced command has tried to reach, and whether it tried any at all.
fn connects(trace: &Path) -> Vec<String> {
    let text = fs::read_to_string(trace).expect("a trace");
    assert!(
        text.contains("+++ exited with"),
        "the trace has no end: {text}"
    );
    text.lines()
        .filter(|line| line.contains("AF_INET"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn with_keys_in_the_environment_and_no_model_chosen_no_socket_opens() {
    let place = Place::new();
    let server = served(priced());
    place.models(&server.base_url);
    place.goal("lamps", 3, &[]);
    let traced = |args: &[&str], trace: &str| {
        let mut command = std::process::Command::new("strace");
        command
            .args([
                "-f",
                "-q",
                "-e",
                "trace=socket,connect,sendto,sendmsg,sendmmsg",
                "-e",
                "signal=none",
                "-o",
            ])
            .arg(place.path(trace))
            .arg(env!("CARGO_BIN_EXE_va"))
            .args(args)
            .current_dir(place.path("."))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("TEST_KEY", KEY)
            .env("OPENAI_API_KEY", KEY)
            .env("OPENAI_BASE_URL", &server.base_url)
            .env("ANTHROPIC_API_KEY", KEY)
            .env("ANTHROPIC_BASE_URL", &server.base_url)
            .env("LLM_PROVIDER", "openai")
            .env("HTTPS_PROXY", &server.base_url)
            .env("HTTP_PROXY", &server.base_url)
            .stdin(Stdio::null());
        let said = command.output();
        common::Said::of(said.expect("strace is missing: apt-get install --yes strace"))
    };
    traced(&["run", "lamps"], "quiet").ends(0);
    for args in [&["verify"][..], &["status"], &["run", "lamps"], &["pnl"]] {
        traced(args, "after").ends(0);
        assert_eq!(
            connects(&place.path("after")),
            Vec::<String>::new(),
            "{args:?}"
        );
    }
    assert_eq!(connects(&place.path("quiet")), Vec::<String>::new());
    assert!(server.calls().is_empty());

    // The same look sees a connection where there is one.
    place.goal("paid", 3, &[]);
    let paid = ["run", "paid", "--models", "models.toml"];
    traced(&paid, "loud").ends(0);
    let seen = connects(&place.path("loud"));
    assert!(
        seen.iter().any(|line| line.contains("127.0.0.1")),
        "{seen:?}"
    );
}
