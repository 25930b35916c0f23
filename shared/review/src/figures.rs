//! Every number in a sentence, in digits or in words, with the unit that it carries.

use rust_decimal::{Decimal, prelude::FromPrimitive};

use crate::{
    lexicon::is_unit,
    words::{Token, decimal, is_hidden},
};

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `4.5`
    Digits,
    /// `3rd`, `third`
    Ordinal,
    /// `two hundred`, `four times`
    Words,
    /// `half`, `twice`, `two thirds`
    Fraction,
    /// Something with digits that is no plain decimal: `1,899`, full-width digits, `½`.
    Odd,
}

/// A number in a text. Offsets are bytes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Figure {
    pub start: usize,
    pub end: usize,
    pub value: Decimal,
    pub negative: bool,
    pub style: Style,
}

/// Finds the numbers among tokens. `masked` says whether an offset lies in a name, a date or another text
/// that is proven as a whole; `listed` whether a word of letters and digits is one of the request's own.
pub(crate) fn figures(
    text: &str,
    tokens: &[Token],
    masked: impl Fn(&Token) -> bool,
    listed: impl Fn(&str) -> bool,
) -> Vec<Figure> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let token = &tokens[at];
        if masked(token) {
            at += 1;
            continue;
        }
        let word = token.of(text);
        if !token.word {
            if let Some(value) = fraction_sign(word) {
                found.push(Figure {
                    start: token.start,
                    end: token.end,
                    value,
                    negative: false,
                    style: Style::Odd,
                });
            }
            at += 1;
            continue;
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            found.push(digits(text, token));
            at += 1;
            continue;
        }
        if word.contains(char::is_numeric) {
            if !listed(word) {
                found.push(Figure {
                    start: token.start,
                    end: token.end,
                    value: Decimal::ZERO,
                    negative: false,
                    style: Style::Odd,
                });
            }
            at += 1;
            continue;
        }
        if roman(word) && !listed(word) {
            found.push(Figure {
                start: token.start,
                end: token.end,
                value: Decimal::ZERO,
                negative: false,
                style: Style::Odd,
            });
            at += 1;
            continue;
        }
        if !begins_number(&word.to_ascii_lowercase()) {
            at += 1;
            continue;
        }
        let rest = tokens[at..].iter().take_while(|t| !masked(t));
        let words: Vec<(usize, String)> = rest
            .take(16)
            .enumerate()
            .filter(|(_, t)| t.word || t.of(text) != "-")
            .map(|(i, t)| (at + i, t.of(text).to_lowercase()))
            .collect();
        // `all three` and `the three` only refer.
        let refers = at > 0
            && REFERRING
                .iter()
                .any(|w| tokens[at - 1].of(text).eq_ignore_ascii_case(w));
        match spelled(&words, refers) {
            Some((used, value, style)) => {
                let last = words[used - 1].0;
                found.push(Figure {
                    start: token.start,
                    end: tokens[last].end,
                    value,
                    negative: false,
                    style,
                });
                at = last + 1;
            }
            None => at += 1,
        }
    }
    found
}

fn digits(text: &str, token: &Token) -> Figure {
    let word = token.of(text);
    let length = word
        .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
        .unwrap_or(word.len());
    let (number, suffix) = word.split_at(length);
    let before = text[..token.start].chars().rev();
    let mut before = before.filter(|c| !is_hidden(*c));
    let sign = before.next().is_some_and(|c| matches!(c, '-' | '−' | '–'))
        && before.next().is_none_or(|c| c.is_whitespace() || c == '(');
    let (value, style) = match decimal(number) {
        None => (Decimal::ZERO, Style::Odd),
        Some(value) if suffix.contains(char::is_numeric) => {
            // `46x15` reads as two numbers; a letter code like `4K8` is none.
            (value, Style::Odd)
        }
        Some(value) if matches!(suffix, "st" | "nd" | "rd" | "th") => (value, Style::Ordinal),
        Some(value) => (value, Style::Digits),
    };
    Figure {
        start: token.start,
        end: token.start + length,
        value,
        negative: sign,
        style,
    }
}

fn fraction_sign(mark: &str) -> Option<Decimal> {
    let c = mark.chars().next()?;
    (c.is_numeric() && !c.is_ascii_digit()).then_some(Decimal::ZERO)
}

const REFERRING: [&str; 9] = [
    "the", "these", "those", "all", "other", "last", "first", "next", "its",
];

/// `II` to `XIX`, for numbers only: an abbreviation has other letters.
fn roman(word: &str) -> bool {
    word.len() > 1 && word.bytes().all(|b| matches!(b, b'I' | b'V' | b'X'))
}

