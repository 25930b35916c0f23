//! One sentence against the claims that it cites.

use rust_decimal::Decimal;
use va_domain::content::{Claim, ClaimOp, Finding};

use crate::{
    code::Code,
    figures::{Figure, Style, figures, fraction_agrees},
    lexicon::{is_unit, same_unit},
    page::{Allowed, Fact, Page},
    sentences::{Analysis, Sentence},
    words::{Token, decimal, month, tokens as words_of, written_date},
};

/// What a sentence turned out to hold, for the checks that follow.
pub(crate) struct Stated<'p> {
    pub facts: Vec<&'p Fact<'p>>,
    /// Each figure with the claims that prove it.
    pub proven: Vec<(Figure, Vec<&'p Claim>)>,
    /// Whether it holds a figure at all.
    pub figures: bool,
    /// Spans that are proven as a whole: names, dates, values in words, titles of pages.
    pub masks: Vec<(usize, usize)>,
}

impl Stated<'_> {
    pub(crate) fn masks(&self, token: &Token) -> bool {
        self.masks
            .iter()
            .any(|(start, end)| *start <= token.start && token.start < *end)
    }
}

/// Proves every number of a sentence, a heading or a method item. In `free` text (no markers there) any
/// claim of the request proves.
pub(crate) fn prove<'p>(
    page: &'p Page<'p>,
    analysis: &Analysis,
    sentence: &Sentence,
    free: bool,
    findings: &mut Vec<Finding>,
) -> Stated<'p> {
    let text = &analysis.block.text;
    let tokens = analysis.tokens_of(sentence);
    let mut facts: Vec<&Fact> = Vec::new();
    for &marker in &sentence.markers {
        let id = &analysis.block.markers[marker].id;
        match page.claim(id) {
            Some(claim) => facts.push(&page.facts[claim]),
            None => findings.push(Code::MarkerUnknown.line(
                sentence.line,
                format!("[^{id}] names no claim of the request."),
            )),
        }
    }
    if free {
        facts = page.facts.iter().collect();
    }
    let mut masks: Vec<(usize, usize)> = analysis
        .mentions_of(sentence)
        .iter()
        .map(|m| (m.start, m.end))
        .collect();
    masks.extend(
        analysis
            .block
            .links
            .iter()
            .map(|link| (link.start, link.end)),
    );
    let mut lower = String::new();
    let labels = page.field.numeric_labels();
    for words in facts.iter().flat_map(|fact| &fact.numeric).chain(labels) {
        if lower.is_empty() {
            lower = text[sentence.start..sentence.end].to_ascii_lowercase();
        }
        masks.extend(lower.match_indices(words).map(|(at, found)| {
            let start = sentence.start + at;
            (start, start + found.len())
        }));
    }
    dates(page, text, tokens, sentence.line, &mut masks, findings);
    let mut stated = Stated {
        facts,
        proven: Vec::new(),
        figures: false,
        masks,
    };
    let listed = |word: &str| page.knows(word);
    for figure in figures(text, tokens, |t| stated.masks(t), listed) {
        stated.figures = true;
        let written = &text[figure.start..figure.end];
        if figure.style == Style::Odd {
            let (code, advice) = if written.is_ascii() {
                (
                    Code::NumberUnproven,
                    "is no plain decimal: write 1899 or 4.5, with its unit after a blank",
                )
            } else {
                (Code::NumberScript, "is not written in plain digits")
            };
            findings.push(code.line(sentence.line, format!("{written} {advice}.")));
            continue;
        }
        match judge(page, text, tokens, &figure, &stated.facts) {
            Ok(claims) => stated.proven.push((figure, claims)),
            Err((code, why)) => findings.push(code.line(sentence.line, why)),
        }
    }
    stated
}

/// Whether a text holds a number, in digits or in words: a sensor may be called "four thirds".
pub(crate) fn holds_number(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
        || !figures(text, &words_of(text), |_| false, |_| false).is_empty()
}

