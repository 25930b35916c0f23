//! The order of a page: answer, evidence, conclusion, limits.

use super::{headings::Theme, wording::Sentence};

/// The most sentences of a paragraph.
const PARAGRAPH: usize = 4;

/// What a page says, part by part.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// The answer.
    pub lead: Vec<Sentence>,
    /// The evidence, in the order of the argument.
    pub body: Vec<(Theme, Vec<Vec<Sentence>>)>,
    /// What the reader is told to do.
    pub verdict: Vec<Sentence>,
    /// What is not known.
    pub limits: Vec<Sentence>,
}

impl Outline {
    /// Adds a paragraph of evidence.
    pub(super) fn push(&mut self, theme: Theme, sentences: Vec<Sentence>) {
        if sentences.is_empty() {
            return;
        }
        match self.body.iter_mut().find(|(t, _)| *t == theme) {
            Some((_, paragraphs)) => paragraphs.push(sentences),
            None => self.body.push((theme, vec![sentences])),
        }
    }
}

/// Sentences in paragraphs; a sentence that goes on with "it" stays where its noun is.
pub(super) fn paragraphs(sentences: Vec<Sentence>) -> Vec<Vec<Sentence>> {
    let mut found: Vec<Vec<Sentence>> = Vec::new();
    for sentence in sentences {
        let leans = ["It ", "Its ", "That ", "Most of it"]
            .iter()
            .any(|start| sentence.text.starts_with(start));
        match found.last_mut() {
            Some(open) if open.len() < PARAGRAPH || leans => open.push(sentence),
            _ => found.push(vec![sentence]),
        }
    }
    found
}
