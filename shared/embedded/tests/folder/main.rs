//! A company's folder: what it promises beyond the ports, and what is said of one that was tampered with.

mod bytes;
mod common;
mod kill;
mod store;
mod verify;
