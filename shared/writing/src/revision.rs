//! What becomes of the pages of an earlier plan, and what a page says of what changed on it.
//!
//! A page is kept when its writer would be asked for the same again: then no claim, name, source or rule of it
//! is another. The day, the pages beside it, and but for pages on one product the size of the field are no part of
//! that, for no draft speaks of them.

use std::collections::BTreeMap;

use va_domain::{
    content::{Claim, ClaimOp, ContentRequest, PageKind, TableBlock},
    revision::{ChangedFact, Changes, PageState, StatedValue},
};

use crate::{
    prose,
    site::{Published, cell_claims},
    words::capital,
};

/// The most facts that a page names one by one.
pub const FACTS: usize = 12;

/// What becomes of a page that is asked for now, and what changed on it. `before` is the request of the page of
/// the same slug in the edition before.
#[must_use]
pub fn compare(
    before: Option<&ContentRequest>,
    now: &ContentRequest,
) -> (PageState, Option<Changes>) {
    match before {
        None => (PageState::New, None),
        Some(before) if is_same(before, now) => (PageState::Kept, None),
        Some(before) => (PageState::Changed, Some(changes(before, now))),
    }
}

fn is_same(before: &ContentRequest, now: &ContentRequest) -> bool {
    let of_the_field = now.kind == PageKind::Product;
    let asked = ContentRequest {
        as_of: now.as_of,
        related: now.related.clone(),
        field_size: if of_the_field {
            before.field_size
        } else {
            now.field_size
        },
        ..before.clone()
    };
    asked == *now
}

fn changes(before: &ContentRequest, now: &ContentRequest) -> Changes {
    let mut facts = cells(&before.blocks.table, &now.blocks.table);
    facts.extend(figures(before, now));
    let more = facts.len().saturating_sub(FACTS);
    facts.truncate(FACTS);
    Changes {
        since: before.as_of,
        on: now.as_of,
        facts,
        more: u32::try_from(more).unwrap_or(u32::MAX),
        added: beyond(&now.blocks.table, &before.blocks.table),
        removed: beyond(&before.blocks.table, &now.blocks.table),
    }
}

/// The products of a table that another does not list.
fn beyond(table: &TableBlock, other: &TableBlock) -> Vec<String> {
    let names = |table: &TableBlock| -> Vec<String> {
        table
            .rows
            .iter()
            .filter_map(|row| row.first().cloned())
            .collect()
    };
    let known = names(other);
    names(table)
        .into_iter()
        .filter(|name| !known.contains(name))
        .collect()
}

/// The cells that state something else, where both tables have row and column.
fn cells(before: &TableBlock, now: &TableBlock) -> Vec<ChangedFact> {
    let values = [before, now].map(|table| {
        let claims = cell_claims(table).into_iter();
        claims
            .map(|claim| (place(&claim), claim.value.into_owned()))
            .collect::<BTreeMap<_, _>>()
    });
    let mut facts = Vec::new();
    for row in &now.rows {
        let Some(name) = row.first() else { continue };
        let Some(old) = before.rows.iter().find(|old| old.first() == Some(name)) else {
            continue;
        };
        for (at, column) in now.columns.iter().enumerate().skip(1) {
            let old_at = before.columns.iter().position(|c| c == column);
            let texts = [old_at.and_then(|at| old.get(at)), row.get(at)];
            let ([Some(was), Some(is)], Some(heading)) = (texts, now.headings.get(at)) else {
                continue;
            };
            if was == is {
                continue;
            }
            let place = (column.clone(), name.clone());
            let stated = |values: &BTreeMap<_, String>, text: &str| StatedValue {
                value: values.get(&place).cloned().unwrap_or_default(),
                text: text.to_owned(),
            };
            facts.push(ChangedFact {
                op: ClaimOp::Value,
                column: column.clone(),
                rows: vec![name.clone()],
                label: format!("{heading} of {name}"),
                before: stated(&values[0], was),
                now: stated(&values[1], is),
            });
        }
    }
    facts
}

fn place(claim: &Published) -> (String, String) {
    (
        claim.column.to_owned(),
        claim.rows.first().cloned().unwrap_or_default(),
    )
}

/// What follows from many rows and has another value, where a few words can name it.
fn figures(before: &ContentRequest, now: &ContentRequest) -> Vec<ChangedFact> {
    let fact = |claim: &Claim| {
        let label = capital(&prose::name_of(claim, &now.prompt_context)?);
        let same = |other: &&Claim| {
            other.op == claim.op
                && other.column == claim.column
                && other.filter.is_empty()
                && (claim.op != ClaimOp::Rank || other.rows == claim.rows)
        };
        let old = before.claims.iter().find(same)?;
        let differs = old.value != claim.value || old.unit != claim.unit;
        let stated = |claim: &Claim| StatedValue {
            value: claim.value.clone(),
            text: prose::written(claim),
        };
        differs.then(|| ChangedFact {
            op: claim.op,
            column: claim.column.clone(),
            rows: if claim.op == ClaimOp::Rank {
                claim.rows.clone()
            } else {
                Vec::new()
            },
            label,
            before: stated(old),
            now: stated(claim),
        })
    };
    now.claims.iter().filter_map(fact).collect()
}
