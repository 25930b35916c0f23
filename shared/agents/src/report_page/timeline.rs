//! When each task was under way. Times are the one part of the report that no repetition gives again.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::{
    class,
    markup::{list, section, text},
};

/// The section on time.
pub(super) fn of(result: &Value, timings: &Value) -> String {
    let time = |value: &Value| value.as_str().and_then(|t| t.parse::<Timestamp>().ok());
    let (Some(started), Some(finished)) = (time(&timings["started"]), time(&timings["finished"]))
    else {
        return String::new();
    };
    let whole = finished.duration_since(started).as_secs_f64();
    let spans: BTreeMap<&str, (Timestamp, Timestamp)> = list(timings, "tasks")
        .iter()
        .filter_map(|span| {
            Some((
                span["task"].as_str()?,
                (time(&span["from"])?, time(&span["to"])?),
            ))
        })
        .collect();
    let mut rows = String::new();
    for (at, task) in list(result, "tasks").iter().enumerate() {
        let Some(&(from, to)) = task["id"].as_str().and_then(|id| spans.get(id)) else {
            continue;
        };
        let offset = |t: Timestamp| {
            let share = t.duration_since(started).as_secs_f64() / whole.max(f64::EPSILON);
            (share * 100.0).clamp(0.0, 100.0)
        };
        let (left, right) = (offset(from), offset(to));
        // A mark that is too short to be seen is drawn a little longer, never past the end.
        let width = (right - left).max(0.6).min(100.0 - left.min(99.4));
        let left = left.min(99.4);
        let state = task["state"].as_str().unwrap_or_default();
        rows.push_str(&format!(
            "<li><span class=\"what\">{}. {}</span> <span class=\"took\">{}</span>\
             <span class=\"track {}\"><span style=\"margin-left: {left:.1}%; width: {width:.1}%\"></span></span></li>\n",
            at + 1,
            text(&task["title"]),
            duration(to.duration_since(from).as_secs_f64()),
            class(state),
        ));
    }
    let body = if rows.is_empty() {
        String::new()
    } else {
        format!("<ol class=\"timeline\">\n{rows}</ol>\n")
    };
    let (began, ended) = (clock(started), clock(finished));
    section(
        "time",
        "How the time went",
        &format!(
            "From {began} to {ended}: {}. A bar begins when the task was asked for and ends when its end was heard of.",
            duration(whole)
        ),
        &body,
    )
}

/// Seconds as people say them.
pub(super) fn duration(seconds: f64) -> String {
    if seconds < 0.0995 {
        return format!("{:.0} ms", seconds.max(0.0) * 1000.0);
    }
    if seconds < 59.95 {
        return format!("{seconds:.1} s");
    }
    let minutes = (seconds / 60.0).round();
    if minutes < 120.0 {
        format!("{minutes:.0} min")
    } else {
        format!("{:.1} h", seconds / 3600.0)
    }
}

fn clock(time: Timestamp) -> String {
    time.strftime("%-d %b %Y, %H:%M:%S UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_the_unit_that_fits() {
        let said = [0.042, 0.9, 12.34, 90.0, 9000.0].map(duration);
        assert_eq!(said, ["42 ms", "0.9 s", "12.3 s", "2 min", "2.5 h"]);
    }
}
