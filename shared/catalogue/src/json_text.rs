//! A JSON array of objects as a table.

use std::collections::{HashMap, hash_map::Entry};

use rust_decimal::Decimal;
use serde::{
    Deserialize,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::{
    CatalogueError, RejectedRow,
    table::{RawRow, Table, check_size},
};

/// The keys that one element has, before all keys are known.
struct SparseRow {
    line: u64,
    cells: Vec<(usize, Box<str>)>,
}

/// Reads the elements; columns are the union of the keys in order of first appearance.
pub(crate) fn read(text: &str) -> Result<Table, CatalogueError> {
    let elements: Vec<&RawValue> = serde_json::from_str(text).map_err(|e| {
        let said = e.to_string();
        // The place is in fields of its own.
        let why = said
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned();
        CatalogueError::Json {
            line: e.line(),
            column: e.column(),
            why,
        }
    })?;
    if elements.is_empty() {
        return Err(CatalogueError::Empty);
    }
    let mut columns: Vec<String> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut sparse: Vec<SparseRow> = Vec::new();
    let mut rejected = Vec::new();
    for (line, element) in (1..).zip(elements) {
        match cells(element.get()) {
            Ok(pairs) => {
                let mut row = Vec::with_capacity(pairs.len());
                for (key, cell) in pairs {
                    let place = match places.entry(key) {
                        Entry::Occupied(known) => *known.get(),
                        Entry::Vacant(new) => {
                            columns.push(new.key().clone());
                            *new.insert(columns.len() - 1)
                        }
                    };
                    row.push((place, cell));
                }
                sparse.push(SparseRow { line, cells: row });
            }
            Err(reason) => rejected.push(RejectedRow { line, reason }),
        }
    }
    check_size(sparse.len(), columns.len())?;
    let rows = sparse.into_iter().map(|row| {
        let mut cells = vec![Box::<str>::default(); columns.len()];
        for (place, cell) in row.cells {
            cells[place] = cell;
        }
        RawRow {
            line: row.line,
            cells,
        }
    });
    Ok(Table {
        rows: rows.collect(),
        rejected,
        columns: columns.iter().map(|c| c.trim().to_owned()).collect(),
    })
}

/// The keys and texts of one element.
fn cells(element: &str) -> Result<Vec<(String, Box<str>)>, String> {
    if !element.starts_with('{') {
        return Err("not an object".to_owned());
    }
    let Pairs(pairs) =
        serde_json::from_str(element).map_err(|_| "an object that cannot be read".to_owned())?;
    let mut seen = std::collections::HashSet::new();
    if let Some((key, _)) = pairs.iter().find(|(key, _)| !seen.insert(key.as_str())) {
        return Err(format!("the key {key:?} stands twice"));
    }
    pairs
        .into_iter()
        .map(|(key, value)| text_of(value.get()).map(|text| (key, text)))
        .collect()
}

fn text_of(value: &str) -> Result<Box<str>, String> {
    match value.as_bytes().first() {
        Some(b'"') => serde_json::from_str::<String>(value)
            .map(|text| text.trim().into())
            .map_err(|_| "a text that cannot be read".to_owned()),
        Some(b'n') => Ok(Box::default()),
        // Other programs write 1e3 for 1000.
        Some(b'-' | b'0'..=b'9') if value.contains(['e', 'E']) => {
            Ok(Decimal::from_scientific(value)
                .map_or_else(|_| value.into(), |n| n.to_string().into()))
        }
        _ => Ok(value.into()),
    }
}

/// An object's pairs in their order.
struct Pairs<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Pairs<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_the_keys_in_order_of_first_appearance() {
        let table =
            read(r#"[{"b": "x", "a": 1.50}, {"c": [1, 2], "a": null}, {"d": true, "b": 1e3}]"#)
                .expect("a table");
        assert_eq!(table.columns, ["b", "a", "c", "d"]);
        let row = |n: usize| {
            table.rows[n]
                .cells
                .iter()
                .map(AsRef::as_ref)
                .collect::<Vec<_>>()
        };
        assert_eq!(row(0), ["x", "1.50", "", ""]);
        assert_eq!(row(1), ["", "", "[1, 2]", ""]);
        assert_eq!(row(2), ["1000", "", "", "true"]);
    }

    #[test]
    fn elements_that_are_no_rows_are_named_by_number() {
        let table = read(r#"[{"a": 1}, 5, {"a": 1, "a": 2}, {"a": "\ud800"}]"#).expect("a table");
        assert_eq!(
            table.rejected.iter().map(|r| r.line).collect::<Vec<_>>(),
            [2, 3, 4]
        );
    }

    #[test]
    fn what_is_no_array_is_named_by_line() {
        assert!(matches!(
            read("{\n\"a\": 1}"),
            Err(CatalogueError::Json { line: 1, .. })
        ));
        assert!(matches!(
            read("[{\"a\": 1},\n oops]"),
            Err(CatalogueError::Json { line: 2, .. })
        ));
        assert!(matches!(read("[]"), Err(CatalogueError::Empty)));
    }
}
