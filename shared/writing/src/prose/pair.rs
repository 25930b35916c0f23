//! Two products: what is traded, what each has for itself, what they share, who should take which.

mod lead;
mod verdict;

use std::{collections::BTreeMap, rc::Rc};

use va_domain::content::{Claim, ClaimOp};

use super::{
    columns::Direction,
    headings::Theme,
    labels::together,
    nouns::Noun,
    outline::Outline,
    voice::Slots,
    wording::{Sentence, Wording},
};
use lead::lead;
use verdict::verdict;

/// Two names of as many words together leave a sentence less room.
const WORDY: usize = 6;

/// What two products state in one column.
struct Point<'c> {
    noun: Rc<Noun>,
    diff: Option<&'c Claim>,
    values: Vec<&'c Claim>,
}

impl<'c> Point<'c> {
    fn value(&self, name: &str) -> Option<&'c Claim> {
        self.values
            .iter()
            .find(|c| c.rows.first().is_some_and(|row| row == name))
            .copied()
    }

    fn larger(&self) -> Option<&'c str> {
        self.diff.and_then(|d| d.rows.first()).map(String::as_str)
    }

    /// Who is better by it.
    fn winner(&self) -> Option<&'c str> {
        let rows = &self.diff?.rows;
        match self.noun.column.better {
            Direction::Higher => rows.first(),
            Direction::Lower => rows.get(1),
            Direction::None => None,
        }
        .map(String::as_str)
    }

    fn is_same(&self) -> bool {
        matches!(&self.values[..], [a, b] if a.value == b.value)
    }
}

/// A page about two products.
pub(super) fn outline<'r>(w: &mut Wording<'r>) -> Outline {
    let mut outline = Outline::default();
    let points = points(w);
    let first = points.iter().find_map(|p| p.diff).map(|d| &d.rows);
    let Some([a, b]) = first.map(Vec::as_slice) else {
        return outline;
    };
    let (a, b) = (a.as_str(), b.as_str());
    let price = points
        .iter()
        .find(|p| p.noun.is_price() && p.diff.is_some());
    let won = |name: &str| -> Vec<&Point> {
        let mut won: Vec<&Point> = points
            .iter()
            .filter(|p| !p.noun.is_price() && p.winner() == Some(name))
            .collect();
        let answers = |p: &&Point| p.diff.is_some_and(|d| w.request.answer.contains(&d.id));
        won.sort_by_key(|p| !answers(p));
        won
    };
    let (dear, cheap) = match price.and_then(Point::larger) {
        Some(dear) if dear == b => (b, a),
        _ => (a, b),
    };
    let (for_dear, for_cheap) = (won(dear), won(cheap));
    outline.lead = lead(w, price, (dear, cheap), &for_dear, &for_cheap);
    if outline.lead.is_empty() {
        return outline;
    }
    w.section();
    let prices = price
        .map(|p| prices(w, p, (dear, cheap)))
        .unwrap_or_default();
    outline.push(Theme::Money, prices);
    w.section();
    let wordy = a.split(' ').chain(b.split(' ')).count() >= WORDY;
    let mut said = Vec::new();
    for (number, point) in for_dear.iter().chain(&for_cheap).enumerate() {
        said.extend(contrast(w, point, wordy || number % 2 == 0));
    }
    outline.push(Theme::Judged, said);
    w.section();
    let neutral: Vec<&Point> = points
        .iter()
        .filter(|p| p.diff.is_some() && p.winner().is_none() && p.values.len() == 2)
        .collect();
    let mut said = Vec::new();
    for point in neutral.iter().take(4) {
        said.extend(neither(w, point));
    }
    outline.push(Theme::Figures, said);
    w.section();
    let differing: Vec<&Point> = points
        .iter()
        .filter(|p| p.diff.is_none() && p.values.len() == 2 && !p.is_same())
        .collect();
    let same: Vec<&Point> = points
        .iter()
        .filter(|p| p.diff.is_none() && p.is_same())
        .collect();
    let mut said = Vec::new();
    for group in differing.chunks(if wordy { 1 } else { 2 }) {
        said.extend(unlike(w, group, (dear, cheap)));
    }
    // One on its own and the others together: sentences of one length tire.
    let (single, rest) = same.split_at(usize::from(same.len() > 2));
    for group in rest.chunks(3).chain(single.chunks(1)) {
        said.extend(alike(w, group));
    }
    outline.push(Theme::Kinds, said);
    w.section();
    outline.verdict = verdict(w, price, (dear, cheap), &for_dear, &for_cheap);
    outline
}

