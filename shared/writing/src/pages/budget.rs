//! The best below a price: prices at gaps of the distribution, by one stated column.

use rust_decimal::{Decimal, prelude::ToPrimitive};
use va_domain::content::{FilterTest, PageKind};

use super::{Argument, CLAIMS_AT_LEAST, Proposal, Refusal, fields, labels};
use crate::{
    facts::filter,
    field::{Field, Profile},
    prose::superlative,
    words::{amount, inner, plain},
};

/// A choice needs at least as many candidates.
const CANDIDATES: usize = 3;
/// The most prices below which a page looks.
const THRESHOLDS: usize = 4;

/// Prices at gaps of the distribution below which one product is ahead, in order of price.
pub(super) fn propose(field: &Field, wanted: usize, refused: &mut Vec<Refusal>) -> Vec<Proposal> {
    let mut refuse = |reason: &str| {
        refused.push(Refusal {
            topic: "the best below a price".to_owned(),
            reason: reason.to_owned(),
        });
        Vec::new()
    };
    let Some(price) = field.price() else {
        return refuse("no column states a price");
    };
    let judged = field.judged();
    if judged.is_empty() {
        return refuse("no column besides the price says which direction is better");
    }
    let numbers = &price.numbers;
    let mut pages: Vec<(usize, Proposal)> = Vec::new();
    let mut winners: Vec<usize> = Vec::new();
    for target in 1..=wanted.min(THRESHOLDS) {
        // The widest gap in each part of the distribution, up to three quarters of it.
        let parts = wanted.min(THRESHOLDS) + 1;
        let (from, to) = (
            numbers.len() * (2 * target - 1) / (2 * parts),
            numbers.len() * (2 * target + 1) / (2 * parts),
        );
        let gaps = (from.max(CANDIDATES)..to).filter_map(|at| {
            let (below, above) = (numbers[at - 1].0, numbers[at].0);
            let step = above.checked_sub(below)?.checked_div(above)?.to_f64()?;
            (step > 0.0 && field.is_nameable(numbers[at].1 as usize)).then_some((step, at))
        });
        let Some((_, at)) = gaps.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))) else {
            continue;
        };
        // Neighbours answer by different columns or name different products.
        let turned = judged.iter().cycle().skip(target - 1).take(judged.len());
        let led = turned.filter_map(|criterion| {
            Some((*criterion, winner(field, criterion, price, numbers[at].0)?))
        });
        let mut led = led.filter(|(_, winner)| !winners.contains(winner));
        if let Some((criterion, winner)) = led.next() {
            winners.push(winner);
            pages.push((at, page(field, price, &judged, criterion, at, winner)));
        }
    }
    pages.sort_by_key(|(at, _)| *at);
    let pages = pages.into_iter().map(|(_, page)| page);
    let (good, poor): (Vec<Proposal>, Vec<Proposal>) =
        pages.partition(|p| p.claims.len() >= CLAIMS_AT_LEAST);
    if good.is_empty() && poor.is_empty() {
        return refuse("no gap between the prices leaves three candidates and one of them ahead");
    }
    for page in poor {
        refused.push(Refusal {
            topic: page.topic,
            reason: "the candidates give fewer than eight claims".to_owned(),
        });
    }
    good
}

/// The one product that is ahead by the criterion below a price.
fn winner(field: &Field, criterion: &Profile, price: &Profile, below: Decimal) -> Option<usize> {
    let filters = [(price, filter(price, FilterTest::Lt, plain(below)))];
    let largest = criterion.column.better == va_catalogue::Better::Higher;
    match field.holders(criterion, largest, &filters)?.1[..] {
        [one] if field.is_nameable(one) => Some(one),
        _ => None,
    }
}

