//! What the project's commands share with its tests.

pub mod package;
