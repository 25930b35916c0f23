//! Words that compare, measure, or carry no topic.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    hashes::Filter,
    words::{Token, lower, word_hash},
};

/// Where a comparative or superlative points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sense {
    /// Towards larger numbers.
    Up,
    /// Towards smaller numbers.
    Down,
    /// A judgement: better, best, worse, worst.
    Judged,
    /// Either, depending on the column.
    Open,
}

/// What a word compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Degree {
    Comparative(Sense),
    Superlative(Sense),
}

/// Comparatives and their superlatives, by what they point at.
const PAIRS: [(Sense, &str); 4] = [
    (
        Sense::Up,
        "heavier/heaviest higher/highest larger/largest bigger/biggest greater/greatest longer/longest \
         taller/tallest wider/widest deeper/deepest thicker/thickest dearer/dearest pricier/priciest \
         costlier/costliest more/most",
    ),
    (
        Sense::Down,
        "lower/lowest smaller/smallest shorter/shortest cheaper/cheapest fewer/fewest less/least \
         narrower/narrowest thinner/thinnest lighter/lightest",
    ),
    (Sense::Judged, "better/best worse/worst"),
    (
        Sense::Open,
        "faster/fastest slower/slowest quicker/quickest quieter/quietest louder/loudest noisier/noisiest \
         stronger/strongest weaker/weakest brighter/brightest darker/darkest warmer/warmest \
         colder/coldest cooler/coolest hotter/hottest newer/newest older/oldest softer/softest \
         harder/hardest stiffer/stiffest sturdier/sturdiest tougher/toughest roomier/roomiest \
         bulkier/bulkiest slimmer/slimmest easier/easiest simpler/simplest safer/safest richer/richest \
         steeper/steepest tighter/tightest sharper/sharpest finer/finest smarter/smartest tinier/tiniest",
    ),
];

/// Verbs that compare two things.
const VERBS: &str = "\
    outweighs outweigh exceeds exceed beats beat beaten undercuts undercut dominates dominate dominated \
    surpasses surpass outperforms outperform outlasts outlast outdoes trails outranks loses wins";

/// Words that end in `est` and compare nothing.
const NOT_SUPERLATIVE: &str = "\
    interest request harvest honest modest forest digest invest suggest manifest protest contest earnest \
    conquest guest quest chest west nest test rest latest attest arrest crest tempest priest dearest";

static DEGREES: LazyLock<FxHashMap<&'static str, Degree>> = LazyLock::new(|| {
    let mut degrees: FxHashMap<&str, Degree> = FxHashMap::default();
    for (sense, pairs) in PAIRS {
        for (comparative, superlative) in pairs.split(' ').filter_map(|pair| pair.split_once('/')) {
            degrees.insert(comparative, Degree::Comparative(sense));
            degrees.insert(superlative, Degree::Superlative(sense));
        }
    }
    degrees.extend(
        VERBS
            .split(' ')
            .map(|verb| (verb, Degree::Comparative(Sense::Open))),
    );
    degrees
});

/// What a lower-case word compares, if it does.
pub(crate) fn degree(word: &str) -> Option<Degree> {
    if let Some(degree) = DEGREES.get(word) {
        return Some(*degree);
    }
    let superlative = word.len() > 5
        && word.ends_with("est")
        && !NOT_SUPERLATIVE.split(' ').any(|noun| noun == word);
    superlative.then_some(Degree::Superlative(Sense::Open))
}

/// Units in general use: what a number must not carry unless its claim does. Ambiguous words are left out.
const UNITS: &str = "\
    kg g mg lb lbs oz mm cm m km inch inches ft feet foot yd yards mile miles l ml cl litre litres liter \
    liters gallon gallons pint pints kw w wh kwh v mah ah bar bars psi hz khz mhz ghz db kb mb gb tb mp \
    px lux lumen lumens rpm nm hp mph kmh kelvin celsius fahrenheit sec second seconds minute minutes \
    mins hr hrs hour hours day days week weeks month months year years eur usd gbp chf jpy cad aud sek \
    nok dkk pln czk euro euros dollar dollars pound pounds franc francs yen cent cents pence percent \
    kilogram kilograms kilo kilos gram grams tonne tonnes ton tons ounce ounces watt watts kilowatt \
    kilowatts volt volts metre metres meter meters centimetre centimetres centimeter centimeters \
    millimetre millimetres millimeter millimeters millilitre millilitres milliliter milliliters \
    kilometre kilometres kilometer kilometers degree degrees points stars";

static UNIT_WORDS: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| UNITS.split(' ').collect());

/// Whether a lower-case word is a unit in general use.
pub(crate) fn is_unit(word: &str) -> bool {
    UNIT_WORDS.contains(word)
}

/// As [`is_unit`], of a word of a text in whatever case.
pub(crate) fn is_unit_word(word: &Token, text: &str) -> bool {
    // Nearly all words are told by their hash, without being lowered.
    static HASHES: LazyLock<Filter> = LazyLock::new(|| UNITS.split(' ').map(word_hash).collect());
    HASHES.may_hold(word.hash) && is_unit(&lower(word.of(text)))
}

/// One name for the ways in which a unit is written.
pub(crate) fn same_unit(unit: &str) -> &str {
    match unit.trim() {
        "€" | "euro" | "euros" | "Euro" | "EURO" | "eur" => "EUR",
        "$" | "US$" | "dollar" | "dollars" | "usd" => "USD",
        "£" | "gbp" => "GBP",
        "¥" | "yen" => "JPY",
        "percent" | "pct" => "%",
        "litre" | "litres" | "liter" | "liters" | "L" => "l",
        "kilogram" | "kilograms" | "kilos" | "kilo" => "kg",
        "gram" | "grams" => "g",
        "hour" | "hours" | "hr" | "hrs" => "h",
        "minute" | "minutes" | "mins" => "min",
        "second" | "seconds" | "sec" => "s",
        "year" | "years" => "year",
        "month" | "months" => "month",
        "day" | "days" => "day",
        "watt" | "watts" => "W",
        "bars" => "bar",
        other => other,
    }
}

const FUNCTION_WORDS: &str = "\
    a about all also an and any are as at be but by can does each for from get has have here how if in \
    into is it its more much no not of on one only or other over page pay than that the their them there \
    they this those to under up what when where which who why with you your";

static FUNCTION_WORD_SET: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| FUNCTION_WORDS.split(' ').collect());

/// Whether a lower-case word carries no topic.
pub(crate) fn is_function_word(word: &str) -> bool {
    FUNCTION_WORD_SET.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_in_est_compare_nothing() {
        assert_eq!(degree("interest"), None);
        assert_eq!(degree("cheapest"), Some(Degree::Superlative(Sense::Down)));
        assert_eq!(degree("bitterest"), Some(Degree::Superlative(Sense::Open)));
    }
}
