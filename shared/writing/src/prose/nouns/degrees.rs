//! The comparatives and superlatives that go with a dimension.

use super::Form;
use crate::words::is_currency;

/// Larger and smaller.
type Pair = (&'static str, &'static str);

const VOLUME: [&str; 17] = [
    "l", "L", "ml", "cl", "dl", "m³", "litres", "liters", "gal", "qt", "GB", "TB", "mAh", "Ah",
    "Wh", "kWh", "fl oz",
];
/// What there is more or less of, and never a larger one.
pub(super) const AMOUNTS: [&str; 10] = [
    "bandwidth",
    "energy",
    "memory",
    "power",
    "ram",
    "space",
    "storage",
    "suction",
    "torque",
    "travel",
];
const LENGTH: [&str; 12] = [
    "mm", "cm", "m", "in", "inch", "inches", "ft", "\"", "feet", "yd", "MB", "m²",
];
const TIME: [&str; 16] = [
    "h", "hr", "hrs", "hours", "min", "mins", "minutes", "s", "sec", "seconds", "days", "weeks",
    "months", "years", "km", "mi",
];

const LARGE: (Pair, Pair) = (("larger", "smaller"), ("largest", "smallest"));
pub(super) const GREAT: (Pair, Pair) = (("greater", "smaller"), ("greatest", "smallest"));
const LONG: (Pair, Pair) = (("longer", "shorter"), ("longest", "shortest"));
pub(super) const HIGH: (Pair, Pair) = (("higher", "lower"), ("highest", "lowest"));

/// The comparatives and the superlatives of a label: larger first, smaller second.
pub(super) fn degrees(form: Form, label: &str, unit: Option<&str>) -> (Pair, Pair) {
    let whole = label.to_lowercase();
    let last = whole.rsplit(' ').next().unwrap_or_default();
    let measure = |units: &[&str]| unit.is_some_and(|u| units.contains(&u));
    match form {
        Form::Price => (
            ("more expensive", "cheaper"),
            ("most expensive", "cheapest"),
        ),
        Form::Weight => (("heavier", "lighter"), ("heaviest", "lightest")),
        Form::Extent("wide") => (("wider", "narrower"), ("widest", "narrowest")),
        Form::Extent("high") => (("taller", "lower"), ("tallest", "lowest")),
        Form::Extent("long") => LONG,
        Form::Extent(_) => (("deeper", "smaller"), ("deepest", "smallest")),
        Form::Count => (("more", "fewer"), ("most", "fewest")),
        Form::Amount => (("more", "less"), ("most", "least")),
        _ if last == "year" => (("later", "earlier"), ("latest", "earliest")),
        _ if [
            "length",
            "width",
            "height",
            "depth",
            "diameter",
            "thickness",
        ]
        .contains(&last) =>
        {
            GREAT
        }
        _ if unit.is_some_and(is_currency) => HIGH,
        _ if measure(&VOLUME) => LARGE,
        _ if measure(&LENGTH) && !whole.contains("water") => LARGE,
        _ if measure(&TIME) => LONG,
        _ => HIGH,
    }
}
