//! A panic of what an agent or an effect does is a defect of that turn and of no other.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use va_domain::ids::StreamId;

use super::KernelError;

/// Has a panic end this turn alone. What was half done is dropped with it: nothing was appended yet, and no lock
/// of the kernel is held while others' code runs.
pub(super) async fn caught<T>(
    stream: &StreamId,
    turn: impl Future<Output = Result<T, KernelError>>,
) -> Result<T, KernelError> {
    let panicked = || KernelError::Panicked {
        stream: stream.clone(),
    };
    AssertUnwindSafe(turn)
        .catch_unwind()
        .await
        .unwrap_or_else(|_| Err(panicked()))
}
