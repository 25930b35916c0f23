//! The claims of a page as they are published: each with the words of the page that state it.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    slice,
};

use rust_decimal::Decimal;
use serde::Serialize;
use va_domain::{
    content::{Claim, ClaimOp, ContentRequest, Filter, Source, TableBlock},
    revision::Changes,
};

use crate::{
    escape::fold,
    words::{is_currency, read_date},
};

use super::{charts::is_drawn, markdown::Said};

/// `data/<slug>.json`.
#[derive(Serialize)]
struct ClaimsFile<'c> {
    question: &'c str,
    angle: &'c str,
    claims: &'c [Published<'c>],
    sources: &'c [Source],
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<&'c Changes>,
    as_of: jiff::civil::Date,
}

/// A [`Claim`] as it is published; its texts are those of the request and of the page.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Published<'p> {
    pub id: Cow<'p, str>,
    pub op: ClaimOp,
    pub column: &'p str,
    pub rows: &'p [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub filter: &'p [Filter],
    pub value: Cow<'p, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'p str>,
    /// The words of the page that state it.
    pub text: Cow<'p, str>,
}

impl<'p> Published<'p> {
    /// What a cell says of a product.
    fn cell(number: usize, column: &'p str, name: &'p String, shown: &'p str) -> Self {
        Self {
            id: ["t", &number.to_string()].concat().into(),
            op: ClaimOp::Value,
            column,
            rows: slice::from_ref(name),
            filter: &[],
            value: fold(shown),
            unit: None,
            text: fold(shown),
        }
    }
}

/// The claims of a page: one for each marker, then one for each cell of its table.
pub(super) fn of<'p>(
    request: &'p ContentRequest,
    said: &'p [Said],
    has_table: bool,
) -> Vec<Published<'p>> {
    let mut claims = marked(request, said);
    if has_table {
        let (table, chart) = (&request.blocks.table, &request.blocks.chart);
        let mut shown = cells(table);
        // A chart of too few points is not drawn, and then nothing of it stands on the page.
        if is_drawn(chart) {
            // A claim of the prose proves its own sentence, no mark of the chart.
            let cell = |claim: &Published<'p>| (claim.column, claim.rows);
            let known: BTreeSet<_> = shown.iter().map(cell).collect();
            let drawn = cells(chart).into_iter();
            let marks = drawn.filter(|claim| !known.contains(&cell(claim)));
            shown.extend(marks.map(|claim| Published {
                id: ["m", &claim.id[1..]].concat().into(),
                ..claim
            }));
        }
        claims.extend(shown);
    }
    claims
}

/// The claims file of a page.
pub(super) fn file(
    request: &ContentRequest,
    claims: &[Published],
    changes: Option<&Changes>,
) -> String {
    let file = ClaimsFile {
        question: &request.question,
        angle: &request.angle,
        claims,
        sources: &request.blocks.sources,
        changes,
        as_of: request.as_of,
    };
    // A claim takes some 200 bytes and its sentence.
    let length = |claim: &Published| 200 + claim.text.len();
    let mut text = Vec::with_capacity(claims.iter().map(length).sum());
    if serde_json::to_writer_pretty(&mut text, &file).is_err() {
        text.clear();
    }
    text.push(b'\n');
    String::from_utf8(text).unwrap_or_default()
}

fn marked<'p>(request: &'p ContentRequest, said: &'p [Said]) -> Vec<Published<'p>> {
    let known: BTreeMap<&str, &Claim> = request.claims.iter().map(|c| (c.id.as_str(), c)).collect();
    let names: Vec<&str> = request
        .products
        .iter()
        .flat_map(|p| [p.name.as_str(), p.short.as_str()])
        .collect();
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    let mut claims = Vec::new();
    for block in said {
        let mut from = 0;
        let mut sentence = Cow::Borrowed("");
        let mut last = usize::MAX;
        for (at, id) in &block.markers {
            if *at != last {
                sentence = last_sentence(&block.text[from..*at], &names);
                (from, last) = (*at, *at);
            }
            let Some((id, claim)) = known.get_key_value(id.as_str()) else {
                continue;
            };
            let count = uses.entry(id).or_default();
            *count += 1;
            // A claim that several sentences rest on is published once for each.
            let id = if *count == 1 {
                Cow::Borrowed(*id)
            } else {
                format!("{id}-{count}").into()
            };
            claims.push(Published {
                id,
                op: claim.op,
                column: &claim.column,
                rows: &claim.rows,
                filter: &claim.filter,
                value: Cow::Borrowed(&claim.value),
                unit: claim.unit.as_deref(),
                text: sentence.clone(),
            });
        }
    }
    claims
}

/// What follows the last end of a sentence that lies in no name.
fn last_sentence<'t>(text: &'t str, names: &[&str]) -> Cow<'t, str> {
    let text = text.trim();
    let bytes = text.as_bytes();
    let begins = |at: usize| {
        matches!(bytes[at - 2..at], [b'.' | b'?' | b'!', b' '])
            && text[at..].starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
    };
    let in_name = |at: usize| {
        names.iter().filter(|n| n.contains(' ')).any(|name| {
            text.match_indices(name)
                .any(|(s, n)| s < at && at < s + n.len())
        })
    };
    let start = (2..text.len())
        .rev()
        .find(|&at| begins(at) && !in_name(at))
        .unwrap_or(0);
    fold(&text[start..])
}