/// The roundest price above `low` and not above `high`.
fn round_between(low: Decimal, high: Decimal) -> Decimal {
    let mut step = Decimal::ONE;
    while step.checked_mul(Decimal::TEN).is_some_and(|s| s <= high) {
        step *= Decimal::TEN;
    }
    // Tens before fives before ones, from the largest power down.
    for _ in 0..16 {
        for step in [step, step / Decimal::TWO] {
            let Some(times) = high.checked_div(step) else {
                continue;
            };
            let round = times.floor() * step;
            if round > low {
                return round.normalize();
            }
        }
        step /= Decimal::TEN;
    }
    high
}

fn page(
    field: &Field,
    price: &Profile,
    judged: &[&Profile],
    criterion: &Profile,
    at: usize,
    winner: usize,
) -> Proposal {
    let dearer = price.numbers[at].1 as usize;
    let limit = round_between(price.numbers[at - 1].0, price.numbers[at].0);
    let below = || filter(price, FilterTest::Lt, plain(limit));
    let filters = [(price, below())];
    let better = |p: &Profile| p.column.better == va_catalogue::Better::Higher;
    let mut said = Argument::default();
    said.add(field.extreme(criterion, better(criterion), &filters));
    said.add([field.count(&filters)]);
    let answer = said.len();
    said.add(field.value(winner, price));
    said.add(field.value(dearer, price));
    for profile in judged.iter().filter(|p| p.at != criterion.at).take(5) {
        said.add(field.extreme(profile, better(profile), &filters));
    }
    if let Some((_, best)) = field.holders(criterion, better(criterion), &[])
        && let Some(&best) = best.iter().find(|row| field.is_nameable(**row))
        && best != winner
    {
        let (more, less) = if better(criterion) {
            (best, winner)
        } else {
            (winner, best)
        };
        said.add(field.diff(more, less, criterion));
        said.add(
            match field.number(best, price) > field.number(winner, price) {
                true => field.diff(best, winner, price),
                false => field.diff(winner, best, price),
            },
        );
    }
    for profile in field.kinds().into_iter().take(3) {
        if let Some((value, _)) = profile
            .groups
            .iter()
            .find(|(v, _)| v == "yes")
            .or(profile.groups.first())
        {
            let count = field.count(&[
                (price, below()),
                (profile, filter(profile, FilterTest::Eq, value.clone())),
            ]);
            said.add(Some(count).filter(|c| c.value != "0"));
        }
    }
    for profile in field
        .profiles
        .iter()
        .filter(|p| p.at != price.at && p.at != criterion.at && !p.in_name)
        .take(6)
    {
        said.add(field.value(winner, profile));
    }
    said.add(
        field
            .profiles
            .iter()
            .filter_map(|p| field.left_open(winner, p))
            .take(4),
    );
    let mut rows: Vec<usize> = price.numbers[..at]
        .iter()
        .map(|(_, row)| *row as usize)
        .collect();
    let cut = rows.len() > fields::TABLE_ROWS;
    if cut {
        // The dearest candidates are those between which the choice is hardest.
        rows.drain(..rows.len() - fields::TABLE_ROWS);
    }
    let amount = amount(&plain(limit), price.column.unit.as_deref());
    let label = inner(&criterion.label);
    let end = superlative(criterion, better(criterion));
    let mut columns = vec![price.at];
    columns.extend(judged.iter().map(|p| p.at));
    columns.extend(field.kinds().iter().map(|p| p.at));
    Proposal {
        kind: PageKind::BestUnder,
        topic: format!("the {end} {label} under {amount}"),
        title: format!("The {end} {label} under {amount}"),
        question: format!("Which product has the {end} {label} for less than {amount}?"),
        angle: format!("only what costs less, by {}", labels(judged, 3)),
        answer: answer.max(1),
        claims: said.claims,
        spare: Vec::new(),
        rows,
        chosen: Some(if cut {
            "The table shows the dearest of the candidates below the limit"
        } else {
            "The table shows every candidate below the limit"
        }),
        columns,
        tags: vec!["budgets".to_owned()],
    }
}
