//! How an SDK error becomes a port's error.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use va_runtime::ports::PortError;

/// Codes of services that no repetition of the same call can change.
const FINAL: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "AWS.SimpleQueueService.NonExistentQueue",
    "InvalidParameterValue",
    "MissingAuthenticationToken",
    "NoSuchBucket",
    "QueueDoesNotExist",
    "ResourceNotFoundException",
    "UnrecognizedClientException",
    "ValidationException",
];

/// Says what was tried and whether the same call may succeed later: everything may, unless the service
/// named a reason that stays.
pub(crate) fn port_error<E, R>(what: impl Into<String>, error: SdkError<E, R>) -> PortError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    let what = what.into();
    match error
        .as_service_error()
        .and_then(ProvideErrorMetadata::code)
    {
        Some(code) if FINAL.contains(&code) => PortError::Refused {
            what: format!("{what}: {code}; check the function's names and permissions"),
        },
        _ => PortError::Unavailable {
            what,
            source: Some(Box::new(error)),
        },
    }
}

/// What was read is not what was written.
pub(crate) fn damaged(what: impl Into<String>) -> PortError {
    PortError::Damaged { what: what.into() }
}
