//! The measured columns of tables.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use va_domain::{
    content::{ContentRequest, TableBlock},
    goal_spec::ColumnHints,
    revision::SiteFigures,
};

use crate::{site::claims::amount, words::is_currency};

/// Which end of a column a buyer prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::site) enum Better {
    Lower,
    Higher,
}

/// What the goal says of the columns.
#[derive(Default)]
pub(in crate::site) struct Direction(BTreeMap<String, Option<Better>>);

impl Direction {
    /// From the goal's own words, and from the columns that the requests describe: those are named as tables
    /// name them, while a goal may name a column by its header.
    pub(in crate::site) fn of<'r>(
        columns: &BTreeMap<String, ColumnHints>,
        requests: impl Iterator<Item = &'r ContentRequest>,
    ) -> Self {
        let better = |word: &str| match word {
            "lower" => Some(Some(Better::Lower)),
            "higher" => Some(Some(Better::Higher)),
            "none" => Some(None),
            _ => None,
        };
        let hinted = columns
            .iter()
            .filter_map(|(name, hints)| Some((name.clone(), better(hints.better.as_deref()?)?)));
        let mut stated: BTreeMap<String, Option<Better>> = hinted.collect();
        for context in requests.filter_map(|r| r.prompt_context.as_deref()) {
            // `name | label | kind | better | about`
            for line in context.lines().skip(1) {
                let mut parts = line.split('|').map(str::trim);
                if let (Some(name), Some(word)) = (parts.next(), parts.nth(2))
                    && let Some(better) = better(word)
                {
                    stated.entry(name.to_owned()).or_insert(better);
                }
            }
        }
        Self(stated)
    }

    /// Of a column: nothing is guessed, except that a lower price is the better one.
    pub(in crate::site) fn better(&self, column: &str, unit: Option<&str>) -> Option<Better> {
        match self.0.get(column) {
            Some(better) => *better,
            None => is_price(column, unit).then_some(Better::Lower),
        }
    }
}

fn is_price(column: &str, unit: Option<&str>) -> bool {
    va_catalogue::is_price_name(column) && unit.is_some_and(is_currency)
}

/// A figure of a table: the number, and the cell that states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::site) struct Figure<'t> {
    pub number: Decimal,
    pub shown: &'t str,
}

/// A column of which every stated cell is an amount in one unit, and not the same one everywhere.
pub(in crate::site) struct Measure<'t> {
    pub column: &'t str,
    pub label: &'t str,
    pub unit: Option<&'t str>,
    /// One a row of the table; none where it is not stated.
    pub figures: Vec<Option<Figure<'t>>>,
}

impl<'t> Measure<'t> {
    pub(in crate::site) fn is_price(&self) -> bool {
        is_price(self.column, self.unit)
    }

    pub(in crate::site) fn stated(&self) -> impl Iterator<Item = &Figure<'t>> {
        self.figures.iter().flatten()
    }

    /// The smallest and the largest figure.
    pub(in crate::site) fn ends(&self) -> Option<(&Figure<'t>, &Figure<'t>)> {
        Some((
            self.stated().min_by_key(|f| f.number)?,
            self.stated().max_by_key(|f| f.number)?,
        ))
    }
}

/// The measured columns of a table, in its order.
pub(in crate::site) fn measures(table: &TableBlock) -> Vec<Measure<'_>> {
    (1..table.columns.len().min(table.headings.len()))
        .filter_map(|at| measure(table, at))
        .collect()
}

fn measure(table: &TableBlock, at: usize) -> Option<Measure<'_>> {
    let mut unit: Option<Option<&str>> = None;
    let mut figures = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let cell = row.get(at).map_or("", String::as_str);
        if cell.is_empty() || cell == "not stated" {
            figures.push(None);
            continue;
        }
        let read = amount(cell)?;
        if *unit.get_or_insert(read.stem()) != read.stem() {
            return None;
        }
        figures.push(Some(Figure {
            number: read.number,
            shown: cell,
        }));
    }
    let measure = Measure {
        column: &table.columns[at],
        label: &table.headings[at],
        unit: unit?,
        figures,
    };
    let (low, _) = measure.ends()?;
    let comparable = low.number >= Decimal::ZERO;
    comparable.then_some(measure)
}

/// The most figures of a column that a chart marks: what a page has room for, however large the site.
const MARKS: usize = 120;

