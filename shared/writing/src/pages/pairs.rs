//! Two products: neither dominates the other, or one costs more and adds something.

use rust_decimal::{Decimal, prelude::ToPrimitive};
use va_domain::content::PageKind;

use super::{Argument, CLAIMS_AT_LEAST, Proposal, Refusal, labels, tags, the};
use crate::{
    field::{Field, Profile},
    words::capital,
};

/// How many pages a product may share with another one.
const PAIRS_EACH: usize = 2;
/// How many products of the shortlist are paired.
const PAIRED: usize = 60;

/// Two products and what speaks for each.
struct Pair<'f, 'c> {
    /// The dearer, or the one with the larger first figure.
    a: usize,
    b: usize,
    /// Columns in which one or the other is better, and whether it is `a`.
    judged: Vec<(&'f Profile<'c>, bool)>,
    /// Columns that both state.
    shared: usize,
    score: i64,
}

/// Comparisons, and reasons to pay more, best first.
pub(super) fn propose(
    field: &Field,
    wanted: usize,
    refused: &mut Vec<Refusal>,
) -> (Vec<Proposal>, Vec<Proposal>) {
    let judges = field.profiles.iter().any(Profile::is_judged);
    let rows = &field.shortlist[..field.shortlist.len().min(PAIRED)];
    let measures = field.measures();
    let mut comparisons = Vec::new();
    let mut pay_more = Vec::new();
    let mut dominated = 0_usize;
    for (at, &one) in rows.iter().enumerate() {
        for &other in &rows[at + 1..] {
            let Some(pair) = pair(field, &measures, one, other) else {
                continue;
            };
            let (for_a, for_b) = (
                pair.judged.iter().any(|(_, a)| *a),
                pair.judged.iter().any(|(_, a)| !*a),
            );
            if judges && !(for_a && for_b) {
                dominated += usize::from(for_a || for_b);
                continue;
            }
            let price = field.price().map(|p| p.at);
            let only_price = pair.judged.iter().all(|(p, a)| *a || Some(p.at) == price);
            if judges && price.is_some() && only_price {
                pay_more.push(pair)
            } else {
                comparisons.push(pair)
            }
        }
    }
    if comparisons.is_empty() && pay_more.is_empty() && rows.len() > 1 {
        let reason = if dominated > 0 {
            "in each pair that states the same columns, one product is at least as good in all of them"
        } else {
            "no two products state enough of the same columns"
        };
        refused.push(Refusal {
            topic: "one product or the other".to_owned(),
            reason: reason.to_owned(),
        });
    }
    let mut used = vec![0; field.rows()];
    let comparisons = pick(field, comparisons, &mut used, wanted, refused);
    let mut used = vec![0; field.rows()];
    let pay_more = pick(field, pay_more, &mut used, wanted, refused);
    (comparisons, pay_more)
}

fn pair<'f, 'c>(
    field: &'f Field<'c>,
    measures: &[&Profile],
    one: usize,
    other: usize,
) -> Option<Pair<'f, 'c>> {
    let both =
        |p: &&Profile| !field.cell(one, p).is_missing() && !field.cell(other, p).is_missing();
    let shared = field.profiles.iter().filter(both).count();
    let order = measures.iter().find_map(|p| {
        Some(field.number(one, p)?.cmp(&field.number(other, p)?)).filter(|o| o.is_ne())
    });
    let (a, b) = if order.is_some_and(std::cmp::Ordering::is_lt) {
        (other, one)
    } else {
        (one, other)
    };
    let mut judged: Vec<(&Profile, bool)> = Vec::new();
    let mut differing = 0_i64;
    for profile in &field.profiles {
        let (Some(x), Some(y)) = (field.number(a, profile), field.number(b, profile)) else {
            let (x, y) = (field.cell(a, profile), field.cell(b, profile));
            differing += i64::from(!x.is_missing() && !y.is_missing() && x.raw != y.raw);
            continue;
        };
        if x == y {
            continue;
        }
        differing += 1;
        if profile.is_judged() {
            judged.push((
                profile,
                (x > y) == (profile.column.better == va_catalogue::Better::Higher),
            ));
        }
    }
    if shared < 2 || differing < 2 {
        return None;
    }
    let near = measures
        .first()
        .map_or(0.0, |p| match (field.number(a, p), field.number(b, p)) {
            (Some(x), Some(y)) if x > Decimal::ZERO => {
                let gap = x
                    .checked_sub(y)
                    .and_then(|d| d.abs().checked_div(x))
                    .and_then(|d| d.to_f64())
                    .unwrap_or(1.0);
                gap.min(1.0)
            }
            _ => 1.0,
        });
    let balance = i64::try_from(judged.len()).unwrap_or(0) * 4;
    #[allow(clippy::cast_possible_truncation, reason = "between 0 and 1")]
    let distance = (near * 60.0) as i64;
    let score = i64::try_from(shared).unwrap_or(0) * 6 + differing * 2 + balance - distance;
    Some(Pair {
        a,
        b,
        judged,
        shared,
        score,
    })
}

fn pick(
    field: &Field,
    mut pairs: Vec<Pair>,
    used: &mut [usize],
    wanted: usize,
    refused: &mut Vec<Refusal>,
) -> Vec<Proposal> {
    pairs.sort_by_key(|p| (-p.score, p.a, p.b));
    let mut picked = Vec::new();
    for pair in pairs {
        if picked.len() >= wanted {
            break;
        }
        if used[pair.a] >= PAIRS_EACH || used[pair.b] >= PAIRS_EACH {
            continue;
        }
        let proposal = page(field, &pair);
        if proposal.claims.len() < CLAIMS_AT_LEAST {
            if refused.len() < 12 {
                let reason = format!(
                    "the two share {} columns, which give fewer than eight claims",
                    pair.shared
                );
                refused.push(Refusal {
                    topic: proposal.topic,
                    reason,
                });
            }
            continue;
        }
        used[pair.a] += 1;
        used[pair.b] += 1;
        picked.push(proposal);
    }
    picked
}

