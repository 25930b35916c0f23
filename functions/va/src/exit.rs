//! How a command ends: the exit codes of the contract, and what a person is told.

use std::fmt;

use va_agents::submission::SubmissionError;
use va_catalogue::intake::IntakeError;
use va_models::RegistryError;
use va_runtime::{kernel::KernelError, ports::PortError};

/// The exit codes: CONTRACT, section 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Done and proven.
    Done = 0,
    /// A defect of ours.
    Defect = 1,
    /// Usage or input; nothing changed.
    Input = 2,
    /// Stopped by the budget.
    Budget = 3,
    /// A person must act.
    Person = 4,
    /// Failed or cancelled.
    Failed = 5,
    /// Another worker has this company.
    Busy = 6,
    /// Verification found something, or what was recorded cannot be read.
    Verification = 7,
    /// Disk, folder, network or model service.
    Outside = 8,
    /// Interrupted.
    Interrupted = 130,
}

/// Why a command could not do what was asked: what happened, why, and what to do.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub code: Code,
    /// For people.
    pub text: String,
}

impl Failure {
    /// A failure with this code.
    pub fn new(code: Code, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
        }
    }

    /// A wrong input.
    pub fn input(text: impl Into<String>) -> Self {
        Self::new(Code::Input, text)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The whole chain of an error, outermost first.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        source = inner.source();
    }
    text
}

impl From<PortError> for Failure {
    fn from(e: PortError) -> Self {
        let code = match e {
            PortError::Unavailable { .. } => Code::Outside,
            PortError::Damaged { .. } => Code::Verification,
            PortError::Refused { .. } => Code::Defect,
        };
        Self::new(code, chain(&e))
    }
}

impl From<KernelError> for Failure {
    fn from(e: KernelError) -> Self {
        let code = match &e {
            KernelError::Port(PortError::Unavailable { .. }) => Code::Outside,
            KernelError::Port(PortError::Damaged { .. }) => Code::Verification,
            _ => Code::Defect,
        };
        Self::new(code, chain(&e))
    }
}

impl From<IntakeError> for Failure {
    fn from(e: IntakeError) -> Self {
        Self::input(chain(&e))
    }
}

impl From<SubmissionError> for Failure {
    fn from(e: SubmissionError) -> Self {
        match e {
            SubmissionError::Write(_) => Self::new(Code::Defect, chain(&e)),
            _ => Self::input(chain(&e)),
        }
    }
}

impl From<RegistryError> for Failure {
    fn from(e: RegistryError) -> Self {
        Self::input(chain(&e))
    }
}

impl From<serde_json::Error> for Failure {
    fn from(e: serde_json::Error) -> Self {
        Self::new(Code::Defect, chain(&e))
    }
}
