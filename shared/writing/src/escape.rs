//! Text of strangers, made harmless: for Markdown, for HTML, for comparison.

/// Characters that nobody sees: controls, joiners, direction marks, private use, tags.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c as u32,
            0xAD | 0x61C | 0x180E | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFE00..=0xFE0F
            | 0xFEFF | 0xFFF9..=0xFFFF | 0xE000..=0xF8FF | 0xE0000..)
}

/// White space as single blanks, hidden characters gone, ends trimmed.
pub(crate) fn fold(text: &str) -> String {
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
    folded
}

/// Whether a text is as [`fold`] would leave it.
pub(crate) fn is_folded(text: &str) -> bool {
    let plain = text.bytes().all(|b| (b' '..0x7f).contains(&b));
    if plain {
        return !text.contains("  ") && !text.starts_with(' ') && !text.ends_with(' ');
    }
    fold(text) == text
}

/// Text that Markdown shows as it is, on one line.
pub(crate) fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    let folded = fold(text);
    for (at, c) in folded.char_indices() {
        let special = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '#' | '&' | '~' | '$' => true,
            // Within a word these are plain text; elsewhere they may begin emphasis, an image or a list.
            '_' | '!' => true,
            '+' | '-' | '=' => at == 0,
            // A number with a mark and a blank would begin a list.
            '.' | ')' => {
                let ends = folded[at + 1..]
                    .chars()
                    .next()
                    .is_none_or(char::is_whitespace);
                ends && at > 0 && folded[..at].bytes().all(|b| b.is_ascii_digit())
            }
            _ => false,
        };
        if special {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
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
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c if c != '\n' && is_hidden(c) => {}
            c => escaped.push(c),
        }
    }
    escaped
}

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
        assert_eq!(fold(" a\u{200b}\u{202e}b \n\t c\u{0} "), "ab c");
        assert!(is_folded("ab c") && !is_folded("a  b") && !is_folded("a\u{200b}b"));
    }
}
