//! What the columns are, decided from their cells.

mod survey;

use std::collections::BTreeMap;

pub(crate) use survey::Survey;

use crate::{
    Kind, Value, date,
    header::Header,
    number::{self, Style},
    quantity::{Quantity, lengths},
    table::is_missing,
    units::{self, Measure},
};
use survey::{boolean, is_url};

/// How the cells of one column are read.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub kind: Kind,
    style: Style,
    /// The unit of a number that stands alone.
    bare: Measure,
    /// The unit that all numbers are converted to.
    target: Measure,
    /// Whether the header's unit is the column's, so that its name does not need it.
    pub unit_in_header: bool,
}

/// What a column's plan depends on beside its cells.
pub(crate) struct Hints<'a> {
    pub header: &'a Header,
    /// From goal.toml.
    pub unit: Option<&'a str>,
    /// The decimal sign of the file, for columns that do not tell.
    pub style: Style,
    /// Whether goal.toml says that it identifies the products.
    pub is_key: bool,
}

impl Plan {
    fn plain(kind: Kind) -> Self {
        Self {
            kind,
            style: Style::Point,
            bare: Measure::Bare,
            target: Measure::Bare,
            unit_in_header: false,
        }
    }

    /// The plan of the column that names the products.
    pub(crate) fn name() -> Self {
        Self::plain(Kind::Name)
    }

    /// Decides what a column is.
    pub(crate) fn of<'a>(
        survey: &Survey,
        cells: impl Iterator<Item = &'a str> + Clone,
        hints: &Hints<'_>,
    ) -> Self {
        let texts = || {
            Self::plain(if survey.few && survey.stated > 0 && !hints.is_key {
                Kind::Category
            } else {
                Kind::Text
            })
        };
        if survey.mostly(survey.urls) {
            return Self::plain(Kind::Url);
        }
        if hints.is_key {
            return texts();
        }
        if survey.mostly(survey.dates) {
            return Self::plain(Kind::Date);
        }
        if survey.is_boolean() {
            return Self::plain(Kind::Boolean);
        }
        let style = survey.style().unwrap_or(hints.style);
        if survey.mostly(survey.quantities) && !identifies(survey, hints.header) {
            return Self::number(survey, cells, hints, style).unwrap_or_else(texts);
        }
        if survey.mostly(survey.lengths) {
            return Self::dimensions(survey, cells, hints, style).unwrap_or_else(texts);
        }
        texts()
    }

    fn number<'a>(
        survey: &Survey,
        cells: impl Iterator<Item = &'a str>,
        hints: &Hints<'_>,
        style: Style,
    ) -> Option<Self> {
        let mut tally = BTreeMap::new();
        for quantity in cells.filter_map(Quantity::read) {
            if number::parse(quantity.first.number, style).is_some() {
                *tally.entry(quantity.first.measure).or_default() += 1;
            }
        }
        Self::in_one_dimension(Kind::Number, survey, tally, hints, style)
    }

    fn dimensions<'a>(
        survey: &Survey,
        cells: impl Iterator<Item = &'a str>,
        hints: &Hints<'_>,
        style: Style,
    ) -> Option<Self> {
        let mut tally = BTreeMap::new();
        for parts in cells.filter_map(lengths) {
            let readable = parts
                .iter()
                .all(|part| number::parse(part.number, style).is_some());
            let alike = parts
                .windows(2)
                .all(|pair| pair[0].measure.same_dimension(&pair[1].measure));
            if let (true, true, Some(part)) = (readable, alike, parts.into_iter().next()) {
                *tally.entry(part.measure).or_default() += 1;
            }
        }
        Self::in_one_dimension(Kind::Dimensions, survey, tally, hints, style)
    }

    /// The plan for numbers of these units, where at least 90 % of what is stated is of one dimension.
    fn in_one_dimension(
        kind: Kind,
        survey: &Survey,
        mut tally: BTreeMap<Measure, usize>,
        hints: &Hints<'_>,
        style: Style,
    ) -> Option<Self> {
        let in_header = hints.header.measured.as_ref().map(|(_, unit)| unit);
        let hinted = hints
            .unit
            .and_then(|unit| units::measure(unit.trim()))
            .filter(|unit| *unit != Measure::Bare);
        let mut bare = in_header
            .or(hinted.as_ref())
            .cloned()
            .unwrap_or(Measure::Bare);
        if bare == Measure::Bare {
            // A price without its sign, among prices of one currency, is of that currency; of a weight it
            // could be grams or kilograms, and nobody says which.
            let mut stated = tally.keys().filter(|unit| **unit != Measure::Bare);
            if let (Some(one), None) = (stated.next(), stated.next())
                && one.is_currency()
            {
                bare = one.clone();
            }
        }
        if let Some(count) = tally.remove(&Measure::Bare) {
            *tally.entry(bare.clone()).or_default() += count;
        }
        // Of equals the header's, then the first in the order of units, so that the answer does not depend on the rows' order.
        let group = |of: &Measure| {
            tally
                .iter()
                .filter(|(unit, _)| unit.same_dimension(of))
                .map(|(_, n)| n)
                .sum::<usize>()
        };
        let commonest = tally
            .keys()
            .rev()
            .max_by_key(|unit| (group(unit), tally[*unit], in_header == Some(*unit)))?;
        if !survey.mostly(group(commonest)) {
            return None;
        }
        let target = hinted
            .filter(|unit| unit.same_dimension(commonest))
            .unwrap_or_else(|| commonest.clone());
        let unit_in_header = in_header.is_some_and(|unit| unit.same_dimension(&target));
        Some(Self {
            kind,
            style,
            bare,
            target,
            unit_in_header,
        })
    }

    /// The unit of the column's numbers.
    pub(crate) fn measure(&self) -> &Measure {
        &self.target
    }

    /// What a cell means in this column.
    pub(crate) fn value(&self, cell: &str) -> Value {
        if is_missing(cell) {
            return Value::Missing;
        }
        let value = match self.kind {
            Kind::Name | Kind::Text => Some(Value::Text),
            Kind::Category => Some(Value::Category),
            Kind::Url => is_url(cell).then_some(Value::Url),
            Kind::Date => date::parse(cell).map(Value::Date),
            Kind::Boolean => boolean(cell).map(Value::Boolean),
            Kind::Number => Quantity::read(cell)
                .and_then(|q| q.value(self.style, &self.bare, &self.target))
                .map(Value::Number),
            Kind::Dimensions => lengths(cell).and_then(|parts| {
                let values = parts
                    .iter()
                    .map(|part| part.value(self.style, &self.bare, &self.target));
                values.collect::<Option<Vec<_>>>().map(Value::Dimensions)
            }),
        };
        value.unwrap_or(Value::Missing)
    }
}

/// Whether a column of numbers only names things: `sku`, `EAN`, or endless digits without a unit.
fn identifies(survey: &Survey, header: &Header) -> bool {
    const IDENTIFIERS: [&str; 14] = [
        "id",
        "sku",
        "ean",
        "gtin",
        "upc",
        "asin",
        "isbn",
        "mpn",
        "article_number",
        "item_number",
        "part_number",
        "artikelnummer",
        "artikelnr",
        "bestellnummer",
    ];
    IDENTIFIERS.contains(&header.whole.key.as_str()) || survey.mostly(survey.identifiers)
}
