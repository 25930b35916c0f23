//! A draft, read as Markdown: blocks with their rendered text, markers, links and lines.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use va_domain::content::ContentRequest;

use crate::words::fold;

/// What a block is on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Title,
    Heading,
    Disclosure,
    Byline,
    /// The table's caption, as a heading or a paragraph.
    Caption,
    MethodHeading,
    Method,
    SourcesHeading,
    Source,
    /// A paragraph or list item that argues: what is reviewed sentence by sentence.
    Prose,
}

/// A marker `[^id]`, taken out of the text.
#[derive(Clone, Debug)]
pub(crate) struct Marker {
    /// Where in the block's text it stood.
    pub at: usize,
    pub id: String,
}

/// A link and where in the block's text it stands.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub start: usize,
    pub end: usize,
    pub target: String,
}

/// A heading, paragraph or list item.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub role: Role,
    /// The heading's level; 0 for a paragraph, 7 for a list item.
    pub level: u8,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// As rendered, without markers.
    pub text: String,
    pub markers: Vec<Marker>,
    pub links: Vec<Link>,
    /// (offset in `text`, line): where the line changes.
    lines: Vec<(usize, usize)>,
}

impl Block {
    /// The draft's line of an offset in the text.
    pub(crate) fn line_at(&self, offset: usize) -> usize {
        let after = self.lines.partition_point(|(start, _)| *start <= offset);
        self.lines[..after]
            .last()
            .map_or(self.line, |(_, line)| *line)
    }
}

/// A table: rows of rendered cells, the headings first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub line: usize,
    pub rows: Vec<Vec<String>>,
}

/// Markup that a draft has no use for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Oddity {
    Html,
    Image,
    Code,
    Quote,
}

/// A draft's parts, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub blocks: Vec<Block>,
    pub tables: Vec<Table>,
    /// (line, what)
    pub oddities: Vec<(usize, Oddity)>,
    /// Whether the last thing in the draft is a table.
    pub ends_with_table: bool,
}

/// The heading above the method.
pub(crate) const METHOD: &str = "How this page was made";
/// The heading above the sources.
pub(crate) const SOURCES: &str = "Sources";

struct Open {
    level: u8,
    line: usize,
    raw: String,
    /// (offset in `raw`, offset in the source)
    pieces: Vec<(usize, usize)>,
    links: Vec<Link>,
}

struct Reader<'s> {
    source: &'s str,
    starts: Vec<usize>,
    draft: Draft,
    open: Option<Open>,
    cell: bool,
}

impl Draft {
    /// Reads a draft and gives each block its role on the page that was asked for.
    pub(crate) fn read(source: &str, request: &ContentRequest) -> Self {
        let starts = std::iter::once(0)
            .chain(source.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        let mut reader = Reader {
            source,
            starts,
            draft: Self::default(),
            open: None,
            cell: false,
        };
        for (event, range) in Parser::new_ext(source, Options::ENABLE_TABLES).into_offset_iter() {
            reader.take(event, range.start);
        }
        reader.close();
        let mut draft = reader.draft;
        draft.assign(request);
        draft
    }

    fn assign(&mut self, request: &ContentRequest) {
        let disclosure = fold(&request.blocks.disclosure);
        let byline = fold(&request.blocks.byline);
        let caption = fold(&request.blocks.table.caption);
        let last = self.blocks.len().saturating_sub(1);
        let mut section = Role::Prose;
        let mut disclosed = false;
        for (at, block) in self.blocks.iter_mut().enumerate() {
            let text = fold(&block.text);
            block.role = if block.level == 1 && at == 0 {
                Role::Title
            } else if (1..=6).contains(&block.level) {
                let role = match text.as_ref() {
                    METHOD => Role::MethodHeading,
                    SOURCES => Role::SourcesHeading,
                    text if !caption.is_empty() && text == caption => Role::Caption,
                    _ => Role::Heading,
                };
                section = match role {
                    Role::MethodHeading => Role::Method,
                    Role::SourcesHeading => Role::Source,
                    _ => Role::Prose,
                };
                role
            } else if at == last && block.level == 0 && text == byline {
                Role::Byline
            } else if !disclosed && block.level == 0 && text == disclosure {
                disclosed = true;
                Role::Disclosure
            } else if !caption.is_empty() && text == caption {
                Role::Caption
            } else if section == Role::Source && block.level == 0 {
                Role::Prose
            } else {
                section
            };
        }
    }

    /// The blocks of one role.
    pub(crate) fn of(&self, role: Role) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(move |block| block.role == role)
    }

    /// The page's length: the words of its headings, paragraphs and list items, without disclosure,
    /// byline, table and caption, method and sources. A word is what stands between white space.
    pub(crate) fn words(&self) -> usize {
        let counted = |b: &&Block| matches!(b.role, Role::Title | Role::Heading | Role::Prose);
        self.blocks
            .iter()
            .filter(counted)
            .map(|b| b.text.split_whitespace().count())
            .sum()
    }
}

