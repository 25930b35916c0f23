//! Ports on one machine: the journal and small blobs in one SQLite file, large blobs, sites, seals and
//! keys in folders, time and chance from the operating system.
//!
//! Nothing but [`lock`] knows that there is one worker at a time: any number of processes may append to
//! the same journal.

pub mod dispatch;
mod error;
pub mod export;
mod files;
pub mod keys;
mod limits;
pub mod lock;
pub mod memory;
pub mod seal;
pub mod sites;
pub mod store;
pub mod verify;
pub mod world;

pub use keys::SealKey;
pub use lock::WorkerLock;
pub use memory::MemoryStore;
pub use sites::FolderSites;
pub use store::{OpenMode, Store};
pub use world::SystemWorld;
