//! Why a rollout fails.

use std::error::Error;

/// Why a rollout fails.
#[derive(Debug, thiserror::Error)]
pub enum RolloutError {
    /// The packages or the manifest.
    #[error("{what}")]
    Release {
        /// What is missing or wrong.
        what: String,
    },
    /// A call that AWS refused.
    #[error("{what}")]
    Call {
        /// Which call, of which function.
        what: String,
        /// What it said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// A function that did not become ready, or whose code is not what was sent.
    #[error("{function}: {why}")]
    Function {
        /// Its name.
        function: String,
        /// What is the matter.
        why: String,
    },
    /// A smoke test; nothing has been moved.
    #[error("{function} fails its smoke test before it is called, and nothing was moved: {why}")]
    Untouched {
        /// The function.
        function: String,
        /// What it said.
        why: String,
    },
    /// A failure after which everything went back to where it was.
    #[error("the rollout failed, and {back} functions were moved back: {why}")]
    RolledBack {
        /// How many.
        back: usize,
        /// What failed.
        why: String,
    },
    /// A failure after which not everything could be moved back.
    #[error("the rollout failed ({why}), and these could not be moved back: {}", stuck.join("; "))]
    Stuck {
        /// What failed first.
        why: String,
        /// The functions that stay where they should not, and why.
        stuck: Vec<String>,
    },
}

impl RolloutError {
    /// A stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Release { .. } => "rollout_release",
            Self::Call { .. } => "rollout_call",
            Self::Function { .. } => "rollout_function",
            Self::Untouched { .. } => "rollout_untouched",
            Self::RolledBack { .. } => "rollout_rolled_back",
            Self::Stuck { .. } => "rollout_stuck",
        }
    }
}

/// Names a call that was refused.
pub(crate) fn call<E>(what: impl Into<String>) -> impl FnOnce(E) -> RolloutError
where
    E: Error + Send + Sync + 'static,
{
    let what = what.into();
    |source| RolloutError::Call {
        what,
        source: Box::new(source),
    }
}

/// An error with its causes.
#[must_use]
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
