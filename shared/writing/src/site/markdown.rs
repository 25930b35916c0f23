//! Markdown into HTML in which nothing of a stranger is markup.

use std::collections::BTreeSet;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::{
    escape::{fold, html, push_html},
    words::slug,
};

use super::{cells::Look, links::Links};

/// Stands around a marker's id in the text of a prepared draft; strangers' text cannot hold it.
const MARK: char = '\u{E000}';

/// The parts of a page that look different from plain text.
#[derive(Default)]
pub(super) struct Parts {
    pub disclosure: String,
    pub byline: String,
    pub caption: String,
    /// How each cell of the table looks.
    pub looks: Vec<Vec<Look>>,
    /// What stands below the table.
    pub legend: String,
}

/// A paragraph or list item as it is seen, with the ids of its markers and where they stood.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub text: String,
    pub markers: Vec<(usize, String)>,
}

/// A part of a page that a reader may want to go to at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Table,
    Method,
    Sources,
}

impl Place {
    /// The id of its element.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Method => "method",
            Self::Sources => "sources",
        }
    }
}

/// What became of a draft.
#[derive(Default)]
pub(super) struct Rendered {
    pub html: String,
    pub said: Vec<Said>,
    pub has_table: bool,
    /// The parts that have an id.
    pub places: Vec<Place>,
    /// Where the answer begins and ends: behind the disclosure, before the first heading of a section.
    pub answer: Option<(usize, usize)>,
}

/// A text without markers, as the imprint.
pub(super) fn html_of(source: &str, links: &Links) -> String {
    render(source, links, &Parts::default()).html
}

/// A draft's HTML without its markers, and what they marked.
pub(super) fn render(source: &str, links: &Links, parts: &Parts) -> Rendered {
    let prepared = prepared(source);
    let mut writer = Writer::new(links, parts);
    for event in Parser::new_ext(&prepared, Options::ENABLE_TABLES) {
        writer.take(event);
    }
    writer.close_section();
    writer.done
}

/// Marks the markers: `[^c1]` that is not escaped.
fn prepared(source: &str) -> String {
    let mut text = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("[^") {
        push_unmarked(&mut text, before);
        let id: &str = after
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default();
        if !before.ends_with('\\') && !id.is_empty() && after[id.len()..].starts_with(']') {
            text.push(MARK);
            text.push_str(id);
            text.push(MARK);
            rest = &after[id.len() + 1..];
        } else {
            text.push_str("[^");
            rest = after;
        }
    }
    push_unmarked(&mut text, rest);
    text
}

/// Adds a text without the sign that strangers' text cannot hold.
fn push_unmarked(text: &mut String, part: &str) {
    text.extend(part.split(MARK));
}

struct Writer<'w> {
    links: &'w Links<'w>,
    parts: &'w Parts,
    done: Rendered,
    /// What is seen of the block that is open.
    said: Said,
    /// Where the HTML of the open heading or paragraph begins.
    from: usize,
    /// Which links that are open became tags.
    open: Vec<bool>,
    section: Option<&'static str>,
    images: usize,
    in_head: bool,
    row: usize,
    column: usize,
    titles: usize,
    /// Where the answer begins, until the first section does.
    lead: Option<usize>,
    ids: BTreeSet<String>,
}

impl<'w> Writer<'w> {
    fn new(links: &'w Links<'w>, parts: &'w Parts) -> Self {
        Self {
            links,
            parts,
            done: Rendered::default(),
            said: Said::default(),
            from: 0,
            open: Vec::new(),
            section: None,
            images: 0,
            in_head: false,
            row: 0,
            column: 0,
            titles: 0,
            lead: None,
            ids: [
                "main",
                "table",
                "method",
                "sources",
                "changes",
                "chart-title",
                "chart-text",
            ]
            .map(str::to_owned)
            .into(),
        }
    }

    fn put(&mut self, tag: &str) {
        self.done.html.push_str(tag);
    }

    fn text(&mut self, text: &str) {
        let mut inside = false;
        for part in text.split(MARK) {
            if inside {
                self.said
                    .markers
                    .push((self.said.text.len(), part.to_owned()));
            } else if self.images == 0 {
                self.said.text.push_str(part);
                push_html(&mut self.done.html, part);
            }
            inside = !inside;
        }
    }

    fn begin(&mut self, tag: &str) {
        self.said = Said::default();
        self.from = self.done.html.len();
        self.put(tag);
    }

    fn end(&mut self, tag: &str) {
        self.put(tag);
        let said = std::mem::take(&mut self.said);
        if !said.markers.is_empty() {
            self.done.said.push(said);
        }
    }

