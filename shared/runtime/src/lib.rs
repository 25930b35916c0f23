//! The kernel that runs an agent, and the ports.

pub mod model;
pub mod ports;
