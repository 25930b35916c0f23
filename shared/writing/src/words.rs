//! How values, units, dates and labels are written.

use jiff::civil::Date;
use rust_decimal::Decimal;

/// Currencies stand before their amount; every other unit stands behind it.
const CURRENCIES: [&str; 34] = [
    "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "CZK", "DKK", "EUR", "GBP",
    "HKD", "HUF", "IDR", "ILS", "INR", "JPY", "KRW", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN",
    "RON", "SAR", "SEK", "SGD", "THB", "TRY", "USD", "ZAR",
];

/// Whether a unit is money.
pub(crate) fn is_currency(unit: &str) -> bool {
    unit.len() == 3 && CURRENCIES.binary_search(&unit).is_ok()
}

/// A decimal as claims carry it: trailing zeros dropped, no grouping.
pub(crate) fn plain(number: Decimal) -> String {
    let normal = number.normalize();
    if normal.is_zero() {
        "0".to_owned()
    } else {
        normal.to_string()
    }
}

/// A value with its unit: `EUR 219.50`, `4.5 kg`, `62%`, `1 day`.
pub(crate) fn amount(value: &str, unit: Option<&str>) -> String {
    match unit {
        None => value.to_owned(),
        Some("%") => [value, "%"].concat(),
        Some(unit) if is_currency(unit) => [unit, " ", value, hundredths(value)].concat(),
        Some(unit) if value == "1" => ["1 ", one_of(unit).unwrap_or(unit)].concat(),
        Some(unit) => [value, " ", unit].concat(),
    }
}

/// What money lacks: it has no decimals, or two.
fn hundredths(value: &str) -> &'static str {
    match value.split_once('.') {
        Some((_, tenths)) if tenths.len() == 1 => "0",
        _ => "",
    }
}

/// The singular of a unit that is a plural word.
fn one_of(unit: &str) -> Option<&str> {
    matches!(
        unit,
        "days" | "weeks" | "months" | "years" | "hours" | "minutes"
    )
    .then(|| &unit[..unit.len() - 1])
}

/// Whether `1` of this unit cannot be written: a plural of which nobody knows the singular.
pub(crate) fn has_no_singular(unit: &str) -> bool {
    unit.len() > 2
        && unit.ends_with('s')
        && unit.chars().all(char::is_alphabetic)
        && one_of(unit).is_none()
}

/// The months as dates are written with them.
pub(crate) const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `3 Nov 2026`
pub(crate) fn written_date(date: Date) -> String {
    let month = usize::try_from(date.month() - 1)
        .ok()
        .and_then(|m| MONTHS.get(m))
        .copied()
        .unwrap_or_default();
    format!("{} {month} {}", date.day(), date.year())
}

/// A date as [`written_date`] writes it.
pub(crate) fn read_date(text: &str) -> Option<Date> {
    let year = text
        .rsplit(' ')
        .next()
        .filter(|y| y.len() == 4)?
        .parse::<i16>()
        .ok()?;
    let day = text.split(' ').next()?.parse::<i8>().ok()?;
    (1..=12)
        .filter_map(|month| Date::new(year, month, day).ok())
        .find(|date| written_date(*date) == text)
}

/// A label within a sentence: `Water tank` is `water tank`, `PID` and `USB port` stay.
pub(crate) fn inner(label: &str) -> String {
    let mut chars = label.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if first.is_uppercase() && second.is_lowercase() => {
            first.to_lowercase().chain(label.chars().skip(1)).collect()
        }
        _ => label.to_owned(),
    }
}

/// The first letter as a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// `a` or `an`, for the word that follows.
pub(crate) fn article(word: &str) -> &'static str {
    let first = word
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    let initial = first.chars().next().unwrap_or('x');
    let acronym = first.len() > 1 && first.chars().all(|c| c.is_uppercase());
    let lower = first.to_lowercase();
    let digits = first.trim_end_matches(|c: char| !c.is_ascii_digit());
    let vowel = if first.starts_with(|c: char| c.is_ascii_digit()) {
        first.starts_with('8') || matches!(digits, "11" | "18")
    } else if acronym {
        "AEFHILMNORSX".contains(initial)
    } else {
        let silent = ["hour", "honest", "heir", "honour"]
            .iter()
            .any(|start| lower.starts_with(start));
        let hard = ["eu", "one", "once", "uni", "use", "usu", "ute"]
            .iter()
            .any(|start| lower.starts_with(start));
        silent || ("aeiou".contains(initial.to_ascii_lowercase()) && !hard)
    };
    if vowel { "an" } else { "a" }
}

/// Whether a label is a plural: `ports`, `batteries`.
pub(crate) fn is_plural(label: &str) -> bool {
    let lower = label.to_lowercase();
    lower.len() > 3
        && lower.ends_with('s')
        && !["ss", "us", "is", "as"]
            .iter()
            .any(|end| lower.ends_with(end))
}

/// `1 port`, from `ports`.
pub(crate) fn singular(label: &str) -> String {
    if let Some(stem) = label.strip_suffix("ies") {
        return format!("{stem}y");
    }
    let long = ["ches", "shes", "xes", "sses"]
        .iter()
        .any(|end| label.ends_with(end));
    label[..label.len() - if long { 2 } else { 1 }].to_owned()
}

/// `a`, `a and b`, `a, b and c`
pub(crate) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A slug of at most 80 letters: `[a-z0-9-]`, single hyphens.
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if let Some(plain) = unaccented(c) {
            slug.push_str(plain);
        } else if c != '\'' && c != '\u{2019}' && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    if slug.len() > 76 {
        let cut = slug[..76].rfind('-').filter(|at| *at > 40).unwrap_or(76);
        slug.truncate(cut);
    }
    let end = slug.trim_end_matches('-').len();
    slug.truncate(end);
    slug
}

fn unaccented(c: char) -> Option<&'static str> {
    Some(match c.to_lowercase().next()? {
        'à' | 'á' | 'â' | 'ã' | 'å' => "a",
        'ä' | 'æ' => "ae",
        'ç' => "c",
        'è' | 'é' | 'ê' | 'ë' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ø' => "o",
        'ö' | 'œ' => "oe",
        'ù' | 'ú' | 'û' => "u",
        'ü' => "ue",
        'ß' => "ss",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_the_format_wants_them() {
        for (value, unit, written) in [
            ("219.5", Some("EUR"), "EUR 219.50"),
            ("219", Some("EUR"), "EUR 219"),
            ("4.5", Some("kg"), "4.5 kg"),
            ("62", Some("%"), "62%"),
            ("1", Some("days"), "1 day"),
            ("2", None, "2"),
        ] {
            assert_eq!(amount(value, unit), written);
        }
        assert!(CURRENCIES.is_sorted());
    }

    #[test]
    fn labels_fit_into_sentences() {
        assert_eq!(
            (inner("Water tank").as_str(), inner("PID").as_str()),
            ("water tank", "PID")
        );
        assert_eq!(
            ["hour", "LED lamp", "unit", "eye", "USB port", "weight"].map(article),
            ["an", "an", "a", "an", "a", "a"]
        );
        assert_eq!(
            (singular("batteries"), singular("ports")),
            ("battery".to_owned(), "port".to_owned())
        );
        assert!(is_plural("ports") && !is_plural("glass") && !is_plural("chassis"));
    }

    #[test]
    fn slugs_are_plain_and_short() {
        assert_eq!(slug("De'Longhi Größe & Co. -- X"), "delonghi-groesse-co-x");
        assert_eq!(slug("\u{202e}!!"), "");
        assert!(slug(&"long word ".repeat(40)).len() <= 80);
    }
}
