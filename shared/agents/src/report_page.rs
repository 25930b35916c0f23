//! The board's report as a page that opens from disk.

use serde_json::Value;

/// Renders `report.json`. Every text of it is escaped.
#[must_use]
pub fn render(report: &Value) -> String {
    let result = &report["result"];
    let mut page = String::from(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Report to the board</title>\n\
         <style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:0 auto;padding:2rem 1rem}\
         table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;padding:.4rem .6rem;\
         border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent);vertical-align:top}\
         .state{font-weight:600}code{font-size:.85em;overflow-wrap:anywhere}</style>\n</head>\n<body>\n<main>\n",
    );
    page.push_str(&format!(
        "<h1>{}</h1>\n<p class=\"state\">{} on {}, revision {}</p>\n",
        text(&result["id"]),
        text(&result["state"]),
        text(&result["as_of"]),
        text(&result["revision"])
    ));
    let budget = &result["budget"];
    table(
        &mut page,
        "Budget",
        &["", "allocated", "spent", "available"],
        &[
            row(&[
                "Money (micro-EUR)",
                &text(&budget["allocated_micros"]),
                &text(&budget["spent_micros"]),
                &text(&budget["available_micros"]),
            ]),
            unit("Tokens", &budget["tokens"]),
            unit("Calls", &budget["calls"]),
        ],
    );
    let list = |key: &str| result[key].as_array().cloned().unwrap_or_default();
    let cells =
        |value: &Value, keys: &[&str]| keys.iter().map(|k| text(&value[*k])).collect::<Vec<_>>();
    let kpis: Vec<_> = list("kpis")
        .iter()
        .map(|k| cells(k, &["name", "target", "value", "state"]))
        .collect();
    table(
        &mut page,
        "Measures",
        &["measure", "target", "reached", "state"],
        &kpis,
    );
    let pages: Vec<_> = list("pages")
        .iter()
        .map(|p| cells(p, &["title", "path", "sha256"]))
        .collect();
    table(&mut page, "Pages", &["title", "path", "checksum"], &pages);
    let tasks: Vec<_> = list("tasks")
        .iter()
        .map(|t| {
            vec![
                text(&t["id"]),
                text(&t["role"]),
                text(&t["state"]),
                text(&t["spent"]["tokens"]),
            ]
        })
        .collect();
    table(
        &mut page,
        "Tasks",
        &["task", "role", "state", "tokens"],
        &tasks,
    );
    let refused: Vec<_> = list("refused")
        .iter()
        .map(|r| cells(r, &["topic", "reason"]))
        .collect();
    table(
        &mut page,
        "Topics that were not taken",
        &["topic", "why"],
        &refused,
    );
    let open: Vec<_> = list("not_enforced").iter().map(|n| vec![text(n)]).collect();
    table(
        &mut page,
        "Constraints that nothing checks",
        &["constraint"],
        &open,
    );
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn unit(name: &str, of: &Value) -> Vec<String> {
    row(&[
        name,
        &text(&of["allocated"]),
        &text(&of["spent"]),
        &text(&of["available"]),
    ])
}

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|&c| c.to_owned()).collect()
}

/// A value as text that is safe within HTML.
fn text(value: &Value) -> String {
    let plain = match value {
        Value::String(s) => s.clone(),
        Value::Null => "–".to_owned(),
        other => other.to_string(),
    };
    plain
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A table of texts that are escaped already; nothing where it has no row.
fn table(page: &mut String, caption: &str, headings: &[&str], rows: &[Vec<String>]) {
    if rows.is_empty() {
        return;
    }
    page.push_str(&format!("<h2>{caption}</h2>\n<table>\n<thead><tr>"));
    for heading in headings {
        page.push_str(&format!("<th scope=\"col\">{heading}</th>"));
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        let cells: String = row.iter().map(|c| format!("<td>{c}</td>")).collect();
        page.push_str(&format!("<tr>{cells}</tr>\n"));
    }
    page.push_str("</tbody>\n</table>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_titles_stay_text() {
        let report = serde_json::json!({ "result": { "id": "x", "pages": [{ "title": "<script>alert(1)</script>" }] } });
        let page = render(&report);
        assert!(page.contains("&lt;script&gt;") && !page.contains("<script>"));
    }
}