fn small(word: &str) -> Option<u64> {
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

/// Whether a number in words can begin with this one.
fn begins_number(word: &str) -> bool {
    let multiple = matches!(
        word,
        "a" | "an"
            | "halves"
            | "halved"
            | "twice"
            | "double"
            | "doubles"
            | "doubled"
            | "twofold"
            | "thrice"
            | "triple"
            | "triples"
            | "tripled"
            | "treble"
            | "threefold"
            | "quadruple"
            | "quadruples"
            | "fourfold"
            | "tenfold"
    );
    let first = word.bytes().next().unwrap_or_default();
    // The initials of all other number words, before the lists are searched.
    multiple
        || (matches!(
            first,
            b'd' | b'e' | b'f' | b'h' | b'm' | b'n' | b'o' | b'q' | b's' | b't' | b'z'
        ) && (small(word).is_some() || scale(word).is_some() || denominator(word).is_some()))
}

/// The number that words spell, how many of the words it takes, and whether it is one that needs proof.
fn spelled(words: &[(usize, String)], refers: bool) -> Option<(usize, Decimal, Style)> {
    let word = |i: usize| words.get(i).map_or("", |(_, w)| w.as_str());
    match word(0) {
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
    if let Some(n) = ordinal(word(0)) {
        return Some((1, Decimal::from(n), Style::Ordinal));
    }
    if let Some(value) = scale(word(0)) {
        return Some((1, Decimal::from(value), Style::Words));
    }
    let article = word(0) == "a" || word(0) == "an" || word(0) == "one";
    if article {
        if let Some(of) = denominator(word(1)).filter(|_| word(1) != "second") {
            return Some((2, fraction(1, of), Style::Fraction));
        }
        if scale(word(1)).is_none() && !(word(0) == "one" && word(1) == "point") {
            return None;
        }
    }
    let (mut total, mut current, mut used) = (0_u64, 0_u64, 0);
    if article {
        current = 1;
        used = 1;
    }
    loop {
        if let Some(n) = small(word(used)) {
            current = current.saturating_add(n);
        } else if let Some(by) = scale(word(used)) {
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
            && small(word(used + 1)).is_some()
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
    if word(used) == "point" && small(word(used + 1)).is_some() {
        let tenths = small(word(used + 1)).unwrap_or_default();
        return Some((
            used + 2,
            Decimal::from(value) + fraction(tenths, 10),
            Style::Words,
        ));
    }
    if let Some(of) = denominator(word(used)).filter(|_| used == 1) {
        return Some((used + 1, fraction(value, of), Style::Fraction));
    }
    let measured = matches!(
        word(used),
        "times" | "fold" | "percent" | "per" | "out" | "point"
    ) || is_unit(word(used));
    (value > 12 || (value > 2 && !refers) || measured || used > 1).then_some((
        used,
        Decimal::from(value),
        Style::Words,
    ))
}

/// Whether a fraction in words is what a ratio or a share says.
pub(crate) fn fraction_agrees(fraction: Decimal, claimed: Decimal) -> bool {
    let near = |a: Option<Decimal>, b: Decimal, by: Decimal| a.is_some_and(|a| (a - b).abs() <= by);
    let hundredth = Decimal::from_f64(0.005).unwrap_or_default();
    let percent = Decimal::ONE_HUNDRED.checked_mul(fraction);
    near(Some(fraction), claimed, hundredth)
        || near(percent, claimed, Decimal::new(5, 1))
        || near(Decimal::ONE.checked_div(fraction), claimed, hundredth)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::tokens;

    fn check(text: &str, expected: &[(&str, Style)]) {
        let found = figures(text, &tokens(text), |_| false, |_| false);
        let found: Vec<(String, Style)> = found
            .iter()
            .map(|f| (f.value.normalize().to_string(), f.style))
            .collect();
        let found: Vec<(&str, Style)> = found.iter().map(|(v, s)| (v.as_str(), *s)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn numbers_are_found_however_they_are_written() {
        check(
            "EUR 219 and 4.5 kg, 62%",
            &[
                ("219", Style::Digits),
                ("4.5", Style::Digits),
                ("62", Style::Digits),
            ],
        );
        check("4.5kg", &[("4.5", Style::Digits)]);
        check(
            "It comes 3rd, not fourth.",
            &[("3", Style::Ordinal), ("4", Style::Ordinal)],
        );
        check("two hundred and nineteen euros", &[("219", Style::Words)]);
        check(
            "four times, twenty-four, a dozen",
            &[
                ("4", Style::Words),
                ("24", Style::Words),
                ("12", Style::Words),
            ],
        );
        check(
            "half the price and twice as heavy",
            &[("0.5", Style::Fraction), ("2", Style::Fraction)],
        );
        check("one point five kilos", &[("1.5", Style::Words)]);
        check(
            "1,899 and ４５ and ½",
            &[("0", Style::Odd), ("0", Style::Odd), ("0", Style::Odd)],
        );
    }

    #[test]
    fn small_counts_that_only_refer_are_no_figures() {
        check(
            "The cheaper of the two is the one to take; both have a lid.",
            &[],
        );
    }

    #[test]
    fn a_fraction_agrees_with_its_ratio_and_its_share() {
        let half = Decimal::new(5, 1);
        assert!(fraction_agrees(half, Decimal::from(50)) && fraction_agrees(half, Decimal::TWO));
        assert!(!fraction_agrees(half, Decimal::from(52)));
    }
}
