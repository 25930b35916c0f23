//! The board's report as one page that opens from disk: nothing is loaded, and no script is needed.

mod evidence;
mod graph;
mod markup;
mod money;
mod revision;
mod timeline;

use serde_json::Value;

use markup::{date, list, number, section, table, text};

/// How it looks.
const STYLE: &str = include_str!("report_page/style.css");

/// Renders `report.json`. Every text of it is escaped.
#[must_use]
pub fn render(report: &Value) -> String {
    let result = &report["result"];
    let id = text(&result["id"]);
    let parts = [
        waiting(result),
        measures(result),
        revision::of(result),
        money::of(result),
        graph::of(result),
        timeline::of(result, &report["timings"]),
        evidence::pages(result),
        evidence::refused(result),
        open(result),
    ];
    let head = head(result, &report["timings"]);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>Report to the board: {id}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">Skip to the text</a>\n{head}<main id=\"main\">\n{}</main>\n\
         <footer class=\"page\"><p>The same facts for programs: <a href=\"report.json\">report.json</a>. \
         What proves them: <code>va verify</code> in the company’s folder.</p></footer>\n</body>\n</html>\n",
        parts.concat()
    )
}

/// What became of the goal, in a few figures.
fn head(result: &Value, timings: &Value) -> String {
    let budget = &result["budget"];
    let state = result["state"].as_str().unwrap_or_default();
    let pages = list(result, "pages").len();
    let calls = number(&budget["calls"]["spent"]);
    let took = timings["seconds"]
        .as_f64()
        .map(|seconds| fact("Time taken", &timeline::duration(seconds)))
        .unwrap_or_default();
    let day = result["as_of"].as_str().map(date).unwrap_or_default();
    let facts = [
        fact("Pages published", &pages.to_string()),
        fact(
            "Spent",
            &money::amount(&budget["spent_micros"], &budget["currency"]),
        ),
        fact("Model calls", &calls),
        fact("Tokens", &number(&budget["tokens"]["spent"])),
        took,
    ]
    .concat();
    format!(
        "<header class=\"page\">\n<p class=\"kicker\">Report to the board</p>\n<h1>{}</h1>\n\
         <p class=\"state\"><span class=\"badge {}\">{}</span> Revision {}, facts as of {day}</p>\n\
         <dl class=\"facts\">{facts}</dl>\n{}</header>\n",
        text(&result["id"]),
        class(state),
        text(&result["state"]),
        text(&result["revision"]),
        ways(result),
    )
}

fn fact(name: &str, value: &str) -> String {
    format!("<div><dt>{name}</dt><dd>{value}</dd></div>")
}

/// The ways to the parts that are there.
fn ways(result: &Value) -> String {
    let there = |key: &str| !list(result, key).is_empty();
    let ways = [
        ("revision", "Revision", !result["follows"].is_null()),
        ("money", "Money", true),
        ("plan", "Plan", there("tasks")),
        ("time", "Time", there("tasks")),
        ("pages", "Pages", there("pages")),
        ("refused", "Not written", there("refused")),
        ("open", "Not enforced", true),
    ];
    let items: String = ways
        .iter()
        .filter(|(.., there)| *there)
        .map(|(id, name, _)| format!("<li><a href=\"#{id}\">{name}</a></li>"))
        .collect();
    format!("<nav aria-label=\"Parts of the report\"><ul>{items}</ul></nav>\n")
}

/// The style of a state: one of a few, whatever it is called.
fn class(state: &str) -> &'static str {
    match state {
        "done" | "met" | "pass" => "good",
        "failed" | "missed" | "fail" | "cancelled" => "bad",
        "dropped" | "waiting_person" | "paused" | "paused_budget" => "warn",
        _ => "plain",
    }
}

/// What a person had to give, and what still waits for one.
fn waiting(result: &Value) -> String {
    let questions: Vec<Vec<String>> = list(result, "blockers")
        .iter()
        .map(|b| vec![text(&b["id"]), text(&b["kind"]), text(&b["text"])])
        .collect();
    let set: Vec<Vec<String>> = result["set"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| vec![text(&Value::from(key.as_str())), text(value)])
        .collect();
    let mut body = if questions.is_empty() {
        "<p class=\"calm\">Nothing waits for the board.</p>\n".to_owned()
    } else {
        table(
            "Open questions",
            &["Blocker", "Kind", "What is needed"],
            &questions,
        )
    };
    if !set.is_empty() {
        body.push_str(&table(
            "What the board has answered",
            &["Setting", "Value"],
            &set,
        ));
    }
    section("needs", "What needs you", "", &body)
}

/// What success is measured by.
fn measures(result: &Value) -> String {
    let cards: String = list(result, "kpis")
        .iter()
        .map(|kpi| {
            let state = kpi["state"].as_str().unwrap_or_default();
            let reached = match &kpi["value"] {
                Value::Null => "not measured".to_owned(),
                value => number(value),
            };
            let share = match (kpi["value"].as_f64(), kpi["target"].as_f64()) {
                (Some(value), Some(target)) if target > 0.0 => (value / target * 100.0).clamp(0.0, 100.0),
                _ => 0.0,
            };
            format!(
                "<li><span class=\"badge {}\">{}</span><strong>{reached}</strong> of {} <span class=\"soft\">{}</span>{}</li>\n",
                class(state),
                text(&Value::from(state.replace('_', " "))),
                number(&kpi["target"]),
                text(&Value::from(kpi["name"].as_str().unwrap_or_default().replace('_', " "))),
                markup::bar(share),
            )
        })
        .collect();
    if cards.is_empty() {
        return String::new();
    }
    section(
        "measures",
        "What was to be reached",
        "",
        &format!("<ul class=\"measures\">\n{cards}</ul>\n"),
    )
}

/// What nothing checked, and what was charged at its worst.
fn open(result: &Value) -> String {
    let items: String = list(result, "not_enforced")
        .iter()
        .map(|constraint| format!("<li>{}</li>\n", text(constraint)))
        .collect();
    let mut body = if items.is_empty() {
        "<p class=\"calm\">Every constraint of the goal is one that the company checks.</p>\n"
            .to_owned()
    } else {
        format!("<ul>\n{items}</ul>\n")
    };
    let kept: Vec<Vec<String>> = list(result, "worst_case_kept")
        .iter()
        .map(|k| {
            let charges = list(k, "charges").len().to_string();
            vec![format!("<code>{}</code>", text(&k["task"])), charges]
        })
        .collect();
    if !kept.is_empty() {
        body.push_str(&table(
            "Calls that were cut off and are booked at their worst case",
            &["Task", "Charges"],
            &kept,
        ));
    }
    section(
        "open",
        "What was not enforced",
        "Constraints in free text that no rule of the company can hold.",
        &body,
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn hostile_titles_stay_text() {
        let report = json!({ "result": {
            "id": "<script>alert(1)</script>",
            "pages": [{ "title": "<script>alert(1)</script>", "url": "javascript:alert(1)" }],
            "tasks": [{ "id": "a", "title": "<script>alert(1)</script>", "role": "<b>", "state": "done" }],
            "refused": [{ "topic": "<img>", "reason": "<i>" }],
            "kpis": [{ "name": "<b>", "state": "\"><b>" }],
            "not_enforced": ["<b>"],
        } });
        let page = render(&report);
        for mark in ["<script", "<img", "<b>", "<i>", "href=\"javascript"] {
            assert!(!page.contains(mark), "{mark} in {page}");
        }
    }

    #[test]
    fn a_report_without_anything_is_still_a_page() {
        let page = render(&json!({}));
        assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    }
}
