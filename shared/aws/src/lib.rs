//! Ports on AWS: the journal on DynamoDB, blobs and sites on S3, doorbells over EventBridge and SQS,
//! secrets from Secrets Manager, and what every Lambda function of the company shares.
//!
//! Nothing here decides anything. Each adapter is opened for one company, whose name is the prefix of every
//! key that it can form, so no payload can name another's.

pub mod blobs;
pub mod bus;
pub mod clock;
pub mod config;
pub mod effects;
mod error;
pub mod journal;
pub mod lambda;
mod layout;
mod metric;
pub mod names;
pub mod notary;
pub mod queue;
pub mod relay;
pub mod secrets;
pub mod sites;
pub mod vault;
pub mod views;
pub mod world;

pub use config::Aws;
pub use names::{ConfigError, Names};
