//! From the bytes of a file to a typed catalogue.

use std::collections::{BTreeMap, HashMap, HashSet};

use va_domain::goal_spec::{CatalogueSection, ColumnHints};

use crate::{
    Better, Catalogue, CatalogueError, Cell, Column, Kind, RejectedRow, Row, Value, csv_text,
    header::{Header, Name},
    infer::{Hints, Plan, Survey},
    intake::suggest,
    json_text,
    number::Style,
    table::{RawRow, Table, fold_space, is_missing, is_visible},
    units::{self, Measure},
};

/// How many rejected rows an error names.
const NAMED_IN_ERRORS: usize = 5;

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

/// A table on its way to a catalogue.
struct Reading<'h> {
    hints: &'h CatalogueSection,
    headers: Vec<Header>,
    rows: Vec<RawRow>,
    rejected: Vec<RejectedRow>,
    name_column: usize,
    key_column: Option<usize>,
}

impl<'h> Reading<'h> {
    fn of(table: Table, hints: &'h CatalogueSection) -> Result<Self, CatalogueError> {
        let mut headers: Vec<Header> = table.columns.iter().map(|raw| Header::read(raw)).collect();
        forget_false_minutes(&mut headers);
        let named = |key: &Option<String>, place: &str| match key {
            None => Ok(None),
            Some(key) => find(&headers, key)
                .map(Some)
                .ok_or_else(|| unknown_column(place, key, names_of(&headers))),
        };
        let name_column = named(&hints.name, "[catalogue] name")?;
        let key_column = named(&hints.key, "[catalogue] key")?;
        let mut reading = Self {
            hints,
            headers,
            rows: table.rows,
            rejected: table.rejected,
            name_column: 0,
            key_column,
        };
        reading.name_column = match name_column.or_else(|| called_name(&reading.headers)) {
            Some(column) => column,
            None if reading.rows.is_empty() => return Err(reading.no_row()),
            None => reading
                .distinct_text()
                .ok_or(CatalogueError::NoNameColumn)?,
        };
        reading.set_rows_aside()?;
        Ok(reading)
    }

    fn no_row(&mut self) -> CatalogueError {
        self.rejected.sort_by_key(|row| row.line);
        CatalogueError::NoRow {
            first: self
                .rejected
                .iter()
                .take(NAMED_IN_ERRORS)
                .cloned()
                .collect(),
        }
    }

    fn column(&self, column: usize) -> impl Iterator<Item = &str> + Clone {
        self.rows.iter().map(move |row| row.cells[column].as_ref())
    }

    /// The first column of texts that are all different and cover at least 80 % of the rows.
    fn distinct_text(&self) -> Option<usize> {
        let plans = self.plans(&BTreeMap::new(), None);
        (0..self.headers.len()).find(|&column| {
            let survey = Survey::of(self.column(column), self.rows.len());
            let is_text = matches!(plans[column].kind, Kind::Text | Kind::Category);
            is_text
                && survey.all_distinct
                && survey.stated > 0
                && survey.stated * 5 >= self.rows.len() * 4
        })
    }

    /// Sets rows aside that have no name, or one that was there before.
    fn set_rows_aside(&mut self) -> Result<(), CatalogueError> {
        let total = self.rows.len() + self.rejected.len();
        let mut names: HashMap<String, u64> = HashMap::with_capacity(self.rows.len());
        let mut keys: HashMap<String, u64> = HashMap::new();
        let mut repeated = Vec::new();
        let (name_column, key_column) = (self.name_column, self.key_column);
        let rejected = &mut self.rejected;
        self.rows.retain(|row| {
            let name = fold_space(&row.cells[name_column]);
            if is_missing(&name) || !name.contains(is_visible) {
                rejected.push(RejectedRow {
                    line: row.line,
                    reason: "no name".to_owned(),
                });
                return false;
            }
            if let Some(line) = names.get(&name.to_lowercase()) {
                let reason = format!("the name is already used in line {line}");
                repeated.push(RejectedRow {
                    line: row.line,
                    reason,
                });
                return false;
            }
            let key = key_column
                .map(|column| &row.cells[column])
                .filter(|key| !is_missing(key));
            if let Some(key) = key {
                if let Some(line) = keys.get(key.as_ref()) {
                    let reason = format!("the key is already used in line {line}");
                    repeated.push(RejectedRow {
                        line: row.line,
                        reason,
                    });
                    return false;
                }
                keys.insert(key.to_string(), row.line);
            }
            names.insert(name.to_lowercase(), row.line);
            true
        });
        let bad = self.rejected.len();
        self.rejected.sort_by_key(|row| row.line);
        if bad * 5 > total && !self.rows.is_empty() {
            let first = self
                .rejected
                .iter()
                .take(NAMED_IN_ERRORS)
                .cloned()
                .collect();
            return Err(CatalogueError::TooManyBad { bad, total, first });
        }
        if self.rows.is_empty() {
            return Err(self.no_row());
        }
        self.rejected.append(&mut repeated);
        self.rejected.sort_by_key(|row| row.line);
        Ok(())
    }

