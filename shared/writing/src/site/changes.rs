//! What a page says of what changed on it.

use jiff::civil::Date;
use va_domain::revision::Changes;

use crate::{escape::html, words::written_date};

/// The section of an article that was written again.
pub(super) fn section(changes: &Changes) -> String {
    let lines: String = lines(changes)
        .iter()
        .map(|line| format!("<li>{}</li>\n", html(line)))
        .collect();
    let list = if lines.is_empty() {
        "<p>The table states what it stated before; the text was written again.</p>\n".to_owned()
    } else {
        format!("<ul>\n{lines}</ul>\n")
    };
    let days = if changes.since == changes.on {
        format!(
            "Other facts stood here before, of the same day: {}.",
            time(changes.on)
        )
    } else {
        let (since, on) = (time(changes.since), time(changes.on));
        format!("The facts are of {on}; those that stood here before were of {since}.")
    };
    format!(
        "<section class=\"changes\" id=\"changes\">\n<h2>What changed</h2>\n\
         <p>{days}</p>\n{list}</section>\n"
    )
}

fn time(day: Date) -> String {
    format!("<time datetime=\"{day}\">{}</time>", written_date(day))
}

/// One line a change.
fn lines(changes: &Changes) -> Vec<String> {
    let facts = changes
        .facts
        .iter()
        .map(|f| format!("{}: {}, before {}", f.label, f.now.text, f.before.text));
    let more = match changes.more {
        0 => None,
        1 => Some("One more figure changed".to_owned()),
        n => Some(format!("{n} more figures changed")),
    };
    let named = |what: &str, names: &[String]| {
        (!names.is_empty()).then(|| format!("{what}: {}", names.join("; ")))
    };
    facts
        .chain(more)
        .chain(named("New in the table", &changes.added))
        .chain(named("No longer in the table", &changes.removed))
        .collect()
}