/// Masks dates, and reports those that nothing states. What is masked already is part of a name or of a text
/// that the catalogue states.
fn dates(
    page: &Page,
    text: &str,
    tokens: &[Token],
    line: usize,
    masks: &mut Vec<(usize, usize)>,
    findings: &mut Vec<Finding>,
) {
    let before = masks.clone();
    let named = |window: &[Token]| {
        before
            .iter()
            .any(|(start, end)| *start <= window[0].start && window[window.len() - 1].end <= *end)
    };
    let open = |window: &&[Token]| window[0].digit && !named(window);
    for window in tokens.windows(3).filter(open) {
        let (day, name, year) = (window[0].of(text), window[1].of(text), window[2].of(text));
        let Some(month) = month(name) else { continue };
        let (Ok(day), Ok(year)) = (day.parse::<i8>(), year.parse::<i16>()) else {
            continue;
        };
        mask_date(
            page,
            jiff::civil::Date::new(year, month, day).ok(),
            (window[0], window[2]),
            text,
            line,
            masks,
            findings,
        );
    }
    for window in tokens.windows(5).filter(open) {
        let all = &text[window[0].start..window[4].end];
        // `19-2.0 - a` in a name is no date: year, month and day are digits.
        let digits = |t: &Token| t.of(text).bytes().all(|b| b.is_ascii_digit());
        let parts = [&window[0], &window[2], &window[4]];
        let dashed = window[1].of(text) == "-" && window[3].of(text) == "-";
        if all.len() == 10 && dashed && parts.into_iter().all(digits) {
            mask_date(
                page,
                all.parse().ok(),
                (window[0], window[4]),
                text,
                line,
                masks,
                findings,
            );
        }
    }
}

fn mask_date(
    page: &Page,
    date: Option<jiff::civil::Date>,
    (first, last): (Token, Token),
    text: &str,
    line: usize,
    masks: &mut Vec<(usize, usize)>,
    findings: &mut Vec<Finding>,
) {
    masks.push((first.start, last.end));
    if !date.is_some_and(|date| page.dates.contains(&date)) {
        let why = format!(
            "No source and no claim states the date {}; the facts are of {}.",
            &text[first.start..last.end],
            written_date(page.request.as_of)
        );
        findings.push(Code::DateUnproven.line(line, why));
    }
}

fn judge<'p>(
    page: &Page,
    text: &str,
    tokens: &[Token],
    figure: &Figure,
    facts: &[&'p Fact<'p>],
) -> Result<Vec<&'p Claim>, (Code, String)> {
    let written = &text[figure.start..figure.end];
    let mut unit_problem = None;
    let mut proofs = Vec::new();
    for fact in facts {
        for allowed in &fact.allowed {
            if !says(figure, allowed, fact.claim.op) {
                continue;
            }
            match unit(page, text, tokens, figure, allowed, fact.claim) {
                Ok(()) => proofs.push(fact.claim),
                Err(problem) => unit_problem = Some(problem),
            }
        }
    }
    if !proofs.is_empty() {
        return Ok(proofs);
    }
    if let Some(problem) = unit_problem {
        return Err((Code::UnitChanged, format!("{written}: {problem}.")));
    }
    let elsewhere = page
        .facts
        .iter()
        .find(|f| f.allowed.iter().any(|a| says(figure, a, f.claim.op)));
    Err((
        Code::NumberUnproven,
        match elsewhere {
            Some(fact) => format!(
                "No claim of this sentence says {written}; claim {} does, but it is not cited here.",
                fact.claim.id
            ),
            None => format!("No claim says {written}."),
        },
    ))
}

fn says(figure: &Figure, allowed: &Allowed, op: ClaimOp) -> bool {
    if figure.style == Style::Fraction {
        return !allowed.bound
            && matches!(op, ClaimOp::Ratio | ClaimOp::Share)
            && fraction_agrees(figure.value, allowed.value)
            || figure.value == allowed.value && op == ClaimOp::Value;
    }
    // What is a fraction by its form, `third`, may also be a place.
    let value = if figure.negative {
        -figure.value
    } else {
        figure.value
    };
    if value == allowed.value {
        return true;
    }
    let signless = matches!(op, ClaimOp::Diff | ClaimOp::Correlation) && !allowed.bound;
    signless
        && figure.value == allowed.value.abs()
        && (!figure.negative || allowed.value < Decimal::ZERO)
}

