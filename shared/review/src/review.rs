//! One draft, checked in order.

use std::{cell::LazyCell, collections::BTreeSet};

use rustc_hash::FxHashSet;
use va_domain::content::{ContentRequest, Finding, PageKind, Review, Rubric, Severity, Verdict};

use crate::{
    blocks,
    code::Code,
    draft::{Draft, Role},
    field::Field,
    fingerprint::Fingerprint,
    lexicon::is_function_word,
    marks,
    page::Page,
    proof::prove,
    residue,
    sense::Sensed,
    sentences::{Analysis, Sentence},
    style,
    words::{fold, tokens, whole_words, word_hash},
};

/// A page cites at least this many claims, or all that it was given.
const CLAIMS_AT_LEAST: usize = 8;

impl Field<'_> {
    /// As [`crate::review_draft`], with what depends on the catalogue computed once.
    #[must_use]
    pub fn review(&self, draft: &str, request: &ContentRequest) -> Review {
        self.read(draft, request, |_| ()).0
    }

    /// As [`Field::review`], with the [`Fingerprint`] by which the draft is compared with others of its set.
    #[must_use]
    pub fn review_for_set(&self, draft: &str, request: &ContentRequest) -> (Review, Fingerprint) {
        self.read(draft, request, |prose| Fingerprint::of_read(prose, request))
    }

    /// Reviews a draft and does something with its prose.
    fn read<T>(
        &self,
        draft: &str,
        request: &ContentRequest,
        with: impl FnOnce(&[&Analysis]) -> T,
    ) -> (Review, T) {
        let mut findings: Vec<Finding> = request
            .claims
            .iter()
            .filter_map(|claim| self.verify(claim))
            .collect();
        let page = Page::of(self, request);
        let read = Draft::read(draft, request);
        style::hidden(draft, &page, &mut findings);
        blocks::copied_parts(&read, request, &mut findings);
        blocks::table(&read, request, self, &mut findings);
        let analyse = |block| Analysis::of(block, |text, words| page.find(text, words));
        let analyses: Vec<Analysis> = read.blocks.iter().map(analyse).collect();
        let prose: Vec<&Analysis> = analyses
            .iter()
            .filter(|a| a.block.role == Role::Prose)
            .collect();
        style::unseen(&read, &mut findings);
        for analysis in &analyses {
            read_block(&page, analysis, &mut findings);
        }
        style::repeated(&analyses, &mut findings);
        style::copied(&page, &analyses, &mut findings);
        let words = read.words();
        let cited = whole(&page, words, &prose, &mut findings);
        let rubric = marks::rubric(&read, words, request, &prose, cited, &findings);
        (conclude(findings, rubric), with(&prose))
    }
}

fn read_block(page: &Page, analysis: &Analysis, findings: &mut Vec<Finding>) {
    match analysis.block.role {
        Role::Prose => {
            let mut subject = None;
            for sentence in &analysis.sentences {
                if sentence.misplaced {
                    findings.push(Code::MarkerMisplaced.line(
                        sentence.line,
                        "Markers stand directly after the sentence's end.",
                    ));
                }
                let stated = prove(page, analysis, sentence, false, findings);
                Sensed::of(page, analysis, sentence, &stated, subject).check(findings);
                let named: BTreeSet<usize> = analysis
                    .mentions_of(sentence)
                    .iter()
                    .filter_map(|m| m.id)
                    .collect();
                let begins = analysis.text(sentence).split_whitespace().next();
                // A pronoun goes on with its subject; whoever else is named is compared with it.
                if !named.is_empty() && !begins.is_some_and(|w| matches!(w, "It" | "Its")) {
                    subject = named.first().copied().filter(|_| named.len() == 1);
                }
            }
            style::phrases(page, analysis, findings);
            residue::residue(page, analysis, findings);
            residue::strangers(page, analysis, findings);
        }
        Role::Heading => {
            boast(page, analysis, findings);
            for sentence in &analysis.sentences {
                prove(page, analysis, sentence, true, findings);
            }
            style::phrases(page, analysis, findings);
            residue::residue(page, analysis, findings);
            for mention in analysis
                .mentions
                .iter()
                .filter(|m| m.id.is_none_or(|id| !page.listed.contains(&id)))
            {
                let name = &analysis.block.text[mention.start..mention.end];
                if mention.start > 0 || name.contains(' ') {
                    findings.push(Code::ProductUnknown.line(
                        analysis.block.line,
                        format!("{name} is not among the request's products."),
                    ));
                }
            }
        }
        Role::Method => {
            for sentence in &analysis.sentences {
                prove(page, analysis, sentence, true, findings);
            }
        }
        _ => {}
    }
}

/// A heading has no claims: it judges only where the title does.
fn boast(page: &Page, analysis: &Analysis, findings: &mut Vec<Finding>) {
    let title = page.request.title.to_lowercase();
    let heading = analysis.block.text.to_lowercase();
    let boast = ["best", "worst", "finest", "greatest"]
        .into_iter()
        .find(|word| whole_words(&heading, word));
    if let Some(word) = boast.filter(|word| !whole_words(&title, word)) {
        let why = format!("A heading has no claim that proves \"{word}\".");
        findings.push(Code::SuperlativeUnproven.line(analysis.block.line, why));
    }
}

