//! Money and rates as they are written: decimal strings, computed exactly.

use std::fmt;

/// The most digits before the point.
const WHOLE_DIGITS: usize = 9;
/// The most digits after the point. With [`WHOLE_DIGITS`], a product of two and a million stays far below `i128::MAX`.
const FRACTION_DIGITS: usize = 6;
/// Micro-units in a unit.
const MICROS: i128 = 1_000_000;

/// A decimal from 0 to 999999999.999999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal {
    /// Millionths.
    millionths: i64,
}

impl Decimal {
    /// Nothing.
    pub const ZERO: Self = Self { millionths: 0 };
    /// One.
    pub const ONE: Self = Self {
        millionths: 1_000_000,
    };

    /// Reads digits with at most one point in between: no sign, exponent, grouping or blank.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = match text.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return None,
            None => (text, ""),
        };
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > WHOLE_DIGITS || fraction.len() > FRACTION_DIGITS {
            return None;
        }
        if !digits(whole) || !digits(fraction) {
            return None;
        }
        let millionths = format!("{whole}{fraction:0<FRACTION_DIGITS$}")
            .parse()
            .ok()?;
        Some(Self { millionths })
    }

    /// Whether it is zero.
    pub fn is_zero(self) -> bool {
        self.millionths == 0
    }

    /// This many units, converted at `rate`, in whole micro-units, rounded up.
    pub fn micros_up(self, rate: Self) -> i64 {
        let (whole, rest) = self.micros(rate);
        clamp(whole + i128::from(rest))
    }

    /// This many units, converted at `rate`, in whole micro-units, rounded down.
    pub fn micros_down(self, rate: Self) -> i64 {
        clamp(self.micros(rate).0)
    }

    fn micros(self, rate: Self) -> (i128, bool) {
        // millionths of a unit are micro-units; the rate's own millionths are divided out.
        let scaled = i128::from(self.millionths) * i128::from(rate.millionths);
        (scaled / MICROS, scaled % MICROS != 0)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!(
            "{}.{:06}",
            self.millionths / 1_000_000,
            self.millionths % 1_000_000
        );
        // Money is written with two decimals, and with more only where they say something.
        let cents = digits.len() - 4;
        let (money, rest) = digits.split_at(cents);
        write!(f, "{money}{}", rest.trim_end_matches('0'))
    }
}

fn clamp(micros: i128) -> i64 {
    i64::try_from(micros)
        .unwrap_or(i64::MAX)
        .min(va_domain::amounts::MAX_AMOUNT)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).expect(text)
    }

    #[test]
    fn a_price_is_converted_exactly_and_rounded_up() {
        assert_eq!(decimal("3.00").micros_up(decimal("0.92")), 2_760_000);
        assert_eq!(decimal("0.000001").micros_up(decimal("0.92")), 1);
        assert_eq!(decimal("0.000001").micros_down(decimal("0.92")), 0);
        assert_eq!(decimal("0.15").micros_up(Decimal::ONE), 150_000);
    }

    #[test]
    fn a_decimal_is_written_with_two_decimals_or_as_many_as_it_has() {
        for (read, written) in [
            ("3", "3.00"),
            ("0.150000", "0.15"),
            ("0.075", "0.075"),
            ("1.5", "1.50"),
            ("0.000001", "0.000001"),
        ] {
            assert_eq!(decimal(read).to_string(), written);
        }
    }

    #[test]
    fn only_plain_decimals_are_money() {
        for text in [
            "",
            ".5",
            "5.",
            "-1",
            "+1",
            "1e3",
            "1,5",
            "1_000",
            " 1",
            "1.0000001",
            "1234567890",
            "NaN",
            "١",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text:?}");
        }
        assert_eq!(
            Decimal::parse("999999999.999999").map(|d| d.micros_up(Decimal::ONE)),
            Some(999_999_999_999_999)
        );
    }

    proptest! {
        #[test]
        fn rounding_up_is_never_below_and_less_than_one_above(price in 0_i64..1_000_000_000_000, rate in 1_i64..10_000_000) {
            let (price, rate) = (Decimal { millionths: price }, Decimal { millionths: rate });
            let (up, down) = (price.micros_up(rate), price.micros_down(rate));
            prop_assert!(up == down || up == down + 1);
            prop_assert!(i128::from(up) * MICROS >= i128::from(price.millionths) * i128::from(rate.millionths));
        }
    }
}
