//! Whom one product suits.

use va_domain::content::{Claim, ClaimOp};

use super::upward;
use crate::prose::{
    columns::Direction,
    moves::{Act, Move},
    voice::Slots,
    wording::{Sentence, Wording},
};

const FIRST: &[&str] = &[
    "Look at {o} before you take {s}.",
    "So compare {s} with {o} first, unless something outside the judged columns decides.",
    "If you want {s}, check first what {o} lacks for you.",
    "Take {s} only if something that is not judged here speaks for it; else go to {o}.",
    "With {o} in the table, {s} needs a reason that no judged column gives.",
    "[Before you settle on|Before you decide for] {s}, read the line of {o} too.",
];

const CONSIDER: &[&str] = &[
    "Look at {s} if you want {gain}: [there|in that] it {ranks}.",
    "The argument in favour of {s} is obvious: it {ranks}.",
    "If you are after {gain}, keep {s} on your list, for it {ranks}.",
    "{s} {ranks}, and [that is|there lies] the reason to take it.",
    "Those who look for {gain} [find it here|are right here]: {s} {ranks}.",
    "[The reason to choose|What makes the case for] {s} is {label}, in which it {ranks}.",
];

const MIDDLE: &[&str] = &[
    "No judged column puts {s} in front, so let [its price|the price] and your own needs decide.",
    "{s} leads in nothing that is judged here; consider it for its equipment instead.",
    "[Nothing|No place] above makes the case for {s} alone, so consider its alternatives as well.",
    "{s} stays in the field rather than at its head; [look at its build|look at what it has] to decide.",
    "Without a place in front, {s} has to win you by [its build|what it has].",
];

/// What the reader is told to do.
pub(super) fn verdict(w: &mut Wording, name: &str, placed: &[(&Claim, &Claim)]) -> Vec<Sentence> {
    let beaten = w
        .request
        .claims
        .iter()
        .find(|c| c.op == ClaimOp::Dominates && c.value == "yes" && c.rows.len() == 2);
    if let Some(beaten) = beaten {
        let mut said = Vec::new();
        let step = Move {
            act: Act::Beats,
            claims: vec![beaten],
        };
        said.extend(w.say(&step, None));
        let slots: Slots = vec![("o", w.name(&beaten.rows[0])), ("s", w.name(name))];
        said.extend(w.one(FIRST, slots, &[beaten]));
        return said;
    }
    let best = placed
        .iter()
        .filter(|(v, _)| w.noun(&v.column).column.better != Direction::None)
        .min_by_key(|(_, r)| r.value.parse::<u64>().unwrap_or(u64::MAX));
    let Some((value, rank)) = best else {
        return Vec::new();
    };
    // A place in the rear speaks for nobody.
    let front = rank
        .value
        .parse::<u32>()
        .is_ok_and(|place| place <= 6 && place.saturating_mul(3) <= w.request.field_size.max(3));
    let noun = w.noun(&value.column);
    let slots: Slots = vec![
        ("s", w.name(name)),
        ("gain", noun.gain(upward(&noun))),
        ("label", noun.the()),
        ("ranks", noun.ranks(&rank.value, upward(&noun), "")),
    ];
    w.one(if front { CONSIDER } else { MIDDLE }, slots, &[rank])
}
