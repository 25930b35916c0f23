//! What a request allows a page to say, indexed.

use std::{cell::OnceCell, collections::BTreeSet};

use jiff::civil::Date;
use rust_decimal::Decimal;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use va_domain::content::{Claim, ClaimOp, ContentRequest};

use crate::{
    field::Field,
    names::{Mention, NameIndex, is_little, mentions},
    proof::holds_number,
    words::{Token, date, decimals, number, tokens, word_hash},
};

/// A number that a claim allows in its sentence.
#[derive(Clone, Debug)]
pub(crate) struct Allowed<'p> {
    pub value: Decimal,
    /// As the claim or the filter's column has it.
    pub unit: Option<&'p str>,
    /// Whether it is a bound of the claim's filter and not its value.
    pub bound: bool,
}

/// A claim with what the reviewer reads off it.
#[derive(Debug)]
pub(crate) struct Fact<'p> {
    pub claim: &'p Claim,
    pub allowed: Vec<Allowed<'p>>,
    /// The products concerned, as [`Page::find`] numbers them.
    pub rows: Vec<usize>,
    /// Values that are words; numbers in them are proven with them.
    pub texts: Vec<&'p str>,
    /// Those of them that hold a number, in lower case.
    pub numeric: Vec<String>,
}

impl Fact<'_> {
    /// The value, where it is one decimal.
    pub(crate) fn number(&self) -> Option<Decimal> {
        self.allowed
            .iter()
            .find(|a| !a.bound)
            .map(|a| a.value)
            .filter(|_| self.texts.is_empty())
    }

    /// Whether the claim is about its single product alone.
    pub(crate) fn of_one_product(&self) -> bool {
        self.rows.len() == 1
            && matches!(
                self.claim.op,
                ClaimOp::Value | ClaimOp::Rank | ClaimOp::Missing
            )
    }
}

/// A request, indexed for reviewing one draft.
pub(crate) struct Page<'p> {
    pub field: &'p Field<'p>,
    pub request: &'p ContentRequest,
    pub facts: Vec<Fact<'p>>,
    claims: FxHashMap<&'p str, usize>,
    shorts: NameIndex,
    products: Vec<usize>,
    /// Products that may be named.
    pub listed: BTreeSet<usize>,
    /// Dates that may be written.
    pub dates: BTreeSet<Date>,
    /// Words that request and catalogue use, by hash; few drafts have a word that must be looked for there.
    vocabulary: OnceCell<FxHashSet<u64>>,
    /// Units of the catalogue, lower case.
    pub units: BTreeSet<String>,
    /// Labels of columns that are one word, by hash.
    pub labels: BTreeSet<u64>,
}

impl<'p> Page<'p> {
    pub(crate) fn of(field: &'p Field<'p>, request: &'p ContentRequest) -> Self {
        let known = |name: &str| field.row_named(name);
        let unlisted = field.catalogue.rows.len();
        let mut shorts = NameIndex::default();
        let mut products = Vec::with_capacity(request.products.len());
        for (number, product) in request.products.iter().enumerate() {
            products.push(known(&product.name).unwrap_or(unlisted + number));
            shorts.insert(&product.short, number);
            shorts.insert(&product.name, number);
        }
        let facts = request
            .claims
            .iter()
            .map(|claim| fact(field, claim, unlisted))
            .collect();
        let sources = request
            .blocks
            .sources
            .iter()
            .filter_map(|source| source.date);
        let dates = request.claims.iter().flat_map(|c| {
            std::iter::once(&c.value)
                .chain(c.filter.iter().map(|f| &f.value))
                .filter_map(|value| date(value))
        });
        Self {
            field,
            request,
            facts,
            claims: request
                .claims
                .iter()
                .enumerate()
                .map(|(i, c)| (c.id.as_str(), i))
                .collect(),
            shorts,
            listed: products.iter().copied().collect(),
            products,
            dates: sources.chain(dates).chain([request.as_of]).collect(),
            vocabulary: OnceCell::new(),
            units: field
                .catalogue
                .columns
                .iter()
                .filter_map(|c| c.unit.as_ref())
                .map(|u| u.to_lowercase())
                .collect(),
            labels: field
                .catalogue
                .columns
                .iter()
                .filter(|c| !c.label.contains(' ') && !is_little(&c.label))
                .map(|c| word_hash(&c.label))
                .collect(),
        }
    }

    /// The claim of a marker.
    pub(crate) fn claim(&self, id: &str) -> Option<usize> {
        self.claims.get(id).copied()
    }

