//! Units that the tables of shops use, and exact conversion between those of one dimension.

use std::{collections::HashMap, fmt, sync::LazyLock};

use rust_decimal::{Decimal, RoundingStrategy};

/// What a unit measures. Each currency, and each unit that stands alone, is a dimension of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Dimension {
    Mass,
    Length,
    Area,
    Volume,
    Power,
    Pressure,
    Time,
    Calendar,
    Energy,
    Memory,
    Frequency,
    Charge,
    Voltage,
    Speed,
    /// A currency, by its code: never converted.
    Currency(&'static str),
    /// Converts to nothing else.
    Alone(&'static str),
}

/// A unit that is known by name.
#[derive(Debug)]
pub(crate) struct Unit {
    /// As it is printed: `kg`.
    pub symbol: &'static str,
    pub dimension: Dimension,
    /// How many base units one is: mantissa and scale of a decimal, and a divisor.
    factor: (i64, u32, i64),
    /// Other spellings, in lower case.
    names: &'static [&'static str],
}

const fn unit(
    symbol: &'static str,
    dimension: Dimension,
    mantissa: i64,
    scale: u32,
    names: &'static [&'static str],
) -> Unit {
    Unit {
        symbol,
        dimension,
        factor: (mantissa, scale, 1),
        names,
    }
}

