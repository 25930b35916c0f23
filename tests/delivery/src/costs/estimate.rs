//! From counts to money.

use std::collections::BTreeMap;

use super::{Measured, prices::Prices};
use va_emulator::Call;

/// A line of a bill.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The price's name.
    pub price: String,
    /// How many units.
    pub units: f64,
    /// What they cost, in the currency of the prices.
    pub cost: f64,
}

/// A bill.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bill {
    /// Its lines, in order of the prices' names.
    pub lines: Vec<Line>,
}

impl Bill {
    /// The sum.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.lines.iter().map(|line| line.cost).sum()
    }

    fn of(units: &BTreeMap<String, f64>, prices: &Prices) -> Self {
        let lines = units.iter().filter_map(|(name, units)| {
            let cost = units * prices.price.get(name)?.per_million / 1e6;
            (*units > 0.0).then(|| Line {
                price: name.clone(),
                units: *units,
                cost,
            })
        });
        Self {
            lines: lines.collect(),
        }
    }
}

/// What one goal costs, without model tokens: every message an invocation of its own, which is the most that there can be.
#[must_use]
pub fn goal(measured: &Measured, prices: &Prices) -> Bill {
    let (seals, share) = seals(measured, prices);
    let mut units = used(&scaled(&measured.calls, share));
    let messages: f64 = measured.messages.values().map(|n| number(*n)).sum();
    let rung = count(&measured.calls, "sqs:SendMessage");
    // Sent, received and removed; what functions send themselves is counted as a call.
    add(&mut units, "sqs", 3.0 * messages + 2.0 * rung);
    let relays = count(&measured.calls, "events:PutEvents");
    let mut gb_s = 0.0;
    let mut invocations = 0.0;
    for (function, memory) in &measured.memory_mb {
        let runs = match function.as_str() {
            "relay" => relays,
            "projector" => rung,
            "notary" => seals,
            role => measured.messages.get(role).map_or(0.0, |n| number(*n)),
        };
        let calls: f64 = measured
            .calls
            .iter()
            .filter(|c| c.function == *function)
            .map(|c| number(c.count))
            .sum();
        let ms = runs * prices.assumed.invocation_ms + calls * prices.assumed.call_ms;
        gb_s += ms / 1000.0 * number(*memory) / 1024.0;
        invocations += runs;
    }
    add(&mut units, "lambda_request", invocations);
    add(&mut units, "lambda_gb_s", gb_s);
    add(&mut units, "logs", invocations * prices.assumed.log_bytes);
    Bill::of(&units, prices)
}

/// How often the notary seals during a goal, and which share of what was measured that is.
///
/// On AWS records are gathered for a window before the notary is called; the emulator calls it at once. A key signs
/// so many bytes at a time, so what is gathered may take several seals all the same.
#[must_use]
pub fn seals(measured: &Measured, prices: &Prices) -> (f64, f64) {
    let signed: Vec<&Call> = measured
        .calls
        .iter()
        .filter(|call| call.action == "kms:Sign")
        .collect();
    let made: f64 = signed.iter().map(|call| number(call.count)).sum();
    if made == 0.0 {
        return (0.0, 1.0);
    }
    // What is signed travels in base64.
    let bytes: f64 = signed
        .iter()
        .map(|call| number(call.bytes_sent) * 0.75)
        .sum();
    let windows = (prices.assumed.goal_s / number(measured.seal_window_s.max(1))).ceil() + 1.0;
    let seals = (windows + (bytes / prices.assumed.signed_bytes).floor()).min(made);
    (seals, seals / made)
}

/// The calls with the notary's at this share, rounded up.
fn scaled(calls: &[Call], share: f64) -> Vec<Call> {
    let mut calls = calls.to_vec();
    for call in calls.iter_mut().filter(|call| call.function == "notary") {
        call.count = part(call.count, share);
        call.write_units = part(call.write_units, share);
        call.read_halves = part(call.read_halves, share);
    }
    calls
}

/// A part of a count, rounded up.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a part of a count is a count"
)]
fn part(count: u64, share: f64) -> u64 {
    (number(count) * share).ceil() as u64
}

/// What a month without a goal costs by use: queues that are polled, and calls by the clock.
#[must_use]
pub fn idle(measured: &Measured, prices: &Prices) -> Bill {
    let mut units = BTreeMap::new();
    let days = prices.assumed.month_s / 86_400.0;
    add(
        &mut units,
        "sqs",
        number(measured.queues) * prices.assumed.polls_per_queue_month,
    );
    let ticks = measured.scheduled.get("clock").map_or(0.0, |n| number(*n)) * days;
    for (name, used) in used(&measured.tick) {
        add(&mut units, &name, used * ticks);
    }
    for (function, a_day) in &measured.scheduled {
        let runs = number(*a_day) * days;
        let calls: f64 = measured
            .tick
            .iter()
            .filter(|c| c.function == *function)
            .map(|c| number(c.count))
            .sum();
        let ms = runs * (prices.assumed.invocation_ms + calls * prices.assumed.call_ms);
        let memory = measured
            .memory_mb
            .get(function)
            .map_or(256.0, |n| number(*n));
        add(&mut units, "lambda_gb_s", ms / 1000.0 * memory / 1024.0);
        add(&mut units, "lambda_request", runs);
        add(&mut units, "schedule", runs);
        add(&mut units, "logs", runs * prices.assumed.log_bytes);
    }
    Bill::of(&units, prices)
}

