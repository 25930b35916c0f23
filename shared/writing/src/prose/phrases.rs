//! The parts of sentences: values, holders, counts, labels.

use va_domain::content::Claim;

use super::{
    columns::{Column, ColumnKind},
    labels::leads,
};
use crate::{
    pages::the,
    words::{amount, is_plural, list, singular, written_date},
};

pub(super) fn holders(claim: &Claim) -> String {
    list(&claim.rows.iter().map(|name| the(name)).collect::<Vec<_>>())
}

pub(super) fn row(claim: &Claim, at: usize) -> &str {
    claim.rows.get(at).map_or("", String::as_str)
}

/// A claim's value as it is written.
pub(super) fn amount_of(claim: &Claim) -> String {
    // A date has eight digits at least; a figure seldom has.
    let date = (claim.value.len() >= 8).then(|| claim.value.parse::<jiff::civil::Date>());
    if let Some(Ok(date)) = date {
        return written_date(date);
    }
    amount(&claim.value, claim.unit.as_deref())
}

/// `3 products`, `1 product`
pub(super) fn products(count: &str) -> String {
    if count == "1" {
        "1 product".to_owned()
    } else {
        format!("{count} products")
    }
}

/// A label that a sentence can treat as a singular.
pub(super) fn phrase(column: &Column) -> String {
    match column.kind {
        // `made in`: a preposition that a sentence goes on from would stand beside another.
        ColumnKind::Other if leads(&column.label) => format!("{} entry", column.label),
        _ if !is_plural(&column.label) => column.label.clone(),
        ColumnKind::Number => format!("number of {}", column.label),
        ColumnKind::Price => singular(&column.label),
        _ => format!("entry for {}", column.label),
    }
}
