//! What a function may do, taken away and given back.

use serde_json::Value;

use super::{
    Deployment,
    door::{encoded, refused},
};
use crate::EmulatorError;

/// The name of every function's policy, as Terraform gives it.
const POLICY: &str = "what-it-does";

/// A right that was taken from a function, to be given back.
#[derive(Clone, Debug)]
pub struct Withdrawn {
    role: String,
    policy: String,
}

impl Deployment {
    /// Takes an action out of the policy of a role, wherever it stands there.
    ///
    /// # Errors
    /// Where the role has no such right.
    pub async fn withdraw(&self, role: &str, action: &str) -> Result<Withdrawn, EmulatorError> {
        let role = self.resolve(role);
        let asked = [("RoleName", role.as_str()), ("PolicyName", POLICY)];
        let answer = self.iam("GetRolePolicy", &asked).await?;
        let policy = element(&answer, "PolicyDocument").map(|text| decoded(&text));
        let none = || EmulatorError::Manifest {
            why: format!("{role} may not {action}"),
        };
        let policy = policy.ok_or_else(none)?;
        let mut document: Value = serde_json::from_str(&policy).map_err(|_| none())?;
        let mut found = false;
        if let Some(statements) = document["Statement"].as_array_mut() {
            for statement in statements.iter_mut() {
                if let Some(actions) = statement["Action"].as_array_mut() {
                    let before = actions.len();
                    actions.retain(|one| one != action);
                    found |= actions.len() < before;
                }
            }
            statements.retain(|statement| statement["Action"] != Value::Array(Vec::new()));
        }
        if !found {
            return Err(none());
        }
        self.put_policy(&role, &document.to_string()).await?;
        Ok(Withdrawn { role, policy })
    }

    /// Gives a right back.
    ///
    /// # Errors
    /// Where the role is gone.
    pub async fn restore(&self, right: &Withdrawn) -> Result<(), EmulatorError> {
        self.put_policy(&right.role, &right.policy).await
    }

    async fn put_policy(&self, role: &str, document: &str) -> Result<(), EmulatorError> {
        let asked = [
            ("RoleName", role),
            ("PolicyName", POLICY),
            ("PolicyDocument", document),
        ];
        self.iam("PutRolePolicy", &asked).await?;
        Ok(())
    }

    async fn iam(&self, action: &str, parts: &[(&str, &str)]) -> Result<String, EmulatorError> {
        let mut form = format!("Action={action}&Version=2010-05-08");
        for (name, value) in parts {
            form += &format!("&{name}={}", encoded(value));
        }
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let answer = self.call("iam", &headers, form.as_bytes()).await?;
        String::from_utf8(answer.body.clone()).map_err(|_| refused(action, &answer))
    }
}

/// The text of the first element of this name.
fn element(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    Some(text.to_owned())
}

/// A value of a form as it was before.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let two = match byte {
            b'%' => [rest.next(), rest.next()],
            _ => [None, None],
        };
        let digits = two.map(|digit| digit.and_then(|d| char::from(d).to_digit(16)));
        match digits {
            [Some(high), Some(low)] => bytes.extend(u8::try_from(high * 16 + low)),
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encoded_is_decoded() {
        let text = "{\"a\": [\"é\"]}";
        assert_eq!(decoded(&encoded(text)), text);
        let xml = "<A><PolicyDocument>%7B%7D</PolicyDocument></A>";
        assert_eq!(element(xml, "PolicyDocument").as_deref(), Some("%7B%7D"));
        assert_eq!(element(xml, "Other"), None);
    }
}
