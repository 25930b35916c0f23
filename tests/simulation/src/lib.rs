//! The company on a virtual clock, under faults.
//!
//! One run is one seed: a goal, a few workers with caches of their own on one store, a model that lies,
//! messages that are lost, doubled and late, workers that die before and after an append, a clock that
//! jumps. After every commit the invariants of the architecture are checked by code that folds the journal
//! itself. A failure prints the seed, and the seed repeats it.

pub mod chance;
pub mod check;
pub mod company;
pub mod defects;
pub mod goal;
pub mod journal;
pub mod plan;
pub mod provider;
mod run;
pub mod walk;
pub mod world;

pub use defects::Defect;
pub use run::{Options, Outcome, run, run_all};
