//! Reads a chat completion.

use serde::Deserialize;
use serde_json::Value;
use va_domain::{
    amounts::MAX_AMOUNT,
    model::{Finish, ModelAnswer, Usage},
};

#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Value,
}

#[derive(Deserialize)]
struct Choice {
    message: Said,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    refusal: Option<String>,
}

/// What is wrong with an answer, without its text.
pub(super) fn read(content_type: Option<&str>, body: &[u8]) -> Result<ModelAnswer, &'static str> {
    if content_type.is_some_and(|t| !is_json(t)) {
        return Err("it is not JSON, by its own content type");
    }
    let value: Value = serde_json::from_slice(body).map_err(|_| "it is not JSON")?;
    let completion: Completion =
        serde_json::from_value(value).map_err(|_| "it is not a chat completion")?;
    let choice = completion
        .choices
        .into_iter()
        .next()
        .ok_or("it holds no choice")?;
    let refusal = choice.message.refusal.filter(|r| !r.is_empty());
    let finish = match choice.finish_reason.as_deref() {
        _ if refusal.is_some() => Finish::Refused,
        Some("content_filter" | "refusal") => Finish::Refused,
        Some("length") => Finish::Length,
        _ => Finish::Stop,
    };
    let content = match (choice.message.content, refusal) {
        (Some(content), _) if !content.is_empty() => content,
        (_, Some(refusal)) => refusal,
        // Cut or filtered before the first word is an answer, and what it cost is known.
        _ if finish != Finish::Stop => String::new(),
        _ => return Err("its first choice says nothing"),
    };
    Ok(ModelAnswer {
        content,
        usage: usage(&completion.usage),
        finish,
    })
}

fn is_json(content_type: &str) -> bool {
    let kind = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    kind == "application/json" || kind.ends_with("+json")
}

/// Counts as the provider gives them, however large; one that is no count leaves the charge unknown.
fn usage(value: &Value) -> Option<Usage> {
    let count = |key| {
        value
            .get(key)
            .and_then(Value::as_i64)
            .filter(|n| (0..=MAX_AMOUNT).contains(n))
    };
    Some(Usage {
        input_tokens: count("prompt_tokens")?,
        output_tokens: count("completion_tokens")?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(body: &Value) -> Result<ModelAnswer, &'static str> {
        read(
            Some("application/json; charset=utf-8"),
            body.to_string().as_bytes(),
        )
    }

    fn completion(message: &Value, finish: &str, usage: &Value) -> Value {
        json!({"choices": [{"message": message, "finish_reason": finish}], "usage": usage})
    }

    #[test]
    fn an_answer_carries_its_text_its_end_and_what_was_counted() {
        let usage = json!({"prompt_tokens": 7, "completion_tokens": 3});
        let answer =
            check(&completion(&json!({"content": "yes"}), "length", &usage)).expect("an answer");
        assert_eq!(
            (answer.content.as_str(), answer.finish),
            ("yes", Finish::Length)
        );
        assert_eq!(
            answer.usage,
            Some(Usage {
                input_tokens: 7,
                output_tokens: 3
            })
        );
    }

    #[test]
    fn usage_is_believed_when_it_is_a_count_and_unknown_when_it_is_not() {
        let message = json!({"content": "yes"});
        let of = |usage: Value| {
            check(&completion(&message, "stop", &usage))
                .expect("an answer")
                .usage
        };
        let lie = Usage {
            input_tokens: MAX_AMOUNT,
            output_tokens: 0,
        };
        assert_eq!(
            of(json!({"prompt_tokens": MAX_AMOUNT, "completion_tokens": 0})),
            Some(lie)
        );
        for usage in [
            json!(null),
            json!({}),
            json!("many"),
            json!({"prompt_tokens": 1}),
            json!({"prompt_tokens": -1, "completion_tokens": 1}),
            json!({"prompt_tokens": 1, "completion_tokens": 1e300}),
            json!({"prompt_tokens": 1.5, "completion_tokens": 1}),
            json!({"prompt_tokens": MAX_AMOUNT + 1, "completion_tokens": 1}),
        ] {
            assert_eq!(of(usage.clone()), None, "{usage}");
        }
    }

    #[test]
    fn a_refusal_is_an_answer_that_says_so() {
        for (message, finish) in [
            (json!({"content": null, "refusal": "no"}), "stop"),
            (json!({"content": "no"}), "content_filter"),
            (json!({}), "content_filter"),
        ] {
            let answer = check(&completion(&message, finish, &json!(null))).expect("an answer");
            assert_eq!(answer.finish, Finish::Refused);
        }
    }

    #[test]
    fn what_is_no_completion_is_malformed_and_never_a_panic() {
        for body in [
            json!(null),
            json!([]),
            json!({}),
            json!({"choices": []}),
            json!({"choices": [{}]}),
            json!({"choices": {"0": 1}}),
            completion(
                &json!({"content": null, "tool_calls": []}),
                "tool_calls",
                &json!(null),
            ),
            completion(&json!({"content": ""}), "stop", &json!(null)),
            completion(&json!({"content": 5}), "stop", &json!(null)),
        ] {
            assert!(check(&body).is_err(), "{body}");
        }
        assert_eq!(
            read(None, b"{\"choices\": [").expect_err("cut"),
            "it is not JSON"
        );
        assert_eq!(
            read(Some("text/html"), b"{}").expect_err("html"),
            "it is not JSON, by its own content type"
        );
        let deep = "[".repeat(100_000);
        assert!(read(None, deep.as_bytes()).is_err());
    }
}
