//! Claims held against the reviewer's own arithmetic.

use rust_decimal::Decimal;
use va_catalogue::Value;
use va_domain::content::{Claim, ClaimOp, Finding};

use crate::{
    code::Code,
    field::Field,
    recompute::{Answer, same_text, truth},
};

impl Field<'_> {
    /// What is wrong with a claim, if anything is.
    pub(crate) fn verify(&self, claim: &Claim) -> Option<Finding> {
        let answer = match self.answer(claim) {
            Ok(answer) => answer,
            Err(finding) => return Some(finding),
        };
        let stated = claim.value.trim();
        let agrees = match &answer {
            Answer::Number(n) => stated.parse::<Decimal>().is_ok_and(|s| s == *n),
            Answer::Float(r) => stated
                .parse::<f64>()
                .is_ok_and(|s| (s - r).abs() <= 0.005_000_001),
            // A gap may be said in words.
            Answer::Truth(true)
                if claim.op == ClaimOp::Missing && stated.eq_ignore_ascii_case("not stated") =>
            {
                true
            }
            Answer::Truth(t) => truth(stated) == Some(*t),
            Answer::Text(text) => same_text(stated, text),
        };
        if !agrees {
            let right = self.value_of(claim).unwrap_or_default();
            return Some(Code::ClaimWrong.at(
                claim.id.clone(),
                format!(
                    "Claim {} says {stated}, but the catalogue gives {right}.",
                    claim.id
                ),
            ));
        }
        self.verify_rows(claim).or_else(|| self.verify_unit(claim))
    }

    /// `rows` of a minimum or maximum names who has it.
    fn verify_rows(&self, claim: &Claim) -> Option<Finding> {
        if !matches!(claim.op, ClaimOp::Min | ClaimOp::Max) {
            return None;
        }
        let column = self.column_index(&claim.column)?;
        let value = claim.value.trim();
        claim.rows.iter().find_map(|name| {
            let cell = self
                .row_named(name)
                .map(|row| &self.catalogue.rows[row].cells[column]);
            let has = cell.is_some_and(|cell| match &cell.value {
                Value::Number(n) => value.parse::<Decimal>().is_ok_and(|v| v == *n),
                Value::Date(date) => same_text(value, &date.to_string()),
                _ => false,
            });
            (!has).then(|| {
                Code::ClaimWrong.at(
                    claim.id.clone(),
                    format!(
                        "Claim {} names {name}, which does not have {value}.",
                        claim.id
                    ),
                )
            })
        })
    }

    fn verify_unit(&self, claim: &Claim) -> Option<Finding> {
        let column = self
            .column_index(&claim.column)
            .map(|c| &self.catalogue.columns[c]);
        let expected = match claim.op {
            ClaimOp::Value | ClaimOp::Diff | ClaimOp::Min | ClaimOp::Max | ClaimOp::Median => {
                column.and_then(|c| c.unit.as_deref())
            }
            ClaimOp::Share => Some("%"),
            _ => None,
        };
        let stated = claim.unit.as_deref();
        let right = match claim.op {
            // What is counted may be called something; it must not be a measure of the table.
            ClaimOp::Count
            | ClaimOp::Missing
            | ClaimOp::Rank
            | ClaimOp::Ratio
            | ClaimOp::Correlation
            | ClaimOp::Dominates => stated.is_none_or(|unit| {
                !self
                    .catalogue
                    .columns
                    .iter()
                    .any(|c| c.unit.as_deref() == Some(unit))
            }),
            ClaimOp::Share => stated.is_none_or(|unit| unit == "%"),
            _ => stated == expected,
        };
        (!right).then(|| {
            let expected = expected.unwrap_or("no unit");
            Code::ClaimUnit.at(
                claim.id.clone(),
                format!(
                    "Claim {} says {}, but its column has {expected}.",
                    claim.id,
                    stated.unwrap_or("no unit")
                ),
            )
        })
    }
}
