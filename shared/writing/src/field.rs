//! The table as an argument sees it: which columns can be argued with, and which products can be named.

use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use va_catalogue::{Better, Catalogue, Cell, Column, Kind, Value};

use crate::escape::{fold, is_folded};

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
        let argued =
            |at: &usize| *at != catalogue.name_column && !links.contains(at) && Some(*at) != dated;
        let profiles: Vec<Profile> = (0..catalogue.columns.len())
            .filter(argued)
            .filter_map(|at| profile(catalogue, at))
            .collect();
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

/// Whether most names begin with what this column says.
fn in_name(catalogue: &Catalogue, at: usize) -> bool {
    let rows = || {
        catalogue
            .rows
            .iter()
            .filter(|row| !row.cells[at].is_missing())
    };
    let begins = rows()
        .filter(|row| row.name.starts_with(&*row.cells[at].raw))
        .count();
    begins * 2 > rows().count()
}

fn profile<'c>(catalogue: &'c Catalogue, at: usize) -> Option<Profile<'c>> {
    let column = &catalogue.columns[at];
    let label = label(&column.label).or_else(|| label(&column.name.replace('_', " ")))?;
    let cells = || {
        catalogue
            .rows
            .iter()
            .zip(0_u32..)
            .map(|(row, number)| (&row.cells[at], number))
    };
    let stated = cells().filter(|(cell, _)| !cell.is_missing()).count();
    let mut found = Profile {
        at,
        column,
        label,
        stated,
        numbers: Vec::new(),
        dates: Vec::new(),
        groups: Vec::new(),
        split: 0.0,
        in_name: column.kind == Kind::Category && in_name(catalogue, at),
    };
    match column.kind {
        Kind::Number => {
            found.numbers = cells()
                .filter_map(|(cell, row)| Some((cell.number()?, row)))
                .collect();
            ascending(&mut found.numbers);
            found.split = spread(&found.numbers);
        }
        Kind::Date => {
            let date = |cell: &Cell| {
                if let Value::Date(date) = cell.value {
                    Some(date)
                } else {
                    None
                }
            };
            found.dates = cells()
                .filter_map(|(cell, row)| Some((date(cell)?, row)))
                .collect();
            found.dates.sort_unstable();
        }
        Kind::Boolean | Kind::Category => {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for (cell, _) in cells() {
                match &cell.value {
                    Value::Boolean(truth) => {
                        *counts.entry(if *truth { "yes" } else { "no" }).or_default() += 1
                    }
                    Value::Category => *counts.entry(&cell.raw).or_default() += 1,
                    _ => {}
                }
            }
            // A column of which nearly every entry is another one names products and makes no groups.
            let groups = counts.len() <= 3 || counts.len() * 2 <= stated;
            found.split = if groups {
                mixture(counts.values().copied())
            } else {
                0.0
            };
            let counts = if groups { counts } else { BTreeMap::new() };
            found.groups = counts
                .into_iter()
                .filter(|(v, _)| is_sayable(v))
                .map(|(v, n)| (v.to_owned(), n))
                .collect();
            found
                .groups
                .sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        }
        _ => {}
    }
    #[allow(
        clippy::cast_precision_loss,
        reason = "a share of rows, for an order only"
    )]
    let coverage = stated as f64 / catalogue.rows.len().max(1) as f64;
    found.split *= coverage;
    Some(found)
}

/// Sorts by number, then row. Integers of one scale are compared where they fit: decimals of mixed scales
/// are slow to compare.
fn ascending(numbers: &mut Vec<(Decimal, u32)>) {
    let scale = numbers
        .iter()
        .map(|(n, _)| n.scale())
        .max()
        .unwrap_or_default();
    let whole = |n: &Decimal| {
        n.mantissa()
            .checked_mul(10_i128.checked_pow(scale - n.scale())?)
    };
    let keyed: Option<Vec<(i128, (Decimal, u32))>> =
        numbers.iter().map(|n| Some((whole(&n.0)?, *n))).collect();
    match keyed {
        Some(mut keyed) => {
            keyed.sort_unstable_by_key(|(key, (_, row))| (*key, *row));
            *numbers = keyed.into_iter().map(|(_, n)| n).collect();
        }
        None => numbers.sort_unstable(),
    }
}

/// The middle half of the values against the median: 0 where most are equal, 1 where they differ greatly.
fn spread(ascending: &[(Decimal, u32)]) -> f64 {
    let at = |part: usize| {
        ascending
            .get(ascending.len() * part / 4)
            .and_then(|(n, _)| n.to_f64())
            .unwrap_or_default()
    };
    let (low, middle, high) = (at(1), at(2), at(3));
    if middle == 0.0 || high <= low {
        return if ascending.first() < ascending.last() {
            0.01
        } else {
            0.0
        };
    }
    ((high - low) / middle.abs()).min(1.0)
}

