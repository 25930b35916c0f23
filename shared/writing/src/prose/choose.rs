//! How to choose: the columns in the order in which they divide the field, each with its middle or its groups.

use va_domain::content::{Claim, ClaimOp};

use super::{
    columns::column_of,
    headings::Theme,
    outline::Outline,
    phrases::products,
    voice::Slots,
    wording::{Sentence, Wording},
};
use crate::words::list;

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
pub(super) fn outline(w: &mut Wording) -> Outline {
    let mut outline = Outline::default();
    let claims = &w.request.claims;
    let mut groups: Vec<Vec<&Claim>> = Vec::new();
    for claim in claims {
        let column = column_of(claim);
        let joins = match claim.op {
            ClaimOp::Median => false,
            ClaimOp::Count if claim.filter.len() == 1 => {
                groups.last().is_some_and(|g| column_of(g[0]) == column)
            }
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
        .map(|g| (w.noun(column_of(g[0])).the(), g[0]))
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
    let noun = w.noun(column_of(group[0]));
    if let [median, below, above] = group
        && median.op == ClaimOp::Median
    {
        let bound = |w: &Wording, c: &Claim| w.bound(&c.filter[0].column, &c.filter[0].value);
        let slots: Slots = vec![
            ("label", noun.the()),
            ("v", w.amount(median)),
            ("low", bound(w, below)),
            ("high", bound(w, above)),
            ("below", products(&below.value)),
            ("above", above.value.clone()),
        ];
        let mut said = w.one(MIDDLE, slots.clone(), &[median]);
        said.extend(w.one(BOUNDS, slots, &[below, above]));
        return said;
    }
    if group[0].op == ClaimOp::Median {
        return Vec::new();
    }
    let states = |c: &Claim| noun.states(&c.filter[0].value, c.value != "1");
    let is = |said: &str| said.starts_with("is ") || said.starts_with("are ");
    let first = states(group[0]);
    let part = |(at, c): (usize, &&Claim)| {
        let said = states(c);
        let verb_was_said = at > 0 && !noun.is_truth() && is(&said) == is(&first);
        // The verb is said once: `30 are listed as single, 5 as double`.
        let object = match said.split_once(' ').filter(|_| verb_was_said) {
            Some((_, object)) => ["listed ", "made by "]
                .iter()
                .find(|verb| object.starts_with(**verb))
                .map_or(object, |_| object.split_once(' ').unwrap_or_default().1),
            None => &said,
        };
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
