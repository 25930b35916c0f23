//! HTML and XML, strictly: every element that is opened is closed, every attribute is quoted.

use std::{borrow::Cow, collections::BTreeSet};

/// An element and its place in the tree.
#[derive(Debug)]
pub(crate) struct Element<'s> {
    pub name: &'s str,
    pub attributes: Vec<(&'s str, Cow<'s, str>)>,
    pub parent: Option<usize>,
    /// Where it is opened among the document's items.
    opened: usize,
}

/// What stands in a document, in order.
#[derive(Debug)]
pub(crate) enum Item<'s> {
    Open(usize),
    Close(usize),
    Text {
        parent: Option<usize>,
        text: Cow<'s, str>,
    },
}

/// A document that was read to its end, with everything that is wrong with it.
#[derive(Debug, Default)]
pub(crate) struct Document<'s> {
    pub elements: Vec<Element<'s>>,
    pub items: Vec<Item<'s>>,
    pub errors: Vec<String>,
}

const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

impl<'s> Document<'s> {
    /// Reads HTML.
    pub(crate) fn html(source: &'s str) -> Self {
        let mut document = Self::read(source, true);
        let start = source.trim_start();
        if !start
            .get(..14)
            .is_some_and(|s| s.eq_ignore_ascii_case("<!doctype html"))
        {
            document
                .errors
                .push("it does not begin with <!doctype html>".to_owned());
        }
        let mut ids = BTreeSet::new();
        let twice: Vec<String> = document
            .elements
            .iter()
            .filter_map(|e| e.attribute("id"))
            .filter(|id| !ids.insert(id.to_string()))
            .map(|id| format!("the id {id} is there twice"))
            .collect();
        document.errors.extend(twice);
        document
    }

    /// Reads XML.
    pub(crate) fn xml(source: &'s str) -> Self {
        Self::read(source, false)
    }

