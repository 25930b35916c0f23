//! Markdown into blocks: the events of the parser, gathered.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::draft::{Block, Draft, Link, Marker, Oddity, Role, Table};

/// Reads the blocks of a draft; their roles are not given yet.
pub(crate) fn read(source: &str) -> Draft {
    let ends = memchr::memchr_iter(b'\n', source.as_bytes());
    let starts = std::iter::once(0).chain(ends.map(|at| at + 1)).collect();
    let mut reader = Reader {
        source,
        starts,
        draft: Draft::default(),
        open: None,
        cell: false,
    };
    for (event, range) in Parser::new_ext(source, Options::ENABLE_TABLES).into_offset_iter() {
        reader.take(event, range.start);
    }
    reader.close();
    reader.draft
}

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
            let at = open.raw.len();
            // The parser hands over a line in pieces; what goes on where the last piece ended is one with it.
            let begins = offset == 0 || self.source.as_bytes()[offset - 1] == b'\n';
            let goes_on = |(start, source): &(usize, usize)| at + source == offset + start;
            if begins || !open.pieces.last().is_some_and(goes_on) {
                open.pieces.push((at, offset));
            }
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
        while let Some(at) = memchr::memchr(b'[', &open.raw.as_bytes()[from..]).map(|at| at + from)
        {
            from = at + 1;
            if !open.raw[from..].starts_with('^') {
                continue;
            }
            from += 1;
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
