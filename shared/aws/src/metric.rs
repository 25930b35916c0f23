//! Figures that alarms watch, as lines in CloudWatch's embedded metric format.

use std::io::Write as _;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::Names;

/// How a figure is counted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unit {
    Count,
    Seconds,
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Self::Count => "Count",
            Self::Seconds => "Seconds",
        }
    }
}

/// A figure: its name, its unit and its value.
pub(crate) type Figure = (&'static str, Unit, Value);

/// One line for the figures of a company; `notes` are found in the log only.
pub(crate) fn line(
    names: &Names,
    now: Timestamp,
    figures: &[Figure],
    notes: &[(&str, Value)],
) -> String {
    let metrics: Vec<Value> = figures
        .iter()
        .map(|(name, unit, _)| json!({ "Name": name, "Unit": unit.name() }))
        .collect();
    let mut said: Map<String, Value> = figures
        .iter()
        .map(|(name, _, value)| ((*name).to_owned(), value.clone()))
        .collect();
    said.extend(notes.iter().map(|(n, v)| ((*n).to_owned(), v.clone())));
    said.insert("Company".into(), json!(names.company));
    said.insert("Environment".into(), json!(names.env));
    said.insert(
        "_aws".into(),
        json!({
            "Timestamp": now.as_millisecond(),
            "CloudWatchMetrics": [{
                "Namespace": "VirtualAgentics",
                "Dimensions": [["Company", "Environment"]],
                "Metrics": metrics,
            }],
        }),
    );
    Value::Object(said).to_string()
}

/// Writes a line to standard output, from where the service takes it. A closed output loses figures, and nothing
/// of what they count.
pub(crate) fn say(line: &str) {
    if let Err(error) = writeln!(std::io::stdout().lock(), "{line}") {
        tracing::warn!(%error, "the figures cannot be written");
    }
}
