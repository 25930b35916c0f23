//! Requests of an HTTP API, payload format 2.0, and answers; errors are problem documents (RFC 9457).

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};
use va_runtime::{kernel::KernelError, ports::PortError};

use super::{FunctionError, batch::Failure, run};

/// Before a problem's code, its `type`: a name (RFC 4151), not a place.
const PROBLEM: &str = "tag:virtualagentics.ai,2026:problem/";

/// A request, with what functions read of it and no more.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    /// `GET /v1/goals/{id}`: the route that was met.
    pub route_key: String,
    /// The path as it was asked for.
    pub raw_path: String,
    /// The headers, names in lowercase.
    pub headers: BTreeMap<String, String>,
    /// What the route's braces stand for; the field is left out, or null, where there are none.
    #[serde(deserialize_with = "or_none")]
    pub path_parameters: BTreeMap<String, String>,
    /// The body, perhaps in base64.
    pub body: Option<String>,
    /// Whether it is.
    pub is_base64_encoded: bool,
    /// Who asks.
    pub request_context: RequestContext,
}

fn or_none<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, String>, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// What the API found out before.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RequestContext {
    /// The API's id of the request.
    pub request_id: String,
    /// What the authorizer found.
    pub authorizer: Option<Authorizer>,
}

/// What the authorizer found.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Authorizer {
    /// The token.
    pub jwt: Option<Jwt>,
}

/// A token that was checked.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Jwt {
    /// What it claims.
    pub claims: BTreeMap<String, Value>,
}

impl Request {
    /// The bytes of the body.
    ///
    /// # Errors
    /// Where it is not the base64 that it is said to be.
    pub fn bytes(&self) -> Result<Vec<u8>, Problem> {
        let body = self.body.as_deref().unwrap_or_default();
        if self.is_base64_encoded {
            STANDARD
                .decode(body)
                .map_err(|_| Problem::new(400, "body_encoding", "the body is not base64"))
        } else {
            Ok(body.as_bytes().to_vec())
        }
    }

    /// What a brace of the route stands for; empty where there is none.
    #[must_use]
    pub fn parameter(&self, name: &str) -> &str {
        self.path_parameters.get(name).map_or("", String::as_str)
    }

    /// A header by its lowercase name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// That whoever asks has that scope. The API's authorizer has looked already; a route that lost it must
    /// still let nobody in.
    ///
    /// # Errors
    /// 401 without a token, 403 without the scope.
    pub fn require(&self, scope: &str) -> Result<(), Problem> {
        let authorizer = self.request_context.authorizer.as_ref();
        let Some(jwt) = authorizer.and_then(|found| found.jwt.as_ref()) else {
            return Err(Problem::new(
                401,
                "token_missing",
                "the request carries no token",
            ));
        };
        let claimed = jwt.claims.get("scope").and_then(Value::as_str);
        if claimed.is_some_and(|scopes| scopes.split_whitespace().any(|known| known == scope)) {
            return Ok(());
        }
        let detail = format!("the token lacks the scope `{scope}`");
        Err(Problem::new(403, "scope_missing", detail))
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// The status.
    pub status_code: u16,
    /// The headers.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: String,
}

impl Response {
    /// A JSON document.
    #[must_use]
    pub fn json(status_code: u16, document: &Value) -> Self {
        Self::of(status_code, "application/json", document.to_string())
    }

    fn of(status_code: u16, content_type: &str, body: String) -> Self {
        let headers = [
            ("content-type", content_type),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
        ];
        Self {
            status_code,
            headers: headers.map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
            body,
        }
    }

    /// The same with this header.
    #[must_use]
    pub fn with(mut self, header: &str, value: impl Into<String>) -> Self {
        self.headers.insert(header.to_owned(), value.into());
        self
    }
}

/// Why a request is not answered as it wishes: RFC 9457.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The status.
    pub status: u16,
    /// A stable name.
    pub code: String,
    /// What happened and what to do.
    pub detail: String,
    /// Further members.
    pub more: BTreeMap<&'static str, Value>,
}

impl Problem {
    /// A problem.
    #[must_use]
    pub fn new(status: u16, code: &str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            detail: detail.into(),
            more: BTreeMap::new(),
        }
    }

    /// The same with a further member.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.more.insert(name, value.into());
        self
    }

    /// As an answer to what was asked at that path.
    #[must_use]
    pub fn response(&self, instance: &str) -> Response {
        let mut document = json!({
            "type": format!("{PROBLEM}{}", self.code),
            "title": title(self.status),
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "code": self.code,
        });
        for (name, value) in &self.more {
            document[*name] = value.clone();
        }
        let response = Response::of(
            self.status,
            "application/problem+json",
            document.to_string(),
        );
        match self.status {
            401 => response.with("www-authenticate", "Bearer"),
            503 => response.with("retry-after", "1"),
            _ => response,
        }
    }
}

fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        409 => "Conflict",
        413 => "Content Too Large",
        422 => "Unprocessable Content",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    }
}

impl From<PortError> for Problem {
    fn from(error: PortError) -> Self {
        failed(error.is_retryable(), &Failure::new(error.code(), &error))
    }
}

impl From<KernelError> for Problem {
    fn from(error: KernelError) -> Self {
        failed(error.is_retryable(), &Failure::new(error.code(), &error))
    }
}

/// What a store says is for the logs: an answer names the code alone.
fn failed(is_retryable: bool, failure: &Failure) -> Problem {
    tracing::error!(code = %failure.code, error = %failure.text, "not answered");
    if is_retryable {
        let detail =
            "the company's stores cannot be reached; ask again, with the same Idempotency-Key";
        Problem::new(503, &failure.code, detail)
    } else {
        Problem::new(500, &failure.code, "a defect of ours; the logs say more")
    }
}

/// Answers requests until the process ends.
///
/// # Errors
/// Where the service that calls the function is not there.
pub async fn serve<H>(handle: H) -> Result<(), FunctionError>
where
    H: AsyncFn(&Request) -> Result<Response, Problem>,
{
    run(async |request: Request| {
        let answer = handle(&request).await;
        Ok(answer.unwrap_or_else(|problem| {
            tracing::info!(request = %request.request_context.request_id, code = %problem.code, status = problem.status, "refused");
            problem.response(&request.raw_path)
        }))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A request as the service sends it.
    const REQUEST: &str = include_str!("../../testdata/http-request.json");

    fn request() -> Request {
        serde_json::from_str(REQUEST).expect("a request")
    }

    #[test]
    fn a_request_is_read_as_the_service_sends_it() {
        let request = request();
        assert_eq!(request.route_key, "PUT /v1/blobs/{sha256}");
        assert_eq!(request.parameter("sha256"), "abc");
        assert_eq!(request.bytes().expect("bytes"), b"name,price\n");
        assert_eq!(request.header("idempotency-key"), Some("k-1"));
    }

    #[test]
    fn a_route_without_braces_has_no_parameters() {
        for none in [r#"{"pathParameters":null}"#, "{}"] {
            let request: Request = serde_json::from_str(none).expect("a request");
            assert!(request.path_parameters.is_empty());
        }
    }

    #[test]
    fn whoever_lacks_the_scope_is_kept_out_whatever_the_api_let_through() {
        let mut request = request();
        assert_eq!(request.require("va/goals.write"), Ok(()));
        let code = |request: &Request, scope| {
            request
                .require(scope)
                .map_err(|p| (p.status, p.code))
                .expect_err("kept out")
        };
        assert_eq!(
            code(&request, "va/goals"),
            (403, "scope_missing".to_owned())
        );
        assert_eq!(code(&request, "va/blockers.answer").0, 403);
        request.request_context.authorizer = None;
        assert_eq!(
            code(&request, "va/goals.write"),
            (401, "token_missing".to_owned())
        );
    }

    #[test]
    fn a_problem_is_a_document_of_its_own_type() {
        let problem = Problem::new(409, "goal_exists", "it is there").with("goal_id", "g");
        let response = problem.response("/v1/goals");
        assert_eq!(response.headers["content-type"], "application/problem+json");
        let document: Value = serde_json::from_str(&response.body).expect("JSON");
        assert_eq!(document["status"], 409);
        assert_eq!(document["title"], "Conflict");
        assert_eq!(document["instance"], "/v1/goals");
        assert_eq!(document["code"], "goal_exists");
        assert_eq!(document["goal_id"], "g");
        assert!(
            document["type"]
                .as_str()
                .is_some_and(|t| t.ends_with("/goal_exists"))
        );
    }

    #[test]
    fn a_store_that_cannot_be_reached_is_no_defect_and_is_not_quoted() {
        let away = PortError::Unavailable {
            what: "table secret-name".into(),
            source: None,
        };
        let problem = Problem::from(away);
        assert_eq!(problem.status, 503);
        assert!(!problem.detail.contains("secret-name"));
    }
}
