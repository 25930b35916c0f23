//! Which texts of a table a sentence can carry: labels, values, names.

use std::collections::HashSet;

use jiff::civil::Date;
use va_catalogue::Catalogue;

use super::{LONGEST_NAME, LONGEST_VALUE};
use crate::{
    escape::{fold, is_folded},
    words::MONTHS,
};

/// A label without numbers and marks, if something is left that a sentence can carry.
pub(super) fn label(text: &str) -> Option<String> {
    let plain: String = without_figures_in_brackets(&fold(text))
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || "-/'()".contains(c) {
                c
            } else {
                ' '
            }
        })
        .collect();
    let words: Vec<&str> = plain
        .split(' ')
        .filter(|w| w.chars().any(char::is_alphabetic) && !starts_with_digit(w))
        .collect();
    let words: Vec<String> = words.into_iter().map(acronym).collect();
    let label = words.join(" ");
    let sayable = !label.is_empty()
        && !is_little(&label)
        && label.chars().count() <= LONGEST_VALUE
        && !words.iter().any(|w| compares(w));
    sayable.then_some(label)
}

/// `Rating (out of 5)` is a rating; of brackets that are not closed nothing is left but what stands in them.
fn without_figures_in_brackets(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('(') {
        kept.push_str(before);
        rest = match after.split_once(')') {
            Some((inside, after)) if inside.contains(char::is_numeric) => after,
            Some((inside, after)) => {
                kept.extend(["(", inside, ")"]);
                after
            }
            None => after,
        };
    }
    kept.push_str(&rest.replace(')', " "));
    kept
}

/// A word as it is written: headers spell abbreviations in small letters.
fn acronym(word: &str) -> String {
    const KNOWN: [&str; 44] = [
        "abs", "ac", "anc", "api", "bpa", "bpm", "cpu", "crm", "dc", "dpi", "fm", "fps", "gps",
        "gpu", "hdmi", "hdr", "hepa", "id", "ip", "ir", "iso", "lcd", "led", "nfc", "oled", "pc",
        "pdf", "pid", "ppi", "psu", "ram", "rgb", "rpm", "sd", "sdk", "sms", "spf", "sso", "ssd",
        "tv", "ui", "uk", "usb", "uv",
    ];
    let lower = word.to_lowercase();
    let short = word.len() <= 5 && word.chars().all(|c| c.is_ascii_alphabetic());
    if short && KNOWN.contains(&lower.as_str()) {
        word.to_uppercase()
    } else {
        word.to_owned()
    }
}

fn starts_with_digit(word: &str) -> bool {
    word.starts_with(|c: char| c.is_numeric())
}

/// Whether a category can stand in a sentence without becoming one.
pub(crate) fn is_sayable(value: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || " -+/'’&,()°".contains(c);
    let decimal_points = value.split('.').collect::<Vec<_>>();
    let points = decimal_points
        .windows(2)
        .all(|w| w[0].ends_with(digit) && w[1].starts_with(digit));
    let words = value.split(' ').count();
    let digits = value.chars().filter(char::is_ascii_digit).count();
    !value.is_empty()
        // More words are a sentence of somebody.
        && words <= 5
        // That many digits are a telephone number, or become one beside a count.
        && (digits < 7 || words == 1 && value.contains(char::is_alphabetic))
        && !value.split(' ').any(speaks)
        && value.parse::<Date>().is_err()
        && !is_month(value)
        && value.chars().count() <= LONGEST_VALUE
        && is_folded(value)
        && value.chars().all(|c| plain(c) || c == '.')
        && points
        && value.starts_with(char::is_alphanumeric)
        && value
            .split(|c: char| !c.is_alphanumeric())
            .all(|w| !compares(w) && (w.len() < 2 || !starts_with_digit(w) || w.is_ascii()))
}

