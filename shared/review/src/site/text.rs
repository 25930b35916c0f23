//! What a page says: its claims stand on it, and every number is one of theirs.

use std::{cell::OnceCell, ops::Range, sync::LazyLock};

use memchr::memmem::{self, Finder};
use rust_decimal::Decimal;
use rustc_hash::FxHashSet;
use va_domain::content::Finding;

use super::{
    Site, SitePage,
    claims::Claim,
    visible::{Manner, Visible, marks, visible},
};
use crate::{
    code::Code,
    figures::{Figure, Style, figures, fraction_agrees},
    names::{NameIndex, mentions},
    proof::holds_number,
    words::{Token, decimals, fold, month, number, tokens},
};

pub(crate) fn check(site: &Site, page: &SitePage, findings: &mut Vec<Finding>) {
    let document = &page.document;
    let marks = marks(document);
    let main = page.first("main");
    let body = page
        .first("body")
        .map(|body| visible(document, &marks, body, main));
    if let Some(body) = &body {
        residue(site, page, &body.text, findings);
    }
    let (Some(main), Some(file)) = (main, &page.claims) else {
        return;
    };
    let seen = body
        .and_then(Visible::into_main)
        .unwrap_or_else(|| visible(document, &marks, main, None));
    if file.claims.is_empty() || file.question.trim().is_empty() {
        let slug = page.path.trim_start_matches("posts/");
        let data = format!("data/{}", slug.replace(".html", ".json"));
        findings.push(Code::ClaimsFile.at(&data, "An article needs a question and claims."));
    }
    let mut stated: Vec<Decimal> = Vec::new();
    let mut values: Vec<Range<usize>> = Vec::with_capacity(file.claims.len());
    for claim in &file.claims {
        let from = stated.len();
        state(claim, &mut stated);
        values.push(from..stated.len());
    }
    let mut covered: Vec<(usize, usize, &[Decimal])> = Vec::new();
    let mut searched: Option<&str> = None;
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (claim, values) in file.claims.iter().zip(&values) {
        // Claims that one sentence states follow each other.
        if searched != Some(&claim.text) {
            searched = Some(&claim.text);
            places = places_of(&fold(&claim.text), &seen.text);
        }
        let values = &stated[values.clone()];
        covered.extend(places.iter().map(|&(start, end)| (start, end, values)));
        if places.is_empty() {
            findings.push(Code::ClaimText.at(
                page.path,
                format!(
                    "Claim {} says \"{}\", which the page does not.",
                    &*claim.id, &*claim.text
                ),
            ));
        }
    }
    covered.sort_by_key(|(start, ..)| *start);
    let words = tokens(&seen.text);
    let page_number = site
        .pages
        .iter()
        .position(|p| p.path == page.path)
        .unwrap_or_default();
    let named = site.names.find(page_number, &seen.text, &words);
    let dates = dates(&seen.text, &words);
    let mut texts: Vec<&str> = file
        .claims
        .iter()
        .flat_map(|c| {
            [&c.value]
                .into_iter()
                .chain(c.filter.iter().map(|f| &f.value))
        })
        .map(|value| &**value)
        .filter(|v| number(v).is_none())
        .collect();
    texts.sort_unstable();
    texts.dedup();
    let words_of_claims = texts
        .into_iter()
        .filter(|v| holds_number(v))
        .flat_map(|v| memmem::find_iter(seen.text.as_bytes(), v).map(|at| (at, at + v.len())));
    let proven_whole: Spans = named
        .into_iter()
        .chain(dates)
        .chain(words_of_claims)
        .collect();
    let masked = |t: &Token| proven_whole.hold(t.start);
    for figure in figures(&seen.text, &words, masked, is_code) {
        let manner = seen.manner(figure.start);
        let small_ordinal = figure.style == Style::Ordinal
            && seen.text[figure.start..].starts_with(|c: char| c.is_alphabetic());
        if manner == Manner::Shared || small_ordinal {
            continue;
        }
        let proven = match manner {
            Manner::Label => says(&stated, &figure),
            _ => {
                let reach = covered.partition_point(|(start, ..)| *start <= figure.start);
                let mut begun = covered[..reach].iter().rev();
                begun.any(|(_, end, values)| figure.start < *end && says(values, &figure))
            }
        };
        if !proven {
            let around = context(&seen.text, figure.start, figure.end);
            findings.push(Code::NumberUnproven.at(
                page.path,
                format!("No claim proves the number in \"{around}\"."),
            ));
        }
    }
}

