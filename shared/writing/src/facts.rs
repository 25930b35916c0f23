//! Claims, computed from the table. A claim that cannot be computed, or not be written, is none.

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use va_catalogue::{Better, Value};
use va_domain::content::{Claim, ClaimOp, Filter, FilterTest};

use crate::{
    escape::fold,
    field::{Field, Profile, is_sayable},
    words::{has_no_singular, plain},
};

/// How many holders of an extreme are named.
const HOLDERS: usize = 3;

/// What tells one claim from another, whatever the page and its ids.
pub(crate) fn key(claim: &Claim) -> String {
    let mut key = String::with_capacity(96);
    key.push(char::from(b'a' + claim.op as u8));
    key.push_str(&claim.column);
    for row in &claim.rows {
        key.push('\u{1f}');
        key.push_str(row);
    }
    for filter in &claim.filter {
        key.push('\u{1e}');
        key.push_str(&filter.column);
        key.push(char::from(b'a' + filter.test as u8));
        key.push_str(&filter.value);
    }
    key
}

/// Whether two claims state the same, whatever the page and its ids.
pub(crate) fn is_same(one: &Claim, other: &Claim) -> bool {
    one.op == other.op
        && one.column == other.column
        && one.rows == other.rows
        && one.filter == other.filter
}

/// A condition.
pub(crate) fn filter(profile: &Profile, test: FilterTest, value: impl Into<String>) -> Filter {
    Filter {
        column: profile.column.name.clone(),
        test,
        value: value.into(),
    }
}

