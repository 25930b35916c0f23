//! What no page says, whatever its claims: praise, experience, offers, instructions, residue.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};
use va_domain::content::Finding;

use crate::{
    code::Code,
    draft::{Draft, Role},
    field::{COPY_WINDOW, COPY_WORDS, word_hashes},
    names::is_little,
    page::Page,
    phrases::phrase,
    sentences::{Analysis, Sentence},
    words::{chain, fold, is_hidden, lower, whole_words, word_hash},
};

/// Characters that are not seen, and words that mix scripts, anywhere in the draft.
pub(crate) fn hidden(draft: &str, page: &Page, findings: &mut Vec<Finding>) {
    // Most drafts are lines of plain ASCII, which is seen without an early end, many bytes at once.
    let plain = |b: u8| (b == b'\n') | (b' '..=b'~').contains(&b);
    if draft.bytes().fold(true, |all, b| all & plain(b)) {
        return;
    }
    for (number, line) in draft.lines().enumerate() {
        if line.is_ascii() && !line.bytes().any(|b| b.is_ascii_control()) {
            continue;
        }
        if let Some(c) = line.chars().find(|&c| is_hidden(c) || c.is_control()) {
            let why = format!("The line holds the unseen character U+{:04X}.", c as u32);
            findings.push(Code::HiddenCharacters.line(number + 1, why));
        }
        for word in line
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_ascii())
        {
            let latin = word.chars().any(|c| c.is_ascii_alphabetic());
            let alike = word
                .chars()
                .any(|c| matches!(c as u32, 0x370..=0x3FF | 0x400..=0x52F | 0xFF21..=0xFF5A));
            if alike
                && (latin || word.chars().all(|c| matches!(c as u32, 0xFF21..=0xFF5A)))
                && !page.knows(word)
                && !page.names_with(word)
            {
                findings.push(
                    Code::HiddenCharacters
                        .line(number + 1, format!("{word} mixes letters of two scripts.")),
                );
            }
        }
    }
}

/// Unseen characters that only the rendered text has, because the source spells them as references.
pub(crate) fn unseen(draft: &Draft, findings: &mut Vec<Finding>) {
    for block in draft.blocks.iter().filter(|b| !b.text.is_ascii()) {
        if let Some(c) = block.text.chars().find(|&c| is_hidden(c)) {
            let why = format!("The text holds the unseen character U+{:04X}.", c as u32);
            findings.push(Code::HiddenCharacters.line(block.line, why));
        }
    }
}

/// The phrases that reject, in one block.
pub(crate) fn phrases(page: &Page, analysis: &Analysis, findings: &mut Vec<Finding>) {
    let text = &analysis.block.text;
    let open = analysis.words();
    // What stands in a name is no word of a phrase.
    let word = |n: usize| -> Cow<str> {
        let unnamed = open.get(n).filter(|t| !analysis.is_named(t.start));
        unnamed.map_or_else(Cow::default, |t| lower(t.of(text)))
    };
    let mut at = 0;
    while at < open.len() {
        let second = open.get(at + 1).map(|t| t.hash);
        let Some((code, length)) = phrase(open[at].hash, second, |n| word(at + n)) else {
            at += 1;
            continue;
        };
        let found = (at..at + length).map(word).collect::<Vec<_>>().join(" ");
        if !of_the_table(page, &found) {
            let line = analysis.block.line_at(open[at].start);
            findings.push(code.line(
                line,
                format!("\"{found}\" has no place on a page made of facts."),
            ));
        }
        at += length;
    }
    if !page.request.banned_phrases.is_empty() {
        let line = fold(text).to_lowercase();
        for banned in &page.request.banned_phrases {
            let phrase = fold(banned).to_lowercase();
            if !phrase.is_empty() && whole_words(&line, &phrase) {
                findings.push(Code::BannedPhrase.line(
                    analysis.block.line,
                    format!("\"{banned}\" is banned by the board."),
                ));
            }
        }
    }
    let stars = ['★', '☆', '⭐', '✮', '🏆'];
    if !text.is_ascii()
        && let Some(at) = text.find(stars)
    {
        let line = analysis.block.line_at(at);
        findings.push(Code::Experience.line(line, "The text shows a rating or an award."));
    }
    contacts(text, analysis, findings);
}

