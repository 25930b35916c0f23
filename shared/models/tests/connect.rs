//! What is made of a choice: only what was chosen, and only with what it needs.

mod common;

use std::{sync::Mutex, time::Duration};

use common::{KEY, clock, request, served};
use va_models::{Registry, Wiring};
use va_runtime::model::{Charge, FailureKind, Model};
use va_test_support::model_server::ModelServer;

fn wiring() -> Wiring {
    Wiring {
        offline: |_| Ok("written here".into()),
        timeout: Duration::from_secs(20),
        now: clock(),
    }
}

/// An environment that remembers which names were read.
#[derive(Default)]
struct Env {
    values: Vec<(&'static str, String)>,
    read: Mutex<Vec<String>>,
}

impl Env {
    fn of(values: &[(&'static str, &str)]) -> Self {
        let values = values
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        Self {
            values,
            ..Self::default()
        }
    }

    fn get(&self, name: &str) -> Option<String> {
        self.read.lock().expect("a lock").push(name.to_owned());
        self.values
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, v)| v.clone())
    }

    fn has_read(&self, name: &str) -> bool {
        self.read.lock().expect("a lock").iter().any(|n| n == name)
    }
}

const FILE: &str = r#"currency = "EUR"
[[model]]
id = "openai/mini"
provider = "openai"
name = "mini"
context = 1000
max_output = 100
price = { input = "1", output = "1" }
[[provider]]
id = "claude"
kind = "anthropic-messages"
[[model]]
id = "claude"
provider = "claude"
context = 1000
max_output = 100
"#;

#[tokio::test]
async fn with_a_key_in_the_environment_and_no_choice_nothing_that_calls_out_is_made() {
    let server = ModelServer::start(served()).expect("a server");
    let env = Env::of(&[
        ("OPENAI_API_KEY", KEY),
        ("OPENAI_BASE_URL", &server.base_url),
        ("LLM_PROVIDER", "openai"),
    ]);
    let registry = Registry::parse(FILE, "models.toml").expect("a file");
    let get = |name: &str| env.get(name);
    let chosen = registry.choose("draft", None, &get).expect("a choice");
    let router = registry
        .connect(chosen.iter().map(String::as_str), &get, &wiring())
        .expect("a router");

    assert_eq!(router.ids().collect::<Vec<_>>(), ["offline"]);
    assert!(!env.has_read("OPENAI_API_KEY") && !env.has_read("OPENAI_BASE_URL"));
    let mut request = request();
    request.model = "offline".into();
    assert_eq!(
        router.exchange(&request).await.expect("an answer").content,
        "written here"
    );
    request.model = "openai/mini".into();
    let failure = router.exchange(&request).await.expect_err("not chosen");
    assert_eq!(
        (failure.kind, failure.charge),
        (FailureKind::Refused, Charge::Nothing)
    );
    assert_eq!(server.calls(), []);
}

#[tokio::test]
async fn making_a_paid_model_calls_nobody_and_asking_it_calls_the_address_of_the_environment() {
    let server = ModelServer::start(served().with_key(KEY)).expect("a server");
    let env = Env::of(&[
        ("OPENAI_API_KEY", &format!("{KEY}\n")),
        ("OPENAI_BASE_URL", &format!("{}/", server.base_url)),
    ]);
    let registry = Registry::parse(FILE, "models.toml").expect("a file");
    let router = registry
        .connect(["openai/mini"], &|name: &str| env.get(name), &wiring())
        .expect("a router");
    assert_eq!(server.calls(), []);
    assert!(!format!("{router:?}").contains(KEY));
    let mut request = request();
    request.model = "openai/mini".into();
    router.exchange(&request).await.expect("an answer");
    assert_eq!(server.calls().len(), 1);
}

#[test]
fn what_is_missing_is_named_before_anything_runs() {
    let registry = Registry::parse(FILE, "models.toml").expect("a file");
    let check = |id: &str, env: &[(&'static str, &str)], code: &str, says: &str| {
        let env = Env::of(env);
        let error = registry
            .connect([id], &|name: &str| env.get(name), &wiring())
            .expect_err(code);
        assert_eq!(error.code(), code);
        assert!(error.to_string().contains(says), "{error}");
        assert!(!error.to_string().contains(KEY), "{error}");
    };
    check("openai/mini", &[], "missing_key", "Set OPENAI_API_KEY");
    check(
        "openai/mini",
        &[("OPENAI_API_KEY", " ")],
        "missing_key",
        "Set OPENAI_API_KEY",
    );
    check(
        "openai/mini",
        &[("OPENAI_API_KEY", "sk\n-1")],
        "unusable_provider",
        "characters that no key has",
    );
    check(
        "openai/mini",
        &[
            ("OPENAI_API_KEY", KEY),
            ("OPENAI_BASE_URL", "http://api.example/v1"),
        ],
        "unusable_provider",
        "use https",
    );
    check(
        "openai/mini",
        &[("OPENAI_API_KEY", KEY), ("OPENAI_BASE_URL", KEY)],
        "unusable_provider",
        "write https://host/v1",
    );
    check("claude", &[], "unsupported_provider", "anthropic-messages");
    check("mini", &[], "unknown_model", "[[model]]");
}
