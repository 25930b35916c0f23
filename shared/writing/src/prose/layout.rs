//! The draft: answer first, then the sections of the argument, the conclusion, the limits, and the blocks.

use va_domain::content::{Claim, ClaimOp, ContentRequest, PageKind};

use super::{
    columns::{Columns, Direction},
    headings::{Theme, headings, theme},
    moves::{Move, moves},
    phrases::phrase,
    templates as t,
    voice::Voice,
    wording::{Sentence, Wording},
};
use crate::{
    escape::{address, markdown},
    pages::the,
    words::{list, written_date},
};

/// The most sentences of a paragraph.
const PARAGRAPH: usize = 4;

/// A section's heading and sentences. The first section has no heading.
struct Section {
    heading: Option<String>,
    paragraphs: Vec<Vec<Sentence>>,
}

/// The whole draft of a request.
pub(super) fn draft(request: &ContentRequest, turn: usize) -> String {
    let sections = sections(request, turn);
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
    for section in &sections {
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

/// How many words the draft has, as a reviewer counts them: title, headings and prose.
pub(super) fn length(request: &ContentRequest, turn: usize) -> usize {
    let words = |text: &str| text.split_whitespace().count();
    let section = |s: &Section| {
        s.heading.as_deref().map_or(0, words)
            + s.paragraphs
                .iter()
                .flatten()
                .map(|s| words(&s.text))
                .sum::<usize>()
    };
    words(&request.title) + sections(request, turn).iter().map(section).sum::<usize>()
}

fn sections(request: &ContentRequest, turn: usize) -> Vec<Section> {
    let columns = Columns::read(request.prompt_context.as_deref());
    let mut wording = Wording {
        request,
        columns: columns.clone(),
        voice: Voice::new(request.page, turn),
    };
    let steps = moves(&request.claims, &columns);
    let answers = |step: &&Move| step.claims.iter().any(|c| request.answer.contains(&c.id));
    let lead: Vec<&Move> = steps.iter().take_while(answers).collect();
    let rest: Vec<&Move> = steps.iter().skip(lead.len()).collect();
    let mut opening = Vec::new();
    // A way to choose is an answer of its own; what it rests on follows.
    if request.kind == PageKind::HowToChoose {
        opening.extend(verdict(&mut wording));
    }
    let opening = word(&mut wording, opening, &lead);
    let mut sections = vec![Section {
        heading: None,
        paragraphs: opening,
    }];
    let mut themes: Vec<Theme> = Vec::new();
    for step in &rest {
        let theme = theme(step, &columns, request.kind);
        if !themes.contains(&theme) {
            themes.push(theme);
        }
    }
    // The conclusion follows the evidence; what limits it comes last.
    themes.retain(|t| !matches!(t, Theme::Verdict | Theme::Limits));
    themes.extend([Theme::Verdict, Theme::Limits]);
    for about in themes {
        let steps: Vec<&Move> = rest
            .iter()
            .copied()
            .filter(|s| theme(s, &columns, request.kind) == about)
            .collect();
        let mut paragraphs = word(&mut wording, Vec::new(), &steps);
        if about == Theme::Verdict && request.kind != PageKind::HowToChoose {
            let said = verdict(&mut wording);
            match paragraphs.last_mut() {
                Some(last) => last.extend(said),
                None if !said.is_empty() => paragraphs.push(said),
                None => {}
            }
        }
        if !paragraphs.is_empty() {
            let heading = wording.voice.choose(headings(about, request.kind));
            sections.push(Section {
                heading: Some(heading.to_owned()),
                paragraphs,
            });
        }
    }
    sections
}

/// Words moves, after what is said already. The sentences of one move stay in one paragraph.
fn word<'r>(
    wording: &mut Wording<'r>,
    said: Vec<Sentence>,
    steps: &[&Move<'r>],
) -> Vec<Vec<Sentence>> {
    let mut paragraphs = Vec::new();
    let mut open = said;
    for step in steps {
        if open.len() >= PARAGRAPH {
            paragraphs.push(std::mem::take(&mut open));
        }
        // A pronoun needs its noun in the same paragraph.
        let subject = open.last().and_then(|s| s.about.clone());
        open.extend(wording.say(step, subject.as_deref()));
    }
    if !open.is_empty() {
        paragraphs.push(open);
    }
    paragraphs
}

/// What the reader is told to do, resting on the claims again.
fn verdict(wording: &mut Wording) -> Vec<Sentence> {
    let request = wording.request;
    let of = |op: ClaimOp| {
        request
            .claims
            .iter()
            .filter(move |c| c.op == op)
            .collect::<Vec<&Claim>>()
    };
    match request.kind {
        PageKind::Comparison | PageKind::WhyPayMore => choose(wording, &of(ClaimOp::Diff)),
        PageKind::BestUnder => {
            let leaders: Vec<&Claim> = request
                .claims
                .iter()
                .filter(|c| matches!(c.op, ClaimOp::Min | ClaimOp::Max) && c.rows.len() == 1)
                .collect();
            let Some(first) = leaders.first() else {
                return Vec::new();
            };
            let other = leaders.iter().find(|c| c.rows != first.rows);
            let others = other.map_or_else(String::new, |c| {
                format!(
                    "; for {}, {}",
                    phrase(&wording.columns.get(&c.column)),
                    the(&c.rows[0])
                )
            });
            let slots = vec![
                ("a", the(&first.rows[0])),
                ("label", phrase(&wording.columns.get(&first.column))),
                ("others", others),
            ];
            let claims: Vec<&Claim> = std::iter::once(*first).chain(other.copied()).collect();
            wording.one(t::TAKE_LEADER, slots, &claims)
        }
        PageKind::HowToChoose => {
            let medians: Vec<&Claim> = request
                .claims
                .iter()
                .filter(|c| {
                    c.op == ClaimOp::Median
                        || (c.op == ClaimOp::Count
                            && c.filter
                                .first()
                                .is_some_and(|f| f.test == va_domain::content::FilterTest::Eq))
                })
                .collect();
            let mut labels: Vec<String> = Vec::new();
            let mut claims: Vec<&Claim> = Vec::new();
            for claim in medians {
                let label = wording.columns.get(super::columns::column_of(claim)).label;
                if labels.len() < 4 && !labels.contains(&label) {
                    labels.push(label);
                    claims.push(claim);
                }
            }
            let [first, rest @ ..] = &labels[..] else {
                return Vec::new();
            };
            if rest.is_empty() {
                return Vec::new();
            }
            wording.one(
                t::DECIDE,
                vec![("first", first.clone()), ("rest", list(rest))],
                &claims,
            )
        }
        PageKind::Gaps => {
            let claims: Vec<&Claim> = of(ClaimOp::Missing)
                .into_iter()
                .filter(|c| c.rows.is_empty())
                .take(3)
                .collect();
            let labels: Vec<String> = claims
                .iter()
                .map(|c| wording.columns.get(&c.column).label)
                .collect();
            if labels.is_empty() {
                Vec::new()
            } else {
                wording.one(t::ASK, vec![("labels", list(&labels))], &claims)
            }
        }
        PageKind::Product => {
            if let Some(&beaten) = of(ClaimOp::Dominates)
                .iter()
                .find(|c| c.value == "yes" && c.rows.len() == 2)
            {
                let slots = vec![("s", the(&beaten.rows[0])), ("o", the(&beaten.rows[1]))];
                return wording.one(t::LOOK_FIRST, slots, &[beaten]);
            }
            let judged = |c: &&&Claim| wording.columns.get(&c.column).better != Direction::None;
            let ranks = of(ClaimOp::Rank);
            let top = ranks
                .iter()
                .filter(judged)
                .min_by_key(|c| c.value.parse::<u64>().unwrap_or(u64::MAX));
            // A place in the rear speaks for nobody.
            let front = |c: &&&Claim| {
                c.value
                    .parse::<u32>()
                    .is_ok_and(|place| place.saturating_mul(3) <= request.field_size)
            };
            let Some(&top) = top.filter(front) else {
                return Vec::new();
            };
            let slots = vec![
                ("s", the(&top.rows[0])),
                ("label", phrase(&wording.columns.get(&top.column))),
            ];
            wording.one(t::CONSIDER, slots, &[top])
        }
        PageKind::FieldGuide => {
            let mut answers = request
                .claims
                .iter()
                .filter(|c| request.answer.contains(&c.id));
            let Some(claim) = answers.find(|c| !super::columns::column_of(c).is_empty()) else {
                return Vec::new();
            };
            let label = wording.columns.get(super::columns::column_of(claim)).label;
            wording.one(t::START, vec![("label", label)], &[claim])
        }
    }
}

/// Who should take which of two, by the columns that judge.
fn choose(wording: &mut Wording, diffs: &[&Claim]) -> Vec<Sentence> {
    let Some((a, b)) = diffs
        .first()
        .and_then(|d| Some((d.rows.first()?.clone(), d.rows.get(1)?.clone())))
    else {
        return Vec::new();
    };
    let (mut for_a, mut for_b): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut claims: Vec<&Claim> = Vec::new();
    for diff in diffs {
        let column = wording.columns.get(&diff.column);
        let larger_wins = match column.better {
            Direction::Higher => true,
            Direction::Lower => false,
            Direction::None => continue,
        };
        let winner = if larger_wins {
            diff.rows.first()
        } else {
            diff.rows.get(1)
        };
        let list = if winner == Some(&a) {
            &mut for_a
        } else {
            &mut for_b
        };
        if list.len() < 3 {
            list.push(column.label.clone());
            claims.push(diff);
        }
    }
    if claims.is_empty() {
        let claims: Vec<&Claim> = diffs.iter().copied().take(3).collect();
        let labels: Vec<String> = claims
            .iter()
            .map(|c| wording.columns.get(&c.column).label)
            .collect();
        return wording.one(
            t::DESCRIBE,
            vec![("a", the(&a)), ("b", the(&b)), ("labels", list(&labels))],
            &claims,
        );
    }
    if for_a.is_empty() || for_b.is_empty() {
        return Vec::new();
    }
    if wording.request.kind == PageKind::WhyPayMore {
        // The one that costs more is ahead in everything but the price.
        let dearer_is_a = diffs
            .first()
            .is_some_and(|d| wording.columns.get(&d.column).better == Direction::Lower);
        let (more, less, gain) = if dearer_is_a {
            (&a, &b, &for_a)
        } else {
            (&b, &a, &for_b)
        };
        return wording.one(
            t::PAY,
            vec![("a", the(more)), ("b", the(less)), ("la", list(gain))],
            &claims,
        );
    }
    let slots = vec![
        ("a", the(&a)),
        ("b", the(&b)),
        ("la", list(&for_a)),
        ("lb", list(&for_b)),
    ];
    wording.one(t::CHOOSE, slots, &claims)
}
