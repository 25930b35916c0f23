//! The table as an argument sees it: which columns can be argued with, and which products can be named.

mod names;
mod profile;

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use va_catalogue::{Better, Catalogue, Cell, Column, Kind, Value};

use names::nameable;
pub(crate) use names::{is_name, is_sayable};
use profile::profile;

/// The most characters of a name that a sentence can carry.
const LONGEST_NAME: usize = 60;
/// The most characters of a category or label that a sentence can carry.
const LONGEST_VALUE: usize = 40;
/// The most products that pages look at one by one.
const SHORTLIST: usize = 80;

/// A catalogue, indexed for planning.
pub(crate) struct Field<'c> {
    pub catalogue: &'c Catalogue,
    /// The columns that can be argued with, in file order.
    pub profiles: Vec<Profile<'c>>,
    /// The price among `profiles`.
    pub price: Option<usize>,
    /// The catalogue's column that says when a row was read.
    pub dated: Option<usize>,
    /// The catalogue's columns that hold addresses.
    pub links: Vec<usize>,
    /// Rows that can be named in a sentence, the best described first, at most [`SHORTLIST`].
    pub shortlist: Vec<usize>,
    nameable: Vec<bool>,
}

/// What is known of one column.
pub(crate) struct Profile<'c> {
    /// The catalogue's column.
    pub at: usize,
    pub column: &'c Column,
    /// The label as a sentence can carry it.
    pub label: String,
    /// How many rows state it.
    pub stated: usize,
    /// Its numbers with their rows, ascending.
    pub numbers: Vec<(Decimal, u32)>,
    /// Its dates with their rows, ascending.
    pub dates: Vec<(Date, u32)>,
    /// Its categories and truths with their counts, the most frequent first.
    pub groups: Vec<(String, usize)>,
    /// How well it tells products apart, from 0 to 1.
    pub split: f64,
    /// Whether the names begin with its values: the maker, which a name says already.
    pub in_name: bool,
}

impl Profile<'_> {
    pub(crate) fn is_number(&self) -> bool {
        self.column.kind == Kind::Number
    }

    pub(crate) fn is_judged(&self) -> bool {
        self.is_number() && self.column.better != Better::None
    }

    /// The smallest and largest number, where they differ.
    pub(crate) fn ends(&self) -> Option<(Decimal, Decimal)> {
        let (low, high) = (self.numbers.first()?.0, self.numbers.last()?.0);
        (low < high).then_some((low, high))
    }
}

impl<'c> Field<'c> {
    pub(crate) fn of(catalogue: &'c Catalogue) -> Self {
        let links: Vec<usize> = (0..catalogue.columns.len())
            .filter(|&at| holds_links(catalogue, at))
            .collect();
        let price_at = catalogue.price_column();
        let dated = dated(catalogue);
        let argued = |at: &usize| {
            *at != catalogue.name_column
                && !links.contains(at)
                && Some(*at) != dated
                && !catalogue.columns[*at].is_stock()
        };
        let mut profiles: Vec<Profile> = (0..catalogue.columns.len())
            .filter(argued)
            .filter_map(|at| profile(catalogue, at))
            .collect();
        keep_one_of_a_label(&mut profiles);
        leave_identifiers_out(&mut profiles);
        let price = price_at.and_then(|at| {
            profiles
                .iter()
                .position(|p| p.at == at && p.numbers.len() > 1)
        });
        let nameable = nameable(catalogue);
        let shortlist = shortlist(catalogue, &profiles, price, &nameable);
        Self {
            catalogue,
            profiles,
            price,
            dated,
            links,
            shortlist,
            nameable,
        }
    }

    pub(crate) fn rows(&self) -> usize {
        self.catalogue.rows.len()
    }

    pub(crate) fn cell(&self, row: usize, profile: &Profile) -> &'c Cell {
        &self.catalogue.rows[row].cells[profile.at]
    }

    pub(crate) fn number(&self, row: usize, profile: &Profile) -> Option<Decimal> {
        self.cell(row, profile).number()
    }

    pub(crate) fn name(&self, row: usize) -> &'c str {
        &self.catalogue.rows[row].name
    }

    pub(crate) fn is_nameable(&self, row: usize) -> bool {
        self.nameable[row]
    }

    /// The day on which a row was read, where the table says so.
    pub(crate) fn date(&self, row: usize) -> Option<Date> {
        match self.catalogue.rows[row].cells[self.dated?].value {
            Value::Date(date) => Some(date),
            _ => None,
        }
    }

    /// The number columns, by how well they tell products apart; the price first where there is one.
    pub(crate) fn measures(&self) -> Vec<&Profile<'c>> {
        let mut found: Vec<&Profile> = self
            .profiles
            .iter()
            .filter(|p| p.ends().is_some())
            .collect();
        found.sort_by(|a, b| b.split.total_cmp(&a.split).then(a.at.cmp(&b.at)));
        if let Some(price) = self.price {
            let at = self.profiles[price].at;
            found.sort_by_key(|p| p.at != at);
        }
        found
    }

    /// The judged columns other than the price, the best stated first.
    pub(crate) fn judged(&self) -> Vec<&Profile<'c>> {
        let price = self.price.map(|p| self.profiles[p].at);
        let mut found: Vec<&Profile> = self
            .profiles
            .iter()
            .filter(|p| p.is_judged() && p.ends().is_some() && Some(p.at) != price)
            .collect();
        found.sort_by(|a, b| b.split.total_cmp(&a.split).then(a.at.cmp(&b.at)));
        found
    }

    /// The columns of categories and truths that tell products apart.
    pub(crate) fn kinds(&self) -> Vec<&Profile<'c>> {
        let mut found: Vec<&Profile> = self
            .profiles
            .iter()
            .filter(|p| p.groups.len() > 1 && !p.in_name)
            .collect();
        found.sort_by(|a, b| b.split.total_cmp(&a.split).then(a.at.cmp(&b.at)));
        found
    }

    pub(crate) fn price(&self) -> Option<&Profile<'c>> {
        self.price.map(|p| &self.profiles[p])
    }

    /// Whether `a` is at least as good as `b` in every judged column that both state, and better in one.
    pub(crate) fn dominates(&self, a: usize, b: usize) -> bool {
        let (wins, losses) = self.wins(a, b);
        wins > 0 && losses == 0
    }

    /// In how many judged columns `a` is better than `b`, and in how many it is worse.
    pub(crate) fn wins(&self, a: usize, b: usize) -> (usize, usize) {
        let rows = &self.catalogue.rows;
        let mut wins = (0, 0);
        for (at, column) in self.catalogue.columns.iter().enumerate() {
            let (Some(x), Some(y)) = (rows[a].cells[at].number(), rows[b].cells[at].number())
            else {
                continue;
            };
            let order = match column.better {
                Better::Higher => x.cmp(&y),
                Better::Lower => y.cmp(&x),
                Better::None => continue,
            };
            wins.0 += usize::from(order.is_gt());
            wins.1 += usize::from(order.is_lt());
        }
        wins
    }
}

