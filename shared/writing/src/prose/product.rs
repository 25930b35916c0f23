//! One product: what it costs, where it stands, what one step down or up changes, whom it suits.

mod verdict;

use va_domain::content::{Claim, ClaimOp, FilterTest};

use super::{
    columns::Direction,
    headings::Theme,
    labels::together,
    nouns::Noun,
    outline::Outline,
    voice::Slots,
    wording::{Sentence, Wording},
};
use crate::words::list;
use verdict::verdict;

/// A page about one product.
pub(super) fn outline(w: &mut Wording) -> Outline {
    let mut outline = Outline::default();
    let claims = &w.request.claims;
    let Some(name) = claims.first().and_then(|c| c.rows.first()) else {
        return outline;
    };
    let own = |c: &&Claim| c.rows.len() == 1 && &c.rows[0] == name;
    let rank_of = |column: &str| {
        claims
            .iter()
            .find(|c| c.op == ClaimOp::Rank && c.column == column && own(c))
    };
    let placed: Vec<(&Claim, &Claim)> = claims
        .iter()
        .filter(|c| c.op == ClaimOp::Value && own(c))
        .filter_map(|c| Some((c, rank_of(&c.column)?)))
        .collect();
    let Some((first, rest)) = placed.split_first() else {
        return outline;
    };
    outline.lead = opening(w, name, *first);
    let (strong, others): (Vec<_>, Vec<_>) = rest
        .iter()
        .copied()
        .partition(|(value, _)| w.request.answer.contains(&value.id));
    for pair in &strong {
        outline.lead.extend(strength(w, *pair));
    }
    w.section();
    let below = claims
        .iter()
        .find(|c| c.op == ClaimOp::Share && !c.filter.is_empty());
    let mut said = below
        .map(|share| fewer(w, share, first.0))
        .unwrap_or_default();
    let (single, others) = others.split_at(usize::from(others.len() > 1));
    for group in single.chunks(1).chain(others.chunks(2)) {
        said.extend(stands(w, name, group));
    }
    outline.push(Theme::Judged, said);
    w.section();
    let diffs: Vec<&Claim> = claims.iter().filter(|c| c.op == ClaimOp::Diff).collect();
    for up in [false, true] {
        let said = neighbour(w, name, &diffs, up);
        outline.push(Theme::Neighbours, said);
    }
    w.section();
    let plain: Vec<&Claim> = claims
        .iter()
        .filter(|c| c.op == ClaimOp::Value && own(c) && rank_of(&c.column).is_none())
        .collect();
    let mut said: Vec<Sentence> = Vec::new();
    let (single, others) = plain.split_at(usize::from(plain.len() > 2));
    for group in single.chunks(1).chain(others.chunks(3)) {
        let again = said.last().is_some();
        said.extend(equipped(w, name, group, again));
    }
    outline.push(Theme::Kinds, said);
    w.section();
    outline.verdict = verdict(w, name, &placed);
    outline
}

const OPENING: &[&str] = &[
    "{s} [costs|is listed at|comes at|is priced at] {v}{on} and [|so |thus ]{ranks}.",
    "[At|With a price of|Listed at|Priced at] {v}{on}, {s} [|thus |therefore ]{ranks}.",
    "[You pay|The table has|The catalogue says|Expect to pay] {v} for {s}{on_c}, which [|thus |therefore ]{ranks} by price.",
    "[The price of|What you pay for|The bill for|The sum for] {s} is {v}{on}; [it|so it|thus it] {ranks}.",
    "{v}{on} [is the price of|buys|is what you pay for|is asked for] {s}, which [|thus |therefore ]{ranks}.",
    "[Where does {s} stand|Where is {s} to be placed|How does {s} rank]? [At|With|Priced at|Listed at] {v}{on}, it {ranks}.",
    "{s} {ranks}[, with|, given|, at|, having] a [|stated |listed ]price of {v}{on}.",
    "[By price|On price|As to price|Going by price], {s} {ranks}: [it costs|it is listed at|it comes at] {v}{on}.",
];

const OPENING_PLAIN: &[&str] = &[
    "[|As listed, |By its data sheet, ]{s} {states} and [so|thus|hence|therefore] {ranks}.",
    "[With|Given|Having|Because of] {with}, {s} [|thus |therefore ]{ranks}.",
    "[|In this table, |By its data sheet, ]{s} {ranks}; [it|the reason is that it|this is because it|as listed, it] {states}.",
    "[Where does {s} stand|Where is {s} to be placed|How does {s} rank]? [It|As listed, it|In short, it|Plainly put, it] {states} and {ranks}.",
    "[In|On|As to|For] {label}, {s} {ranks}, [for|since|as] it {states}.",
    "[|In this table, |By its data sheet, ][as|since|because|seeing that] it {states}, {s} {ranks}.",
];

