//! Labels within sentences: which are plural, which take no article, and how predicates are joined.

use crate::words::{is_plural, list, singular};

/// Several predicates of one subject: `has a tank of 2 l and a grinder, and is 20 cm wide`.
pub(super) fn together(predicates: &[String]) -> String {
    let mut verbs: Vec<(&str, Vec<String>)> = Vec::new();
    for predicate in predicates {
        let (verb, object) = predicate.split_once(' ').unwrap_or((predicate, ""));
        match verbs.iter_mut().find(|(v, _)| *v == verb) {
            Some((_, objects)) => objects.push(object.to_owned()),
            None => verbs.push((verb, vec![object.to_owned()])),
        }
    }
    let joined: Vec<String> = verbs
        .iter()
        .map(|(verb, objects)| format!("{verb} {}", list(objects)))
        .collect();
    match &joined[..] {
        [first @ .., last] if verbs.iter().any(|(_, o)| o.len() > 1) && !first.is_empty() => {
            format!("{}, and {last}", first.join(", "))
        }
        _ => list(&joined),
    }
}

/// `3rd`
pub(super) fn ordinal(number: usize) -> String {
    let end = match (number % 10, number % 100) {
        (1, n) if n != 11 => "st",
        (2, n) if n != 12 => "nd",
        (3, n) if n != 13 => "rd",
        _ => "th",
    };
    format!("{number}{end}")
}

/// A label without what stands behind it in brackets; that is the figures' word where they have no unit.
pub(super) fn measured(label: &str, unit: Option<&str>) -> (String, Option<String>) {
    let cut = label
        .strip_suffix(')')
        .and_then(|l| l.rsplit_once(" ("))
        .filter(|(head, _)| !head.is_empty());
    match cut {
        Some((head, inside)) => {
            let word = inside.len() <= 8 && inside.chars().all(char::is_alphabetic);
            let suffix = (unit.is_none() && word).then(|| inside.to_owned());
            (head.to_owned(), suffix)
        }
        None => (label.to_owned(), None),
    }
}

/// `max players` is `player maximum`.
pub(super) fn spelled_out(label: &str) -> String {
    for (short, long) in [
        ("min ", "minimum "),
        ("max ", "maximum "),
        ("min. ", "minimum "),
        ("max. ", "maximum "),
    ] {
        if let Some(rest) = label.strip_prefix(short) {
            // A product "has a player maximum of 8"; it has no "8 maximum players".
            if is_plural(rest) && !rest.contains(' ') {
                return format!("{} {}", singular(rest), long.trim_end());
            }
            return format!("{long}{rest}");
        }
    }
    label.to_owned()
}

/// Words that take no article: plurals, acronyms, and what cannot be counted.
pub(super) fn is_uncountable(label: &str) -> bool {
    let last = label.rsplit(' ').next().unwrap_or_default();
    const MASS_WORDS: [&str; 16] = [
        "access",
        "support",
        "wifi",
        "wi-fi",
        "bluetooth",
        "gps",
        "steam",
        "video",
        "audio",
        "storage",
        "lighting",
        "software",
        "insulation",
        "padding",
        "power",
        "equipment",
    ];
    const ENDS: [&str; 8] = ["tion", "ing", "ity", "ware", "ness", "ance", "age", "ment"];
    const COUNTED: [&str; 11] = [
        "attachment",
        "coating",
        "compartment",
        "connection",
        "distance",
        "function",
        "position",
        "rating",
        "resolution",
        "setting",
        "stage",
    ];
    let lower = last.to_lowercase();
    if COUNTED.contains(&lower.as_str()) {
        return false;
    }
    is_plural(label)
        || (last.len() > 1 && last.chars().all(|c| c.is_uppercase() || c.is_ascii_digit()))
        || MASS_WORDS.contains(&lower.as_str())
        || ENDS
            .iter()
            .any(|end| lower.len() > end.len() + 1 && lower.ends_with(end))
}

/// Whether a label ends with a preposition, so that a value follows it: `made in`.
pub(super) fn leads(label: &str) -> bool {
    let last = label.rsplit(' ').next().unwrap_or_default();
    ["by", "for", "from", "in", "with"].contains(&last.to_lowercase().as_str())
}
