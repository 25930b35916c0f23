//! Paid models: the cap holds, the key stays, and what cannot be known is said.

mod common;

use std::{collections::BTreeMap, fs, process::Stdio, thread, time::Duration};

use common::{Place, balances, files};
use va_test_support::model_server::{Fault, ModelServer, Script};

fn models_file(place: &Place, base_url: &str) {
    let text = format!(
        r#"currency = "EUR"
[[provider]]
id = "test"
kind = "openai-chat"
base_url = "{base_url}"
key_env = "TEST_KEY"
[[model]]
id = "test/writer"
provider = "test"
name = "writer"
context = 200000
max_output = 32000
price = {{ input = "3.00", output = "15.00" }}
as_of = 2026-11-20
source = "the test"
[purpose]
draft = ["test/writer", "offline"]
"#
    );
    fs::write(place.path("models.toml"), text).expect("written");
}

fn priced() -> Script {
    Script::new(va_writing::offline_answer)
        .priced(3_000_000, 15_000_000)
        .with_key("sk-test-4711")
}

const RUN: &[&str] = &["run", "lamps", "--models", "models.toml", "--json"];

fn run(place: &Place, args: &[&str]) -> common::Said {
    let output = place
        .command(args)
        .env("TEST_KEY", "sk-test-4711")
        .output()
        .expect("runs");
    common::Said::of(output)
}

#[test]
fn a_run_through_a_priced_server_gives_the_same_bytes_and_books_what_was_charged() {
    let place = Place::new();
    let server = ModelServer::start(priced()).expect("a server");
    place.goal("lamps", 3, &[]);
    models_file(&place, &server.base_url);
    let result = run(&place, RUN).ends(0).json();
    balances(&result["budget"]);
    assert_eq!(
        result["budget"]["spent_micros"].as_i64(),
        Some(server.charged_micros())
    );

    let offline = Place::new();
    offline.goal("lamps", 3, &[]);
    offline.va(&["run", "lamps"]).ends(0);
    assert_eq!(
        files(&place.path(".va/lamps/sites")),
        files(&offline.path(".va/lamps/sites"))
    );
}

#[test]
fn a_small_cap_holds_whatever_is_killed() {
    let place = Place::new();
    let server = ModelServer::start(priced().slow(Duration::from_millis(20))).expect("a server");
    place.goal("lamps", 6, &[("amount = \"25.00\"", "amount = \"0.30\"")]);
    models_file(&place, &server.base_url);
    for n in 0..20 {
        let mut worker = place
            .command(RUN)
            .env("TEST_KEY", "sk-test-4711")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("runs");
        thread::sleep(Duration::from_millis(20 + n * 9));
        worker.kill().expect("killed");
        worker.wait().expect("gone");
    }
    let result = run(&place, RUN).json();
    balances(&result["budget"]);
    let charged = server.charged_micros();
    assert!(
        charged <= 300_000,
        "{charged} of 300000 micro-units were charged"
    );
    let spent = result["budget"]["spent_micros"].as_i64().expect("a sum");
    let reserved = result["budget"]["reserved_micros"].as_i64().expect("a sum");
    assert!(
        charged <= spent + reserved,
        "{charged} charged, {spent} spent, {reserved} reserved"
    );
}

#[test]
fn no_fault_of_a_service_breaks_the_books() {
    for fault in [
        Fault::NoUsage,
        Fault::MalformedJson,
        Fault::NoChoices,
        Fault::CutOff,
    ] {
        let place = Place::new();
        let server = ModelServer::start(priced().failing([fault.clone()])).expect("a server");
        place.goal("lamps", 2, &[]);
        models_file(&place, &server.base_url);
        let said = run(&place, RUN);
        let result = said.json();
        assert!(matches!(said.code, 0 | 8), "{fault:?}: {said:?}");
        balances(&result["budget"]);
        let spent = result["budget"]["spent_micros"].as_i64().expect("a sum");
        assert!(server.charged_micros() <= spent, "{fault:?}");
    }
}

#[test]
fn the_key_follows_no_redirect_and_stands_nowhere() {
    let place = Place::new();
    let faults: Vec<Fault> = (0..20).map(|_| Fault::Redirect).collect();
    let server = ModelServer::start(priced().failing(faults)).expect("a server");
    place.goal("lamps", 2, &[]);
    models_file(&place, &server.base_url);
    let said = run(&place, RUN).ends(8);
    assert!(
        server.calls_elsewhere().is_empty(),
        "the other host was called"
    );
    assert_eq!(server.charged_micros(), 0);
    for text in [&said.out, &said.err] {
        assert!(!text.contains("sk-test-4711"), "the key was printed");
    }
    let kept: BTreeMap<String, Vec<u8>> = files(&place.path(".va/lamps"));
    for (name, bytes) in kept {
        assert!(
            !bytes.windows(12).any(|w| w == b"sk-test-4711"),
            "the key stands in {name}"
        );
    }
}

#[test]
fn an_unknown_model_price_or_rate_is_refused_at_the_start() {
    let place = Place::new();
    place.goal("lamps", 2, &[]);
    models_file(&place, "http://127.0.0.1:9");
    place
        .va(&[
            "run",
            "lamps",
            "--models",
            "models.toml",
            "--model",
            "test/nobody",
        ])
        .ends(2);
    let text = fs::read_to_string(place.path("models.toml")).expect("text");
    fs::write(
        place.path("dear.toml"),
        text.replace("currency = \"EUR\"", "currency = \"USD\""),
    )
    .expect("written");
    place.va(&["run", "lamps", "--models", "dear.toml"]).ends(2);
    assert!(!place.path(".va").exists());
}