/// Of how many a place is one, where the page has that figure.
fn among<'r>(w: &Wording<'r>, column: &str) -> (String, Option<&'r Claim>) {
    let stated = w
        .request
        .claims
        .iter()
        .find(|c| c.op == ClaimOp::Count && c.filter.is_empty() && c.column == column);
    match stated {
        Some(c) if c.value == w.request.field_size.to_string() => {
            (format!("the {} listed here", c.value), Some(c))
        }
        Some(c) if w.noun(column).is_price() => (format!("the {} with a price", c.value), Some(c)),
        Some(c) => (format!("the {} that state it", c.value), Some(c)),
        None => (String::new(), None),
    }
}

fn upward(noun: &Noun) -> bool {
    noun.column.better == Direction::Higher
}

fn opening(w: &mut Wording, name: &str, (value, rank): (&Claim, &Claim)) -> Vec<Sentence> {
    let noun = w.noun(&value.column);
    let (among, count) = among(w, &value.column);
    let mut ranks = noun.ranks(&rank.value, upward(&noun), &among);
    if noun.is_price() {
        ranks = ranks.replace(&format!(" by {}", noun.label), "");
        if rank.value.parse::<u32>().is_ok_and(|n| n > 6) {
            ranks = format!("{ranks}, counted from the cheapest");
        }
    }
    let mut claims = vec![value, rank];
    claims.extend(count);
    let slots: Slots = vec![
        ("s", w.name(name)),
        ("v", w.amount(value)),
        ("on_c", w.comma_on(name)),
        ("on", w.on(name)),
        ("ranks", ranks),
        ("states", noun.states(&w.amount(value), false)),
        ("with", noun.with(&w.amount(value))),
        ("label", noun.the()),
    ];
    let templates = if noun.is_price() {
        OPENING
    } else {
        OPENING_PLAIN
    };
    w.one(templates, slots, &claims)
}

const STRENGTH: &[&str] = &[
    "[Its strong side|Its strong point] is {label}: {r}, at {v}.",
    "It {states}, {r}.",
    "[Outside the price|Price aside], look at {label} first: {v}, {r}.",
    "[Most|What speaks] for it: it {states}, {r}.",
    "The column in which it comes out [furthest ahead|strongest] is {label}, with {v}, {r}.",
    "In its favour, it {states}, {r}.",
    "{v} puts {label} on its side: {r}.",
];

fn strength(w: &mut Wording, (value, rank): (&Claim, &Claim)) -> Vec<Sentence> {
    let noun = w.noun(&value.column);
    let (among, count) = among(w, &value.column);
    let place = noun.place(&rank.value, upward(&noun));
    let r = if among.is_empty() {
        place
    } else {
        format!("{place} of {among}")
    };
    let mut claims = vec![value, rank];
    claims.extend(count);
    let slots: Slots = vec![
        ("v", w.amount(value)),
        ("r", r),
        ("states", noun.states(&w.amount(value), false)),
        ("label", noun.the()),
    ];
    w.one(STRENGTH, slots, &claims)
}

const STANDS: &[&str] = &[
    "{s} {p}.",
    "[In other respects|Considered otherwise], {s} {p}.",
    "[In addition|Additionally], {s} {p}.",
    "As to the rest that is judged, {s} {p}.",
    "[Read along its line|Along its line] and you find that {s} {p}.",
    "Beyond that comparison, {s} {p}.",
];

const STANDS_IT: &[&str] = &[
    "It {p}.",
    "[Moreover|Furthermore], it {p}.",
    "[On top of that|To go on], it {p}.",
    "[Then|And] it {p}.",
];

fn stands(w: &mut Wording, name: &str, group: &[(&Claim, &Claim)]) -> Vec<Sentence> {
    let parts: Vec<String> = group
        .iter()
        .map(|(value, rank)| {
            let noun = w.noun(&value.column);
            let place = noun.place(&rank.value, upward(&noun));
            format!("{} ({place})", noun.states(&w.amount(value), false))
        })
        .collect();
    let claims: Vec<&Claim> = group.iter().flat_map(|(v, r)| [*v, *r]).collect();
    let again = w.last_named(name);
    let mut slots: Slots = vec![("p", list(&parts))];
    if again {
        return w.one(STANDS_IT, slots, &claims);
    }
    slots.push(("s", w.name(name)));
    w.one(STANDS, slots, &claims)
}

const FEWER: &[&str] = &[
    "{share} of those with {a} are {less} than {s}.",
    "Of all that state {label}, {share} are {less} than {s}.",
    "[With {v}|At {v}], {s} leaves {share} of the field below it.",
    "{s} has {share} of the field {on_side}, if {label} is what you count.",
    "[Set among the rest|Put among the others], {s} has {share} of them {on_side}.",
    "Count those that are {less} than {s}, and you get {share} of all with {a}.",
    "A price below {v} is what {share} of the field have, {s} set aside.",
    "[As prices go|As far as money goes], {share} of the others come in below {s}.",
];

