//! The reviewer's own arithmetic: every claim again, from the catalogue alone.

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use va_catalogue::{Better, Catalogue, Cell, Column, Kind, Value};
use va_domain::content::{Claim, ClaimOp, Finding};

use crate::{code::Code, field::Field, filter::Conditions, words::fold};

/// What a claim's value must be, by the catalogue: a plain decimal with trailing zeros dropped, `yes` or
/// `no`, an ISO date, or a cell's text.
///
/// # Errors
/// A finding `claim_invalid` where the claim names something that cannot be computed.
pub fn recompute(claim: &Claim, catalogue: &Catalogue) -> Result<String, Finding> {
    Field::of(catalogue).value_of(claim)
}

/// What the arithmetic gives before it is written down.
pub(crate) enum Answer {
    Number(Decimal),
    /// Rounded on comparison, because the last digit of a float is nobody's promise.
    Float(f64),
    Truth(bool),
    Text(String),
}

impl Field<'_> {
    /// As [`recompute`], with what depends on the catalogue computed once.
    ///
    /// # Errors
    /// As [`recompute`].
    pub fn value_of(&self, claim: &Claim) -> Result<String, Finding> {
        self.answer(claim).map(|answer| match answer {
            Answer::Number(n) => n.normalize().to_string(),
            Answer::Float(r) => two_decimals(r).normalize().to_string(),
            Answer::Truth(t) => if t { "yes" } else { "no" }.to_owned(),
            Answer::Text(text) => text,
        })
    }

    /// What the arithmetic gives, before it is written down.
    pub(crate) fn answer(&self, claim: &Claim) -> Result<Answer, Finding> {
        let refuse = |why: String| {
            Code::ClaimInvalid.at(claim.id.clone(), format!("Claim {}: {why}.", claim.id))
        };
        let column = |name: &str| {
            self.column_index(name)
                .ok_or_else(|| refuse(format!("there is no column {name}")))
        };
        let row = |n: usize| {
            let name = claim
                .rows
                .get(n)
                .ok_or_else(|| refuse(format!("it needs {} row(s)", n + 1)))?;
            self.row_named(name)
                .ok_or_else(|| refuse(format!("there is no product {name}")))
        };
        let number = |row: usize, column: usize| {
            self.catalogue.rows[row].cells[column]
                .number()
                .ok_or_else(|| {
                    refuse(format!(
                        "{} states no number for {}",
                        self.catalogue.rows[row].name, claim.column
                    ))
                })
        };
        let filter = self.filter(&claim.filter).map_err(refuse)?;
        Ok(match claim.op {
            ClaimOp::Value => {
                let column = column(&claim.column)?;
                cell_answer(
                    &self.catalogue.columns[column],
                    &self.catalogue.rows[row(0)?].cells[column],
                )
                .ok_or_else(|| refuse(format!("{} is not stated", claim.column)))?
            }
            ClaimOp::Diff => {
                let column = column(&claim.column)?;
                Answer::Number(number(row(0)?, column)? - number(row(1)?, column)?)
            }
            ClaimOp::Ratio => {
                let column = column(&claim.column)?;
                let quotient = number(row(0)?, column)?.checked_div(number(row(1)?, column)?);
                Answer::Number(round(
                    quotient.ok_or_else(|| refuse("it divides by zero".to_owned()))?,
                    2,
                ))
            }
            ClaimOp::Count => {
                let stated = if claim.column.is_empty() {
                    None
                } else {
                    Some(column(&claim.column)?)
                };
                let passing = (0..self.catalogue.rows.len()).filter(|&row| {
                    filter.pass(self, row)
                        && stated.is_none_or(|c| !self.catalogue.rows[row].cells[c].is_missing())
                });
                Answer::Number(passing.count().into())
            }
            ClaimOp::Min | ClaimOp::Max => {
                let column = column(&claim.column)?;
                let smallest = claim.op == ClaimOp::Min;
                self.extreme(column, &filter, smallest)
                    .ok_or_else(|| refuse(format!("no such product states {}", claim.column)))?
            }
            ClaimOp::Rank => {
                let column = column(&claim.column)?;
                let own = number(row(0)?, column)?;
                let higher = self.catalogue.columns[column].better == Better::Higher;
                let ahead = if filter.is_empty() {
                    let sorted = self.sorted(column);
                    if higher {
                        sorted.len() - sorted.partition_point(|v| *v <= own)
                    } else {
                        sorted.partition_point(|v| *v < own)
                    }
                } else {
                    let ahead = |n: &Decimal| if higher { *n > own } else { *n < own };
                    self.numbers(column, &filter).filter(ahead).count()
                };
                Answer::Number((ahead + 1).into())
            }
            ClaimOp::Median => {
                let column = column(&claim.column)?;
                let collected: Vec<Decimal>;
                let sorted: &[Decimal] = if filter.is_empty() {
                    self.sorted(column)
                } else {
                    let mut values: Vec<Decimal> = self.numbers(column, &filter).collect();
                    values.sort_unstable();
                    collected = values;
                    &collected
                };
                let middle = sorted.len() / 2;
                let median = match sorted.len() {
                    0 => return Err(refuse(format!("no such product states {}", claim.column))),
                    n if n % 2 == 1 => sorted[middle],
                    _ => (sorted[middle - 1] + sorted[middle]) / Decimal::TWO,
                };
                Answer::Number(round(median, 2))
            }
            ClaimOp::Share => {
                let stating: Vec<usize> = if filter.is_empty() {
                    Vec::new()
                } else {
                    filter.columns().collect()
                };
                let whole = |row: &usize| {
                    stating
                        .iter()
                        .all(|&c| !self.catalogue.rows[*row].cells[c].is_missing())
                };
                let asked = if filter.is_empty() {
                    Some(column(&claim.column)?)
                } else {
                    None
                };
                let (mut all, mut passing) = (0_u64, 0_u64);
                for row in (0..self.catalogue.rows.len()).filter(whole) {
                    all += 1;
                    let counts = match asked {
                        Some(column) => !self.catalogue.rows[row].cells[column].is_missing(),
                        None => filter.pass(self, row),
                    };
                    passing += u64::from(counts);
                }
                if all == 0 {
                    return Err(refuse("it is a share of nothing".to_owned()));
                }
                Answer::Number(((passing * 200 + all) / (all * 2)).into())
            }
            ClaimOp::Dominates => Answer::Truth(self.dominates(row(0)?, row(1)?)),
            ClaimOp::Missing => {
                let column = column(&claim.column)?;
                let missing = |row: usize| self.catalogue.rows[row].cells[column].is_missing();
                if claim.rows.len() == 1 {
                    Answer::Truth(missing(row(0)?))
                } else {
                    let rows = 0..self.catalogue.rows.len();
                    Answer::Number(
                        rows.filter(|&row| filter.pass(self, row) && missing(row))
                            .count()
                            .into(),
                    )
                }
            }
            ClaimOp::Correlation => {
                let (x, y) = claim
                    .column
                    .split_once('~')
                    .ok_or_else(|| refuse("it needs two columns".to_owned()))?;
                let (x, y) = (column(x.trim())?, column(y.trim())?);
                let pairs = (0..self.catalogue.rows.len())
                    .filter(|&row| filter.pass(self, row))
                    .filter_map(|row| {
                        let cells = &self.catalogue.rows[row].cells;
                        Some((cells[x].number()?.to_f64()?, cells[y].number()?.to_f64()?))
                    });
                let pairs: Vec<(f64, f64)> = pairs.collect();
                Answer::Float(
                    pearson(&pairs)
                        .ok_or_else(|| refuse("the columns do not vary together".to_owned()))?,
                )
            }
        })
    }

    fn extreme(&self, column: usize, filter: &Conditions, smallest: bool) -> Option<Answer> {
        if self.catalogue.columns[column].kind == Kind::Date {
            let dates = (0..self.catalogue.rows.len())
                .filter(|&row| filter.pass(self, row))
                .filter_map(|row| match self.catalogue.rows[row].cells[column].value {
                    Value::Date(date) => Some(date),
                    _ => None,
                });
            let date = if smallest { dates.min() } else { dates.max() };
            return date.map(|date| Answer::Text(date.to_string()));
        }
        let value = if filter.is_empty() {
            let sorted = self.sorted(column);
            if smallest {
                sorted.first().copied()
            } else {
                sorted.last().copied()
            }
        } else {
            let values = self.numbers(column, filter);
            if smallest { values.min() } else { values.max() }
        };
        value.map(Answer::Number)
    }

    fn numbers<'a>(
        &'a self,
        column: usize,
        filter: &'a Conditions,
    ) -> impl Iterator<Item = Decimal> + 'a {
        (0..self.catalogue.rows.len())
            .filter(move |&row| filter.pass(self, row))
            .filter_map(move |row| self.catalogue.rows[row].cells[column].number())
    }

    fn dominates(&self, a: usize, b: usize) -> bool {
        let rows = &self.catalogue.rows;
        let mut ahead = false;
        for (index, column) in self.catalogue.columns.iter().enumerate() {
            let (Some(x), Some(y)) = (rows[a].cells[index].number(), rows[b].cells[index].number())
            else {
                continue;
            };
            let order = match column.better {
                Better::Higher => x.cmp(&y),
                Better::Lower => y.cmp(&x),
                Better::None => continue,
            };
            if order.is_lt() {
                return false;
            }
            ahead |= order.is_gt();
        }
        ahead
    }
}

