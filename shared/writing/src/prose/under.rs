//! The candidates below a price: who is ahead by the page's criterion, at what cost, and who by another.

use va_domain::content::{Claim, ClaimOp, FilterTest};

use super::{
    columns::Direction,
    headings::Theme,
    labels::together,
    outline::Outline,
    voice::Slots,
    wording::{Sentence, Wording},
};
use crate::words::list;

const LEAD: &[&str] = &[
    "Under {limit}, {who} {top} at {v}, [and|where] {n} products cost less than that limit.",
    "{who} {top} of the {n} products under {limit}: {v}.",
    "[With|On] less than {limit} to spend, take {who} for {label}: it {top} of {n} candidates, {v}.",
    "Of {n} products [below|under] {limit}, it is {who} that {top}, {v}.",
    "The answer under {limit} is {who}, which {top} of {n}, {v}.",
    "{n} products cost less than {limit}, and among them {who} {top} at {v}.",
];

const COST: &[&str] = &[
    "It costs {v}{on}.",
    "[You pay|The bill is] {v} for it{on_c}.",
    "Its price is {v}{on}.",
    "The price: {v}{on}.",
    "It is listed at {v}{on}.",
];

const NEXT: &[&str] = &[
    "[The first product above the limit|The first beyond it] is {next}, which comes at {w}{on_next}.",
    "Past the limit, {next} comes first with {w}{on_next}.",
    "[Go past the limit|Step over the limit] and {next} is the next in price, at {w}{on_next}.",
    "{next} at {w}{on_next} is the next in price, and so the first that the limit leaves out.",
    "What the limit leaves out begins with {next} at {w}{on_next}.",
];

const ALSO: &[&str] = &[
    "Under {limit}, {who} {top} at {v}.",
    "[By|For] {label}, take {who} with {v}, as it {top} below {limit}.",
    "If {label} comes first with you, {who} {top} for less than {limit}, {v}.",
    "In {label}, {who} is ahead under {limit}: it {top}, {v}.",
    "[Others may want|You may want] {the_top}, and below {limit} that is {v}, with {who}.",
    "{the_top} below {limit} is {v}, [found with|that of] {who}.",
    "Before {limit} is reached, {who} {top}: {v}.",
];

const ALSO_MANY: &[&str] = &[
    "{the_top} below {limit} is {v}, shared by {who}.",
    "For {label}, {who} come out level with {v}, {the_top} under {limit}.",
    "With {v}, {who} share {the_top} up to {limit}.",
    "As for {label}, {v} is {the_top} below {limit}, and {who} have it.",
];

const ALSO_PLAIN: &[&str] = &[
    "{the_top} below {limit} is {v}, and several products share it.",
    "Several candidates under {limit} tie for {the_top}, {v}.",
    "In {label}, no one leads below {limit}: {v} is {the_top} and many have it.",
];

const BEYOND: &[&str] = &[
    "To go further you need {best}, which {cmp} and costs {d} more.",
    "[Past the limit|Above the limit] {best} {cmp}, for {d} more.",
    "{best} {cmp}, though it costs {d} more.",
    "What lies beyond? {best} {cmp}, if you add {d}.",
    "{d} more would buy {best}, which {cmp}.",
];

const BEYOND_BARE: &[&str] = &[
    "Among all that are listed, {best} {cmp}.",
    "[Without the limit|Limit aside], {best} {cmp}.",
    "Outside the limit stands {best}, which {cmp}.",
    "The table goes further: {best} {cmp}.",
];

const COUNTED: &[&str] = &[
    "Considering all candidates, {parts}.",
    "[Below the limit|Within the limit], {parts}.",
    "Under that price, {parts}.",
    "Among the alternatives within it, {parts}.",
    "As to kinds, {parts}.",
];

const EQUIPPED: &[&str] = &[
    "{s} {p}.",
    "[About|Of] {s} you should also know that it {p}.",
    "What else comes with {s}: it {p}.",
    "[In addition|According to the catalogue], {s} {p}.",
    "With {s} you get a product that {p}.",
    "Decide for {s} and you are getting one that {p}.",
];

const TAKE: &[&str] = &[
    "So take {a} if you want {gain}{others}.",
    "[Choose|Pick] {a} for {gain}{others}.",
    "Within the limit, {gain} points to {a}{others}.",
    "[Put|Set] {label} first and you end at {a}{others}.",
    "If it is {gain} you want, {a} is the one{others}.",
];

