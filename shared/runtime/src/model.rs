//! The Model port: one exchange with a language model.

use async_trait::async_trait;
use jiff::SignedDuration;
use va_domain::model::{ModelAnswer, ModelRequest};

/// Makes one exchange. No adapter, client or SDK behind it retries: one reservation pays for one attempt.
#[async_trait]
pub trait Model: Send + Sync {
    /// Sends the request, once, and waits for the answer.
    ///
    /// # Errors
    /// [`ModelFailure`] says what happened and what is known about the charge.
    async fn exchange(&self, request: &ModelRequest) -> Result<ModelAnswer, ModelFailure>;

    /// The answer of a model that computes it here, from the request alone: free, and the same whenever it is
    /// asked. `None`: only an exchange tells.
    fn compute(&self, request: &ModelRequest) -> Option<Result<ModelAnswer, ModelFailure>> {
        let _ = request;
        None
    }
}

/// Why an exchange gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ModelFailure {
    /// What kind of failure.
    pub kind: FailureKind,
    /// What is known about the money.
    pub charge: Charge,
    /// When the service said that it may be asked again, counted from now.
    pub retry_after: Option<SignedDuration>,
    /// What happened, why, and what to do; without secrets and without the answer's text.
    pub message: String,
}

/// The kinds of failure, by what follows from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// 429: asked too often. Retryable.
    RateLimited,
    /// 5xx, refused connection, cut off before anything came. Retryable.
    Unavailable,
    /// No answer in time, or cut off within it. Retryable; the charge is unknown.
    CutOff,
    /// An answer that is no answer: not JSON, no choice, larger than allowed. Retryable once as a repair.
    Malformed,
    /// 401 or 403, an unknown model, a redirect to another host, a missing key: a person must act.
    Refused,
}

impl FailureKind {
    /// Whether asking again later may help.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        !matches!(self, Self::Refused)
    }
}

/// What a failure cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Charge {
    /// Nothing can have been charged (429 or 5xx without a body, no connection).
    Nothing,
    /// It is not known; the reservation counts as spent.
    Unknown,
}
