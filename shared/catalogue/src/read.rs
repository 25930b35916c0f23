//! From the bytes of a file to a typed catalogue.

use std::collections::HashSet;

use va_domain::goal_spec::CatalogueSection;

use crate::{Catalogue, CatalogueError, Cell, Kind, Value, csv_text, json_text, reading::Reading};

/// How a catalogue is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180, with `,`, `;` or tab.
    Csv,
    /// An array of objects.
    Json,
}

impl Format {
    /// The format that a file's name says; where it says none, that of the first byte.
    #[must_use]
    pub fn of(file: &str, bytes: &[u8]) -> Self {
        let extension = file
            .rsplit_once('.')
            .map(|(_, extension)| extension.to_ascii_lowercase());
        match extension.as_deref() {
            Some("json") => Self::Json,
            Some("csv" | "tsv" | "tab" | "txt") => Self::Csv,
            _ if without_bom(bytes).trim_ascii_start().starts_with(b"[") => Self::Json,
            _ => Self::Csv,
        }
    }
}

fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Reads a catalogue.
///
/// A row is bad, and set aside, where it has a wrong number of fields, is not UTF-8, or has no name; an open
/// quote is named by the line where it opens. A row whose name (or key, where `hints` has one) stands in an
/// earlier row is set aside as well, since no page could tell the two apart; it is not bad, so it does not
/// count towards the 20 %.
///
/// # Errors
/// [`CatalogueError`] where more than 20 % of the rows are bad, none is usable, no column names the
/// products, or `hints` do not fit the table.
pub fn read(
    bytes: &[u8],
    format: Format,
    hints: &CatalogueSection,
) -> Result<Catalogue, CatalogueError> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(CatalogueError::Encoding {
            what: "it begins like UTF-16",
        });
    }
    let bytes = without_bom(bytes);
    let table = match format {
        Format::Csv => csv_text::read(bytes)?,
        Format::Json => {
            let text = std::str::from_utf8(bytes).map_err(|_| CatalogueError::Encoding {
                what: "JSON is read as a whole",
            })?;
            json_text::read(text)?
        }
    };
    Reading::of(table, hints)?.finish()
}

impl Catalogue {
    /// Counts again what the columns' cells state.
    pub(crate) fn count(&mut self) {
        for (place, column) in self.columns.iter_mut().enumerate() {
            let cells = self
                .rows
                .iter()
                .map(|row| &row.cells[place])
                .filter(|cell| !cell.is_missing());
            column.stated = cells.clone().count();
            column.distinct = match column.kind {
                Kind::Number => cells.filter_map(Cell::number).collect::<HashSet<_>>().len(),
                Kind::Date | Kind::Boolean | Kind::Dimensions => cells
                    .map(|cell| typed_text(&cell.value))
                    .collect::<HashSet<_>>()
                    .len(),
                Kind::Name | Kind::Url | Kind::Category | Kind::Text => cells
                    .map(|cell| cell.raw.as_ref())
                    .collect::<HashSet<&str>>()
                    .len(),
            };
        }
    }
}

fn typed_text(value: &Value) -> String {
    match value {
        Value::Date(date) => date.to_string(),
        Value::Boolean(truth) => truth.to_string(),
        Value::Dimensions(lengths) => lengths
            .iter()
            .map(|n| n.normalize().to_string())
            .collect::<Vec<_>>()
            .join(" x "),
        Value::Missing | Value::Url | Value::Number(_) | Value::Category | Value::Text => {
            String::new()
        }
    }
}