/// A number and its unit, as a cell shows them.
#[derive(Clone, Copy)]
pub(super) struct Amount<'c> {
    pub number: Decimal,
    pub unit: Option<&'c str>,
    /// The number as the cell writes it; of money it is written anew.
    shown: Option<&'c str>,
}

impl<'c> Amount<'c> {
    fn of(text: &'c str, unit: Option<&'c str>) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let number = plain.then(|| text.parse().ok()).flatten()?;
        Some(Self {
            number,
            unit,
            shown: Some(text),
        })
    }

    fn money(text: &'c str, unit: &'c str) -> Option<Self> {
        let amount = Self::of(text, Some(unit))?;
        Some(Self {
            number: amount.number.normalize(),
            shown: None,
            ..amount
        })
    }

    /// The number as a claim carries it.
    fn value(&self) -> Cow<'c, str> {
        self.shown
            .map_or_else(|| self.number.to_string().into(), Cow::Borrowed)
    }

    /// `days` and `day` are one unit.
    pub(super) fn stem(&self) -> Option<&'c str> {
        self.unit.map(|unit| unit.trim_end_matches('s'))
    }
}

/// What a cell shows, where that is one number with or without a unit.
pub(super) fn amount(cell: &str) -> Option<Amount<'_>> {
    if let Some(amount) = Amount::of(cell, None) {
        return Some(amount);
    }
    if let Some(value) = cell.strip_suffix('%') {
        let amount = Amount::of(value, Some("%"));
        if amount.is_some() {
            return amount;
        }
    }
    let (first, rest) = cell.split_once(' ')?;
    if is_currency(first) {
        let money = Amount::money(rest, first);
        if money.is_some() {
            return money;
        }
    }
    // `46 x 15 cm` is a text: its second number must be proven as well.
    let is_unit = !rest.contains(|c: char| c.is_ascii_digit());
    if is_unit {
        Amount::of(first, Some(rest))
    } else {
        None
    }
}

/// A claim for each cell that states something.
pub(crate) fn cells(table: &TableBlock) -> Vec<Published<'_>> {
    let stated = |cell: &&String| cell.as_str() != "not stated" && !cell.is_empty();
    // A column is measured where every cell is an amount in one unit; else its cells are words.
    let measured: Vec<bool> = (0..table.columns.len())
        .map(|at| {
            let cells = table.rows.iter().filter_map(|row| row.get(at));
            let mut units = cells.filter(stated).map(|cell| Some(amount(cell)?.stem()));
            match units.next() {
                Some(Some(unit)) => units.all(|other| other == Some(unit)),
                _ => false,
            }
        })
        .collect();
    let mut claims = Vec::new();
    for row in &table.rows {
        let Some(name) = row.first() else { continue };
        // A name that holds a number states it, whatever else its row leaves open.
        if name.contains(|c: char| c.is_ascii_digit()) {
            let column = table.columns.first().map_or("", String::as_str);
            claims.push(Published::cell(claims.len() + 1, column, name, name));
        }
        for (at, (column, cell)) in table.columns.iter().zip(row).enumerate().skip(1) {
            if !stated(&cell) {
                continue;
            }
            let mut claim = Published::cell(claims.len() + 1, column, name, cell);
            if measured[at] {
                if let Some(amount) = amount(cell) {
                    (claim.value, claim.unit) = (amount.value(), amount.unit);
                }
            } else if let Some(date) = read_date(cell) {
                claim.value = date.to_string().into();
            }
            claims.push(claim);
        }
    }
    claims
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_published_with_its_own_sentence() {
        assert_eq!(
            last_sentence("The Dr. Oro wins. The Dr. Oro weighs 2 kg.", &["Dr. Oro"]),
            "The Dr. Oro weighs 2 kg."
        );
        assert_eq!(
            last_sentence(" It costs EUR 20.50.", &[]),
            "It costs EUR 20.50."
        );
        assert_eq!(
            last_sentence("It is no. 1! Why? So it is. 3 of 4 agree, i. e. most.", &[]),
            "3 of 4 agree, i. e. most."
        );
    }

    #[test]
    fn cells_are_amounts_where_their_column_is() {
        let table = TableBlock {
            caption: String::new(),
            columns: ["name", "price", "cups"].map(str::to_owned).to_vec(),
            headings: Vec::new(),
            rows: vec![
                ["A", "EUR 20.50", "2 cups"].map(str::to_owned).to_vec(),
                ["B", "not stated", "many"].map(str::to_owned).to_vec(),
            ],
        };
        let claims = cells(&table);
        let values: Vec<(&str, Option<&str>)> =
            claims.iter().map(|c| (&*c.value, c.unit)).collect();
        assert_eq!(
            values,
            [("20.5", Some("EUR")), ("2 cups", None), ("many", None)]
        );
    }
}
