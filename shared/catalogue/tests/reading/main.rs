//! Given a file, what the catalogue says.

mod amounts;
mod hints;
mod kinds;
mod rows;

use std::{collections::BTreeMap, fmt::Write as _};

use va_catalogue::{Better, Catalogue, CatalogueError, Format, Inspection, Kind, Value, read};
use va_domain::goal_spec::{CatalogueSection, ColumnHints};

fn no_hints() -> CatalogueSection {
    CatalogueSection {
        file: "catalogue.csv".to_owned(),
        key: None,
        name: None,
        columns: BTreeMap::new(),
    }
}

fn hint(key: &str, hints: ColumnHints) -> CatalogueSection {
    CatalogueSection {
        columns: BTreeMap::from([(key.to_owned(), hints)]),
        ..no_hints()
    }
}

fn csv(text: &str) -> Catalogue {
    read(text.as_bytes(), Format::Csv, &no_hints()).expect("a catalogue")
}

fn fails(text: &str) -> CatalogueError {
    read(text.as_bytes(), Format::Csv, &no_hints()).expect_err("no catalogue")
}

/// `name: kind unit` of each column.
fn columns(catalogue: &Catalogue) -> Vec<String> {
    let column = |c: &va_catalogue::Column| {
        format!(
            "{}: {:?} {}",
            c.name,
            c.kind,
            c.unit.as_deref().unwrap_or("-")
        )
    };
    catalogue.columns.iter().map(column).collect()
}

/// What the cells of a column mean, as text.
fn values(catalogue: &Catalogue, column: &str) -> Vec<String> {
    let place = catalogue.find_column(column).expect("the column");
    let value = |value: &Value| match value {
        Value::Missing => "missing".to_owned(),
        Value::Number(n) => n.to_string(),
        Value::Dimensions(all) => all
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("x"),
        Value::Date(date) => date.to_string(),
        other => format!("{other:?}"),
    };
    catalogue
        .rows
        .iter()
        .map(|row| value(&row.cells[place].value))
        .collect()
}

/// Names and rows of one more column.
fn column_of(header: &str, cells: &[&str]) -> Catalogue {
    let rows: String = cells
        .iter()
        .enumerate()
        .fold(String::new(), |mut rows, (n, cell)| {
            let _ = writeln!(rows, "P{n}\t{cell}");
            rows
        });
    csv(&format!("name\t{header}\n{rows}"))
}

fn check(header: &str, cells: &[&str], column: &str, expected: &[&str]) {
    let catalogue = column_of(header, cells);
    assert_eq!(columns(&catalogue)[1], column, "{header}: {cells:?}");
    let name = catalogue.columns[1].name.clone();
    assert_eq!(values(&catalogue, &name), expected, "{header}: {cells:?}");
}