fn cell_answer(column: &Column, cell: &Cell) -> Option<Answer> {
    Some(match &cell.value {
        Value::Missing => return None,
        Value::Number(n) => Answer::Number(*n),
        Value::Boolean(b) => Answer::Truth(*b),
        Value::Date(date) => Answer::Text(date.to_string()),
        Value::Dimensions(lengths) => {
            let lengths: Vec<String> = lengths.iter().map(|n| n.normalize().to_string()).collect();
            Answer::Text(lengths.join(" x "))
        }
        Value::Url | Value::Category | Value::Text => {
            debug_assert!(
                column.kind != Kind::Number,
                "a number column has no text values"
            );
            Answer::Text(fold(&cell.raw).into_owned())
        }
    })
}

/// Whether two texts say the same: after folding, or as the same date in its two ways of writing.
pub(crate) fn same_text(a: &str, b: &str) -> bool {
    if fold(a) == fold(b) {
        return true;
    }
    match (crate::words::date(a), crate::words::date(b)) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

/// `yes`, `true`, `1` and their opposites.
pub(crate) fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "true" | "1" => Some(true),
        "no" | "false" | "0" => Some(false),
        _ => None,
    }
}

fn round(value: Decimal, decimals: u32) -> Decimal {
    value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
}

fn two_decimals(value: f64) -> Decimal {
    round(Decimal::try_from(value).unwrap_or_default(), 2)
}

fn pearson(pairs: &[(f64, f64)]) -> Option<f64> {
    let n = pairs.len().to_f64()?;
    let mean_x = pairs.iter().map(|p| p.0).sum::<f64>() / n;
    let mean_y = pairs.iter().map(|p| p.1).sum::<f64>() / n;
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in pairs {
        let (dx, dy) = (x - mean_x, y - mean_y);
        xy += dx * dy;
        xx += dx * dx;
        yy += dy * dy;
    }
    let scale = (xx * yy).sqrt();
    (scale > 0.0).then(|| xy / scale)
}
