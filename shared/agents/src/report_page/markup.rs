//! Small parts of the page; every text that comes from outside is escaped here.

use serde_json::Value;

/// A value as text that is safe within HTML, attributes included.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(s) => escaped(s),
        Value::Null => "–".to_owned(),
        other => escaped(&other.to_string()),
    }
}

fn escaped(plain: &str) -> String {
    let mut escaped = String::with_capacity(plain.len());
    let mut from = 0;
    for (at, byte) in plain.bytes().enumerate() {
        let instead = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        escaped.push_str(&plain[from..at]);
        escaped.push_str(instead);
        from = at + 1;
    }
    escaped.push_str(&plain[from..]);
    escaped
}

/// The elements of a list, none where there is no list.
pub(super) fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// An integer with thin spaces between its thousands; other values as text.
pub(super) fn number(value: &Value) -> String {
    let Some(n) = value.as_i64() else {
        return text(value);
    };
    let digits = n.unsigned_abs().to_string();
    let mut grouped = String::new();
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            grouped.push('\u{202f}');
        }
        grouped.push(c);
    }
    if n < 0 {
        format!("−{grouped}")
    } else {
        grouped
    }
}

/// A day as people write it, `2026-11-20` otherwise.
pub(super) fn date(day: &str) -> String {
    day.parse::<jiff::civil::Date>().map_or_else(
        |_| text(&Value::from(day)),
        |d| d.strftime("%-d %b %Y").to_string(),
    )
}

/// A section with its heading and, where there is one, a sentence on it.
pub(super) fn section(id: &str, heading: &str, lead: &str, body: &str) -> String {
    let lead = if lead.is_empty() {
        String::new()
    } else {
        format!("<p class=\"lead\">{lead}</p>\n")
    };
    format!("<section id=\"{id}\">\n<h2>{heading}</h2>\n{lead}{body}</section>\n")
}

/// A bar of so many percent; what it says stands beside it.
pub(super) fn bar(percent: f64) -> String {
    format!("<span class=\"bar\"><span style=\"width: {percent:.1}%\"></span></span>")
}

/// A table of cells that are HTML already; nothing where it has no row.
pub(super) fn table(caption: &str, headings: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let heads: String = headings
        .iter()
        .map(|h| format!("<th scope=\"col\">{h}</th>"))
        .collect();
    let body: String = rows
        .iter()
        .map(|row| {
            let cells: String = row
                .iter()
                .enumerate()
                .map(|(at, cell)| match at {
                    0 => format!("<th scope=\"row\">{cell}</th>"),
                    _ => format!("<td>{cell}</td>"),
                })
                .collect();
            format!("<tr>{cells}</tr>\n")
        })
        .collect();
    format!(
        "<div class=\"table\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\">\n<table>\n<caption>{caption}</caption>\n\
         <thead><tr>{heads}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n</div>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        let said = [0, 999, 1_000, -45_464].map(|n| number(&Value::from(n)));
        assert_eq!(said, ["0", "999", "1\u{202f}000", "−45\u{202f}464"]);
    }

    #[test]
    fn days_are_written_for_people() {
        assert_eq!(date("2026-11-03"), "3 Nov 2026");
        assert_eq!(date("<soon>"), "&lt;soon&gt;");
    }
}
