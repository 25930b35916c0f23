//! The whole field at a glance: what it spans, what more money buys, what is common.

use va_domain::content::{Claim, ClaimOp, FilterTest};

use super::{
    headings::Theme,
    outline::Outline,
    voice::Slots,
    wording::{Sentence, Wording},
};
use crate::words::list;

/// A share above this is "most", below the next "few"; in percent.
const MOST: u32 = 60;
const FEW: u32 = 20;

const SPAN: &[&str] = &[
    "{n} products stand in this table, [and their prices run|priced] from {low} for {least} to {high} for {most}.",
    "[Prices here begin|The prices begin] at {low} with {least} and end at {high} with {most}; {n} products lie in that range.",
    "From {least} at {low} to {most} at {high}: that is the span of the {n} products compared here.",
    "This guide compares {n} products, of which {least} is the cheapest at {low} and {most} the most expensive at {high}.",
    "[You can spend|You may spend] {low} on {least} or {high} on {most}, and {n} products are listed in all.",
    "Of {n} products in the table, {least} asks for the lowest price, {low}, and {most} for the highest, {high}.",
];

/// Where several products share an end.
const SPAN_SHARED: &[&str] = &[
    "{n} products stand in this table, at prices from {low} to {high}.",
    "[Prices here begin|The prices begin] at {low} and end at {high}; {n} products lie in that range.",
    "This guide compares {n} products that cost between {low} and {high}.",
    "[You can spend|You may spend] {low} or {high}, and {n} products are listed in all.",
    "Of {n} products in the table, the cheapest ask for {low} and the most expensive for {high}.",
    "{low} at one end, {high} at the other: {n} products are compared here.",
];

const SIZE: &[&str] = &[
    "This comparison covers {n} products.",
    "There are {n} products in the table.",
    "[In all|Altogether], {n} products are compared here.",
    "The table lists {n} products.",
    "{n} products make up this comparison.",
    "What follows rests on {n} listed products.",
];

const TIMES: &[&str] = &[
    "[That is|That makes] {times} times as much at the top as at the bottom.",
    "The top of the range is thus {times} times its bottom.",
    "Between the ends lies a factor of {times}.",
    "[In other words,|So] the one end costs {times} times what the other does.",
    "Divide one by the other and you get {times}.",
    "You can pay {times} times as much, then.",
];

const ENDS: &[&str] = &[
    "{least} {small} at {low}; {most} {large} at {high}.",
    "At {low}, {least} {small}, and at the other end stands {most} with {high}.",
    "{label_c} runs from {low} ({least}) to {high} ({most}).",
    "{most} {large}, {high}, [against|next to] {low} for {least}.",
    "Between {least} with {low} and {most} with {high} lies all there is in {label}.",
    "Sort by {label} and you begin with {least} at {low} and end with {most} at {high}.",
    "[Who wants|If you want] the two extremes of {label}: {least} has {low}, {most} has {high}.",
];

const ENDS_MANY: &[&str] = &[
    "{label_c} runs from {low} ({least}) to {high} ({most}).",
    "From {low} for {least} up to {high} for {most}: so wide is the range of {label}.",
    "For {label}, the table begins at {low} with {least} and ends at {high} with {most}.",
    "Sort by {label} and {low} comes first, with {least}, and {high} last, with {most}.",
];

const ENDS_PLAIN: &[&str] = &[
    "{label_c} runs from {low} to {high}, and several share each end.",
    "In {label}, all that is stated lies between {low} and {high}.",
    "Between {low} and {high} you find every figure for {label}.",
    "The two ends of {label} are {low} and {high}.",
    "For {label}, expect {low} at one end and {high} at the other.",
];

/// The field at a glance.
pub(super) fn outline(w: &mut Wording) -> Outline {
    let mut outline = Outline::default();
    let claims = &w.request.claims;
    let size = claims
        .iter()
        .find(|c| c.op == ClaimOp::Count && c.filter.is_empty() && c.column.is_empty());
    let end = |column: &str, op: ClaimOp| {
        claims
            .iter()
            .find(|c| c.op == op && c.column == column && c.filter.is_empty())
    };
    let columns: Vec<&str> = {
        let mut seen = Vec::new();
        for claim in claims
            .iter()
            .filter(|c| c.op == ClaimOp::Min && c.filter.is_empty())
        {
            if !seen.contains(&claim.column.as_str()) && end(&claim.column, ClaimOp::Max).is_some()
            {
                seen.push(claim.column.as_str());
            }
        }
        seen
    };
    let mut rest = columns.as_slice();
    if let (Some(size), [first, others @ ..]) = (size, columns.as_slice())
        && let (Some(low), Some(high)) = (end(first, ClaimOp::Min), end(first, ClaimOp::Max))
        && w.noun(first).is_price()
    {
        let alone = low.rows.len() == 1 && high.rows.len() == 1;
        let mut slots: Slots = vec![
            ("n", size.value.clone()),
            ("low", w.amount(low)),
            ("high", w.amount(high)),
        ];
        if alone {
            slots.push(("least", w.name(&low.rows[0])));
            slots.push(("most", w.name(&high.rows[0])));
        }
        let templates = if alone { SPAN } else { SPAN_SHARED };
        outline.lead = w.one(templates, slots, &[size, low, high]);
        if let Some(ratio) = claims
            .iter()
            .find(|c| c.op == ClaimOp::Ratio && c.column == *first)
        {
            let slots: Slots = vec![("times", ratio.value.clone())];
            outline.lead.extend(w.one(TIMES, slots, &[ratio]));
        }
        rest = others;
    }
    // Ends that several share, or that are no prices, take a sentence of their own.
    if outline.lead.is_empty()
        && let (Some(size), [first, others @ ..]) = (size, columns.as_slice())
        && let (Some(low), Some(high)) = (end(first, ClaimOp::Min), end(first, ClaimOp::Max))
    {
        outline.lead = w.one(SIZE, vec![("n", size.value.clone())], &[size]);
        outline.lead.extend(ends(w, low, high));
        rest = others;
    }
    if outline.lead.is_empty() {
        return outline;
    }
    w.section();
    outline.push(Theme::Frontier, frontier(w));
    w.section();
    let mut said = Vec::new();
    for column in rest {
        if let (Some(low), Some(high)) = (end(column, ClaimOp::Min), end(column, ClaimOp::Max)) {
            said.extend(ends(w, low, high));
        }
    }
    for part in super::outline::paragraphs(said) {
        outline.push(Theme::Judged, part);
    }
    w.section();
    let shares: Vec<&Claim> = claims
        .iter()
        .filter(|c| {
            c.op == ClaimOp::Share && matches!(&c.filter[..], [f] if f.test == FilterTest::Eq)
        })
        .collect();
    let mut said = Vec::new();
    for group in shares.chunks(2) {
        said.extend(common(w, group));
    }
    outline.push(Theme::Kinds, said);
    w.section();
    outline
}

