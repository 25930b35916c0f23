//! Blocks cut into sentences, with the markers that each carries.

use std::borrow::Cow;

use crate::{
    draft::Block,
    names::Mention,
    words::{Token, tokens},
};

/// A block's text with everything that was found in it.
#[derive(Debug)]
pub(crate) struct Analysis<'d> {
    pub block: &'d Block,
    pub tokens: Cow<'d, [Token]>,
    pub mentions: Vec<Mention>,
    pub sentences: Vec<Sentence>,
}

/// One sentence of a block. Offsets are bytes of the block's text.
#[derive(Debug)]
pub(crate) struct Sentence {
    pub start: usize,
    pub end: usize,
    pub line: usize,
    /// Numbers of the block's markers that it carries.
    pub markers: Vec<usize>,
    /// Whether one of them does not stand at its end.
    pub misplaced: bool,
}

impl<'d> Analysis<'d> {
    /// Analyses a block; `find` finds the product names in it.
    pub(crate) fn of(block: &'d Block, find: impl FnOnce(&str, &[Token]) -> Vec<Mention>) -> Self {
        Self::cut(block, Cow::Owned(tokens(&block.text)), find)
    }

    /// The same block with other names in it.
    pub(crate) fn again(&self, find: impl FnOnce(&str, &[Token]) -> Vec<Mention>) -> Analysis<'_> {
        Analysis::cut(self.block, Cow::Borrowed(&self.tokens), find)
    }

    fn cut(
        block: &'d Block,
        tokens: Cow<'d, [Token]>,
        find: impl FnOnce(&str, &[Token]) -> Vec<Mention>,
    ) -> Self {
        let mentions = find(&block.text, &tokens);
        let sentences = split(block, &mentions);
        Self {
            block,
            tokens,
            mentions,
            sentences,
        }
    }

    /// The tokens that are words.
    pub(crate) fn words(&self) -> Vec<&Token> {
        let mut words = Vec::with_capacity(self.tokens.len());
        words.extend(self.tokens.iter().filter(|t| t.word));
        words
    }

    pub(crate) fn text(&self, sentence: &Sentence) -> &'d str {
        &self.block.text[sentence.start..sentence.end]
    }

    pub(crate) fn tokens_of(&self, sentence: &Sentence) -> &[Token] {
        self.tokens_within(sentence.start, sentence.end)
    }

    pub(crate) fn mentions_of(&self, sentence: &Sentence) -> &[Mention] {
        self.mentions_within(sentence.start, sentence.end)
    }

    /// The tokens that begin within a range of the text.
    pub(crate) fn tokens_within(&self, start: usize, end: usize) -> &[Token] {
        let from = self.tokens.partition_point(|t| t.start < start);
        let to = self.tokens.partition_point(|t| t.start < end);
        &self.tokens[from..to]
    }

    /// The names that begin within a range of the text.
    pub(crate) fn mentions_within(&self, start: usize, end: usize) -> &[Mention] {
        let from = self.mentions.partition_point(|m| m.start < start);
        let to = self.mentions.partition_point(|m| m.start < end);
        &self.mentions[from..to]
    }

    /// The name that an offset lies in.
    pub(crate) fn name_at(&self, at: usize) -> Option<&Mention> {
        let begun = self.mentions.partition_point(|m| m.start <= at);
        self.mentions[..begun].last().filter(|m| at < m.end)
    }

    /// Whether an offset lies in a product's name.
    pub(crate) fn is_named(&self, at: usize) -> bool {
        self.name_at(at).is_some()
    }
}

/// Words after which a full stop does not end a sentence.
const ABBREVIATIONS: [&str; 15] = [
    "e.g", "i.e", "approx", "vs", "no", "dr", "st", "mr", "mrs", "ca", "max", "min", "incl",
    "excl", "fig",
];

fn split(block: &Block, mentions: &[Mention]) -> Vec<Sentence> {
    let text = block.text.as_str();
    let mut ends = Vec::new();
    let mut inside = mentions.iter().peekable();
    let mut skip_to = 0;
    for (at, c) in stops(text) {
        if at < skip_to {
            continue;
        }
        while inside.next_if(|m| m.end <= at).is_some() {}
        if inside.peek().is_some_and(|m| m.start <= at) {
            continue;
        }
        let rest = text[at + c.len_utf8()..]
            .trim_start_matches(['"', '”', '’', '\'', ')', '.', '!', '?', '…']);
        let end = text.len() - rest.len();
        let marked = block.markers.iter().any(|m| m.at == end);
        let next = rest.trim_start().chars().next();
        let opens = rest.starts_with(char::is_whitespace) && next.is_none_or(|n| !n.is_lowercase());
        if next.is_none() || marked || (opens && !(c == '.' && abbreviates(&text[..at]))) {
            ends.push(end);
            skip_to = end;
        }
    }
    if ends
        .last()
        .is_none_or(|end| !text[*end..].trim().is_empty())
    {
        ends.push(text.len());
    }
    let mut sentences: Vec<Sentence> = Vec::with_capacity(ends.len());
    let mut start = 0;
    for end in ends {
        let from = start + (text[start..end].len() - text[start..end].trim_start().len());
        sentences.push(Sentence {
            start: from,
            end,
            line: block.line_at(from),
            markers: Vec::new(),
            misplaced: false,
        });
        start = end;
    }
    for (number, marker) in block.markers.iter().enumerate() {
        let before = sentences.partition_point(|s| s.end < marker.at);
        // A marker after a blank still belongs to the sentence that ended.
        let last = sentences.len() - 1;
        let owner = if before > 0 && (before > last || marker.at <= sentences[before].start) {
            before - 1
        } else {
            before.min(last)
        };
        let sentence = &mut sentences[owner];
        sentence.markers.push(number);
        sentence.misplaced |= marker.at != sentence.end;
    }
    sentences
}