    fn close_section(&mut self) {
        if self.section.take().is_some() {
            self.put("</section>\n");
        }
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.finish(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::Code(text) => {
                self.put("<code>");
                self.text(&text);
                self.put("</code>");
            }
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => {
                self.said.text.push(' ');
                self.put("<br>\n");
            }
            Event::Rule => self.put("<hr>\n"),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag) {
        match tag {
            Tag::Paragraph => self.begin("<p>"),
            Tag::HtmlBlock => self.begin("<p>"),
            Tag::Heading { .. } => {
                self.said = Said::default();
                self.from = self.done.html.len();
            }
            Tag::BlockQuote(_) => self.put("<blockquote>\n"),
            Tag::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) => {
                self.begin("<pre><code>")
            }
            Tag::List(None) => self.put("<ul>\n"),
            Tag::List(Some(first)) => self.put(&format!("<ol start=\"{first}\">\n")),
            Tag::Item => self.begin("<li>"),
            Tag::Table(_) => {
                let first = !std::mem::replace(&mut self.done.has_table, true);
                let id = if first { " id=\"table\"" } else { "" };
                if first {
                    self.done.places.push(Place::Table);
                }
                let label = Some(self.parts.caption.as_str())
                    .filter(|c| !c.is_empty())
                    .unwrap_or("Table");
                let label = html(label);
                self.put(&format!(
                    "<div class=\"table\"{id} role=\"region\" aria-label=\"{label}\" tabindex=\"0\">\n<table class=\"sortable\">\n"
                ));
            }
            Tag::TableHead => {
                self.in_head = true;
                self.column = 0;
                self.put("<thead><tr>");
            }
            Tag::TableRow => {
                self.column = 0;
                self.put("<tr>");
            }
            Tag::TableCell => match (self.in_head, self.column) {
                (true, _) => self.begin("<th scope=\"col\">"),
                (false, 0) => self.begin("<th scope=\"row\">"),
                (false, _) => self.begin(&self.look()),
            },
            Tag::Emphasis => self.put("<em>"),
            Tag::Strong => self.put("<strong>"),
            Tag::Link { dest_url, .. } => {
                let tag = self.links.open(&dest_url, self.section == Some("sources"));
                self.open.push(tag.is_some());
                self.put(&tag.unwrap_or_default());
            }
            Tag::Image { .. } => self.images += 1,
            _ => {}
        }
    }

    fn finish(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => {
                let text = fold(&self.said.text);
                let parts = self.parts;
                let discloses = !text.is_empty() && text == parts.disclosure;
                let class = if text.is_empty() {
                    None
                } else if discloses {
                    Some("disclosure")
                } else if text == parts.byline {
                    Some("byline")
                } else {
                    None
                };
                if let Some(class) = class {
                    let inner = self.done.html.split_off(self.from);
                    if class == "byline" {
                        self.close_section();
                    }
                    let inner = inner.strip_prefix("<p>").unwrap_or(&inner).to_owned();
                    self.put(&format!("<p class=\"{class}\">{inner}"));
                }
                self.end("</p>\n");
                if self.lead.is_some() && discloses {
                    self.lead = Some(self.done.html.len());
                }
            }
            TagEnd::HtmlBlock => self.end("</p>\n"),
            TagEnd::Heading(level) => self.heading(level),
            TagEnd::BlockQuote(_) => self.put("</blockquote>\n"),
            TagEnd::CodeBlock => self.end("</code></pre>\n"),
            TagEnd::List(false) => self.put("</ul>\n"),
            TagEnd::List(true) => self.put("</ol>\n"),
            TagEnd::Item => self.end("</li>\n"),
            TagEnd::Table => {
                self.put("</tbody>\n</table>\n</div>\n");
                let legend = &self.parts.legend;
                if !legend.is_empty() {
                    let legend = html(legend);
                    self.put(&format!("<footer class=\"legend\">{legend}</footer>\n"));
                }
            }
            TagEnd::TableHead => {
                self.in_head = false;
                self.put("</tr></thead>\n<tbody>\n");
            }
            TagEnd::TableRow => {
                self.row += 1;
                self.put("</tr>\n");
            }
            TagEnd::TableCell => {
                self.column += 1;
                let tag = if self.in_head || self.column == 1 {
                    "</th>"
                } else {
                    "</td>"
                };
                self.end(tag);
            }
            TagEnd::Emphasis => self.put("</em>"),
            TagEnd::Strong => self.put("</strong>"),
            TagEnd::Link => {
                let close = if self.open.pop() == Some(true) {
                    "</a>"
                } else {
                    ""
                };
                self.put(close);
            }
            TagEnd::Image => self.images = self.images.saturating_sub(1),
            _ => {}
        }
    }

    fn heading(&mut self, level: HeadingLevel) {
        let inner = self.done.html.split_off(self.from);
        self.close_section();
        // A page has one first heading.
        let first = level == HeadingLevel::H1;
        let level = if first && self.titles > 0 {
            2
        } else {
            level as u8
        };
        self.titles += usize::from(first);
        if level > 1
            && let Some(start) = self.lead.take()
            && start < self.done.html.len()
        {
            self.done.answer = Some((start, self.done.html.len()));
        }
        let text = fold(&self.said.text);
        let name = slug(&text);
        let place = match text.as_ref() {
            "How this page was made" => Some(Place::Method),
            "Sources" => Some(Place::Sources),
            _ => None,
        };
        self.section = place.map(Place::id);
        if let Some(place) = place {
            self.done.places.push(place);
            let id = place.id();
            self.put(&format!("<section class=\"{id}\" id=\"{id}\">\n"));
        }
        let anchored = level > 1 && place.is_none() && !name.is_empty();
        let id = if anchored && self.ids.insert(name.clone()) {
            format!(" id=\"{name}\"")
        } else {
            String::new()
        };
        self.put(&format!("<h{level}{id}>{inner}</h{level}>\n"));
        if first && level == 1 {
            self.lead = Some(self.done.html.len());
        }
        self.said = Said::default();
    }

    /// The opening tag of a cell.
    fn look(&self) -> String {
        let look = self
            .parts
            .looks
            .get(self.row)
            .and_then(|row| row.get(self.column));
        look.map_or_else(|| "<td>".to_owned(), Look::tag)
    }
}
