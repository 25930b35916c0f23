//! The whole field: what it spans, what more money buys, what is common, how to choose from it, what nobody
//! states.

use va_domain::content::{Claim, ClaimOp, FilterTest};

use super::{
    headings::Theme,
    nouns::Noun,
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
pub(super) fn guide(w: &mut Wording) -> Outline {
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

const ORDER: &[&str] = &[
    "Settle {first} first, then {rest}, and compare whatever alternatives remain.",
    "Begin with {first}; once that is fixed, continue with {rest}.",
    "[Decide on|Make up your mind on] {first} before anything else, and let {rest} follow.",
    "The sequence that makes sense [here|for this field] is {first}, then {rest}.",
    "It is {first} that divides this field, so decide that first; {rest} can wait.",
    "Nothing divides these products as {first} does, so begin there and continue with {rest}.",
];

const MIDDLE: &[&str] = &[
    "The middle of {label} is {v}.",
    "For {label}, the median is {v}.",
    "Sorted by {label}, the middle product has {v}.",
    "[Think of|Take] {v} as the middle of {label}.",
    "{v} is the median of {label}.",
    "Midway down the list by {label} you read {v}.",
];

const BOUNDS: &[&str] = &[
    "Up to {low} you keep {below}, and from {high} on there are {above}.",
    "{below} stay within {low}, while {above} begin at {high}.",
    "[Draw the line|Set the limit] at {low} and {below} remain; ask for {high} or above and it is {above}.",
    "At {low} or below you find {below}, at {high} or above {above}.",
    "A limit of {low} leaves {below}, a minimum of {high} leaves {above}.",
    "No more than {low} leaves {below} to consider, {high} and up {above}.",
];

const SPLIT: &[&str] = &[
    "[By|Sorted by] {label}, {parts}.",
    "Groups by {label}: {parts}.",
    "Decide on {label} and you know your group: {parts}.",
    "[When it comes to|As for] {label}, {parts}.",
    "Then {label}: {parts}.",
    "The choice in {label} is soon told: {parts}.",
];

const SPLIT_TRUTH: &[&str] = &[
    "[Furthermore|In addition], {parts}.",
    "{parts}.",
    "[Count once more|Count again]: {parts}.",
    "Here the answer is yes or no: {parts}.",
    "[There is|You have] one more question to settle, for {parts}.",
    "Then ask for this: {parts}.",
];

/// How to choose.
pub(super) fn choose(w: &mut Wording) -> Outline {
    let mut outline = Outline::default();
    let claims = &w.request.claims;
    let mut groups: Vec<Vec<&Claim>> = Vec::new();
    for claim in claims {
        let column = super::columns::column_of(claim);
        let joins = match claim.op {
            ClaimOp::Median => false,
            ClaimOp::Count if claim.filter.len() == 1 => groups
                .last()
                .is_some_and(|g| super::columns::column_of(g[0]) == column),
            _ => continue,
        };
        match groups.last_mut() {
            Some(group) if joins => group.push(claim),
            _ => groups.push(vec![claim]),
        }
    }
    let labels: Vec<(String, &Claim)> = groups
        .iter()
        .take(4)
        .map(|g| (w.noun(super::columns::column_of(g[0])).the(), g[0]))
        .collect();
    let [(first, _), rest @ ..] = labels.as_slice() else {
        return outline;
    };
    if rest.is_empty() {
        return outline;
    }
    let rest: Vec<String> = rest.iter().map(|(label, _)| label.clone()).collect();
    let cited: Vec<&Claim> = labels.iter().map(|(_, c)| *c).collect();
    let slots: Slots = vec![("first", first.clone()), ("rest", list(&rest))];
    outline.lead = w.one(ORDER, slots, &cited);
    for (number, group) in groups.iter().enumerate() {
        let said = decision(w, group);
        if number == 0 {
            outline.lead.extend(said);
            w.section();
        } else {
            let theme = if group[0].op == ClaimOp::Median {
                Theme::Judged
            } else {
                Theme::Kinds
            };
            match outline.body.iter_mut().find(|(t, _)| *t == theme) {
                Some((_, paragraphs)) if paragraphs.last().is_some_and(|p| p.len() < 3) => {
                    if let Some(last) = paragraphs.last_mut() {
                        last.extend(said);
                    }
                }
                _ => outline.push(theme, said),
            }
        }
    }
    outline
}

fn decision(w: &mut Wording, group: &[&Claim]) -> Vec<Sentence> {
    let noun = w.noun(super::columns::column_of(group[0]));
    if let [median, below, above] = group
        && median.op == ClaimOp::Median
    {
        let bound = |w: &Wording, c: &Claim| w.bound(&c.filter[0].column, &c.filter[0].value);
        let slots: Slots = vec![
            ("label", noun.the()),
            ("v", w.amount(median)),
            ("low", bound(w, below)),
            ("high", bound(w, above)),
            ("below", super::phrases::products(&below.value)),
            ("above", above.value.clone()),
        ];
        let mut said = w.one(MIDDLE, slots.clone(), &[median]);
        said.extend(w.one(BOUNDS, slots, &[below, above]));
        return said;
    }
    if group[0].op == ClaimOp::Median {
        return Vec::new();
    }
    let part = |(at, c): (usize, &&Claim)| {
        let said = noun.states(&c.filter[0].value, c.value != "1");
        if at == 0 || noun.is_truth() {
            return format!("{} {said}", c.value);
        }
        // The verb is said once: `30 are listed as single, 5 as double`.
        let said = said.replacen("listed ", "", 1).replacen("made ", "", 1);
        let object = said
            .split_once(' ')
            .map_or(said.as_str(), |(_, object)| object);
        format!("{} {object}", c.value)
    };
    let parts: Vec<String> = group.iter().enumerate().map(part).collect();
    if noun.is_truth() {
        return w.one(SPLIT_TRUTH, vec![("parts", list(&parts))], group);
    }
    let slots: Slots = vec![
        ("label", noun.the()),
        ("label_c", noun.the()),
        ("parts", list(&parts)),
    ];
    w.one(SPLIT, slots, group)
}

const GAP: &[&str] = &[
    "[Nobody states|No maker states] {label} for {n}, so {share} can be compared by it.",
    "For {n}, {label} is not stated; {share} have an answer.",
    "{label_c} [is missing|is left out] for {n}, which leaves {share} with an answer.",
    "{n} come without a word on {label}, and {share} with one.",
    "Look for {label} and you find nothing for {n}; the other {share} do say.",
    "On {label}, the makers are silent about {n}, while {share} are covered.",
    "With {n}, {label} stays open, and that makes {share} of the column filled.",
    "A gap of {n} shows in {label}; {share} of its cells hold something.",
];

const GAP_SHORT: &[&str] = &[
    "{label_c}: nothing for {n}.",
    "{n} lack {label}.",
    "Nor is {label} complete: {n} lack it.",
    "{n} leave out {label}.",
    "{label_c} is open for {n}.",
    "Without {label}: {n}.",
];

/// What nobody states.
pub(super) fn gaps(w: &mut Wording) -> Outline {
    let mut outline = Outline::default();
    let claims = &w.request.claims;
    let open: Vec<(&Claim, &Claim)> = claims
        .iter()
        .filter(|c| c.op == ClaimOp::Missing && c.rows.is_empty())
        .filter_map(|c| {
            let share = claims
                .iter()
                .find(|s| s.op == ClaimOp::Share && s.filter.is_empty() && s.column == c.column)?;
            Some((c, share))
        })
        .collect();
    for (number, (missing, share)) in open.iter().enumerate() {
        let noun: Noun = w.noun(&missing.column);
        let slots: Slots = vec![
            ("label", noun.the()),
            ("label_c", noun.the()),
            ("n", super::phrases::products(&missing.value)),
            ("share", w.amount(share)),
        ];
        let said = if number % 2 == 1 {
            w.one(GAP_SHORT, slots, &[missing])
        } else {
            w.one(GAP, slots, &[missing, share])
        };
        if number < 2 {
            outline.lead.extend(said);
        } else {
            match outline.body.last_mut() {
                Some((_, paragraphs)) if paragraphs.last().is_some_and(|p| p.len() < 3) => {
                    if let Some(last) = paragraphs.last_mut() {
                        last.extend(said);
                    }
                }
                _ => outline.push(Theme::Figures, said),
            }
        }
    }
    outline
}
