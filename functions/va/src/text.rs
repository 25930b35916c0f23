//! The documents of [`crate::views`] as a person reads them: tables, and one line an event.

use comfy_table::{CellAlignment, Table, presets::NOTHING};
use serde_json::Value;
use va_domain::envelope::Envelope;

use crate::{exit::Failure, progress::money_text};

/// The longest cell of a table, in characters.
const CELL: usize = 60;

/// The document of this schema.
pub fn of(schema: &str, document: &Value) -> String {
    match schema {
        "va.status/1" => status(document),
        "va.goals/1" => goals(&document["goals"]),
        "va.goal/1" => goal(document),
        "va.tasks/1" => tasks(&document["tasks"]),
        "va.task/1" => task(document),
        "va.agents/1" => agents(&document["agents"]),
        "va.blockers/1" => blockers(&document["blockers"]),
        "va.budget/1" => budget(document),
        "va.pnl/1" => pnl(document),
        _ => format!("{document:#}\n"),
    }
}

/// One event: as JSON, or when, who and what.
pub fn event(event: &Envelope, as_json: bool) -> Result<String, Failure> {
    if as_json {
        return Ok(serde_json::to_string(event)?);
    }
    Ok(format!(
        "{:<24.19} {:<22} {:<24} {}",
        event.timestamp, event.source_agent, event.event_type, event.event_id
    ))
}

fn status(status: &Value) -> String {
    let mut text = format!(
        "{}: worker {}\n\n{}\n{}",
        word(&status["company"]),
        word(&status["worker"]),
        goals(&status["goals"]),
        agents(&status["agents"])
    );
    let needs = items(&status["needs_you"]);
    text.push_str(if needs.is_empty() {
        "\nnothing needs you\n"
    } else {
        "\nneeds you\n"
    });
    for need in needs {
        text.push_str(&format!(
            "  {}\n    {}\n",
            word(&need["text"]),
            word(&need["command"])
        ));
    }
    text
}

fn goals(goals: &Value) -> String {
    let rows = items(goals).iter().map(|goal| {
        let budget = &goal["budget"];
        vec![
            word(&goal["id"]),
            word(&goal["revision"]),
            word(&goal["state"]),
            counts(&goal["tasks"]),
            items(&goal["pages"]).len().to_string(),
            money(&budget["spent_micros"]),
            money(&budget["allocated_micros"]),
            word(&goal["goal_id"]),
        ]
    });
    table(
        &[
            "goal", "revision", "state", "tasks", "pages", "spent", "of", "id",
        ],
        &[1, 4, 5, 6],
        rows,
    )
}

fn goal(goal: &Value) -> String {
    let mut text = format!(
        "{}, revision {}, is {}",
        word(&goal["id"]),
        word(&goal["revision"]),
        word(&goal["state"])
    );
    if let Some(reason) = goal["reason"]["text"].as_str() {
        text.push_str(&format!(": {reason}"));
    }
    text.push_str(&format!(
        "\nfacts as of {}, tasks: {}\n\n{}",
        word(&goal["as_of"]),
        counts(&goal["tasks"]),
        budget(&goal["budget"])
    ));
    let kpis = items(&goal["kpis"]).iter().map(|kpi| {
        ["name", "value", "target", "state"]
            .map(|key| word(&kpi[key]))
            .to_vec()
    });
    text.push_str(&section(&table(
        &["kpi", "value", "target", "state"],
        &[1, 2],
        kpis,
    )));
    let pages = items(&goal["pages"])
        .iter()
        .map(|page| vec![word(&page["title"]), word(&page["path"])]);
    text.push_str(&section(&table(&["page", "path"], &[], pages)));
    for blocker in items(&goal["blockers"]) {
        text.push_str(&format!(
            "\nwaits for you: blocker {}; see `va blockers`\n",
            word(blocker)
        ));
    }
    text
}

fn tasks(tasks: &Value) -> String {
    let rows = items(tasks).iter().map(|task| {
        vec![
            short(&word(&task["task_id"])),
            word(&task["role"]),
            word(&task["state"]),
            word(&task["attempts"]),
            money(&task["budget"]["spent_micros"]),
            word(&task["title"]),
        ]
    });
    table(
        &["task", "role", "state", "calls", "spent", "title"],
        &[3, 4],
        rows,
    )
}

