//! Moves the functions of an environment to new packages, and back where they fail.
//!
//! What runs is what the alias `live` of a function names. A rollout makes a version of every function whose package
//! has another hash, tries each new version before anything calls it, moves all aliases, and tries the functions
//! again by the alias, as their callers do. What fails then goes back to where it was, all of it: the functions of
//! one release were built to work together.

mod error;
mod functions;
mod release;
mod smoke;

pub use error::RolloutError;
pub use functions::{Clients, Move, Report, roll_out};
pub use release::{Part, Release, functions as functions_of};
pub use smoke::{Probe, fault};

/// The alias that everything calls.
pub const ALIAS: &str = "live";
