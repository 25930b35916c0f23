//! The claims of one page in sentences: what the `offline` model answers.

mod choose;
mod columns;
mod gaps;
mod guide;
mod headings;
mod labels;
mod layout;
mod moves;
mod nouns;
mod outline;
mod pair;
mod phrases;
mod product;
mod sides;
mod templates;
mod under;
mod vocabulary;
mod voice;
mod wording;

use va_domain::{
    content::{Claim, ContentRequest},
    model::{Message, Speaker},
};

use self::{
    columns::{Column, ColumnKind, Columns, Direction, column_of},
    layout::Layout,
    nouns::Noun,
    vocabulary::Vocabulary,
};
use crate::{field::Profile, words::inner};

/// How many wordings are looked at for one that has the wanted length.
const TRIES: usize = 8;

/// What the `offline` model answers: the draft of the request that the messages carry. It writes by rules,
/// needs no key and no network, and states nothing that the request does not. A conversation that goes on
/// (an earlier draft and what was found wrong) gives another wording.
///
/// # Errors
/// A sentence that says what is missing, where the messages carry no request.
pub fn offline_answer(messages: &[Message]) -> Result<String, String> {
    let request = crate::prompt::request_in(messages).ok_or_else(|| {
        "no message carries a content request (schema va.content-request/1)".to_owned()
    })?;
    let turn = messages
        .iter()
        .filter(|m| m.role == Speaker::Assistant)
        .count();
    let first = turn + usize::from(turn > 0) * reactions(messages);
    // Some wordings are shorter than others, or ask more: the first that has the wanted length and cites enough is
    // taken.
    let wanted = request.word_count as usize;
    let fits = |page: &Layout| (page.words() * 100).abs_diff(wanted * 100) <= wanted * 17;
    let vocabulary = Vocabulary::of(&request);
    let page = (first..first + TRIES)
        .map(|turn| Layout::of(&vocabulary, turn))
        .find(|page| fits(page) && page.cites_enough())
        .unwrap_or_else(|| Layout::of(&vocabulary, first));
    Ok(page.draft())
}

/// A number that depends on what was found, so that a third turn does not fall back to the first.
fn reactions(messages: &[Message]) -> usize {
    let last = messages.iter().rev().find(|m| m.role == Speaker::User);
    let earlier = messages.iter().rev().find(|m| m.role == Speaker::Assistant);
    let bytes = |m: Option<&Message>| {
        m.map_or(0, |m| {
            m.content
                .bytes()
                .fold(7_usize, |h, b| (h * 31 + b as usize) % 9_973)
        })
    };
    (bytes(last) + bytes(earlier)) % 11
}

/// How many words the offline draft of a request has, as the reviewer counts them; none where one of the first
/// turns makes fewer than `least`. They say the same claims, so none is half as long as another.
pub(crate) fn length(request: &ContentRequest, least: usize) -> Option<usize> {
    let vocabulary = Vocabulary::of(request);
    let page = Layout::of(&vocabulary, 0);
    let first = page.words();
    let reaches =
        |turn| page.reaches(turn, least) || Layout::of(&vocabulary, turn).words() >= least;
    let is_long = first >= 2 * least || (first >= least && (1..=2).all(reaches));
    is_long.then_some(first)
}

/// The superlative that goes with a column's label: the `largest` tank, the `lowest` price.
pub(crate) fn superlative(profile: &Profile, up: bool) -> &'static str {
    let column = Column {
        label: inner(&profile.label),
        kind: ColumnKind::Number,
        better: Direction::None,
    };
    Noun::of(&column, profile.column.unit.as_deref()).most_of(up)
}

/// A claim's value with its unit.
pub(crate) fn written(claim: &Claim) -> String {
    phrases::amount_of(claim)
}

/// What a claim about many rows is called, where that takes a few words: `median price`.
pub(crate) fn name_of(claim: &Claim, context: &Option<String>) -> Option<String> {
    use va_domain::content::ClaimOp as Op;
    let column = Columns::read(context.as_deref()).get(column_of(claim));
    let label = &column.label;
    match claim.op {
        _ if !claim.filter.is_empty() => None,
        Op::Median => Some(format!("median {label}")),
        Op::Min => Some(format!("lowest {label}")),
        Op::Max => Some(format!("highest {label}")),
        Op::Rank => Some(format!("place of {} by {label}", claim.rows.first()?)),
        Op::Count if claim.column.is_empty() => Some("products listed".to_owned()),
        _ => None,
    }
}

/// Gives each claim of a request plain words that say it.
pub(crate) fn suggest(request: &mut ContentRequest) {
    let columns = Columns::read(request.prompt_context.as_deref());
    for claim in &mut request.claims {
        claim.text = suggestion(claim, &columns);
    }
}

fn suggestion(claim: &Claim, columns: &Columns) -> String {
    let column = columns.get(column_of(claim));
    let value = phrases::amount_of(claim);
    let names = claim
        .rows
        .iter()
        .map(|name| crate::pages::the(name))
        .collect::<Vec<_>>();
    use va_domain::content::ClaimOp as Op;
    match (claim.op, &names[..]) {
        (Op::Value, [name]) => format!("{} of {name}: {value}", column.label),
        (Op::Diff, [a, b]) => format!("{} of {a} minus that of {b}: {value}", column.label),
        (Op::Ratio, [a, b]) => format!("{} of {a}, divided by that of {b}: {value}", column.label),
        (Op::Min | Op::Max, _) => {
            let end = if claim.op == Op::Min {
                "lowest"
            } else {
                "highest"
            };
            let of = format!("{end} {}: {value}", column.label);
            if names.is_empty() {
                return of;
            }
            format!("{of}, {}", crate::words::list(&names))
        }
        (Op::Rank, [name]) => format!("place of {name} by {}: {value}", column.label),
        (Op::Median, _) => format!("median {}: {value}", column.label),
        (Op::Share, _) => format!("share by {}: {value}", column.label),
        (Op::Missing, [name]) => format!("{} of {name}: not stated", column.label),
        (Op::Missing, _) => format!("{} not stated: {value} products", column.label),
        (Op::Dominates, [a, b]) => {
            format!("{a} at least as good as {b} in all judged columns: {value}")
        }
        (Op::Correlation, _) => format!("correlation: {value}"),
        _ => format!("count: {value} products"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn what_a_layout_foresees_of_another_turn_is_what_that_turn_says() {
        let pages = testing::pages(&testing::lamps(), &testing::spec());
        let mut foreseen = 0;
        for page in &pages {
            let vocabulary = Vocabulary::of(&page.request);
            let first = Layout::of(&vocabulary, 0);
            for turn in 1..TRIES {
                let words = Layout::of(&vocabulary, turn).words();
                assert!(
                    !first.reaches(turn, words + 1),
                    "{}, turn {turn}",
                    page.request.slug
                );
                foreseen += usize::from(first.reaches(turn, words * 4 / 5));
            }
        }
        assert!(foreseen > pages.len(), "{foreseen} of {}", pages.len());
    }
}
