//! What `va catalogue inspect` shows.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::{Better, Catalogue, Kind, RejectedRow, table::is_visible};

/// What was understood of a catalogue. Its JSON is a part of the contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// `va.catalogue/1`
    pub schema: String,
    /// Usable rows.
    pub rows: usize,
    /// Rows that were set aside.
    pub rejected: Vec<RejectedRow>,
    /// The column that names the products.
    pub name: String,
    /// The columns, in file order.
    pub columns: Vec<ColumnInspection>,
}

/// What was understood of a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnInspection {
    /// Its key in goal.toml.
    pub name: String,
    /// What a reader sees.
    pub label: String,
    /// What its cells are.
    pub kind: Kind,
    /// The unit of its numbers.
    pub unit: Option<String>,
    /// Which direction a buyer prefers.
    pub better: Better,
    /// The share of rows that state it, 0 to 1, to four decimals.
    pub coverage: f64,
    /// Different values.
    pub distinct: usize,
}

impl Inspection {
    /// What was understood of this catalogue.
    #[must_use]
    pub fn of(catalogue: &Catalogue) -> Self {
        let rows = catalogue.rows.len();
        let column = |c: &crate::Column| ColumnInspection {
            name: c.name.clone(),
            label: c.label.clone(),
            kind: c.kind,
            unit: c.unit.clone(),
            better: c.better,
            coverage: share(c.stated, rows),
            distinct: c.distinct,
        };
        Self {
            schema: "va.catalogue/1".to_owned(),
            rows,
            rejected: catalogue.rejected.clone(),
            name: catalogue.columns[catalogue.name_column].name.clone(),
            columns: catalogue.columns.iter().map(column).collect(),
        }
    }

    /// A table for a terminal. Control characters of the file do not reach it.
    #[must_use]
    pub fn to_text(&self) -> String {
        let head = [
            "column", "label", "kind", "unit", "better", "coverage", "distinct",
        ]
        .map(str::to_owned);
        let lines: Vec<[String; 7]> = std::iter::once(head)
            .chain(self.columns.iter().map(line))
            .collect();
        let width = |column: usize| {
            lines
                .iter()
                .map(|line| line[column].chars().count())
                .max()
                .unwrap_or(0)
        };
        let widths: [usize; 7] = std::array::from_fn(width);
        let mut text = format!("{} rows, named by `{}`\n\n", self.rows, self.name);
        for line in &lines {
            let mut padded = String::new();
            for (column, (cell, width)) in line.iter().zip(widths).enumerate() {
                // Figures stand to the right.
                if column >= 5 {
                    let _ = write!(padded, "{cell:>width$}  ");
                } else {
                    let _ = write!(padded, "{cell:<width$}  ");
                }
            }
            text.push_str(padded.trim_end());
            text.push('\n');
        }
        if !self.rejected.is_empty() {
            let _ = write!(text, "\nset aside: {}\n", self.rejected.len());
        }
        for row in &self.rejected {
            let _ = writeln!(text, "  line {}: {}", row.line, printable(&row.reason));
        }
        text
    }
}

fn line(column: &ColumnInspection) -> [String; 7] {
    [
        column.name.clone(),
        printable(&column.label),
        kind(column.kind).to_owned(),
        printable(column.unit.as_deref().unwrap_or("")),
        match column.better {
            Better::Lower => "lower",
            Better::Higher => "higher",
            Better::None => "",
        }
        .to_owned(),
        format!("{:.0} %", column.coverage * 100.0),
        column.distinct.to_string(),
    ]
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Name => "name",
        Kind::Url => "url",
        Kind::Date => "date",
        Kind::Boolean => "boolean",
        Kind::Number => "number",
        Kind::Dimensions => "dimensions",
        Kind::Category => "category",
        Kind::Text => "text",
    }
}

/// At most 80 characters, none of which a terminal obeys.
fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| *c == ' ' || is_visible(*c))
        .take(80)
        .collect()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a catalogue has far fewer rows than 2^53"
)]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    (part as f64 / whole as f64 * 10_000.0).round() / 10_000.0
}