/// A page about what can be had below a price.
pub(super) fn outline(w: &mut Wording) -> Outline {
    let mut outline = Outline::default();
    let claims = &w.request.claims;
    let leaders: Vec<&Claim> = claims
        .iter()
        .filter(|c| {
            matches!(c.op, ClaimOp::Min | ClaimOp::Max)
                && matches!(&c.filter[..], [f] if f.test == FilterTest::Lt)
        })
        .collect();
    let count = claims
        .iter()
        .find(|c| c.op == ClaimOp::Count && c.column.is_empty() && c.filter.len() == 1);
    let ([first, others @ ..], Some(count)) = (leaders.as_slice(), count) else {
        return outline;
    };
    let [winner] = first.rows.as_slice() else {
        return outline;
    };
    outline.lead = lead(w, first, count, winner);
    let prices: Vec<&Claim> = claims
        .iter()
        .filter(|c| c.op == ClaimOp::Value && c.column == first.filter[0].column)
        .collect();
    if let [own, next, ..] = prices[..] {
        let on_next = w.on(&next.rows[0]);
        let slots: Slots = vec![
            ("v", w.amount(own)),
            ("w", w.amount(next)),
            ("on_c", w.comma_on(winner)),
            ("on", w.on(winner)),
            ("next", w.name(&next.rows[0])),
            ("on_next", on_next),
        ];
        outline.lead.extend(w.one(COST, slots.clone(), &[own]));
        outline.lead.extend(w.one(NEXT, slots, &[next]));
    }
    w.section();
    let mut said = Vec::new();
    for leader in others {
        said.extend(also(w, leader));
    }
    let diffs: Vec<&Claim> = claims.iter().filter(|c| c.op == ClaimOp::Diff).collect();
    outline.push(Theme::Judged, said);
    w.section();
    outline.push(Theme::Money, beyond(w, &diffs, winner));
    w.section();
    let counts: Vec<&Claim> = claims
        .iter()
        .filter(|c| c.op == ClaimOp::Count && c.filter.len() == 2)
        .collect();
    let mut said = Vec::new();
    if !counts.is_empty() {
        let part = |c: &&Claim| {
            let filter = &c.filter[1];
            let does = w.noun(&filter.column).states(&filter.value, c.value != "1");
            format!("{} {does}", c.value)
        };
        let parts: Vec<String> = counts.iter().map(part).collect();
        said.extend(w.one(COUNTED, vec![("parts", list(&parts))], &counts));
    }
    let plain: Vec<&Claim> = claims
        .iter()
        .filter(|c| {
            c.op == ClaimOp::Value && &c.rows[0] == winner && c.column != first.filter[0].column
        })
        .collect();
    let (single, others) = plain.split_at(usize::from(plain.len() > 2));
    for group in others.chunks(3).chain(single.chunks(1)) {
        let parts: Vec<String> = group
            .iter()
            .map(|c| w.noun(&c.column).states(&w.amount(c), false))
            .collect();
        let slots: Slots = vec![("s", w.name(winner)), ("p", together(&parts))];
        said.extend(w.one(EQUIPPED, slots, group));
    }
    outline.push(Theme::Kinds, said);
    w.section();
    outline.verdict = take(w, first, others);
    outline
}

fn lead(w: &mut Wording, first: &Claim, count: &Claim, winner: &str) -> Vec<Sentence> {
    let noun = w.noun(&first.column);
    let slots: Slots = vec![
        (
            "limit",
            w.bound(&first.filter[0].column, &first.filter[0].value),
        ),
        ("who", w.name(winner)),
        ("top", noun.is_most(first.op == ClaimOp::Max)),
        ("v", w.amount(first)),
        ("n", count.value.clone()),
        ("label", noun.the()),
    ];
    w.one(LEAD, slots, &[first, count])
}

fn also(w: &mut Wording, leader: &Claim) -> Vec<Sentence> {
    let noun = w.noun(&leader.column);
    let up = leader.op == ClaimOp::Max;
    let names: Vec<String> = leader.rows.iter().map(|row| w.name(row)).collect();
    let slots: Slots = vec![
        ("who", list(&names)),
        (
            "limit",
            w.bound(&leader.filter[0].column, &leader.filter[0].value),
        ),
        ("top", noun.is_most(up)),
        ("the_top", noun.the_most(up)),
        ("v", w.amount(leader)),
        ("label", noun.the()),
    ];
    let templates = match names.len() {
        0 => ALSO_PLAIN,
        1 => ALSO,
        _ => ALSO_MANY,
    };
    w.one(templates, slots, &[leader])
}

/// What it takes to get past the pick.
fn beyond(w: &mut Wording, diffs: &[&Claim], winner: &str) -> Vec<Sentence> {
    let price = diffs
        .iter()
        .find(|d| w.noun(&d.column).is_price() && d.rows[1] == winner);
    let other = diffs.iter().find(|d| !w.noun(&d.column).is_price());
    let Some(other) = other else {
        return Vec::new();
    };
    let Some(price) = price else {
        let best = other
            .rows
            .iter()
            .find(|row| *row != winner)
            .map_or("", String::as_str);
        let by = w.amount(other);
        let cmp = w.noun(&other.column).differs(&by, other.rows[0] == best);
        let slots: Slots = vec![("best", w.name(best)), ("cmp", cmp)];
        return w.one(BEYOND_BARE, slots, &[other]);
    };
    let best = price.rows[0].as_str();
    let noun = w.noun(&other.column);
    let up = other.rows[0] == best;
    let slots: Slots = vec![
        ("best", w.name(best)),
        ("cmp", noun.differs(&w.amount(other), up)),
        ("d", w.amount(price)),
    ];
    w.one(BEYOND, slots, &[other, price])
}

fn take(w: &mut Wording, first: &Claim, others: &[&Claim]) -> Vec<Sentence> {
    let up = |w: &Wording, c: &Claim| w.noun(&c.column).column.better == Direction::Higher;
    let other = others
        .iter()
        .find(|c| c.rows.len() == 1 && c.rows != first.rows);
    let noun = w.noun(&first.column);
    let gain = noun.the_most(up(w, first));
    let mut claims = vec![first];
    let tail = other.map(|c| {
        let noun = w.noun(&c.column);
        claims.push(c);
        format!(
            ", or {} for {}",
            w.name(&c.rows[0]),
            noun.the_most(up(w, c))
        )
    });
    let slots: Slots = vec![
        ("a", w.name(&first.rows[0])),
        ("gain", gain),
        ("label", noun.the()),
        ("others", tail.unwrap_or_default()),
    ];
    w.one(TAKE, slots, &claims)
}
