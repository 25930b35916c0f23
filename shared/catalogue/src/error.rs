//! Why a table cannot be used.

use crate::RejectedRow;

/// A table that cannot be used, or hints that do not fit it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// There is no header, or no element.
    #[error("the catalogue is empty")]
    Empty,
    /// The bytes are in another encoding throughout.
    #[error("the catalogue is not UTF-8: {what}")]
    Encoding {
        /// What was seen.
        what: &'static str,
    },
    /// The first line cannot be read as column names.
    #[error("line {line}: the header cannot be read: {why}")]
    Header {
        /// Where.
        line: u64,
        /// What is wrong.
        why: &'static str,
    },
    /// Not a JSON array of objects.
    #[error("line {line}, column {column}: not a JSON array of objects: {why}")]
    Json {
        /// Where.
        line: usize,
        /// Where in the line.
        column: usize,
        /// What the reader of JSON said.
        why: String,
    },
    /// More than 20 % of the rows are bad.
    #[error("{bad} of {total} rows are bad, more than 20 %: {}", listed(.first))]
    TooManyBad {
        /// How many.
        bad: usize,
        /// Of how many.
        total: usize,
        /// The first of them.
        first: Vec<RejectedRow>,
    },
    /// There is a header and no row under it that can be used.
    #[error("the catalogue has no usable row{}", if .first.is_empty() { String::new() } else { format!(": {}", listed(.first)) })]
    NoRow {
        /// The first rows that were set aside.
        first: Vec<RejectedRow>,
    },
    /// Nothing names the products.
    #[error(
        "no column names the products: none is called name, title, product or model, and no text column has a different value in every row"
    )]
    NoNameColumn,
    /// A hint is for a column that is not there.
    #[error("{place} names the column `{name}`, which the catalogue does not have")]
    UnknownColumn {
        /// Where it was named: `[catalogue] name`.
        place: String,
        /// What stood there.
        name: String,
        /// The nearest column.
        nearest: Option<String>,
    },
    /// A hint's direction is none of the three.
    #[error(
        "[catalogue.columns.{column}] better = {value:?} is none of \"lower\", \"higher\" and \"none\""
    )]
    Better {
        /// Which column.
        column: String,
        /// What stood there.
        value: String,
        /// The nearest of the three.
        nearest: Option<String>,
    },
    /// A hint's unit does not measure what the column states.
    #[error(
        "[catalogue.columns.{column}] unit = {unit:?} does not measure what the column states, which is in {found}"
    )]
    Unit {
        /// Which column.
        column: String,
        /// What stood there.
        unit: String,
        /// The unit in the table.
        found: String,
    },
    /// Two hints are for one column.
    #[error("[catalogue.columns.{first}] and [catalogue.columns.{second}] are one column")]
    HintTwice {
        /// One key.
        first: String,
        /// The other.
        second: String,
    },
    /// More cells than are read.
    #[error("the catalogue has {rows} rows of {columns} columns; at most {limit} cells are read")]
    TooLarge {
        /// How many rows.
        rows: usize,
        /// How many columns.
        columns: usize,
        /// The limit.
        limit: usize,
    },
}

fn listed(rows: &[RejectedRow]) -> String {
    let each: Vec<String> = rows
        .iter()
        .map(|r| format!("line {}: {}", r.line, r.reason))
        .collect();
    each.join("; ")
}

impl CatalogueError {
    /// A stable name for logs and runbooks.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "catalogue_empty",
            Self::Encoding { .. } => "catalogue_encoding",
            Self::Header { .. } => "catalogue_header",
            Self::Json { .. } => "catalogue_json",
            Self::TooManyBad { .. } => "catalogue_bad_rows",
            Self::NoRow { .. } => "catalogue_no_row",
            Self::NoNameColumn => "catalogue_no_name",
            Self::UnknownColumn { .. } => "catalogue_unknown_column",
            Self::Better { .. } => "catalogue_better",
            Self::Unit { .. } => "catalogue_unit",
            Self::HintTwice { .. } => "catalogue_hint_twice",
            Self::TooLarge { .. } => "catalogue_too_large",
        }
    }

    /// Whether the same bytes may be read later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        false
    }

    /// The key of goal.toml that it is about, from the top, where a hint does not fit the table.
    #[must_use]
    pub fn goal_key(&self) -> Option<String> {
        match self {
            Self::UnknownColumn { place, name, .. } => Some(match place.as_str() {
                "[catalogue] name" => "catalogue.name".to_owned(),
                "[catalogue] key" => "catalogue.key".to_owned(),
                "[limits] exclude" => format!("limits.exclude.{name}"),
                _ => format!("catalogue.columns.{name}"),
            }),
            Self::Better { column, .. } => Some(format!("catalogue.columns.{column}.better")),
            Self::Unit { column, .. } => Some(format!("catalogue.columns.{column}.unit")),
            Self::HintTwice { second, .. } => Some(format!("catalogue.columns.{second}")),
            _ => None,
        }
    }

    /// What to do about it, in a sentence.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Empty | Self::NoRow { .. } => "Give a header line and one line per product, or a JSON array of objects.".to_owned(),
            Self::Encoding { .. } => "Save the file again as UTF-8.".to_owned(),
            Self::Header { .. } => "Begin the file with one line of column names, each quote closed.".to_owned(),
            Self::Json { .. } => "Write [{\"name\": \"…\", …}, …].".to_owned(),
            Self::TooManyBad { .. } => "Correct these lines: each row needs as many fields as the header, a name, and UTF-8 text.".to_owned(),
            Self::NoNameColumn => "Say which one does: name = \"…\" in [catalogue] of goal.toml.".to_owned(),
            Self::UnknownColumn { nearest: Some(nearest), .. } => format!("Did you mean `{nearest}`?"),
            Self::UnknownColumn { nearest: None, .. } => "`va catalogue inspect` lists the columns.".to_owned(),
            Self::Better { nearest: Some(nearest), .. } => format!("Did you mean \"{nearest}\"?"),
            Self::Better { nearest: None, .. } => "Write \"lower\", \"higher\" or \"none\".".to_owned(),
            Self::Unit { found, .. } => format!("Leave `unit` out, or write a unit that {found} converts to."),
            Self::HintTwice { .. } => "Keep one of the two tables.".to_owned(),
            Self::TooLarge { .. } => "Leave out rows or columns that no page needs.".to_owned(),
        }
    }
}
