//! Language-model providers behind the Model port, and the registry that names them.
//!
//! Nothing here reads the environment or a clock: both are handed in by whoever wires a home, so that a
//! key lying in the environment never makes a call by itself.

pub mod connect;
mod decimal;
pub mod offline;
pub mod openai_chat;
pub mod registry;
mod secret;
#[cfg(feature = "server")]
pub mod server;

pub use connect::{Router, Wiring};
pub use offline::Offline;
pub use openai_chat::OpenAiChat;
pub use registry::{Registry, RegistryError};
pub use secret::Secret;
