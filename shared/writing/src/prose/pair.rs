//! Two products: what is traded, what each has for itself, what they share, who should take which.

use std::collections::BTreeMap;

use va_domain::content::{Claim, ClaimOp, PageKind};

use super::{
    columns::Direction,
    headings::Theme,
    nouns::{Noun, together},
    outline::Outline,
    voice::Slots,
    wording::{Sentence, Wording},
};
use crate::words::list;

/// A sentence with more letters than this in its parts says one thing less.
const LONG: usize = 60;
/// Two names of as many words together leave a sentence less room.
const WORDY: usize = 6;

/// What two products state in one column.
struct Point<'c> {
    noun: Noun,
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

const TRADE: &[&str] = &[
    "{a} costs {d} more than {b}, but [it|for that it] {w}.",
    "{b} saves you {d}; [for that money|for that sum], {a} {w}.",
    "For {d} on top of [the price of|what you pay for] {b}, {a} {w}.",
    "{a} {wt}, [and|but] costs {d} more for it.",
    "[Cheaper by {d}|At {d} less], {b} sacrifices something: {a} {w}.",
    "Is the step worth it? {a} [costs|asks] {d} more and {w}, with {b} as the measure.",
    "[Between these two|Here] you trade {d} for one advantage above all: {a} {w}.",
    "What does the step buy? [Next to|Set beside] {b}, {a} {w} and costs {d} more.",
];

const TRADE_PLAIN: &[&str] = &[
    "{a} {w}, [but|although] {b} {v}.",
    "[While|Where] {a} {w}, {b} {v}.",
    "Each has its point: {a} {w}, and {b} {v}.",
    "{b} {v}; on the other hand, {a} {w}.",
    "[It is|You have] a choice of two gains: {a} {w}, {b} {v}.",
    "One {v}, and that is {b}; the other, {a}, {w}.",
];

const DESCRIBED: &[&str] = &[
    "{a} {wt}[.|, to begin with.]",
    "[Set side by side|Compared], {a} {wt}.",
    "{a} {w}, with {b} as the [measure|yardstick].",
    "[Next to|Beside] {b}, {a} {w}.",
    "[Take|With] {b} as the measure, {a} {w}.",
    "[The first thing to see|What shows first] is that {a} {wt}.",
];

const ANSWER: &[&str] = &[
    "[On the other side|Against that], {b} {wins}.",
    "{b} has [an answer|a reply]: it {wins}.",
    "Nevertheless, {b} {wins}.",
    "[In addition to the price|Apart from its price], {b} has another advantage: it {wins}.",
    "But it is {b} that {wins}.",
    "[Conversely|In compensation], {b} {wins}.",
];

const AND_MORE: &[&str] = &[
    "It also {wins}.",
    "[In addition|Additionally], it {wins}.",
    "And {a} {wins} as well.",
    "[There is|There speaks] a second point for it: {a} {wins}.",
    "Nor is that all, for {a} {wins}.",
    "[Next to that|With it], {a} {wins}.",
];

