//! Units that the tables of shops use, and exact conversion between those of one dimension.

mod known;

use std::{collections::HashMap, fmt, sync::LazyLock};

use known::{Dimension, UNITS, Unit};
use rust_decimal::{Decimal, RoundingStrategy};

/// What stands for a unit in a cell or a header.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Measure {
    /// Nothing.
    Bare,
    /// A known unit, by its place in the table.
    Known(usize),
    /// A word that is used like a unit.
    Word(String),
}

impl Measure {
    /// The known unit.
    fn unit(&self) -> Option<&'static Unit> {
        match self {
            Self::Known(place) => UNITS.get(*place),
            _ => None,
        }
    }

    /// Whether values of both can be compared.
    pub(crate) fn same_dimension(&self, other: &Self) -> bool {
        match (self.unit(), other.unit()) {
            (Some(a), Some(b)) => a.dimension == b.dimension,
            _ => {
                self == other
                    || matches!((self, other), (Self::Word(a), Self::Word(b)) if same_word(a, b))
            }
        }
    }

    /// Whether it is a unit of the table.
    pub(crate) fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }

    /// Whether it is money.
    pub(crate) fn is_currency(&self) -> bool {
        self.unit()
            .is_some_and(|unit| matches!(unit.dimension, Dimension::Currency(_)))
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bare => f.write_str("plain numbers"),
            Self::Known(place) => f.write_str(UNITS[*place].symbol),
            Self::Word(word) => f.write_str(word),
        }
    }
}

/// The known unit of this spelling.
pub(crate) fn known(text: &str) -> Option<Measure> {
    // Longer than any spelling; most texts are.
    if text.is_empty() || text.len() > 20 {
        return None;
    }
    let exact = || UNITS.iter().position(|unit| unit.symbol == text);
    let spelled = || {
        let lower = text.to_lowercase();
        // `4 min.` and `30 Std.`
        SPELLINGS
            .get(&lower)
            .or_else(|| SPELLINGS.get(lower.strip_suffix('.')?))
            .copied()
    };
    exact().or_else(spelled).map(Measure::Known)
}

/// Lower-case spelling -> place in the table.
static SPELLINGS: LazyLock<HashMap<String, usize>> = LazyLock::new(|| {
    let mut spellings = HashMap::new();
    for (place, unit) in UNITS.iter().enumerate() {
        let names = unit.names.iter().map(|name| (*name).to_owned());
        // A lower-case `a` or `n` is rarely ampere or newton: `usb_a`.
        let letter = unit.symbol.len() == 1 && matches!(unit.dimension, Dimension::Alone(_));
        let symbol = (!letter).then(|| unit.symbol.to_lowercase());
        for name in names.chain(symbol) {
            spellings.entry(name).or_insert(place);
        }
    }
    spellings
});

/// The unit of this text: a known one, or a word that can serve as one.
pub(crate) fn measure(text: &str) -> Option<Measure> {
    if text.is_empty() {
        return Some(Measure::Bare);
    }
    known(text).or_else(|| is_word(text).then(|| Measure::Word(text.to_owned())))
}

/// Whether two words are one, but for case and number: `Programme`, `programmes`.
fn same_word(a: &str, b: &str) -> bool {
    let stem = |word: &str| word.to_lowercase().trim_end_matches('s').to_owned();
    stem(a) == stem(b)
}

/// Whether a text could be the name of a unit: `cups`, `dB(C)`, `cups/day`.
pub(crate) fn is_word(text: &str) -> bool {
    text.chars().count() <= 16
        && text.chars().any(char::is_alphabetic)
        && text
            .chars()
            .all(|c| c.is_alphabetic() || " /()%°µ²³".contains(c))
}

/// The value in another unit of the same dimension, rounded to what the stated digits can bear: exact
/// where at most three decimals say it, and between powers of ten; else the stated digits, at least three.
pub(crate) fn convert(value: Decimal, from: &Measure, to: &Measure) -> Option<Decimal> {
    let (Some(a), Some(b)) = (from.unit(), to.unit()) else {
        return from.same_dimension(to).then_some(value);
    };
    if a.symbol == b.symbol {
        return Some(value);
    }
    if a.dimension != b.dimension {
        return None;
    }
    let exact = value
        .checked_mul(a.numerator().checked_mul(b.denominator())?)?
        .checked_div(b.numerator().checked_mul(a.denominator())?)?
        .normalize();
    let ratio = a.numerator() * b.denominator() / (b.numerator() * a.denominator());
    if exact.scale() <= 3 || is_power_of_ten(ratio) {
        return Some(exact);
    }
    let digits = u32::try_from(value.mantissa().unsigned_abs().to_string().len())
        .unwrap_or(3)
        .max(3);
    exact
        .round_sf_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
        .map(|n| n.normalize())
}

fn is_power_of_ten(ratio: Decimal) -> bool {
    let mut mantissa = ratio.normalize().mantissa();
    while mantissa > 1 && mantissa % 10 == 0 {
        mantissa /= 10;
    }
    mantissa == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, from: &str, to: &str, expected: &str) {
        let value: Decimal = value.parse().expect("a number");
        let converted = convert(value, &known(from).expect(from), &known(to).expect(to));
        assert_eq!(
            converted.map(|n| n.to_string()).as_deref(),
            Some(expected),
            "{value} {from} in {to}"
        );
    }

    #[test]
    fn tens_convert_exactly() {
        check("1543", "g", "kg", "1.543");
        check("1234567", "mg", "kg", "1.234567");
        check("2.3", "Liter", "ml", "2300");
        check("150", "mm", "cm", "15");
        check("1.5", "GB", "MB", "1500");
    }

    #[test]
    fn other_units_keep_the_stated_digits_and_at_least_three() {
        check("3.4", "lb", "kg", "1.54");
        check("3", "oz", "kg", "0.085");
        check("220", "psi", "bar", "15.2");
        check("15", "bar", "psi", "218");
        check("15", "in", "cm", "38.1");
        check("33.81", "fl. oz", "ml", "999.9");
        check("20", "min", "h", "0.333");
        check("90", "Minuten", "h", "1.5");
        check("2", "years", "months", "24");
        check("3.6", "kJ", "Wh", "1");
    }

    #[test]
    fn currencies_and_other_dimensions_do_not_convert() {
        let value = Decimal::ONE;
        for (from, to) in [("EUR", "$"), ("kg", "l"), ("%", "°C")] {
            assert_eq!(
                convert(value, &known(from).expect(from), &known(to).expect(to)),
                None,
                "{from} in {to}"
            );
        }
    }

    #[test]
    fn symbols_are_read_as_written_before_case_is_folded() {
        assert_eq!(known("KG").map(|m| m.to_string()).as_deref(), Some("kg"));
        assert_eq!(known("Std.").map(|m| m.to_string()).as_deref(), Some("h"));
        assert_eq!(known("€").map(|m| m.to_string()).as_deref(), Some("EUR"));
        assert_eq!(known("grinders"), None);
    }

    #[test]
    fn every_spelling_has_one_unit() {
        let mut seen = std::collections::BTreeSet::new();
        for unit in UNITS {
            for name in unit.names.iter().copied().chain([unit.symbol]) {
                assert!(seen.insert(name), "{name} stands twice");
            }
        }
    }
}
