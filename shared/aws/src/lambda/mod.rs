//! What every function shares: logs, the shape of batches, and the isolation of their records.

pub mod agent;
pub mod alarms;
pub mod batch;
pub mod bell;
pub mod events;
pub mod http;
pub mod projector;
mod run;

pub use run::{FunctionError, init_logs, run};
