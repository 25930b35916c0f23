//! How sentences say a category: `is listed as single`, `has a rose scent`, `is made in Italy`.

use super::Noun;
use crate::{
    prose::{
        columns::ColumnKind,
        labels::{is_uncountable, leads},
    },
    words::{article, is_plural},
};

impl Noun {
    pub(super) fn kind(&self, value: &str, has: &str, is: &str) -> String {
        let label = &self.label;
        let last = label.rsplit(' ').next().unwrap_or_default();
        if [
            "type", "kind", "category", "class", "style", "genre", "form",
        ]
        .contains(&last)
        {
            return format!("{is} listed as {value}");
        }
        if ["maker", "brand", "manufacturer", "producer"].contains(&last) {
            return format!("{is} made by {value}");
        }
        if ["none", "no", "nothing"].contains(&value.to_lowercase().as_str()) {
            return format!("{has} the entry {value} for {label}");
        }
        // `is made in Italy`, `is for children`
        if leads(label) {
            return format!("{is} {label} {value}");
        }
        if is_grade(value) && !is_plural(label) && !is_uncountable(label) {
            return format!("{has} {} {label} of {value}", article(label));
        }
        // `3-season` in a column called season.
        if says(value, label) {
            return format!("{is} listed as {value}");
        }
        let simple = value.split(' ').count() <= 3
            && !value.contains(|c: char| !c.is_alphanumeric() && c != ' ' && c != '-')
            && !value.ends_with('s');
        let is_date = self.column.kind == ColumnKind::Date;
        let is_figure = is_date || (!simple && value.starts_with(|c: char| c.is_ascii_digit()));
        if is_figure && !is_plural(label) && !is_uncountable(label) {
            format!("{has} {} {label} of {value}", article(label))
        } else if !simple || is_date {
            format!("{has} {value} as {label}")
        } else if is_uncountable(label) {
            format!("{has} {value} {label}")
        } else {
            format!("{has} {} {value} {label}", article(value))
        }
    }
}

/// Whether a value is a letter or two on a scale: `A++`, `XL`, `IP67`.
fn is_grade(value: &str) -> bool {
    value.len() <= 4
        && value.starts_with(|c: char| c.is_ascii_uppercase())
        && value
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || "+-".contains(c))
}

/// Whether a value ends with the word that the label begins with, so that the one cannot stand before the other.
fn says(value: &str, label: &str) -> bool {
    let last = value.rsplit(|c: char| !c.is_alphanumeric()).next();
    let first = label.split(|c: char| !c.is_alphanumeric()).next();
    last.zip(first)
        .is_some_and(|(last, first)| last.to_lowercase() == first.to_lowercase())
}
