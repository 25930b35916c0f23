//! Character references, resolved.

use std::borrow::Cow;

/// What stands before a byte with its character references resolved, and its length as it is written.
pub(crate) fn decoded_until<'s>(
    end: u8,
    text: &'s str,
    errors: &mut Vec<String>,
) -> Option<(Cow<'s, str>, usize)> {
    let bytes = text.as_bytes();
    let first = memchr::memchr2(end, b'&', bytes)?;
    if bytes[first] == end {
        return Some((Cow::Borrowed(&text[..first]), first));
    }
    let length = first + memchr::memchr(end, &bytes[first..])?;
    Some((decoded(&text[..length], errors), length))
}

/// A text with its character references resolved.
pub(crate) fn decoded<'s>(text: &'s str, errors: &mut Vec<String>) -> Cow<'s, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let reference = rest
            .find(';')
            .filter(|&end| end <= 12)
            .and_then(|end| Some((character(&rest[1..end])?, end)));
        match reference {
            Some((c, end)) => {
                decoded.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                errors.push("an & is not escaped".to_owned());
                decoded.push('&');
                rest = &rest[1..];
            }
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "rsquo" => '’',
        "lsquo" => '‘',
        "rdquo" => '”',
        "ldquo" => '“',
        "times" => '×',
        "euro" => '€',
        "copy" => '©',
        "middot" => '·',
        "rarr" => '→',
        "larr" => '←',
        "deg" => '°',
        "shy" => '\u{ad}',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_before_the_byte() {
        let read = |text| decoded_until(b'<', text, &mut Vec::new());
        assert_eq!(read("4.5 kg<b>&amp;"), Some(("4.5 kg".into(), 6)));
        assert_eq!(read("A &amp; &#66;<b>"), Some(("A & B".into(), 13)));
        assert_eq!(read("<b>"), Some(("".into(), 0)));
        assert_eq!(read("4.5 &amp; 5 kg"), None);
    }

    #[test]
    fn an_ampersand_alone_is_an_error_and_stays() {
        let mut errors = Vec::new();
        assert_eq!(decoded("A &lt; B & C", &mut errors), "A < B & C");
        assert_eq!(errors.len(), 1);
    }
}
