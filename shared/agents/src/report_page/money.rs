//! What was allowed, spent and earned, and by whom.

use std::collections::BTreeMap;

use serde_json::Value;

use super::markup::{bar, list, number, section, table, text};

/// The section on money.
pub(super) fn of(result: &Value) -> String {
    let (budget, pnl) = (&result["budget"], &result["pnl"]);
    let currency = &budget["currency"];
    let units = [
        budget_line(
            "Money",
            &budget["allocated_micros"],
            &budget["spent_micros"],
            |v| amount(v, currency),
        ),
        budget_line(
            "Tokens",
            &budget["tokens"]["allocated"],
            &budget["tokens"]["spent"],
            number,
        ),
        budget_line(
            "Calls",
            &budget["calls"]["allocated"],
            &budget["calls"]["spent"],
            number,
        ),
    ]
    .concat();
    let account = table(
        "Profit and loss",
        &["Account", "Amount"],
        &[
            ("Revenue", "revenue_micros"),
            ("Costs", "costs_micros"),
            ("Result", "result_micros"),
        ]
        .map(|(name, key)| vec![name.to_owned(), amount(&pnl[key], currency)]),
    );
    let body = format!(
        "<div class=\"pair\">\n<ul class=\"units\">\n{units}</ul>\n{account}</div>\n{}",
        by_agent(result, currency)
    );
    section("money", "Money", "", &body)
}

/// Micro-units as an amount: cents, or as many decimals as a small one needs.
pub(super) fn amount(micros: &Value, currency: &Value) -> String {
    let micros = micros.as_i64().unwrap_or_default();
    let (sign, whole) = (if micros < 0 { "−" } else { "" }, micros.unsigned_abs());
    let (units, rest) = (whole / 1_000_000, whole % 1_000_000);
    let mut decimals = format!("{rest:06}");
    while decimals.len() > 2 && decimals.ends_with('0') {
        decimals.pop();
    }
    let units = number(&Value::from(units));
    let currency = currency
        .as_str()
        .map_or_else(String::new, |c| format!(" {}", text(&Value::from(c))));
    format!("{sign}{units}.{decimals}{currency}")
}

fn budget_line(
    name: &str,
    allocated: &Value,
    spent: &Value,
    said: impl Fn(&Value) -> String,
) -> String {
    let share = match (spent.as_f64(), allocated.as_f64()) {
        (Some(spent), Some(allocated)) if allocated > 0.0 => spent / allocated * 100.0,
        _ => 0.0,
    };
    format!(
        "<li><strong>{name}</strong> <span>{} of {} spent, {share:.0}%</span>{}</li>\n",
        said(spent),
        said(allocated),
        bar(share.clamp(0.0, 100.0))
    )
}

/// What the tasks of one role spent together.
#[derive(Default)]
struct Spent {
    tasks: u64,
    micros: i64,
    tokens: i64,
    calls: i64,
}

fn by_agent(result: &Value, currency: &Value) -> String {
    let mut spent: BTreeMap<&str, Spent> = BTreeMap::new();
    for task in list(result, "tasks") {
        let of = spent
            .entry(task["role"].as_str().unwrap_or_default())
            .or_default();
        let read = |key: &str| task["spent"][key].as_i64().unwrap_or_default();
        of.tasks += 1;
        of.micros += read("amount_micros");
        of.tokens += read("tokens");
        of.calls += read("calls");
    }
    let models: Vec<String> = list(result, "models").iter().map(text).collect();
    let rows: Vec<Vec<String>> = spent
        .iter()
        .map(|(role, of)| {
            let model = if of.calls == 0 {
                "none".to_owned()
            } else {
                models.join(", else ")
            };
            vec![
                text(&Value::from(*role)),
                model,
                number(&Value::from(of.tasks)),
                number(&Value::from(of.calls)),
                number(&Value::from(of.tokens)),
                amount(&Value::from(of.micros), currency),
            ]
        })
        .collect();
    table(
        "Spend by agent and model",
        &["Agent", "Model", "Tasks", "Calls", "Tokens", "Money"],
        &rows,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_what_a_cent_would_hide() {
        let said = [0, 25_000_000, 1_500, -1_234_500_000_i64]
            .map(|micros| amount(&Value::from(micros), &Value::from("EUR")));
        assert_eq!(
            said,
            [
                "0.00 EUR",
                "25.00 EUR",
                "0.0015 EUR",
                "−1\u{202f}234.50 EUR"
            ]
        );
    }
}