/// What the tables of all pages say: for each measured column its figures, ascending, each once.
#[derive(Default)]
pub(in crate::site) struct Known(BTreeMap<(String, Option<String>), Vec<Decimal>>);

impl Known {
    /// Of the measured columns of all pages.
    pub(in crate::site) fn of<'t>(measures: impl Iterator<Item = &'t Measure<'t>>) -> Self {
        let mut known: BTreeMap<(&str, Option<&str>), BTreeSet<Decimal>> = BTreeMap::new();
        for measure in measures {
            known
                .entry((measure.column, measure.unit))
                .or_default()
                .extend(measure.stated().map(|figure| figure.number));
        }
        let columns = known.into_iter().map(|((column, unit), figures)| {
            (
                (column.to_owned(), unit.map(str::to_owned)),
                spread(figures),
            )
        });
        Self(columns.collect())
    }

    /// As it was written down by [`Known::stated`].
    pub(in crate::site) fn read(columns: &[SiteFigures]) -> Self {
        let figures = |all: &[String]| all.iter().filter_map(|n| n.parse().ok()).collect();
        let column = |c: &SiteFigures| ((c.column.clone(), c.unit.clone()), figures(&c.figures));
        Self(columns.iter().map(column).collect())
    }

    /// Written down, for a later edition of the site.
    pub(in crate::site) fn stated(&self) -> Vec<SiteFigures> {
        let column =
            |((column, unit), figures): (&(String, Option<String>), &Vec<Decimal>)| SiteFigures {
                column: column.clone(),
                unit: unit.clone(),
                figures: figures.iter().map(ToString::to_string).collect(),
            };
        self.0.iter().map(column).collect()
    }

    /// The figures of a column.
    pub(in crate::site) fn column(&self, measure: &Measure) -> &[Decimal] {
        let key = (measure.column.to_owned(), measure.unit.map(str::to_owned));
        self.0.get(&key).map_or(&[], Vec::as_slice)
    }
}

/// As many figures as a chart marks, both ends among them.
fn spread(figures: BTreeSet<Decimal>) -> Vec<Decimal> {
    let figures: Vec<Decimal> = figures.into_iter().collect();
    if figures.len() <= MARKS {
        return figures;
    }
    let last = figures.len() - 1;
    (0..MARKS)
        .map(|n| figures[n * last / (MARKS - 1)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[[&str; 3]]) -> TableBlock {
        TableBlock {
            caption: String::new(),
            columns: ["name", "price", "weight"].map(str::to_owned).to_vec(),
            headings: ["Product", "Price", "Weight"].map(str::to_owned).to_vec(),
            rows: rows.iter().map(|r| r.map(str::to_owned).to_vec()).collect(),
        }
    }

    #[test]
    fn a_column_is_measured_where_every_cell_is_an_amount_in_one_unit() {
        let table = table(&[["A", "EUR 20.50", "2 kg"], ["B", "not stated", "300 g"]]);
        let found = measures(&table);
        let labels: Vec<&str> = found.iter().map(|m| m.label).collect();
        assert_eq!(labels, ["Price"]);
        assert!(found[0].is_price() && found[0].figures[1].is_none());
    }

    #[test]
    fn the_tables_of_all_pages_are_known() {
        let tables = [
            table(&[["A", "EUR 20", "2 kg"]]),
            table(&[["B", "EUR 30", "3 kg"]]),
        ];
        let measures: Vec<Measure> = tables.iter().flat_map(measures).collect();
        let known = Known::of(measures.iter());
        assert_eq!(
            known.column(&measures[0]),
            [Decimal::from(20), Decimal::from(30)]
        );
    }

    #[test]
    fn of_many_figures_some_are_marked_and_both_ends_among_them() {
        let figures: BTreeSet<Decimal> = (0..1_000).map(Decimal::from).collect();
        let marked = spread(figures);
        assert_eq!(
            (marked.len(), marked[0], marked[MARKS - 1]),
            (MARKS, 0.into(), 999.into())
        );
    }

    #[test]
    fn only_the_price_has_a_better_end_that_nobody_stated() {
        let direction = Direction::of(&BTreeMap::new(), std::iter::empty());
        assert_eq!(direction.better("price", Some("EUR")), Some(Better::Lower));
        assert_eq!(direction.better("weight", Some("kg")), None);
    }
}
