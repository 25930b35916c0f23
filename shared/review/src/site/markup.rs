//! HTML and XML, strictly: every element that is opened is closed, every attribute is quoted.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::references::{decoded, decoded_until};

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

/// Whether an element of HTML has no end.
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

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
        let mut ids = FxHashSet::default();
        let twice: Vec<String> = document
            .elements
            .iter()
            .filter_map(|e| e.attribute("id"))
            .filter(|id| !ids.insert(*id))
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
        // Most tags come in pairs, with a text before each.
        let tags = memchr::memchr_iter(b'<', source.as_bytes()).count();
        let mut document = Self {
            elements: Vec::with_capacity(tags / 2),
            items: Vec::with_capacity(tags * 2),
            errors: Vec::new(),
        };
        let mut open: Vec<usize> = Vec::new();
        let mut at = 0;
        while at < source.len() {
            let rest = &source[at..];
            let parent = open.last().copied();
            if !rest.starts_with('<') {
                let Some((text, length)) = decoded_until(b'<', rest, &mut document.errors) else {
                    let text = decoded(rest, &mut document.errors);
                    document.items.push(Item::Text { parent, text });
                    break;
                };
                document.items.push(Item::Text { parent, text });
                at += length;
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
            let ends = inner.bytes().position(|b| b.is_ascii_whitespace());
            let name = ends.map_or(inner, |end| &inner[..end]);
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
                parent,
                opened: document.items.len(),
            });
            document.items.push(Item::Open(number));
            let void = html && is_void(name);
            let foreign =
                || !html || document.within(Some(number), |element| element.name == "svg");
            if void || (closed && foreign()) {
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
        rest = trimmed(rest);
        if rest.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(&str, Cow<str>)> = Vec::with_capacity(4);
        loop {
            rest = trimmed(rest);
            if rest.is_empty() {
                return found;
            }
            let end = rest
                .bytes()
                .position(|b| b == b'=' || b.is_ascii_whitespace())
                .unwrap_or(rest.len());
            let name = &rest[..end];
            rest = &rest[end..];
            let mut value = Cow::Borrowed("");
            if let Some(after) = trimmed(rest).strip_prefix('=') {
                let after = trimmed(after);
                let quote = after.bytes().next().filter(|b| matches!(b, b'"' | b'\''));
                let quoted = quote.and_then(|q| decoded_until(q, &after[1..], &mut self.errors));
                let Some((decoded, length)) = quoted else {
                    self.errors
                        .push(format!("the attribute {name} of <{element}> is not quoted"));
                    return found;
                };
                value = decoded;
                rest = &after[length + 2..];
            }
            if found.iter().any(|(other, _)| *other == name) {
                self.errors
                    .push(format!("<{element}> has the attribute {name} twice"));
            }
            found.push((name, value));
        }
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

/// A text from its first character that is no white space, which mostly is its first.
fn trimmed(text: &str) -> &str {
    if text.starts_with(|c: char| c.is_ascii_graphic()) {
        text
    } else {
        text.trim_start()
    }
}

/// The length of a comment, declaration or processing instruction.
fn skipped(rest: &str) -> Option<usize> {
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
fn tag_length(rest: &str) -> Option<usize> {
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