    fn plans(&self, units: &BTreeMap<usize, &str>, name_column: Option<usize>) -> Vec<Plan> {
        let surveys: Vec<Survey> = (0..self.headers.len())
            .map(|column| Survey::of(self.column(column), self.rows.len()))
            .collect();
        // `1.234` alone may be either; a file is written by one program, so the other columns tell.
        let columns_in = |style| {
            surveys
                .iter()
                .filter(|survey| survey.style() == Some(style))
                .count()
        };
        let style = if columns_in(Style::Comma) > columns_in(Style::Point) {
            Style::Comma
        } else {
            Style::Point
        };
        let plan = |column: usize| {
            if name_column == Some(column) {
                return Plan::name();
            }
            let unit = units.get(&column).copied();
            let is_key = self.key_column == Some(column);
            let hints = Hints {
                header: &self.headers[column],
                unit,
                style,
                is_key,
            };
            Plan::of(&surveys[column], self.column(column), &hints)
        };
        (0..self.headers.len()).map(plan).collect()
    }

    /// The columns' names, each used once.
    fn names(&self, plans: &[Plan]) -> Vec<Name> {
        let mut taken = HashSet::new();
        let name = |(place, (header, plan)): (usize, (&Header, &Plan))| {
            let name = match &header.measured {
                Some((name, _)) if plan.unit_in_header => name,
                _ => &header.whole,
            };
            Name {
                key: unique(&name.key, place, &mut taken),
                label: name.label.clone(),
            }
        };
        self.headers
            .iter()
            .zip(plans)
            .enumerate()
            .map(name)
            .collect()
    }

    fn finish(self) -> Result<Catalogue, CatalogueError> {
        let hints = self.hints_by_column()?;
        let units = hints
            .iter()
            .filter_map(|(column, (_, hints))| Some((*column, hints.unit.as_deref()?)))
            .collect();
        let plans = self.plans(&units, Some(self.name_column));
        let mut columns = Vec::with_capacity(plans.len());
        for (place, (name, plan)) in self.names(&plans).into_iter().zip(&plans).enumerate() {
            let mut column = Column {
                header: self.headers[place].raw.clone(),
                name: name.key,
                label: if name.label.is_empty() {
                    format!("Column {}", place + 1)
                } else {
                    name.label
                },
                kind: plan.kind,
                unit: Some(plan.measure())
                    .filter(|unit| **unit != Measure::Bare)
                    .map(ToString::to_string),
                better: Better::None,
                about: None,
                stated: 0,
                distinct: 0,
            };
            column.better = if column.is_price() {
                Better::Lower
            } else {
                Better::None
            };
            if let Some((key, hints)) = hints.get(&place) {
                apply(&mut column, plan, key, hints)?;
            }
            columns.push(column);
        }
        let rows = self.rows.into_iter().map(|row| {
            let typed = |(raw, plan): (Box<str>, &Plan)| Cell {
                value: plan.value(&raw),
                raw,
            };
            let name = fold_space(&row.cells[self.name_column]);
            Row {
                line: row.line,
                name,
                cells: row.cells.into_iter().zip(&plans).map(typed).collect(),
            }
        });
        let rows = rows.collect();
        let mut catalogue = Catalogue {
            columns,
            name_column: self.name_column,
            rows,
            rejected: self.rejected,
        };
        catalogue.count();
        Ok(catalogue)
    }

    /// The hints of goal.toml by column: keyed by the column's name, or by its header as the file has it.
    fn hints_by_column(
        &self,
    ) -> Result<BTreeMap<usize, (&'h str, &'h ColumnHints)>, CatalogueError> {
        let mut hints: BTreeMap<usize, (&str, &ColumnHints)> = BTreeMap::new();
        if self.hints.columns.is_empty() {
            return Ok(hints);
        }
        let names = self.names(&self.plans(&BTreeMap::new(), Some(self.name_column)));
        let named = |place: usize| (&self.headers[place], Some(names[place].key.as_str()));
        for (key, of_column) in &self.hints.columns {
            let column = find_by(self.headers.len(), key, named).ok_or_else(|| {
                unknown_column("[catalogue.columns]", key, names_of(&self.headers))
            })?;
            if let Some((first, _)) = hints.insert(column, (key, of_column)) {
                return Err(CatalogueError::HintTwice {
                    first: first.to_owned(),
                    second: key.clone(),
                });
            }
        }
        Ok(hints)
    }
}