fn task(task: &Value) -> String {
    let trace = &task["trace"];
    let mut text = format!(
        "{}: {}\n{} by {}, {} steps, {} ms in calls\n",
        word(&task["task_id"]),
        word(&task["title"]),
        word(&task["state"]),
        word(&task["agent_id"]),
        word(&trace["steps"]),
        word(&trace["latency_ms"])
    );
    if let Some(reason) = task["reason"]["text"].as_str() {
        text.push_str(&format!("{reason}\n"));
    }
    let calls = items(&trace["model_calls"]);
    let rows = calls.iter().map(|call| {
        vec![
            word(&call["purpose"]),
            word(&call["model"]),
            word(&call["outcome"]),
            money(&call["reserved_micros"]),
            money(&call["charged_micros"]),
            word(&call["input_tokens"]),
            word(&call["output_tokens"]),
        ]
    });
    let titles = [
        "call",
        "model",
        "outcome",
        "reserved",
        "charged",
        "tokens in",
        "out",
    ];
    text.push_str(&section(&table(&titles, &[3, 4, 5, 6], rows)));
    for call in calls {
        for (title, key) in [("prompt", "prompt_body"), ("answer", "answer_body")] {
            if let Some(body) = call[key].as_str() {
                text.push_str(&format!(
                    "\n--- {title} of {}\n{body}\n",
                    word(&call["call_id"])
                ));
            }
        }
    }
    let proofs = items(&task["evidence"]).iter().map(|proof| {
        ["type", "uri", "producer", "reviewer"]
            .map(|key| word(&proof[key]))
            .to_vec()
    });
    text.push_str(&section(&table(
        &["evidence", "of", "producer", "reviewer"],
        &[],
        proofs,
    )));
    text
}

fn agents(agents: &Value) -> String {
    let rows = items(agents).iter().map(|agent| {
        vec![
            word(&agent["agent_id"]),
            word(&agent["name"]),
            word(&agent["reports_to"]),
            word(&agent["state"]),
            money(&agent["spent_micros"]),
            word(&agent["doing"]),
        ]
    });
    table(
        &["agent", "name", "reports to", "state", "spent", "doing"],
        &[4],
        rows,
    )
}

fn blockers(blockers: &Value) -> String {
    let blockers = items(blockers);
    if blockers.is_empty() {
        return "nothing needs you\n".to_owned();
    }
    let lines = blockers.iter().map(|blocker| {
        format!(
            "{} ({})\n  {}\n  {}\n",
            word(&blocker["id"]),
            word(&blocker["kind"]),
            word(&blocker["text"]),
            word(&blocker["command"])
        )
    });
    lines.collect()
}

fn budget(budget: &Value) -> String {
    let names = ["allocated", "available", "reserved", "spent", "in_flight"];
    let rows = names.iter().map(|name| {
        vec![
            name.replace('_', " "),
            money(&budget[format!("{name}_micros")]),
            word(&budget["tokens"][name]),
            word(&budget["calls"][name]),
        ]
    });
    let currency = word(&budget["currency"]);
    table(&["", &currency, "tokens", "calls"], &[1, 2, 3], rows)
}

fn pnl(pnl: &Value) -> String {
    let costs = items(&pnl["costs"]).iter().map(|cost| {
        vec![
            word(&cost["agent_id"]),
            short(&word(&cost["task_id"])),
            word(&cost["model"]),
            word(&cost["input_tokens"]),
            word(&cost["output_tokens"]),
            money(&cost["amount_micros"]),
        ]
    });
    let titles = ["agent", "task", "model", "tokens in", "out", "cost"];
    format!(
        "revenue {}, costs {}, result {}\n{}",
        money(&pnl["revenue_micros"]),
        money(&pnl["costs_micros"]),
        money(&pnl["result_micros"]),
        section(&table(&titles, &[3, 4, 5], costs))
    )
}

/// A table without lines; nothing where there are no rows.
fn table(titles: &[&str], right: &[usize], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_header(titles);
    for row in rows {
        table.add_row(row.iter().map(|cell| clipped(cell)));
    }
    if table.is_empty() {
        return String::new();
    }
    for column in right {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt() + "\n"
}

fn section(table: &str) -> String {
    if table.is_empty() {
        String::new()
    } else {
        format!("\n{table}")
    }
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn word(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn money(value: &Value) -> String {
    value.as_i64().map_or_else(|| "-".to_owned(), money_text)
}

fn counts(by_state: &Value) -> String {
    let counts = by_state.as_object().into_iter().flatten();
    counts
        .map(|(state, n)| format!("{n} {state}"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// As much of an id as `va task` needs.
fn short(id: &str) -> String {
    id.chars().take(12).collect()
}

fn clipped(cell: &str) -> String {
    if cell.chars().count() <= CELL {
        return cell.to_owned();
    }
    cell.chars().take(CELL - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_budget_is_a_table_of_three_units() {
        let parts =
            json!({ "allocated": 9, "available": 5, "reserved": 0, "spent": 4, "in_flight": 0 });
        let text = of(
            "va.budget/1",
            &json!({
                "currency": "EUR", "allocated_micros": 25_000_000, "available_micros": 24_999_999, "reserved_micros": 0,
                "spent_micros": 1, "in_flight_micros": 0, "tokens": parts, "calls": parts,
            }),
        );
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 6);
        assert!(
            lines[1].contains("25.00") && lines[2].contains("24.999999"),
            "{text}"
        );
        assert!(lines.iter().all(|line| !line.ends_with(' ')), "{text}");
    }

    #[test]
    fn a_table_of_nothing_is_nothing_and_a_long_cell_is_cut() {
        assert_eq!(of("va.tasks/1", &json!({ "tasks": [] })), "");
        let text = of(
            "va.tasks/1",
            &json!({ "tasks": [{ "title": "x".repeat(200) }] }),
        );
        assert!(
            text.contains('…') && text.lines().all(|line| line.chars().count() < 130),
            "{text}"
        );
    }
}