    fn read(source: &'s str, html: bool) -> Self {
        let mut document = Self::default();
        let mut open: Vec<usize> = Vec::new();
        let mut at = 0;
        while at < source.len() {
            let rest = &source[at..];
            let Some(tag) = rest.find('<') else {
                document.text(rest, open.last().copied());
                break;
            };
            if tag > 0 {
                document.text(&rest[..tag], open.last().copied());
                at += tag;
                continue;
            }
            if let Some(length) = skipped(rest) {
                at += length;
                continue;
            }
            let Some(length) = tag_length(rest) else {
                document
                    .errors
                    .push("a tag is not closed, or < is not escaped".to_owned());
                break;
            };
            let inner = &rest[1..length - 1];
            at += length;
            if let Some(name) = inner.strip_prefix('/') {
                document.close(name.trim(), &mut open);
                continue;
            }
            let (inner, closed) = inner
                .strip_suffix('/')
                .map_or((inner, false), |inner| (inner, true));
            let name = inner
                .split(|c: char| c.is_ascii_whitespace())
                .next()
                .unwrap_or_default();
            if name.is_empty()
                || !name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b':' | b'_'))
            {
                document.errors.push(format!("<{inner}> is no tag"));
                continue;
            }
            let attributes = document.attributes(&inner[name.len()..], name);
            let number = document.elements.len();
            document.elements.push(Element {
                name,
                attributes,
                parent: open.last().copied(),
                opened: document.items.len(),
            });
            document.items.push(Item::Open(number));
            let void = html && VOID.contains(&name);
            let foreign =
                !html || open.iter().any(|&e| document.elements[e].name == "svg") || name == "svg";
            if void || (closed && foreign) {
                document.items.push(Item::Close(number));
                continue;
            }
            if closed {
                document
                    .errors
                    .push(format!("<{name}/> does not close itself"));
            }
            open.push(number);
            if html && matches!(name, "script" | "style") {
                let end = format!("</{name}");
                let length = source[at..].find(&end).unwrap_or(source.len() - at);
                document.items.push(Item::Text {
                    parent: Some(number),
                    text: Cow::Borrowed(&source[at..at + length]),
                });
                at += length;
            }
        }
        for number in open.into_iter().rev() {
            document.errors.push(format!(
                "<{}> is not closed",
                document.elements[number].name
            ));
            document.items.push(Item::Close(number));
        }
        document
    }

    fn text(&mut self, text: &'s str, parent: Option<usize>) {
        let text = self.decode(text);
        self.items.push(Item::Text { parent, text });
    }

    fn close(&mut self, name: &str, open: &mut Vec<usize>) {
        match open.last() {
            Some(&number) if self.elements[number].name == name => {
                open.pop();
                self.items.push(Item::Close(number));
            }
            _ => {
                self.errors
                    .push(format!("</{name}> closes nothing that is open there"));
                if let Some(depth) = open.iter().rposition(|&n| self.elements[n].name == name) {
                    for number in open.drain(depth..).rev() {
                        self.items.push(Item::Close(number));
                    }
                }
            }
        }
    }

    fn attributes(&mut self, mut rest: &'s str, element: &str) -> Vec<(&'s str, Cow<'s, str>)> {
        let mut found: Vec<(&str, Cow<str>)> = Vec::new();
        loop {
            rest = rest.trim_start();
            if rest.is_empty() {
                return found;
            }
            let end = rest
                .find(|c: char| c == '=' || c.is_ascii_whitespace())
                .unwrap_or(rest.len());
            let name = &rest[..end];
            rest = &rest[end..];
            let mut value = Cow::Borrowed("");
            if let Some(after) = rest.trim_start().strip_prefix('=') {
                let after = after.trim_start();
                let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
                let closed = quote.and_then(|q| after[1..].find(q));
                let Some(length) = closed else {
                    self.errors
                        .push(format!("the attribute {name} of <{element}> is not quoted"));
                    return found;
                };
                value = self.decode(&after[1..=length]);
                rest = &after[length + 2..];
            }
            if found.iter().any(|(other, _)| *other == name) {
                self.errors
                    .push(format!("<{element}> has the attribute {name} twice"));
            }
            found.push((name, value));
        }
    }

    /// Resolves character references.
    fn decode(&mut self, text: &'s str) -> Cow<'s, str> {
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
                    self.errors.push("an & is not escaped".to_owned());
                    decoded.push('&');
                    rest = &rest[1..];
                }
            }
        }
        decoded.push_str(rest);
        Cow::Owned(decoded)
    }

    /// Whether an element or one that it stands in passes a test.
    pub(crate) fn within(&self, element: Option<usize>, test: impl Fn(&Element) -> bool) -> bool {
        let mut next = element;
        while let Some(number) = next {
            if test(&self.elements[number]) {
                return true;
            }
            next = self.elements[number].parent;
        }
        false
    }

    /// An element's own items: its opening, what stands in it, its closing.
    pub(crate) fn items_of(&self, number: usize) -> &[Item<'s>] {
        let items = &self.items[self.elements[number].opened..];
        let closed = items
            .iter()
            .position(|item| matches!(item, Item::Close(n) if *n == number));
        &items[..closed.map_or(items.len(), |at| at + 1)]
    }

    /// The folded text inside an element.
    pub(crate) fn text_of(&self, number: usize) -> String {
        let mut text = String::new();
        for item in self.items_of(number) {
            if let Item::Text { text: part, .. } = item {
                text.push_str(part);
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl Element<'_> {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, value)| value.as_ref())
    }

    /// Whether a word stands in an attribute that is a list of words.
    pub(crate) fn has(&self, attribute: &str, word: &str) -> bool {
        self.attribute(attribute).is_some_and(|list| {
            list.split_ascii_whitespace()
                .any(|w| w.eq_ignore_ascii_case(word))
        })
    }
}

/// The length of a comment, declaration or processing instruction.
fn skipped(rest: &str) -> Option<usize> {
    if rest.starts_with("<!--") {
        return Some(rest.find("-->").map_or(rest.len(), |end| end + 3));
    }
    if rest.starts_with("<![CDATA[") {
        return Some(rest.find("]]>").map_or(rest.len(), |end| end + 3));
    }
    (rest.starts_with("<!") || rest.starts_with("<?"))
        .then(|| rest.find('>').map_or(rest.len(), |end| end + 1))
}

/// The length of a tag, `>` in quoted attributes left alone.
fn tag_length(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (at, b) in rest.bytes().enumerate().skip(1) {
        match (quote, b) {
            (None, b'"' | b'\'') => quote = Some(b),
            (Some(q), b) if q == b => quote = None,
            (None, b'>') => return Some(at + 1),
            (None, b'<') => return None,
            _ => {}
        }
    }
    None
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

    fn errors(source: &str) -> Vec<String> {
        Document::html(source).errors
    }

    #[test]
    fn a_sound_page_has_no_errors() {
        let page = "<!doctype html><html lang=\"en\"><body><p>A &amp; B<br>C</p><svg><path d='M0 0'/></svg><script>a < b</script></body></html>";
        assert_eq!(errors(page), Vec::<String>::new());
    }

    #[test]
    fn what_is_open_is_closed_in_order() {
        assert!(!errors("<!doctype html><p><b>a</p></b>").is_empty());
        assert!(!errors("<!doctype html><div>").is_empty());
        assert!(!errors("<!doctype html><a href=x>y</a>").is_empty());
        assert!(!errors("<!doctype html><p>a & b</p>").is_empty());
        assert!(!errors("<!doctype html><p>a < b</p>").is_empty());
        assert!(!errors("<!doctype html><p id=\"a\"></p><p id=\"a\"></p>").is_empty());
    }
}
