//! Numbers in words.

use std::{borrow::Cow, sync::LazyLock};

use rust_decimal::Decimal;

use crate::{
    figures::Style,
    hashes::Filter,
    lexicon::is_unit,
    words::{Token, word_hash},
};

/// Words after which a small number only refers: `all three`.
pub(crate) const REFERRING: [&str; 9] = [
    "the", "these", "those", "all", "other", "last", "first", "next", "its",
];

/// `II` to `XIX`, for numbers only: an abbreviation has other letters.
pub(crate) fn roman(word: &str) -> bool {
    word.len() > 1 && word.bytes().all(|b| matches!(b, b'I' | b'V' | b'X'))
}

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

const TENS: [&str; 8] = [
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];

const ORDINALS: [&str; 18] = [
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
];

fn small(word: &str) -> Option<u64> {
    let small = SMALL.iter().position(|s| *s == word);
    small
        .or_else(|| TENS.iter().position(|t| *t == word).map(|t| (t + 2) * 10))
        .map(|n| n as u64)
}

fn scale(word: &str) -> Option<u64> {
    Some(match word {
        "hundred" | "hundreds" => 100,
        "thousand" | "thousands" => 1_000,
        "million" | "millions" => 1_000_000,
        "dozen" | "dozens" => 12,
        _ => return None,
    })
}

fn ordinal(word: &str) -> Option<u64> {
    ORDINALS
        .iter()
        .position(|o| *o == word)
        .map(|o| o as u64 + 3)
}

fn denominator(word: &str) -> Option<u64> {
    let singular = word.strip_suffix('s').unwrap_or(word);
    match singular {
        "half" => Some(2),
        "quarter" => Some(4),
        _ => ordinal(singular),
    }
}

fn fraction(n: u64, of: u64) -> Decimal {
    Decimal::from(n)
        .checked_div(Decimal::from(of))
        .unwrap_or_default()
}

/// Words that a number in words can begin with, besides those of the lists.
const OTHERS: &str = "\
    a an half halves halved quarter quarters twice double doubles doubled twofold thrice triple triples \
    tripled treble threefold quadruple quadruples fourfold tenfold hundred hundreds thousand thousands \
    million millions dozen dozens";

static BEGINNINGS: LazyLock<Filter> = LazyLock::new(|| {
    let listed = SMALL.iter().chain(&TENS).chain(&ORDINALS).copied();
    listed.chain(OTHERS.split(' ')).map(word_hash).collect()
});

/// Whether a number in words may begin with this one, as far as its hash tells.
pub(crate) fn begins_number(word: &Token) -> bool {
    BEGINNINGS.may_hold(word.hash)
}

/// The number that words spell, how many of the words it takes, and whether it is one that needs proof.
///
/// `word` gives the lower-case words from there, and nothing past their end.
pub(crate) fn spelled<'t>(
    word: impl Fn(usize) -> Cow<'t, str>,
    refers: bool,
) -> Option<(usize, Decimal, Style)> {
    let first = word(0);
    match &*first {
        "half" | "halves" | "halved" => return Some((1, Decimal::new(5, 1), Style::Fraction)),
        "twice" | "double" | "doubles" | "doubled" | "twofold" => {
            return Some((1, Decimal::TWO, Style::Fraction));
        }
        "thrice" | "triple" | "triples" | "tripled" | "treble" | "threefold" => {
            return Some((1, Decimal::from(3), Style::Fraction));
        }
        "quadruple" | "quadruples" | "fourfold" => {
            return Some((1, Decimal::from(4), Style::Fraction));
        }
        "tenfold" => return Some((1, Decimal::TEN, Style::Fraction)),
        "quarter" | "quarters" => return Some((1, fraction(1, 4), Style::Fraction)),
        _ => {}
    }
    if let Some(n) = ordinal(&first) {
        return Some((1, Decimal::from(n), Style::Ordinal));
    }
    if let Some(value) = scale(&first) {
        return Some((1, Decimal::from(value), Style::Words));
    }
    let article = first == "a" || first == "an" || first == "one";
    if article {
        let next = word(1);
        if let Some(of) = denominator(&next).filter(|_| next != "second") {
            return Some((2, fraction(1, of), Style::Fraction));
        }
        if scale(&next).is_none() && !(first == "one" && next == "point") {
            return None;
        }
    }
    let (mut total, mut current, mut used) = (0_u64, 0_u64, 0);
    if article {
        current = 1;
        used = 1;
    }
    loop {
        if let Some(n) = small(&word(used)) {
            current = current.saturating_add(n);
        } else if let Some(by) = scale(&word(used)) {
            if used == 0 {
                break;
            }
            current = current.max(1).saturating_mul(by);
            if by >= 1_000 {
                total = total.saturating_add(current);
                current = 0;
            }
        } else if !(word(used) == "and"
            && used > 0
            && current % 100 == 0
            && small(&word(used + 1)).is_some()
            && current + total > 0)
        {
            break;
        }
        used += 1;
    }
    if used == 0 {
        return None;
    }
    let value = total + current;
    if word(used) == "point" && small(&word(used + 1)).is_some() {
        let tenths = small(&word(used + 1)).unwrap_or_default();
        return Some((
            used + 2,
            Decimal::from(value) + fraction(tenths, 10),
            Style::Words,
        ));
    }
    if let Some(of) = denominator(&word(used)).filter(|_| used == 1) {
        return Some((used + 1, fraction(value, of), Style::Fraction));
    }
    let measured = matches!(
        &*word(used),
        "times" | "fold" | "percent" | "per" | "out" | "point"
    ) || is_unit(&word(used));
    (value > 12 || (value > 2 && !refers) || measured || used > 1).then_some((
        used,
        Decimal::from(value),
        Style::Words,
    ))
}
