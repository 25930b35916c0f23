//! Text of strangers, made harmless: for Markdown, for HTML, for comparison.

use std::borrow::Cow;

/// Characters that nobody sees: controls, joiners, direction marks, private use, tags.
fn is_hidden(c: char) -> bool {
    !(' '..='~').contains(&c)
        && (c.is_control()
            || matches!(c as u32,
                0xAD | 0x61C | 0x180E | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFE00..=0xFE0F
                | 0xFEFF | 0xFFF9..=0xFFFF | 0xE000..=0xF8FF | 0xE0000..))
}

/// White space as single blanks, hidden characters gone, ends trimmed.
pub(crate) fn fold(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        } else if !is_hidden(c) {
            folded.push(c);
        }
    }
    folded.truncate(folded.trim_end().len());
    Cow::Owned(folded)
}

/// Whether a text is printable ASCII with single blanks within. Most texts are; no branch depends on a byte, so
/// that many are looked at at once.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return true;
    };
    let printable = |byte: &u8| (b' '..=b'~').contains(byte);
    let ends = printable(first) & (*first != b' ') & (*last != b' ');
    let pairs = bytes.iter().zip(&bytes[1..]);
    pairs.fold(ends, |plain, (before, byte)| {
        plain & printable(byte) & ((*before != b' ') | (*byte != b' '))
    })
}

/// Whether a text is as [`fold`] would leave it.
pub(crate) fn is_folded(text: &str) -> bool {
    fold(text) == text
}

/// Text that Markdown shows as it is, on one line.
pub(crate) fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    push_markdown(&mut escaped, text);
    escaped
}

/// Adds a text as [`markdown`] writes it.
pub(crate) fn push_markdown(escaped: &mut String, text: &str) {
    let folded = fold(text);
    let bytes = folded.as_bytes();
    let mut from = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let special = match byte {
            b'\\' | b'`' | b'*' | b'[' | b']' | b'<' | b'>' | b'|' | b'#' | b'&' | b'~' | b'$' => {
                true
            }
            // Within a word these are plain text; elsewhere they may begin emphasis, an image or a list.
            b'_' | b'!' => true,
            b'+' | b'-' | b'=' => at == 0,
            // A number with a mark and a blank would begin a list.
            b'.' | b')' => {
                let ends = folded[at + 1..]
                    .chars()
                    .next()
                    .is_none_or(char::is_whitespace);
                ends && at > 0 && bytes[..at].iter().all(u8::is_ascii_digit)
            }
            _ => false,
        };
        if special {
            escaped.push_str(&folded[from..at]);
            escaped.push('\\');
            from = at;
        }
    }
    escaped.push_str(&folded[from..]);
}

/// An address that can stand in a Markdown link: percent-encoded where it could end the link.
pub(crate) fn address(url: &str) -> String {
    let mut encoded = String::with_capacity(url.len());
    for c in url.trim().chars() {
        match c {
            ' ' => encoded.push_str("%20"),
            '(' => encoded.push_str("%28"),
            ')' => encoded.push_str("%29"),
            '<' => encoded.push_str("%3C"),
            '>' => encoded.push_str("%3E"),
            '\\' => encoded.push_str("%5C"),
            '*' => encoded.push_str("%2A"),
            '`' => encoded.push_str("%60"),
            '[' => encoded.push_str("%5B"),
            ']' => encoded.push_str("%5D"),
            '|' => encoded.push_str("%7C"),
            '"' => encoded.push_str("%22"),
            c if is_hidden(c) => {}
            c => encoded.push(c),
        }
    }
    encoded
}

/// Text for HTML, in elements and in quoted attributes.
pub(crate) fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    push_html(&mut escaped, text);
    escaped
}

/// Adds a text as [`html`] writes it.
pub(crate) fn push_html(escaped: &mut String, text: &str) {
    let mut rest = text;
    // Nearly all of a text stands as it is, and is copied at once.
    while let Some(at) = rest.bytes().position(|byte| !STANDS[usize::from(byte)]) {
        let (before, after) = rest.split_at(at);
        escaped.push_str(before);
        let Some(c) = after.chars().next() else {
            return;
        };
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c if is_hidden(c) => {}
            c => escaped.push(c),
        }
        rest = &after[c.len_utf8()..];
    }
    escaped.push_str(rest);
}

/// The bytes that stand in HTML as they are: printable ASCII and line ends, without what is escaped.
static STANDS: [bool; 256] = {
    let mut stands = [false; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        stands[byte as usize] = !matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'');
        byte += 1;
    }
    stands[b'\n' as usize] = true;
    stands
};

/// Percent-encodes everything that is not unreserved.
pub(crate) fn percent(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser};

    use super::*;

    /// What a reader sees of an escaped text, within a sentence and as a paragraph of its own.
    fn rendered(source: &str) -> String {
        let mut seen = String::new();
        for event in Parser::new_ext(source, Options::ENABLE_TABLES) {
            match event {
                Event::Text(text) => seen.push_str(&text),
                Event::Start(_) | Event::End(_) => {}
                other => panic!("{other:?} in {source:?}"),
            }
        }
        seen
    }

    #[test]
    fn escaped_text_is_seen_as_it_was() {
        for text in [
            "<script>alert(1)</script>",
            "*a* _b_ `c` [d](e) ![f](g)",
            "# no heading",
            "- no item",
            "1. no item",
            "a | b",
            "&amp; &lt;",
            "\\*",
            "~~x~~ $y$",
            "1) no",
            "+ no",
            "=== no",
            "[^c1]",
            "https://x.example/<a>",
        ] {
            assert_eq!(rendered(&markdown(text)), text);
            assert_eq!(
                rendered(&format!("The {}.", markdown(text))),
                format!("The {text}.")
            );
        }
    }

    #[test]
    fn what_nobody_sees_is_gone() {
        for plain in ["", "a", "a b.c~"] {
            assert!(matches!(fold(plain), Cow::Borrowed(same) if same == plain));
        }
        for (text, folded) in [
            (" ", ""),
            ("a ", "a"),
            (" a", "a"),
            ("a  b", "a b"),
            ("a\tb", "a b"),
            ("a\u{7f}", "a"),
            ("é\u{a0}ü", "é ü"),
        ] {
            assert_eq!((fold(text).as_ref(), is_folded(text)), (folded, false));
        }
        assert!(is_folded("é ü"));
        assert_eq!(html("<é\u{ad}'\n\u{0}>"), "&lt;é&#39;\n&gt;");
        assert_eq!(fold(" a\u{200b}\u{202e}b \n\t c\u{0} "), "ab c");
        assert!(is_folded("ab c") && !is_folded("a  b") && !is_folded("a\u{200b}b"));
    }
}
