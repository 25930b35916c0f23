//! A call to a function that changes nothing and shows that it starts, finds its settings, and answers.

use aws_sdk_lambda::{Client, primitives::Blob};
use serde_json::{Value, json};

use crate::error::chain;

/// What a function is called with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// A batch without records, for what listens to a queue or a stream.
    Batch,
    /// A tick, for what a schedule calls: it does what it would do a moment later.
    Tick,
    /// A request without a token, for what answers over HTTP: it is refused by the function itself.
    Request,
}

impl Probe {
    fn event(self) -> Value {
        match self {
            Self::Batch => json!({ "Records": [] }),
            Self::Tick => json!({}),
            Self::Request => json!({
                "version": "2.0",
                "routeKey": "GET /v1/blockers",
                "rawPath": "/v1/blockers",
                "rawQueryString": "",
                "headers": {},
                "requestContext": {
                    "accountId": "anonymous",
                    "apiId": "smoke",
                    "domainName": "smoke.invalid",
                    "domainPrefix": "smoke",
                    "http": {
                        "method": "GET",
                        "path": "/v1/blockers",
                        "protocol": "HTTP/1.1",
                        "sourceIp": "192.0.2.1",
                        "userAgent": "rollout",
                    },
                    "requestId": "smoke",
                    "routeKey": "GET /v1/blockers",
                    "stage": "$default",
                    "time": "01/Jan/2026:00:00:00 +0000",
                    "timeEpoch": 1_767_225_600_000_i64,
                },
                "isBase64Encoded": false,
            }),
        }
    }

    /// Why an answer is none; nothing where it is one.
    fn fault(self, answer: &Value) -> Option<String> {
        match self {
            Self::Batch | Self::Tick => {
                let failed = answer["batchItemFailures"]
                    .as_array()
                    .is_some_and(|all| !all.is_empty());
                failed.then(|| format!("it set aside what it was not given: {answer}"))
            }
            // Without a token nobody is let in; any 5xx is a defect.
            Self::Request => {
                let status = answer["statusCode"].as_u64();
                (!matches!(status, Some(401 | 403)))
                    .then(|| format!("it answers a request without a token with {answer}"))
            }
        }
    }
}

/// Calls a version or an alias of a function; answers why it is not well, or nothing.
pub async fn fault(
    lambda: &Client,
    function: &str,
    qualifier: &str,
    probe: Probe,
) -> Option<String> {
    let called = lambda
        .invoke()
        .function_name(function)
        .qualifier(qualifier)
        .payload(Blob::new(probe.event().to_string()))
        .send()
        .await;
    let answer = match called {
        Ok(answer) => answer,
        Err(e) => return Some(chain(&e)),
    };
    let payload = answer.payload.map(Blob::into_inner).unwrap_or_default();
    if let Some(error) = answer.function_error {
        return Some(format!("{error}: {}", String::from_utf8_lossy(&payload)));
    }
    let value = serde_json::from_slice(&payload).unwrap_or(Value::Null);
    probe.fault(&value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_well_only_if_it_is_what_the_call_asks_for() {
        for (probe, answer, well) in [
            (Probe::Batch, json!({ "batchItemFailures": [] }), true),
            (
                Probe::Batch,
                json!({ "batchItemFailures": [{ "itemIdentifier": "a" }] }),
                false,
            ),
            (Probe::Tick, Value::Null, true),
            (Probe::Request, json!({ "statusCode": 403 }), true),
            (Probe::Request, json!({ "statusCode": 200 }), false),
            (Probe::Request, json!({ "statusCode": 500 }), false),
            (Probe::Request, Value::Null, false),
        ] {
            assert_eq!(probe.fault(&answer).is_none(), well, "{probe:?} {answer}");
        }
    }
}
