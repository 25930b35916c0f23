//! What tests share: servers, stores, goals.
