//! The interface's shapes, and what of them is taken.

use axum::http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use va_domain::model::{Finish, Message, ModelAnswer, ModelRequest, Speaker};

use super::{Offer, problem::Problem};

/// What a client sends. Parameters that only tune a model's sampling are ignored.
#[derive(Deserialize)]
struct Completion {
    model: String,
    messages: Vec<Said>,
    max_tokens: Option<u32>,
    max_completion_tokens: Option<u32>,
    #[serde(default)]
    stream: bool,
    n: Option<u32>,
    response_format: Option<Value>,
}

#[derive(Deserialize)]
struct Said {
    role: Role,
    content: Content,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Role {
    System,
    Developer,
    User,
    Assistant,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<Part>),
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Part {
    Text { text: String },
}

pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    value
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .eq_ignore_ascii_case("application/json")
}

pub(super) fn read(body: &[u8], offer: &Offer) -> Result<ModelRequest, Problem> {
    let asked: Completion = serde_json::from_slice(body)
        .map_err(|e| Problem::request(&format!("the request cannot be read: {e}")))?;
    if !offer.ids.contains(&asked.model) {
        let known = offer
            .ids
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ");
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "model_not_found",
            &format!("that model is not offered here; offered: {known}"),
        ));
    }
    if asked.stream {
        return Err(Problem::request(
            "answers are not streamed; leave out `stream`, or send false",
        ));
    }
    if asked.n.is_some_and(|n| n != 1) {
        return Err(Problem::request(
            "one answer is made at a time; leave out `n`, or send 1",
        ));
    }
    if asked.messages.is_empty() {
        return Err(Problem::request("`messages` is empty"));
    }
    let max_tokens = asked
        .max_completion_tokens
        .or(asked.max_tokens)
        .unwrap_or(offer.max_tokens);
    if max_tokens == 0 {
        return Err(Problem::request("`max_tokens` is at least 1"));
    }
    Ok(ModelRequest {
        model: asked.model,
        purpose: "serve".to_owned(),
        messages: asked.messages.into_iter().map(message).collect(),
        schema: asked
            .response_format
            .and_then(|f| f.pointer("/json_schema/schema").cloned()),
        max_tokens,
    })
}

fn message(said: Said) -> Message {
    let role = match said.role {
        Role::System | Role::Developer => Speaker::System,
        Role::User => Speaker::User,
        Role::Assistant => Speaker::Assistant,
    };
    let content = match said.content {
        Content::Text(text) => text,
        Content::Parts(parts) => parts.into_iter().map(|Part::Text { text }| text).collect(),
    };
    Message { role, content }
}

/// The answer in the interface's shape. Its id follows from the request, so that equal requests have equal answers.
pub(super) fn completion(
    request: &ModelRequest,
    body: &[u8],
    answer: &ModelAnswer,
    now: Timestamp,
) -> Value {
    let id = hex::encode(Sha256::digest(body).get(..12).unwrap_or_default());
    let (finish, message) = match answer.finish {
        Finish::Stop => (
            "stop",
            json!({"role": "assistant", "content": answer.content, "refusal": null}),
        ),
        Finish::Length => (
            "length",
            json!({"role": "assistant", "content": answer.content, "refusal": null}),
        ),
        Finish::Refused => (
            "content_filter",
            json!({"role": "assistant", "content": null, "refusal": answer.content}),
        ),
    };
    let usage = answer.usage.map(|u| {
        json!({"prompt_tokens": u.input_tokens, "completion_tokens": u.output_tokens, "total_tokens": u.input_tokens.saturating_add(u.output_tokens)})
    });
    json!({
        "id": format!("chatcmpl-{id}"),
        "object": "chat.completion",
        "created": now.as_second(),
        "model": request.model,
        "choices": [{"index": 0, "message": message, "logprobs": null, "finish_reason": finish}],
        "usage": usage,
    })
}
