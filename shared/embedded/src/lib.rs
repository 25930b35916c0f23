//! Ports on one machine.
