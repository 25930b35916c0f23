//! The sentences of single moves, for what no page's own argument took up.

use va_domain::content::{Claim, ClaimOp, FilterTest};

use super::{Sentence, Wording};
use crate::{
    pages::the,
    prose::{
        columns::{Column, ColumnKind, Direction, date_of},
        moves::{Act, Move},
        phrases::{amount_of, holders, phrase, products, row},
        templates as t,
        voice::Slots,
    },
    words::{amount, list, written_date},
};

impl<'r> Wording<'r> {
    pub(super) fn pair(&self, column: &Column, claim: &Claim, d: String) -> Slots {
        vec![
            ("label", phrase(column)),
            ("d", d),
            ("hi", the(row(claim, 0))),
            ("lo", the(row(claim, 1))),
        ]
    }

    /// Two differences of one pair that speak for different sides.
    pub(super) fn trade(&mut self, claims: &[&'r Claim]) -> Vec<Sentence> {
        let (first, second) = (claims[0], claims[1]);
        let (one, two) = (
            self.columns.get(&first.column),
            self.columns.get(&second.column),
        );
        let ahead = |column: &Column, claim: &'r Claim| match column.better {
            Direction::Lower => (row(claim, 1), row(claim, 0), "less"),
            Direction::Higher | Direction::None => (row(claim, 0), row(claim, 1), "more"),
        };
        let (a, b, ml) = ahead(&two, second);
        if one.kind == ColumnKind::Price {
            let slots = vec![
                ("a", the(a)),
                ("b", the(b)),
                ("d1", amount_of(first)),
                ("d2", amount_of(second)),
                ("ml", ml.to_owned()),
                ("label", phrase(&two)),
            ];
            return self.one(t::TRADE, slots, claims);
        }
        let (leader, _, first_ml) = ahead(&one, first);
        let slots = vec![
            ("a", the(leader)),
            ("b", the(a)),
            ("d1", amount_of(first)),
            ("d2", amount_of(second)),
            ("ml", first_ml.to_owned()),
            ("ml2", ml.to_owned()),
            ("label", phrase(&one)),
            ("label2", phrase(&two)),
        ];
        self.one(t::TRADE_PLAIN, slots, claims)
    }

    pub(super) fn ends(&mut self, column: &Column, claims: &[&Claim]) -> Vec<Sentence> {
        let (low, high) = (claims[0], claims[1]);
        let slots = vec![
            ("label", phrase(column)),
            ("low", amount_of(low)),
            ("high", amount_of(high)),
            ("least", holders(low)),
            ("most", holders(high)),
        ];
        let templates = match (low.rows.len(), high.rows.len()) {
            _ if column.kind == ColumnKind::Date => t::DATES,
            (0, _) | (_, 0) => t::ENDS_PLAIN,
            (1, 1) => t::ENDS,
            _ => t::ENDS_MANY,
        };
        let mut said = self.one(templates, slots, &claims[..2]);
        if let Some(ratio) = claims.get(2) {
            said.extend(self.one(
                t::ENDS_RATIO,
                vec![("times", ratio.value.clone())],
                &[ratio],
            ));
            // What refers to the ends cites them as well, so that its products are known.
            if let Some(last) = said.last_mut() {
                last.about = None;
            }
        }
        said
    }

    pub(super) fn extreme(&mut self, column: &Column, claim: &'r Claim) -> Vec<Sentence> {
        let templates = match claim.rows.len() {
            0 => t::EXTREME_PLAIN,
            1 => t::EXTREME,
            _ => t::EXTREME_MANY,
        };
        if column.kind == ColumnKind::Date || claim.value.parse::<jiff::civil::Date>().is_ok() {
            return self.dated(column, claim);
        }
        let slots = extreme_slots(column, claim);
        self.one(templates, slots, &[claim])
    }

