//! How the cells of a table look and sort.

use rust_decimal::{Decimal, prelude::ToPrimitive};
use va_domain::content::TableBlock;

use crate::words::read_date;

use super::charts::{Better, Direction, Measure};

/// How one cell looks, and what it is sorted by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// The length of its bar, in percent of the column's largest figure.
    bar: Option<u8>,
    /// Whether it is a figure that its column's better end has.
    best: bool,
    /// Whether nobody states it.
    open: bool,
    /// What it is sorted by, where that is not its text.
    sort: Option<String>,
}

impl Look {
    /// The opening tag.
    pub(super) fn tag(&self) -> String {
        let mut tag = String::with_capacity(64);
        tag.push_str("<td");
        let classes = [
            (self.bar.is_some(), "bar"),
            (self.best, "best"),
            (self.open, "open"),
        ];
        let mut before = " class=\"";
        for (_, class) in classes.iter().filter(|(is, _)| *is) {
            tag.extend([before, class]);
            before = " ";
        }
        if before == " " {
            tag.push('"');
        }
        if let Some(percent) = self.bar {
            tag.extend([" style=\"--bar: ", &percent.to_string(), "%\""]);
        }
        if let Some(sort) = &self.sort {
            tag.extend([" data-sort=\"", sort, "\""]);
        }
        tag.push('>');
        tag
    }
}

/// For each row and column how the cell looks. There are bars where a column holds figures that differ.
pub(super) fn of(
    table: &TableBlock,
    measures: &[Measure],
    direction: &Direction,
) -> Vec<Vec<Look>> {
    let mut looks = vec![vec![Look::default(); table.headings.len()]; table.rows.len()];
    for (row, looks) in table.rows.iter().zip(&mut looks) {
        for (cell, look) in row.iter().zip(looks) {
            look.open = cell == "not stated";
            look.sort = read_date(cell).map(|date| date.to_string());
        }
    }
    for measure in measures {
        let at = table.columns.iter().position(|c| *c == measure.column);
        if let (Some(at), Some((low, high))) = (at, ends(measure)) {
            let best = match direction.better(measure.column, measure.unit) {
                Some(Better::Lower) => Some(low),
                Some(Better::Higher) => Some(high),
                None => None,
            };
            for (figure, look) in measure.figures.iter().zip(&mut looks) {
                let (Some(figure), Some(look)) = (figure, look.get_mut(at)) else {
                    continue;
                };
                look.bar = length(figure.number, high);
                look.best = best == Some(figure.number);
            }
        }
    }
    looks
}

/// What stands below a table with such cells: the same words on every page.
pub(super) fn legend(looks: &[Vec<Look>]) -> String {
    let any = |is: fn(&Look) -> bool| looks.iter().flatten().any(is);
    let mut parts = Vec::new();
    if any(|look| look.best) {
        parts.push("Bold: the best figure stated here, where a column has a better end.");
    }
    if any(|look| look.bar.is_some()) {
        parts.push("Bar: in proportion to the column’s largest figure.");
    }
    parts.join(" ")
}

fn ends(measure: &Measure) -> Option<(Decimal, Decimal)> {
    let (low, high) = measure.ends()?;
    (low.number < high.number).then_some((low.number, high.number))
}

fn length(number: Decimal, high: Decimal) -> Option<u8> {
    number
        .checked_div(high)?
        .checked_mul(Decimal::ONE_HUNDRED)?
        .round()
        .to_u8()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::charts::measures;
    use super::*;

    #[test]
    fn the_largest_figure_has_the_whole_length_and_the_best_is_marked() {
        let rows = [
            ["A", "EUR 20", "red", "2 kg", "3 Nov 2026"],
            ["B", "EUR 80", "red", "2 kg", "not stated"],
            ["C", "not stated", "blue", "2 kg", "not stated"],
        ];
        let names = ["name", "price", "colour", "weight", "seen"];
        let table = TableBlock {
            columns: names.map(str::to_owned).to_vec(),
            headings: names.map(str::to_owned).to_vec(),
            rows: rows
                .iter()
                .map(|row| row.map(str::to_owned).to_vec())
                .collect(),
            ..TableBlock::default()
        };
        let direction = Direction::of(&BTreeMap::new(), std::iter::empty());
        let looks = of(&table, &measures(&table), &direction);
        let tags: Vec<String> = looks[0].iter().map(Look::tag).collect();
        assert_eq!(
            tags,
            [
                "<td>",
                "<td class=\"bar best\" style=\"--bar: 25%\">",
                "<td>",
                "<td>",
                "<td data-sort=\"2026-11-03\">"
            ]
        );
        assert_eq!(
            looks[1][1].tag(),
            "<td class=\"bar\" style=\"--bar: 100%\">"
        );
        assert!(legend(&looks).contains("best"));
    }
}
