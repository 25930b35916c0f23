//! The questions that a table can answer. Each becomes a proposal; [`crate::plan`] decides which are pages.

mod budget;
mod fields;
pub(crate) mod frontier;
mod gaps;
mod pairs;
mod product;

use va_domain::content::{Claim, PageKind};

use crate::{
    facts::is_same,
    field::{Field, Profile},
    words::{inner, is_plural},
};

/// A page needs as many claims as this.
pub(crate) const CLAIMS_AT_LEAST: usize = 8;
/// And carries no more than this: what is above is the table's business.
const CLAIMS_AT_MOST: usize = 36;

/// A page that could be written.
pub(crate) struct Proposal {
    pub kind: PageKind,
    /// What it is about, in a few words.
    pub topic: String,
    pub title: String,
    pub question: String,
    pub angle: String,
    /// The claims in the order of the argument, without ids.
    pub claims: Vec<Claim>,
    /// More claims, for a page that would be too short without them.
    pub spare: Vec<Claim>,
    /// How many of the first claims answer the question.
    pub answer: usize,
    /// The rows of its table.
    pub rows: Vec<usize>,
    /// How these rows were chosen, where they are a part of the field.
    pub chosen: Option<&'static str>,
    /// The catalogue's columns that its table shows first.
    pub columns: Vec<usize>,
    pub tags: Vec<String>,
}

/// What was considered and cannot be a page.
pub(crate) struct Refusal {
    pub topic: String,
    pub reason: String,
}

/// All proposals, best first within each kind, in the order in which a reader would want them.
pub(crate) struct Proposals {
    pub guide: Vec<Proposal>,
    pub choose: Vec<Proposal>,
    pub comparisons: Vec<Proposal>,
    pub pay_more: Vec<Proposal>,
    pub best_under: Vec<Proposal>,
    pub products: Vec<Proposal>,
    pub gaps: Vec<Proposal>,
    pub refused: Vec<Refusal>,
}

/// Everything that the table could say in a page of its own; at most about `wanted` of each kind.
pub(crate) fn propose(field: &Field, wanted: usize) -> Proposals {
    let mut refused = Vec::new();
    let (comparisons, pay_more) = pairs::propose(field, wanted, &mut refused);
    Proposals {
        guide: fields::guide(field, &mut refused).into_iter().collect(),
        choose: fields::choose(field, &mut refused).into_iter().collect(),
        comparisons,
        pay_more,
        best_under: budget::propose(field, wanted, &mut refused),
        products: product::propose(field, wanted),
        gaps: gaps::propose(field, &mut refused).into_iter().collect(),
        refused,
    }
}

/// Claims in order, each once.
#[derive(Default)]
struct Argument {
    claims: Vec<Claim>,
}

impl Argument {
    fn add(&mut self, claim: impl IntoIterator<Item = Claim>) {
        for claim in claim {
            if self.claims.len() < CLAIMS_AT_MOST && !states(&self.claims, &claim) {
                self.claims.push(claim);
            }
        }
    }

    fn len(&self) -> usize {
        self.claims.len()
    }

    /// Adds claims until there are enough for a page; returns those that are left.
    fn fill(&mut self, more: impl IntoIterator<Item = Claim>) -> Vec<Claim> {
        let mut more = more.into_iter();
        while self.len() < CLAIMS_AT_LEAST {
            let Some(claim) = more.next() else { break };
            self.add([claim]);
        }
        let mut spare = Vec::new();
        for claim in more {
            if spare.len() == CLAIMS_AT_MOST {
                break;
            }
            if !states(&self.claims, &claim) && !states(&spare, &claim) {
                spare.push(claim);
            }
        }
        spare
    }
}

/// Whether a claim is among some few.
fn states(claims: &[Claim], claim: &Claim) -> bool {
    claims.iter().any(|known| is_same(known, claim))
}

/// `price, weight and water tank`
fn labels(profiles: &[&Profile], most: usize) -> String {
    let labels: Vec<String> = profiles
        .iter()
        .take(most)
        .map(|p| inner(&p.label))
        .collect();
    crate::words::list(&labels)
}

/// `is` or `are`, for a label.
fn verb(label: &str) -> &'static str {
    if is_plural(label) { "are" } else { "is" }
}

/// `the Alpha`; a name that has its article keeps it.
pub(crate) fn the(name: &str) -> String {
    let name = spoken(name);
    let has = name
        .split(' ')
        .next()
        .is_some_and(|word| word.eq_ignore_ascii_case("the"))
        && name.contains(' ');
    if has {
        name.to_owned()
    } else {
        ["the ", name].concat()
    }
}

/// A name as a sentence has it: a full stop at its end would end the sentence.
pub(crate) fn spoken(name: &str) -> &str {
    name.trim_end_matches('.')
}

/// The tags that a product brings along: its categories.
fn tags(field: &Field, rows: &[usize]) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for profile in field
        .profiles
        .iter()
        .filter(|p| p.column.kind == va_catalogue::Kind::Category)
    {
        for &row in rows {
            let cell = field.cell(row, profile);
            if !cell.is_missing() && crate::field::is_sayable(&cell.raw) {
                tags.push(cell.raw.to_lowercase());
            }
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    tags.retain(|tag| seen.insert(tag.clone()));
    tags.truncate(4);
    tags
}
