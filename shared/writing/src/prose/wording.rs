//! One move becomes one or two sentences.

mod counts;
mod moves;

use std::{collections::BTreeSet, rc::Rc};

use va_domain::content::{Claim, ClaimOp, ContentRequest};

use super::{
    columns::{ColumnKind, Columns, column_of},
    moves::{Act, Move},
    nouns::Noun,
    phrases::{amount_of, phrase, products, row},
    templates as t,
    vocabulary::Vocabulary,
    voice::{Slots, Voice},
};
use crate::{pages::the, words::list};

/// A sentence with the claims that it states.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    /// Markdown, without markers.
    pub text: String,
    pub claims: Vec<String>,
    /// The one product that it names, if it names one.
    pub about: Option<String>,
}

/// What words a page's moves.
pub(super) struct Wording<'r> {
    pub request: &'r ContentRequest,
    pub columns: &'r Columns,
    pub voice: Voice<'r>,
    vocabulary: &'r Vocabulary<'r>,
    /// The claims that are said already.
    used: BTreeSet<String>,
    /// The products that this section named in full.
    named: BTreeSet<String>,
    /// The only product of the last sentence, where the section goes on.
    subject: Option<String>,
    /// What was said, in order: another turn says it in other words.
    pub script: Vec<(&'static [&'static str], Slots)>,
    /// Whether what is said depends on how this turn words it.
    pub is_own: bool,
}

impl<'r> Wording<'r> {
    pub(super) fn new(vocabulary: &'r Vocabulary<'r>, turn: usize) -> Self {
        let request = vocabulary.request;
        Self {
            request,
            columns: &vocabulary.columns,
            voice: vocabulary.voice(turn),
            vocabulary,
            used: BTreeSet::new(),
            named: BTreeSet::new(),
            subject: None,
            script: Vec::new(),
            is_own: false,
        }
    }

    /// A section begins: products are named in full again, and nothing was spoken of.
    pub(super) fn section(&mut self) {
        self.named.clear();
        self.subject = None;
    }

    /// The words of a column.
    pub(super) fn noun(&self, column: &str) -> Rc<Noun> {
        self.vocabulary.noun(column)
    }

    /// A claim's value as it is written, with the word that its column has for it.
    pub(super) fn amount(&self, claim: &Claim) -> String {
        let written = amount_of(claim);
        let counted = claim.unit.is_none()
            && claim.value != "1"
            && !matches!(claim.op, ClaimOp::Share | ClaimOp::Ratio | ClaimOp::Rank);
        if !counted {
            return written;
        }
        match &self.noun(&claim.column).suffix {
            Some(word) => format!("{written} {word}"),
            None => written,
        }
    }

    /// A product: by its full name at first in a section, then by its short one.
    pub(super) fn name(&mut self, full: &str) -> String {
        let short = self.request.products.iter().find(|p| p.name == full);
        match short {
            Some(product) if !self.named.insert(full.to_owned()) => the(&product.short),
            _ => the(full),
        }
    }

    /// Whether the last sentence of this section was about this product alone.
    pub(super) fn last_named(&mut self, product: &str) -> bool {
        self.is_own = true;
        self.subject.as_deref() == Some(product)
    }

    /// Whether a claim is said already.
    pub(super) fn is_said(&self, claim: &Claim) -> bool {
        self.used.contains(&claim.id)
    }

    /// The sentences of a move. `subject` is the only product that the sentence before named.
    pub(super) fn say(&mut self, step: &Move<'r>, subject: Option<&str>) -> Vec<Sentence> {
        let claims = &step.claims;
        let Some(first) = claims.first().copied() else {
            return Vec::new();
        };
        let column = self.columns.get(column_of(first));
        let it = subject.is_some() && subject == first.rows.first().map(String::as_str);
        match step.act {
            Act::Size => self.one(t::SIZE, vec![("n", first.value.clone())], claims),
            Act::Ends => self.ends(&column, claims),
            Act::Extreme => self.extreme(&column, first),
            Act::Leader => self.leader(&column, first),
            Act::Middle => self.middle(&column, claims),
            Act::Contrast => {
                let slots = vec![
                    ("label", phrase(&column)),
                    ("d", amount_of(first)),
                    ("hi", the(row(first, 0))),
                    ("lo", the(row(first, 1))),
                    ("vhi", amount_of(claims[1])),
                    ("vlo", amount_of(claims[2])),
                ];
                let list = if column.kind == ColumnKind::Price {
                    t::PRICE_CONTRAST
                } else {
                    t::CONTRAST
                };
                self.one(list, slots, claims)
            }
            Act::Step => {
                let slots = self.pair(&column, first, amount_of(first));
                let list = if column.kind == ColumnKind::Price {
                    t::PRICE_STEP
                } else {
                    t::STEP
                };
                self.one(list, slots, claims)
            }
            Act::Trade => self.trade(claims),
            Act::Times => {
                let mut slots = self.pair(&column, first, String::new());
                slots.push(("times", first.value.clone()));
                self.one(t::TIMES, slots, claims)
            }
            Act::Placed | Act::Place => self.placed(&column, step, it),
            Act::Holds => self.holds(&column, first, it),
            Act::Side => self.side(&column, claims),
            Act::Split => self.split(&column, claims),
            Act::Common => {
                let value = first
                    .filter
                    .first()
                    .map(|f| f.value.clone())
                    .unwrap_or_default();
                self.one(
                    t::COMMON,
                    vec![
                        ("label", column.label.clone()),
                        ("share", amount_of(first)),
                        ("value", value),
                    ],
                    claims,
                )
            }
            Act::Below => self.below(&column, first),
            Act::Passing => self.passing(first),
            Act::Stated => self.one(
                t::STATED,
                vec![("n", products(&first.value)), ("label", phrase(&column))],
                claims,
            ),
            Act::Open => self.open(&column, claims),
            Act::LeftOpen => {
                let labels: Vec<String> =
                    claims.iter().map(|c| self.noun(&c.column).the()).collect();
                let are = if labels.len() > 1 { "are" } else { "is" };
                let product = self.name(row(first, 0));
                let slots = vec![
                    ("s", product),
                    ("labels", list(&labels)),
                    ("are", are.to_owned()),
                ];
                let templates = if labels.len() > 1 {
                    t::LEFT_OPEN_MANY
                } else {
                    t::LEFT_OPEN
                };
                self.one(templates, slots, claims)
            }
            Act::Together => self.together(first),
            Act::Beats => self.one(
                t::BEATS,
                vec![("s", the(row(first, 0))), ("o", the(row(first, 1)))],
                claims,
            ),
            Act::Neither => self.one(
                t::NEITHER,
                vec![("s", the(row(first, 0))), ("o", the(row(first, 1)))],
                claims,
            ),
        }
    }

    pub(super) fn one(
        &mut self,
        list: &'static [&'static str],
        slots: Slots,
        claims: &[&Claim],
    ) -> Vec<Sentence> {
        let text = self.voice.say(list, &slots);
        self.script.push((list, slots));
        self.used.extend(claims.iter().map(|c| c.id.clone()));
        let mut names: Vec<&String> = claims.iter().flat_map(|c| &c.rows).collect();
        names.dedup();
        let about = if let [only] = names[..] {
            Some(only.clone())
        } else {
            None
        };
        if !text.starts_with("It") || about.is_some() {
            self.subject.clone_from(&about);
        }
        vec![Sentence {
            text,
            claims: claims.iter().map(|c| c.id.clone()).collect(),
            about,
        }]
    }
}