fn points<'r>(w: &Wording<'r>) -> Vec<Point<'r>> {
    let mut order: Vec<&str> = Vec::new();
    let mut points: BTreeMap<&str, Point> = BTreeMap::new();
    for claim in &w.request.claims {
        if !matches!(claim.op, ClaimOp::Diff | ClaimOp::Value) {
            continue;
        }
        let point = points.entry(&claim.column).or_insert_with(|| {
            order.push(&claim.column);
            Point {
                noun: w.noun(&claim.column),
                diff: None,
                values: Vec::new(),
            }
        });
        match claim.op {
            ClaimOp::Diff => point.diff = Some(claim),
            _ => point.values.push(claim),
        }
    }
    order
        .into_iter()
        .filter_map(|name| points.remove(name))
        .collect()
}

/// `weighs 7.7 kg less`, for the one that is named.
fn differs(w: &Wording, point: &Point, name: &str) -> String {
    let up = point.larger() == Some(name);
    let by = point.diff.map(|d| w.amount(d)).unwrap_or_default();
    point.noun.differs(&by, up)
}

fn differs_than(w: &Wording, point: &Point, name: &str, other: &str) -> String {
    let up = point.larger() == Some(name);
    let by = point.diff.map(|d| w.amount(d)).unwrap_or_default();
    point.noun.differs_than(&by, up, other)
}

const PRICES: &[&str] = &[
    "{a} is listed at {va}, {b} at {vb}.",
    "[You pay|Expect to pay] {va} for {a} and {vb} for {b}.",
    "The prices are {va} for {a} and {vb} for {b}.",
    "[On the price tag of|On the tag of] {a} stands {va}; {b} comes at {vb}.",
    "{b} costs {vb}, and {a} costs {va}.",
    "It takes {vb} to buy {b}, [against|but] {va} for {a}.",
    "With {a} the bill reads {va}; with {b} it is {vb}.",
];

const APART: &[&str] = &[
    "[The gap|The gap here|The whole gap]: {d}.",
    "{d} lies [between|between them|in between].",
    "[The gap|The gap here|The price gap] is {d}.",
    "You [decide|have to decide|must decide] over {d}.",
    "The difference[:| is| comes to] {d}.",
    "[The step|That step|This step] costs {d}.",
];

fn prices(w: &mut Wording, price: &Point, (dear, cheap): (&str, &str)) -> Vec<Sentence> {
    let (Some(va), Some(vb)) = (price.value(dear), price.value(cheap)) else {
        return Vec::new();
    };
    let slots: Slots = vec![
        ("a", w.name(dear)),
        ("b", w.name(cheap)),
        ("va", format!("{}{}", w.amount(va), w.on(dear))),
        ("vb", format!("{}{}", w.amount(vb), w.on(cheap))),
    ];
    let mut said = w.one(PRICES, slots, &[va, vb]);
    if let Some(diff) = price.diff {
        said.extend(w.one(APART, vec![("d", w.amount(diff))], &[diff]));
    }
    said
}

const CONTRAST: &[&str] = &[
    "{w} {sw}; {l} {al}.",
    "[At|With] {vw} against the other's {vl}, {label} speaks for {w}.",
    "{l} {sl}, [which puts it|and that puts it] behind {w} with {vw}.",
    "{w} {than}, at {vw} to {vl}.",
    "In {label}, {w} is ahead of {l}: [read|it is] {vw} to {vl}.",
    "Put {w} beside {l} and {label} differs by {d}: {vw} to {vl}.",
    "[By|Going by] {label} it is {w} again, with {vw} to the {vl} of {l}.",
    "Where {l} {sl}, {w} {aw}.",
];

const CONTRAST_SHORT: &[&str] = &[
    "Of the two, {w} {more}, {vw} to {vl}.",
    "{label_c} goes to {w}, {vw} to the other's {vl}.",
    "It is {w} that {more}: {vw} to the other's {vl}.",
    "{vw} to {vl}: of the two, {w} {more}.",
    "In {label}, {w} is ahead of the other, {vw} to {vl}.",
    "{w} {more}; [the other follows with|the other comes to|the other stays at] {vl}.",
    "[Compare the two|Set the two side by side] and it is {w} that {more}, {vw} to {vl}.",
];

fn contrast(w: &mut Wording, point: &Point, short: bool) -> Vec<Sentence> {
    let Some((diff, winner)) = point.diff.zip(point.winner()) else {
        return Vec::new();
    };
    let loser = if diff.rows[0] == winner {
        &diff.rows[1]
    } else {
        &diff.rows[0]
    };
    let (Some(vw), Some(vl)) = (point.value(winner), point.value(loser)) else {
        return Vec::new();
    };
    let l = w.name(loser);
    let slots: Slots = vec![
        ("w", w.name(winner)),
        ("than", differs_than(w, point, winner, &l)),
        ("l", l),
        ("vw", w.amount(vw)),
        ("vl", w.amount(vl)),
        ("sw", point.noun.states(&w.amount(vw), false)),
        ("sl", point.noun.states(&w.amount(vl), false)),
        ("aw", point.noun.answers(&w.amount(vw))),
        ("al", point.noun.answers(&w.amount(vl))),
        ("d", w.amount(diff)),
        ("label", point.noun.the()),
        ("label_c", point.noun.the()),
        ("more", point.noun.exceeds(diff.rows[0] == winner)),
    ];
    let templates = if short { CONTRAST_SHORT } else { CONTRAST };
    w.one(templates, slots, &[diff, vw, vl])
}

