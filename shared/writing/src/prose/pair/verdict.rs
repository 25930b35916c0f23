//! Who should take which of two products.

use va_domain::content::{Claim, PageKind};

use super::{Point, points};
use crate::{
    prose::{
        voice::Slots,
        wording::{Sentence, Wording},
    },
    words::list,
};

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

/// What the reader is told to do.
pub(super) fn verdict(
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
