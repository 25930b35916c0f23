//! `docs/costs.md`.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{
    LIMIT, Measured,
    estimate::{Bill, charged, goal, idle, seals, standing},
    prices::Prices,
};

/// What a goal should cost, in US dollars.
const AIM: f64 = 0.0008;

/// The page that follows from what was measured and the prices.
#[must_use]
pub fn page(measured: &Measured, prices: &Prices) -> String {
    let one = goal(measured, prices);
    let use_of = idle(measured, prices);
    let paid = charged(&use_of, prices);
    let stands = standing(measured, prices);
    let full: f64 = use_of.total() + stands.iter().map(|s| s.2).sum::<f64>();
    let net: f64 = paid.total() + stands.iter().map(|s| s.3).sum::<f64>();
    let mut text = format!(
        "# Costs\n\nMade by `cargo xtask costs`, which runs a goal on the emulator, counts what its functions call, and plans `dev`; the prices\n\
         are data in `tests/delivery/prices.toml` ({}, {}, {}). `cargo xtask costs --check` holds this page against both. The bill of AWS is\n\
         what counts: other regions differ, and prices change.\n\n\
         | | USD |\n| --- | --- |\n| one goal, without model tokens | {:.6} |\n| a month of `dev` without a goal, by list price | {full:.2} |\n\
         | the same without what is always free | {net:.2} |\n",
        prices.currency,
        prices.region,
        prices.as_of,
        one.total()
    );
    let _ = write!(
        text,
        "\n## One goal\n\n`{}`, {} articles. Each message is counted as an invocation of its own, which is the most that there can be; an\n\
         invocation as {:.0} ms and {:.0} ms for each of its calls, because an emulator's times say nothing about AWS's. A model that takes ten\n\
         seconds to answer adds USD {:.6} a call: the function waits for it, at {} MB.\n\n",
        measured.goal,
        measured.articles,
        prices.assumed.invocation_ms,
        prices.assumed.call_ms,
        10.0 * writer_gb(measured)
            * prices
                .price
                .get("lambda_gb_s")
                .map_or(0.0, |p| p.per_million)
            / 1e6,
        measured
            .memory_mb
            .get("content-generator")
            .copied()
            .unwrap_or_default(),
    );
    bill(&mut text, &one, prices);
    let (sealed, share) = seals(measured, prices);
    let _ = write!(
        text,
        "\nThe aim is USD {AIM}, the limit {LIMIT}. What is left above the aim is requests to S3, which cost eight times a write unit: a page is\n\
         several blobs and files. The notary is counted as sealing {sealed:.0} times, {:.0} % of what was measured: AWS gathers records for {} s\n\
         before it is called, the emulator does not. What submits the goal is not counted: half a dozen requests.\n",
        100.0 * share,
        measured.seal_window_s,
    );
    calls(&mut text, measured);
    let _ = write!(
        text,
        "\n## A month without a goal\n\nBy use: {} queues are polled, and the clock ticks. *Charged* leaves out what is always free in an account.\n\n",
        measured.queues
    );
    two_bills(&mut text, &use_of, &paid, prices);
    text += "\nWhat stands, as the plan of `dev` has it:\n\n| what | number | USD | charged |\n| --- | --- | --- | --- |\n";
    for (name, count, full, net) in &stands {
        let _ = writeln!(text, "| {name} | {count} | {full:.2} | {net:.2} |");
    }
    text += "\nStorage is not counted: a goal leaves less than a megabyte, USD 0.00003 a month. No NAT, no endpoint with an hourly price and no key\n\
             of our own for storage stands by default; a NAT alone would cost more than everything else here.\n";
    text
}

fn writer_gb(measured: &Measured) -> f64 {
    let memory = measured
        .memory_mb
        .get("content-generator")
        .copied()
        .unwrap_or_default();
    f64::from(u32::try_from(memory).unwrap_or_default()) / 1024.0
}

fn bill(text: &mut String, bill: &Bill, prices: &Prices) {
    *text += "| what | units | USD a million | USD |\n| --- | --- | --- | --- |\n";
    for line in &bill.lines {
        if let Some(price) = prices.price.get(&line.price) {
            let _ = writeln!(
                text,
                "| {}: {} | {:.1} | {} | {:.6} |",
                price.source, price.unit, line.units, price.per_million, line.cost
            );
        }
    }
    let _ = writeln!(text, "| | | | **{:.6}** |", bill.total());
}

fn two_bills(text: &mut String, full: &Bill, net: &Bill, prices: &Prices) {
    let paid: BTreeMap<&str, f64> = net
        .lines
        .iter()
        .map(|line| (line.price.as_str(), line.cost))
        .collect();
    *text += "| what | units | USD | charged |\n| --- | --- | --- | --- |\n";
    for line in &full.lines {
        if let Some(price) = prices.price.get(&line.price) {
            let charged = paid.get(line.price.as_str()).copied().unwrap_or_default();
            let _ = writeln!(
                text,
                "| {}: {} | {:.0} | {:.2} | {charged:.2} |",
                price.source, price.unit, line.units, line.cost
            );
        }
    }
}

fn calls(text: &mut String, measured: &Measured) {
    *text += "\nThe calls behind it:\n\n| function | action | calls | write units | read units | events | KB sent | KB received |\n\
              | --- | --- | --- | --- | --- | --- | --- | --- |\n";
    for call in &measured.calls {
        let _ = writeln!(
            text,
            "| {} | `{}` | {} | {} | {} | {} | {} | {} |",
            call.function,
            call.action,
            call.count,
            call.write_units,
            call.read_halves.div_ceil(2),
            call.events,
            call.bytes_sent.div_ceil(1024),
            call.bytes_received.div_ceil(1024),
        );
    }
}