/// Whether a phrase is the label of a column, or a category that the request's claims state: a "rating of 4.5" is
/// somebody's opinion, unless the table has a column of ratings.
fn of_the_table(page: &Page, found: &str) -> bool {
    let stem = found.rsplit_once(' ').filter(|(_, last)| is_little(last));
    let found = stem.map_or(found, |(stem, _)| stem);
    let within = |text: &str| whole_words(&text.to_lowercase(), found);
    page.field
        .catalogue
        .columns
        .iter()
        .any(|c| within(&c.label))
        || page
            .facts
            .iter()
            .any(|f| f.texts.iter().any(|text| within(text)))
        || page.request.related.iter().any(|r| within(&r.title))
}

fn contacts(text: &str, analysis: &Analysis, findings: &mut Vec<Finding>) {
    let mut report = |at: usize, what: &str| {
        findings.push(Code::ContactDetails.line(
            analysis.block.line_at(at),
            format!("The text holds {what}."),
        ));
    };
    if let Some(at) = text.find('@').filter(|&at| {
        text[..at].ends_with(|c: char| c.is_alphanumeric())
            && text[at + 1..].starts_with(|c: char| c.is_alphanumeric())
    }) {
        report(at, "an e-mail address");
    }
    for at in addresses(text, analysis) {
        report(at, "a bare web address");
    }
    if let Some(at) = telephone(text, |at| analysis.is_named(at)) {
        report(at, "what looks like a telephone number");
    }
}

/// Where web addresses stand that are no links.
fn addresses(text: &str, analysis: &Analysis) -> Vec<usize> {
    const STARTS: [&str; 5] = ["http://", "https://", "www.", "mailto:", "javascript:"];
    const ENDINGS: [&str; 12] = [
        ".com", ".org", ".net", ".shop", ".store", ".io", ".co", ".de", ".eu", ".info", ".biz",
        ".example",
    ];
    let bytes = text.as_bytes();
    // Each has a colon, or a point that follows a `w` or precedes a letter: most texts have neither.
    let possible = memchr::memchr2_iter(b'.', b':', bytes).any(|at| {
        bytes[at] == b':'
            || bytes[..at].ends_with(b"w")
            || bytes[..at].ends_with(b"W")
            || bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic)
    });
    if !possible {
        return Vec::new();
    }
    let lower = text.to_ascii_lowercase();
    let links = &analysis.block.links;
    let linked = |at: usize| links.iter().any(|l| l.start <= at && at < l.end);
    let starts = STARTS.iter().filter_map(|start| lower.find(start));
    let mut found: Vec<usize> = starts.filter(|&at| !linked(at)).collect();
    let domain = ENDINGS.iter().find_map(|ending| {
        let at = lower.find(ending)?;
        let named = lower[..at].ends_with(|c: char| c.is_alphanumeric());
        let ends = !lower[at + ending.len()..].starts_with(|c: char| c.is_alphanumeric());
        (named && ends && !linked(at) && !analysis.is_named(at)).then_some(at)
    });
    found.extend(domain);
    found
}

/// Where a telephone number ends: seven digits or more in groups, or after a `+`. One long figure alone is a
/// figure like others, and needs a claim as they do; digits of a product's name are no part of one.
fn telephone(text: &str, named: impl Fn(usize) -> bool) -> Option<usize> {
    if text.bytes().filter(u8::is_ascii_digit).count() < 7 {
        return None;
    }
    let (mut digits, mut groups, mut last) = (0, 0, ' ');
    let mut before_group = (0, 0);
    for (at, c) in text.char_indices().chain([(text.len(), '.')]) {
        match c {
            '0'..='9' if !named(at) => {
                if !last.is_ascii_digit() {
                    before_group = (digits, groups);
                    groups += 1;
                }
                digits += 1;
            }
            '+' if digits == 0 => groups = 1,
            ' ' | '-' | '/' | '(' | ')' if digits > 0 || groups > 0 => {}
            _ => {
                // What is joined to a word is a place or an amount: `0.000059449 (7th from the lowest)`.
                if c.is_alphabetic() && last.is_ascii_digit() {
                    (digits, groups) = before_group;
                }
                if digits >= 7 && groups >= 2 {
                    return Some(at - 1);
                }
                (digits, groups) = (0, 0);
            }
        }
        last = c;
    }
    None
}

