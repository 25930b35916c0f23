use proptest::prelude::*;

use super::*;

const FILE: &str = r#"currency = "USD"
[policies]
max_cost_per_day = "15.00"
safe_modes = ["pii_redact", "profanity_filter"]
[fx."USD/EUR"]
rate = "0.92"
as_of = 2026-11-20
source = "a bank"
[[provider]]
id = "local"
kind = "openai-chat"
base_url = "http://127.0.0.1:8080/v1"
[[provider]]
id = "anthropic"
kind = "anthropic-messages"
base_url_env = "ANTHROPIC_BASE_URL"
key_env = "ANTHROPIC_API_KEY"
[[model]]
id = "local/small"
provider = "local"
name = "small-7b"
context = 32768
max_output = 4096
price = { input = "0.150000", output = "0.60", cached_input = "0.075", as_of = 2026-11-20, source = "its page" }
[[model]]
id = "openai/mini"
provider = "openai"
name = "mini"
context = 200000
max_output = 8192
price = { input = "0.000001", output = "3.00" }
as_of = "2026-11-19"
source = "its page"
[[model]]
id = "openai/unpriced"
provider = "openai"
context = 100
max_output = 10
price = { input = "1" }
[purpose]
draft = ["local/small", "offline"]
"#;

fn registry() -> Registry {
    Registry::parse(FILE, "models.toml").expect("a models file")
}

fn nothing(_: &str) -> Option<String> {
    None
}

#[test]
fn without_a_file_there_is_the_offline_model_for_nothing_in_every_currency() {
    let terms = Registry::builtin().terms("offline", "JPY").expect("terms");
    assert!(terms.offline);
    assert_eq!((terms.input_price, terms.output_price), (Some(0), Some(0)));
    assert_eq!(
        Registry::builtin()
            .choose("draft", None, &nothing)
            .expect("a model"),
        ["offline"]
    );
}

#[test]
fn prices_are_converted_and_rounded_up_and_stay_when_the_currency_is_the_same() {
    let terms = registry().terms("openai/mini", "EUR").expect("terms");
    assert_eq!(
        (terms.input_price, terms.output_price),
        (Some(1), Some(2_760_000))
    );
    assert_eq!(
        (terms.context, terms.max_output, terms.offline),
        (200_000, 8192, false)
    );
    let terms = registry().terms("local/small", "USD").expect("terms");
    assert_eq!(
        (terms.input_price, terms.output_price),
        (Some(150_000), Some(600_000))
    );
}

#[test]
fn a_price_says_when_and_where_it_was_found() {
    for (id, day) in [("local/small", "2026-11-20"), ("openai/mini", "2026-11-19")] {
        let registry = registry();
        let price = &registry.model(id).expect(id).price;
        assert_eq!(price.as_of.map(|d| d.to_string()).as_deref(), Some(day));
        assert_eq!(price.source.as_deref(), Some("its page"));
        assert!(
            price
                .output()
                .is_some_and(|p| ["0.60", "3.00"].contains(&p.as_str()))
        );
    }
}

#[test]
fn the_daily_cap_is_converted_and_rounded_down() {
    assert_eq!(registry().max_cost_per_day("EUR"), Ok(Some(13_800_000)));
    assert_eq!(Registry::builtin().max_cost_per_day("EUR"), Ok(None));
}

#[test]
fn an_unknown_model_price_or_rate_says_what_to_add_and_where() {
    let check = |id: &str, currency: &str, code: &str, says: &[&str]| {
        let error = registry().terms(id, currency).expect_err(id);
        assert_eq!(error.code(), code);
        for part in says {
            assert!(error.to_string().contains(part), "{error}");
        }
    };
    check(
        "openai/mimi",
        "EUR",
        "unknown_model",
        &["did you mean `openai/mini`?", "[[model]]", "models.toml"],
    );
    check(
        "openai/unpriced",
        "EUR",
        "unknown_price",
        &["output", "price =", "models.toml"],
    );
    check(
        "openai/mini",
        "GBP",
        "unknown_rate",
        &["[fx.\"USD/GBP\"]", "models.toml"],
    );
    let error = Registry::builtin()
        .terms("gpt", "EUR")
        .expect_err("no such model");
    assert!(error.to_string().contains("--models FILE"), "{error}");
}

#[test]
fn an_offline_model_may_be_given_a_price_and_stays_offline() {
    let text = "currency = \"EUR\"\n[[model]]\nid = \"offline\"\nprovider = \"offline\"\nprice = { input = \"2\", output = \"4\" }\n";
    let terms = Registry::parse(text, "m.toml")
        .and_then(|r| r.terms("offline", "EUR"))
        .expect("terms");
    assert!(terms.offline);
    assert_eq!(
        (terms.input_price, terms.output_price),
        (Some(2_000_000), Some(4_000_000))
    );
}