/// Whether a value is a month of a year: beside a count, `2 Jan 2024` would be a day.
fn is_month(value: &str) -> bool {
    let names = |month: &str| {
        let begins = value.get(..month.len());
        begins.is_some_and(|begins| begins.eq_ignore_ascii_case(month))
    };
    value.contains(digit) && MONTHS.into_iter().any(names)
}

fn digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// Words by which somebody speaks to a reader, or orders: no sentence of ours may repeat them as if it did.
fn speaks(word: &str) -> bool {
    const WORDS: [&str; 12] = [
        "i", "we", "us", "our", "my", "me", "you", "your", "buy", "call", "click", "ignore",
    ];
    // `US` is a country.
    word != "US" && WORDS.contains(&word.to_lowercase().as_str())
}

/// Words that compare: in a label or a category they would make a sentence claim what no claim says.
fn compares(word: &str) -> bool {
    const WORDS: [&str; 24] = [
        "more", "most", "less", "least", "better", "best", "worse", "worst", "higher", "lower",
        "larger", "smaller", "bigger", "cheaper", "heavier", "lighter", "longer", "shorter",
        "faster", "slower", "fewer", "than", "half", "twice",
    ];
    let word = word.to_lowercase();
    WORDS.contains(&word.as_str()) || (word.len() > 5 && word.ends_with("est"))
}

/// Which rows have a name that a sentence can carry, and that no other row has.
pub(super) fn nameable(catalogue: &Catalogue) -> Vec<bool> {
    let mut seen: HashSet<u64> = HashSet::with_capacity(catalogue.rows.len());
    catalogue
        .rows
        .iter()
        .map(|row| seen.insert(words_hash(&row.name)) && is_name(&row.name))
        .collect()
}

/// FNV-1a of the lower-case letters and digits, a word apart from the next.
fn words_hash(name: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut gap = false;
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || "+&#%°=~^@$€£".contains(c) {
            if gap {
                hash = (hash ^ 0x20).wrapping_mul(0x0100_0000_01b3);
            }
            hash = (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3);
            gap = false;
        } else {
            gap = true;
        }
    }
    hash
}

pub(crate) fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || " -+/'’&.,()#°%:\"”″™®".contains(c);
    let words = name.split(' ').count();
    name.chars().count() <= LONGEST_NAME
        && words <= 10
        && is_folded(name)
        && name.chars().all(plain)
        && name.starts_with(char::is_alphanumeric)
        && name.chars().any(char::is_alphabetic)
        && !name.contains("://")
        && !name.to_ascii_lowercase().contains("www.")
        && !is_little(name)
}

/// Whether a name is one of the words that hold every sentence together, as of the novel "It".
fn is_little(name: &str) -> bool {
    const WORDS: [&str; 36] = [
        "a", "all", "an", "and", "are", "as", "at", "both", "but", "by", "each", "for", "from",
        "has", "have", "if", "in", "is", "it", "its", "no", "not", "of", "on", "one", "or", "so",
        "than", "that", "the", "they", "this", "to", "what", "which", "with",
    ];
    WORDS.contains(&name.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_what_a_sentence_can_carry_of_a_header() {
        for (header, expected) in [
            ("Rating (out of 5)", Some("Rating")),
            ("0-100 km/h (s)", Some("km/h (s)")),
            ("Top speed (km/h", Some("Top speed km/h")),
            ("Half-life", Some("Half-life")),
            ("4K", None),
            ("best", None),
        ] {
            assert_eq!(label(header).as_deref(), expected, "{header}");
        }
    }

    #[test]
    fn a_value_is_sayable_where_it_reads_as_nothing_else() {
        for value in ["dark grey", "IP 68", "B07XYZ1234", "May"] {
            assert!(is_sayable(value), "{value}");
        }
        for value in [
            "Jan 2024",
            "1111794700",
            "+49 30 123456",
            "call me",
            "lighter",
        ] {
            assert!(!is_sayable(value), "{value}");
        }
    }
}
