//! A table of text on its way to a catalogue: rows are set aside, columns named and typed.

use std::collections::{BTreeMap, HashMap};

use va_domain::goal_spec::{CatalogueSection, ColumnHints};

use crate::{
    Better, Catalogue, CatalogueError, Cell, Column, Kind, RejectedRow, Row,
    header::{Header, Name},
    infer::{Hints, Plan, Survey},
    intake::suggest,
    naming::{called_name, find, find_by, forget_false_minutes, names_of, unique, unknown_column},
    number::Style,
    table::{RawRow, Table, fold_space, is_missing, is_visible},
    units::{self, Measure},
};

/// How many rejected rows an error names.
const NAMED_IN_ERRORS: usize = 5;

/// A table on its way to a catalogue.
pub(crate) struct Reading<'h> {
    hints: &'h CatalogueSection,
    headers: Vec<Header>,
    rows: Vec<RawRow>,
    rejected: Vec<RejectedRow>,
    name_column: usize,
    key_column: Option<usize>,
}

impl<'h> Reading<'h> {
    pub(crate) fn of(table: Table, hints: &'h CatalogueSection) -> Result<Self, CatalogueError> {
        let mut headers: Vec<Header> = table.columns.iter().map(|raw| Header::read(raw)).collect();
        forget_false_minutes(&mut headers);
        let mut reading = Self {
            hints,
            headers,
            rows: table.rows,
            rejected: table.rejected,
            name_column: 0,
            key_column: None,
        };
        reading.key_column = reading.hinted(hints.key.as_deref(), "[catalogue] key")?;
        let hinted = reading.hinted(hints.name.as_deref(), "[catalogue] name")?;
        reading.name_column = match hinted.or_else(|| called_name(&reading.headers)) {
            Some(column) => column,
            None if reading.rows.is_empty() => return Err(reading.no_row()),
            None => reading
                .distinct_text()
                .ok_or(CatalogueError::NoNameColumn)?,
        };
        reading.set_rows_aside()?;
        Ok(reading)
    }

    /// The column that a hint names: by its header, or by the name that it gets (`column_3`, `note_2`).
    fn hinted(&self, key: Option<&str>, place: &str) -> Result<Option<usize>, CatalogueError> {
        let Some(key) = key else { return Ok(None) };
        let by_name = || {
            self.names(&self.plans(&BTreeMap::new(), None))
                .iter()
                .position(|name| name.key == key)
        };
        let column = find(&self.headers, key).or_else(by_name);
        column
            .map(Some)
            .ok_or_else(|| unknown_column(place, key, &names_of(&self.headers)))
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
            // Article numbers are no names, even where they are not numbers either.
            let is_text = matches!(plans[column].kind, Kind::Text | Kind::Category)
                && !survey.mostly(survey.quantities);
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
        let mut taken = HashMap::new();
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

    pub(crate) fn finish(self) -> Result<Catalogue, CatalogueError> {
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
                unknown_column("[catalogue.columns]", key, &names_of(&self.headers))
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

/// Applies what goal.toml says of a column.
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
        if let Some(hinted) = &hinted
            && plan.measure().is_known()
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
