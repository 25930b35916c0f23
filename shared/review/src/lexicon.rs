//! The words that the reviewer listens for.

use std::{collections::HashMap, sync::LazyLock};

use crate::code::Code;

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

/// (comparative, superlative, sense)
const PAIRS: &[(&str, &str, Sense)] = &[
    ("heavier", "heaviest", Sense::Up),
    ("higher", "highest", Sense::Up),
    ("larger", "largest", Sense::Up),
    ("bigger", "biggest", Sense::Up),
    ("greater", "greatest", Sense::Up),
    ("longer", "longest", Sense::Up),
    ("taller", "tallest", Sense::Up),
    ("wider", "widest", Sense::Up),
    ("deeper", "deepest", Sense::Up),
    ("thicker", "thickest", Sense::Up),
    ("dearer", "dearest", Sense::Up),
    ("pricier", "priciest", Sense::Up),
    ("costlier", "costliest", Sense::Up),
    ("more", "most", Sense::Up),
    ("lower", "lowest", Sense::Down),
    ("smaller", "smallest", Sense::Down),
    ("shorter", "shortest", Sense::Down),
    ("cheaper", "cheapest", Sense::Down),
    ("fewer", "fewest", Sense::Down),
    ("less", "least", Sense::Down),
    ("narrower", "narrowest", Sense::Down),
    ("thinner", "thinnest", Sense::Down),
    ("lighter", "lightest", Sense::Down),
    ("better", "best", Sense::Judged),
    ("worse", "worst", Sense::Judged),
    ("faster", "fastest", Sense::Open),
    ("slower", "slowest", Sense::Open),
    ("quicker", "quickest", Sense::Open),
    ("quieter", "quietest", Sense::Open),
    ("louder", "loudest", Sense::Open),
    ("noisier", "noisiest", Sense::Open),
    ("stronger", "strongest", Sense::Open),
    ("weaker", "weakest", Sense::Open),
    ("brighter", "brightest", Sense::Open),
    ("darker", "darkest", Sense::Open),
    ("warmer", "warmest", Sense::Open),
    ("colder", "coldest", Sense::Open),
    ("cooler", "coolest", Sense::Open),
    ("hotter", "hottest", Sense::Open),
    ("newer", "newest", Sense::Open),
    ("older", "oldest", Sense::Open),
    ("softer", "softest", Sense::Open),
    ("harder", "hardest", Sense::Open),
    ("stiffer", "stiffest", Sense::Open),
    ("sturdier", "sturdiest", Sense::Open),
    ("tougher", "toughest", Sense::Open),
    ("roomier", "roomiest", Sense::Open),
    ("bulkier", "bulkiest", Sense::Open),
    ("slimmer", "slimmest", Sense::Open),
    ("easier", "easiest", Sense::Open),
    ("simpler", "simplest", Sense::Open),
    ("safer", "safest", Sense::Open),
    ("richer", "richest", Sense::Open),
    ("steeper", "steepest", Sense::Open),
    ("tighter", "tightest", Sense::Open),
    ("sharper", "sharpest", Sense::Open),
    ("finer", "finest", Sense::Open),
    ("smarter", "smartest", Sense::Open),
    ("tinier", "tiniest", Sense::Open),
];

/// Verbs that compare two things.
const VERBS: &[&str] = &[
    "outweighs",
    "outweigh",
    "exceeds",
    "exceed",
    "beats",
    "beat",
    "beaten",
    "undercuts",
    "undercut",
    "dominates",
    "dominate",
    "dominated",
    "surpasses",
    "surpass",
    "outperforms",
    "outperform",
    "outlasts",
    "outlast",
    "outdoes",
    "trails",
    "outranks",
    "loses",
    "wins",
];

/// Words that end in `est` and compare nothing.
const NOT_SUPERLATIVE: &[&str] = &[
    "interest", "request", "harvest", "honest", "modest", "forest", "digest", "invest", "suggest",
    "manifest", "protest", "contest", "earnest", "conquest", "guest", "quest", "chest", "west",
    "nest", "test", "rest", "latest", "attest", "arrest", "crest", "tempest", "priest", "dearest",
];

