//! Why a command fails.

use std::io;

/// Why a command fails.
#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    /// A program that is not there, or cannot run.
    #[error("`{program}` cannot be started; {advice}")]
    Start {
        /// The program.
        program: String,
        /// What to do.
        advice: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A program that ended badly.
    #[error("`{command}` ended with {status}{output}")]
    Ended {
        /// What was run.
        command: String,
        /// How it ended.
        status: std::process::ExitStatus,
        /// What it printed, on a line of its own; empty where it was shown already.
        output: String,
    },
    /// A file or a folder.
    #[error("{what}")]
    File {
        /// What was tried.
        what: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A document that is not what it should be.
    #[error("{what}")]
    Document {
        /// Which one, and what was expected.
        what: String,
        /// What the parser said.
        #[source]
        source: serde_json::Error,
    },
    /// What a check found, one a line.
    #[error("{0}")]
    Found(String),
}

impl TaskError {
    /// A stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Start { .. } => "task_start",
            Self::Ended { .. } => "task_ended",
            Self::File { .. } => "task_file",
            Self::Document { .. } => "task_document",
            Self::Found(_) => "task_found",
        }
    }
}

/// Names what was tried with a file.
pub fn file(what: impl Into<String>) -> impl FnOnce(io::Error) -> TaskError {
    let what = what.into();
    |source| TaskError::File { what, source }
}

/// An error with its causes, on one line each.
#[must_use]
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}\n  because: {cause}");
        source = cause.source();
    }
    text
}