    pub(super) fn dated(&mut self, column: &Column, claim: &'r Claim) -> Vec<Sentence> {
        let which = if claim.op == ClaimOp::Min {
            "earliest"
        } else {
            "latest"
        };
        let label = column.label.clone();
        let templates: &'static [&'static str] = &[
            "The {which} entry under {label} is of {value}.",
            "For {label}, {value} is the {which}.",
            "Under {label}, the {which} date is {value}.",
        ];
        self.one(
            templates,
            vec![
                ("which", which.to_owned()),
                ("label", label),
                ("value", amount_of(claim)),
            ],
            &[claim],
        )
    }

    pub(super) fn leader(&mut self, column: &Column, claim: &'r Claim) -> Vec<Sentence> {
        let limit = claim
            .filter
            .first()
            .map(|f| self.bound(f.column.as_str(), &f.value))
            .unwrap_or_default();
        let mut slots = extreme_slots(column, claim);
        slots.push(("limit", limit));
        let templates = match claim.rows.len() {
            0 => t::LEADER_PLAIN,
            1 => t::LEADER,
            _ => t::LEADER_MANY,
        };
        self.one(templates, slots, &[claim])
    }

    /// A filter's value with the unit of its column.
    pub(in crate::prose) fn bound(&self, column: &str, value: &str) -> String {
        let unit = self
            .request
            .claims
            .iter()
            .filter(|c| c.column == column && states_column(c.op))
            .find_map(|c| c.unit.as_deref());
        amount(value, unit)
    }

    pub(super) fn middle(&mut self, column: &Column, claims: &[&'r Claim]) -> Vec<Sentence> {
        let slots = vec![("label", phrase(column)), ("value", amount_of(claims[0]))];
        let mut said = self.one(t::MIDDLE, slots, &claims[..1]);
        let unit = claims[0].unit.as_deref();
        let bound = |c: &Claim| amount(c.filter.first().map_or("", |f| f.value.as_str()), unit);
        match claims {
            [_, below, above] => {
                let slots = vec![
                    ("low", bound(below)),
                    ("high", bound(above)),
                    ("below", products(&below.value)),
                    ("above", above.value.clone()),
                ];
                said.extend(self.one(t::BOUNDS, slots, &claims[1..]));
            }
            [_, only] => {
                let low = only
                    .filter
                    .first()
                    .is_some_and(|f| matches!(f.test, FilterTest::Lt | FilterTest::Le));
                let word = if low { "or below" } else { "or above" };
                let slots = vec![
                    ("bound", bound(only)),
                    ("count", products(&only.value)),
                    ("word", word.to_owned()),
                ];
                said.extend(self.one(t::BOUND, slots, &claims[1..]));
            }
            _ => {}
        }
        said
    }

    pub(super) fn placed(&mut self, column: &Column, step: &Move<'r>, it: bool) -> Vec<Sentence> {
        let claims = &step.claims;
        let (first, rank) = (claims[0], claims[claims.len() - 1]);
        let product = row(first, 0);
        let from = match column.better {
            Direction::Lower => "counted from the lowest",
            Direction::Higher => "counted from the highest",
            Direction::None => "counted upwards",
        };
        let slots = vec![
            ("s", the(product)),
            ("v", amount_of(first)),
            ("r", rank.value.clone()),
            ("label", phrase(column)),
            ("from", from.to_owned()),
            ("on", self.on(product)),
        ];
        let templates = match step.act {
            Act::Place => t::PLACE,
            _ if column.kind == ColumnKind::Price => t::PRICE_PLACED,
            _ if it => t::PLACED_IT,
            _ => t::PLACED,
        };
        self.one(templates, slots, claims)
    }

    /// ` on 3 Nov 2026`, where the day is known.
    pub(in crate::prose) fn on(&self, product: &str) -> String {
        date_of(self.request, product)
            .map(|date| format!(" on {}", written_date(date)))
            .unwrap_or_default()
    }

    /// The same after a comma, for where more follows.
    pub(in crate::prose) fn comma_on(&self, product: &str) -> String {
        match self.on(product) {
            on if on.is_empty() => on,
            on => format!(",{on}"),
        }
    }

    pub(super) fn holds(&mut self, column: &Column, claim: &'r Claim, it: bool) -> Vec<Sentence> {
        let product = row(claim, 0);
        let on = self.on(product);
        let comma = self.comma_on(product);
        let slots = vec![
            ("s", the(product)),
            ("v", amount_of(claim)),
            ("label", phrase(column)),
            ("on", on),
            ("on_comma", comma),
        ];
        let templates = match (column.kind, it) {
            (ColumnKind::Price, false) => t::PRICE,
            (ColumnKind::Boolean, false) => t::TRUTH,
            (ColumnKind::Boolean, true) => t::TRUTH_IT,
            (_, true) => t::HOLDS_IT,
            (ColumnKind::Other, false) => t::KIND,
            (_, false) => t::HOLDS,
        };
        let slots = if column.kind == ColumnKind::Boolean {
            slots
                .into_iter()
                .map(|(name, v)| {
                    if name == "label" {
                        (name, column.label.clone())
                    } else {
                        (name, v)
                    }
                })
                .collect()
        } else {
            slots
        };
        self.one(templates, slots, &[claim])
    }

    pub(super) fn side(&mut self, column: &Column, claims: &[&'r Claim]) -> Vec<Sentence> {
        let label = if column.kind == ColumnKind::Boolean {
            column.label.clone()
        } else {
            phrase(column)
        };
        if claims.iter().all(|c| c.value == claims[0].value) {
            let who: Vec<String> = claims.iter().map(|c| the(row(c, 0))).collect();
            let templates = match column.kind {
                ColumnKind::Boolean => t::SAME_TRUTH,
                _ => t::SAME,
            };
            return self.one(
                templates,
                vec![
                    ("label", label),
                    ("v", amount_of(claims[0])),
                    ("who", list(&who)),
                ],
                claims,
            );
        }
        if let ([hi, lo], ColumnKind::Price) = (claims, column.kind) {
            let priced = |c: &Claim| format!("{}{}", amount_of(c), self.on(row(c, 0)));
            let slots = vec![
                ("hi", the(row(hi, 0))),
                ("lo", the(row(lo, 0))),
                ("vhi", priced(hi)),
                ("vlo", priced(lo)),
            ];
            return self.one(t::PRICE_SIDE, slots, claims);
        }
        let pairs: Vec<String> = claims
            .iter()
            .map(|c| format!("{} for {}", amount_of(c), the(row(c, 0))))
            .collect();
        let templates = if column.kind == ColumnKind::Boolean {
            t::SIDE_TRUTH
        } else {
            t::SIDE
        };
        self.one(
            templates,
            vec![("label", label), ("pairs", list(&pairs))],
            claims,
        )
    }
}

fn extreme_slots(column: &Column, claim: &Claim) -> Slots {
    let extreme = if claim.op == ClaimOp::Min {
        "lowest"
    } else {
        "highest"
    };
    vec![
        ("label", phrase(column)),
        ("value", amount_of(claim)),
        ("extreme", extreme.to_owned()),
        ("who", holders(claim)),
    ]
}

/// Whether a claim's value is in its column's unit; a share is in percent of anything.
fn states_column(op: ClaimOp) -> bool {
    matches!(
        op,
        ClaimOp::Value | ClaimOp::Diff | ClaimOp::Min | ClaimOp::Max | ClaimOp::Median
    )
}
