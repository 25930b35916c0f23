//! What tests share: servers, stores, goals.

pub mod model_server;
