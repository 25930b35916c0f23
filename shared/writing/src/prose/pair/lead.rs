//! The answer: what is traded between two products.

use va_domain::content::Claim;

use super::{Point, differs, differs_than, points};
use crate::prose::{
    labels::together,
    voice::Slots,
    wording::{Sentence, Wording},
};

/// A sentence with more letters than this in its parts says one thing less.
const LONG: usize = 60;

const TRADE: &[&str] = &[
    "{a} costs {d} more than {b}, but [it|for that it|in return it] {w}.",
    "{b} saves you {d}; [for that money|for that sum|for the difference], {a} {w}.",
    "For {d} on top of [the price of|what you pay for|the sum for] {b}, {a} {w}.",
    "{a} {wt}, [and|but|yet] costs {d} more for it.",
    "[Cheaper by {d}|At {d} less|With {d} less to pay], {b} sacrifices something: {a} {w}.",
    "Is the step worth it? {a} [costs|asks|takes] {d} more and {w}, with {b} as the measure.",
    "[Between these two|Here|In this pair] you trade {d} for one advantage above all: {a} {w}.",
    "What does the step buy? [Next to|Set beside|Held against] {b}, {a} {w} and costs {d} more.",
];

const TRADE_PLAIN: &[&str] = &[
    "{a} {w}, [but|although|whereas] {b} {v}.",
    "[While|Where|Whereas] {a} {w}, {b} {v}.",
    "[Each has its point|Each has something for it|Both have a point]: {a} {w}, and {b} {v}.",
    "{b} {v}; [on the other hand|for its part|in turn], {a} {w}.",
    "[It is|You have|This is] a choice of two gains: {a} {w}, {b} {v}.",
    "One {v}, and that is {b}; [the other|its rival|its counterpart], {a}, {w}.",
];

const DESCRIBED: &[&str] = &[
    "{a} {wt}[.|, to begin with.|, first of all.]",
    "[Set side by side|Compared|Held together], {a} {wt}.",
    "{a} {w}, with {b} as the [measure|yardstick|reference].",
    "[Next to|Beside|Compared with] {b}, {a} {w}.",
    "[Take|With|Taking] {b} as the measure, {a} {w}.",
    "[The first thing to see|What shows first|What stands out] is that {a} {wt}.",
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

/// What the step in price buys, or what each has for itself; then the answer to it.
pub(super) fn lead(
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
