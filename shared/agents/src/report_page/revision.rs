//! What a revision left as it was, wrote again, added, and took away.

use serde_json::Value;

use super::markup::{date, list, section, table, text};

/// The section on the revision; nothing where this is the first.
pub(super) fn of(result: &Value) -> String {
    if result["follows"].is_null() {
        return String::new();
    }
    let pages: Vec<Vec<String>> = list(result, "pages")
        .iter()
        .map(|page| vec![text(&page["title"]), state(page), changes(&page["changes"])])
        .collect();
    let mut body = if pages.is_empty() {
        String::new()
    } else {
        table(
            "The pages",
            &["Page", "This revision", "What changed"],
            &pages,
        )
    };
    let redirects: Vec<Vec<String>> = list(result, "redirects")
        .iter()
        .map(|r| {
            [&r["path"], &r["to"]]
                .map(|path| format!("<code>{}</code>", text(path)))
                .to_vec()
        })
        .collect();
    if !redirects.is_empty() {
        body.push_str(&table(
            "Paths that are pages no longer",
            &["Path", "Leads to"],
            &redirects,
        ));
    }
    section(
        "revision",
        "What this revision changed",
        "A page is written again where its facts are others; what stays as it was costs nothing.",
        &body,
    )
}

fn state(page: &Value) -> String {
    match page["state"].as_str() {
        Some("kept") => format!("stays as revision {} wrote it", text(&page["revision"])),
        Some("changed") => "was written again".to_owned(),
        _ => "is new".to_owned(),
    }
}

/// In one cell: each fact with both values, then the products that came and went.
fn changes(changes: &Value) -> String {
    if changes.is_null() {
        return "–".to_owned();
    }
    let facts = list(changes, "facts").iter().map(|fact| {
        let [label, now, before] = [
            &fact["label"],
            &fact["now"]["text"],
            &fact["before"]["text"],
        ]
        .map(text);
        format!("{label}: {now}, before {before}")
    });
    let more = changes["more"].as_u64().filter(|more| *more > 0);
    let named = |what: &str, key: &str| {
        let names: Vec<String> = list(changes, key).iter().map(text).collect();
        (!names.is_empty()).then(|| format!("{what}: {}", names.join("; ")))
    };
    let mut lines: Vec<String> = facts
        .chain(more.map(|more| format!("{more} more")))
        .chain(named("New in the table", "added"))
        .chain(named("No longer in the table", "removed"))
        .collect();
    if lines.is_empty() {
        lines.push("The text; the table states what it stated before".to_owned());
    }
    let since = changes["since"].as_str().map(date).unwrap_or_default();
    format!(
        "{} <span class=\"soft\">(since {since})</span>",
        lines.join("<br>")
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_revision_says_what_it_kept_and_what_it_changed_and_hostile_names_stay_text() {
        let fact = json!({ "label": "Price of <b>", "before": { "text": "EUR 2" }, "now": { "text": "EUR 3" } });
        let changes = json!({ "since": "2026-11-20", "facts": [fact], "more": 2, "added": ["<i>"], "removed": [] });
        let page = of(&json!({
            "follows": "a",
            "pages": [
                { "title": "Kept", "state": "kept", "revision": 1 },
                { "title": "Other", "state": "changed", "revision": 2, "changes": changes },
            ],
            "redirects": [{ "path": "posts/a.html", "to": "index.html" }],
        }));
        for said in [
            "stays as revision 1 wrote it",
            "Price of &lt;b&gt;: EUR 3, before EUR 2",
            "2 more",
            "New in the table: &lt;i&gt;",
            "posts/a.html",
        ] {
            assert!(page.contains(said), "{said} is not in {page}");
        }
        assert!(!page.contains("<b>") && !page.contains("<i>"));
    }

    #[test]
    fn a_first_revision_has_no_such_part() {
        assert_eq!(
            of(&json!({ "follows": null, "pages": [{ "title": "A" }] })),
            ""
        );
    }
}