static DEGREES: LazyLock<HashMap<&'static str, Degree>> = LazyLock::new(|| {
    let pairs = PAIRS.iter().flat_map(|&(comparative, superlative, sense)| {
        [
            (comparative, Degree::Comparative(sense)),
            (superlative, Degree::Superlative(sense)),
        ]
    });
    let verbs = VERBS
        .iter()
        .map(|&verb| (verb, Degree::Comparative(Sense::Open)));
    pairs.chain(verbs).collect()
});

/// What a lower-case word compares, if it does.
pub(crate) fn degree(word: &str) -> Option<Degree> {
    if let Some(degree) = DEGREES.get(word) {
        return Some(*degree);
    }
    let superlative = word.len() > 5 && word.ends_with("est") && !NOT_SUPERLATIVE.contains(&word);
    superlative.then_some(Degree::Superlative(Sense::Open))
}

/// Units in general use: what a number must not carry unless its claim does. Ambiguous words are left out.
const UNITS: &[&str] = &[
    "kg",
    "g",
    "mg",
    "lb",
    "lbs",
    "oz",
    "mm",
    "cm",
    "m",
    "km",
    "inch",
    "inches",
    "ft",
    "feet",
    "foot",
    "yd",
    "yards",
    "mile",
    "miles",
    "l",
    "ml",
    "cl",
    "litre",
    "litres",
    "liter",
    "liters",
    "gallon",
    "gallons",
    "pint",
    "pints",
    "kw",
    "w",
    "wh",
    "kwh",
    "v",
    "mah",
    "ah",
    "bar",
    "bars",
    "psi",
    "hz",
    "khz",
    "mhz",
    "ghz",
    "db",
    "kb",
    "mb",
    "gb",
    "tb",
    "mp",
    "px",
    "lux",
    "lumen",
    "lumens",
    "rpm",
    "nm",
    "hp",
    "mph",
    "kmh",
    "kelvin",
    "celsius",
    "fahrenheit",
    "sec",
    "second",
    "seconds",
    "minute",
    "minutes",
    "mins",
    "hr",
    "hrs",
    "hour",
    "hours",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
    "eur",
    "usd",
    "gbp",
    "chf",
    "jpy",
    "cad",
    "aud",
    "sek",
    "nok",
    "dkk",
    "pln",
    "czk",
    "euro",
    "euros",
    "dollar",
    "dollars",
    "pound",
    "pounds",
    "franc",
    "francs",
    "yen",
    "cent",
    "cents",
    "pence",
    "percent",
    "kilogram",
    "kilograms",
    "kilo",
    "kilos",
    "gram",
    "grams",
    "tonne",
    "tonnes",
    "ton",
    "tons",
    "ounce",
    "ounces",
    "watt",
    "watts",
    "kilowatt",
    "kilowatts",
    "volt",
    "volts",
    "metre",
    "metres",
    "meter",
    "meters",
    "centimetre",
    "centimetres",
    "centimeter",
    "centimeters",
    "millimetre",
    "millimetres",
    "millimeter",
    "millimeters",
    "millilitre",
    "millilitres",
    "milliliter",
    "milliliters",
    "kilometre",
    "kilometres",
    "kilometer",
    "kilometers",
    "degree",
    "degrees",
    "points",
    "stars",
];

static UNIT_WORDS: LazyLock<std::collections::HashSet<&'static str>> =
    LazyLock::new(|| UNITS.iter().copied().collect());