const NEITHER: &[&str] = &[
    "{a} {sa}; {b} {rb}.",
    "As for {label}, [read|count] {va} for {a} and {vb} for {b}.",
    "{a} {sa}, {d} apart from the {vb} of {b}.",
    "They are {d} apart in {label}: {va} for {a}, {vb} for {b}.",
    "In {label}, the choice is yours: {va} with {a} or {vb} with {b}.",
    "An obvious difference is {label}, {va} with {a} and {vb} with {b}.",
    "{b} {sb} [where|while] {a} {ra}.",
];

fn neither(w: &mut Wording, point: &Point) -> Vec<Sentence> {
    let Some(diff) = point.diff else {
        return Vec::new();
    };
    let (a, b) = (&diff.rows[0], &diff.rows[1]);
    let (Some(va), Some(vb)) = (point.value(a), point.value(b)) else {
        return Vec::new();
    };
    let slots: Slots = vec![
        ("a", w.name(a)),
        ("b", w.name(b)),
        ("va", w.amount(va)),
        ("vb", w.amount(vb)),
        ("sa", point.noun.states(&w.amount(va), false)),
        ("sb", point.noun.states(&w.amount(vb), false)),
        ("ra", point.noun.answers(&w.amount(va))),
        ("rb", point.noun.answers(&w.amount(vb))),
        ("d", w.amount(diff)),
        ("label", point.noun.the()),
    ];
    w.one(NEITHER, slots, &[diff, va, vb])
}

const UNLIKE: &[&str] = &[
    "{a} {pa}, while {b} {pb}.",
    "[Here they part|At this point they part]: {a} {pa}, and {b} {pb}.",
    "{b} {pb}; {a} {pa}.",
    "Where {a} {pa}, {b} {pb}.",
    "You are choosing between different designs here, for {a} {pa} and {b} {pb}.",
    "[One difference|A difference] is no matter of degree: {a} {pa}, but {b} {pb}.",
    "{a} {pa}, [unlike|as opposed to] {b}, which {pb}.",
];

fn unlike(w: &mut Wording, group: &[&Point], (a, b): (&str, &str)) -> Vec<Sentence> {
    let does = |w: &Wording, name: &str| -> Vec<String> {
        let values = group.iter().filter_map(|p| p.value(name).map(|c| (p, c)));
        values
            .map(|(p, c)| p.noun.states(&w.amount(c), false))
            .collect()
    };
    let (pa, pb) = (does(w, a), does(w, b));
    let mut claims: Vec<&Claim> = group.iter().filter_map(|p| p.value(a)).collect();
    claims.extend(group.iter().filter_map(|p| p.value(b)));
    let slots: Slots = vec![
        ("a", w.name(a)),
        ("b", w.name(b)),
        ("pa", together(&pa)),
        ("pb", together(&pb)),
    ];
    w.one(UNLIKE, slots, &claims)
}

const ALIKE: &[&str] = &[
    "Both {many}.",
    "[Whichever you take|Whichever of the two you take], it {one}.",
    "The two are identical here: both {many}.",
    "Nothing here [sets them apart|speaks for either]: both {many}.",
    "What the two [share|have alike]: they {many}.",
    "You sacrifice nothing here with either, since both {many}.",
    "{a} {one}, and so does {b}.",
];

fn alike(w: &mut Wording, group: &[&Point]) -> Vec<Sentence> {
    let values: Vec<(&Noun, String)> = group
        .iter()
        .map(|p| (p.noun.as_ref(), w.amount(p.values[0])))
        .collect();
    let many: Vec<String> = values.iter().map(|(n, v)| n.states(v, true)).collect();
    let one: Vec<String> = values.iter().map(|(n, v)| n.states(v, false)).collect();
    let rows: Vec<String> = group[0]
        .values
        .iter()
        .filter_map(|c| c.rows.first().cloned())
        .collect();
    let claims: Vec<&Claim> = group
        .iter()
        .flat_map(|p| p.values.iter().copied())
        .collect();
    let slots: Slots = vec![
        ("a", w.name(&rows[0])),
        ("b", w.name(&rows[1])),
        ("many", together(&many)),
        ("one", together(&one)),
    ];
    w.one(ALIKE, slots, &claims)
}
