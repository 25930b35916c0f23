//! Which column a person means, and what the columns are called.

use std::collections::{HashMap, HashSet};

use crate::{
    CatalogueError,
    header::{self, Header},
    intake::suggest,
    units,
};

/// `heat_min` beside `heat_max` is the least heat, not minutes.
pub(crate) fn forget_false_minutes(headers: &mut [Header]) {
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

/// The column whose header says that it names the products.
pub(crate) fn called_name(headers: &[Header]) -> Option<usize> {
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
pub(crate) fn find(headers: &[Header], key: &str) -> Option<usize> {
    find_by(headers.len(), key, |place| (&headers[place], None))
}

/// As [`find`]; where a column has its final name, that comes first.
pub(crate) fn find_by<'a>(
    count: usize,
    key: &str,
    column: impl Fn(usize) -> (&'a Header, Option<&'a str>),
) -> Option<usize> {
    let folded = header::key(key);
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

/// What a person may call the columns.
pub(crate) fn names_of(headers: &[Header]) -> Vec<String> {
    let names = headers.iter().flat_map(|header| {
        [
            Some(header.whole.key.clone()),
            header.measured.as_ref().map(|(name, _)| name.key.clone()),
        ]
    });
    names.flatten().filter(|name| !name.is_empty()).collect()
}

/// The error for a column that nobody has.
pub(crate) fn unknown_column(place: &str, key: &str, known: &[String]) -> CatalogueError {
    let nearest =
        suggest(key, &known.iter().map(String::as_str).collect::<Vec<_>>()).map(str::to_owned);
    CatalogueError::UnknownColumn {
        place: place.to_owned(),
        name: key.to_owned(),
        nearest,
    }
}

/// A name that no column before has: of equals the second is called `_2`. `taken` counts each.
pub(crate) fn unique(key: &str, place: usize, taken: &mut HashMap<String, usize>) -> String {
    let stem = if key.is_empty() {
        format!("column_{}", place + 1)
    } else {
        key.to_owned()
    };
    let mut number = taken.get(&stem).copied().unwrap_or(0);
    let mut name = stem.clone();
    while taken.contains_key(&name) {
        number += 1;
        name = format!("{stem}_{}", number.max(2));
    }
    taken.insert(stem, number.max(1));
    taken.entry(name.clone()).or_insert(1);
    name
}