/// Whether a lower-case word is a unit in general use.
pub(crate) fn is_unit(word: &str) -> bool {
    UNIT_WORDS.contains(word)
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

/// Phrases that reject, in lower-case words.
const PHRASES: &[(Code, &[&str])] = &[
    (
        Code::Experience,
        &[
            "we tested",
            "we have tested",
            "we ve tested",
            "we tried",
            "we used",
            "we measured",
            "we found",
            "we reviewed",
            "our test",
            "our tests",
            "our testing",
            "our team",
            "our experts",
            "our experience",
            "our review",
            "our lab",
            "in our experience",
            "in my experience",
            "in our opinion",
            "hands on",
            "i tested",
            "i tried",
            "i used",
            "my own",
            "users say",
            "users report",
            "users love",
            "users praise",
            "users like",
            "owners say",
            "owners report",
            "owners love",
            "buyers say",
            "buyers report",
            "buyers love",
            "customers say",
            "customers report",
            "customers love",
            "customers praise",
            "reviewers say",
            "reviewers praise",
            "critics say",
            "people say",
            "people love",
            "readers say",
            "experts say",
            "experts recommend",
            "customer reviews",
            "user reviews",
            "customer review",
            "star rating",
            "star ratings",
            "stars",
            "out of five",
            "out of 5",
            "rated",
            "top rated",
            "highly rated",
            "best rated",
            "rating of",
            "ratings",
            "award",
            "awards",
            "award winning",
            "award winner",
            "prize",
            "winner",
            "test winner",
            "editor s choice",
            "editors choice",
            "best of 2023",
            "best of 2024",
            "best of 2025",
            "best of 2026",
            "best of 2027",
            "bestseller",
            "bestsellers",
            "best seller",
            "best sellers",
            "best selling",
            "most popular",
            "popular choice",
            "crowd favourite",
            "fan favourite",
            "tested by",
            "lab tested",
            "field tested",
            "clinically proven",
            "scientifically proven",
            "proven in",
            "after weeks of",
            "after months of",
            "in daily use we",
            "recommended by",
            "testimonial",
            "testimonials",
        ],
    ),
    (
        Code::Availability,
        &[
            "in stock",
            "out of stock",
            "sold out",
            "available now",
            "currently available",
            "stock is",
            "stocks are",
            "left in stock",
            "while stocks last",
            "while supplies last",
            "limited time",
            "limited offer",
            "current price",
            "currently costs",
            "today s price",
            "price today",
            "price right now",
            "costs today",
            "latest price",
            "best price",
            "lowest price ever",
            "special offer",
            "on sale",
            "discount",
            "discounts",
            "discounted",
            "coupon",
            "voucher",
            "free shipping",
            "free delivery",
            "next day delivery",
            "ships today",
            "ships within",
            "delivered tomorrow",
            "money back",
            "guarantee",
            "guarantees",
            "guaranteed",
            "risk free",
            "no risk",
        ],
    ),
    (
        Code::Hype,
        &[
            "excellent",
            "perfect",
            "perfectly",
            "amazing",
            "awesome",
            "fantastic",
            "incredible",
            "incredibly",
            "outstanding",
            "superb",
            "stunning",
            "unbeatable",
            "unrivalled",
            "unrivaled",
            "unmatched",
            "unparalleled",
            "unsurpassed",
            "exceptional",
            "exceptionally",
            "phenomenal",
            "revolutionary",
            "groundbreaking",
            "cutting edge",
            "state of the art",
            "world class",
            "world s best",
            "best ever",
            "best in class",
            "best on the market",
            "second to none",
            "must have",
            "must buy",
            "no brainer",
            "game changer",
            "game changing",
            "great choice",
            "great option",
            "great value",
            "great buy",
            "good value",
            "excellent value",
            "value for money",
            "superior",
            "premium quality",
            "high quality",
            "top quality",
            "top notch",
            "first class",
            "flawless",
            "ideal choice",
            "dream",
            "you will love",
            "you ll love",
            "guilt free",
            "magical",
            "legendary",
            "impressive",
            "impressively",
            "wonderful",
            "brilliant",
            "marvellous",
            "marvelous",
            "remarkable",
            "extraordinary",
            "sensational",
            "delightful",
            "luxurious",
            "beloved",
            "masterpiece",
            "nothing beats",
            "hands down",
            "without a doubt",
            "no doubt",
            "definitely the",
            "simply the",
        ],
    ),
    (
        Code::Injection,
        &[
            "ignore previous",
            "ignore all previous",
            "ignore the previous",
            "ignore all instructions",
            "ignore the above",
            "ignore these instructions",
            "ignore your instructions",
            "ignore any previous",
            "disregard previous",
            "disregard all",
            "disregard the above",
            "disregard your",
            "forget previous",
            "forget all previous",
            "forget your instructions",
            "previous instructions",
            "new instructions",
            "system prompt",
            "system message",
            "developer message",
            "as an ai",
            "as a language model",
            "large language model",
            "language model",
            "i am an ai",
            "i m an ai",
            "i cannot help",
            "i can t help",
            "i m sorry",
            "you are now",
            "you are chatgpt",
            "prompt injection",
            "jailbreak",
            "do not tell",
            "approve this",
            "mark this as",
            "dear reviewer",
            "note to the reviewer",
            "to the reviewer",
            "buy now",
            "order now",
            "act now",
            "shop now",
            "buy today",
            "order today",
            "click here",
            "click the link",
            "click this",
            "click below",
            "tap here",
            "sign up",
            "subscribe",
            "call us",
            "call now",
            "email us",
            "contact us",
            "visit our",
            "visit the site",
            "follow us",
            "scan the",
            "send money",
            "transfer money",
            "wire money",
            "enter your",
            "your password",
            "your credit card",
            "credit card number",
            "log in",
            "download now",
            "hurry",
            "don t miss",
            "do not miss",
            "limited stock",
            "grab yours",
            "get yours",
            "add to cart",
            "add to basket",
        ],
    ),
];

/// What a phrase is a case of, and its words after the first.
type Tail = (Code, Vec<&'static str>);

static PHRASE_INDEX: LazyLock<HashMap<&'static str, Vec<Tail>>> = LazyLock::new(|| {
    let mut index: HashMap<&str, Vec<Tail>> = HashMap::new();
    for (code, phrases) in PHRASES {
        for phrase in *phrases {
            let mut words = phrase.split(' ');
            let first = words.next().unwrap_or_default();
            index
                .entry(first)
                .or_default()
                .push((*code, words.collect()));
        }
    }
    index
});

