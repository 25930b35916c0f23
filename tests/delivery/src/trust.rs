//! Whom a role trusts: a small evaluator of trust policies for web identities.
//!
//! It is stricter than AWS where it can be: a policy with anything that it does not know is an error, not a guess.

use std::collections::BTreeMap;

use serde_json::Value;

/// The one action of a web identity.
const ACTION: &str = "sts:AssumeRoleWithWebIdentity";

/// Why a policy cannot be judged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the policy has {0}, which is not understood")]
pub struct TrustError(String);

impl TrustError {
    /// A stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "trust_policy"
    }
}

/// What a token says: its issuer without the scheme, and its claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// `token.actions.githubusercontent.com`.
    pub issuer: String,
    /// `sub`, `aud` and what else there is.
    pub claims: BTreeMap<String, String>,
}

impl Token {
    /// A token with these claims.
    #[must_use]
    pub fn new(issuer: &str, claims: &[(&str, &str)]) -> Self {
        let claims = claims
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self {
            issuer: issuer.to_owned(),
            claims: claims.collect(),
        }
    }
}

/// Whether a role with this trust policy, in this account, may be assumed with the token.
///
/// # Errors
/// Where the policy has a part that is not understood.
pub fn trusts(policy: &Value, account: &str, token: &Token) -> Result<bool, TrustError> {
    let mut allowed = false;
    for statement in each(&policy["Statement"]) {
        known(
            statement,
            &["Sid", "Effect", "Principal", "Action", "Condition"],
        )?;
        if !texts(&statement["Action"])?.contains(&ACTION)
            || !names(&statement["Principal"], account, token)?
        {
            continue;
        }
        if !met(&statement["Condition"], token)? {
            continue;
        }
        match statement["Effect"].as_str() {
            Some("Allow") => allowed = true,
            Some("Deny") => return Ok(false),
            _ => return Err(TrustError(format!("the effect {}", statement["Effect"]))),
        }
    }
    Ok(allowed)
}

/// Whether the principal is the provider that issued the token.
fn names(principal: &Value, account: &str, token: &Token) -> Result<bool, TrustError> {
    known(principal, &["Federated"])?;
    let provider = format!("arn:aws:iam::{account}:oidc-provider/{}", token.issuer);
    Ok(texts(&principal["Federated"])?.contains(&provider.as_str()))
}

fn met(condition: &Value, token: &Token) -> Result<bool, TrustError> {
    let Some(operators) = condition.as_object() else {
        return if condition.is_null() {
            Ok(true)
        } else {
            Err(TrustError(format!("the condition {condition}")))
        };
    };
    for (operator, keys) in operators {
        let fits: fn(&str, &str) -> bool = match operator.as_str() {
            "StringEquals" => |pattern, value| pattern == value,
            "StringLike" => |pattern, value| like(pattern.as_bytes(), value.as_bytes()),
            _ => return Err(TrustError(format!("the operator {operator}"))),
        };
        let Some(keys) = keys.as_object() else {
            return Err(TrustError(format!("the keys {keys}")));
        };
        for (key, wanted) in keys {
            let Some(claim) = key.strip_prefix(&format!("{}:", token.issuer)) else {
                return Ok(false);
            };
            // What the token does not say is met by no pattern.
            let Some(value) = token.claims.get(claim) else {
                return Ok(false);
            };
            if !texts(wanted)?.iter().any(|pattern| fits(pattern, value)) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// `*` stands for any text, `?` for any one character.
fn like(pattern: &[u8], value: &[u8]) -> bool {
    match (pattern.split_first(), value.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) => {
            like(rest, value)
                || value
                    .split_first()
                    .is_some_and(|(_, tail)| like(pattern, tail))
        }
        (Some((b'?', rest)), Some((_, tail))) => like(rest, tail),
        (Some((a, rest)), Some((b, tail))) => a == b && like(rest, tail),
        _ => false,
    }
}

/// One value, or each of a list.
fn each(value: &Value) -> &[Value] {
    value
        .as_array()
        .map_or_else(|| std::slice::from_ref(value), Vec::as_slice)
}

fn texts(value: &Value) -> Result<Vec<&str>, TrustError> {
    let all = each(value).iter().map(|one| one.as_str());
    all.collect::<Option<_>>()
        .ok_or_else(|| TrustError(format!("{value} for a text")))
}

fn known(value: &Value, keys: &[&str]) -> Result<(), TrustError> {
    let Some(parts) = value.as_object() else {
        return Err(TrustError(format!("{value} for an object")));
    };
    match parts.keys().find(|key| !keys.contains(&key.as_str())) {
        Some(key) => Err(TrustError(format!("the key {key}"))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ISSUER: &str = "issuer.example";

    fn policy(condition: &Value) -> Value {
        json!({ "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow",
            "Action": ACTION,
            "Principal": { "Federated": "arn:aws:iam::000000000000:oidc-provider/issuer.example" },
            "Condition": condition,
        }]})
    }

    fn check(condition: &Value, claims: &[(&str, &str)]) -> Result<bool, TrustError> {
        trusts(
            &policy(condition),
            "000000000000",
            &Token::new(ISSUER, claims),
        )
    }

    #[test]
    fn every_condition_must_be_met_and_what_a_token_does_not_say_meets_none() {
        let both = json!({ "StringEquals": { "issuer.example:aud": "a", "issuer.example:sub": ["x", "y"] } });
        assert_eq!(check(&both, &[("aud", "a"), ("sub", "y")]), Ok(true));
        assert_eq!(check(&both, &[("aud", "a"), ("sub", "Y")]), Ok(false));
        assert_eq!(check(&both, &[("sub", "y")]), Ok(false));
        let like = json!({ "StringLike": { "issuer.example:sub": "repo:a/*:?" } });
        assert_eq!(check(&like, &[("sub", "repo:a/b:c")]), Ok(true));
        assert_eq!(check(&like, &[("sub", "repo:b/b:c")]), Ok(false));
    }

    #[test]
    fn another_account_another_issuer_and_a_denial_are_not_trusted() {
        let open = policy(&json!({}));
        let token = Token::new(ISSUER, &[]);
        assert_eq!(trusts(&open, "000000000000", &token), Ok(true));
        assert_eq!(trusts(&open, "111111111111", &token), Ok(false));
        assert_eq!(
            trusts(&open, "000000000000", &Token::new("other.example", &[])),
            Ok(false)
        );
        let mut denied = open.clone();
        let mut deny = denied["Statement"][0].clone();
        deny["Effect"] = json!("Deny");
        denied["Statement"]
            .as_array_mut()
            .expect("statements")
            .push(deny);
        assert_eq!(trusts(&denied, "000000000000", &token), Ok(false));
    }

    #[test]
    fn a_policy_that_is_not_understood_is_no_yes_and_no_no() {
        assert!(
            check(
                &json!({ "StringNotEquals": { "issuer.example:sub": "x" } }),
                &[]
            )
            .is_err()
        );
        let mut odd = policy(&json!({}));
        odd["Statement"][0]["NotAction"] = json!("x");
        let judged = trusts(&odd, "000000000000", &Token::new(ISSUER, &[]));
        assert_eq!(judged.expect_err("odd").code(), "trust_policy");
    }
}
