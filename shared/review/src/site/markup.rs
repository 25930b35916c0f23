//! HTML and XML, strictly: every element that is opened is closed, every attribute is quoted.

use std::{borrow::Cow, ops::Range};

use rustc_hash::FxHashSet;

use super::{
    references::{decoded, decoded_until},
    tags::{self, Tag, in_name, skipped, tag_length},
};

/// An attribute's name and value.
pub(crate) type Attribute<'s> = (&'s str, Cow<'s, str>);

/// An element and its place in the tree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'d, 's> {
    pub name: &'s str,
    pub attributes: &'d [Attribute<'s>],
    pub parent: Option<usize>,
}

/// An element as the document keeps it.
#[derive(Debug)]
struct Node<'s> {
    name: &'s str,
    /// Its own among the document's attributes.
    attributes: Range<usize>,
    parent: Option<usize>,
    /// Its opening and what follows it up to its closing, among the document's items.
    items: Range<usize>,
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
    nodes: Vec<Node<'s>>,
    attributes: Vec<Attribute<'s>>,
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
            .ids()
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
            nodes: Vec::with_capacity(tags / 2),
            attributes: Vec::with_capacity(tags),
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
            let own = document.attributes.len();
            let Some((length, tag)) = document.tag(rest, &mut open) else {
                document
                    .errors
                    .push("a tag is not closed, or < is not escaped".to_owned());
                break;
            };
            at += length;
            let Some(Tag { name, closed }) = tag else {
                continue;
            };
            let number = document.nodes.len();
            let opened = document.items.len();
            document.nodes.push(Node {
                name,
                attributes: own..document.attributes.len(),
                parent,
                items: opened..opened,
            });
            document.items.push(Item::Open(number));
            let void = html && is_void(name);
            let foreign = || !html || document.within(Some(number), |name| name == "svg");
            if void || (closed && foreign()) {
                document.end(number);
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
            let name = document.nodes[number].name;
            document.errors.push(format!("<{name}> is not closed"));
            document.end(number);
        }
        document
    }

    /// Reads what stands behind a `<`: its length, and the element that it opens. A closing tag, a comment and the
    /// like open none.
    fn tag(&mut self, rest: &'s str, open: &mut Vec<usize>) -> Option<(usize, Option<Tag<'s>>)> {
        if let Some(&number) = open.last()
            && let Some(after) = rest.strip_prefix("</")
            && let Some(after) = after.strip_prefix(self.nodes[number].name)
            && after.starts_with('>')
        {
            open.pop();
            self.end(number);
            return Some((rest.len() - after.len() + 1, None));
        }
        if let Some((length, tag)) = tags::plain(rest, &mut self.attributes) {
            return Some((length, Some(tag)));
        }
        if let Some(length) = skipped(rest) {
            return Some((length, None));
        }
        let length = tag_length(rest)?;
        let inner = &rest[1..length - 1];
        if let Some(name) = inner.strip_prefix('/') {
            self.close(name.trim(), open);
            return Some((length, None));
        }
        let (inner, closed) = inner
            .strip_suffix('/')
            .map_or((inner, false), |inner| (inner, true));
        let ends = inner.bytes().position(|b| b.is_ascii_whitespace());
        let name = ends.map_or(inner, |end| &inner[..end]);
        if name.is_empty() || !name.bytes().all(in_name) {
            self.errors.push(format!("<{inner}> is no tag"));
            return Some((length, None));
        }
        let attributes = &inner[name.len()..];
        tags::attributes(attributes, name, &mut self.attributes, &mut self.errors);
        Some((length, Some(Tag { name, closed })))
    }

    /// Closes an element that is open, or says that none is.
    fn close(&mut self, name: &str, open: &mut Vec<usize>) {
        match open.last() {
            Some(&number) if self.nodes[number].name == name => {
                open.pop();
                self.end(number);
            }
            _ => {
                self.errors
                    .push(format!("</{name}> closes nothing that is open there"));
                if let Some(depth) = open.iter().rposition(|&n| self.nodes[n].name == name) {
                    for number in open.drain(depth..).rev() {
                        self.end(number);
                    }
                }
            }
        }
    }

    /// Ends an element here.
    fn end(&mut self, number: usize) {
        self.items.push(Item::Close(number));
        self.nodes[number].items.end = self.items.len();
    }

    /// An element by its number, which is its place among those that were opened.
    pub(crate) fn element(&self, number: usize) -> Element<'_, 's> {
        let node = &self.nodes[number];
        Element {
            name: node.name,
            attributes: &self.attributes[node.attributes.clone()],
            parent: node.parent,
        }
    }

    pub(crate) fn name_of(&self, number: usize) -> &'s str {
        self.nodes[number].name
    }

    /// The elements, as they are opened.
    pub(crate) fn elements(&self) -> impl ExactSizeIterator<Item = Element<'_, 's>> {
        (0..self.nodes.len()).map(|number| self.element(number))
    }

    /// The elements of a name, with their numbers.
    pub(crate) fn named(&self, name: &str) -> impl Iterator<Item = (usize, Element<'_, 's>)> {
        let nodes = self.nodes.iter().enumerate();
        let named = nodes.filter(move |(_, node)| node.name == name);
        named.map(|(number, _)| (number, self.element(number)))
    }

    /// The ids of its elements.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        let ids = self.attributes.iter().filter(|(name, _)| *name == "id");
        ids.map(|(_, value)| value.as_ref())
    }

    /// Whether the name of an element, or of one that it stands in, passes a test.
    pub(crate) fn within(&self, element: Option<usize>, test: impl Fn(&str) -> bool) -> bool {
        let mut next = element;
        while let Some(number) = next {
            let node = &self.nodes[number];
            if test(node.name) {
                return true;
            }
            next = node.parent;
        }
        false
    }

    /// An element's own items: its opening, what stands in it, its closing.
    pub(crate) fn items_of(&self, number: usize) -> &[Item<'s>] {
        &self.items[self.nodes[number].items.clone()]
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

impl<'d> Element<'d, '_> {
    pub(crate) fn attribute(&self, name: &str) -> Option<&'d str> {
        self.attributes
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, value)| value.as_ref())
    }

    /// Whether a word stands in an attribute that is a list of words.
    pub(crate) fn has(&self, attribute: &str, word: &str) -> bool {
        self.attribute(attribute)
            .is_some_and(|list| is_listed(list, word))
    }
}

/// Whether a word stands in a list of words.
pub(crate) fn is_listed(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace()
        .any(|w| w.eq_ignore_ascii_case(word))
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