/// The rejected phrase that begins at a word, given the lower-case words from there on.
pub(crate) fn phrase(words: &[&str]) -> Option<(Code, usize)> {
    let (first, rest) = words.split_first()?;
    let entries = PHRASE_INDEX.get(first)?;
    entries
        .iter()
        .find(|(_, tail)| rest.starts_with(tail))
        .map(|(code, tail)| (*code, tail.len() + 1))
}

/// Words that carry no topic.
pub(crate) fn is_function_word(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "a", "about", "all", "also", "an", "and", "any", "are", "as", "at", "be", "but", "by",
        "can", "does", "each", "for", "from", "get", "has", "have", "here", "how", "if", "in",
        "into", "is", "it", "its", "more", "much", "no", "not", "of", "on", "one", "only", "or",
        "other", "over", "page", "pay", "than", "that", "the", "their", "them", "there", "they",
        "this", "those", "to", "under", "up", "what", "when", "where", "which", "who", "why",
        "with", "you", "your",
    ];
    WORDS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_function_words_is_sorted() {
        assert!(
            ["a", "here", "how", "your", "under"]
                .iter()
                .all(|w| is_function_word(w))
        );
    }

    #[test]
    fn a_phrase_is_found_from_its_first_word() {
        assert_eq!(
            phrase(&["award", "winning", "lamp"]).map(|(code, _)| code),
            Some(Code::Experience)
        );
        assert_eq!(phrase(&["a", "lamp"]), None);
    }

    #[test]
    fn nouns_in_est_compare_nothing() {
        assert_eq!(degree("interest"), None);
        assert_eq!(degree("cheapest"), Some(Degree::Superlative(Sense::Down)));
        assert_eq!(degree("bitterest"), Some(Degree::Superlative(Sense::Open)));
    }
}
