//! What a header says: the words that name the column, and a unit.

use crate::{
    table::fold_space,
    units::{self, Measure},
};

/// A header, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// As it stands in the file.
    pub raw: String,
    /// The words of the whole header: `weight_kg`.
    pub whole: Name,
    /// The header without its unit, where it has one: `weight`, and the unit `kg`.
    pub measured: Option<(Name, Measure)>,
}

/// A column's key and what a reader sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    /// Lowercase ASCII words joined by `_`; empty where the header has none.
    pub key: String,
    /// `Tank volume`
    pub label: String,
}

impl Name {
    fn of(text: &str) -> Self {
        Self {
            key: key(text),
            label: label(text),
        }
    }
}

impl Header {
    /// Takes a header apart.
    pub(crate) fn read(raw: &str) -> Self {
        let text = fold_space(&raw.replace(char::is_control, " "));
        let measured = bracketed(&text).or_else(|| last_word(&text));
        let measured = measured
            .map(|(stem, unit)| (Name::of(stem), unit))
            .filter(|(name, _)| !name.key.is_empty());
        Self {
            raw: raw.to_owned(),
            whole: Name::of(&text),
            measured,
        }
    }
}

/// `Weight (kg)`, `Gewicht [kg]`.
fn bracketed(text: &str) -> Option<(&str, Measure)> {
    let (open, inner) = if let Some(inner) = text.strip_suffix(')') {
        ('(', inner)
    } else {
        ('[', text.strip_suffix(']')?)
    };
    // `Noise (dB(A))` and `Noise dB(A)` end alike.
    inner.match_indices(open).find_map(|(at, _)| {
        let unit = inner[at + 1..].trim();
        let measure = units::known(unit)
            .or_else(|| looks_like_a_unit(unit).then(|| Measure::Word(unit.to_owned())))?;
        Some((text[..at].trim_end(), measure))
    })
}

/// Whether an unknown word in brackets is a unit, as `dBm` and `cups/h` are and `gross` and `empty` are not.
fn looks_like_a_unit(text: &str) -> bool {
    let technical = |c: char| c.is_uppercase() || "/°%µ²³".contains(c);
    units::is_word(text)
        && !text.contains(' ')
        && text.contains(technical)
        && text.contains(char::is_lowercase)
}

/// `weight_kg`, `Weight kg`, `weightKg`, `Gewicht in kg`, `Price / EUR`.
fn last_word(text: &str) -> Option<(&str, Measure)> {
    if units::known(text).is_some() {
        return None;
    }
    let separates = |c: char| c == '_' || c == ' ' || c == '/' || c == ',';
    if let Some(found) = rate(text) {
        return Some(found);
    }
    // The one unit of two words.
    let fluid = ["_fl_oz", " fl oz", " fl. oz"]
        .iter()
        .find(|end| text.len() > end.len() && text.ends_with(*end));
    let (at, unit) = match fluid
        .map(|end| text.len() - end.len())
        .or_else(|| text.rfind(separates))
    {
        Some(at) => (at, text[at + 1..].trim()),
        // camelCase has no other sign in it.
        None if text.starts_with(|c: char| c.is_ascii_lowercase()) && text.is_ascii() => {
            let at = text.rfind(|c: char| c.is_ascii_uppercase())?;
            (at, &text[at..])
        }
        None => return None,
    };
    let unit = units::known(unit)?;
    let stem = text[..at].trim_end_matches(separates);
    let before = stem
        .rsplit(separates)
        .next()
        .unwrap_or_default()
        .to_lowercase();
    match before.as_str() {
        // A price per kilogram is not measured in kilograms, and a number of cups is a number.
        "per" | "pro" | "je" | "of" | "number" | "count" | "num" | "no" | "anzahl" | "max"
        | "min" | "avg" => None,
        "in" => Some((stem[..stem.len() - 2].trim_end_matches(separates), unit)),
        _ => Some((stem, unit)),
    }
}

/// `speed_km_h`, `Speed km/h`: two words at the end that are one unit with a slash between them.
fn rate(text: &str) -> Option<(&str, Measure)> {
    let parts = |c: char| c == '_' || c == ' ' || c == '/';
    let (rest, per) = text.rsplit_once(parts)?;
    let (stem, of) = rest.rsplit_once(['_', ' '])?;
    let unit = units::known(&format!("{of}/{per}"))?;
    Some((stem.trim_end_matches(parts), unit))
}

/// Lowercase ASCII words joined by `_`.
pub(crate) fn key(text: &str) -> String {
    let mut key = String::new();
    let camel = is_camel(text);
    let mut gap = false;
    for c in text.chars() {
        let mut letters = [0_u8; 4];
        let ascii: &str = if c.is_ascii_alphanumeric() {
            c.encode_utf8(&mut letters)
        } else {
            transliterated(c)
        };
        if ascii.is_empty() {
            gap = true;
            continue;
        }
        if (gap || (camel && c.is_ascii_uppercase())) && !key.is_empty() {
            key.push('_');
        }
        gap = false;
        key.push_str(&ascii.to_ascii_lowercase());
    }
    key
}

