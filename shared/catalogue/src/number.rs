//! Numbers as people write them: `1.234,50`, `1,234.50`, `1 234`, `219,-`.

use rust_decimal::Decimal;

/// Which sign separates the decimals of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Style {
    /// `1,234.50`
    #[default]
    Point,
    /// `1.234,50`
    Comma,
}

/// What one number says about the style of its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// It reads the same both ways, or both ways differently.
    Open,
    /// It is a number only with this style.
    Only(Style),
}

/// More digits than this are no measurement.
const MAX_DIGITS: usize = 18;

/// Cuts a number from the front of a text: its digits and signs, and the rest behind it.
pub(crate) fn cut(text: &str) -> Option<(&str, &str)> {
    let mut end = 0;
    let sign = text
        .chars()
        .next()
        .filter(|c| is_sign(*c))
        .map_or(0, char::len_utf8);
    let mut chars = text[sign..].char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let at = at + sign;
        let next_is_digit = chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        if c.is_ascii_digit() {
            end = at + 1;
        } else if !(next_is_digit
            && (matches!(c, '.' | ',')
                || (end > 0 && groups(c) && three_digits(&text[at + c.len_utf8()..]))))
        {
            break;
        }
    }
    if end == 0 {
        return None;
    }
    let (number, rest) = text.split_at(end);
    // `219,-` and `219.–` are whole amounts.
    let dashed = rest
        .strip_prefix([',', '.'])
        .and_then(|r| r.strip_prefix(['-', '\u{2013}', '\u{2014}']));
    Some((number, dashed.unwrap_or(rest)))
}

fn is_sign(c: char) -> bool {
    matches!(c, '-' | '+' | '\u{2212}')
}

/// White space and apostrophes that only ever group digits.
fn groups(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}'
    )
}

fn three_digits(rest: &str) -> bool {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    digits == 3
}

/// The number under a style.
pub(crate) fn parse(number: &str, style: Style) -> Option<Decimal> {
    let negative = number.starts_with(['-', '\u{2212}']);
    let digits = number.trim_start_matches(is_sign);
    let (point, group) = match style {
        Style::Point => ('.', ','),
        Style::Comma => (',', '.'),
    };
    let (whole, decimals) = match digits.split_once(point) {
        Some((_, "")) => return None,
        Some((whole, decimals)) => (whole, decimals),
        None => (digits, ""),
    };
    if !decimals.bytes().all(|b| b.is_ascii_digit())
        || !is_whole(whole, group, !decimals.is_empty())
    {
        return None;
    }
    let mut mantissa: i64 = 0;
    let mut count = 0;
    for digit in whole
        .bytes()
        .chain(decimals.bytes())
        .filter(u8::is_ascii_digit)
    {
        count += 1;
        if count > MAX_DIGITS {
            return None;
        }
        mantissa = mantissa * 10 + i64::from(digit - b'0');
    }
    let scale = u32::try_from(decimals.len()).ok()?;
    Some(Decimal::new(
        if negative { -mantissa } else { mantissa },
        scale,
    ))
}

/// Whether the part before the decimals is well grouped. Leading zeros belong to identifiers.
fn is_whole(whole: &str, group: char, has_decimals: bool) -> bool {
    if whole.is_empty() {
        return has_decimals;
    }
    let Some(separator) = whole.chars().find(|c| !c.is_ascii_digit()) else {
        return whole.len() == 1 || !whole.starts_with('0');
    };
    if separator != group && !groups(separator) {
        return false;
    }
    let mut parts = whole.split(separator);
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let first = parts
        .next()
        .is_some_and(|p| (1..=3).contains(&p.len()) && digits(p) && !p.starts_with('0'));
    first && parts.all(|p| p.len() == 3 && digits(p))
}

/// What a number says about its column's style.
pub(crate) fn evidence(number: &str) -> Evidence {
    match (parse(number, Style::Point), parse(number, Style::Comma)) {
        (Some(_), None) => Evidence::Only(Style::Point),
        (None, Some(_)) => Evidence::Only(Style::Comma),
        _ => Evidence::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, point: Option<&str>, comma: Option<&str>) {
        let (number, rest) = cut(text).expect("a number");
        assert_eq!(rest, "", "{text:?}");
        let read = |style| parse(number, style).map(|n| n.to_string());
        assert_eq!(
            (read(Style::Point).as_deref(), read(Style::Comma).as_deref()),
            (point, comma),
            "{text:?}"
        );
    }

    #[test]
    fn decimals_and_groups_depend_on_the_style() {
        check("1.234,50", None, Some("1234.50"));
        check("1,234.50", Some("1234.50"), None);
        check("1,234", Some("1234"), Some("1.234"));
        check("1.234", Some("1.234"), Some("1234"));
        check("0.750", Some("0.750"), None);
        check("1.234.567", None, Some("1234567"));
        check("1 234,5", None, Some("1234.5"));
        check("1'234.50", Some("1234.50"), None);
        check("\u{2212}5", Some("-5"), Some("-5"));
        check(",5", None, Some("0.5"));
        check("219,-", Some("219"), Some("219"));
    }

    #[test]
    fn identifiers_and_endless_digits_are_no_numbers() {
        check("007", None, None);
        check("1234567890123456789", None, None);
        check("12.345.67", None, None);
        check("0,123,456", None, None);
    }

    #[test]
    fn a_number_ends_where_its_unit_begins() {
        for (text, number, rest) in [
            ("1.5kg", "1.5", "kg"),
            ("3 in 1", "3", " in 1"),
            ("5.", "5", "."),
            ("12 345 m", "12 345", " m"),
            ("1 30", "1", " 30"),
        ] {
            assert_eq!(cut(text), Some((number, rest)), "{text:?}");
        }
        for text in ["", "kg", "-", ".", "- 5", "€ 5"] {
            assert_eq!(cut(text), None, "{text:?}");
        }
    }
}