/// The same sentence twice, over the whole draft.
pub(crate) fn repeated(analyses: &[Analysis], findings: &mut Vec<Finding>) {
    let mut seen: FxHashSet<u64> = FxHashSet::default();
    for analysis in analyses.iter().filter(|a| a.block.role == Role::Prose) {
        for sentence in &analysis.sentences {
            let words = analysis.tokens_of(sentence).iter().filter(|t| t.word);
            let words = words.map(|t| t.hash);
            if words.clone().nth(2).is_some() && !seen.insert(words.fold(0, chain)) {
                findings.push(
                    Code::SentenceRepeated
                        .line(sentence.line, "This sentence stands on the page already."),
                );
            }
        }
    }
}

/// Long copies of the catalogue's texts, over prose and headings.
pub(crate) fn copied(page: &Page, analyses: &[Analysis], findings: &mut Vec<Finding>) {
    let index = page.field.copies();
    if index.is_empty() {
        return;
    }
    let mut cells: FxHashMap<(usize, usize), Vec<u64>> = FxHashMap::default();
    for analysis in analyses
        .iter()
        .filter(|a| matches!(a.block.role, Role::Prose | Role::Heading))
    {
        let words = analysis.tokens.iter().filter(|t| t.word);
        let words: Vec<u64> = words.map(|t| t.hash).collect();
        let hit = words
            .windows(COPY_WINDOW)
            .enumerate()
            .find_map(|(at, window)| {
                let places = index.get(&window.iter().copied().fold(0, chain))?;
                let copy = places.iter().find(|&&(row, column)| {
                    let cell = cells.entry((row, column)).or_insert_with(|| {
                        word_hashes(&page.field.catalogue.rows[row].cells[column].raw)
                    });
                    let from = at.saturating_sub(COPY_WORDS - COPY_WINDOW);
                    words[from..]
                        .windows(COPY_WORDS)
                        .take(COPY_WORDS - COPY_WINDOW + 1)
                        .any(|run| cell.windows(COPY_WORDS).any(|w| w == run))
                })?;
                Some(*copy)
            });
        if let Some((row, column)) = hit {
            let catalogue = page.field.catalogue;
            let why = format!(
                "The text repeats {} words or more of what {} says of {}.",
                COPY_WORDS, catalogue.columns[column].label, catalogue.rows[row].name
            );
            findings.push(Code::CopiedText.line(analysis.block.line, why));
        }
    }
}

/// Whether a block names anything that the page is about.
pub(crate) fn on_topic<'t>(analysis: &Analysis, topic: impl Fn() -> &'t FxHashSet<u64>) -> bool {
    let text = &analysis.block.text;
    let stem = |word: &str| word.strip_suffix('s').map(word_hash);
    // `Both cost EUR 1049.`: a figure that is cited is of the page, or it is found as unproven.
    let figure = |s: &Sentence| text[s.start..s.end].contains(|c: char| c.is_ascii_digit());
    let cited = |s: &Sentence| !s.markers.is_empty() && figure(s);
    !analysis.mentions.is_empty()
        || analysis.sentences.iter().any(cited)
        || analysis.tokens.iter().filter(|t| t.word).any(|t| {
            let word = lower(t.of(text));
            let topic = topic();
            topic.contains(&word_hash(&word)) || stem(&word).is_some_and(|s| topic.contains(&s))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_telephone_number_has_groups_or_a_plus() {
        for number in [
            "+49 30 1234567",
            "(030) 123 45 67",
            "0800/123-4567",
            "+4930123456",
            "555 0199 22",
        ] {
            assert!(
                telephone(&format!("Ring {number} now."), |_| false).is_some(),
                "{number}"
            );
        }
    }

    #[test]
    fn a_long_figure_is_no_telephone_number() {
        for figure in [
            "EUR 480000000000 more",
            "0.000012345 kg",
            "12345678 of 20",
            "ranks 3 of 5,000 (12 - 9)",
            "USD 0.000059449 (7th from the lowest)",
        ] {
            assert_eq!(telephone(figure, |_| false), None, "{figure}");
        }
        assert_eq!(
            telephone("the Alder 20 4500 and the Birch 30 4600", |_| true),
            None
        );
    }
}