/// The chance that two rows differ.
#[allow(
    clippy::cast_precision_loss,
    reason = "a share of rows, for an order only"
)]
fn mixture(counts: impl Iterator<Item = usize> + Clone) -> f64 {
    let all = counts.clone().sum::<usize>() as f64;
    if all == 0.0 {
        0.0
    } else {
        1.0 - counts.map(|n| (n as f64 / all).powi(2)).sum::<f64>()
    }
}

/// A label without numbers and marks, if something is left that a sentence can carry.
fn label(text: &str) -> Option<String> {
    let plain: String = fold(text)
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || "-/'()".contains(c) {
                c
            } else {
                ' '
            }
        })
        .collect();
    let words: Vec<&str> = plain
        .split(' ')
        .filter(|w| w.chars().any(char::is_alphabetic) && !starts_with_digit(w))
        .collect();
    let words: Vec<String> = words.into_iter().map(acronym).collect();
    let label = words.join(" ");
    let sayable = !label.is_empty()
        && label.chars().count() <= LONGEST_VALUE
        && !words.iter().any(|w| compares(w));
    sayable.then_some(label)
}

/// A word as it is written: headers spell abbreviations in small letters.
fn acronym(word: &str) -> String {
    const KNOWN: [&str; 44] = [
        "abs", "ac", "anc", "api", "bpa", "bpm", "cpu", "crm", "dc", "dpi", "fm", "fps", "gps",
        "gpu", "hdmi", "hdr", "hepa", "id", "ip", "ir", "iso", "lcd", "led", "nfc", "oled", "pc",
        "pdf", "pid", "ppi", "psu", "ram", "rgb", "rpm", "sd", "sdk", "sms", "spf", "sso", "ssd",
        "tv", "ui", "uk", "usb", "uv",
    ];
    let lower = word.to_lowercase();
    let short = word.len() <= 5 && word.chars().all(|c| c.is_ascii_alphabetic());
    if short && KNOWN.contains(&lower.as_str()) {
        word.to_uppercase()
    } else {
        word.to_owned()
    }
}

fn starts_with_digit(word: &str) -> bool {
    word.starts_with(|c: char| c.is_numeric())
}

/// Whether a category can stand in a sentence without becoming one.
pub(crate) fn is_sayable(value: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || " -+/'’&,()°".contains(c);
    let decimal_points = value.split('.').collect::<Vec<_>>();
    let points = decimal_points
        .windows(2)
        .all(|w| w[0].ends_with(digit) && w[1].starts_with(digit));
    !value.is_empty()
        && value.parse::<Date>().is_err()
        && value.chars().count() <= LONGEST_VALUE
        && is_folded(value)
        && value.chars().all(|c| plain(c) || c == '.')
        && points
        && value.starts_with(char::is_alphanumeric)
        && value
            .split(|c: char| !c.is_alphanumeric())
            .all(|w| !compares(w) && (w.len() < 2 || !starts_with_digit(w) || w.is_ascii()))
}

fn digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// Words that compare: in a label or a category they would make a sentence claim what no claim says.
fn compares(word: &str) -> bool {
    const WORDS: [&str; 24] = [
        "more", "most", "less", "least", "better", "best", "worse", "worst", "higher", "lower",
        "larger", "smaller", "bigger", "cheaper", "heavier", "lighter", "longer", "shorter",
        "faster", "slower", "fewer", "than", "half", "twice",
    ];
    let word = word.to_lowercase();
    WORDS.contains(&word.as_str()) || (word.len() > 5 && word.ends_with("est"))
}

/// Which rows have a name that a sentence can carry, and that no other row has.
fn nameable(catalogue: &Catalogue) -> Vec<bool> {
    let mut seen: HashSet<u64> = HashSet::with_capacity(catalogue.rows.len());
    catalogue
        .rows
        .iter()
        .map(|row| seen.insert(words_hash(&row.name)) && is_name(&row.name))
        .collect()
}

/// FNV-1a of the lower-case letters and digits, a word apart from the next.
fn words_hash(name: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut gap = false;
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || "+&#%°=~^@$€£".contains(c) {
            if gap {
                hash = (hash ^ 0x20).wrapping_mul(0x0100_0000_01b3);
            }
            hash = (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3);
            gap = false;
        } else {
            gap = true;
        }
    }
    hash
}

pub(crate) fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || " -+/'’&.,()#°%:\"”″™®".contains(c);
    let words = name.split(' ').count();
    name.chars().count() <= LONGEST_NAME
        && words <= 10
        && is_folded(name)
        && name.chars().all(plain)
        && name.starts_with(char::is_alphanumeric)
        && name.chars().any(char::is_alphabetic)
        && !name.contains("://")
        && !name.to_ascii_lowercase().contains("www.")
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