/// The weight in kilograms and once more in pounds is one thing to argue with.
fn keep_one_of_a_label(profiles: &mut Vec<Profile>) {
    let mut told: BTreeMap<String, ((bool, usize), usize)> = BTreeMap::new();
    for p in &*profiles {
        let rank = (p.is_judged(), p.stated);
        let kept = told.entry(p.label.to_lowercase()).or_insert((rank, p.at));
        if rank > kept.0 {
            *kept = (rank, p.at);
        }
    }
    if told.len() > 1 {
        profiles.retain(|p| told[&p.label.to_lowercase()].1 == p.at);
    }
}

/// An article number is nothing to compare, unless there is hardly anything else.
fn leave_identifiers_out(profiles: &mut Vec<Profile>) {
    let says_something = |p: &Profile| !p.column.is_identifier();
    if profiles.iter().filter(|p| says_something(p)).count() > 1 {
        profiles.retain(says_something);
    }
}

/// The addresses in a cell.
pub(crate) fn addresses(cell: &Cell) -> impl Iterator<Item = &str> {
    cell.raw.split_whitespace().filter(|word| is_address(word))
}

fn is_address(word: &str) -> bool {
    let rest = word
        .strip_prefix("https://")
        .or_else(|| word.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphanumeric()) && rest.contains('.')
    })
}

fn holds_links(catalogue: &Catalogue, at: usize) -> bool {
    match catalogue.columns[at].kind {
        Kind::Url => true,
        Kind::Text | Kind::Category if at != catalogue.name_column => {
            let mut stated = catalogue
                .rows
                .iter()
                .map(|r| &r.cells[at])
                .filter(|c| !c.is_missing())
                .peekable();
            stated.peek().is_some()
                && stated
                    .take(50)
                    .all(|c| c.raw.split_whitespace().all(is_address))
        }
        _ => false,
    }
}

/// A column of dates that says when the row's facts were read, and not when a product came out.
fn dated(catalogue: &Catalogue) -> Option<usize> {
    const WORDS: [&str; 16] = [
        "price_date",
        "preisstand",
        "preisdatum",
        "stand",
        "geprueft",
        "abgerufen",
        "checked",
        "last_checked",
        "as_of",
        "seen",
        "retrieved",
        "accessed",
        "read_on",
        "updated",
        "date",
        "datum",
    ];
    let dates = || {
        catalogue
            .columns
            .iter()
            .enumerate()
            .filter(|(_, c)| c.kind == Kind::Date)
    };
    let named = WORDS
        .iter()
        .find_map(|word| dates().find(|(_, c)| c.name == *word));
    named
        .or_else(|| {
            dates().find(|(_, c)| c.name.starts_with("price") || c.name.starts_with("preis"))
        })
        .map(|(at, _)| at)
}

/// The rows that pages look at one by one: those that state the price and the most columns, in file order
/// where they are equal.
fn shortlist(
    catalogue: &Catalogue,
    profiles: &[Profile],
    price: Option<usize>,
    nameable: &[bool],
) -> Vec<usize> {
    let stated = |row: usize| {
        let cells = &catalogue.rows[row].cells;
        let priced = price.is_some_and(|p| !cells[profiles[p].at].is_missing());
        usize::from(priced) * 1_000
            + profiles
                .iter()
                .filter(|p| !cells[p.at].is_missing())
                .count()
    };
    let mut ranked: Vec<(usize, usize)> = (0..catalogue.rows.len())
        .filter(|&row| nameable[row])
        .map(|row| (usize::MAX - stated(row), row))
        .collect();
    if ranked.len() > SHORTLIST {
        ranked.select_nth_unstable(SHORTLIST);
        ranked.truncate(SHORTLIST);
    }
    ranked.sort_unstable();
    ranked.into_iter().map(|(_, row)| row).collect()
}
