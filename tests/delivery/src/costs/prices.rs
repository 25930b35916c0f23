//! Prices as data.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{CostsError, read};

/// `tests/delivery/prices.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct Prices {
    /// `USD`.
    pub currency: String,
    /// Where they hold.
    pub region: String,
    /// When they were looked up.
    pub as_of: String,
    /// What the emulator cannot say.
    pub assumed: Assumed,
    /// What is charged by use.
    pub price: BTreeMap<String, Price>,
    /// What is charged by the month.
    pub month: BTreeMap<String, Standing>,
    /// What is not charged in a month, by price.
    pub free: BTreeMap<String, f64>,
}

/// What the emulator cannot say.
#[derive(Clone, Debug, Deserialize)]
pub struct Assumed {
    /// Milliseconds of an invocation besides its calls.
    pub invocation_ms: f64,
    /// Milliseconds of a call.
    pub call_ms: f64,
    /// Requests by which a queue is polled in a month.
    pub polls_per_queue_month: f64,
    /// Bytes of log of an invocation.
    pub log_bytes: f64,
    /// Seconds that a goal takes.
    pub goal_s: f64,
    /// Bytes that a key signs at once.
    pub signed_bytes: f64,
    /// Seconds of a month.
    pub month_s: f64,
}

/// A price by use.
#[derive(Clone, Debug, Deserialize)]
pub struct Price {
    /// Of a million units.
    pub per_million: f64,
    /// The unit.
    pub unit: String,
    /// Whose price it is.
    pub source: String,
}

/// A price by the month.
#[derive(Clone, Debug, Deserialize)]
pub struct Standing {
    /// Of one.
    pub each: f64,
    /// So many are not charged.
    pub free: u64,
    /// The type of Terraform's resource.
    pub resource: String,
    /// Whose price it is.
    pub source: String,
}

impl Prices {
    /// The prices of this project.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub fn new() -> Result<Self, CostsError> {
        toml::from_str(&read("prices.toml")?).map_err(|e| CostsError::Document {
            what: "tests/delivery/prices.toml".to_owned(),
            why: e.to_string(),
        })
    }
}
