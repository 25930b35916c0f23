//! Rows that the board does not want.

use std::collections::BTreeMap;

use crate::{Catalogue, CatalogueError, Cell, intake::suggest, table::fold_space};

impl Catalogue {
    /// The catalogue without the rows in which a column has one of these values, as `[limits] exclude` of
    /// goal.toml says. Values are compared without case and with white space folded, numbers also by their
    /// value. Kinds and units stay as they were; what the columns state is counted again.
    ///
    /// # Errors
    /// [`CatalogueError`] where a column does not exist, or no row is left.
    pub fn without(&self, exclude: &BTreeMap<String, Vec<String>>) -> Result<Self, CatalogueError> {
        let mut unwanted = Vec::with_capacity(exclude.len());
        for (key, values) in exclude {
            let column = self.find_column(key).ok_or_else(|| {
                let known: Vec<&str> = self.columns.iter().map(|c| c.name.as_str()).collect();
                CatalogueError::UnknownColumn {
                    place: "[limits] exclude".to_owned(),
                    name: key.clone(),
                    nearest: suggest(key, &known).map(str::to_owned),
                }
            })?;
            unwanted.push((
                column,
                values.iter().map(|value| folded(value)).collect::<Vec<_>>(),
            ));
        }
        let excluded = |cells: &[Cell]| {
            unwanted.iter().any(|(column, values)| {
                let cell = &cells[*column];
                let raw = folded(&cell.raw);
                let same_number = |value: &String| match (cell.number(), value.parse()) {
                    (Some(a), Ok(b)) => a == b,
                    _ => false,
                };
                values
                    .iter()
                    .any(|value| *value == raw || same_number(value))
            })
        };
        let mut rest = Self {
            columns: self.columns.clone(),
            name_column: self.name_column,
            rows: self
                .rows
                .iter()
                .filter(|row| !excluded(&row.cells))
                .cloned()
                .collect(),
            rejected: self.rejected.clone(),
        };
        if rest.rows.is_empty() {
            return Err(CatalogueError::NoRow { first: Vec::new() });
        }
        rest.count();
        Ok(rest)
    }
}

fn folded(text: &str) -> String {
    fold_space(text).to_lowercase()
}
