//! What a reader sees of a page, and how each stretch of it is read.

use std::ops::Range;

use super::markup::{Document, Item, is_listed};
use crate::words::is_plain;

/// How a stretch of text is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// A number must stand in the text of the claim that proves it.
    Prose,
    /// Headings, captions and charts: any claim of the page proves a number.
    Label,
    /// What every page shares.
    Shared,
}

/// The visible text of a part of a page, white space folded, with the manner of each stretch.
pub(crate) struct Visible {
    pub text: String,
    stretches: Vec<(usize, Manner)>,
    /// Where the main part stands, if it does.
    main: Option<Range<usize>>,
}

/// What a name says of an element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Hidden,
    Shared,
    Label,
    /// It stands within a line of text.
    Inline,
    Other,
}

fn sort_of(name: &str) -> Sort {
    match name {
        "script" | "style" | "template" => Sort::Hidden,
        "header" | "nav" | "aside" | "footer" => Sort::Shared,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "caption" | "figcaption" | "th" | "svg" => {
            Sort::Label
        }
        "a" | "abbr" | "b" | "bdi" | "cite" | "code" | "data" | "dfn" | "em" | "i" | "kbd"
        | "mark" | "q" | "s" | "small" | "span" | "strong" | "sub" | "sup" | "time" | "u"
        | "wbr" => Sort::Inline,
        _ => Sort::Other,
    }
}

/// What an element makes of the text in it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Marks {
    hidden: bool,
    shared: bool,
    label: bool,
    breaks: bool,
}

/// The marks of each element, with those of what it stands in.
pub(crate) fn marks(document: &Document) -> Vec<Marks> {
    let mut all: Vec<Marks> = Vec::with_capacity(document.elements().len());
    for element in document.elements() {
        let around = element
            .parent
            .and_then(|parent| all.get(parent).copied())
            .unwrap_or_default();
        let sort = sort_of(element.name);
        let mut own = Marks {
            hidden: around.hidden || sort == Sort::Hidden,
            shared: around.shared || sort == Sort::Shared,
            label: around.label || sort == Sort::Label,
            breaks: sort != Sort::Inline,
        };
        for (name, value) in element.attributes {
            match *name {
                "hidden" => own.hidden = true,
                "class" => own.shared |= is_listed(value, "disclosure"),
                // What changed is read line by line: see `super::changes`.
                "id" => own.shared |= value == super::changes::SECTION,
                // A row is headed by a name, and no number of that is anybody's figure.
                "scope" => own.shared |= element.name == "th" && value == "row",
                _ => {}
            }
        }
        all.push(own);
    }
    all
}

/// What is seen of an element; `main` is the page's main part.
pub(crate) fn visible(
    document: &Document,
    marks: &[Marks],
    root: usize,
    main: Option<usize>,
) -> Visible {
    let mut seen = Visible {
        text: String::new(),
        stretches: Vec::new(),
        main: None,
    };
    let mut blank = true;
    for item in document.items_of(root) {
        let (parent, part) = match item {
            Item::Open(number) | Item::Close(number) => {
                if marks[*number].breaks && !blank {
                    seen.text.push(' ');
                    blank = true;
                }
                if main == Some(*number) {
                    let at = seen.text.len();
                    let begun = seen.main.as_ref().map_or(at, |main| main.start);
                    seen.main = Some(begun..at);
                }
                continue;
            }
            Item::Text { parent, text } => (parent.unwrap_or(root), text),
        };
        let marks = marks[parent];
        if marks.hidden {
            continue;
        }
        let manner = if marks.shared {
            Manner::Shared
        } else if marks.label {
            Manner::Label
        } else {
            Manner::Prose
        };
        seen.stretches.push((seen.text.len(), manner));
        let inner = part.trim();
        if part.starts_with(char::is_whitespace) && !blank {
            seen.text.push(' ');
            blank = true;
        }
        if inner.is_empty() {
            continue;
        }
        if is_plain(inner) {
            seen.text.push_str(inner);
        } else {
            for (number, word) in inner.split_whitespace().enumerate() {
                seen.text.push_str(if number > 0 { " " } else { "" });
                seen.text.push_str(word);
            }
        }
        blank = part.ends_with(char::is_whitespace);
        if blank {
            seen.text.push(' ');
        }
    }
    seen
}

impl Visible {
    /// The main part alone.
    pub(crate) fn into_main(mut self) -> Option<Self> {
        let main = self.main?;
        self.text.truncate(main.end);
        self.text.drain(..main.start);
        self.stretches.retain(|(start, _)| main.contains(start));
        for (start, _) in &mut self.stretches {
            *start -= main.start;
        }
        Some(Self {
            main: Some(0..self.text.len()),
            ..self
        })
    }

    pub(crate) fn manner(&self, at: usize) -> Manner {
        let after = self.stretches.partition_point(|(start, _)| *start <= at);
        self.stretches[..after]
            .last()
            .map_or(Manner::Prose, |(_, manner)| *manner)
    }
}