fn lead(
    w: &mut Wording,
    price: Option<&Point>,
    (dear, cheap): (&str, &str),
    for_dear: &[&Point],
    for_cheap: &[&Point],
) -> Vec<Sentence> {
    let mut claims: Vec<&Claim> = Vec::new();
    let mut said;
    let rest_dear;
    let mut rest_cheap = for_cheap;
    if let (Some(price), [first, others @ ..]) = (price, for_dear) {
        let d = price.diff.map(|d| w.amount(d)).unwrap_or_default();
        claims.extend(price.diff);
        claims.extend(first.diff);
        let b = w.name(cheap);
        let slots: Slots = vec![
            ("w", differs(w, first, dear)),
            ("wt", differs_than(w, first, dear, &b)),
            ("a", w.name(dear)),
            ("b", b),
            ("d", d),
        ];
        said = w.one(TRADE, slots, &claims);
        rest_dear = others;
    } else if let (None, [one, more @ ..], [other, others @ ..]) = (price, for_dear, for_cheap) {
        claims.extend(one.diff);
        claims.extend(other.diff);
        let slots: Slots = vec![
            ("w", differs(w, one, dear)),
            ("v", differs(w, other, cheap)),
            ("a", w.name(dear)),
            ("b", w.name(cheap)),
        ];
        said = w.one(TRADE_PLAIN, slots, &claims);
        (rest_dear, rest_cheap) = (more, others);
    } else {
        let Some(point) = points(w).into_iter().find(|p| p.diff.is_some()) else {
            return Vec::new();
        };
        claims.extend(point.diff);
        let b = w.name(cheap);
        let slots: Slots = vec![
            ("w", differs(w, &point, dear)),
            ("wt", differs_than(w, &point, dear, &b)),
            ("a", w.name(dear)),
            ("b", b),
        ];
        return w.one(DESCRIBED, slots, &claims);
    }
    let (list_of, name, points): (_, _, &[&Point]) = if rest_cheap.is_empty() {
        (AND_MORE, dear, rest_dear)
    } else {
        (ANSWER, cheap, rest_cheap)
    };
    // Two gains in one sentence, where that does not make it long.
    let brief = name.len()
        + points
            .iter()
            .take(2)
            .map(|p| differs(w, p, name).len())
            .sum::<usize>();
    let points = &points[..points.len().min(if brief < LONG { 2 } else { 1 })];
    if !points.is_empty() {
        let wins: Vec<String> = points.iter().map(|p| differs(w, p, name)).collect();
        let claims: Vec<&Claim> = points.iter().filter_map(|p| p.diff).collect();
        let slots: Slots = vec![
            ("wins", together(&wins)),
            (if name == dear { "a" } else { "b" }, w.name(name)),
        ];
        // "It" is the product that the first sentence is about.
        let mut next = w.one(list_of, slots, &claims);
        if let Some(sentence) = next.first_mut().filter(|s| s.text.starts_with("It ")) {
            sentence.text = format!(
                "{} {}",
                crate::words::capital(&w.name(dear)),
                &sentence.text[3..]
            );
        }
        said.extend(next);
    }
    said
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
        .map(|p| (&p.noun, w.amount(p.values[0])))
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

const CHOOSE: &[&str] = &[
    "Choose {a} if you want {la}, and {b} if you want {lb}.",
    "[If you look for {la}|If you are after {la}], take {a}; if {lb} is what you want, take {b}.",
    "Take {b} for {lb}, and {a} for {la}.",
    "So {a} is for those who want {la}, and {b} for those who prefer {lb}.",
    "[Those who want {lb}|Whoever wants {lb}] should choose {b}; with {la} in mind, choose {a}.",
    "{b} [suits you|is the one] if you ask for {lb}; go for {a} if it has to be {la}.",
    "It comes down to this: {la} with {a}, or {lb} with {b}.",
];

const PAY: &[&str] = &[
    "Pay the {d} only if you want {la}; [otherwise|if not], keep to {b}.",
    "[If you want {la}|Where {la} counts], the step up to {a} has its justification; if not, take {b} and keep {d}.",
    "Skip {a} and keep the {d}, unless you look for {la}.",
    "The argument for {a} rests on {la}; [without that necessity|otherwise], {b} does for {d} less.",
    "Take {b} if the price comes first; [take|choose] {a} if you want {la} and have {d} to spend on it.",
    "{d} [for|buys] {la}: if that sounds right, take {a}, or else {b}.",
];

const DECIDE: &[&str] = &[
    "Whether {a} or {b} fits depends on what you want in {labels}.",
    "The table leaves the judging to you: decide between {a} and {b} by {labels}.",
    "Read {labels} with your own use in mind, then choose {a} or {b}.",
    "{labels} tell {a} and {b} apart; which way is right is for you to say.",
    "Take {a} or {b} by what you need in {labels}.",
    "No column says which of the two wins, so let {labels} decide between {a} and {b}.",
];

fn verdict(
    w: &mut Wording,
    price: Option<&Point>,
    (dear, cheap): (&str, &str),
    for_dear: &[&Point],
    for_cheap: &[&Point],
) -> Vec<Sentence> {
    let gains = |points: &[&Point], name: &str| -> (Vec<String>, Vec<String>) {
        points
            .iter()
            .take(2)
            .map(|p| {
                (
                    p.noun.gain(p.larger() == Some(name)),
                    p.diff.map(|d| d.id.clone()).unwrap_or_default(),
                )
            })
            .unzip()
    };
    let (la, mut ids) = gains(for_dear, dear);
    let (mut lb, others) = gains(for_cheap, cheap);
    ids.extend(others.into_iter().take(if price.is_some() { 1 } else { 2 }));
    if let Some(price) = price {
        lb.truncate(1);
        lb.insert(0, "a lower price".to_owned());
        ids.extend(price.diff.map(|d| d.id.clone()));
    }
    let claims: Vec<&Claim> = w
        .request
        .claims
        .iter()
        .filter(|c| ids.contains(&c.id))
        .collect();
    let mut slots: Slots = vec![
        ("a", w.name(dear)),
        ("b", w.name(cheap)),
        ("la", list(&la)),
        ("lb", list(&lb)),
    ];
    if let (Some(price), PageKind::WhyPayMore, false) = (price, w.request.kind, la.is_empty()) {
        slots.push(("d", price.diff.map(|d| w.amount(d)).unwrap_or_default()));
        return w.one(PAY, slots, &claims);
    }
    if !la.is_empty() && !lb.is_empty() {
        return w.one(CHOOSE, slots, &claims);
    }
    let points: Vec<Point> = points(w)
        .into_iter()
        .filter(|p| p.diff.is_some())
        .take(3)
        .collect();
    let labels: Vec<String> = points.iter().map(|p| p.noun.the()).collect();
    let claims: Vec<&Claim> = points.iter().filter_map(|p| p.diff).collect();
    if labels.is_empty() {
        return Vec::new();
    }
    slots.push(("labels", list(&labels)));
    w.one(DECIDE, slots, &claims)
}
