//! Books a call, then answers it or fails.

use std::time::Duration;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, Response, StatusCode, header},
    routing::post,
};
use futures::{StreamExt, stream};
use jiff::{Timestamp, fmt::strtime, tz::TimeZone};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use va_domain::{
    amounts::MAX_AMOUNT,
    model::{Message, Usage},
};

use super::{Call, Fault, Script, Shared, lock};

/// Bytes of an answer that is far too large.
const FLOOD: usize = 10_000_000;
/// Bytes that count as one token.
const BYTES_PER_TOKEN: usize = 4;
/// How long bytes may take from a handler to the socket.
const FLUSH: Duration = Duration::from_millis(20);

pub(super) fn routes(shared: Shared) -> Router {
    Router::new()
        .route("/v1/chat/completions", post(chat))
        .layer(DefaultBodyLimit::max(16 * 1024 * 1024))
        .with_state(shared)
}

/// Counts a call as unanswered for as long as it lives, however it ends.
struct InFlight(Shared);

impl InFlight {
    fn new(shared: &Shared) -> Self {
        let mut books = lock(&shared.books);
        books.in_flight += 1;
        books.most_in_flight = books.most_in_flight.max(books.in_flight);
        drop(books);
        Self(shared.clone())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        lock(&self.0.books).in_flight -= 1;
    }
}

/// What a call asks for, as far as it can be read.
struct Asked {
    messages: Vec<Message>,
    max_tokens: Option<i64>,
}

/// The answer's content with what it used.
struct Made {
    content: String,
    finish: &'static str,
    used: Usage,
}

async fn chat(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response<Body> {
    let _in_flight = InFlight::new(&shared);
    let script = &shared.script;
    let key = bearer(&headers);
    let asked = read(&body);
    let made = match (&script.key, &key, &asked) {
        (Some(needed), given, _) if given.as_ref() != Some(needed) => {
            Err(Box::new(error(StatusCode::UNAUTHORIZED, "invalid_api_key")))
        }
        (_, _, None) => Err(Box::new(error(
            StatusCode::BAD_REQUEST,
            "invalid_request_error",
        ))),
        (_, _, Some(asked)) => make(script, asked),
    };
    let fault = book(&shared, &body, key, asked.as_ref(), made.as_ref().ok());
    let slow = if let Some(Fault::Slow(time)) = fault {
        time
    } else {
        Duration::ZERO
    };
    tokio::time::sleep(script.delay + slow).await;
    made.map_or_else(
        |refused| *refused,
        |made| answer(&shared, fault.as_ref(), &made),
    )
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ").map(str::to_owned)
}

fn read(body: &[u8]) -> Option<Asked> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let messages = serde_json::from_value(value.get("messages")?.clone()).ok()?;
    Some(Asked {
        messages,
        max_tokens: value.get("max_tokens").and_then(Value::as_i64),
    })
}

fn tokens(bytes: usize) -> i64 {
    i64::try_from(bytes.div_ceil(BYTES_PER_TOKEN)).unwrap_or(i64::MAX)
}

fn make(script: &Script, asked: &Asked) -> Result<Made, Box<Response<Body>>> {
    let mut content = (script.answer)(&asked.messages)
        .map_err(|_| Box::new(error(StatusCode::BAD_REQUEST, "invalid_request_error")))?;
    let room = asked
        .max_tokens
        .and_then(|n| usize::try_from(n).ok())
        .unwrap_or(usize::MAX)
        .saturating_mul(BYTES_PER_TOKEN);
    let finish = if content.len() > room {
        "length"
    } else {
        "stop"
    };
    content.truncate(content.floor_char_boundary(room));
    let used = Usage {
        input_tokens: asked.messages.iter().map(|m| tokens(m.content.len())).sum(),
        output_tokens: tokens(content.len()),
    };
    Ok(Made {
        content,
        finish,
        used,
    })
}

/// Enters the call and answers the fault that it meets.
fn book(
    shared: &Shared,
    body: &[u8],
    key: Option<String>,
    asked: Option<&Asked>,
    made: Option<&Made>,
) -> Option<Fault> {
    let hash = Sha256::digest(body);
    let request_sha256 = hex::encode(hash);
    let mut books = lock(&shared.books);
    let number = books.calls.len();
    let repeat = books.repeats.entry(request_sha256.clone()).or_default();
    let fault = shared.script.faults.meet(number, &hash, *repeat);
    *repeat += 1;
    let charged_micros = made.map_or(0, |made| charge(&shared.script, fault.as_ref(), made.used));
    let used = made.map(|m| m.used);
    books.calls.push(Call {
        request_sha256,
        key,
        max_tokens: asked.and_then(|a| a.max_tokens),
        used,
        charged_micros,
        fault: fault.clone(),
    });
    fault
}

/// What a call costs: what it used, or what the server claims that it used; nothing where it did no work.
fn charge(script: &Script, fault: Option<&Fault>, used: Usage) -> i64 {
    let billed = match fault {
        Some(
            Fault::RateLimited(_) | Fault::RateLimitedUntil(_) | Fault::Empty500 | Fault::Redirect,
        ) => return 0,
        Some(Fault::NegativeUsage) => used,
        other => claim(other, used).unwrap_or(used),
    };
    let side = |price: i64, tokens: i64| i128::from(price) * i128::from(tokens);
    let micros = (side(script.input_price, billed.input_tokens)
        + side(script.output_price, billed.output_tokens)
        + 999_999)
        / 1_000_000;
    i64::try_from(micros).unwrap_or(i64::MAX)
}

