//! The table of units.

use Dimension::{
    Area, Calendar, Charge, Energy, Frequency, Length, Mass, Memory, Power, Pressure, Speed, Time,
    Voltage, Volume,
};
use rust_decimal::Decimal;

/// What a unit measures. Each currency, and each unit that stands alone, is a dimension of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Dimension {
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
pub(super) struct Unit {
    /// As it is printed: `kg`.
    pub(super) symbol: &'static str,
    /// What it measures.
    pub(super) dimension: Dimension,
    /// How many base units one is: mantissa and scale of a decimal, and a divisor.
    factor: (i64, u32, i64),
    /// Other spellings, in lower case.
    pub(super) names: &'static [&'static str],
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

/// Every known unit. Symbols are matched as written first, then everything without case.
pub(super) static UNITS: &[Unit] = &[
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
    alone("GB/s", &[]),
    alone("MB/s", &[]),
    alone("lm", &["lumen", "lumens"]),
    alone("N", &[]),
    alone("Nm", &[]),
    alone("px", &["pixel", "pixels"]),
    alone("MP", &["megapixel", "megapixels"]),
    alone("sone", &[]),
    alone("cups", &["cup", "tasse", "tassen"]),
    alone("stars", &["star", "stern", "sterne"]),
    alone("pcs", &["pc", "piece", "pieces", "stk", "stück"]),
    alone("persons", &["person", "people", "personen"]),
    alone("ppm", &[]),
];

impl Unit {
    pub(super) fn numerator(&self) -> Decimal {
        Decimal::new(self.factor.0, self.factor.1)
    }

    pub(super) fn denominator(&self) -> Decimal {
        Decimal::from(self.factor.2)
    }
}
