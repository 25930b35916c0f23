//! AWS on one machine: starts the emulator, deploys the company on it by Terraform, and breaks it.
//!
//! The emulator is a test double. Where it is more lenient than AWS, [`check`] and the adapters are
//! the strict ones. Its latencies say nothing.

mod calls;
mod chaos;
mod clients;
mod deploy;
mod emulator;
mod http;
mod manifest;
mod pattern;
mod proxy;
mod signed;
mod stage;
mod stores;

pub use calls::{Call, Ledger, summed};
pub use chaos::Chaos;
pub use clients::Clients;
pub use deploy::{ACCOUNT, Deployment, Options, Withdrawn};
pub use emulator::{Emulator, setup};
pub use http::Answer;
pub use manifest::{check, functions, read_manifest, with_timeout};
pub use proxy::{Proxy, Request};
pub use stage::Stage;
pub use stores::{create_bucket, create_table};

/// Why the emulator or the deployment does not stand.
#[derive(Debug, thiserror::Error)]
pub enum EmulatorError {
    /// A program, a file or a port of this machine.
    #[error("{what}")]
    Machine {
        /// What was tried, and what to do.
        what: String,
        /// What the system said.
        #[source]
        source: Option<std::io::Error>,
    },
    /// A call that the emulator refused.
    #[error("{what}")]
    Call {
        /// Which call.
        what: String,
        /// What it said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A manifest that AWS would refuse.
    #[error("the manifest cannot be deployed: {why}")]
    Manifest {
        /// Which rule it breaks.
        why: String,
    },
    /// Terraform, or another program.
    #[error(transparent)]
    Task(#[from] xtask::error::TaskError),
}

impl EmulatorError {
    /// A stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Machine { .. } => "emulator_machine",
            Self::Call { .. } => "emulator_call",
            Self::Manifest { .. } => "emulator_manifest",
            Self::Task(e) => e.code(),
        }
    }
}

pub(crate) fn machine(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> EmulatorError {
    let what = what.into();
    |source| EmulatorError::Machine {
        what,
        source: Some(source),
    }
}

pub(crate) fn call<E>(what: impl Into<String>) -> impl FnOnce(E) -> EmulatorError
where
    E: std::error::Error + Send + Sync + 'static,
{
    let what = what.into();
    |source| EmulatorError::Call {
        what,
        source: Box::new(source),
    }
}