/// The marks that may end a sentence, and where they stand.
fn stops(text: &str) -> impl Iterator<Item = (usize, char)> {
    // An ellipsis is known by its first byte, before it is decoded.
    let bytes = text.bytes().enumerate();
    let begun = bytes.filter(|(_, b)| matches!(b, b'.' | b'!' | b'?' | 0xE2));
    begun.filter_map(|(at, _)| {
        let c = text[at..].chars().next()?;
        matches!(c, '.' | '!' | '?' | '…').then_some((at, c))
    })
}

fn abbreviates(before: &str) -> bool {
    let word = before
        .rsplit(|c: char| c.is_whitespace() || c == '(')
        .next()
        .unwrap_or_default();
    ABBREVIATIONS.iter().any(|a| a.eq_ignore_ascii_case(word))
}

#[cfg(test)]
pub(crate) mod tests {
    use va_domain::content::{Blocks, ContentRequest, PageKind};

    use super::*;
    use crate::{draft::Draft, names};

    pub(crate) fn empty_request() -> ContentRequest {
        ContentRequest {
            schema: "va.content-request/1".into(),
            content_id: "p".into(),
            slug: "p".into(),
            kind: PageKind::FieldGuide,
            topic: String::new(),
            title: String::new(),
            question: String::new(),
            angle: String::new(),
            answer: Vec::new(),
            word_count: 120,
            tags: Vec::new(),
            prompt_context: None,
            page: 1,
            site_name: String::new(),
            audience: None,
            tone: None,
            language: "en".into(),
            banned_phrases: Vec::new(),
            products: Vec::new(),
            field_size: 0,
            claims: Vec::new(),
            blocks: Blocks::default(),
            related: Vec::new(),
            as_of: jiff::civil::date(2026, 11, 20),
        }
    }

    fn check(names: &[&str], markdown: &str, expected: &[(&str, &[&str])]) {
        let draft = Draft::read(markdown, &empty_request());
        let mut index = names::NameIndex::default();
        for (id, name) in names.iter().enumerate() {
            index.insert(name, id);
        }
        let found: Vec<(String, Vec<String>)> = draft
            .blocks
            .iter()
            .flat_map(|block| {
                let analysis = Analysis::of(block, |text, words| {
                    names::mentions(text, words, &[&index], |_, id| id)
                });
                let one = |s: &Sentence| {
                    let ids = s
                        .markers
                        .iter()
                        .map(|&m| block.markers[m].id.clone())
                        .collect();
                    (analysis.text(s).to_owned(), ids)
                };
                analysis.sentences.iter().map(one).collect::<Vec<_>>()
            })
            .collect();
        let found: Vec<(&str, Vec<&str>)> = found
            .iter()
            .map(|(s, ids)| (s.as_str(), ids.iter().map(String::as_str).collect()))
            .collect();
        let expected: Vec<(&str, Vec<&str>)> =
            expected.iter().map(|(s, ids)| (*s, ids.to_vec())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn markers_belong_to_the_sentence_that_ends_before_them() {
        check(
            &[],
            "One 4.5 kg.[^c1][^c2] Two, e.g. three.[^c3] Four?",
            &[
                ("One 4.5 kg.", &["c1", "c2"]),
                ("Two, e.g. three.", &["c3"]),
                ("Four?", &[]),
            ],
        );
    }

    #[test]
    fn a_full_stop_in_a_name_ends_nothing() {
        check(
            &["Dr. Oro X. Two"],
            "The Dr. Oro X. Two wins.[^a] Buy it.",
            &[("The Dr. Oro X. Two wins.", &["a"]), ("Buy it.", &[])],
        );
    }

    #[test]
    fn an_escaped_marker_is_text() {
        check(
            &[],
            r"It says \[^c1\] here.",
            &[("It says [^c1] here.", &[])],
        );
    }
}
