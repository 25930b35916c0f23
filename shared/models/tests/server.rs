//! The OpenAI-compatible server, asked over real HTTP.
#![cfg(feature = "server")]

mod common;

use std::{collections::BTreeSet, net::SocketAddr, sync::Arc};

use common::{clock, model, request};
use reqwest::{Client, StatusCode, header};
use serde_json::{Value, json};
use tokio::{sync::oneshot, task::JoinHandle};
use va_domain::model::Finish;
use va_models::{
    Offline,
    server::{Offer, Server, ServerError},
};
use va_runtime::model::Model;

struct Running {
    base_url: String,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Result<(), ServerError>>,
}

fn offer() -> Offer {
    let model = Offline::new(|messages| match messages.last() {
        Some(m) if m.content.contains("nothing") => Err("it carries no facts".into()),
        Some(m) => Ok(format!("written from: {}", m.content)),
        None => Err("empty".into()),
    });
    let ids = BTreeSet::from(["offline".to_owned(), "name-there".to_owned()]);
    Offer {
        model: Arc::new(model),
        ids,
        max_tokens: 1000,
        now: clock(),
    }
}

async fn start() -> Running {
    let server = Server::bind(SocketAddr::from(([127, 0, 0, 1], 0)), offer())
        .await
        .expect("a server");
    let base_url = format!("http://{}/v1", server.address().expect("an address"));
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(server.run(async {
        let _ = stopped.await;
    }));
    Running {
        base_url,
        stop,
        ended,
    }
}

fn client() -> Client {
    let tls = rustls::ClientConfig::builder_with_provider(Arc::new(
        rustls::crypto::ring::default_provider(),
    ))
    .with_safe_default_protocol_versions()
    .expect("versions")
    .with_root_certificates(rustls::RootCertStore::empty())
    .with_no_client_auth();
    Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .build()
        .expect("a client")
}

async fn post(running: &Running, content_type: &str, body: String) -> (StatusCode, String, Value) {
    let url = format!("{}/chat/completions", running.base_url);
    let response = client()
        .post(url)
        .header(header::CONTENT_TYPE, content_type)
        .body(body)
        .send()
        .await
        .expect("a response");
    let status = response.status();
    let kind = response.headers()[header::CONTENT_TYPE]
        .to_str()
        .expect("text")
        .to_owned();
    (
        status,
        kind,
        serde_json::from_str(&response.text().await.expect("a body")).expect("JSON"),
    )
}

#[tokio::test]
async fn our_own_client_is_answered_by_our_own_server() {
    let running = start().await;
    let answer = model(&running.base_url)
        .exchange(&request())
        .await
        .expect("an answer");
    assert_eq!(
        (answer.content.as_str(), answer.finish),
        ("written from: A question.", Finish::Stop)
    );
    assert_eq!(
        answer.usage.map(|u| (u.input_tokens, u.output_tokens)),
        Some((5, 7))
    );
    let mut short = request();
    short.max_tokens = 2;
    let answer = model(&running.base_url)
        .exchange(&short)
        .await
        .expect("an answer");
    assert_eq!(
        (answer.content.as_str(), answer.finish),
        ("written ", Finish::Length)
    );
}

#[tokio::test]
async fn equal_requests_have_equal_answers_and_text_may_come_in_parts() {
    let running = start().await;
    let body = json!({"model": "offline", "temperature": 0.2, "messages": [
        {"role": "developer", "content": "x"},
        {"role": "user", "content": [{"type": "text", "text": "two "}, {"type": "text", "text": "parts"}]},
    ]});
    let (status, kind, one) = post(&running, "application/json", body.to_string()).await;
    assert_eq!(
        (status, kind.as_str()),
        (StatusCode::OK, "application/json")
    );
    assert_eq!(
        one["choices"][0]["message"]["content"],
        "written from: two parts"
    );
    assert_eq!(
        post(&running, "application/json", body.to_string()).await.2,
        one
    );
}

#[tokio::test]
async fn a_mistake_is_told_to_both_kinds_of_client() {
    let running = start().await;
    let message = json!([{"role": "user", "content": "hello"}]);
    let json = "application/json; charset=utf-8";
    for (kind, body, status, code) in [
        (json, "{".to_owned(), 400, "invalid_request"),
        (
            json,
            json!({"model": "offline", "messages": []}).to_string(),
            400,
            "invalid_request",
        ),
        (
            json,
            json!({"model": "offline", "messages": message, "stream": true}).to_string(),
            400,
            "invalid_request",
        ),
        (
            json,
            json!({"model": "offline", "messages": message, "n": 2}).to_string(),
            400,
            "invalid_request",
        ),
        (
            json,
            json!({"model": "offline", "messages": message, "max_tokens": 0}).to_string(),
            400,
            "invalid_request",
        ),
        (
            json,
            json!({"model": "offline", "messages": message, "max_tokens": -1}).to_string(),
            400,
            "invalid_request",
        ),
        (
            json,
            json!({"model": "gpt", "messages": message}).to_string(),
            404,
            "model_not_found",
        ),
        (
            json,
            json!({"model": "offline", "messages": [{"role": "user", "content": "nothing"}]})
                .to_string(),
            422,
            "refused",
        ),
        (
            json,
            "x".repeat(4 * 1024 * 1024 + 1),
            413,
            "unreadable_request",
        ),
        (
            "text/plain",
            json!({"model": "offline", "messages": message}).to_string(),
            415,
            "unsupported_media_type",
        ),
    ] {
        let (got, kind, problem) = post(&running, kind, body).await;
        assert_eq!(
            (got.as_u16(), kind.as_str()),
            (status, "application/problem+json"),
            "{problem}"
        );
        assert_eq!(
            (problem["status"].as_u64(), &problem["code"]),
            (Some(u64::from(status)), &json!(code)),
            "{problem}"
        );
        assert_eq!(problem["error"]["message"], problem["detail"]);
    }
}

#[tokio::test]
async fn what_is_offered_is_listed_and_what_is_not_there_is_said() {
    let running = start().await;
    let get = async |path: &str| {
        client()
            .get(format!("{}{path}", running.base_url))
            .send()
            .await
            .expect("a response")
    };
    let list: Value =
        serde_json::from_str(&get("/models").await.text().await.expect("a body")).expect("JSON");
    let ids: Vec<_> = list["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|m| m["id"].clone())
        .collect();
    assert_eq!(ids, ["name-there", "offline"]);
    assert_eq!(get("/nothing").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(
        get("/chat/completions").await.status(),
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[tokio::test]
async fn it_listens_for_this_machine_alone_and_ends_when_told() {
    let public = Server::bind(
        SocketAddr::from(([0, 0, 0, 0], 0)),
        Offer::offline(|_| Err("no".into()), clock()),
    )
    .await;
    assert!(matches!(public, Err(ServerError::NotLoopback(_))));
    let running = start().await;
    let address = running
        .base_url
        .trim_start_matches("http://")
        .trim_end_matches("/v1")
        .parse()
        .expect("an address");
    assert!(matches!(
        Server::bind(address, offer()).await,
        Err(ServerError::Bind { .. })
    ));
    running.stop.send(()).expect("it runs");
    running.ended.await.expect("it ends").expect("in peace");
}
