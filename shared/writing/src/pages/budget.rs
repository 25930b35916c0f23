//! The best below a price: prices at gaps of the distribution, by one stated column.

use rust_decimal::{Decimal, prelude::ToPrimitive};
use va_domain::content::{FilterTest, PageKind};

use super::{Argument, CLAIMS_AT_LEAST, Proposal, Refusal, fields, labels, the};
use crate::{
    facts::filter,
    field::{Field, Profile},
    words::{inner, plain},
};

/// A choice needs at least as many candidates.
const CANDIDATES: usize = 3;
/// How many gaps of the price distribution are looked at.
const GAPS: usize = 60;

/// Prices below which the answer changes, the widest gap first, then in order of price.
pub(super) fn propose(field: &Field, wanted: usize, refused: &mut Vec<Refusal>) -> Vec<Proposal> {
    let mut refuse = |reason: &str| {
        refused.push(Refusal { topic: "the best below a price".to_owned(), reason: reason.to_owned() });
        Vec::new()
    };
    let Some(price) = field.price() else { return refuse("no column states a price") };
    let judged = field.judged();
    let Some(criterion) = judged.first() else {
        return refuse("no column besides the price says which direction is better");
    };
    let numbers = &price.numbers;
    let mut gaps: Vec<(f64, usize)> = (CANDIDATES..numbers.len())
        .filter_map(|at| {
            let (below, above) = (numbers[at - 1].0, numbers[at].0);
            let step = above.checked_sub(below)?.checked_div(above)?.to_f64()?;
            // Below the dearest price there is nearly everything, and that is no budget.
            (step > 0.0 && at * 10 <= numbers.len() * 9 && field.is_nameable(numbers[at].1 as usize)).then_some((step, at))
        })
        .collect();
    gaps.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    gaps.truncate(GAPS);
    let mut accepted: Vec<(usize, usize)> = Vec::new();
    for (_, at) in gaps {
        let Some(winner) = winner(field, criterion, price, numbers[at].0) else { continue };
        accepted.push((at, winner));
    }
    accepted.sort_unstable();
    // Neighbours with the same answer are one page: the one at the higher price says more.
    let mut distinct: Vec<(usize, usize)> = Vec::new();
    for (at, winner) in accepted {
        match distinct.last_mut() {
            Some(last) if last.1 == winner => *last = (at, winner),
            _ => distinct.push((at, winner)),
        }
    }
    let step = distinct.len().div_ceil(wanted.max(1)).max(1);
    let pages: Vec<Proposal> =
        distinct.into_iter().step_by(step).map(|(at, winner)| page(field, price, &judged, at, winner)).collect();
    let (good, poor): (Vec<Proposal>, Vec<Proposal>) = pages.into_iter().partition(|p| p.claims.len() >= CLAIMS_AT_LEAST);
    if good.is_empty() && poor.is_empty() {
        return refuse("no gap between the prices leaves three candidates and one of them ahead");
    }
    for page in poor {
        refused.push(Refusal { topic: page.topic, reason: "the candidates give fewer than eight claims".to_owned() });
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

fn page(field: &Field, price: &Profile, judged: &[&Profile], at: usize, winner: usize) -> Proposal {
    let (limit, dearer) = (price.numbers[at].0, price.numbers[at].1 as usize);
    let below = || filter(price, FilterTest::Lt, plain(limit));
    let filters = [(price, below())];
    let better = |p: &Profile| p.column.better == va_catalogue::Better::Higher;
    let criterion = judged[0];
    let mut said = Argument::default();
    said.add(field.extreme(criterion, better(criterion), &filters));
    said.add([field.count(&filters)]);
    let answer = said.len();
    said.add(field.value(winner, price));
    said.add(field.value(dearer, price));
    for profile in judged.iter().skip(1).take(5) {
        said.add(field.extreme(profile, better(profile), &filters));
    }
    if let Some((_, best)) = field.holders(criterion, better(criterion), &[])
        && let Some(&best) = best.iter().find(|row| field.is_nameable(**row))
        && best != winner
    {
        let (more, less) = if better(criterion) { (best, winner) } else { (winner, best) };
        said.add(field.diff(more, less, criterion));
        said.add(match field.number(best, price) > field.number(winner, price) {
            true => field.diff(best, winner, price),
            false => field.diff(winner, best, price),
        });
    }
    for profile in field.kinds().into_iter().take(3) {
        if let Some((value, _)) = profile.groups.iter().find(|(v, _)| v == "yes").or(profile.groups.first()) {
            said.add([field.count(&[(price, below()), (profile, filter(profile, FilterTest::Eq, value.clone()))])]);
        }
    }
    for profile in field.profiles.iter().filter(|p| p.at != price.at && p.at != criterion.at).take(6) {
        said.add(field.value(winner, profile));
    }
    said.add(field.profiles.iter().filter_map(|p| field.left_open(winner, p)).take(4));
    let mut rows: Vec<usize> = price.numbers[..at].iter().map(|(_, row)| *row as usize).collect();
    let cut = rows.len() > fields::TABLE_ROWS;
    if cut {
        // The dearest candidates are those between which the choice is hardest.
        rows.drain(..rows.len() - fields::TABLE_ROWS);
    }
    let name = the(field.name(dearer));
    let label = inner(&criterion.label);
    let mut columns = vec![price.at];
    columns.extend(judged.iter().map(|p| p.at));
    columns.extend(field.kinds().iter().map(|p| p.at));
    Proposal {
        kind: PageKind::BestUnder,
        topic: format!("below the price of {name}"),
        title: format!("Below the price of {name}: the best {label}"),
        question: format!("Which product has the best {label} below the price of {name}?"),
        angle: format!("only what costs less, by {}", labels(judged, 3)),
        answer: answer.max(1),
        claims: said.claims,
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
