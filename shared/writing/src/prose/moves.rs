//! Claims that are said together: one move is one sentence.

use va_domain::content::{Claim, ClaimOp, FilterTest};

use super::columns::{Columns, Direction};

/// What a sentence does with its claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Act {
    /// How many products there are.
    Size,
    /// Smallest, largest, and perhaps how far apart.
    Ends,
    /// One end of a column.
    Extreme,
    /// One end of a column among those that pass a filter.
    Leader,
    /// The median, and perhaps how many stand well below and above.
    Middle,
    /// A difference with both values.
    Contrast,
    /// A difference.
    Step,
    /// Two differences of one pair, each for another side.
    Trade,
    /// How many times as much.
    Times,
    /// A value and its place.
    Placed,
    /// A place.
    Place,
    /// One value.
    Holds,
    /// One column, two to four products.
    Side,
    /// How many fall to each value of a column.
    Split,
    /// How common one value is.
    Common,
    /// How many are below one product.
    Below,
    /// How many pass a filter.
    Passing,
    /// How many state a column.
    Stated,
    /// How many leave a column open, and perhaps the share that does not.
    Open,
    /// What one product leaves open.
    LeftOpen,
    /// How two columns move together.
    Together,
    /// One product is at least as good in everything.
    Beats,
    /// Neither is.
    Neither,
}

/// One sentence to be: its act and its claims.
#[derive(Clone, Debug)]
pub(super) struct Move<'c> {
    pub act: Act,
    pub claims: Vec<&'c Claim>,
}

/// Groups claims that follow each other into moves.
pub(super) fn moves<'c>(claims: &[&'c Claim], columns: &Columns) -> Vec<Move<'c>> {
    let mut found = Vec::new();
    let mut rest = claims;
    while let Some((act, taken)) = next(rest, columns) {
        let (now, later) = rest.split_at(taken);
        found.push(Move {
            act,
            claims: now.to_vec(),
        });
        rest = later;
    }
    found
}

/// The next move and how many claims it takes.
fn next(claims: &[&Claim], columns: &Columns) -> Option<(Act, usize)> {
    let first = *claims.first()?;
    let at = |n: usize| claims.get(n).copied();
    let same = |n: usize| at(n).filter(|c| c.column == first.column);
    let run = |fits: &dyn Fn(&Claim) -> bool| claims.iter().skip(1).take_while(|c| fits(c)).count();
    Some(match first.op {
        ClaimOp::Min
            if first.filter.is_empty()
                && same(1).is_some_and(|c| c.op == ClaimOp::Max && c.filter.is_empty()) =>
        {
            let ratio = same(2).is_some_and(|c| c.op == ClaimOp::Ratio);
            (Act::Ends, if ratio { 3 } else { 2 })
        }
        ClaimOp::Min | ClaimOp::Max if first.filter.is_empty() => (Act::Extreme, 1),
        ClaimOp::Min | ClaimOp::Max => (Act::Leader, 1),
        ClaimOp::Median => {
            let bounds = run(&|c| {
                c.op == ClaimOp::Count
                    && c.filter.len() == 1
                    && c.filter[0].column == first.column
                    && c.filter[0].test != FilterTest::Eq
            });
            (Act::Middle, 1 + bounds.min(2))
        }
        ClaimOp::Diff => {
            let value = |n: usize, row: usize| {
                same(n).is_some_and(|c| {
                    c.op == ClaimOp::Value && c.rows.first() == first.rows.get(row)
                })
            };
            if value(1, 0) && value(2, 1) {
                (Act::Contrast, 3)
            } else if at(1).is_some_and(|second| trades(first, second, columns)) {
                (Act::Trade, 2)
            } else {
                (Act::Step, 1)
            }
        }
        ClaimOp::Ratio => (Act::Times, 1),
        ClaimOp::Value => {
            let placed = same(1).is_some_and(|c| c.op == ClaimOp::Rank && c.rows == first.rows);
            if placed {
                return Some((Act::Placed, 2));
            }
            let others = run(&|c| {
                c.op == ClaimOp::Value && c.column == first.column && c.rows != first.rows
            })
            .min(3);
            if others > 0 {
                (Act::Side, 1 + others)
            } else {
                (Act::Holds, 1)
            }
        }
        ClaimOp::Rank => (Act::Place, 1),
        ClaimOp::Count => match &first.filter[..] {
            [] if first.column.is_empty() => (Act::Size, 1),
            [] => (Act::Stated, 1),
            [only] if only.test == FilterTest::Eq => {
                let more = run(&|c| {
                    c.op == ClaimOp::Count
                        && c.filter.len() == 1
                        && c.filter[0].column == only.column
                        && c.filter[0].test == FilterTest::Eq
                });
                (Act::Split, 1 + more.min(2))
            }
            _ => (Act::Passing, 1),
        },
        ClaimOp::Share => match &first.filter[..] {
            [only] if only.test == FilterTest::Eq => (Act::Common, 1),
            [_, ..] => (Act::Below, 1),
            [] => (Act::Open, 1),
        },
        ClaimOp::Missing if first.rows.len() == 1 => {
            let more = run(&|c| c.op == ClaimOp::Missing && c.rows == first.rows);
            (Act::LeftOpen, 1 + more.min(5))
        }
        ClaimOp::Missing => {
            let share = same(1).is_some_and(|c| c.op == ClaimOp::Share && c.filter.is_empty());
            (Act::Open, if share { 2 } else { 1 })
        }
        ClaimOp::Correlation => (Act::Together, 1),
        ClaimOp::Dominates if first.value == "no" => {
            let both = at(1).is_some_and(|c| {
                c.op == ClaimOp::Dominates && c.value == "no" && c.rows.iter().rev().eq(&first.rows)
            });
            (Act::Neither, if both { 2 } else { 1 })
        }
        ClaimOp::Dominates => (Act::Beats, 1),
    })
}

/// Whether two differences of one pair of products speak for different sides.
fn trades(first: &Claim, second: &Claim, columns: &Columns) -> bool {
    let winner = |claim: &Claim| match columns.get(&claim.column).better {
        Direction::Higher => claim.rows.first().cloned(),
        Direction::Lower => claim.rows.get(1).cloned(),
        Direction::None => None,
    };
    let pair = |claim: &Claim| {
        let mut rows = claim.rows.clone();
        rows.sort_unstable();
        rows
    };
    let rising = |claim: &Claim| !claim.value.starts_with('-');
    second.op == ClaimOp::Diff
        && rising(first)
        && rising(second)
        && pair(first) == pair(second)
        && matches!((winner(first), winner(second)), (Some(a), Some(b)) if a != b)
}