fn page(field: &Field, pair: &Pair) -> Proposal {
    let (a, b) = (pair.a, pair.b);
    let price = field.price().map(|p| p.at);
    let judges = field.profiles.iter().any(Profile::is_judged);
    let pay_more = judges
        && pair
            .judged
            .iter()
            .all(|(p, for_a)| *for_a || Some(p.at) == price)
        && price.is_some();
    // The one with the larger figure first.
    let ordered = |profile: &Profile| {
        let (x, y) = (field.number(a, profile), field.number(b, profile));
        if x > y { [a, b] } else { [b, a] }
    };
    let diff = |profile: &Profile| {
        let [more, less] = ordered(profile);
        field.diff(more, less, profile)
    };
    let values = |profile: &Profile| ordered(profile).map(|row| field.value(row, profile));
    let mut said = Argument::default();
    // The answer: the price where it differs, and the strongest point on the other side.
    let mut lead: Vec<&Profile> = Vec::new();
    lead.extend(
        pair.judged
            .iter()
            .find(|(p, _)| Some(p.at) == price)
            .map(|(p, _)| *p),
    );
    let mut rest: Vec<&(&Profile, bool)> = pair
        .judged
        .iter()
        .filter(|(p, _)| Some(p.at) != price)
        .collect();
    rest.sort_by(|x, y| y.0.split.total_cmp(&x.0.split).then(x.0.at.cmp(&y.0.at)));
    let priced_for_a = lead
        .first()
        .is_some_and(|p| pair.judged.iter().any(|(q, for_a)| q.at == p.at && *for_a));
    if !lead.is_empty() {
        lead.extend(
            rest.iter()
                .find(|(_, for_a)| *for_a != priced_for_a)
                .map(|(p, _)| *p),
        );
    } else {
        lead.extend(rest.iter().find(|(_, for_a)| *for_a).map(|(p, _)| *p));
        lead.extend(rest.iter().find(|(_, for_a)| !*for_a).map(|(p, _)| *p));
    }
    let measures = field.measures();
    if lead.is_empty() {
        let differ = |p: &&&Profile| {
            let (x, y) = (field.number(a, p), field.number(b, p));
            x.is_some() && y.is_some() && x != y
        };
        lead.extend(measures.iter().filter(differ).take(2));
    }
    for profile in &lead {
        let first = diff(profile);
        said.add(first.or_else(|| values(profile).into_iter().flatten().next()));
    }
    let answer = said.len();
    for profile in &lead {
        said.add(values(profile).into_iter().flatten());
    }
    let both = |p: &&Profile| !field.cell(a, p).is_missing() && !field.cell(b, p).is_missing();
    let led: Vec<usize> = lead.iter().map(|p| p.at).collect();
    let mut others: Vec<&Profile> = field
        .profiles
        .iter()
        .filter(both)
        .filter(|p| !led.contains(&p.at) && !p.in_name)
        .collect();
    others.sort_by_key(|p| (!p.is_judged(), !p.is_number(), p.at));
    for profile in others.iter().take(8) {
        let (x, y) = (field.number(a, profile), field.number(b, profile));
        if x.is_some() && x != y {
            said.add(diff(profile));
            said.add(values(profile).into_iter().flatten());
        } else {
            said.add(
                [field.value(a, profile), field.value(b, profile)]
                    .into_iter()
                    .flatten(),
            );
        }
    }
    if judges {
        said.add([field.dominance(a, b), field.dominance(b, a)]);
    }
    let one = |row: usize, other: usize| {
        let open = field
            .profiles
            .iter()
            .filter(move |p| field.cell(row, p).is_missing() && !field.cell(other, p).is_missing());
        open.take(3)
            .filter_map(move |p| field.left_open(row, p))
            .collect::<Vec<_>>()
    };
    said.add(one(a, b));
    said.add(one(b, a));
    let (first, second) = (the(field.name(a)), the(field.name(b)));
    let topics: Vec<&Profile> = lead.iter().copied().chain(others.iter().copied()).collect();
    // What a higher price buys is not the price.
    let asked: Vec<&Profile> = topics
        .iter()
        .copied()
        .filter(|p| !pay_more || Some(p.at) != price)
        .collect();
    let about = labels(&asked, 3);
    let (title, question, angle) = if pay_more {
        (
            format!("Why pay more for {first}? What it adds to {second}"),
            format!("What does the higher price of {first} buy over {second} in {about}?"),
            "one step up in price and what comes with it",
        )
    } else if judges {
        (
            format!("{} or {second}: which one to take", capital(&first)),
            format!("Who should take {first} and who {second}, given their {about}?"),
            "two products side by side, neither ahead in everything",
        )
    } else {
        (
            format!("{} and {second} side by side", capital(&first)),
            format!("How do {first} and {second} differ in {about}?"),
            "two products side by side, described and not judged",
        )
    };
    let mut tags = tags(field, &[a, b]);
    tags.insert(
        0,
        if pay_more { "upgrades" } else { "comparisons" }.to_owned(),
    );
    Proposal {
        kind: if pay_more {
            PageKind::WhyPayMore
        } else {
            PageKind::Comparison
        },
        topic: format!("{first} against {second}"),
        title,
        question,
        angle: angle.to_owned(),
        answer: answer.max(1),
        claims: said.claims,
        spare: Vec::new(),
        rows: vec![a, b],
        chosen: None,
        columns: topics.iter().map(|p| p.at).collect(),
        tags,
    }
}
