//! Every number in a sentence, in digits or in words, with the unit that it carries.

use rust_decimal::{Decimal, prelude::FromPrimitive};

use crate::{
    spelled::{REFERRING, begins_number, roman, spelled},
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
