//! AWS on one machine.