    /// The products that a text names, by row number.
    pub(crate) fn find(&self, text: &str, words: &[Token]) -> Vec<Mention> {
        let number = |index: usize, id: usize| if index == 0 { self.products[id] } else { id };
        let indexes = [&self.shorts, self.field.names()];
        let mut found = mentions(text, words, &indexes, number);
        // `the 44 listed here` are no product that happens to be called 44.
        let counts = |m: &Mention| {
            let written = &text[m.start..m.end];
            let is_count = |c: &Claim| c.op == ClaimOp::Count && c.value == written;
            let unlisted = m.id.is_some_and(|id| !self.listed.contains(&id));
            unlisted && self.request.claims.iter().any(is_count)
        };
        found.retain(|m| !counts(m));
        found
    }

    /// What a product is called in findings.
    pub(crate) fn name_of(&self, id: usize) -> &str {
        match self.field.catalogue.rows.get(id) {
            Some(row) => &row.name,
            None => {
                let product = self.products.iter().position(|&p| p == id);
                product.map_or("a product", |p| &self.request.products[p].name)
            }
        }
    }

    /// Whether request or catalogue use a word.
    pub(crate) fn knows(&self, word: &str) -> bool {
        let words = self
            .vocabulary
            .get_or_init(|| vocabulary(self.field, self.request));
        words.contains(&word_hash(word))
    }

    /// Whether a word is part of a product's name.
    pub(crate) fn names_with(&self, word: &str) -> bool {
        self.field.name_words().contains(&word_hash(word))
    }
}

fn fact<'p>(field: &'p Field<'p>, claim: &'p Claim, unlisted: usize) -> Fact<'p> {
    let unit = match claim.op {
        ClaimOp::Share => Some("%"),
        _ => claim.unit.as_deref(),
    };
    let mut allowed = Vec::new();
    let mut texts = Vec::new();
    match number(claim.value.trim()) {
        Some(value) => allowed.push(Allowed {
            value,
            unit,
            bound: false,
        }),
        None => {
            allowed.extend(decimals(&claim.value).map(|value| Allowed {
                value,
                unit,
                bound: false,
            }));
            texts.push(claim.value.trim());
        }
    }
    for filter in &claim.filter {
        let column = field
            .column_index(&filter.column)
            .map(|c| &field.catalogue.columns[c]);
        match number(filter.value.trim()) {
            Some(value) => allowed.push(Allowed {
                value,
                unit: column.and_then(|c| c.unit.as_deref()),
                bound: true,
            }),
            None => texts.push(filter.value.trim()),
        }
    }
    // A truth is said in the sentence's own words.
    texts.retain(|text| !matches!(*text, "yes" | "no" | "true" | "false" | ""));
    let rows = claim
        .rows
        .iter()
        .enumerate()
        .map(|(at, name)| field.row_named(name).unwrap_or(unlisted + 1_000 + at));
    let numeric = texts.iter().filter(|text| holds_number(text));
    Fact {
        claim,
        allowed,
        rows: rows.collect(),
        numeric: numeric.map(|text| text.to_ascii_lowercase()).collect(),
        texts,
    }
}

fn vocabulary(field: &Field, request: &ContentRequest) -> FxHashSet<u64> {
    let mut words = FxHashSet::with_capacity_and_hasher(16 * request.claims.len(), FxBuildHasher);
    let mut add = |text: &str| words.extend(tokens(text).iter().filter(|t| t.word).map(|t| t.hash));
    for text in [
        &request.title,
        &request.topic,
        &request.question,
        &request.angle,
        &request.site_name,
    ] {
        add(text);
    }
    request
        .audience
        .iter()
        .chain(&request.tags)
        .for_each(|text| add(text));
    request.related.iter().for_each(|page| add(&page.title));
    request
        .products
        .iter()
        .for_each(|product| add(&product.name));
    request
        .blocks
        .sources
        .iter()
        .for_each(|source| add(&source.label));
    request
        .blocks
        .table
        .headings
        .iter()
        .chain(&request.blocks.method)
        .for_each(|text| add(text));
    for claim in &request.claims {
        add(&claim.value);
        add(&claim.text);
        claim.unit.iter().for_each(|unit| add(unit));
        claim.filter.iter().for_each(|filter| add(&filter.value));
    }
    for column in &field.catalogue.columns {
        add(&column.label);
        add(&column.name);
        column.unit.iter().for_each(|unit| add(unit));
    }
    words
}
