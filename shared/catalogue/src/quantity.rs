//! Cells that state an amount: `1.54 kg`, `€ 219`, `1 h 30 min`, `46 x 15 cm`.

use rust_decimal::Decimal;

use crate::{
    number::{self, Style},
    units::{self, Measure},
};

/// A number as text, and its unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part<'a> {
    /// Digits and signs, to be read in the column's style.
    pub number: &'a str,
    /// Its unit.
    pub measure: Measure,
}

/// One amount: a part, or several of falling units that add up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quantity<'a> {
    /// `1 h`
    pub first: Part<'a>,
    /// `30 min`
    pub more: Vec<Part<'a>>,
}

impl<'a> Quantity<'a> {
    /// Reads a cell.
    pub(crate) fn read(cell: &'a str) -> Option<Self> {
        let (prefix, cell) = currency_before(cell);
        let (number, rest) = number::cut(cell)?;
        let end = rest.find(|c: char| c.is_ascii_digit());
        let stated = units::measure(rest[..end.unwrap_or(rest.len())].trim())?;
        let measure = match prefix {
            None => stated,
            Some(prefix) if stated == Measure::Bare => prefix,
            Some(_) => return None,
        };
        let mut quantity = Self {
            first: Part { number, measure },
            more: Vec::new(),
        };
        if let Some(end) = end {
            quantity.add(&rest[end..])?;
        }
        Some(quantity)
    }

    /// Reads what follows: smaller units of the same dimension.
    fn add(&mut self, mut rest: &'a str) -> Option<()> {
        while !rest.is_empty() {
            let (number, behind) = number::cut(rest)?;
            let end = behind
                .find(|c: char| c.is_ascii_digit())
                .unwrap_or(behind.len());
            let measure = units::known(behind[..end].trim())?;
            let last = &self.more.last().unwrap_or(&self.first).measure;
            let falls =
                units::convert(Decimal::ONE, &measure, last).is_some_and(|n| n < Decimal::ONE);
            if !falls || measure.is_currency() {
                return None;
            }
            self.more.push(Part { number, measure });
            rest = &behind[end..];
        }
        Some(())
    }

    /// Its value in a unit; `bare` is the unit of a number without one.
    pub(crate) fn value(&self, style: Style, bare: &Measure, target: &Measure) -> Option<Decimal> {
        let mut sum = self.first.value(style, bare, target)?;
        for part in &self.more {
            sum = sum.checked_add(part.value(style, bare, target)?)?;
        }
        Some(sum)
    }
}

impl Part<'_> {
    /// Its value in a unit.
    pub(crate) fn value(&self, style: Style, bare: &Measure, target: &Measure) -> Option<Decimal> {
        let value = number::parse(self.number, style)?;
        let measure = if self.measure == Measure::Bare {
            bare
        } else {
            &self.measure
        };
        units::convert(value, measure, target)
    }
}

/// Takes a currency from the front of a cell.
fn currency_before(cell: &str) -> (Option<Measure>, &str) {
    let end = cell
        .find(|c: char| c.is_ascii_digit() || "-+\u{2212}.,".contains(c))
        .unwrap_or(0);
    match units::known(cell[..end].trim_end()).filter(Measure::is_currency) {
        Some(currency) => (Some(currency), &cell[end..]),
        None => (None, cell),
    }
}

/// Reads a cell of two or three lengths. A unit behind the last holds for all that have none.
pub(crate) fn lengths(cell: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = Vec::new();
    let mut rest = cell;
    loop {
        let (number, behind) = number::cut(rest)?;
        let (unit, next) = cross(behind);
        parts.push(Part {
            number,
            measure: units::measure(unit.trim())?,
        });
        match next {
            Some(next) if parts.len() < 3 => rest = next,
            Some(_) => return None,
            None => break,
        }
    }
    let last = parts
        .last()
        .map(|part| part.measure.clone())
        .filter(|_| parts.len() > 1)?;
    for part in &mut parts {
        if part.measure == Measure::Bare {
            part.measure = last.clone();
        }
    }
    Some(parts)
}

/// Splits at the next `x` that stands before a digit.
fn cross(text: &str) -> (&str, Option<&str>) {
    for (at, sign) in text.match_indices(['x', 'X', '\u{d7}', '*']) {
        let next = text[at + sign.len()..].trim_start();
        if next.starts_with(|c: char| c.is_ascii_digit()) {
            return (&text[..at], Some(next));
        }
    }
    match text.split_once(" by ") {
        Some((unit, next)) if next.trim_start().starts_with(|c: char| c.is_ascii_digit()) => {
            (unit, Some(next.trim_start()))
        }
        _ => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cell: &str, unit: &str, expected: Option<&str>) {
        let target = units::measure(unit).expect("a unit");
        let value =
            Quantity::read(cell).and_then(|q| q.value(Style::Point, &Measure::Bare, &target));
        assert_eq!(
            value.map(|n| n.normalize().to_string()).as_deref(),
            expected,
            "{cell:?}"
        );
    }

    #[test]
    fn units_stand_behind_and_currencies_also_before() {
        check("1.54 kg", "kg", Some("1.54"));
        check("1.54kg", "g", Some("1540"));
        check("€ 219", "EUR", Some("219"));
        check("EUR219.50", "EUR", Some("219.5"));
        check("219 EUR", "EUR", Some("219"));
        check("US$ 5", "USD", Some("5"));
        check("-€5", "EUR", None);
        check("€-5", "EUR", Some("-5"));
        check("12 cups", "cups", Some("12"));
        check("45%", "%", Some("45"));
    }

    #[test]
    fn falling_units_add_up() {
        check("1 h 30 min", "min", Some("90"));
        check("5'11\"", "in", Some("71"));
        check("30 min 1 h", "min", None);
        check("1 h 30", "min", None);
    }

    #[test]
    fn what_is_more_than_an_amount_is_none() {
        for cell in [
            "5-8 kg",
            "3 in 1 grinder",
            "ca. 5 kg",
            "€ 5 EUR",
            "5 <b>",
            "5 kg 3 kg",
            "1.5 kg (with lid)",
        ] {
            check(cell, "kg", None);
        }
    }

    #[test]
    fn lengths_share_the_last_unit() {
        let read = |cell| {
            lengths(cell).map(|parts| {
                parts
                    .iter()
                    .map(|p| format!("{} {}", p.number, p.measure))
                    .collect::<Vec<_>>()
                    .join(", ")
            })
        };
        assert_eq!(read("46 x 15 cm").as_deref(), Some("46 cm, 15 cm"));
        assert_eq!(
            read("46cm x 150mm x 3 cm").as_deref(),
            Some("46 cm, 150 mm, 3 cm")
        );
        assert_eq!(
            read("30,5×12×8").as_deref(),
            Some("30,5 plain numbers, 12 plain numbers, 8 plain numbers")
        );
        assert_eq!(read("8 by 10 in").as_deref(), Some("8 in, 10 in"));
        for cell in ["46 cm", "1 x 2 x 3 x 4", "5 x", "x 5", "2 x espresso"] {
            assert_eq!(read(cell), None, "{cell:?}");
        }
    }
}
