//! One exchange over real HTTP on this machine: with a service that answers, fails, lies or breaks off.

mod common;

use std::{collections::BTreeSet, time::Duration};

use common::{KEY, NOW, ask, closed_port, model, model_with, raw, request, served};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use va_domain::{
    amounts::MAX_AMOUNT,
    model::{Finish, Usage},
};
use va_models::Registry;
use va_runtime::model::{Charge, FailureKind, Model, ModelFailure};
use va_test_support::model_server::{Fault, ModelServer, Script};

/// The failure that follows from one fault, and what the service charged for it.
async fn fails(fault: Fault) -> (ModelFailure, i64) {
    let server = ModelServer::start(served().priced(1_000_000, 1_000_000).failing([fault]))
        .expect("a server");
    let failure = ask(&server).await.expect_err("a failure");
    assert_eq!(
        server.calls().len(),
        1,
        "one exchange is one call: {failure}"
    );
    assert!(!format!("{failure} {failure:?}").contains(KEY), "{failure}");
    (failure, server.charged_micros())
}

async fn check(fault: Fault, kind: FailureKind, charge: Charge, says: &str) -> ModelFailure {
    let (failure, charged) = fails(fault).await;
    assert_eq!((failure.kind, failure.charge), (kind, charge), "{failure}");
    assert!(failure.message.contains(says), "{failure}");
    assert!(
        charge == Charge::Unknown || charged == 0,
        "charged {charged}, though it is said to be free"
    );
    failure
}

#[tokio::test]
async fn an_answer_brings_text_usage_and_end_and_costs_what_the_service_charged() {
    let server =
        ModelServer::start(served().priced(2_000_000, 3_000_000).with_key(KEY)).expect("a server");
    let answer = ask(&server).await.expect("an answer");
    assert_eq!(
        (answer.content.as_str(), answer.finish),
        ("an answer of the service", Finish::Stop)
    );
    let usage = answer.usage.expect("usage");
    assert_eq!(
        server.charged_micros(),
        2 * usage.input_tokens + 3 * usage.output_tokens
    );
    let calls = server.calls();
    assert_eq!(
        (calls[0].key.as_deref(), calls[0].max_tokens),
        (Some(KEY), Some(100))
    );
}

#[tokio::test]
async fn the_request_carries_model_messages_limit_and_shape_and_nothing_that_was_not_asked_for() {
    let (base_url, seen) = raw("HTTP/1.1 500 Broken\r\ncontent-length: 0\r\n\r\n").await;
    let mut request = request();
    request.schema = Some(json!({"type": "object"}));
    model(&base_url).exchange(&request).await.expect_err("500");
    let seen = seen.await.expect("a request");
    let (head, body) = seen.split_once("\r\n\r\n").expect("a body");
    assert!(
        head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"),
        "{head}"
    );
    assert!(
        head.contains(&format!("authorization: Bearer {KEY}")),
        "{head}"
    );
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(body).expect("JSON"),
        json!({
            "model": "name-there",
            "messages": [{"role": "system", "content": "Answer."}, {"role": "user", "content": "A question."}],
            "max_tokens": 100,
            "stream": false,
            "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "object"}}},
        })
    );
}

#[tokio::test]
async fn a_service_that_is_asked_too_often_says_when_to_come_back() {
    let failure = check(
        Fault::RateLimited(7),
        FailureKind::RateLimited,
        Charge::Nothing,
        "rate_limit_exceeded",
    )
    .await;
    assert_eq!(failure.retry_after, Some(SignedDuration::from_secs(7)));
    let later = Timestamp::from_second(NOW + 90).expect("a time");
    let failure = check(
        Fault::RateLimitedUntil(later),
        FailureKind::RateLimited,
        Charge::Nothing,
        "429",
    )
    .await;
    assert_eq!(failure.retry_after, Some(SignedDuration::from_secs(90)));
}

#[tokio::test]
async fn a_failure_within_the_service_is_free_only_without_a_body() {
    check(
        Fault::Empty500,
        FailureKind::Unavailable,
        Charge::Nothing,
        "(500)",
    )
    .await;
    check(
        Fault::Failed500,
        FailureKind::Unavailable,
        Charge::Unknown,
        "(500, server_error)",
    )
    .await;
}

