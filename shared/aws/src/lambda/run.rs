//! The loop of a function, and how it fails.

use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde::{Serialize, de::DeserializeOwned};
use tracing_subscriber::{Layer, filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};
use va_runtime::ports::PortError;

use super::batch::Failure;
use crate::{names::ConfigError, notary::NotaryError};

/// Why a function fails as a whole.
#[derive(Debug, thiserror::Error)]
pub enum FunctionError {
    /// Its environment.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A port.
    #[error(transparent)]
    Port(#[from] PortError),
    /// The notary's work.
    #[error(transparent)]
    Notary(#[from] NotaryError),
    /// A defect of ours.
    #[error("a defect: the function panicked")]
    Panicked,
    /// The service that calls the function.
    #[error("the function's loop ended: {0}")]
    Runtime(String),
}

impl FunctionError {
    /// A stable name for logs, alarms and runbooks.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Config(e) => e.code(),
            Self::Port(e) => e.code(),
            Self::Notary(e) => e.code(),
            Self::Panicked => "panic",
            Self::Runtime(_) => "lambda_runtime",
        }
    }
}

impl From<FunctionError> for Diagnostic {
    fn from(error: FunctionError) -> Self {
        let failure = Failure::new(error.code(), &error);
        Self {
            error_type: failure.code,
            error_message: failure.text,
        }
    }
}

/// What is logged where `RUST_LOG` does not say it.
const LOGGED: &str = "warn,va_aws=info,va_runtime=info";

/// JSON lines on standard output, at `info` unless `RUST_LOG` says otherwise, in `target=level` pairs. Nothing
/// that we log holds a payload.
pub fn init_logs() {
    let asked = std::env::var("RUST_LOG").unwrap_or_default();
    let targets: Targets = asked
        .parse()
        .ok()
        .filter(|_| !asked.is_empty())
        .or_else(|| LOGGED.parse().ok())
        .unwrap_or_default();
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .with_current_span(false)
        .without_time();
    // A second call finds the first one's logs standing, which is all that it wants.
    let _ = tracing_subscriber::registry()
        .with(lines.with_filter(targets))
        .try_init();
}

/// Handles invocations until the process ends. A panic of the handler fails its invocation and no other.
///
/// # Errors
/// Where the service that calls the function is not there.
pub async fn run<E, A, H>(handle: H) -> Result<(), FunctionError>
where
    E: DeserializeOwned,
    A: Serialize,
    H: AsyncFn(E) -> Result<A, FunctionError>,
{
    let handle = &handle;
    let service = service_fn(move |event: LambdaEvent<E>| async move {
        // Boxed, as the futures of the clients lie deep within each other.
        let answer = AssertUnwindSafe(Box::pin(handle(event.payload)))
            .catch_unwind()
            .await
            .unwrap_or(Err(FunctionError::Panicked));
        if let Err(error) = &answer {
            let failure = Failure::new(error.code(), error);
            tracing::error!(request = %event.context.request_id, code = %failure.code, error = %failure.text, "failed");
        }
        answer
    });
    lambda_runtime::run(service)
        .await
        .map_err(|e| FunctionError::Runtime(e.to_string()))
}