impl Reader<'_> {
    fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    fn begin(&mut self, level: u8, offset: usize) {
        self.close();
        let line = self.line(offset);
        self.open = Some(Open {
            level,
            line,
            raw: String::new(),
            pieces: Vec::new(),
            links: Vec::new(),
        });
    }

    fn odd(&mut self, offset: usize, what: Oddity) {
        let line = self.line(offset);
        self.draft.oddities.push((line, what));
    }

    fn text(&mut self, text: &str, offset: usize) {
        if self.cell {
            if let Some(cell) = self
                .draft
                .tables
                .last_mut()
                .and_then(|t| t.rows.last_mut())
                .and_then(|r| r.last_mut())
            {
                cell.push_str(text);
            }
            return;
        }
        if self.open.is_none() {
            self.begin(0, offset);
        }
        if let Some(open) = &mut self.open {
            open.pieces.push((open.raw.len(), offset));
            open.raw.push_str(text);
        }
    }

    fn take(&mut self, event: Event<'_>, offset: usize) {
        match event {
            Event::Start(tag) => self.start(tag, offset),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text, offset),
            Event::SoftBreak | Event::HardBreak => self.text(" ", offset),
            Event::Code(text) => {
                self.odd(offset, Oddity::Code);
                self.text(&text, offset);
            }
            Event::Html(_) | Event::InlineHtml(_) => self.odd(offset, Oddity::Html),
            // Rules and everything of extensions that are off.
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, offset: usize) {
        match tag {
            Tag::Heading { level, .. } => self.begin(level_number(level), offset),
            Tag::Paragraph => match &mut self.open {
                Some(open) if open.level == 7 => {
                    if !open.raw.is_empty() {
                        open.raw.push(' ');
                    }
                }
                _ => self.begin(0, offset),
            },
            Tag::Item => self.begin(7, offset),
            Tag::Table(_) => {
                self.close();
                let line = self.line(offset);
                self.draft.tables.push(Table {
                    line,
                    rows: Vec::new(),
                });
                self.draft.ends_with_table = true;
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = self.draft.tables.last_mut() {
                    table.rows.push(Vec::new());
                }
            }
            Tag::TableCell => {
                if let Some(row) = self.draft.tables.last_mut().and_then(|t| t.rows.last_mut()) {
                    row.push(String::new());
                }
                self.cell = true;
            }
            Tag::Link { dest_url, .. } => {
                if self.cell {
                    self.odd(offset, Oddity::Html);
                } else {
                    if self.open.is_none() {
                        self.begin(0, offset);
                    }
                    if let Some(open) = &mut self.open {
                        let start = open.raw.len();
                        open.links.push(Link {
                            start,
                            end: usize::MAX,
                            target: dest_url.into_string(),
                        });
                    }
                }
            }
            Tag::Image { .. } => self.odd(offset, Oddity::Image),
            Tag::CodeBlock(_) => {
                self.odd(offset, Oddity::Code);
                self.begin(0, offset);
            }
            Tag::BlockQuote(_) => self.odd(offset, Oddity::Quote),
            Tag::HtmlBlock => self.odd(offset, Oddity::Html),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock => self.close(),
            TagEnd::Paragraph if self.open.as_ref().is_some_and(|open| open.level == 0) => {
                self.close()
            }
            TagEnd::TableCell => self.cell = false,
            TagEnd::Link => {
                if let Some(open) = &mut self.open {
                    let end = open.raw.len();
                    if let Some(link) = open.links.iter_mut().rev().find(|l| l.end == usize::MAX) {
                        link.end = end;
                    }
                }
            }
            _ => {}
        }
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        if open.raw.trim().is_empty() && open.links.is_empty() {
            return;
        }
        self.draft.ends_with_table = false;
        let block = self.finish(open);
        self.draft.blocks.push(block);
    }

    /// Takes the markers out of a block's text.
    fn finish(&self, open: Open) -> Block {
        let source_of = |raw_at: usize| {
            let piece = open.pieces.partition_point(|(start, _)| *start <= raw_at);
            open.pieces[..piece]
                .last()
                .map_or(0, |(start, source)| source + (raw_at - start))
        };
        let mut text = String::with_capacity(open.raw.len());
        let mut markers: Vec<Marker> = Vec::new();
        let mut cuts: Vec<(usize, usize)> = Vec::new();
        let mut kept = 0;
        let mut from = 0;
        while let Some(at) = open.raw[from..].find("[^").map(|at| at + from) {
            from = at + 2;
            let escaped = self.source.as_bytes().get(source_of(at).wrapping_sub(1)) == Some(&b'\\');
            let Some(length) = open.raw[from..].find(']') else {
                break;
            };
            let id = &open.raw[from..from + length];
            let plain = !id.is_empty()
                && id
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
            if escaped || !plain {
                continue;
            }
            text.push_str(&open.raw[kept..at]);
            markers.push(Marker {
                at: text.len(),
                id: id.to_owned(),
            });
            kept = from + length + 1;
            from = kept;
            cuts.push((at, kept));
        }
        text.push_str(&open.raw[kept..]);
        let moved = |raw_at: usize| {
            let gone: usize = cuts
                .iter()
                .map(|(start, end)| raw_at.clamp(*start, *end) - start)
                .sum();
            raw_at - gone
        };
        let lines = open
            .pieces
            .iter()
            .map(|(raw_at, source)| (moved(*raw_at), self.line(*source)))
            .collect();
        let links = open.links.into_iter().map(|link| Link {
            start: moved(link.start),
            end: moved(link.end.min(open.raw.len())),
            target: link.target,
        });
        Block {
            role: Role::Prose,
            level: open.level,
            line: open.line,
            text,
            markers,
            links: links.collect(),
            lines,
        }
    }
}

fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
