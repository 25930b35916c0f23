//! Tags, taken apart.

use std::borrow::Cow;

use super::{markup::Attribute, references::decoded_until};

/// An opening tag.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tag<'s> {
    pub name: &'s str,
    /// Whether a slash ends it.
    pub closed: bool,
}

/// Reads an opening tag as nearly all are written: a blank before each attribute, values in double quotes
/// and without references, no name twice. Gives its length too. Any other is left to [`attributes`], which says what
/// is wrong.
pub(crate) fn plain<'s>(rest: &'s str, found: &mut Vec<Attribute<'s>>) -> Option<(usize, Tag<'s>)> {
    let own = found.len();
    let tag = plain_parts(rest, found);
    if tag.is_none() {
        found.truncate(own);
    }
    tag
}

fn plain_parts<'s>(rest: &'s str, found: &mut Vec<Attribute<'s>>) -> Option<(usize, Tag<'s>)> {
    let bytes = rest.as_bytes();
    let own = found.len();
    let name = name_at(rest, 1)?;
    let mut at = 1 + name.len();
    loop {
        match bytes.get(at)? {
            b' ' => {}
            b'>' => {
                return Some((
                    at + 1,
                    Tag {
                        name,
                        closed: false,
                    },
                ));
            }
            b'/' if bytes.get(at + 1) == Some(&b'>') => {
                return Some((at + 2, Tag { name, closed: true }));
            }
            _ => return None,
        }
        let attribute = name_at(rest, at + 1)?;
        at += 1 + attribute.len();
        let mut value = "";
        if bytes.get(at) == Some(&b'=') {
            let from = at + 2;
            let length = bytes
                .get(from..)?
                .iter()
                .position(|b| matches!(b, b'"' | b'&'))?;
            if bytes[at + 1] != b'"' || bytes[from + length] != b'"' {
                return None;
            }
            value = &rest[from..from + length];
            at = from + length + 1;
        }
        if is_there(attribute, &found[own..]) {
            return None;
        }
        found.push((attribute, Cow::Borrowed(value)));
    }
}

/// The name that begins at an offset.
fn name_at(text: &str, at: usize) -> Option<&str> {
    let bytes = text.as_bytes().get(at..)?;
    let length = bytes.iter().position(|b| !in_name(*b))?;
    (length > 0).then(|| &text[at..at + length])
}

/// Whether a byte may stand in a name.
pub(crate) fn in_name(byte: u8) -> bool {
    IN_NAMES[usize::from(byte)]
}

/// The bytes that may stand in a name.
static IN_NAMES: [bool; 256] = {
    let mut bytes = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        bytes[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':' | b'_');
        byte += 1;
    }
    bytes
};

fn is_there(name: &str, attributes: &[Attribute]) -> bool {
    attributes.iter().any(|(other, _)| *other == name)
}

/// Reads what follows an element's name in its tag.
pub(crate) fn attributes<'s>(
    mut rest: &'s str,
    element: &str,
    found: &mut Vec<Attribute<'s>>,
    errors: &mut Vec<String>,
) {
    let own = found.len();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return;
        }
        let end = rest
            .bytes()
            .position(|b| b == b'=' || b.is_ascii_whitespace())
            .unwrap_or(rest.len());
        let name = &rest[..end];
        rest = &rest[end..];
        let mut value = Cow::Borrowed("");
        if let Some(after) = rest.trim_start().strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.bytes().next().filter(|b| matches!(b, b'"' | b'\''));
            let quoted = quote.and_then(|q| decoded_until(q, &after[1..], errors));
            let Some((decoded, length)) = quoted else {
                errors.push(format!("the attribute {name} of <{element}> is not quoted"));
                return;
            };
            value = decoded;
            rest = &after[length + 2..];
        }
        // Of two, the first counts.
        if is_there(name, &found[own..]) {
            errors.push(format!("<{element}> has the attribute {name} twice"));
        } else {
            found.push((name, value));
        }
    }
}

/// The length of a comment, declaration or processing instruction.
pub(crate) fn skipped(rest: &str) -> Option<usize> {
    if !matches!(rest.as_bytes().get(1), Some(b'!' | b'?')) {
        return None;
    }
    if rest.starts_with("<!--") {
        return Some(rest.find("-->").map_or(rest.len(), |end| end + 3));
    }
    if rest.starts_with("<![CDATA[") {
        return Some(rest.find("]]>").map_or(rest.len(), |end| end + 3));
    }
    Some(rest.find('>').map_or(rest.len(), |end| end + 1))
}

/// The length of a tag, `>` in quoted attributes left alone.
pub(crate) fn tag_length(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'>' => return Some(at + 1),
            b'<' => return None,
            quote @ (b'"' | b'\'') => at += 1 + memchr::memchr(*quote, &bytes[at + 1..])?,
            _ => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tag as it is read with care, where nothing is wrong with it.
    fn with_care(source: &str) -> Option<((usize, Tag<'_>), Vec<Attribute<'_>>)> {
        let length = tag_length(source)?;
        let inner = &source[1..length - 1];
        let closed = inner.ends_with('/');
        let inner = inner.strip_suffix('/').unwrap_or(inner);
        let end = inner.find(|c: char| c.is_ascii_whitespace());
        let name = &inner[..end.unwrap_or(inner.len())];
        let (mut found, mut errors) = (Vec::new(), Vec::new());
        attributes(&inner[name.len()..], name, &mut found, &mut errors);
        let sound = errors.is_empty() && !name.is_empty() && name.bytes().all(in_name);
        sound.then_some(((length, Tag { name, closed }), found))
    }

    #[test]
    fn a_plain_tag_is_what_it_is_when_read_with_care() {
        for source in [
            "<p>text",
            "<br/>",
            "<input type=\"search\" hidden>",
            "<use href=\"#a\"/>",
            "<a href=\"a>b<c'd\" rel=\"\">",
            "<svg:g xlink:href=\"#é\" defer/>",
        ] {
            let mut found = Vec::new();
            let tag = plain(source, &mut found);
            assert_eq!(tag.map(|tag| (tag, found)), with_care(source), "{source}");
        }
    }

    #[test]
    fn a_tag_that_is_not_plain_is_left_alone() {
        for source in [
            "<p",
            "<>",
            "<p >",
            "<br />",
            "<p id=a>",
            "<p id='a'>",
            "<p id = \"a\">",
            "<p id=\"a\"class=\"b\">",
            "<p id=\"a\" id=\"b\">",
            "<p title=\"a &amp; b\">",
            "<p title=\"a",
            "<p\nid=\"a\">",
            "<p id=\"a\" é=\"b\">",
        ] {
            let mut found = vec![("kept", Cow::Borrowed(""))];
            assert_eq!(plain(source, &mut found), None, "{source}");
            assert_eq!(found.len(), 1, "{source}");
        }
    }
}
