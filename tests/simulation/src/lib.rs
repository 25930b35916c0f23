//! The company on a virtual clock, under faults.
//!
//! One run is one seed: a goal, a few workers with caches of their own on one store, a model that lies,
//! messages that are lost, doubled, late and out of order, workers that die before and after an append, a
//! home that starts again, a board that pauses, cancels and answers, a clock that jumps. After every commit
//! the invariants of the architecture are checked by code that folds the journal itself.
//!
//! ```text
//! cargo run -p va-simulation -- --seeds 200            # the seeds 0 to 199
//! cargo run -p va-simulation -- --from 5000 --seeds 50 # the seeds 5000 to 5049
//! cargo run -p va-simulation -- --seed 7 --verbose     # one seed, with everything that happens in it
//! ```
//!
//! A failure prints its seed, and the seed repeats it to the last commit. `--defect lost-timer` plants a
//! defect ([`Defect`]); every one of them is found within 200 seeds.
//!
//! [`walk`] works on one goal in a fixed order instead, so that every point at which it can be killed, held
//! up or lose a message has a number: `tests/kills.rs`, `tests/pauses.rs` and `tests/losses.rs` go through
//! them all, the first on the real store.

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