/// What holds for the page as a whole; returns how many claims are cited.
fn whole(page: &Page, words: usize, prose: &[&Analysis], findings: &mut Vec<Finding>) -> usize {
    let request = page.request;
    let wanted = request.word_count as usize;
    if words * 10 < wanted * 8 || words * 10 > wanted * 12 {
        findings.push(Code::Length.line(
            1,
            format!("The draft has {words} words; wanted are {wanted}, give or take 20 %."),
        ));
    }
    let ids = |a: &Analysis| -> BTreeSet<usize> {
        a.block
            .markers
            .iter()
            .filter_map(|m| page.claim(&m.id))
            .collect()
    };
    let cited: BTreeSet<usize> = prose.iter().flat_map(|a| ids(a)).collect();
    let least = CLAIMS_AT_LEAST.min(request.claims.len());
    if cited.len() < least {
        findings.push(Code::ClaimsUnused.line(
            1,
            format!(
                "The draft cites {} claims; at least {least} must be cited.",
                cited.len()
            ),
        ));
    }
    let sentences: Vec<_> = prose
        .iter()
        .flat_map(|a| a.sentences.iter().map(move |s| (*a, s)))
        .collect();
    let answers = sentences.iter().take(2).any(|(analysis, sentence)| {
        sentence
            .markers
            .iter()
            .any(|&m| request.answer.contains(&analysis.block.markers[m].id))
    });
    if !answers && !request.answer.is_empty() {
        let line = sentences.first().map_or(1, |(_, s)| s.line);
        let why = format!(
            "One of the first two sentences must cite what answers the question: {}.",
            request.answer.join(", ")
        );
        findings.push(Code::AnswerLate.line(line, why));
    }
    // Not counted: the conclusion, which is the last sentence, and what only points to another page.
    let argument = sentences.split_last().map_or(&[][..], |(_, before)| before);
    let points = |a: &Analysis, s: &Sentence| {
        a.block
            .links
            .iter()
            .any(|l| s.start <= l.start && l.start < s.end)
    };
    let argument: Vec<_> = argument.iter().filter(|(a, s)| !points(a, s)).collect();
    let free = argument
        .iter()
        .filter(|(_, s)| s.markers.is_empty())
        .count();
    if free * 4 > argument.len() {
        let why = format!(
            "{free} of {} sentences cite no claim; at most a quarter may.",
            argument.len()
        );
        findings.push(Code::ClaimsSparse.line(1, why));
    }
    topic(page, prose, findings);
    cited.len()
}

/// The words that say what a page is about, by hash, as they are written and without an `s` at their end.
fn topic_words(page: &Page) -> FxHashSet<u64> {
    let request = page.request;
    let mut words = FxHashSet::default();
    let mut add = |text: &str, shortest: usize| {
        let lower = text.to_lowercase();
        let found = tokens(&lower)
            .into_iter()
            .filter(|t| t.word)
            .map(|t| &lower[t.start..t.end])
            .filter(|w| w.len() >= shortest && !is_function_word(w));
        words.extend(
            found.flat_map(|w| [word_hash(w), word_hash(w.strip_suffix('s').unwrap_or(w))]),
        );
    };
    for text in [&request.topic, &request.title, &request.question] {
        add(text, 3);
    }
    request.tags.iter().for_each(|t| add(t, 3));
    request.blocks.table.headings.iter().for_each(|t| add(t, 1));
    for column in &page.field.catalogue.columns {
        add(&column.label, 1);
    }
    page.facts
        .iter()
        .flat_map(|f| &f.texts)
        .for_each(|t| add(t, 3));
    words
}

fn topic(page: &Page, prose: &[&Analysis], findings: &mut Vec<Finding>) {
    let request = page.request;
    // Most paragraphs name a product or cite a figure, and are not searched for words.
    let words = LazyCell::new(|| topic_words(page));
    for analysis in prose {
        if !style::on_topic(analysis, || &words) {
            findings.push(Code::OffTopic.line(
                analysis.block.line,
                "This paragraph names nothing that the page is about.",
            ));
        }
    }
    let named: BTreeSet<usize> = prose
        .iter()
        .flat_map(|a| a.mentions.iter().filter_map(|m| m.id))
        .collect();
    let wanted: BTreeSet<usize> = match request.kind {
        PageKind::Comparison | PageKind::WhyPayMore | PageKind::Product => {
            let answer = page
                .facts
                .iter()
                .filter(|f| request.answer.contains(&f.claim.id));
            answer
                .flat_map(|f| f.rows.iter().copied())
                .filter(|id| page.listed.contains(id))
                .collect()
        }
        _ => BTreeSet::new(),
    };
    if let Some(absent) = wanted.iter().find(|id| !named.contains(id)) {
        findings.push(Code::OffTopic.line(
            1,
            format!(
                "The page is about {} and never names it.",
                page.name_of(*absent)
            ),
        ));
    }
    if named.len() < 2 && named.len() + columns_named(page, prose) < 2 {
        findings.push(Code::OffTopic.line(
            1,
            "The page names too few of the products and columns that it is about.",
        ));
    }
}

/// How many columns the prose names.
fn columns_named(page: &Page, prose: &[&Analysis]) -> usize {
    let lower: String = prose
        .iter()
        .map(|a| fold(&a.block.text).to_lowercase())
        .collect::<Vec<_>>()
        .join(" ");
    let columns = page.field.catalogue.columns.iter();
    let named = columns.filter(|c| {
        // What stands in brackets may be the unit of the figures.
        let label = c.label.to_lowercase();
        lower.contains(label.split(" (").next().unwrap_or(&label))
    });
    named.count()
}

/// Errors first, then the verdict.
pub(crate) fn conclude(mut findings: Vec<Finding>, rubric: Rubric) -> Review {
    if !rubric.passes() {
        let why = format!(
            "The marks {:?} (tenths) need a mean of 40 with none under 30.",
            rubric.marks()
        );
        findings.push(Code::RubricLow.at("rubric", why));
    }
    findings.sort_by_key(|f| f.severity != Severity::Error);
    let fails = findings.iter().any(|f| f.severity == Severity::Error);
    Review {
        verdict: if fails {
            Verdict::Rejected
        } else {
            Verdict::Approved
        },
        rubric,
        findings,
    }
}
