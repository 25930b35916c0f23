//! A draft, read as Markdown: blocks with their rendered text, markers, links and lines.

use va_domain::content::ContentRequest;

use crate::words::{fold, word_count};

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
    pub lines: Vec<(usize, usize)>,
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

impl Draft {
    /// Reads a draft and gives each block its role on the page that was asked for.
    pub(crate) fn read(source: &str, request: &ContentRequest) -> Self {
        let mut draft = crate::reader::read(source);
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
            .map(|b| word_count(&b.text))
            .sum()
    }
}
