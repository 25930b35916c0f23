//! What a request says of its columns and products.

use std::collections::BTreeMap;

use jiff::civil::Date;
use va_domain::content::{Claim, ContentRequest};

use crate::words::inner;

/// A column as sentences speak of it.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// As it stands within a sentence.
    pub label: String,
    pub kind: ColumnKind,
    pub better: Direction,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColumnKind {
    Price,
    Number,
    Boolean,
    Date,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Lower,
    Higher,
    None,
}

/// The columns of a request.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns(BTreeMap<String, Column>);

impl Columns {
    /// Reads the lines that a plan puts into the context: `name | label | kind | better | about`.
    pub(super) fn read(context: Option<&str>) -> Self {
        let mut columns = BTreeMap::new();
        for line in context.unwrap_or_default().lines().skip(1) {
            let mut parts = line.split('|').map(str::trim);
            let (Some(name), Some(label), Some(kind), Some(better)) =
                (parts.next(), parts.next(), parts.next(), parts.next())
            else {
                continue;
            };
            let kind = match kind {
                "price" => ColumnKind::Price,
                "number" => ColumnKind::Number,
                "boolean" => ColumnKind::Boolean,
                "date" => ColumnKind::Date,
                _ => ColumnKind::Other,
            };
            let better = match better {
                "lower" => Direction::Lower,
                "higher" => Direction::Higher,
                _ => Direction::None,
            };
            columns.insert(
                name.to_owned(),
                Column {
                    label: inner(label),
                    kind,
                    better,
                },
            );
        }
        Self(columns)
    }

    /// A column; one that the context does not describe is called by its name.
    pub(super) fn get(&self, name: &str) -> Column {
        self.0.get(name).cloned().unwrap_or_else(|| Column {
            label: name.replace('_', " "),
            kind: if name.starts_with("price") {
                ColumnKind::Price
            } else {
                ColumnKind::Other
            },
            better: Direction::None,
        })
    }
}

/// When the facts of a product were read, by its sources.
pub(super) fn date_of(request: &ContentRequest, product: &str) -> Option<Date> {
    let of = |label: &str| {
        label.strip_prefix(product).is_some_and(|rest| {
            rest.is_empty() || rest.starts_with(" (") || rest.starts_with(", source")
        })
    };
    request
        .blocks
        .sources
        .iter()
        .find(|s| of(&s.label))
        .and_then(|s| s.date)
}

/// The column that a claim speaks of: its own, or that of its filter.
pub(super) fn column_of(claim: &Claim) -> &str {
    if claim.column.is_empty() {
        claim.filter.last().map_or("", |f| f.column.as_str())
    } else {
        &claim.column
    }
}
