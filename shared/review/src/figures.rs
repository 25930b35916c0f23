//! Every number in a sentence, in digits or in words, with the unit that it carries.

use std::borrow::Cow;

use rust_decimal::{Decimal, prelude::FromPrimitive};

use crate::{
    spelled::{REFERRING, begins_number, roman, spelled},
    words::{Token, decimal, is_hidden, lower},
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
        at += 1;
        if !may_begin(token, text) || masked(token) {
            continue;
        }
        let word = token.of(text);
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            found.push(digits(text, token));
            continue;
        }
        if token.numeric || roman(word) {
            if !listed(word) {
                found.push(Figure {
                    start: token.start,
                    end: token.end,
                    value: Decimal::ZERO,
                    negative: false,
                    style: Style::Odd,
                });
            }
            continue;
        }
        let first = at - 1;
        let ahead = || {
            let open = tokens.iter().enumerate().skip(first);
            let open = open.take_while(|(_, t)| !masked(t)).take(16);
            open.filter(|(_, t)| t.word || t.of(text) != "-")
        };
        let spoken = |n: usize| {
            let token = ahead().nth(n);
            token.map_or_else(Cow::default, |(_, t)| lower(t.of(text)))
        };
        // `all three` and `the three` only refer.
        let before = first.checked_sub(1).map_or("", |b| tokens[b].of(text));
        let refers = REFERRING.iter().any(|w| before.eq_ignore_ascii_case(w));
        if let Some((used, value, style)) = spelled(spoken, refers)
            && let Some((last, ends)) = ahead().nth(used - 1)
        {
            found.push(Figure {
                start: token.start,
                end: ends.end,
                value,
                negative: false,
                style,
            });
            at = last + 1;
        }
    }
    found
}

/// Whether a number may begin with a token.
fn may_begin(token: &Token, text: &str) -> bool {
    let first = text.as_bytes()[token.start];
    token.numeric
        || begins_number(token)
        || (matches!(first, b'I' | b'V' | b'X') && roman(token.of(text)))
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
