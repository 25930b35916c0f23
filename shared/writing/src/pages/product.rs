//! One product and its place in the field.

use va_domain::content::{Claim, FilterTest, PageKind};

use super::{Argument, CLAIMS_AT_LEAST, Proposal, labels, tags, the};
use crate::{
    facts::filter,
    field::{Field, Profile},
    words::{capital, plain},
};

/// So many columns make the pages of two products differ by themselves.
const VARIED: usize = 4;
/// With fewer, this many realisations keep them apart.
const ALIKE_AT_MOST: usize = 4;

/// Products with enough to say, those of which most is stated first.
pub(super) fn propose(field: &Field, wanted: usize) -> Vec<Proposal> {
    let pages = field.shortlist.iter().filter_map(|&row| page(field, row));
    // Over few columns, one product's page reads like the next one's.
    let columns = field.measures().len() + field.kinds().len();
    let most = if columns < VARIED {
        ALIKE_AT_MOST
    } else {
        wanted
    };
    pages
        .filter(|page| page.claims.len() >= CLAIMS_AT_LEAST)
        .take(wanted.min(most))
        .collect()
}

fn page(field: &Field, row: usize) -> Option<Proposal> {
    let measures: Vec<&Profile> = field
        .measures()
        .into_iter()
        .filter(|p| field.number(row, p).is_some())
        .collect();
    let first = *measures.first()?;
    let judges = measures.iter().any(|p| p.is_judged());
    let mut said = Argument::default();
    // A place that many share is none.
    let place = |profile: &Profile| -> Vec<Claim> {
        let alone = !is_shared(field, row, profile) || profile.at == first.at;
        let rank = field.rank(row, profile).filter(|_| alone);
        [field.value(row, profile), rank]
            .into_iter()
            .flatten()
            .collect()
    };
    said.add(place(first));
    let strongest = strongest(field, row, &measures);
    said.add(strongest.map(place).unwrap_or_default());
    // A place is one of as many as state the column.
    said.add([field.stated(first)]);
    said.add(strongest.map(|p| field.stated(p)));
    let answer = said.len();
    let below = field
        .number(row, first)
        .map(|own| filter(first, FilterTest::Lt, plain(own)));
    said.add(
        below
            .and_then(|below| field.share(first, below))
            .filter(|share| share.value != "0"),
    );
    let neighbours = neighbours(field, row, first);
    if let Some(lower) = neighbours.0 {
        said.add(field.diff(row, lower, first));
        said.add(traded(field, row, lower, &measures));
    }
    if let Some(upper) = neighbours.1 {
        said.add(field.diff(upper, row, first));
        said.add(traded(field, upper, row, &measures));
    }
    for profile in measures.iter().skip(1).take(6) {
        // A place in a column that nobody judges says nothing, unless there is no other.
        if profile.is_judged() || !judges {
            said.add(place(profile));
        } else {
            said.add(field.value(row, profile));
        }
    }
    for profile in field.kinds().into_iter().take(5) {
        said.add(field.value(row, profile));
    }
    said.add(ahead(field, row).map(|other| field.dominance(other, row)));
    said.add(
        field
            .profiles
            .iter()
            .filter_map(|p| field.left_open(row, p))
            .take(6),
    );
    let name = the(field.name(row));
    let about = labels(&measures, 3);
    let mut rows: Vec<usize> = neighbours
        .0
        .into_iter()
        .chain([row])
        .chain(neighbours.1)
        .collect();
    rows.dedup();
    let mut tags = tags(field, &[row]);
    tags.insert(0, "products".to_owned());
    Some(Proposal {
        kind: PageKind::Product,
        topic: format!("{name} and its place"),
        title: format!("{} among its rivals", capital(&name)),
        question: format!("Where does {name} stand among the products listed here in {about}?"),
        angle: "one product, its place in each column, and its nearest neighbours".to_owned(),
        answer,
        claims: said.claims,
        spare: Vec::new(),
        rows,
        chosen: Some("The table shows the product and its nearest neighbours"),
        columns: measures
            .iter()
            .map(|p| p.at)
            .chain(field.kinds().iter().map(|p| p.at))
            .collect(),
        tags,
    })
}

/// The next product below and above that can be named.
fn neighbours(field: &Field, row: usize, profile: &Profile) -> (Option<usize>, Option<usize>) {
    let Some(own) = field.number(row, profile) else {
        return (None, None);
    };
    let nameable = |(_, other): &&(rust_decimal::Decimal, u32)| field.is_nameable(*other as usize);
    let from = profile.numbers.partition_point(|(n, _)| *n < own);
    let to = profile.numbers.partition_point(|(n, _)| *n <= own);
    let lower = profile.numbers[..from].iter().rev().find(nameable);
    let upper = profile.numbers[to..].iter().find(nameable);
    (
        lower.map(|(_, row)| *row as usize),
        upper.map(|(_, row)| *row as usize),
    )
}

/// The judged column besides the first in which the product stands furthest up.
fn strongest<'f, 'c>(
    field: &Field<'c>,
    row: usize,
    measures: &[&'f Profile<'c>],
) -> Option<&'f Profile<'c>> {
    let place = |profile: &&&Profile| {
        field
            .rank(row, profile)
            .and_then(|c| c.value.parse::<usize>().ok())
            .unwrap_or(usize::MAX)
    };
    measures
        .iter()
        .skip(1)
        .filter(|p| p.is_judged() && !is_shared(field, row, p))
        .min_by_key(place)
        .copied()
}

/// Whether more than one in ten of those that state a column have the same figure as this product.
fn is_shared(field: &Field, row: usize, profile: &Profile) -> bool {
    let Some(own) = field.number(row, profile) else {
        return false;
    };
    let from = profile.numbers.partition_point(|(n, _)| *n < own);
    let to = profile.numbers.partition_point(|(n, _)| *n <= own);
    to - from > 1 && (to - from) * 10 > profile.numbers.len()
}

/// A product of the same kinds that is at least as good in three judged columns or more, or in all there are.
fn ahead(field: &Field, row: usize) -> Option<usize> {
    let judged: Vec<&Profile> = field.profiles.iter().filter(|p| p.is_judged()).collect();
    let both = |other: usize| {
        judged
            .iter()
            .filter(|p| field.number(row, p).is_some() && field.number(other, p).is_some())
            .count()
    };
    let alike = |other: usize| {
        let (one, two) = (
            |p: &Profile| field.cell(row, p),
            |p: &Profile| field.cell(other, p),
        );
        field
            .kinds()
            .into_iter()
            .all(|p| one(p).is_missing() || two(p).is_missing() || one(p).raw == two(p).raw)
    };
    field.shortlist.iter().copied().find(|&other| {
        other != row
            && field.dominates(other, row)
            && both(other) >= judged.len().min(3)
            && alike(other)
    })
}

/// One other column in which two neighbours differ.
fn traded(field: &Field, one: usize, other: usize, measures: &[&Profile]) -> Option<Claim> {
    let judged = measures.iter().skip(1).filter(|p| p.is_judged());
    judged.chain(measures.iter().skip(1)).find_map(|profile| {
        let more = field.number(one, profile)? > field.number(other, profile)?;
        if more {
            field.diff(one, other, profile)
        } else {
            field.diff(other, one, profile)
        }
    })
}