fn is_camel(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
        && units::known(text).is_none()
}

fn transliterated(c: char) -> &'static str {
    match c {
        'ä' | 'Ä' | 'æ' | 'Æ' => "ae",
        'ö' | 'Ö' | 'œ' | 'Œ' => "oe",
        'ü' | 'Ü' => "ue",
        'ß' | 'ẞ' => "ss",
        'à' | 'á' | 'â' | 'ã' | 'å' | 'À' | 'Á' | 'Â' | 'Ã' | 'Å' | 'ą' | 'ā' => "a",
        'ç' | 'Ç' | 'ć' | 'Ć' | 'č' | 'Č' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'È' | 'É' | 'Ê' | 'Ë' | 'ę' | 'ě' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'Í' | 'Î' => "i",
        'ł' | 'Ł' => "l",
        'ñ' | 'Ñ' | 'ń' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ø' | 'Ó' | 'Ô' | 'Õ' | 'Ø' => "o",
        'ř' => "r",
        'š' | 'Š' | 'ś' => "s",
        'ù' | 'ú' | 'û' | 'Ú' | 'Û' | 'ů' => "u",
        'ý' | 'ÿ' => "y",
        'ž' | 'Ž' | 'ź' | 'ż' => "z",
        _ => "",
    }
}

/// What a reader sees: words apart, the first letter large, short capitals as they are.
fn label(text: &str) -> String {
    let camel = is_camel(text);
    let mut words = String::new();
    for c in text.chars() {
        match c {
            '_' => words.push(' '),
            c if camel && c.is_ascii_uppercase() => {
                words.push(' ');
                words.push(c.to_ascii_lowercase());
            }
            c => words.push(c),
        }
    }
    let words = fold_space(&words);
    // `USB-C` is a code, `WEIGHT` is not.
    let code = !words.contains(' ') && words.split('-').any(|part| part.len() == 1);
    let shouted = words.len() > 4 && !code && !words.contains(char::is_lowercase);
    let words = if shouted { words.to_lowercase() } else { words };
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, key: &str, label: &str, unit: Option<&str>) {
        let header = Header::read(raw);
        let (name, measure) = match &header.measured {
            Some((name, measure)) => (name, Some(measure.to_string())),
            None => (&header.whole, None),
        };
        assert_eq!(
            (name.key.as_str(), name.label.as_str(), measure.as_deref()),
            (key, label, unit),
            "{raw:?}"
        );
    }

    #[test]
    fn units_are_found_in_brackets_and_at_the_end() {
        check("weight_kg", "weight", "Weight", Some("kg"));
        check("Weight (kg)", "weight", "Weight", Some("kg"));
        check("WEIGHT (KG)", "weight", "Weight", Some("kg"));
        check("USB-C", "usb_c", "USB-C", None);
        check("Gewicht [kg]", "gewicht", "Gewicht", Some("kg"));
        check("Gewicht in kg", "gewicht", "Gewicht", Some("kg"));
        check("Preis/€", "preis", "Preis", Some("EUR"));
        check("bandwidth_gb_s", "bandwidth", "Bandwidth", Some("GB/s"));
        check("Top speed km/h", "top_speed", "Top speed", Some("km/h"));
        check("tankVolumeMl", "tank_volume", "Tank volume", Some("ml"));
        check("Noise (dB(A))", "noise", "Noise", Some("dB(A)"));
        check("Rating (stars)", "rating", "Rating", Some("stars"));
        check("Signal [dBm]", "signal", "Signal", Some("dBm"));
        check(
            "tank_volume_fl_oz",
            "tank_volume",
            "Tank volume",
            Some("fl oz"),
        );
    }

    #[test]
    fn other_headers_are_words_alone() {
        check(
            "Höhe über alles",
            "hoehe_ueber_alles",
            "Höhe über alles",
            None,
        );
        check("price_per_kg", "price_per_kg", "Price per kg", None);
        check("kg", "kg", "Kg", None);
        check("kWh", "kwh", "KWh", None);
        check("MANUFACTURER", "manufacturer", "Manufacturer", None);
        check("USB", "usb", "USB", None);
        check("usb_a", "usb_a", "Usb a", None);
        check("Number of cups", "number_of_cups", "Number of cups", None);
        check("Price (gross)", "price_gross", "Price (gross)", None);
        check(
            "Weight (without lid)",
            "weight_without_lid",
            "Weight (without lid)",
            None,
        );
        check("  a\u{7}b\n c ", "a_b_c", "A b c", None);
        check("重量", "", "重量", None);
        check("pumpType", "pump_type", "Pump type", None);
    }
}
