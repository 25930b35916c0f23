//! The pages with what proves them, and the topics that were not taken.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    class,
    markup::{list, section, text},
};

/// The section on the pages.
pub(super) fn pages(result: &Value) -> String {
    let items: String = list(result, "pages").iter().map(page).collect();
    if items.is_empty() {
        return section(
            "pages",
            "The pages and their evidence",
            "",
            "<p class=\"calm\">No page was published.</p>\n",
        );
    }
    section(
        "pages",
        "The pages and their evidence",
        "No agent approves its own work: who made a page and who checked it are never the same.",
        &format!("<ul class=\"pages\">\n{items}</ul>\n"),
    )
}

fn page(page: &Value) -> String {
    let title = text(&page["title"]);
    let address = page["url"].as_str().unwrap_or_default();
    let heading = if address.starts_with("https://") || address.starts_with("http://") {
        format!("<a href=\"{}\">{title}</a>", text(&page["url"]))
    } else {
        title
    };
    let steps: String = list(page, "evidence").iter().map(step).collect();
    format!(
        "<li><h3>{heading}</h3>\n<ol class=\"steps\">{steps}</ol>\n<p class=\"sum\"><code>{}</code></p></li>\n",
        text(&page["sha256"])
    )
}

/// One piece of evidence: who made what, who checked it, and what was checked.
fn step(evidence: &Value) -> String {
    let checks: String = list(evidence, "reports")
        .iter()
        .map(|report| {
            let result = report["result"].as_str().unwrap_or_default();
            let (class, mark) = (class(result), if result == "pass" { "✓" } else { "✗" });
            let suite = text(&report["suite"]);
            format!("<li class=\"badge {class}\">{suite} {mark}</li>")
        })
        .collect();
    format!(
        "<li><p>Made by <strong>{}</strong>, checked by <strong>{}</strong></p><ul class=\"checks\">{checks}</ul></li>",
        text(&evidence["producer"]),
        text(&evidence["reviewer"])
    )
}

/// The section on what was not written, by reason.
pub(super) fn refused(result: &Value) -> String {
    let mut by_reason: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for topic in list(result, "refused") {
        let reason = topic["reason"].as_str().unwrap_or_default();
        by_reason
            .entry(reason)
            .or_default()
            .push(text(&topic["topic"]));
    }
    if by_reason.is_empty() {
        return String::new();
    }
    let groups: String = by_reason
        .iter()
        .map(|(reason, topics)| {
            let items: String = topics.iter().map(|t| format!("<li>{t}</li>")).collect();
            let noun = if topics.len() == 1 { "topic" } else { "topics" };
            format!(
                "<details><summary><strong>{} {noun}</strong> {}</summary>\n<ul>{items}</ul>\n</details>\n",
                topics.len(),
                text(&Value::from(*reason))
            )
        })
        .collect();
    section(
        "refused",
        "What was not written, and why",
        "A topic is taken only if it answers a question of its own.",
        &groups,
    )
}
