//! How long the bar behind each figure of a table is.

use rust_decimal::{Decimal, prelude::ToPrimitive};
use va_domain::content::TableBlock;

use super::claims::amount;

/// For each row and column the length in percent of the column's largest figure; none where a column holds
/// something else than figures, a negative one, or the same one everywhere.
pub(super) fn of(table: &TableBlock) -> Vec<Vec<Option<u8>>> {
    let mut bars = vec![vec![None; table.headings.len()]; table.rows.len()];
    for column in 1..table.headings.len() {
        let cells = || table.rows.iter().filter_map(move |row| row.get(column));
        let figure = |cell: &String| amount(cell).and_then(|a| a.value.parse::<Decimal>().ok());
        let stated: Vec<Decimal> = cells().filter_map(figure).collect();
        let open = cells().filter(|cell| cell.as_str() == "not stated").count();
        let (Some(low), Some(high)) = (stated.iter().min(), stated.iter().max()) else {
            continue;
        };
        if stated.len() + open < table.rows.len() || *low < Decimal::ZERO || low == high {
            continue;
        }
        for (row, bars) in table.rows.iter().zip(&mut bars) {
            let percent = row
                .get(column)
                .and_then(figure)
                .and_then(|n| n.checked_div(*high)?.checked_mul(Decimal::ONE_HUNDRED));
            bars[column] = percent.and_then(|p| p.round().to_u8());
        }
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_figure_has_the_whole_length() {
        let rows = [
            ["A", "EUR 20", "red", "2 kg"],
            ["B", "EUR 80", "red", "2 kg"],
            ["C", "not stated", "blue", "2 kg"],
        ];
        let table = TableBlock {
            headings: ["Product", "Price", "Colour", "Weight"]
                .map(str::to_owned)
                .to_vec(),
            rows: rows
                .iter()
                .map(|row| row.map(str::to_owned).to_vec())
                .collect(),
            ..TableBlock::default()
        };
        let none = [None; 4].to_vec();
        let bar = |n| [None, Some(n), None, None].to_vec();
        assert_eq!(of(&table), [bar(25), bar(100), none]);
    }
}
