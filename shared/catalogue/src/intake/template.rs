//! A goal file to edit, made for a catalogue.

use std::fmt::Write as _;

use super::rules::slug_of;
use crate::{Better, Catalogue, Column, Kind};

/// A text as a TOML string.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A commented goal.toml for this catalogue, with a budget of 5.00, 500,000 tokens and 500 calls, which
/// [`parse_goal`](super::parse_goal) accepts. Of `id` a slug is made, of `catalogue_file` the last step is
/// kept, and control characters of `intent` are dropped.
#[must_use]
pub fn new_goal_toml(
    id: &str,
    intent: &str,
    catalogue_file: &str,
    catalogue: &Catalogue,
) -> String {
    let id = slug_of(id);
    let intent: String = intent
        .trim()
        .chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .collect();
    let intent = if intent.trim().is_empty() {
        "Publish a guide site from this catalogue"
    } else {
        intent.as_str()
    };
    let file = catalogue_file
        .rsplit(['/', '\\', ':'])
        .next()
        .unwrap_or_default();
    let file = if matches!(file, "" | "." | "..") {
        "catalogue.csv"
    } else {
        file
    };
    let name = site_name(&id);
    let column = &catalogue.columns[catalogue.name_column].name;
    let mut text = format!(
        r#"# What the company is to reach. `va plan` shows how it would; `va run` does it.
schema = 1

[goal]
id = "{id}"
intent = {intent}
priority = "P1"                 # P0, P1 or P2
risk_tolerance = "low"          # low, medium or high
domains = ["content"]
constraints = []                # what no key below says is listed as not enforced

[limits]
max_articles = 12               # 1 to 45; fewer if the catalogue answers fewer questions
banned_phrases = []
# exclude = {{ {column} = ["…"] }}

[budget]
amount = "5.00"                 # in the company's currency
tokens = 500000
calls = 500
warn_at = [70, 90]              # percent

# [[kpi]]
# name = "articles_published"
# target = 10
# gate = "report"               # report, pause or replan

[revenue]
model = "none"                  # or "affiliate", with the four lines below
# programme = "…"
# tag = "…"
# hosts = ["shop.example"]
# link = "https://shop.example/p/{{{column}}}?aff={{tag}}"   # without it the row's own address is linked

[site]
id = "{id}"
name = {name}
base_url = "https://example.org/"   # where the site will lie; it may have a path
language = "en"
imprint_required = false        # true: nothing is published without imprint = "imprint.md"

[catalogue]
file = {file}
name = "{column}"
"#,
        intent = quoted(intent),
        name = quoted(&name),
        file = quoted(file),
    );
    let judged: Vec<&Column> = catalogue
        .columns
        .iter()
        .filter(|column| column.kind == Kind::Number)
        .collect();
    if !judged.is_empty() {
        text.push_str("\n# Which direction a buyer prefers: lower, higher or none. A column with none is described and never judged.\n");
    }
    for column in judged {
        let better = match column.better {
            Better::Lower => "lower",
            Better::Higher => "higher",
            Better::None => "none",
        };
        let _ = write!(
            text,
            "\n[catalogue.columns.{}]\nbetter = \"{better}\"\n",
            column.name
        );
    }
    text
}

/// `home-espresso` as `Home espresso`.
fn site_name(id: &str) -> String {
    let words = id.replace('-', " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