fn ends(w: &mut Wording, low: &Claim, high: &Claim) -> Vec<Sentence> {
    let noun = w.noun(&low.column);
    let names = |w: &mut Wording, claim: &Claim| {
        let names: Vec<String> = claim.rows.iter().map(|row| w.name(row)).collect();
        list(&names)
    };
    let slots: Slots = vec![
        ("low", w.amount(low)),
        ("high", w.amount(high)),
        ("least", names(w, low)),
        ("most", names(w, high)),
        ("small", noun.is_most(false)),
        ("large", noun.is_most(true)),
        ("label", noun.the()),
        ("label_c", noun.the()),
    ];
    let templates = match (low.rows.len(), high.rows.len()) {
        (0, _) | (_, 0) => ENDS_PLAIN,
        (1, 1) => ENDS,
        _ => ENDS_MANY,
    };
    w.one(templates, slots, &[low, high])
}

const STEP_FIRST: &[&str] = &[
    "Up to {limit}, {who} {top} at {v}.",
    "[With no more than|With up to] {limit} to spend, {who} {top} at {v}.",
    "Stay within {limit} and {who} {top}, {v}.",
    "For {limit} at most, the thing to know is that {who} {top}, {v}.",
    "{who} {top} for up to {limit}: {v}.",
];

const STEP_NEXT: &[&str] = &[
    "Go up to {limit} and it is {who}, with {v}.",
    "[Raise the limit to|Allow] {limit}, and {who} takes over with {v}.",
    "At {limit} that place goes to {who}, which has {v}.",
    "From {limit} on, {who} holds it, with {v}.",
    "Then comes {who} with {v}, once you spend {limit}.",
];

const STEP_LAST: &[&str] = &[
    "The end of this line is {who}: {v} for {limit}.",
    "Nothing goes past {who}, [which has|with] {v}, for {limit}.",
    "At {limit}, {who} closes the line with {v}.",
    "The last step leads to {who}, {v} for {limit}.",
];

/// What each further amount of money buys in the column that separates most.
fn frontier(w: &mut Wording) -> Vec<Sentence> {
    let steps: Vec<&Claim> = w
        .request
        .claims
        .iter()
        .filter(|c| {
            matches!(c.op, ClaimOp::Min | ClaimOp::Max)
                && c.rows.len() == 1
                && matches!(&c.filter[..], [f] if f.test == FilterTest::Le)
        })
        .collect();
    let mut said = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let noun = w.noun(&step.column);
        let slots: Slots = vec![
            (
                "limit",
                w.bound(&step.filter[0].column, &step.filter[0].value),
            ),
            ("who", w.name(&step.rows[0])),
            ("top", noun.is_most(step.op == ClaimOp::Max)),
            ("v", w.amount(step)),
        ];
        let templates = match at {
            0 => STEP_FIRST,
            _ if at + 1 == steps.len() => STEP_LAST,
            _ => STEP_NEXT,
        };
        said.extend(w.one(templates, slots, &[step]));
    }
    said
}

const COMMON: &[&str] = &[
    "{parts}.",
    "[Consider what is common|Remember what is common]: {parts}.",
    "According to the catalogue, {parts}.",
    "[To be told apart|To begin with], {parts}.",
    "Among those that say so, {parts}.",
    "Considered as groups, {parts}.",
];

/// How common the most frequent values are.
fn common(w: &mut Wording, group: &[&Claim]) -> Vec<Sentence> {
    let parts: Vec<String> = group
        .iter()
        .map(|c| {
            let noun = w.noun(&c.column);
            let does = noun.states(&c.filter[0].value, true);
            let share = w.amount(c);
            match c.value.parse::<u32>().unwrap_or_default() {
                n if n > MOST => format!("most ({share}) {does}"),
                n if n < FEW => format!("few ({share}) {does}"),
                _ => format!("{share} {does}"),
            }
        })
        .collect();
    w.one(COMMON, vec![("parts", list(&parts))], group)
}
