//! The draft: answer first, then the sections of the argument, the conclusion, the limits, and the blocks.

use va_domain::content::{Claim, ClaimOp, ContentRequest, PageKind};

use super::{
    choose, gaps, guide,
    headings::{Theme, headings, theme},
    moves::{Move, moves},
    outline::{Outline, paragraphs},
    pair, product, under,
    vocabulary::Vocabulary,
    voice::Slots,
    wording::{Sentence, Wording},
};
use crate::{
    escape::{address, markdown},
    words::{list, written_date},
};

/// A section's heading and sentences. The first section has no heading.
struct Section {
    heading: Option<String>,
    paragraphs: Vec<Vec<Sentence>>,
}

/// The prose of a request, laid out.
pub(super) struct Layout<'r> {
    vocabulary: &'r Vocabulary<'r>,
    sections: Vec<Section>,
    /// What its sentences say, where other turns say the same.
    script: Option<Vec<(&'static [&'static str], Slots)>>,
}

impl<'r> Layout<'r> {
    /// As this turn words it.
    pub(super) fn of(vocabulary: &'r Vocabulary<'r>, turn: usize) -> Self {
        let mut w = Wording::new(vocabulary, turn);
        Self {
            vocabulary,
            sections: sections(&mut w),
            script: (!w.is_own).then_some(w.script),
        }
    }

    /// Whether the sentences of another turn are known to make so many words. No section is laid out for that, and
    /// nothing is said beyond the wanted number.
    pub(super) fn reaches(&self, turn: usize, least: usize) -> bool {
        let mut voice = self.vocabulary.voice(turn);
        let mut open = least;
        self.script.iter().flatten().any(|(list, slots)| {
            open = open.saturating_sub(words(&voice.say(list, slots)));
            open == 0
        })
    }

    /// How many words the draft has, as a reviewer counts them: title, headings and prose.
    pub(super) fn words(&self) -> usize {
        let section = |s: &Section| {
            s.heading.as_deref().map_or(0, words)
                + s.paragraphs
                    .iter()
                    .flatten()
                    .map(|s| words(&s.text))
                    .sum::<usize>()
        };
        let title = self.vocabulary.request.title.split_whitespace().count();
        title + self.sections.iter().map(section).sum::<usize>()
    }

    /// Whether at most a quarter of the sentences before the conclusion cite no claim. A question before its answer
    /// is a sentence too.
    pub(super) fn cites_enough(&self) -> bool {
        let sentences = || {
            self.sections
                .iter()
                .flat_map(|s| s.paragraphs.iter().flatten())
        };
        let questions: usize = sentences().map(|s| s.text.matches("? ").count()).sum();
        let free = sentences().filter(|s| s.claims.is_empty()).count() + questions;
        free * 4 < sentences().count() + questions
    }

    /// The whole draft.
    pub(super) fn draft(&self) -> String {
        draft(self.vocabulary.request, &self.sections)
    }
}

/// The words of a text whose only white space is blanks, as of all that is written here.
fn words(text: &str) -> usize {
    let before = std::iter::once(b' ').chain(text.bytes());
    let begins = |(before, byte): &(u8, u8)| *before == b' ' && *byte != b' ';
    before.zip(text.bytes()).filter(begins).count()
}

fn draft(request: &ContentRequest, sections: &[Section]) -> String {
    let blocks = &request.blocks;
    let mut draft = format!("# {}\n", markdown(&request.title));
    let mut paragraph = |text: &str| {
        draft.push('\n');
        draft.push_str(text);
        draft.push('\n');
    };
    if !blocks.disclosure.is_empty() {
        paragraph(&markdown(&blocks.disclosure));
    }
    for section in sections {
        if let Some(heading) = &section.heading {
            paragraph(&format!("## {heading}"));
        }
        for sentences in &section.paragraphs {
            let marked: Vec<String> = sentences.iter().map(marked).collect();
            paragraph(&marked.join(" "));
        }
    }
    if !blocks.table.rows.is_empty() {
        paragraph(&format!("## {}", markdown(&blocks.table.caption)));
        paragraph(&table(request));
    }
    if !blocks.method.is_empty() {
        paragraph("## How this page was made");
        let items: Vec<String> = blocks
            .method
            .iter()
            .map(|item| format!("- {}", markdown(item)))
            .collect();
        paragraph(&items.join("\n"));
    }
    if !blocks.sources.is_empty() {
        paragraph("## Sources");
        paragraph(&sources(request));
    }
    if !blocks.byline.is_empty() {
        paragraph(&markdown(&blocks.byline));
    }
    draft
}

fn marked(sentence: &Sentence) -> String {
    let markers: String = sentence
        .claims
        .iter()
        .map(|id| format!("[^{id}]"))
        .collect();
    format!("{}{markers}", sentence.text)
}

fn table(request: &ContentRequest) -> String {
    let table = &request.blocks.table;
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|c| markdown(c)).collect();
        format!("| {} |", cells.join(" | "))
    };
    let mut lines = vec![
        line(&table.headings),
        format!("|{}", " --- |".repeat(table.headings.len())),
    ];
    lines.extend(table.rows.iter().map(|row| line(row)));
    lines.join("\n")
}

