//! The kernel that runs an agent, and the ports.

pub mod agent;
pub mod kernel;
pub mod model;
pub mod port_effects;
pub mod ports;