const fn currency(code: &'static str, names: &'static [&'static str]) -> Unit {
    unit(code, Dimension::Currency(code), 1, 0, names)
}

const fn alone(symbol: &'static str, names: &'static [&'static str]) -> Unit {
    unit(symbol, Dimension::Alone(symbol), 1, 0, names)
}

use Dimension::{
    Area, Calendar, Charge, Energy, Frequency, Length, Mass, Memory, Power, Pressure, Speed, Time,
    Voltage, Volume,
};

/// Every known unit. Symbols are matched as written first, then everything without case.
static UNITS: &[Unit] = &[
    unit("g", Mass, 1, 0, &["gram", "grams", "gramm", "gr"]),
    unit(
        "kg",
        Mass,
        1000,
        0,
        &["kilo", "kilos", "kilogram", "kilograms", "kilogramm", "kgs"],
    ),
    unit("mg", Mass, 1, 3, &["milligram", "milligrams", "milligramm"]),
    unit("lb", Mass, 45_359_237, 5, &["lbs", "pound", "pounds"]),
    unit("oz", Mass, 28_349_523_125, 9, &["ounce", "ounces"]),
    unit(
        "mm",
        Length,
        1,
        0,
        &["millimeter", "millimeters", "millimetre", "millimetres"],
    ),
    unit(
        "cm",
        Length,
        10,
        0,
        &[
            "centimeter",
            "centimeters",
            "centimetre",
            "centimetres",
            "zentimeter",
        ],
    ),
    unit(
        "m",
        Length,
        1000,
        0,
        &["meter", "meters", "metre", "metres"],
    ),
    unit(
        "km",
        Length,
        1_000_000,
        0,
        &["kilometer", "kilometers", "kilometre", "kilometres"],
    ),
    unit(
        "in",
        Length,
        254,
        1,
        &["inch", "inches", "\"", "\u{2033}", "\u{201d}", "zoll"],
    ),
    unit("ft", Length, 3048, 1, &["foot", "feet", "'", "\u{2032}"]),
    unit("cm²", Area, 1, 0, &["cm2", "sq cm"]),
    unit("m²", Area, 10_000, 0, &["m2", "sqm", "sq m", "qm"]),
    unit(
        "ml",
        Volume,
        1,
        0,
        &["milliliter", "milliliters", "millilitre", "millilitres"],
    ),
    unit(
        "cl",
        Volume,
        10,
        0,
        &["centiliter", "centilitre", "zentiliter"],
    ),
    unit(
        "dl",
        Volume,
        100,
        0,
        &["deciliter", "decilitre", "deziliter"],
    ),
    unit(
        "l",
        Volume,
        1000,
        0,
        &["liter", "liters", "litre", "litres", "ltr"],
    ),
    unit(
        "fl oz",
        Volume,
        295_735_295_625,
        10,
        &[
            "fl. oz",
            "fl. oz.",
            "fl oz.",
            "floz",
            "fl_oz",
            "fluid ounce",
            "fluid ounces",
        ],
    ),
    unit("gal", Volume, 3_785_411_784, 6, &["gallon", "gallons"]),
    unit("W", Power, 1, 0, &["watt", "watts"]),
    unit("kW", Power, 1000, 0, &["kilowatt", "kilowatts"]),
    unit("bar", Pressure, 100_000, 0, &["bars"]),
    Unit {
        symbol: "psi",
        dimension: Pressure,
        // Pound-force per square inch, in pascals: 0.45359237 kg x 9.80665 m/s² / (0.0254 m)².
        factor: (44_482_216_152_605, 5, 64_516),
        names: &[],
    },
    unit("kPa", Pressure, 1000, 0, &[]),
    unit("hPa", Pressure, 100, 0, &[]),
    unit("MPa", Pressure, 1_000_000, 0, &[]),
    unit(
        "s",
        Time,
        1,
        0,
        &[
            "sec", "secs", "second", "seconds", "sek", "sekunde", "sekunden",
        ],
    ),
    unit(
        "min",
        Time,
        60,
        0,
        &["mins", "minute", "minutes", "minuten"],
    ),
    unit(
        "h",
        Time,
        3600,
        0,
        &["hr", "hrs", "hour", "hours", "std", "stunde", "stunden"],
    ),
    unit(
        "ms",
        Time,
        1,
        3,
        &["millisecond", "milliseconds", "millisekunden"],
    ),
    unit("days", Time, 86_400, 0, &["day", "tag", "tage"]),
    unit("months", Calendar, 1, 0, &["month", "monat", "monate"]),
    unit(
        "years",
        Calendar,
        12,
        0,
        &["year", "yr", "yrs", "jahr", "jahre"],
    ),
    unit("Wh", Energy, 1, 0, &["watt hours"]),
    unit("kWh", Energy, 1000, 0, &["kilowatt hours"]),
    Unit {
        symbol: "kJ",
        dimension: Energy,
        factor: (10, 0, 36),
        names: &[],
    },
    unit("MB", Memory, 1, 0, &["megabyte", "megabytes"]),
    unit("GB", Memory, 1000, 0, &["gigabyte", "gigabytes"]),
    unit("TB", Memory, 1_000_000, 0, &["terabyte", "terabytes"]),
    unit("KB", Memory, 1, 3, &["kilobyte", "kilobytes"]),
    unit("Hz", Frequency, 1, 0, &["hertz"]),
    unit("kHz", Frequency, 1000, 0, &[]),
    unit("MHz", Frequency, 1_000_000, 0, &[]),
    unit("GHz", Frequency, 1_000_000_000, 0, &[]),
    unit("mAh", Charge, 1, 0, &[]),
    unit("Ah", Charge, 1000, 0, &[]),
    unit("V", Voltage, 1, 0, &["volt", "volts"]),
    unit("kV", Voltage, 1000, 0, &[]),
    unit("km/h", Speed, 1, 0, &["kmh", "kph"]),
    unit("mph", Speed, 1_609_344, 6, &[]),
    currency("EUR", &["€", "euro", "euros"]),
    currency("USD", &["$", "us$", "us-dollar", "dollar", "dollars"]),
    currency("GBP", &["£"]),
    currency("CHF", &["sfr", "fr."]),
    currency("JPY", &["¥", "yen"]),
    currency("SEK", &[]),
    currency("NOK", &[]),
    currency("DKK", &[]),
    currency("PLN", &["zł"]),
    currency("CZK", &["kč"]),
    currency("INR", &["₹"]),
    currency("AUD", &["a$"]),
    currency("CAD", &["c$"]),
    currency("CNY", &[]),
    currency("BRL", &["r$"]),
    alone("%", &["percent", "pct", "prozent"]),
    alone("°C", &["celsius", "degc"]),
    alone("°F", &["fahrenheit", "degf"]),
    alone("°", &["degrees", "deg", "grad"]),
    alone("A", &["amp", "amps", "ampere"]),
    alone("dB", &["decibel"]),
    alone("dB(A)", &["dba"]),
    alone("rpm", &["u/min"]),
    alone("lm", &["lumen", "lumens"]),
    alone("N", &[]),
    alone("Nm", &[]),
    alone("px", &["pixel", "pixels"]),
    alone("MP", &["megapixel", "megapixels"]),
    alone("ppm", &[]),
];

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
    pub(crate) fn unit(&self) -> Option<&'static Unit> {
        match self {
            Self::Known(place) => UNITS.get(*place),
            _ => None,
        }
    }

    /// Whether values of both can be compared.
    pub(crate) fn same_dimension(&self, other: &Self) -> bool {
        match (self.unit(), other.unit()) {
            (Some(a), Some(b)) => a.dimension == b.dimension,
            _ => self == other,
        }
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
        for name in names.chain([unit.symbol.to_lowercase()]) {
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
        return (from == to).then_some(value);
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

impl Unit {
    fn numerator(&self) -> Decimal {
        Decimal::new(self.factor.0, self.factor.1)
    }

    fn denominator(&self) -> Decimal {
        Decimal::from(self.factor.2)
    }
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
        assert_eq!(known("stars"), None);
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
