//! Product tables: reading, typing and unit conversion.
//!
//! A catalogue is data that a stranger may have written. Whatever stands in a cell is a value, never an
//! instruction, and nothing is guessed that the table does not say.

mod csv_text;
mod date;
mod error;
mod exclude;
mod header;
mod infer;
mod inspect;
pub mod intake;
mod json_text;
mod naming;
mod number;
mod quantity;
mod read;
mod reading;
mod table;
mod units;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use error::CatalogueError;
pub use inspect::{ColumnInspection, Inspection};
pub use read::{Format, read};
pub use table::MAX_CELLS;

/// A typed product table.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// The columns, in file order.
    pub columns: Vec<Column>,
    /// Index in `columns` of the one that names the products.
    pub name_column: usize,
    /// The usable rows, in file order.
    pub rows: Vec<Row>,
    /// The rows that were set aside.
    pub rejected: Vec<RejectedRow>,
}

/// One column and what its cells have in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The header as it stands in the file.
    #[serde(default)]
    pub header: String,
    /// The header without its unit, lowercase words joined by `_`: the key in goal.toml, unique.
    pub name: String,
    /// What a reader sees: `Weight`.
    pub label: String,
    /// What its cells are.
    pub kind: Kind,
    /// The unit of its numbers: `kg`, `EUR`, `l`.
    pub unit: Option<String>,
    /// Which direction a buyer prefers, where goal.toml or the meaning of a price says so.
    pub better: Better,
    /// What the column means, from goal.toml.
    pub about: Option<String>,
    /// Cells that state something, of all rows.
    pub stated: usize,
    /// Different values among them.
    pub distinct: usize,
}

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The product's name.
    Name,
    /// An absolute http(s) address.
    Url,
    /// A calendar date.
    Date,
    /// Yes or no.
    Boolean,
    /// A decimal in the column's unit.
    Number,
    /// Two or three lengths.
    Dimensions,
    /// One of few short texts.
    Category,
    /// Anything else.
    Text,
}

/// Which direction a buyer prefers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// Less is better.
    Lower,
    /// More is better.
    Higher,
    /// The column is described and never judged.
    #[default]
    None,
}

/// One product.
#[derive(Clone, Debug)]
pub struct Row {
    /// The line of the file on which it begins, from 1; for JSON the element's number, from 1.
    pub line: u64,
    /// Its name, trimmed, inner white space folded.
    pub name: String,
    /// One cell per column.
    pub cells: Vec<Cell>,
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// As it stands in the file, trimmed.
    pub raw: Box<str>,
    /// What it means.
    pub value: Value,
}

/// What a cell means under its column's kind. A cell that does not fit its column is `Missing` for
/// every computation, and keeps its `raw` text.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing is stated.
    Missing,
    /// An absolute http(s) address (its text is `raw`).
    Url,
    /// A calendar date.
    Date(Date),
    /// Yes or no.
    Boolean(bool),
    /// In the column's unit.
    Number(Decimal),
    /// Lengths in the column's unit, as stated.
    Dimensions(Vec<Decimal>),
    /// A category (its text is `raw`).
    Category,
    /// Text, or the product's name (its text is `raw`).
    Text,
}

/// A row that was set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectedRow {
    /// The line on which it begins.
    pub line: u64,
    /// Why.
    pub reason: String,
}

impl Catalogue {
    /// The index of the column with this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }

    /// The index of the column that a person means: by its name, or by its header as the file has it.
    #[must_use]
    pub fn find_column(&self, key: &str) -> Option<usize> {
        self.column(key).or_else(|| {
            let headers: Vec<header::Header> = self
                .columns
                .iter()
                .map(|c| header::Header::read(&c.header))
                .collect();
            naming::find_by(headers.len(), key, |place| (&headers[place], None))
        })
    }

    /// The price column: the number column called price, or the first whose name begins with that word.
    #[must_use]
    pub fn price_column(&self) -> Option<usize> {
        let number = |c: &Column| c.kind == Kind::Number;
        self.columns
            .iter()
            .position(|c| number(c) && c.name == "price")
            .or_else(|| self.columns.iter().position(Column::is_price))
    }

    /// The first column of addresses.
    #[must_use]
    pub fn url_column(&self) -> Option<usize> {
        self.columns.iter().position(|c| c.kind == Kind::Url)
    }
}

/// Whether a column's name says that it holds what a product costs: its first word is price, preis or cost, or
/// it is a price of a known kind, such as `launch_price`. The price of something else, as in `battery_price`,
/// is none.
#[must_use]
pub fn is_price_name(name: &str) -> bool {
    let first = name.split('_').next().unwrap_or_default();
    let kind = name
        .strip_suffix("_price")
        .or_else(|| name.strip_suffix("_preis"));
    matches!(first, "price" | "preis" | "cost" | "msrp" | "rrp" | "uvp")
        || kind.is_some_and(|kind| {
            [
                "launch", "list", "retail", "street", "sales", "selling", "regular", "base",
                "starting",
            ]
            .contains(&kind)
        })
        || matches!(
            name,
            "listenpreis" | "verkaufspreis" | "kaufpreis" | "ladenpreis"
        )
}

/// Whether a column's name says that it tells products apart and nothing about them: an article number, a SKU, an
/// ISBN.
fn is_identifier_name(name: &str) -> bool {
    const CODES: [&str; 9] = [
        "sku", "asin", "ean", "gtin", "upc", "isbn", "mpn", "uuid", "guid",
    ];
    const THINGS: [&str; 13] = [
        "article",
        "artikel",
        "bestell",
        "catalog",
        "catalogue",
        "item",
        "modell",
        "model",
        "order",
        "part",
        "product",
        "produkt",
        "serial",
    ];
    let words: Vec<&str> = name.split('_').collect();
    let numbers = |word: &str| matches!(word, "id" | "no" | "nr" | "num" | "number" | "nummer");
    let joined = name
        .strip_suffix("nummer")
        .is_some_and(|thing| THINGS.contains(&thing) || thing == "serien" || thing == "teile");
    name == "id"
        || joined
        || words.iter().any(|word| CODES.contains(word))
        || matches!(words[..], [thing, kind] if THINGS.contains(&thing) && numbers(kind))
}

impl Column {
    /// Whether it only tells products apart: it is called a SKU, an ISBN, an article number or the like, and goal.toml
    /// says neither which direction is better nor what it means.
    #[must_use]
    pub fn is_identifier(&self) -> bool {
        self.better == Better::None && self.about.is_none() && is_identifier_name(&self.name)
    }

    /// Whether it tells what a shop has of a product today: on a page it would be wrong tomorrow.
    #[must_use]
    pub fn is_stock(&self) -> bool {
        const WORDS: [&str; 8] = [
            "availability",
            "available",
            "bestand",
            "inventory",
            "lagerbestand",
            "stock",
            "verfuegbar",
            "verfuegbarkeit",
        ];
        self.name.split('_').any(|word| WORDS.contains(&word))
    }

    /// Whether it states what a product costs: a number column that is [called a price](is_price_name), in a
    /// currency or without a unit.
    #[must_use]
    pub fn is_price(&self) -> bool {
        let money = self
            .unit
            .as_deref()
            .is_none_or(|unit| units::known(unit).is_some_and(|u| u.is_currency()));
        self.kind == Kind::Number && is_price_name(&self.name) && money
    }
}

impl Cell {
    /// The number, if the cell states one.
    #[must_use]
    pub fn number(&self) -> Option<Decimal> {
        match self.value {
            Value::Number(n) => Some(n),
            _ => None,
        }
    }

    /// Whether the cell states nothing that can be used.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.value == Value::Missing
    }
}
