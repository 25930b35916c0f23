//! The company in types: goals, tasks, accounts, events, proofs. No I/O, no async, no clock, no random.

pub mod account;
pub mod amounts;
pub mod commit;
pub mod content;
pub mod effect;
pub mod envelope;
pub mod error;
pub mod goal_spec;
pub mod ids;
pub mod model;
pub mod payload;
pub mod proof;
pub mod revision;
pub mod roles;
#[cfg(feature = "schema")]
pub mod schema;
pub mod state;
