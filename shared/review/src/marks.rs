//! The rubric, by rules: marks that an honest plain page reaches and a page of padding does not.

use rustc_hash::FxHashSet;
use va_domain::content::{ContentRequest, Finding, Rubric};

use crate::{
    code::Code,
    draft::{Draft, Role},
    lexicon::is_function_word,
    sentences::Analysis,
    slots::skeleton,
    words::lower,
};

/// Marks a draft of so many words, in tenths from 0 to 50.
pub(crate) fn rubric(
    draft: &Draft,
    words: usize,
    request: &ContentRequest,
    prose: &[&Analysis],
    cited: usize,
    findings: &[Finding],
) -> Rubric {
    let count = |codes: &[Code]| {
        findings
            .iter()
            .filter(|f| codes.iter().any(|c| c.name() == f.code))
            .count() as u32
    };
    let intent = 20 * count(&[Code::AnswerLate]).min(1)
        + 10 * count(&[Code::OffTopic])
        + if cited == 0 { 30 } else { 0 };
    let brand =
        15 * count(&[
            Code::Experience,
            Code::Availability,
            Code::Hype,
            Code::Injection,
            Code::BannedPhrase,
            Code::ContactDetails,
        ]) + 20 * count(&[Code::DisclosureMissing, Code::BylineMissing]);
    Rubric {
        readability: readability(prose),
        intent_match: (50_u32.saturating_sub(intent)).min(topic(request, prose)),
        uniqueness: uniqueness(prose),
        seo_score: seo(draft, words, request),
        brand_fit: 50_u32.saturating_sub(brand),
    }
}

/// Flesch's reading ease with each product's name as one short word, 50 to 80; and sentences of 8 to 22
/// words in the mean. A point less for each two points and each third of a word outside.
fn readability(prose: &[&Analysis]) -> u32 {
    let (mut words, mut syllables, mut sentences) = (0_usize, 0_usize, 0_usize);
    for analysis in prose {
        let text = &analysis.block.text;
        sentences += analysis.sentences.len();
        for token in analysis.tokens.iter().filter(|t| t.word) {
            match analysis.name_at(token.start) {
                Some(mention) if mention.start != token.start => {}
                Some(_) => {
                    words += 1;
                    syllables += 1;
                }
                None => {
                    words += 1;
                    syllables += syllable_count(token.of(text));
                }
            }
        }
    }
    if words == 0 || sentences == 0 {
        return 0;
    }
    let length = words as f64 / sentences as f64;
    let ease = 206.835 - 1.015 * length - 84.6 * syllables as f64 / words as f64;
    let outside = |value: f64, low: f64, high: f64| (low - value).max(value - high).max(0.0);
    let lost = outside(ease, 50.0, 80.0) / 2.0 + outside(length, 8.0, 22.0) * 3.0;
    50_u32.saturating_sub(lost as u32)
}

/// Groups of vowels, a silent `e` at the end left out; a number is one.
fn syllable_count(word: &str) -> usize {
    let mut groups = 0;
    let mut before = false;
    let lower = lower(word);
    for c in lower.chars() {
        let vowel = matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
        groups += usize::from(vowel && !before);
        before = vowel;
    }
    let silent = groups > 1
        && (lower.ends_with('e') && !lower.ends_with("le")
            || (lower.ends_with("es") || lower.ends_with("ed"))
                && !lower.ends_with("ted")
                && !lower.ends_with("ses"));
    (groups - usize::from(silent)).max(1)
}

/// How much of the question's words the prose takes up.
fn topic(request: &ContentRequest, prose: &[&Analysis]) -> u32 {
    let counts = |word: &str| word.len() > 2 && !is_function_word(word);
    let question = request.question.to_lowercase();
    let asked: FxHashSet<&str> = words(&question).filter(|w| counts(w)).map(stem).collect();
    if asked.is_empty() {
        return 50;
    }
    let mut open = asked.clone();
    for analysis in prose {
        if open.is_empty() {
            break;
        }
        let text = analysis.block.text.to_lowercase();
        for word in words(&text) {
            if open.contains(stem(word)) && counts(word) {
                open.remove(stem(word));
            }
        }
    }
    let covered = asked.len() - open.len();
    // A third of the question's words is what an answer in other words still shares with it.
    (30 + 60 * covered / asked.len()).min(50) as u32
}

fn stem(word: &str) -> &str {
    word.strip_suffix('s').unwrap_or(word)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
}

/// Different skeletons among the sentences: 0.7 and more is full marks.
fn uniqueness(prose: &[&Analysis]) -> u32 {
    let mut seen = FxHashSet::default();
    let mut all = 0;
    for analysis in prose {
        for sentence in &analysis.sentences {
            all += 1;
            seen.insert(skeleton(analysis, sentence.start, sentence.end));
        }
    }
    if all == 0 {
        0
    } else {
        (seen.len() * 50 * 10 / (all * 7)).min(50) as u32
    }
}

fn seo(draft: &Draft, words: usize, request: &ContentRequest) -> u32 {
    let letters = request.title.chars().count();
    let title = if (10..=80).contains(&letters) { 15 } else { 8 };
    let headings =
        if draft.of(Role::Heading).next().is_some() || draft.of(Role::Caption).next().is_some() {
            10
        } else {
            4
        };
    let table = if draft.tables.is_empty() && !request.blocks.table.rows.is_empty() {
        0
    } else {
        10
    };
    let words = words as u64;
    let wanted = u64::from(request.word_count);
    let length = if words * 10 >= wanted * 8 && words * 10 <= wanted * 12 {
        15
    } else {
        5
    };
    title + headings + table + length
}