fn fewer(w: &mut Wording, share: &Claim, own: &Claim) -> Vec<Sentence> {
    let Some(filter) = share.filter.first().filter(|f| f.test == FilterTest::Lt) else {
        return Vec::new();
    };
    let noun = w.noun(&filter.column);
    if !noun.is_price() {
        return Vec::new();
    }
    let slots: Slots = vec![
        ("s", w.name(&own.rows[0])),
        ("v", w.amount(own)),
        ("share", w.amount(share)),
        ("a", "a price".to_owned()),
        ("label", noun.the()),
        ("less", noun.comparative(false).to_owned()),
        ("on_side", "below it".to_owned()),
    ];
    w.one(FEWER, slots, &[share, own])
}

const DOWN: &[&str] = &[
    "One step down is {o}: {d} {less}, {but} it {cmp}.",
    "[Spend {d} less|Save {d}] and you arrive at {o}, which {cmp}.",
    "The next below is {o}; it saves {d} {but} {cmp}.",
    "{o} costs {d} less {but} {cmp}.",
    "If {d} is important to you, consider {o} next below, which {cmp}.",
    "[Below it|Just below it] comes {o}, {d} {less}, {but} it {cmp}.",
    "And one step back? {o} takes {d} off the bill, {but} it {cmp}.",
];

const UP: &[&str] = &[
    "One step up is {o}: {d} more, {but} it {cmp}.",
    "[Add {d}|Put {d} on top] and you reach {o}, which {cmp}.",
    "The next above is {o}; it asks for {d} more {but} {cmp}.",
    "{o} costs {d} more {but} {cmp}.",
    "With an additional {d} available, there is {o}, which {cmp}.",
    "[Above it|Just above it] comes {o}, {d} {more}, {but} it {cmp}.",
    "And one step further? {o} adds {d} to the bill, {but} {cmp}.",
];

const DOWN_BARE: &[&str] = &[
    "One step down is {o}, {d} {less}.",
    "[Spend {d} less|Save {d}] and you arrive at {o}.",
    "The next below is {o}, which saves {d}.",
    "[Below it|Just below it] comes {o} for {d} less.",
];

const UP_BARE: &[&str] = &[
    "One step up is {o}, {d} {more}.",
    "[Add {d}|Put {d} on top] and you reach {o}.",
    "The next above is {o}, which asks for {d} more.",
    "[Above it|Just above it] comes {o} for {d} more.",
];

/// The next product below or above, and what changes with it.
fn neighbour(w: &mut Wording, name: &str, diffs: &[&Claim], up: bool) -> Vec<Sentence> {
    let own = usize::from(up);
    let step = diffs
        .iter()
        .find(|d| d.rows.len() == 2 && d.rows[own] == name && w.noun(&d.column).is_price());
    let Some(step) = step else {
        return Vec::new();
    };
    let other = step.rows[1 - own].as_str();
    let traded = diffs.iter().find(|d| {
        d.column != step.column
            && d.rows.iter().any(|r| r == other)
            && d.rows.iter().any(|r| r == name)
    });
    let price = w.noun(&step.column);
    let mut slots: Slots = vec![
        ("o", w.name(other)),
        ("d", w.amount(step)),
        ("less", price.comparative(false).to_owned()),
        ("more", price.comparative(true).to_owned()),
    ];
    let Some(traded) = traded else {
        let templates = if up { UP_BARE } else { DOWN_BARE };
        return w.one(templates, slots, &[step]);
    };
    let noun = w.noun(&traded.column);
    let larger = traded.rows[0] == other;
    let wins = match noun.column.better {
        Direction::Higher => Some(larger),
        Direction::Lower => Some(!larger),
        Direction::None => None,
    };
    // What is given up is a concession; what is won, or told without a verdict, just goes on.
    let but = if wins == Some(false) { "but" } else { "and" };
    slots.push(("but", but.to_owned()));
    slots.push(("cmp", noun.differs(&w.amount(traded), larger)));
    let templates = if up { UP } else { DOWN };
    w.one(templates, slots, &[step, traded])
}

const EQUIPPED: &[&str] = &[
    "{s} {p}.",
    "[Furthermore|In addition], {s} {p}.",
    "[As its description says|According to its data sheet], {s} {p}.",
    "With {s} you get a product that {p}.",
    "[What else is known|What is stated besides]: {s} {p}.",
    "According to the catalogue, {s} {p}.",
    "[Told and left to you|Described for the record]: {s} {p}.",
];

const EQUIPPED_IT: &[&str] = &[
    "It {p}.",
    "[In addition|Additionally], it {p}.",
    "[Then|And] it {p}.",
    "Finally, it {p}.",
];

fn equipped(w: &mut Wording, name: &str, group: &[&Claim], again: bool) -> Vec<Sentence> {
    let parts: Vec<String> = group
        .iter()
        .map(|c| w.noun(&c.column).states(&w.amount(c), false))
        .collect();
    let mut slots: Slots = vec![("p", together(&parts))];
    if again && w.last_named(name) {
        return w.one(EQUIPPED_IT, slots, group);
    }
    slots.push(("s", w.name(name)));
    w.one(EQUIPPED, slots, group)
}
