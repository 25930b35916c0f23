//! Changes of alarms as CloudWatch tells them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use va_domain::payload::AlarmChanged;

/// The event's type.
const DETAIL_TYPE: &str = "CloudWatch Alarm State Change";
/// Where an alarm's description names its runbook.
const RUNBOOKS: &str = "docs/runbooks/";
/// The most metrics of an alarm that are kept.
const METRICS: usize = 8;

#[derive(Deserialize)]
struct Event {
    id: String,
    #[serde(rename = "detail-type")]
    detail_type: String,
    source: String,
    #[serde(default)]
    region: String,
    detail: Detail,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    alarm_name: String,
    state: State,
    #[serde(default)]
    previous_state: Option<Previous>,
    #[serde(default)]
    configuration: Configuration,
}

#[derive(Deserialize)]
struct State {
    value: String,
    #[serde(default)]
    reason: String,
    timestamp: String,
}

#[derive(Deserialize)]
struct Previous {
    #[serde(default)]
    value: String,
}

#[derive(Default, Deserialize)]
struct Configuration {
    #[serde(default)]
    description: String,
    #[serde(default)]
    metrics: Vec<Value>,
}

/// Why a message is no change of an alarm.
#[derive(Debug, thiserror::Error)]
pub enum AlarmError {
    /// Not that event.
    #[error("the message is no change of an alarm")]
    Shape(#[source] serde_json::Error),
    /// A time that cannot be read.
    #[error("the alarm changed at `{text}`, which is no time")]
    Time {
        /// What stands there.
        text: String,
    },
}

impl AlarmError {
    /// A stable name for logs and runbooks.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Shape(_) => "alarm_shape",
            Self::Time { .. } => "alarm_time",
        }
    }
}

/// Reads a message of the queue; `None` where it is something else than an event of CloudWatch.
///
/// # Errors
/// Where it is one and cannot be understood.
pub fn parse(body: &str) -> Option<Result<AlarmChanged, AlarmError>> {
    let event: Value = serde_json::from_str(body).ok()?;
    if event.get("source")?.as_str()? != "aws.cloudwatch" {
        return None;
    }
    Some(
        serde_json::from_value(event)
            .map_err(AlarmError::Shape)
            .and_then(change),
    )
}

fn change(event: Event) -> Result<AlarmChanged, AlarmError> {
    if event.detail_type != DETAIL_TYPE {
        let wrong = format!("`{}` is none", event.detail_type);
        return Err(AlarmError::Shape(serde::de::Error::custom(wrong)));
    }
    let Detail {
        alarm_name,
        state,
        previous_state,
        configuration,
    } = event.detail;
    let since = time(&state.timestamp).ok_or_else(|| AlarmError::Time {
        text: state.timestamp.chars().take(80).collect(),
    })?;
    let mut context = BTreeMap::from([
        ("event".to_owned(), event.id),
        ("source".to_owned(), event.source),
        ("region".to_owned(), event.region),
    ]);
    if let Some(previous) = previous_state {
        context.insert("previous state".to_owned(), previous.value);
    }
    for (n, metric) in configuration.metrics.iter().take(METRICS).enumerate() {
        let found = metric
            .get("metricStat")
            .or_else(|| metric.get("expression"))
            .unwrap_or(metric);
        context.insert(format!("metric {}", n + 1), found.to_string());
    }
    Ok(AlarmChanged {
        alarm: alarm_name,
        state: state.value,
        since,
        severity: severity(&configuration.description).to_owned(),
        reason: state.reason,
        runbook: runbook(&configuration.description),
        context,
    })
}

/// CloudWatch writes an offset without a colon.
fn time(text: &str) -> Option<Timestamp> {
    let utc = text.strip_suffix("+0000").map(|at| format!("{at}Z"));
    utc.as_deref().unwrap_or(text).parse().ok()
}

/// `docs/runbooks/<name>.md`, where a description names one.
fn runbook(description: &str) -> Option<String> {
    let at = description.find(RUNBOOKS)?;
    let path = description[at..].split(char::is_whitespace).next()?;
    path.ends_with(".md").then(|| path.to_owned())
}

/// `severity: <word>` of a description; a warning where there is none.
fn severity(description: &str) -> &str {
    let named = description.split_once("severity:");
    let word = named.and_then(|(_, rest)| rest.split_whitespace().next());
    match word {
        Some(word @ ("info" | "warning" | "critical")) => word,
        _ => "warning",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An event as the service sends it.
    const EVENT: &str = include_str!("../../testdata/alarm-event.json");

    #[test]
    fn a_change_of_an_alarm_is_read_with_its_runbook_and_severity() {
        let change = parse(EVENT).expect("CloudWatch's").expect("a change");
        assert_eq!(change.alarm, "va-dev-ceo-errors-alarm");
        assert_eq!(change.state, "ALARM");
        assert_eq!(change.since.to_string(), "2026-11-20T10:00:23.456Z");
        assert_eq!(change.severity, "critical");
        assert_eq!(change.runbook.as_deref(), Some("docs/runbooks/errors.md"));
        assert!(change.context["metric 1"].contains("AWS/Lambda"));
        assert_eq!(change.context["previous state"], "OK");
    }

    #[test]
    fn a_bell_is_no_change_of_an_alarm() {
        assert!(parse(r#"{"ring":"incident/a"}"#).is_none());
        assert!(parse("").is_none());
        assert!(parse(r#"{"source":"va.acme","detail":{}}"#).is_none());
    }

    #[test]
    fn what_cannot_be_understood_says_why() {
        let other = EVENT.replace(DETAIL_TYPE, "Another");
        let late = EVENT.replace("2026-11-20T10:00:23.456+0000", "yesterday");
        for (body, code) in [(other, "alarm_shape"), (late, "alarm_time")] {
            let error = parse(&body).expect("CloudWatch's").expect_err("unread");
            assert_eq!(error.code(), code);
        }
    }
}
