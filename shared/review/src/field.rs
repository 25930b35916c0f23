//! What the reviewer needs of a catalogue, computed once for all pages.

use std::{collections::BTreeSet, sync::OnceLock};

use rust_decimal::Decimal;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use va_catalogue::{Catalogue, Kind};

use crate::{
    names::NameIndex,
    proof::holds_number,
    words::{chain, fold, tokens},
};

/// A word-for-word copy of this many words of a catalogue text is rejected.
pub(crate) const COPY_WORDS: usize = 12;

/// Cells are indexed by windows of this many words at multiples of this many words: whoever copies
/// [`COPY_WORDS`] copies one of them whole.
pub(crate) const COPY_WINDOW: usize = COPY_WORDS / 2;

/// A catalogue, indexed for reviewing. Cheap to make; what only some pages need is made when it is asked for.
pub struct Field<'c> {
    pub(crate) catalogue: &'c Catalogue,
    columns: FxHashMap<&'c str, usize>,
    rows: FxHashMap<String, usize>,
    sorted: Vec<OnceLock<Vec<Decimal>>>,
    categories: Vec<OnceLock<BTreeSet<String>>>,
    names: OnceLock<NameIndex>,
    words: OnceLock<FxHashSet<u64>>,
    copies: OnceLock<FxHashMap<u64, Vec<(usize, usize)>>>,
    numeric_labels: OnceLock<Vec<String>>,
}

impl<'c> Field<'c> {
    /// Indexes a catalogue.
    #[must_use]
    pub fn of(catalogue: &'c Catalogue) -> Self {
        let mut rows = FxHashMap::with_capacity_and_hasher(catalogue.rows.len(), FxBuildHasher);
        for (index, row) in catalogue.rows.iter().enumerate() {
            rows.entry(fold(&row.name).into_owned()).or_insert(index);
        }
        Self {
            catalogue,
            columns: catalogue
                .columns
                .iter()
                .enumerate()
                .map(|(i, c)| (c.name.as_str(), i))
                .collect(),
            rows,
            sorted: catalogue.columns.iter().map(|_| OnceLock::new()).collect(),
            categories: catalogue.columns.iter().map(|_| OnceLock::new()).collect(),
            names: OnceLock::new(),
            words: OnceLock::new(),
            copies: OnceLock::new(),
            numeric_labels: OnceLock::new(),
        }
    }

    pub(crate) fn column_index(&self, name: &str) -> Option<usize> {
        self.columns.get(name).copied()
    }

    /// The first row of this name.
    pub(crate) fn row_named(&self, name: &str) -> Option<usize> {
        self.rows.get(fold(name).as_ref()).copied()
    }

    /// The numbers of a column, ascending.
    pub(crate) fn sorted(&self, column: usize) -> &[Decimal] {
        self.sorted[column].get_or_init(|| {
            let mut values: Vec<Decimal> = self
                .catalogue
                .rows
                .iter()
                .filter_map(|row| row.cells[column].number())
                .collect();
            values.sort_unstable();
            values
        })
    }

    /// The different values of a category, lower case.
    pub(crate) fn categories(&self, column: usize) -> &BTreeSet<String> {
        self.categories[column].get_or_init(|| {
            let cells = self.catalogue.rows.iter().map(|row| &row.cells[column]);
            cells
                .filter(|cell| !cell.is_missing())
                .map(|cell| fold(&cell.raw).to_lowercase())
                .collect()
        })
    }

    /// All product names, to be found in a text; their numbers are row numbers.
    pub(crate) fn names(&self) -> &NameIndex {
        self.names.get_or_init(|| {
            let mut index = NameIndex::default();
            for (row, product) in self.catalogue.rows.iter().enumerate() {
                index.insert(&product.name, self.row_named(&product.name).unwrap_or(row));
            }
            index
        })
    }

    /// The labels that hold a number, as `half-life` does, lower case: it is part of the label.
    pub(crate) fn numeric_labels(&self) -> &[String] {
        self.numeric_labels.get_or_init(|| {
            let labels = self
                .catalogue
                .columns
                .iter()
                .map(|c| c.label.to_lowercase());
            let labels = labels.filter(|label| label.contains(char::is_alphabetic));
            labels.filter(|label| holds_number(label)).collect()
        })
    }

    /// Every word of a product's name.
    pub(crate) fn name_words(&self) -> &FxHashSet<u64> {
        self.words.get_or_init(|| {
            let rows = self.catalogue.rows.iter();
            rows.flat_map(|row| word_hashes(&row.name)).collect()
        })
    }

    /// Where windows of the catalogue's texts stand: hash -> (row, column).
    pub(crate) fn copies(&self) -> &FxHashMap<u64, Vec<(usize, usize)>> {
        self.copies.get_or_init(|| {
            let mut index: FxHashMap<u64, Vec<(usize, usize)>> = FxHashMap::default();
            let texts = self
                .catalogue
                .columns
                .iter()
                .enumerate()
                .filter(|(_, c)| c.kind == Kind::Text);
            for (column, _) in texts {
                for (row, product) in self.catalogue.rows.iter().enumerate() {
                    let hashes = word_hashes(&product.cells[column].raw);
                    for window in hashes.chunks_exact(COPY_WINDOW) {
                        let places = index
                            .entry(window.iter().copied().fold(0, chain))
                            .or_default();
                        // A phrase that many makers share is found by its first bearers already.
                        if places.len() < 8 {
                            places.push((row, column));
                        }
                    }
                }
            }
            index
        })
    }
}

/// The hashes of a text's words, marks left out.
pub(crate) fn word_hashes(text: &str) -> Vec<u64> {
    let words = tokens(text).into_iter().filter(|t| t.word);
    words.map(|t| t.hash).collect()
}