/// The usage that the answer states.
fn claim(fault: Option<&Fault>, used: Usage) -> Option<Usage> {
    let each = |with: &dyn Fn(i64) -> i64| Usage {
        input_tokens: with(used.input_tokens),
        output_tokens: with(used.output_tokens),
    };
    match fault {
        Some(Fault::NoUsage) => None,
        Some(Fault::UsageTimes(n)) => Some(each(&|t| t.saturating_mul(*n))),
        Some(Fault::NegativeUsage) => Some(each(&|t| -1 - t)),
        Some(Fault::HugeUsage) => Some(Usage {
            input_tokens: 0,
            output_tokens: MAX_AMOUNT,
        }),
        _ => Some(used),
    }
}

fn answer(shared: &Shared, fault: Option<&Fault>, made: &Made) -> Response<Body> {
    let usage = claim(fault, made.used).map(|u| {
        json!({"prompt_tokens": u.input_tokens, "completion_tokens": u.output_tokens, "total_tokens": u.input_tokens.saturating_add(u.output_tokens)})
    });
    let completion = |message: Value, finish: &str| {
        let choice = json!({"index": 0, "message": message, "finish_reason": finish});
        let mut whole = json!({"id": "chatcmpl-test", "object": "chat.completion", "created": 0, "model": "test", "choices": [choice]});
        if let Some(usage) = &usage {
            whole["usage"] = usage.clone();
        }
        whole
    };
    let said = |content: &str| json!({"role": "assistant", "content": content});
    let whole = completion(said(&made.content), made.finish);
    let text = whole.to_string();
    let half = text
        .as_bytes()
        .get(..text.len() / 2)
        .unwrap_or_default()
        .to_vec();
    match fault {
        Some(Fault::CutOff) => cut_off(text.len(), half),
        Some(Fault::MalformedJson) => json_response(StatusCode::OK, half),
        Some(Fault::NoChoices) => {
            let mut empty = whole;
            empty["choices"] = json!([]);
            json_response(StatusCode::OK, empty.to_string())
        }
        Some(Fault::RateLimited(seconds)) => rate_limited(&seconds.to_string()),
        Some(Fault::RateLimitedUntil(time)) => rate_limited(&http_date(*time)),
        Some(Fault::Empty500) => response(StatusCode::INTERNAL_SERVER_ERROR, &[], Body::empty()),
        Some(Fault::Failed500) => error(StatusCode::INTERNAL_SERVER_ERROR, "server_error"),
        Some(Fault::Flood) => json_response(
            StatusCode::OK,
            completion(said(&"x".repeat(FLOOD)), "stop").to_string(),
        ),
        Some(Fault::Redirect) => {
            // Another name for this machine, so another host to a client.
            let location = format!(
                "http://localhost:{}/v1/chat/completions",
                shared.elsewhere.port()
            );
            response(
                StatusCode::TEMPORARY_REDIRECT,
                &[(header::LOCATION, &location)],
                Body::empty(),
            )
        }
        Some(Fault::Refusal) => {
            let message = json!({"role": "assistant", "content": null, "refusal": "I cannot help with that."});
            json_response(StatusCode::OK, completion(message, "stop").to_string())
        }
        Some(Fault::Truncated) => {
            let end = made.content.floor_char_boundary(made.content.len() / 2);
            json_response(
                StatusCode::OK,
                completion(said(made.content.get(..end).unwrap_or_default()), "length").to_string(),
            )
        }
        Some(
            Fault::Slow(_)
            | Fault::NoUsage
            | Fault::UsageTimes(_)
            | Fault::NegativeUsage
            | Fault::HugeUsage,
        )
        | None => json_response(StatusCode::OK, text),
    }
}

fn response(
    status: StatusCode,
    headers: &[(header::HeaderName, &str)],
    body: Body,
) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    for (name, value) in headers {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn json_response(status: StatusCode, body: impl Into<Body>) -> Response<Body> {
    response(
        status,
        &[(header::CONTENT_TYPE, "application/json")],
        body.into(),
    )
}

fn error(status: StatusCode, code: &str) -> Response<Body> {
    let body = json!({"error": {"message": "as the script has it", "type": code, "code": code, "param": null}});
    json_response(status, body.to_string())
}

fn rate_limited(retry_after: &str) -> Response<Body> {
    let mut limited = error(StatusCode::TOO_MANY_REQUESTS, "rate_limit_exceeded");
    if let Ok(value) = retry_after.parse() {
        limited.headers_mut().insert(header::RETRY_AFTER, value);
    }
    limited
}

fn http_date(time: Timestamp) -> String {
    strtime::format("%a, %d %b %Y %H:%M:%S GMT", &time.to_zoned(TimeZone::UTC)).unwrap_or_default()
}

/// Announces the whole length and ends before it.
fn cut_off(length: usize, half: Vec<u8>) -> Response<Body> {
    let hang_up = async {
        // The half must be on its way before the connection is dropped, or nothing is sent at all.
        tokio::time::sleep(FLUSH).await;
        Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
    };
    let chunks = stream::once(async { Ok(Bytes::from(half)) }).chain(stream::once(hang_up));
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_LENGTH, &*length.to_string()),
    ];
    response(StatusCode::OK, &headers, Body::from_stream(chunks))
}