/// Whether the figure carries the unit that was allowed.
fn unit(
    page: &Page,
    text: &str,
    tokens: &[Token],
    figure: &Figure,
    allowed: &Allowed,
    claim: &Claim,
) -> Result<(), String> {
    if matches!(figure.style, Style::Ordinal | Style::Fraction) {
        return Ok(());
    }
    let after = text[figure.end..].trim_start();
    // A sign stands between a currency and its figure: `EUR -5`.
    let signs: &[char] = if figure.negative {
        &['-', '−', '–']
    } else {
        &[]
    };
    let before = text[..figure.start].trim_end_matches(signs).trim_end();
    let next = unit_word(after);
    let previous = currency(before);
    let Some(wanted) = allowed.unit else {
        if matches!(claim.op, ClaimOp::Ratio) || (next.is_none() && previous.is_none()) {
            return Ok(());
        }
        // `16 hours` of a column called Hours counts what the column does.
        let label = page.field.column_index(&claim.column);
        let label = label.map_or("", |c| page.field.catalogue.columns[c].label.as_str());
        let carried = next.or(previous).filter(|word| {
            let lower = word.to_lowercase();
            let counted = label
                .split(|c: char| !c.is_alphabetic())
                .any(|part| part.to_lowercase() == lower);
            *word == "%" || !counted && (is_unit(&lower) || page.units.contains(&lower))
        });
        return carried.map_or(Ok(()), |word| {
            Err(format!("its claim has no unit, not {word}"))
        });
    };
    if carries(after, before, wanted) {
        return Ok(());
    }
    let foreign = |word: &str| {
        let lower = word.to_lowercase();
        word == "%" || is_unit(&lower) || page.units.contains(&lower)
    };
    if let Some(word) = next
        .filter(|w| foreign(w))
        .or(previous.filter(|w| foreign(w)))
    {
        return Err(format!("its claim says {wanted}, not {word}"));
    }
    // `4.5 and 5.3 kg`, `between EUR 200 and 300`: a neighbour carries it for both.
    let shared = tokens
        .iter()
        .filter(|t| t.word && t.start != figure.start && decimal(t.of(text)).is_some())
        .any(|t| {
            let (from, to) = if t.start < figure.start {
                (t.end, figure.start)
            } else {
                (figure.end, t.start)
            };
            let between = &text[from.min(to)..to.max(from)];
            let near = between.split_whitespace().all(|w| {
                matches!(
                    w,
                    "and" | "or" | "to" | "," | "–" | "-" | "x" | "by" | "against"
                ) || w == wanted
                    || same_unit(w) == same_unit(wanted)
            });
            near && carries(
                text[t.end..].trim_start(),
                text[..t.start].trim_end(),
                wanted,
            )
        });
    if shared {
        Ok(())
    } else {
        Err(format!("its claim says {wanted}, and no unit stands here"))
    }
}

/// Whether the text after or before a number is this unit.
fn carries(after: &str, before: &str, wanted: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric());
    if after.strip_prefix(wanted).is_some_and(|rest| {
        wanted.ends_with(|c: char| !c.is_alphanumeric())
            || ends(rest)
            || rest.strip_prefix('s').is_some_and(ends)
    }) {
        return true;
    }
    if before
        .strip_suffix(wanted)
        .is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric()))
    {
        return true;
    }
    let same = |word: Option<&str>| word.is_some_and(|word| same_unit(word) == same_unit(wanted));
    same(unit_word(after)) || same(currency(before))
}

/// The word or sign that follows a number.
fn unit_word(after: &str) -> Option<&str> {
    let after = after.strip_prefix('-').unwrap_or(after);
    if let Some(sign) = after
        .chars()
        .next()
        .filter(|c| matches!(c, '%' | '€' | '$' | '£' | '¥'))
    {
        return Some(&after[..sign.len_utf8()]);
    }
    let end = after
        .find(|c: char| !(c.is_alphabetic() || c == '°' || c == '²' || c == '³'))
        .unwrap_or(after.len());
    (end > 0).then(|| &after[..end])
}

/// The currency that stands before a number.
fn currency(before: &str) -> Option<&str> {
    let last = before.chars().next_back()?;
    if matches!(last, '€' | '$' | '£' | '¥') {
        return Some(&before[before.len() - last.len_utf8()..]);
    }
    let start = before
        .rfind(|c: char| !c.is_ascii_alphabetic())
        .map_or(0, |at| at + 1);
    let start = if before.is_char_boundary(start) {
        start
    } else {
        before.len()
    };
    let word = &before[start..];
    (word.len() == 3 && word.bytes().all(|b| b.is_ascii_uppercase())).then_some(word)
}
