//! The HTTP API before its function, and who may pass.

use serde_json::{Value, json};

use super::Deployment;
use crate::{
    EmulatorError,
    clients::REGION,
    http::{self, Answer},
    machine,
};

/// The stage that every request goes to.
const STAGE: &str = "$default";

/// The API as it was deployed.
#[derive(Clone, Debug)]
pub(super) struct Door {
    api: String,
    pool: String,
}

impl Deployment {
    /// The pool of those who may ask, the API with its authorizer, and the manifest's routes, each behind it.
    pub(super) async fn door(&mut self) -> Result<(), EmulatorError> {
        let pool = self
            .cognito("CreateUserPool", &json!({ "PoolName": "board" }))
            .await?;
        let pool = text(&pool["UserPool"]["Id"]);
        let scopes: std::collections::BTreeSet<&str> = self
            .manifest
            .api
            .routes
            .iter()
            .filter_map(|route| route.scope.strip_prefix("va/"))
            .collect();
        let scopes: Vec<Value> = scopes
            .into_iter()
            .map(|name| json!({ "ScopeName": name, "ScopeDescription": name }))
            .collect();
        let server =
            json!({ "UserPoolId": pool, "Identifier": "va", "Name": "va", "Scopes": scopes });
        self.cognito("CreateResourceServer", &server).await?;

        let api = json!({ "name": "board", "protocolType": "HTTP" });
        let api = text(&self.gateway("/v2/apis", &api).await?["apiId"]);
        let of = |what: &str| format!("/v2/apis/{api}/{what}");
        let name = self.resolve(&self.manifest.api.function.name);
        let integration = json!({
            "integrationType": "AWS_PROXY", "payloadFormatVersion": "2.0", "integrationMethod": "POST",
            "integrationUri": self.arn("lambda", &format!("function:{name}")),
        });
        let integration = self.gateway(&of("integrations"), &integration).await?;
        let issuer = format!("https://cognito-idp.{REGION}.amazonaws.com/{pool}");
        let authorizer = json!({
            "name": "tokens", "authorizerType": "JWT", "identitySource": ["$request.header.Authorization"],
            "jwtConfiguration": { "issuer": issuer, "audience": [] },
        });
        let authorizer = self.gateway(&of("authorizers"), &authorizer).await?;
        for route in &self.manifest.api.routes {
            let route = json!({
                "routeKey": format!("{} {}", route.method, route.path),
                "target": format!("integrations/{}", text(&integration["integrationId"])),
                "authorizationType": "JWT", "authorizerId": authorizer["authorizerId"],
                "authorizationScopes": [route.scope],
            });
            self.gateway(&of("routes"), &route).await?;
        }
        let stage = json!({ "stageName": STAGE, "autoDeploy": true });
        self.gateway(&of("stages"), &stage).await?;
        self.door = Some(Door { api, pool });
        Ok(())
    }

    /// A token with these scopes, as a program of the board gets one.
    ///
    /// # Errors
    /// Where none is given.
    pub async fn token(&self, scopes: &[&str]) -> Result<String, EmulatorError> {
        let pool = self.door.as_ref().map_or("", |door| &door.pool);
        let client = json!({
            "UserPoolId": pool, "ClientName": "program", "GenerateSecret": true,
            "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthScopes": scopes,
        });
        let client = self.cognito("CreateUserPoolClient", &client).await?;
        let client = &client["UserPoolClient"];
        let form = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            encoded(&text(&client["ClientId"])),
            encoded(&text(&client["ClientSecret"]))
        );
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        let answer = self
            .http("POST", "/oauth2/token", &headers, form.as_bytes())
            .await?;
        match answer.json()["access_token"].as_str() {
            Some(token) => Ok(token.to_owned()),
            None => Err(EmulatorError::Machine {
                what: format!(
                    "no token is given: {}",
                    String::from_utf8_lossy(&answer.body)
                ),
                source: None,
            }),
        }
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
        let api = self.door.as_ref().map_or("", |door| &door.api);
        let bearer = token.map(|token| format!("Bearer {token}"));
        let mut all = vec![("Content-Type", "application/octet-stream")];
        all.extend_from_slice(headers);
        all.extend(bearer.as_deref().map(|bearer| ("Authorization", bearer)));
        let path = format!("/_aws/execute-api/{api}/{STAGE}{path}");
        self.http(method, &path, &all, body).await
    }

    async fn cognito(&self, action: &str, body: &Value) -> Result<Value, EmulatorError> {
        let target = format!("AWSCognitoIdentityProviderService.{action}");
        self.service("cognito-idp", "/", &[("X-Amz-Target", &target)], body)
            .await
    }

    async fn gateway(&self, path: &str, body: &Value) -> Result<Value, EmulatorError> {
        self.service("apigateway", path, &[], body).await
    }

    /// Calls a service for which the tests have no client, in the name of this account.
    pub(super) async fn service(
        &self,
        service: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Result<Value, EmulatorError> {
        let signed = format!(
            "AWS4-HMAC-SHA256 Credential={}/20260101/{REGION}/{service}/aws4_request, SignedHeaders=host, Signature=0",
            self.options.account
        );
        let mut all = vec![
            ("Content-Type", "application/x-amz-json-1.1"),
            ("Authorization", &signed),
        ];
        all.extend_from_slice(headers);
        let answer = self
            .http("POST", path, &all, body.to_string().as_bytes())
            .await?;
        if (200..300).contains(&answer.status) {
            return Ok(answer.json());
        }
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        Err(EmulatorError::Machine {
            what: format!("{service} refuses {path}: {} {said}", answer.status),
            source: None,
        })
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

/// As a value of a form.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
