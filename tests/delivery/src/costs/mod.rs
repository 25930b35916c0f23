//! What a goal costs on AWS, and what a company costs that does nothing: from measured calls, a plan, and prices.

pub mod estimate;
pub mod measure;
pub mod page;
pub mod prices;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use va_emulator::Call;

/// Why costs cannot be said.
#[derive(Debug, thiserror::Error)]
pub enum CostsError {
    /// A file.
    #[error("{path} cannot be read or written")]
    File {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A document that is not what it should be.
    #[error("{what}: {why}")]
    Document {
        /// Which one.
        what: String,
        /// What the parser said.
        why: String,
    },
    /// The emulator.
    #[error(transparent)]
    Emulator(#[from] va_emulator::EmulatorError),
    /// A program.
    #[error(transparent)]
    Task(#[from] xtask::error::TaskError),
    /// The goal did not end as it should.
    #[error("the goal was not done: {0}")]
    Goal(String),
    /// The page is not what follows.
    #[error(
        "docs/costs.md is not what follows from what was measured and the prices; `cargo xtask costs` writes it"
    )]
    Stale,
    /// A goal costs more than it may.
    #[error("a goal costs USD {0:.6}; the limit is USD {LIMIT}")]
    TooDear(f64),
}

impl CostsError {
    /// A stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::File { .. } => "costs_file",
            Self::Document { .. } => "costs_document",
            Self::Emulator(e) => e.code(),
            Self::Task(e) => e.code(),
            Self::Goal(_) => "costs_goal",
            Self::Stale => "costs_stale",
            Self::TooDear(_) => "costs_too_dear",
        }
    }
}

/// The most that a goal may cost without model tokens, in US dollars.
pub const LIMIT: f64 = 0.002;

/// What was measured, as it is kept in `tests/delivery/measured.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// `va.measured/1`.
    pub schema: String,
    /// The goal's folder.
    pub goal: String,
    /// Its articles.
    pub articles: u64,
    /// What the functions called while it was worked on.
    pub calls: Vec<Call>,
    /// Messages that events made, by role.
    pub messages: BTreeMap<String, u64>,
    /// What one tick of the clock calls when nothing is due.
    pub tick: Vec<Call>,
    /// Resources of the plan of `dev`, by their type.
    pub resources: BTreeMap<String, u64>,
    /// Seconds that records are gathered before the notary is called.
    pub seal_window_s: u64,
    /// Queues that a function listens to.
    pub queues: u64,
    /// Megabytes of each function.
    pub memory_mb: BTreeMap<String, u64>,
    /// Calls by a schedule in a day, by function.
    pub scheduled: BTreeMap<String, u64>,
}

/// Reads a file of this crate.
///
/// # Errors
/// Where it cannot be read.
pub fn read(name: &str) -> Result<String, CostsError> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(&path).map_err(|source| CostsError::File { path, source })
}

/// What was measured last.
///
/// # Errors
/// Where it cannot be read.
pub fn measured() -> Result<Measured, CostsError> {
    serde_json::from_str(&read("measured.json")?).map_err(|e| CostsError::Document {
        what: "tests/delivery/measured.json".to_owned(),
        why: e.to_string(),
    })
}
