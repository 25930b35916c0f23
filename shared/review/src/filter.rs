//! A claim's filters, read once and held against rows.

use rust_decimal::Decimal;
use va_catalogue::{Kind, Value};
use va_domain::content::{Filter, FilterTest};

use crate::{field::Field, recompute::truth, words::fold};

/// The filters of a claim, read once.
pub(crate) struct Conditions<'f>(Vec<(usize, FilterTest, Wanted<'f>)>);

enum Wanted<'f> {
    Number(Decimal),
    Date(jiff::civil::Date),
    Truth(bool),
    Text(&'f str),
}

impl Conditions<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn columns(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().map(|(column, ..)| *column)
    }

    pub(crate) fn pass(&self, field: &Field, row: usize) -> bool {
        self.0.iter().all(|(column, test, wanted)| {
            let cell = &field.catalogue.rows[row].cells[*column];
            let order = match (&cell.value, wanted) {
                (Value::Number(n), Wanted::Number(w)) => n.cmp(w),
                (Value::Date(d), Wanted::Date(w)) => d.cmp(w),
                (Value::Boolean(b), Wanted::Truth(w)) => b.cmp(w),
                (
                    Value::Category | Value::Text | Value::Url | Value::Dimensions(_),
                    Wanted::Text(w),
                ) => fold(&cell.raw).cmp(&fold(w)),
                _ => return false,
            };
            match test {
                FilterTest::Eq => order.is_eq(),
                FilterTest::Lt => order.is_lt(),
                FilterTest::Le => order.is_le(),
                FilterTest::Gt => order.is_gt(),
                FilterTest::Ge => order.is_ge(),
            }
        })
    }
}

impl Field<'_> {
    /// Reads filters; an error says what cannot be compared.
    pub(crate) fn filter<'f>(&self, filters: &'f [Filter]) -> Result<Conditions<'f>, String> {
        let condition = |filter: &'f Filter| {
            let column = self
                .column_index(&filter.column)
                .ok_or_else(|| format!("there is no column {}", filter.column))?;
            let kind = self.catalogue.columns[column].kind;
            let wanted = match kind {
                Kind::Number => {
                    let value = filter.value.trim().parse();
                    Wanted::Number(value.map_err(|_| format!("{} is not a number", filter.value))?)
                }
                Kind::Boolean => Wanted::Truth(
                    truth(filter.value.trim())
                        .ok_or_else(|| format!("{} is not yes or no", filter.value))?,
                ),
                Kind::Date => {
                    let value = filter.value.trim().parse();
                    Wanted::Date(value.map_err(|_| format!("{} is not a date", filter.value))?)
                }
                _ => Wanted::Text(&filter.value),
            };
            Ok::<_, String>((column, filter.test, wanted))
        };
        filters
            .iter()
            .map(condition)
            .collect::<Result<_, _>>()
            .map(Conditions)
    }
}
