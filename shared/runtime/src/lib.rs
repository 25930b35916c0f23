//! The kernel that runs an agent, and its ports.