/// The same without what is free.
#[must_use]
pub fn charged(bill: &Bill, prices: &Prices) -> Bill {
    let units = bill.lines.iter().map(|line| {
        let free = prices.free.get(&line.price).copied().unwrap_or_default();
        (line.price.clone(), (line.units - free).max(0.0))
    });
    Bill::of(&units.collect(), prices)
}

/// What stands costs in a month: name, number, and price with and without what is free.
#[must_use]
pub fn standing(measured: &Measured, prices: &Prices) -> Vec<(String, u64, f64, f64)> {
    let all = prices.month.iter().map(|(name, standing)| {
        let count = measured
            .resources
            .get(&standing.resource)
            .copied()
            .unwrap_or_default();
        let beyond = count.saturating_sub(standing.free);
        (
            name.clone(),
            count,
            number(count) * standing.each,
            number(beyond) * standing.each,
        )
    });
    all.filter(|(_, count, ..)| *count > 0).collect()
}

/// What the calls use, by price.
fn used(calls: &[Call]) -> BTreeMap<String, f64> {
    let mut units = BTreeMap::new();
    for call in calls {
        let name = match call.action.as_str() {
            "s3:PutObject" | "s3:ListBucket" | "s3:PutObjectRetention" => "s3_put",
            "s3:GetObject" => "s3_get",
            "kms:Sign" => "kms_sign",
            action if action.starts_with("sqs:") => "sqs",
            _ => "",
        };
        add(&mut units, name, number(call.count));
        add(&mut units, "dynamodb_write", number(call.write_units));
        add(&mut units, "dynamodb_read", number(call.read_halves) / 2.0);
        add(&mut units, "events", number(call.events));
    }
    units.remove("");
    units
}

fn count(calls: &[Call], action: &str) -> f64 {
    calls
        .iter()
        .filter(|call| call.action == action)
        .map(|call| number(call.count))
        .sum()
}

fn add(units: &mut BTreeMap<String, f64>, name: &str, more: f64) {
    *units.entry(name.to_owned()).or_default() += more;
}

/// Counts are far below what a float holds exactly.
#[allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn number(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured() -> Measured {
        let call = |function: &str, action: &str, count, write_units, events| Call {
            function: function.to_owned(),
            action: action.to_owned(),
            count,
            write_units,
            events,
            ..Call::default()
        };
        Measured {
            schema: "va.measured/1".to_owned(),
            goal: "g".to_owned(),
            articles: 1,
            calls: vec![
                call("ceo", "dynamodb:PutItem", 10, 20, 0),
                call("relay", "events:PutEvents", 5, 0, 8),
            ],
            messages: BTreeMap::from([("ceo".to_owned(), 8)]),
            tick: vec![call("clock", "dynamodb:Query", 16, 0, 0)],
            resources: BTreeMap::from([
                ("aws_kms_key".to_owned(), 1),
                ("aws_cloudwatch_metric_alarm".to_owned(), 12),
            ]),
            seal_window_s: 60,
            queues: 2,
            memory_mb: BTreeMap::from([
                ("ceo".to_owned(), 1024),
                ("relay".to_owned(), 1024),
                ("clock".to_owned(), 1024),
            ]),
            scheduled: BTreeMap::from([("clock".to_owned(), 1440)]),
        }
    }

    fn units(bill: &Bill, name: &str) -> f64 {
        bill.lines
            .iter()
            .find(|line| line.price == name)
            .map_or(0.0, |line| line.units)
    }

    #[test]
    fn a_goal_is_charged_for_units_events_messages_and_invocations() {
        let prices = Prices::new().expect("prices");
        let bill = goal(&measured(), &prices);
        assert!((units(&bill, "dynamodb_write") - 20.0).abs() < 1e-9);
        assert!((units(&bill, "events") - 8.0).abs() < 1e-9);
        assert!((units(&bill, "sqs") - 24.0).abs() < 1e-9);
        assert!((units(&bill, "lambda_request") - 13.0).abs() < 1e-9);
        // 13 invocations of 20 ms and 15 calls of 10 ms, at one gigabyte.
        assert!((units(&bill, "lambda_gb_s") - 0.41).abs() < 1e-9);
    }

    #[test]
    fn what_is_gathered_for_a_window_is_sealed_at_once() {
        let prices = Prices::new().expect("prices");
        let mut measured = measured();
        assert_eq!(seals(&measured, &prices), (0.0, 1.0));
        measured.calls.push(Call {
            function: "notary".to_owned(),
            action: "kms:Sign".to_owned(),
            count: 40,
            bytes_sent: 4000,
            ..Call::default()
        });
        let (seals, share) = seals(&measured, &prices);
        assert!((2.0..40.0).contains(&seals), "{seals}");
        assert!(
            (units(&goal(&measured, &prices), "kms_sign") - (40.0 * share).ceil()).abs() < 1e-9
        );
    }

    #[test]
    fn what_is_free_is_not_charged_and_what_stands_is() {
        let prices = Prices::new().expect("prices");
        let idle = idle(&measured(), &prices);
        assert!((units(&idle, "sqs") - 1_296_000.0).abs() < 1e-6);
        assert!((units(&charged(&idle, &prices), "sqs") - 296_000.0).abs() < 1e-6);
        let standing = standing(&measured(), &prices);
        assert_eq!(standing.len(), 2);
        assert!(
            (standing[0].2 - 1.2).abs() < 1e-9 && (standing[0].3 - 0.2).abs() < 1e-9,
            "{standing:?}"
        );
    }
}
