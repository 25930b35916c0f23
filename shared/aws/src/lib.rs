//! Ports on AWS.
