//! What is known of one column.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, prelude::ToPrimitive};
use va_catalogue::{Catalogue, Cell, Kind, Value};

use super::{
    Profile,
    names::{is_sayable, label},
};

/// Whether most names begin with what this column says.
fn in_name(catalogue: &Catalogue, at: usize) -> bool {
    let rows = || {
        catalogue
            .rows
            .iter()
            .filter(|row| !row.cells[at].is_missing())
    };
    let begins = rows()
        .filter(|row| row.name.starts_with(&*row.cells[at].raw))
        .count();
    begins * 2 > rows().count()
}

/// Reads a column; none where a sentence cannot carry its label.
pub(super) fn profile<'c>(catalogue: &'c Catalogue, at: usize) -> Option<Profile<'c>> {
    let column = &catalogue.columns[at];
    let label = label(&column.label).or_else(|| label(&column.name.replace('_', " ")))?;
    let cells = || {
        catalogue
            .rows
            .iter()
            .zip(0_u32..)
            .map(|(row, number)| (&row.cells[at], number))
    };
    let stated = cells().filter(|(cell, _)| !cell.is_missing()).count();
    let mut found = Profile {
        at,
        column,
        label,
        stated,
        numbers: Vec::new(),
        dates: Vec::new(),
        groups: Vec::new(),
        split: 0.0,
        in_name: column.kind == Kind::Category && in_name(catalogue, at),
    };
    match column.kind {
        Kind::Number => {
            found.numbers = cells()
                .filter_map(|(cell, row)| Some((cell.number()?, row)))
                .collect();
            ascending(&mut found.numbers);
            found.split = spread(&found.numbers);
        }
        Kind::Date => {
            let date = |cell: &Cell| {
                if let Value::Date(date) = cell.value {
                    Some(date)
                } else {
                    None
                }
            };
            found.dates = cells()
                .filter_map(|(cell, row)| Some((date(cell)?, row)))
                .collect();
            found.dates.sort_unstable();
        }
        Kind::Boolean | Kind::Category => {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for (cell, _) in cells() {
                match &cell.value {
                    Value::Boolean(truth) => {
                        *counts.entry(if *truth { "yes" } else { "no" }).or_default() += 1
                    }
                    Value::Category => *counts.entry(&cell.raw).or_default() += 1,
                    _ => {}
                }
            }
            // A column of which nearly every entry is another one names products and makes no groups.
            let groups = counts.len() <= 3 || counts.len() * 2 <= stated;
            found.split = if groups {
                mixture(counts.values().copied())
            } else {
                0.0
            };
            let counts = if groups { counts } else { BTreeMap::new() };
            found.groups = counts
                .into_iter()
                .filter(|(v, _)| is_sayable(v))
                .map(|(v, n)| (v.to_owned(), n))
                .collect();
            found
                .groups
                .sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        }
        _ => {}
    }
    #[allow(
        clippy::cast_precision_loss,
        reason = "a share of rows, for an order only"
    )]
    let coverage = stated as f64 / catalogue.rows.len().max(1) as f64;
    found.split *= coverage;
    Some(found)
}

/// Sorts by number, then row. Integers of one scale are compared where they fit: decimals of mixed scales
/// are slow to compare.
fn ascending(numbers: &mut Vec<(Decimal, u32)>) {
    let scale = numbers
        .iter()
        .map(|(n, _)| n.scale())
        .max()
        .unwrap_or_default();
    let whole = |n: &Decimal| {
        n.mantissa()
            .checked_mul(10_i128.checked_pow(scale - n.scale())?)
    };
    let keyed: Option<Vec<(i128, (Decimal, u32))>> =
        numbers.iter().map(|n| Some((whole(&n.0)?, *n))).collect();
    match keyed {
        Some(mut keyed) => {
            keyed.sort_unstable_by_key(|(key, (_, row))| (*key, *row));
            *numbers = keyed.into_iter().map(|(_, n)| n).collect();
        }
        None => numbers.sort_unstable(),
    }
}

/// The middle half of the values against the median: 0 where most are equal, 1 where they differ greatly.
fn spread(ascending: &[(Decimal, u32)]) -> f64 {
    let at = |part: usize| {
        ascending
            .get(ascending.len() * part / 4)
            .and_then(|(n, _)| n.to_f64())
            .unwrap_or_default()
    };
    let (low, middle, high) = (at(1), at(2), at(3));
    if middle == 0.0 || high <= low {
        return if ascending.first() < ascending.last() {
            0.01
        } else {
            0.0
        };
    }
    ((high - low) / middle.abs()).min(1.0)
}

/// The chance that two rows differ.
#[allow(
    clippy::cast_precision_loss,
    reason = "a share of rows, for an order only"
)]
fn mixture(counts: impl Iterator<Item = usize> + Clone) -> f64 {
    let all = counts.clone().sum::<usize>() as f64;
    if all == 0.0 {
        0.0
    } else {
        1.0 - counts.map(|n| (n as f64 / all).powi(2)).sum::<f64>()
    }
}
