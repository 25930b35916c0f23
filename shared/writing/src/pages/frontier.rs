//! What each further amount of money buys: the products that are ahead of everything that costs no more.

use rust_decimal::Decimal;
use va_catalogue::Better;
use va_domain::content::{Claim, FilterTest};

use crate::{
    facts::filter,
    field::{Field, Profile},
    words::plain,
};

/// How many steps are told.
const STEPS: usize = 4;

/// A product that no other beats on the price and on one column at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    price: Decimal,
    row: usize,
}

/// The steps that are worth a sentence each, in the judged column where money buys the most of them.
pub(super) fn told(field: &Field) -> Vec<Claim> {
    best(field).map(|(_, claims)| claims).unwrap_or_default()
}

/// The column whose frontier a page tells and draws.
pub(crate) fn column<'f, 'c>(field: &'f Field<'c>) -> Option<&'f Profile<'c>> {
    let found = best(field).map(|(column, _)| column);
    found.or_else(|| field.judged().first().copied())
}

fn best<'f, 'c>(field: &'f Field<'c>) -> Option<(&'f Profile<'c>, Vec<Claim>)> {
    let price = field.price()?;
    let lines = field.judged().into_iter().map(|by| {
        let line = line(field, price, by);
        (by, line)
    });
    // Of equals the first: the columns stand in the order in which they separate the field.
    lines
        .filter(|(_, line)| line.len() >= 2)
        .min_by_key(|(_, line)| std::cmp::Reverse(line.len()))
}

fn line(field: &Field, price: &Profile, by: &Profile) -> Vec<Claim> {
    let higher = by.column.better == Better::Higher;
    let claims: Vec<Claim> = steps(field, price, by)
        .into_iter()
        .filter(|step| field.is_nameable(step.row))
        .filter_map(|step| {
            let limit = filter(price, FilterTest::Le, plain(step.price));
            field
                .extreme(by, higher, &[(price, limit)])
                .filter(|c| c.rows.len() == 1)
        })
        .collect();
    // The first, the last, and those between them that are well apart.
    let wanted = claims.len().min(STEPS);
    let last = claims.len().saturating_sub(1);
    let place = |n: usize| n * last / wanted.saturating_sub(1).max(1);
    (0..wanted).map(|n| claims[place(n)].clone()).collect()
}

/// One step a price at which something gets better, the cheapest first.
fn steps(field: &Field, price: &Profile, by: &Profile) -> Vec<Step> {
    let higher = by.column.better == Better::Higher;
    let mut steps: Vec<Step> = Vec::new();
    let mut best: Option<Decimal> = None;
    let mut from = 0;
    while from < price.numbers.len() {
        let level = price.numbers[from].0;
        let to = price.numbers.partition_point(|(n, _)| *n <= level);
        let ahead = |n: Decimal| best.is_none_or(|b| if higher { n > b } else { n < b });
        let rows = price.numbers[from..to].iter().map(|(_, row)| *row as usize);
        let stated = rows.filter_map(|row| Some((field.number(row, by)?, row)));
        let top = stated.max_by_key(|(n, row)| (if higher { *n } else { -*n }, usize::MAX - row));
        if let Some((n, row)) = top.filter(|(n, _)| ahead(*n)) {
            best = Some(n);
            steps.push(Step { price: level, row });
        }
        from = to;
    }
    steps
}

/// The rows of a chart of the price against a column: all that state both, as many as a page can carry; the
/// frontier is among them in any case, and the others are spread over the prices.
pub(crate) fn drawn(field: &Field, price: &Profile, by: &Profile, most: usize) -> Vec<usize> {
    let mut rows: Vec<usize> = price
        .numbers
        .iter()
        .map(|(_, row)| *row as usize)
        .filter(|&row| field.is_nameable(row) && field.number(row, by).is_some())
        .collect();
    if rows.len() > most {
        let ahead: Vec<usize> = steps(field, price, by).iter().map(|s| s.row).collect();
        let room = most.saturating_sub(ahead.len()).max(1);
        let spread = (0..room).map(|n| rows[n * rows.len() / room]);
        let mut kept: Vec<usize> = ahead.iter().copied().chain(spread).collect();
        kept.sort_unstable();
        kept.dedup();
        rows.retain(|row| kept.binary_search(row).is_ok());
    }
    rows
}
