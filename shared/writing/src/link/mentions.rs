//! Where a draft names products, in offsets of its source.

use std::{collections::HashMap, ops::Range};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use va_domain::content::ContentRequest;

use crate::escape::fold;

/// Where a mention stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Prose,
    Cell,
}

/// A product that is named.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    /// Its full name.
    pub product: String,
    pub place: Place,
    /// Where it stands in the draft's source, escapes included.
    pub start: usize,
    pub end: usize,
}

/// Names by their first word, the longest first.
struct Names<'r>(HashMap<&'r str, Vec<(&'r str, &'r str)>>);

impl<'r> Names<'r> {
    fn of(request: &'r ContentRequest) -> Self {
        let mut names: HashMap<&str, Vec<(&str, &str)>> = HashMap::new();
        let products = request
            .products
            .iter()
            .flat_map(|p| [(&p.name, &p.name), (&p.short, &p.name)]);
        let cells = request
            .blocks
            .table
            .rows
            .iter()
            .filter_map(|row| row.first())
            .map(|name| (name, name));
        for (name, product) in products.chain(cells) {
            names
                .entry(first_word(name))
                .or_default()
                .push((name, product));
        }
        for list in names.values_mut() {
            list.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        }
        Self(names)
    }

    /// The longest name that begins here, and its product.
    fn at(&self, text: &str) -> Option<(&'r str, &'r str)> {
        let listed = self.0.get(first_word(text))?;
        listed.iter().copied().find(|(name, _)| {
            let rest = text.strip_prefix(name);
            rest.is_some_and(|rest| !name.is_empty() && !rest.starts_with(char::is_alphanumeric))
        })
    }
}

fn first_word(text: &str) -> &str {
    let end = text
        .char_indices()
        .skip(1)
        .find(|(_, c)| !c.is_alphanumeric())
        .map_or(text.len(), |(at, _)| at);
    &text[..end]
}

/// A stretch of rendered text and where it stands in the source.
struct Piece {
    at: usize,
    text: usize,
    source: Range<usize>,
}

/// A paragraph, list item or cell, as it is read.
#[derive(Default)]
struct Block {
    text: String,
    pieces: Vec<Piece>,
}

impl Block {
    fn push(&mut self, text: &str, source: Range<usize>) {
        self.pieces.push(Piece {
            at: self.text.len(),
            text: text.len(),
            source,
        });
        self.text.push_str(text);
    }

    /// Something that no name reaches across.
    fn bar(&mut self) {
        self.text.push('\u{1}');
    }

    fn source(&self, at: usize, is_end: bool) -> Option<usize> {
        let within = |p: &&Piece| {
            if is_end {
                p.at < at && at <= p.at + p.text
            } else {
                p.at <= at && at < p.at + p.text
            }
        };
        let piece = self.pieces.iter().find(within)?;
        // A character reference is longer in the source than on the page: only its ends are known.
        let exact = piece.text == piece.source.len();
        let offset = at - piece.at;
        match (exact, offset) {
            (true, _) => Some(piece.source.start + offset),
            (false, 0) => Some(piece.source.start),
            (false, _) => (offset == piece.text).then_some(piece.source.end),
        }
    }
}

/// All mentions in prose and in the first column of the table, in order.
pub(super) fn find(draft: &str, request: &ContentRequest) -> Vec<Mention> {
    let names = Names::of(request);
    let copied = [
        &request.blocks.disclosure,
        &request.blocks.byline,
        &request.blocks.table.caption,
    ]
    .map(|t| fold(t));
    let mut found = Vec::new();
    let mut block = Block::default();
    let mut heading: Option<String> = None;
    let (mut closed, mut links, mut column, mut in_head) = (false, 0_usize, 0_usize, false);
    let mut in_table = false;
    for (event, range) in Parser::new_ext(draft, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let heading = heading.take().unwrap_or_default();
                let text = fold(&heading);
                closed = text == "How this page was made" || text == "Sources";
            }
            Event::Start(Tag::Table(_)) => in_table = true,
            Event::End(TagEnd::Table) => in_table = false,
            Event::Start(Tag::TableHead) => in_head = true,
            Event::End(TagEnd::TableHead) => in_head = false,
            Event::Start(Tag::TableRow) => column = 0,
            Event::Start(Tag::Paragraph | Tag::Item | Tag::TableCell) => block = Block::default(),
            Event::End(TagEnd::TableCell) => {
                if !in_head && column == 0 && !closed {
                    scan(draft, &block, &names, Place::Cell, &mut found);
                }
                column += 1;
                block = Block::default();
            }
            Event::End(TagEnd::Paragraph | TagEnd::Item) => {
                if !closed && !copied.contains(&fold(&block.text)) {
                    scan(draft, &block, &names, Place::Prose, &mut found);
                }
                block = Block::default();
            }
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => {
                links += 1;
                block.bar();
            }
            Event::End(TagEnd::Link | TagEnd::Image) => links = links.saturating_sub(1),
            Event::Text(text) => match &mut heading {
                Some(heading) => heading.push_str(&text),
                None if links > 0 => {}
                None => block.push(&text, range),
            },
            Event::SoftBreak if heading.is_none() && !in_table => block.push(" ", range),
            _ => block.bar(),
        }
    }
    found
}

fn scan(draft: &str, block: &Block, names: &Names, place: Place, found: &mut Vec<Mention>) {
    let text = block.text.as_str();
    let mut skip_to = 0;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let begins = at >= skip_to && !before.is_alphanumeric();
        before = c;
        let Some((name, product)) = (if begins { names.at(&text[at..]) } else { None }) else {
            continue;
        };
        skip_to = at + name.len();
        if place == Place::Cell && (at > 0 || skip_to < text.len()) {
            continue;
        }
        let (Some(start), Some(end)) = (block.source(at, false), block.source(skip_to, true))
        else {
            continue;
        };
        // An escape belongs to its character.
        let escaped = draft[..start].ends_with('\\')
            && draft[start..].starts_with(|c: char| c.is_ascii_punctuation());
        found.push(Mention {
            product: product.to_owned(),
            place,
            start: start - usize::from(escaped),
            end,
        });
    }
}
