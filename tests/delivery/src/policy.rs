//! What a function's policy lets it do: a small evaluator of the statements that Terraform makes.
//!
//! It is for what an emulator does not look at, the conditions on the journal's keys. A condition that it does not know is
//! an error, not a guess.

use std::collections::BTreeMap;

use serde_json::Value;

/// A condition that cannot be judged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the policy has {0}, which is not understood")]
pub struct PolicyError(String);

impl PolicyError {
    /// A stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "policy_condition"
    }
}

/// What a request says of itself, by condition key.
pub type Context<'a> = BTreeMap<&'a str, Vec<&'a str>>;

/// Whether one of the statements, each with `actions`, `resources` and `conditions`, allows the request.
///
/// # Errors
/// Where a condition is not understood.
pub fn allows(
    statements: &Value,
    action: &str,
    resource: &str,
    context: &Context<'_>,
) -> Result<bool, PolicyError> {
    for statement in statements.as_array().into_iter().flatten() {
        let named = texts(&statement["actions"]).any(|one| one == action)
            && texts(&statement["resources"]).any(|one| like(one, resource));
        if named && met(&statement["conditions"], context)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn met(conditions: &Value, context: &Context<'_>) -> Result<bool, PolicyError> {
    for condition in conditions.as_array().into_iter().flatten() {
        let test = condition["test"].as_str().unwrap_or_default();
        let wanted: Vec<&str> = texts(&condition["values"]).collect();
        let variable = condition["variable"].as_str().unwrap_or_default();
        let found = context.get(variable).map_or(&[][..], Vec::as_slice);
        // A key that a request does not have is no obstacle to any of these.
        let holds = match test {
            "ForAllValues:StringLike" => found.iter().all(|f| wanted.iter().any(|w| like(w, f))),
            "ForAllValues:StringEquals" | "StringEqualsIfExists" => {
                found.iter().all(|f| wanted.contains(f))
            }
            _ => return Err(PolicyError(test.to_owned())),
        };
        if !holds {
            return Ok(false);
        }
    }
    Ok(true)
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

/// Whether a text is as a pattern with `*` and `?` says.
fn like(pattern: &str, text: &str) -> bool {
    let mut rest = pattern.chars();
    match rest.next() {
        None => text.is_empty(),
        Some('*') => {
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            ends.into_iter().any(|at| like(rest.as_str(), &text[at..]))
        }
        Some(one) => {
            let mut others = text.chars();
            let first = others.next();
            first.is_some_and(|found| one == '?' || one == found)
                && like(rest.as_str(), others.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pattern_matches_from_end_to_end() {
        for (pattern, text, expected) in [
            ("acme#goal#*", "acme#goal#x", true),
            ("acme#goal#*", "acme#goals#x", false),
            ("*-queue", "va-dev-ceo-queue", true),
            ("secret-??", "secret-ab", true),
            ("secret-??", "secret-abc", false),
        ] {
            assert_eq!(like(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_condition_that_is_not_known_is_an_error() {
        let statement = |test: &str| {
            json!([{ "actions": ["a:B"], "resources": ["*"], "conditions": [
                { "test": test, "variable": "k", "values": ["v"] },
            ] }])
        };
        let context = Context::from([("k", vec!["v", "w"])]);
        let known = statement("ForAllValues:StringEquals");
        assert_eq!(allows(&known, "a:B", "r", &context), Ok(false));
        let unknown = allows(&statement("StringNotLike"), "a:B", "r", &context);
        assert_eq!(unknown.expect_err("unknown").code(), "policy_condition");
    }
}