fn round(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

impl Field<'_> {
    fn claim(&self, op: ClaimOp, column: &str, rows: &[usize], value: String) -> Claim {
        Claim {
            id: String::new(),
            op,
            column: column.to_owned(),
            rows: rows.iter().map(|&row| self.name(row).to_owned()).collect(),
            filter: Vec::new(),
            value,
            unit: None,
            text: String::new(),
        }
    }

    /// A claim whose value carries the column's unit.
    fn measured(
        &self,
        op: ClaimOp,
        profile: &Profile,
        rows: &[usize],
        value: Decimal,
    ) -> Option<Claim> {
        let unit = profile.column.unit.clone();
        let unsayable = value.abs() == Decimal::ONE && unit.as_deref().is_some_and(has_no_singular);
        (!unsayable).then(|| Claim {
            unit,
            ..self.claim(op, &profile.column.name, rows, plain(value))
        })
    }

    /// What one product states.
    pub(crate) fn value(&self, row: usize, profile: &Profile) -> Option<Claim> {
        match &self.cell(row, profile).value {
            Value::Number(n) => self.measured(ClaimOp::Value, profile, &[row], *n),
            Value::Boolean(truth) => {
                let value = if *truth { "yes" } else { "no" }.to_owned();
                Some(self.claim(ClaimOp::Value, &profile.column.name, &[row], value))
            }
            Value::Date(date) => Some(self.claim(
                ClaimOp::Value,
                &profile.column.name,
                &[row],
                date.to_string(),
            )),
            Value::Dimensions(lengths) => {
                let lengths: Vec<String> = lengths.iter().map(|n| plain(*n)).collect();
                let claim = self.claim(
                    ClaimOp::Value,
                    &profile.column.name,
                    &[row],
                    lengths.join(" x "),
                );
                Some(Claim {
                    unit: profile.column.unit.clone(),
                    ..claim
                })
            }
            Value::Category => {
                let raw = fold(&self.cell(row, profile).raw);
                is_sayable(&raw).then(|| {
                    self.claim(
                        ClaimOp::Value,
                        &profile.column.name,
                        &[row],
                        raw.into_owned(),
                    )
                })
            }
            Value::Missing | Value::Url | Value::Text => None,
        }
    }

    /// How much more `a` states than `b`; none where they are equal.
    pub(crate) fn diff(&self, a: usize, b: usize, profile: &Profile) -> Option<Claim> {
        let value = self
            .number(a, profile)?
            .checked_sub(self.number(b, profile)?)?;
        if value.is_zero() {
            return None;
        }
        self.measured(ClaimOp::Diff, profile, &[a, b], value)
    }

    /// How many times as much `a` states as `b`, where that is a figure worth saying.
    pub(crate) fn ratio(&self, a: usize, b: usize, profile: &Profile) -> Option<Claim> {
        let (x, y) = (self.number(a, profile)?, self.number(b, profile)?);
        let value = round(x.checked_div(y)?);
        let positive =
            y > Decimal::ZERO && value >= Decimal::new(12, 1) && value < Decimal::from(1_000_000);
        positive.then(|| self.claim(ClaimOp::Ratio, &profile.column.name, &[a, b], plain(value)))
    }

    /// How many products the table lists.
    pub(crate) fn size(&self) -> Claim {
        self.claim(ClaimOp::Count, "", &[], self.rows().to_string())
    }

    /// How many products state a column.
    pub(crate) fn stated(&self, profile: &Profile) -> Claim {
        self.claim(
            ClaimOp::Count,
            &profile.column.name,
            &[],
            profile.stated.to_string(),
        )
    }

    /// How many products pass conditions.
    pub(crate) fn count(&self, filters: &[(&Profile, Filter)]) -> Claim {
        let passing = (0..self.rows())
            .filter(|&row| self.passes(row, filters))
            .count();
        let claim = self.claim(ClaimOp::Count, "", &[], passing.to_string());
        Claim {
            filter: filters.iter().map(|(_, f)| f.clone()).collect(),
            ..claim
        }
    }

    /// Percent of those that state a column.
    pub(crate) fn share(&self, profile: &Profile, filter: Filter) -> Option<Claim> {
        let passing = self
            .count(&[(profile, filter.clone())])
            .value
            .parse::<usize>()
            .ok()?;
        let percent = (passing * 200 + profile.stated).checked_div(profile.stated * 2)?;
        let claim = self.claim(
            ClaimOp::Share,
            &profile.column.name,
            &[],
            percent.to_string(),
        );
        Some(Claim {
            filter: vec![filter],
            unit: Some("%".to_owned()),
            ..claim
        })
    }

    /// Percent of all products that state a column.
    pub(crate) fn coverage(&self, profile: &Profile) -> Option<Claim> {
        let percent = (profile.stated * 200 + self.rows()).checked_div(self.rows() * 2)?;
        let claim = self.claim(
            ClaimOp::Share,
            &profile.column.name,
            &[],
            percent.to_string(),
        );
        Some(Claim {
            unit: Some("%".to_owned()),
            ..claim
        })
    }

    fn passes(&self, row: usize, filters: &[(&Profile, Filter)]) -> bool {
        filters.iter().all(|(profile, filter)| {
            let cell = self.cell(row, profile);
            let order = match &cell.value {
                Value::Number(n) => filter.value.parse::<Decimal>().ok().map(|w| n.cmp(&w)),
                Value::Date(d) => filter
                    .value
                    .parse::<jiff::civil::Date>()
                    .ok()
                    .map(|w| d.cmp(&w)),
                Value::Boolean(b) => Some(b.cmp(&(filter.value == "yes"))),
                Value::Category => Some(cell.raw.as_ref().cmp(filter.value.as_str())),
                _ => None,
            };
            order.is_some_and(|order| match filter.test {
                FilterTest::Eq => order.is_eq(),
                FilterTest::Lt => order.is_lt(),
                FilterTest::Le => order.is_le(),
                FilterTest::Gt => order.is_gt(),
                FilterTest::Ge => order.is_ge(),
            })
        })
    }

    /// Who has an end of a column among the rows that pass, by row number, and the value.
    pub(crate) fn holders(
        &self,
        profile: &Profile,
        largest: bool,
        filters: &[(&Profile, Filter)],
    ) -> Option<(Decimal, Vec<usize>)> {
        let passes = |row: usize| filters.is_empty() || self.passes(row, filters);
        let mut passing = profile
            .numbers
            .iter()
            .filter(|(_, row)| passes(*row as usize));
        let value = if largest {
            passing.next_back()?.0
        } else {
            passing.next()?.0
        };
        let from = profile.numbers.partition_point(|(n, _)| *n < value);
        let to = profile.numbers.partition_point(|(n, _)| *n <= value);
        let rows = profile.numbers[from..to]
            .iter()
            .map(|(_, row)| *row as usize)
            .filter(|&row| passes(row))
            .collect();
        Some((value, rows))
    }

    /// The smallest or largest value, naming who has it where that can be said.
    pub(crate) fn extreme(
        &self,
        profile: &Profile,
        largest: bool,
        filters: &[(&Profile, Filter)],
    ) -> Option<Claim> {
        let (value, rows) = self.holders(profile, largest, filters)?;
        let sayable = rows.len() <= HOLDERS && rows.iter().all(|&row| self.is_nameable(row));
        let op = if largest { ClaimOp::Max } else { ClaimOp::Min };
        let claim = self.measured(op, profile, if sayable { &rows } else { &[] }, value)?;
        Some(Claim {
            filter: filters.iter().map(|(_, f)| f.clone()).collect(),
            ..claim
        })
    }

    /// The earliest or latest date of a column.
    pub(crate) fn extreme_date(
        &self,
        column: &str,
        dates: &[(jiff::civil::Date, u32)],
        last: bool,
    ) -> Option<Claim> {
        let (date, _) = if last { dates.last()? } else { dates.first()? };
        let op = if last { ClaimOp::Max } else { ClaimOp::Min };
        Some(self.claim(op, column, &[], date.to_string()))
    }

    /// The place of a product, best first by the column's direction, ascending without one.
    pub(crate) fn rank(&self, row: usize, profile: &Profile) -> Option<Claim> {
        let own = self.number(row, profile)?;
        let numbers = &profile.numbers;
        let ahead = match profile.column.better {
            Better::Higher => numbers.len() - numbers.partition_point(|(n, _)| *n <= own),
            Better::Lower | Better::None => numbers.partition_point(|(n, _)| *n < own),
        };
        Some(self.claim(
            ClaimOp::Rank,
            &profile.column.name,
            &[row],
            (ahead + 1).to_string(),
        ))
    }

    /// The middle of a column, rounded to two decimals.
    pub(crate) fn median(&self, profile: &Profile) -> Option<Claim> {
        self.measured(ClaimOp::Median, profile, &[], median(profile)?)
    }

    /// That `a` is, or is not, at least as good as `b` in all judged columns and better in one.
    pub(crate) fn dominance(&self, a: usize, b: usize) -> Claim {
        let value = if self.dominates(a, b) { "yes" } else { "no" };
        self.claim(ClaimOp::Dominates, "", &[a, b], value.to_owned())
    }

    /// How many products leave a column open.
    pub(crate) fn missing(&self, profile: &Profile) -> Claim {
        let value = (self.rows() - profile.stated).to_string();
        self.claim(ClaimOp::Missing, &profile.column.name, &[], value)
    }

    /// That one product leaves a column open; none where it does not.
    pub(crate) fn left_open(&self, row: usize, profile: &Profile) -> Option<Claim> {
        let claim = || {
            self.claim(
                ClaimOp::Missing,
                &profile.column.name,
                &[row],
                "yes".to_owned(),
            )
        };
        self.cell(row, profile).is_missing().then(claim)
    }

    /// How two columns move together, where enough products state both.
    pub(crate) fn correlation(&self, x: &Profile, y: &Profile) -> Option<Claim> {
        let pair = |row: usize| {
            Some((
                self.number(row, x)?.to_f64()?,
                self.number(row, y)?.to_f64()?,
            ))
        };
        let pairs: Vec<(f64, f64)> = (0..self.rows()).filter_map(pair).collect();
        if pairs.len() < 6 {
            return None;
        }
        let value = round(Decimal::try_from(pearson(&pairs)?).ok()?);
        let column = format!("{}~{}", x.column.name, y.column.name);
        Some(self.claim(ClaimOp::Correlation, &column, &[], plain(value)))
    }
}

/// The middle of a column, rounded to two decimals.
pub(crate) fn median(profile: &Profile) -> Option<Decimal> {
    let numbers = &profile.numbers;
    let middle = numbers.len() / 2;
    let value = if numbers.len() % 2 == 1 {
        numbers[middle].0
    } else {
        let (low, high) = (numbers.get(middle.checked_sub(1)?)?.0, numbers[middle].0);
        low.checked_add(high)?.checked_div(Decimal::TWO)?
    };
    Some(round(value))
}

#[allow(clippy::cast_precision_loss, reason = "fewer than 2^52 rows")]
fn pearson(pairs: &[(f64, f64)]) -> Option<f64> {
    let n = pairs.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (mean_x, mean_y) = (mean(|p| p.0), mean(|p| p.1));
    let (mut both, mut xs, mut ys) = (0.0, 0.0, 0.0);
    for (x, y) in pairs {
        both += (x - mean_x) * (y - mean_y);
        xs += (x - mean_x).powi(2);
        ys += (y - mean_y).powi(2);
    }
    let scale = (xs * ys).sqrt();
    let value = both / scale;
    (scale > 0.0 && value.is_finite()).then_some(value)
}
