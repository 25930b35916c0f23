//! What the cells of one column look like, before anything is decided.

use std::collections::HashSet;

use crate::{
    date,
    number::{Evidence, Style, evidence},
    quantity::{Quantity, lengths},
    table::is_missing,
};

/// Longer texts are no categories.
const CATEGORY_CHARS: usize = 40;
/// So many different texts are categories in the smallest table.
const CATEGORY_FLOOR: usize = 12;
/// Numbers without a unit from so many digits on are article numbers.
const IDENTIFIER_DIGITS: usize = 8;

/// Counts over the cells of one column.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Survey {
    /// Cells that state something.
    pub stated: usize,
    pub urls: usize,
    pub dates: usize,
    pub booleans: usize,
    /// Whether `0` and `1` are the only truth words, and which of them were seen.
    pub digits_only: bool,
    pub zero: bool,
    pub one: bool,
    pub quantities: usize,
    pub lengths: usize,
    /// Numbers that are numbers only with this decimal sign.
    pub points: usize,
    pub commas: usize,
    /// Whole numbers of so many digits that they name something.
    pub identifiers: usize,
    /// Whether all cells are few and short.
    pub few: bool,
    /// Whether no two cells are the same.
    pub all_distinct: bool,
}

impl Survey {
    /// Looks at every cell of a column of `rows` rows.
    pub(crate) fn of<'a>(cells: impl Iterator<Item = &'a str>, rows: usize) -> Self {
        let mut survey = Self {
            digits_only: true,
            few: true,
            all_distinct: true,
            ..Self::default()
        };
        let mut distinct: HashSet<&str> = HashSet::new();
        for cell in cells.filter(|cell| !is_missing(cell)) {
            survey.stated += 1;
            survey.all_distinct &= distinct.insert(cell);
            survey.few &= cell.len() <= CATEGORY_CHARS || cell.chars().count() <= CATEGORY_CHARS;
            survey.look(cell);
        }
        survey.few &= distinct.len() <= CATEGORY_FLOOR.max(rows / 5);
        survey
    }

    fn look(&mut self, cell: &str) {
        if is_url(cell) {
            self.urls += 1;
            return;
        }
        if boolean(cell).is_some() {
            self.booleans += 1;
            self.zero |= cell == "0";
            self.one |= cell == "1";
            self.digits_only &= cell == "0" || cell == "1";
        }
        if date::parse(cell).is_some() {
            self.dates += 1;
        } else if let Some(quantity) = Quantity::read(cell) {
            self.quantities += 1;
            self.note(quantity.first.number);
            let digits = quantity.first.number.len();
            let plain = digits == cell.len() && cell.bytes().all(|b| b.is_ascii_digit());
            self.identifiers += usize::from(
                plain && (digits >= IDENTIFIER_DIGITS || (digits > 1 && cell.starts_with('0'))),
            );
        } else if let Some(parts) = lengths(cell) {
            self.lengths += 1;
            for part in &parts {
                self.note(part.number);
            }
        }
    }

    fn note(&mut self, number: &str) {
        match evidence(number) {
            Evidence::Only(Style::Point) => self.points += 1,
            Evidence::Only(Style::Comma) => self.commas += 1,
            Evidence::Open => {}
        }
    }

    /// Whether at least 90 % of what is stated is counted here.
    pub(crate) fn mostly(&self, count: usize) -> bool {
        self.stated > 0 && count * 10 >= self.stated * 9
    }

    /// The decimal sign that most of its numbers need, if one is needed.
    pub(crate) fn style(&self) -> Option<Style> {
        match self.points.cmp(&self.commas) {
            std::cmp::Ordering::Greater => Some(Style::Point),
            std::cmp::Ordering::Less => Some(Style::Comma),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// Whether it states yes or no throughout. A column of `1` alone counts something.
    pub(crate) fn is_boolean(&self) -> bool {
        self.stated > 0
            && self.booleans == self.stated
            && (!self.digits_only || (self.zero && self.one))
    }
}

/// Whether a cell is an absolute http(s) address.
pub(crate) fn is_url(cell: &str) -> bool {
    let after = |scheme: &str| {
        let (start, rest) = cell.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(rest)
    };
    let Some(rest) = after("https://").or_else(|| after("http://")) else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let odd =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | '\\' | '`');
    host.starts_with(char::is_alphanumeric) && !rest.contains(odd)
}

/// Yes or no.
pub(crate) fn boolean(cell: &str) -> Option<bool> {
    const WORDS: [(&str, bool); 8] = [
        ("yes", true),
        ("true", true),
        ("ja", true),
        ("1", true),
        ("no", false),
        ("false", false),
        ("nein", false),
        ("0", false),
    ];
    if cell.len() > 5 {
        return None;
    }
    WORDS
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(cell))
        .map(|(_, truth)| *truth)
}