#[test]
fn every_mistake_is_named_with_file_line_and_the_nearest_known_key() {
    let check = |from: &str, to: &str, line: usize, says: &str| {
        assert!(FILE.contains(from), "{from}");
        let error = Registry::parse(&FILE.replacen(from, to, 1), "models.toml")
            .expect_err(to)
            .to_string();
        assert!(
            error.starts_with(&format!("models.toml, line {line}: ")),
            "{error}"
        );
        assert!(error.contains(says), "{error}");
    };
    check(
        "max_cost_per_day",
        "max_cost_day",
        3,
        "unknown key `max_cost_day` in [policies]; did you mean `max_cost_per_day`?",
    );
    check("[purpose]", "[purposes]", 40, "did you mean `purpose`?");
    check(
        "currency = \"USD\"",
        "currency = \"usd\"",
        1,
        "three capital letters",
    );
    check("currency = \"USD\"\n", "", 1, "has no `currency`");
    check("rate = \"0.92\"", "rate = 0.92", 6, "decimal in quotes");
    check("rate = \"0.92\"", "rate = \"0\"", 6, "above 0");
    check(
        "[fx.\"USD/EUR\"]",
        "[fx.\"USDEUR\"]",
        5,
        "no pair of currencies",
    );
    check(
        "kind = \"openai-chat\"",
        "kind = \"openai\"",
        11,
        "did you mean `openai-chat`?",
    );
    check(
        "base_url = \"http://127.0.0.1:8080/v1\"\n",
        "",
        9,
        "neither base_url nor base_url_env",
    );
    check(
        "cached_input",
        "cache_input",
        24,
        "did you mean `cached_input`?",
    );
    check(
        "input = \"0.150000\"",
        "input = 0.15",
        24,
        "decimal in quotes",
    );
    check(
        "input = \"0.150000\"",
        "input = \"-0.15\"",
        24,
        "decimal in quotes",
    );
    check("context = 32768", "context = 0", 22, "above 0");
    check("context = 32768\n", "", 18, "has no `context`");
    check(
        "max_output = 4096",
        "max_output = 40960",
        18,
        "cannot answer more",
    );
    check(
        "provider = \"local\"",
        "provider = \"lokal\"",
        20,
        "did you mean `local`?",
    );
    check(
        "id = \"openai/mini\"",
        "id = \"local/small\"",
        26,
        "a second [[model]]",
    );
    check(
        "draft = [\"local/small\"",
        "draft = [\"local/smal\"",
        41,
        "did you mean `local/small`?",
    );
    check("[[model]]", "[[model]", 18, "");
    check("id = \"local\"", "id = \"  \"", 10, "must be a text");
}

#[test]
fn a_model_is_chosen_by_flag_then_name_in_the_environment_then_purpose_and_never_by_a_key() {
    let keys = |name: &str| match name {
        "OPENAI_API_KEY" | "ANTHROPIC_API_KEY" => Some("sk-1".to_owned()),
        "LLM_PROVIDER" => Some("openai".to_owned()),
        _ => None,
    };
    let named = |name: &str| {
        if name == "MODEL_NAME" {
            Some("mini".to_owned())
        } else {
            keys(name)
        }
    };
    let registry = registry();
    assert_eq!(
        Registry::builtin()
            .choose("draft", None, &keys)
            .expect("a model"),
        ["offline"]
    );
    assert_eq!(
        registry.choose("review", None, &keys).expect("a model"),
        ["offline"]
    );
    assert_eq!(
        registry.choose("draft", None, &keys).expect("models"),
        ["local/small", "offline"]
    );
    assert_eq!(
        registry.choose("draft", None, &named).expect("a model"),
        ["openai/mini"]
    );
    assert_eq!(
        registry
            .choose("draft", Some("offline"), &named)
            .expect("a model"),
        ["offline"]
    );
    assert_eq!(
        registry
            .choose("draft", Some("nope"), &named)
            .expect_err("none")
            .code(),
        "unknown_model"
    );
    let elsewhere = |name: &str| {
        if name == "LLM_PROVIDER" {
            Some("local".to_owned())
        } else {
            named(name)
        }
    };
    assert_eq!(
        registry
            .choose("draft", None, &elsewhere)
            .expect_err("none")
            .code(),
        "unknown_model"
    );
}

#[test]
fn drafts_are_revised_by_the_model_named_for_it_unless_one_is_named_for_all() {
    let of = |purposes: &str| {
        let file = FILE.split_once("[purpose]").expect("a file").0.to_owned();
        Registry::parse(&format!("{file}[purpose]\n{purposes}\n"), "models.toml").expect("a file")
    };
    let none = |_: &str| None;
    let named = |name: &str| (name == "MODEL_NAME").then(|| "offline".to_owned());
    let both = of("draft = [\"local/small\"]\nrevise = [\"offline\"]");
    assert_eq!(both.reviser(None, &none), Some("offline"));
    assert_eq!(both.reviser(Some("local/small"), &none), None);
    assert_eq!(both.reviser(None, &named), None);
    assert_eq!(of("revise = [\"offline\"]").reviser(None, &none), None);
    let same = of("draft = [\"local/small\"]\nrevise = [\"local/small\"]");
    assert_eq!(same.reviser(None, &none), None);
}

proptest! {
    #[test]
    fn a_damaged_file_is_an_error_with_a_line_and_never_a_panic(at in 0..FILE.len(), cut in 0_usize..30, put in ".{0,12}") {
        let (start, end) = (FILE.floor_char_boundary(at), FILE.floor_char_boundary(at + cut));
        let text = format!("{}{put}{}", &FILE[..start], &FILE[end..]);
        if let Err(error) = Registry::parse(&text, "models.toml") {
            prop_assert!(error.to_string().starts_with("models.toml, line "), "{error}");
        }
    }
}
