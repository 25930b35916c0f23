//! A table of text: what both formats are read into.

use crate::{CatalogueError, RejectedRow};

/// The most cells that are read: 100,000 rows of 50 columns.
pub const MAX_CELLS: usize = 5_000_000;

/// Text under headers, not typed yet.
#[derive(Debug)]
pub(crate) struct Table {
    /// The headers as they stand in the file, trimmed.
    pub columns: Vec<String>,
    /// Rows with one cell per column.
    pub rows: Vec<RawRow>,
    /// Rows that could not be split.
    pub rejected: Vec<RejectedRow>,
}

/// One row of text.
#[derive(Debug)]
pub(crate) struct RawRow {
    /// The line on which it begins; for JSON the element's number.
    pub line: u64,
    /// Trimmed cells.
    pub cells: Vec<Box<str>>,
}

/// Whether a table of this size is read.
pub(crate) fn check_size(rows: usize, columns: usize) -> Result<(), CatalogueError> {
    if rows.saturating_mul(columns) > MAX_CELLS {
        return Err(CatalogueError::TooLarge {
            rows,
            columns,
            limit: MAX_CELLS,
        });
    }
    Ok(())
}

/// Whether a cell states nothing. `k. A.` is German for n/a; `NaN` and `#N/A` are what exports write.
pub(crate) fn is_missing(cell: &str) -> bool {
    const NOTHING: [&str; 12] = [
        "", "-", "\u{2013}", "\u{2014}", "n/a", "#n/a", "?", "unknown", "null", "nan", "k.a.",
        "k. a.",
    ];
    // No longer word is missing, and most cells are longer.
    cell.len() <= 7
        && NOTHING
            .iter()
            .any(|nothing| cell.eq_ignore_ascii_case(nothing))
}

/// The text with each run of white space as one space.
pub(crate) fn fold_space(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// Whether a character can be seen: neither white space, nor a control, nor one that only directs others.
pub(crate) fn is_visible(c: char) -> bool {
    let directs = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    !c.is_whitespace() && !c.is_control() && !directs
}