fn apply(
    column: &mut Column,
    plan: &Plan,
    key: &str,
    hints: &ColumnHints,
) -> Result<(), CatalogueError> {
    if let Some(label) = hints
        .label
        .as_deref()
        .map(fold_space)
        .filter(|label| !label.is_empty())
    {
        column.label = label;
    }
    column.about = hints.about.clone();
    match hints.better.as_deref() {
        None => {}
        Some("lower") => column.better = Better::Lower,
        Some("higher") => column.better = Better::Higher,
        Some("none") => column.better = Better::None,
        Some(other) => {
            let nearest = suggest(other, &["lower", "higher", "none"]).map(str::to_owned);
            return Err(CatalogueError::Better {
                column: key.to_owned(),
                value: other.to_owned(),
                nearest,
            });
        }
    }
    let is_measured = matches!(column.kind, Kind::Number | Kind::Dimensions);
    if let Some(unit) = hints
        .unit
        .as_deref()
        .map(str::trim)
        .filter(|unit| is_measured && !unit.is_empty())
    {
        let hinted = units::known(unit);
        // Two known units either convert, and then did, or contradict each other; a word is a name for the same.
        if let (Some(hinted), Some(_)) = (&hinted, plan.measure().unit())
            && !hinted.same_dimension(plan.measure())
        {
            let found = plan.measure().to_string();
            return Err(CatalogueError::Unit {
                column: key.to_owned(),
                unit: unit.to_owned(),
                found,
            });
        }
        column.unit = Some(hinted.map_or_else(|| fold_space(unit), |unit| unit.to_string()));
    }
    Ok(())
}

/// `heat_min` beside `heat_max` is the least heat, not minutes.
fn forget_false_minutes(headers: &mut [Header]) {
    let wholes: HashSet<String> = headers
        .iter()
        .map(|header| header.whole.key.clone())
        .collect();
    for header in headers {
        if let Some((name, unit)) = &header.measured
            && units::known("min").as_ref() == Some(unit)
            && ["max", "maximum", "avg"]
                .iter()
                .any(|other| wholes.contains(&format!("{}_{other}", name.key)))
        {
            header.measured = None;
        }
    }
}

fn called_name(headers: &[Header]) -> Option<usize> {
    const NAMES: [&str; 12] = [
        "name",
        "title",
        "product",
        "model",
        "produkt",
        "modell",
        "bezeichnung",
        "titel",
        "product_name",
        "model_name",
        "produktname",
        "modellname",
    ];
    NAMES
        .iter()
        .find_map(|name| headers.iter().position(|header| header.whole.key == *name))
}

/// The column of that header, or of that name with or without its unit.
fn find(headers: &[Header], key: &str) -> Option<usize> {
    find_by(headers.len(), key, |place| (&headers[place], None))
}

/// As [`find`]; where a column has its final name, that comes first.
pub(crate) fn find_by<'a>(
    count: usize,
    key: &str,
    column: impl Fn(usize) -> (&'a Header, Option<&'a str>),
) -> Option<usize> {
    let folded = crate::header::key(key);
    let by = |matches: &dyn Fn(&Header, Option<&str>) -> bool| {
        (0..count).find(|&place| {
            let (header, name) = column(place);
            matches(header, name)
        })
    };
    by(&|_, name| name == Some(key))
        .or_else(|| by(&|header, _| header.raw == key.trim()))
        .or_else(|| by(&|header, _| !folded.is_empty() && header.whole.key == folded))
        .or_else(|| {
            by(&|header, _| {
                header
                    .measured
                    .as_ref()
                    .is_some_and(|(name, _)| name.key == folded)
            })
        })
}

fn names_of(headers: &[Header]) -> Vec<String> {
    let names = headers.iter().flat_map(|header| {
        [
            Some(header.whole.key.clone()),
            header.measured.as_ref().map(|(name, _)| name.key.clone()),
        ]
    });
    names.flatten().filter(|name| !name.is_empty()).collect()
}

fn unknown_column(place: &str, key: &str, known: Vec<String>) -> CatalogueError {
    let nearest =
        suggest(key, &known.iter().map(String::as_str).collect::<Vec<_>>()).map(str::to_owned);
    CatalogueError::UnknownColumn {
        place: place.to_owned(),
        name: key.to_owned(),
        nearest,
    }
}

/// A name that no column before has: of equals the second is called `_2`.
fn unique(key: &str, place: usize, names: &mut HashSet<String>) -> String {
    let stem = if key.is_empty() {
        format!("column_{}", place + 1)
    } else {
        key.to_owned()
    };
    let mut name = stem.clone();
    let mut number = 2;
    while !names.insert(name.clone()) {
        name = format!("{stem}_{number}");
        number += 1;
    }
    name
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
