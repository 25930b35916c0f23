//! The sentences of moves that count: groups, shares, conditions, gaps, and what moves together.

use va_domain::content::{Claim, ClaimOp, FilterTest};

use super::{Sentence, Wording};
use crate::{
    prose::{
        columns::{Column, ColumnKind},
        phrases::{amount_of, phrase, products},
        templates as t,
    },
    words::{article, capital, list},
};

impl<'r> Wording<'r> {
    pub(super) fn split(&mut self, column: &Column, claims: &[&'r Claim]) -> Vec<Sentence> {
        let part = |c: &&Claim| {
            let value = c.filter.first().map_or("", |f| f.value.as_str());
            format!("{} with {value}", products(&c.value))
        };
        let parts: Vec<String> = claims.iter().map(part).collect();
        self.one(
            if claims.len() == 1 {
                t::SPLIT_ONE
            } else {
                t::SPLIT
            },
            vec![("label", column.label.clone()), ("parts", list(&parts))],
            claims,
        )
    }

    pub(super) fn below(&mut self, column: &Column, claim: &'r Claim) -> Vec<Sentence> {
        let bound = claim
            .filter
            .first()
            .map(|f| self.bound(&f.column, &f.value))
            .unwrap_or_default();
        let less = if column.kind == ColumnKind::Price {
            "cost less"
        } else {
            "state less"
        };
        let slots = vec![
            ("label", phrase(column)),
            (
                "a_label",
                format!("{} {}", article(&phrase(column)), phrase(column)),
            ),
            ("share", amount_of(claim)),
            ("bound", bound),
            ("less", less.to_owned()),
        ];
        self.one(t::BELOW, slots, &[claim])
    }

    pub(super) fn passing(&mut self, claim: &'r Claim) -> Vec<Sentence> {
        let condition = |f: &va_domain::content::Filter| {
            let column = self.columns.get(&f.column);
            let bound = self.bound(&f.column, &f.value);
            match f.test {
                FilterTest::Eq => format!("with {} under {}", f.value, column.label),
                FilterTest::Lt => format!("below {bound} for {}", column.label),
                FilterTest::Le => format!("at {bound} or below for {}", column.label),
                FilterTest::Gt => format!("above {bound} for {}", column.label),
                FilterTest::Ge => format!("at {bound} or above for {}", column.label),
            }
        };
        let conditions: Vec<String> = claim.filter.iter().map(condition).collect();
        let place = list(&conditions);
        let slots = vec![
            ("count", products(&claim.value)),
            ("where_capital", capital(&place)),
            ("where", place),
        ];
        self.one(t::PASSING, slots, &[claim])
    }

    pub(super) fn open(&mut self, column: &Column, claims: &[&'r Claim]) -> Vec<Sentence> {
        let missing = |c: &&&Claim| c.op == ClaimOp::Missing;
        let mut said = Vec::new();
        if let Some(claim) = claims.iter().find(missing) {
            let templates = if claim.value == "0" {
                t::FILLED
            } else {
                t::OPEN
            };
            said.extend(self.one(
                templates,
                vec![("n", products(&claim.value)), ("label", phrase(column))],
                &[claim],
            ));
        }
        if let Some(claim) = claims.iter().find(|c| c.op == ClaimOp::Share) {
            said.extend(self.one(
                t::COVERED,
                vec![("share", amount_of(claim)), ("label", phrase(column))],
                &[claim],
            ));
        }
        said
    }

    pub(super) fn together(&mut self, claim: &'r Claim) -> Vec<Sentence> {
        let (x, y) = claim.column.split_once('~').unwrap_or((&claim.column, ""));
        let value: f64 = claim.value.parse().unwrap_or_default();
        let how = if value >= 0.7 {
            "mostly rise together"
        } else if value >= 0.3 {
            "tend to rise together"
        } else if value <= -0.3 {
            "tend to move against each other"
        } else {
            "hardly move together"
        };
        let slots = vec![
            ("x", phrase(&self.columns.get(x))),
            ("y", phrase(&self.columns.get(y))),
            ("r", claim.value.clone()),
            ("how", how.to_owned()),
        ];
        self.one(t::TOGETHER, slots, &[claim])
    }
}