/// Where a sentence stands in a text.
fn places_of(sentence: &str, text: &str) -> Vec<(usize, usize)> {
    /// What is longer is analysed before it is searched for, at a greater cost than the search has.
    const SHORT: usize = 32;
    if sentence.is_empty() {
        return Vec::new();
    }
    let (sentence, text) = (sentence.as_bytes(), text.as_bytes());
    // Sentences that begin alike end in their own figures.
    let head = sentence.len().saturating_sub(SHORT);
    let tail = Finder::new(&sentence[head..]);
    let mut found = Vec::new();
    let mut from = head;
    while let Some(at) = text.get(from..).and_then(|rest| tail.find(rest)) {
        let (start, end) = (from + at - head, from + at - head + sentence.len());
        let is_whole = text[start..].starts_with(sentence);
        if is_whole {
            found.push((start, end));
        }
        from = if is_whole { end + head } else { from + at + 1 };
    }
    found
}

/// Stretches of a text, in order and apart. Offsets are bytes.
struct Spans(Vec<(usize, usize)>);

impl FromIterator<(usize, usize)> for Spans {
    fn from_iter<I: IntoIterator<Item = (usize, usize)>>(spans: I) -> Self {
        let mut spans: Vec<(usize, usize)> = spans.into_iter().collect();
        spans.sort_unstable();
        spans.dedup_by(|next, before| {
            let joined = next.0 <= before.1;
            if joined {
                before.1 = before.1.max(next.1);
            }
            joined
        });
        Self(spans)
    }
}

impl Spans {
    fn hold(&self, at: usize) -> bool {
        let begun = self.0.partition_point(|(start, _)| *start <= at);
        begun > 0 && at < self.0[begun - 1].1
    }
}

/// Codes like `H2O` and units like `m²` are words; a number is what stands by itself.
fn is_code(word: &str) -> bool {
    word.chars()
        .all(|c| c.is_ascii() || c.is_alphabetic() || matches!(c, '²' | '³' | '₂' | '₃'))
}

/// Adds the numbers that a claim states.
fn state(claim: &Claim, stated: &mut Vec<Decimal>) {
    stated.extend(decimals(&claim.value));
    stated.extend(claim.filter.iter().flat_map(|f| decimals(&f.value)));
}

fn says(values: &[Decimal], figure: &Figure) -> bool {
    values.iter().any(|&value| match figure.style {
        Style::Fraction => fraction_agrees(figure.value, value) || figure.value == value,
        Style::Odd => false,
        _ => figure.value == value,
    })
}

fn context(text: &str, start: usize, end: usize) -> &str {
    let from = text[..start]
        .char_indices()
        .rev()
        .nth(30)
        .map_or(0, |(at, _)| at);
    let to = text[end..]
        .char_indices()
        .nth(30)
        .map_or(text.len(), |(at, _)| end + at);
    &text[from..to]
}

/// What a site calls by name: a number in a name is part of it.
#[derive(Default)]
pub(crate) struct Names {
    /// Products, sources, and columns of more than one word.
    things: NameIndex,
    /// Headings of pages, by the page's number.
    titles: NameIndex,
    /// What claims state in words, where it has more than one letter; few sites need it.
    values: OnceCell<NameIndex>,
}

impl Names {
    pub(crate) fn of(pages: &[SitePage]) -> Self {
        let mut names = Self::default();
        let mut known = FxHashSet::default();
        for (number, page) in pages.iter().enumerate() {
            if let Some(heading) = page.first("h1") {
                names.titles.insert(&page.document.text_of(heading), number);
            }
            let Some(file) = &page.claims else { continue };
            file.claims
                .iter()
                .flat_map(|c| &c.rows)
                .filter(|name| known.insert(&***name))
                .for_each(|name| names.things.insert(name, 0));
            let columns = file.claims.iter().flat_map(|c| c.column.split('~'));
            columns
                .filter(|column| column.contains('_') && known.insert(column))
                .for_each(|column| names.things.insert(&column.replace('_', " "), 0));
            file.sources
                .iter()
                .for_each(|source| names.things.insert(&source.label, 0));
        }
        names
    }