#[tokio::test]
async fn what_is_no_answer_is_malformed_and_may_have_been_charged() {
    check(
        Fault::MalformedJson,
        FailureKind::Malformed,
        Charge::Unknown,
        "not JSON",
    )
    .await;
    check(
        Fault::NoChoices,
        FailureKind::Malformed,
        Charge::Unknown,
        "no choice",
    )
    .await;
    check(
        Fault::Flood,
        FailureKind::Malformed,
        Charge::Unknown,
        "more than 4 MiB",
    )
    .await;
}

#[tokio::test]
async fn an_answer_that_breaks_off_may_have_been_charged() {
    check(
        Fault::CutOff,
        FailureKind::CutOff,
        Charge::Unknown,
        "broke off",
    )
    .await;
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_is_given_up_and_may_have_been_charged() {
    let server = ModelServer::start(served().failing([Fault::Slow(Duration::from_secs(30))]))
        .expect("a server");
    let patient = model_with(&server.base_url, Duration::from_millis(300));
    let failure = patient.exchange(&request()).await.expect_err("too late");
    assert_eq!(
        (failure.kind, failure.charge),
        (FailureKind::CutOff, Charge::Unknown),
        "{failure}"
    );
    assert!(failure.message.contains("within 0.3 s"), "{failure}");
}

#[tokio::test]
async fn a_service_that_hangs_up_without_a_word_may_have_been_charged() {
    let (base_url, _) = raw("").await;
    let failure = model(&base_url)
        .exchange(&request())
        .await
        .expect_err("nothing came");
    assert_eq!(
        (failure.kind, failure.charge),
        (FailureKind::Unavailable, Charge::Unknown),
        "{failure}"
    );
}

#[tokio::test]
async fn a_service_that_cannot_be_reached_costs_nothing() {
    let failure = model(&closed_port())
        .exchange(&request())
        .await
        .expect_err("nobody listens");
    assert_eq!(
        (failure.kind, failure.charge),
        (FailureKind::Unavailable, Charge::Nothing),
        "{failure}"
    );
}

#[tokio::test]
async fn a_service_that_does_not_speak_tls_is_never_sent_a_key() {
    let (base_url, seen) = raw("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await;
    let failure = model(&base_url.replace("http:", "https:"))
        .exchange(&request())
        .await
        .expect_err("no TLS");
    assert_eq!(failure.charge, Charge::Nothing, "{failure}");
    assert!(!seen.await.unwrap_or_default().contains(KEY));
}

#[tokio::test]
async fn a_redirect_is_refused_by_name_and_the_key_does_not_follow() {
    let server = ModelServer::start(served().failing([Fault::Redirect])).expect("a server");
    let failure = ask(&server).await.expect_err("a redirect");
    assert_eq!(
        (failure.kind, failure.charge),
        (FailureKind::Refused, Charge::Nothing)
    );
    assert!(
        failure.message.contains("redirects to localhost (307)"),
        "{failure}"
    );
    assert_eq!(server.calls_elsewhere(), [] as [bool; 0]);
}

#[tokio::test]
async fn usage_is_taken_as_given_and_unknown_where_it_is_missing_or_negative() {
    let of = async |fault| {
        let server = ModelServer::start(served().failing([fault])).expect("a server");
        ask(&server).await.expect("an answer").usage
    };
    let honest = of(Fault::UsageTimes(1)).await.expect("usage");
    assert_eq!(
        of(Fault::UsageTimes(1000)).await.map(|u| u.output_tokens),
        Some(1000 * honest.output_tokens)
    );
    assert_eq!(
        of(Fault::HugeUsage).await,
        Some(Usage {
            input_tokens: 0,
            output_tokens: MAX_AMOUNT
        })
    );
    assert_eq!(of(Fault::NegativeUsage).await, None);
    assert_eq!(of(Fault::NoUsage).await, None);
}

#[tokio::test]
async fn a_refusal_and_a_cut_text_are_answers_that_say_so() {
    let of = async |fault| {
        let server = ModelServer::start(served().failing([fault])).expect("a server");
        ask(&server).await.expect("an answer").finish
    };
    assert_eq!(of(Fault::Refusal).await, Finish::Refused);
    assert_eq!(of(Fault::Truncated).await, Finish::Length);
}

#[tokio::test]
async fn a_wrong_key_is_for_a_person_to_mend_and_is_not_shown() {
    let server = ModelServer::start(served().with_key("another")).expect("a server");
    let failure = ask(&server).await.expect_err("401");
    assert_eq!(
        (failure.kind, failure.charge),
        (FailureKind::Refused, Charge::Nothing)
    );
    assert!(failure.message.contains("set THE_KEY"), "{failure}");
    assert!(!format!("{failure:?} {:?}", model(&server.base_url)).contains(KEY));
}

#[tokio::test]
async fn other_statuses_say_who_must_act() {
    for (status, body, kind, charge) in [
        (400, "{}", FailureKind::Refused, Charge::Nothing),
        (403, "", FailureKind::Refused, Charge::Nothing),
        (404, "<html>", FailureKind::Refused, Charge::Nothing),
        (408, "", FailureKind::Unavailable, Charge::Nothing),
        (409, "{}", FailureKind::Unavailable, Charge::Unknown),
        (
            429,
            r#"{"error": {"code": "insufficient_quota"}}"#,
            FailureKind::Refused,
            Charge::Nothing,
        ),
        (503, "busy", FailureKind::Unavailable, Charge::Unknown),
    ] {
        let response = format!(
            "HTTP/1.1 {status} X\r\nretry-after: 5\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let (base_url, _) = raw(&response).await;
        let failure = model(&base_url)
            .exchange(&request())
            .await
            .expect_err("a failure");
        assert_eq!((failure.kind, failure.charge), (kind, charge), "{failure}");
        let pause = kind.is_retryable().then(|| SignedDuration::from_secs(5));
        assert_eq!(failure.retry_after, pause, "{failure}");
    }
}

#[tokio::test]
async fn the_books_of_the_service_hold_for_many_calls_at_once() {
    let script = served().priced(1_000_000, 1_000_000).failing_at_random(
        7,
        300,
        vec![Fault::Empty500, Fault::NoUsage, Fault::RateLimited(1)],
    );
    let server = ModelServer::start(script).expect("a server");
    let service = model(&server.base_url);
    let calls = (0..40).map(|n| {
        let mut request = request();
        request.messages[1].content = format!("Question {n}");
        let service = &service;
        async move { service.exchange(&request).await }
    });
    let answers = futures::future::join_all(calls).await;
    let known: i64 = answers
        .iter()
        .flatten()
        .filter_map(|a| a.usage)
        .map(|u| u.input_tokens + u.output_tokens)
        .sum();
    let unknown: i64 = server
        .calls()
        .iter()
        .filter(|c| c.fault == Some(Fault::NoUsage))
        .map(|c| c.charged_micros)
        .sum();
    assert_eq!(server.charged_micros(), known + unknown);
    assert_eq!((server.calls().len(), server.in_flight()), (40, 0));
    let hashes: BTreeSet<_> = server
        .calls()
        .into_iter()
        .map(|c| c.request_sha256)
        .collect();
    assert_eq!(hashes.len(), 40);
    assert!(answers.iter().any(Result::is_err) && answers.iter().any(Result::is_ok));
}

#[tokio::test]
async fn a_server_charges_for_an_answer_that_nobody_waits_for() {
    let script: Script = served().priced(1_000_000, 0).slow(Duration::from_secs(30));
    let server = ModelServer::start(script).expect("a server");
    model_with(&server.base_url, Duration::from_millis(200))
        .exchange(&request())
        .await
        .expect_err("too late");
    assert!(server.charged_micros() > 0);
}

#[tokio::test]
async fn what_an_honest_service_charges_stays_within_the_reservation() {
    let file = r#"currency = "USD"
        [fx."USD/EUR"]
        rate = "0.92"
        [[model]]
        id = "there/model"
        provider = "openai"
        context = 1000
        max_output = 100
        price = { input = "3.00", output = "15.00" }"#;
    let terms = Registry::parse(file, "models.toml")
        .and_then(|r| r.terms("there/model", "EUR"))
        .expect("terms");
    let prices = (
        terms.input_price.expect("known"),
        terms.output_price.expect("known"),
    );
    let server = ModelServer::start(served().priced(prices.0, prices.1)).expect("a server");
    for max_tokens in [1, 3, 100] {
        let mut request = request();
        request.max_tokens = max_tokens;
        let before = server.charged_micros();
        let usage = model(&server.base_url)
            .exchange(&request)
            .await
            .expect("an answer")
            .usage
            .expect("usage");
        let charged = server.charged_micros() - before;
        let (worst, tokens) = terms
            .worst_case(request.input_bound(), max_tokens)
            .expect("a known price");
        assert_eq!(
            terms.price(usage.input_tokens, usage.output_tokens),
            Some(charged)
        );
        assert!(
            charged <= worst && usage.input_tokens + usage.output_tokens <= tokens,
            "{charged} of {worst}"
        );
    }
}
