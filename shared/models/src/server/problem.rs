//! Errors, for both kinds of client: RFC 9457 problem details with the `error` that OpenAI's clients read.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use va_runtime::model::{FailureKind, ModelFailure};

/// Why a request was not answered.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    retry_after: Option<i64>,
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, detail: &str) -> Self {
        Self {
            status,
            code,
            detail: detail.to_owned(),
            retry_after: None,
        }
    }

    /// 400: the request is not what the interface asks for.
    pub fn request(detail: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", detail)
    }
}

impl From<ModelFailure> for Problem {
    fn from(failure: ModelFailure) -> Self {
        let (status, code) = match failure.kind {
            FailureKind::RateLimited => (StatusCode::TOO_MANY_REQUESTS, "rate_limited"),
            FailureKind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            FailureKind::CutOff => (StatusCode::GATEWAY_TIMEOUT, "cut_off"),
            FailureKind::Malformed => (StatusCode::BAD_GATEWAY, "malformed"),
            FailureKind::Refused => (StatusCode::UNPROCESSABLE_ENTITY, "refused"),
        };
        Self {
            retry_after: failure.retry_after.map(|d| d.as_secs()),
            ..Self::new(status, code, &failure.message)
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let kind = if self.status.is_server_error() {
            "server_error"
        } else {
            "invalid_request_error"
        };
        let body = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.detail,
            "code": self.code,
            "error": {"message": self.detail, "type": kind, "code": self.code, "param": null},
        });
        let mut response = (self.status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