    /// Where a text repeats names, headings or what the catalogue states: no template left that behind.
    fn said(&self, pages: &[SitePage], text: &str) -> Vec<(usize, usize)> {
        let values = self.values.get_or_init(|| {
            let mut values = NameIndex::default();
            let files = pages.iter().filter_map(|page| page.claims.as_ref());
            files
                .flat_map(|file| &file.claims)
                .flat_map(|c| {
                    [&c.value]
                        .into_iter()
                        .chain(c.filter.iter().map(|f| &f.value))
                })
                .filter(|value| value.chars().any(char::is_alphabetic) && value.len() > 1)
                .for_each(|value| values.insert(value, 0));
            values
        });
        let found = mentions(
            text,
            &tokens(text),
            &[&self.things, &self.titles, values],
            |_, id| id,
        );
        found.iter().map(|m| (m.start, m.end)).collect()
    }

    /// Where names stand in the text of a page, its own heading left out.
    fn find(&self, page: usize, text: &str, words: &[Token]) -> Vec<(usize, usize)> {
        let things = mentions(text, words, &[&self.things], |_, id| id);
        let titles = mentions(text, words, &[&self.titles], |_, id| id);
        let others = titles.iter().filter(|m| m.id.is_some_and(|id| id != page));
        things
            .iter()
            .filter(|m| m.id.is_some())
            .chain(others)
            .map(|m| (m.start, m.end))
            .collect()
    }
}

fn dates(text: &str, words: &[Token]) -> Vec<(usize, usize)> {
    let written = words.windows(3).filter(|w| {
        w[0].digit
            && w[2].digit
            && month(w[1].of(text)).is_some()
            && w[0].of(text).parse::<u8>().is_ok()
            && w[2].of(text).len() == 4
            && w[2].of(text).parse::<u16>().is_ok()
    });
    let iso = words.windows(5).filter(|w| {
        w[4].end - w[0].start == "2026-11-03".len()
            && text[w[0].start..w[4].end]
                .parse::<jiff::civil::Date>()
                .is_ok()
    });
    written
        .map(|w| (w[0].start, w[2].end))
        .chain(iso.map(|w| (w[0].start, w[4].end)))
        .collect()
}

/// What a template leaves behind.
static RESIDUE: LazyLock<[Finder<'static>; 10]> = LazyLock::new(|| {
    [
        "{{",
        "}}",
        "{%",
        "[^",
        "](",
        "NaN",
        "undefined",
        "[object",
        "Lorem ipsum",
        "TODO",
    ]
    .map(Finder::new)
});

fn residue(site: &Site, page: &SitePage, text: &str, findings: &mut Vec<Finding>) {
    let mut said = None;
    for mark in &*RESIDUE {
        let unsaid = |at: usize, said: &[(usize, usize)]| {
            !said.iter().any(|(start, end)| *start <= at && at < *end)
        };
        // Names are looked for only on a page that has such a mark.
        let found = mark.find_iter(text.as_bytes()).find(|at| {
            unsaid(
                *at,
                said.get_or_insert_with(|| site.names.said(&site.pages, text)),
            )
        });
        if let Some(at) = found {
            let around = context(text, at, at + mark.needle().len());
            findings.push(Code::TemplateResidue.at(
                page.path,
                format!("\"{around}\" is what a template leaves behind."),
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_found_whole_however_long_it_is() {
        let long = "The Oro weighs less than what carries it: 4.5 kg.";
        let text = format!("It weighs less than what carries it: 4.5 kg. {long} {long}");
        let first = text.find(long).unwrap();
        let second = text.rfind(long).unwrap();
        let expected = [first, second].map(|at| (at, at + long.len()));
        assert_eq!(places_of(long, &text), expected);
        assert_eq!(places_of("aa", "aaaaa"), [(0, 2), (2, 4)]);
        assert_eq!(places_of("", "aaaaa"), []);
        assert_eq!(places_of(long, "4.5 kg."), []);
    }
}
