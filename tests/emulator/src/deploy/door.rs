//! The HTTP API, and tokens for it.

use serde_json::{Value, json};

use super::{ACCOUNT, Deployment};
use crate::{
    EmulatorError,
    http::{self, Answer},
    machine, signed,
};

/// The stage that every request goes to.
const STAGE: &str = "$default";

/// The API as Terraform's output describes it.
#[derive(Clone, Debug)]
pub(super) struct Door {
    api: String,
    pool: String,
    client: String,
}

impl Door {
    pub(super) fn of(output: &Value) -> Self {
        let text = |name: &str| output[name].as_str().unwrap_or_default();
        let host = text("endpoint")
            .split_once("://")
            .map_or("", |parts| parts.1);
        Self {
            api: host.split('.').next().unwrap_or_default().to_owned(),
            pool: text("user_pool_id").to_owned(),
            client: text("client_id").to_owned(),
        }
    }
}

impl Deployment {
    /// A token with these scopes, as a program of the board gets one.
    ///
    /// # Errors
    /// Where none is given.
    pub async fn token(&self, scopes: &[&str]) -> Result<String, EmulatorError> {
        let Door { pool, client, .. } = &self.door;
        let asked = json!({ "UserPoolId": pool, "ClientId": client });
        let described = self.cognito("DescribeUserPoolClient", &asked).await?;
        let secret = described["UserPoolClient"]["ClientSecret"].as_str();
        let form = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}&scope={}",
            encoded(client),
            encoded(secret.unwrap_or_default()),
            encoded(&scopes.join(" "))
        );
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        let answer = self
            .http("POST", "/oauth2/token", &headers, form.as_bytes())
            .await?;
        let token = answer.json()["access_token"].as_str().map(str::to_owned);
        token.ok_or_else(|| refused("a token", &answer))
    }

    /// Asks the company's API.
    ///
    /// # Errors
    /// Where nothing answers.
    pub async fn ask(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer, EmulatorError> {
        let bearer = token.map(|token| format!("Bearer {token}"));
        let mut all = vec![("Content-Type", "application/octet-stream")];
        all.extend_from_slice(headers);
        all.extend(bearer.as_deref().map(|bearer| ("Authorization", bearer)));
        let path = format!("/_aws/execute-api/{}/{STAGE}{path}", self.door.api);
        self.http(method, &path, &all, body).await
    }

    async fn cognito(&self, action: &str, body: &Value) -> Result<Value, EmulatorError> {
        let target = format!("AWSCognitoIdentityProviderService.{action}");
        let headers = [
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", target.as_str()),
        ];
        let body = body.to_string();
        let answer = self.call("cognito-idp", &headers, body.as_bytes()).await?;
        Ok(answer.json())
    }

    /// Calls a service for which the tests have no client, in the name of the account.
    pub(super) async fn call(
        &self,
        service: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer, EmulatorError> {
        let answer = signed::ask(self.port, ACCOUNT, service, headers, body)
            .await
            .map_err(machine(format!("{service} does not answer")))?;
        match answer.status {
            200 => Ok(answer),
            _ => Err(refused(service, &answer)),
        }
    }

    async fn http(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer, EmulatorError> {
        http::ask(self.port, method, path, headers, body)
            .await
            .map_err(machine(format!("{method} {path} is not answered")))
    }
}

pub(super) fn refused(what: &str, answer: &Answer) -> EmulatorError {
    let said = String::from_utf8_lossy(&answer.body);
    EmulatorError::Machine {
        what: format!("{what} is refused: {} {said}", answer.status),
        source: None,
    }
}

/// As a value of a form.
pub(super) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
