//! Whether a rule of EventBridge takes an event: a small evaluator, for events that only AWS itself may send.

use serde_json::Value;

/// Whether the event matches the pattern; an operator that is not known is an error, not a guess.
///
/// # Errors
/// The part that is not understood.
pub(crate) fn matches(pattern: &Value, event: &Value) -> Result<bool, String> {
    match pattern {
        Value::Object(parts) => {
            for (name, part) in parts {
                if !matches(part, event.get(name).unwrap_or(&Value::Null))? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Value::Array(wanted) => {
            let found = match event {
                Value::Array(all) => all.iter().collect(),
                one => vec![one],
            };
            for one in wanted {
                for value in &found {
                    if is(one, value)? {
                        return Ok(true);
                    }
                }
            }
            Ok(false)
        }
        other => Err(other.to_string()),
    }
}

fn is(wanted: &Value, found: &Value) -> Result<bool, String> {
    let Value::Object(operator) = wanted else {
        return Ok(!found.is_null() && wanted == found);
    };
    match operator.iter().next() {
        Some((name, Value::String(prefix))) if name == "prefix" && operator.len() == 1 => {
            Ok(found.as_str().is_some_and(|text| text.starts_with(prefix)))
        }
        _ => Err(wanted.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_event_matches_where_every_part_of_the_pattern_does() {
        let pattern = json!({
            "source": ["aws.cloudwatch"], "detail": { "alarmName": [{ "prefix": "va-dev-" }, "other"] },
        });
        let event = |source: &str, name: &str| json!({ "source": source, "detail": { "alarmName": name, "more": 1 } });
        for (source, name, expected) in [
            ("aws.cloudwatch", "va-dev-ceo-errors-alarm", true),
            ("aws.cloudwatch", "other", true),
            ("aws.cloudwatch", "va-prod-ceo-errors-alarm", false),
            ("aws.s3", "va-dev-x", false),
        ] {
            assert_eq!(
                matches(&pattern, &event(source, name)),
                Ok(expected),
                "{source} {name}"
            );
        }
        assert_eq!(matches(&pattern, &json!({})), Ok(false));
        assert_eq!(
            matches(&json!({ "to": ["a"] }), &json!({ "to": ["b", "a"] })),
            Ok(true)
        );
    }

    #[test]
    fn an_operator_that_is_not_known_is_no_match_and_no_mismatch() {
        let pattern = json!({ "source": [{ "anything-but": "a" }] });
        assert!(matches(&pattern, &json!({ "source": "b" })).is_err());
    }
}