fn sources(request: &ContentRequest) -> String {
    let line = |source: &va_domain::content::Source| {
        let label = markdown(&source.label);
        let label = source
            .url
            .as_ref()
            .map_or(label.clone(), |url| format!("[{label}]({})", address(url)));
        let date = source
            .date
            .map(|date| format!(", {}", written_date(date)))
            .unwrap_or_default();
        format!("- {label}{date}")
    };
    request
        .blocks
        .sources
        .iter()
        .map(line)
        .collect::<Vec<_>>()
        .join("\n")
}

fn sections(w: &mut Wording) -> Vec<Section> {
    let request = w.request;
    let mut page = match request.kind {
        PageKind::Comparison | PageKind::WhyPayMore => pair::outline(w),
        PageKind::Product => product::outline(w),
        PageKind::BestUnder => under::outline(w),
        PageKind::FieldGuide => guide::outline(w),
        PageKind::HowToChoose => choose::outline(w),
        PageKind::Gaps => gaps::outline(w),
    };
    leftovers(w, &mut page);
    if page.verdict.is_empty() {
        w.section();
        page.verdict = verdict(w);
    }
    let mut sections = Vec::new();
    let mut section = |heading: Option<&str>, paragraphs: Vec<Vec<Sentence>>| {
        if !paragraphs.is_empty() {
            sections.push(Section {
                heading: heading.map(str::to_owned),
                paragraphs,
            });
        }
    };
    section(None, paragraphs(page.lead));
    for (theme, paragraphs) in page.body {
        section(
            Some(w.voice.choose(headings(theme, request.kind))),
            paragraphs,
        );
    }
    for (theme, sentences) in [(Theme::Verdict, page.verdict), (Theme::Limits, page.limits)] {
        let heading = w.voice.choose(headings(theme, request.kind));
        section(Some(heading), paragraphs(sentences));
    }
    sections
}

/// What the argument of the page's kind did not take up: said claim by claim.
fn leftovers<'r>(w: &mut Wording<'r>, page: &mut Outline) {
    let request = w.request;
    let columns = w.columns;
    let open: Vec<&Claim> = request.claims.iter().filter(|c| !w.is_said(c)).collect();
    let steps = moves(&open, columns);
    let mut rest = steps.as_slice();
    if page.lead.is_empty() {
        let answers = |step: &&Move| step.claims.iter().any(|c| request.answer.contains(&c.id));
        let lead = steps.iter().take_while(answers).count();
        w.section();
        for step in &steps[..lead] {
            let subject = page.lead.last().and_then(|s| s.about.clone());
            page.lead.extend(w.say(step, subject.as_deref()));
        }
        rest = &steps[lead..];
    }
    let mut themes: Vec<(Theme, Vec<&Move<'r>>)> = Vec::new();
    for step in rest {
        let about = theme(step, columns, request.kind);
        match themes.iter_mut().find(|(t, _)| *t == about) {
            Some((_, steps)) => steps.push(step),
            None => themes.push((about, vec![step])),
        }
    }
    for (about, steps) in themes {
        w.section();
        let mut said: Vec<Sentence> = Vec::new();
        for step in steps {
            let subject = said.last().and_then(|s| s.about.clone());
            said.extend(w.say(step, subject.as_deref()));
        }
        match about {
            Theme::Limits => page.limits.extend(said),
            Theme::Verdict => {
                said.append(&mut page.verdict);
                page.verdict = said;
            }
            _ => {
                for part in paragraphs(said) {
                    page.push(about, part);
                }
            }
        }
    }
}

const START: &[&str] = &[
    "If you know what you want in {label}, sort the table by it and begin to read there.",
    "When {label} matters to you, let the table be sorted by it and compare what stands side by side.",
    "Begin with {label} if it counts for you, and use the other columns to choose among what is left.",
    "Sort the table by {label}, keep the products that suit you, and check their other columns then.",
    "The table can be sorted: click on {label}, and read on from where your own limit lies.",
];

const ASK: &[&str] = &[
    "If you care about {labels}, ask the maker before you buy.",
    "Before you rely on {labels}, look for the figure on the maker's own pages.",
    "A choice by {labels} needs a question to the maker first.",
    "Treat {labels} as open until the maker answers.",
    "Where {labels} decide for you, the table alone is not enough.",
];

/// What the reader is told to do, where the page's kind has no advice of its own.
fn verdict(w: &mut Wording) -> Vec<Sentence> {
    let request = w.request;
    match request.kind {
        PageKind::Gaps => {
            let claims: Vec<&Claim> = request
                .claims
                .iter()
                .filter(|c| c.op == ClaimOp::Missing && c.rows.is_empty())
                .take(3)
                .collect();
            let labels: Vec<String> = claims.iter().map(|c| w.noun(&c.column).the()).collect();
            if labels.is_empty() {
                return Vec::new();
            }
            w.one(ASK, vec![("labels", list(&labels))], &claims)
        }
        PageKind::FieldGuide => {
            let mut answers = request
                .claims
                .iter()
                .filter(|c| request.answer.contains(&c.id));
            let Some(claim) = answers.find(|c| !super::columns::column_of(c).is_empty()) else {
                return Vec::new();
            };
            let label = w.noun(super::columns::column_of(claim)).the();
            w.one(START, vec![("label", label)], &[claim])
        }
        _ => Vec::new(),
    }
}
