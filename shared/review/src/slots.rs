//! Skeletons: sentences with names, numbers, units and categories replaced by slots.

use va_domain::content::ContentRequest;

use crate::{
    lexicon::is_unit_word,
    names::{Mention, NameIndex, mentions},
    sentences::Analysis,
    words::{Token, chain},
};

const NAME: u64 = 0x006e_616d_6500;
const NUMBER: u64 = 0x006e_756d_6265;

/// What a request's pages call by name, for slots.
pub(crate) fn name_index(request: &ContentRequest) -> NameIndex {
    let mut index = NameIndex::default();
    let claimed = request.claims.iter().flat_map(|claim| claim.rows.iter());
    for name in claimed.chain(request.products.iter().flat_map(|p| [&p.name, &p.short])) {
        index.insert(name, 0);
    }
    index
}

/// Finds the names of an index alone.
pub(crate) fn finder(names: &NameIndex) -> impl Fn(&str, &[Token]) -> Vec<Mention> + Copy {
    move |text, words| mentions(text, words, &[names], |_, id| id)
}

/// The words of a range of a text, names and numbers as slots, units left out.
pub(crate) fn slotted(analysis: &Analysis, start: usize, end: usize) -> impl Iterator<Item = u64> {
    let text = &analysis.block.text;
    let tokens = analysis.tokens_within(start, end).iter();
    let mut mentions = analysis.mentions_within(start, end).iter().peekable();
    let mut named_to = 0;
    tokens.filter(|t| t.word).filter_map(move |token| {
        if token.start < named_to {
            return None;
        }
        while mentions.next_if(|m| m.start < token.start).is_some() {}
        if let Some(mention) = mentions.next_if(|m| m.start == token.start) {
            named_to = mention.end;
            return Some(NAME);
        }
        if text.as_bytes()[token.start].is_ascii_digit() {
            return Some(NUMBER);
        }
        (!is_unit_word(token, text)).then_some(token.hash)
    })
}

/// One number for a sentence's skeleton.
pub(crate) fn skeleton(analysis: &Analysis, start: usize, end: usize) -> u64 {
    slotted(analysis, start, end).fold(0, chain)
}
