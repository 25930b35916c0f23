//! The company in types: goals, tasks, accounts, events, proofs. No I/O, no async, no clock, no random.

pub mod content;
pub mod goal_spec;
pub mod model;
