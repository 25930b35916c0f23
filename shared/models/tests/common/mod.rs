//! What these tests share.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};
use va_domain::model::{Message, ModelAnswer, ModelRequest, Speaker};
use va_models::{
    OpenAiChat, Secret,
    openai_chat::{Clock, Endpoint},
};
use va_runtime::model::{Model, ModelFailure};
use va_test_support::model_server::{ModelServer, Script};

/// A key that must show nowhere.
pub const KEY: &str = "sk-test-0123456789";
/// The time in these tests, in seconds since 1970.
pub const NOW: i64 = 1_800_000_000;

/// A clock that stands still.
pub fn clock() -> Clock {
    Arc::new(|| Timestamp::from_second(NOW).expect("a time"))
}

/// A service that answers one sentence.
pub fn served() -> Script {
    Script::new(|_| Ok("an answer of the service".into()))
}

pub fn request() -> ModelRequest {
    let message = |role, content: &str| Message {
        role,
        content: content.into(),
    };
    ModelRequest {
        model: "there/model".into(),
        purpose: "draft".into(),
        messages: vec![
            message(Speaker::System, "Answer."),
            message(Speaker::User, "A question."),
        ],
        schema: None,
        max_tokens: 100,
    }
}

pub fn model(base_url: &str) -> OpenAiChat {
    model_with(base_url, Duration::from_secs(20))
}

pub fn model_with(base_url: &str, timeout: Duration) -> OpenAiChat {
    let endpoint = Endpoint {
        provider: "there".into(),
        base_url: base_url.into(),
        model: "name-there".into(),
        key: Some(Secret::new(KEY)),
        key_env: Some("THE_KEY".into()),
    };
    OpenAiChat::new(endpoint, timeout, clock()).expect("a model")
}

pub async fn ask(server: &ModelServer) -> Result<ModelAnswer, ModelFailure> {
    model(&server.base_url).exchange(&request()).await
}

/// An address where nobody listens.
pub fn closed_port() -> String {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    format!("http://{}/v1", listener.local_addr().expect("an address"))
}

/// A service that reads one request, answers these bytes and hangs up; and what it read.
pub async fn raw(response: &str) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a port");
    let base_url = format!("http://{}/v1", listener.local_addr().expect("an address"));
    let response = response.to_owned();
    let seen = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.expect("a call");
        let mut seen = Vec::new();
        let mut buffer = [0; 4096];
        while !is_whole(&seen) {
            match socket.read(&mut buffer).await {
                Ok(n) if n > 0 => seen.extend_from_slice(&buffer[..n]),
                _ => break,
            }
        }
        let _ = socket.write_all(response.as_bytes()).await;
        String::from_utf8_lossy(&seen).into_owned()
    });
    (base_url, seen)
}

fn is_whole(seen: &[u8]) -> bool {
    let text = String::from_utf8_lossy(seen);
    // A TLS greeting is no request; it is answered at once.
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return seen.first() == Some(&0x16);
    };
    let length = head.lines().find_map(|l| {
        l.to_ascii_lowercase()
            .strip_prefix("content-length: ")?
            .parse()
            .ok()
    });
    body.len() >= length.unwrap_or(0)
}
