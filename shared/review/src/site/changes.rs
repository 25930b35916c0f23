//! What articles say of what changed on them: each line is one of the claims file's, and each value follows from
//! the catalogue of its edition.

use std::collections::BTreeSet;

use va_domain::{
    content::{Claim, ClaimOp, ContentRequest, Finding, TableBlock},
    revision::{ChangedFact, Changes, StatedValue},
};

use super::{PageBefore, Revised, RevisedPage, Site, SitePage, claims, markup::Item};
use crate::{
    code::Code,
    field::Field,
    recompute::same_text,
    words::{decimals, fold, number},
};

/// The id of the part of an article that says what changed.
pub(crate) const SECTION: &str = "changes";

/// Whether an article says what its claims file says, and the file nothing that its own claims deny.
pub(crate) fn check(page: &SitePage, findings: &mut Vec<Finding>) {
    let mut wrong = |text: String| findings.push(Code::ChangeWrong.at(page.path, text));
    let document = &page.document;
    let section = document
        .elements()
        .position(|e| e.attribute("id") == Some(SECTION));
    let stated = page.claims.as_ref().and_then(|file| file.changes.as_ref());
    let (section, changes) = match (section, stated) {
        (None, None) => return,
        (Some(section), Some(changes)) => (section, changes),
        _ => return wrong("What changed stands on the page or in its claims, not in both.".into()),
    };
    let inside = |name: &'static str| {
        let opened = document.items_of(section).iter();
        let opened = opened.filter_map(|item| match item {
            Item::Open(number) => Some(*number),
            _ => None,
        });
        opened.filter(move |&n| document.name_of(n) == name)
    };
    let said: Vec<String> = inside("li").map(|n| document.text_of(n)).collect();
    let meant = lines(changes);
    if said != meant {
        let at = (0..).find(|&n| said.get(n) != meant.get(n)).unwrap_or(0);
        let (said, meant) = (said.get(at), meant.get(at));
        wrong(format!(
            "A line says {said:?}, and the claims file would have it say {meant:?}."
        ));
    }
    let days: BTreeSet<String> = inside("time")
        .filter_map(|n| document.element(n).attribute("datetime").map(str::to_owned))
        .collect();
    if days
        != [changes.on, changes.since]
            .map(|day| day.to_string())
            .into()
    {
        wrong("The days beside what changed are not those of the claims file.".to_owned());
    }
    for fact in &changes.facts {
        let own = page.claims.iter().flat_map(|file| &file.claims);
        if let Some(claim) = own
            .filter(|claim| concerns(claim, fact))
            .find(|claim| !states(claim, &fact.now.value))
        {
            wrong(format!(
                "{} is {} now by what changed, and {} by claim {}.",
                fact.label, fact.now.text, &*claim.value, &*claim.id
            ));
        }
    }
}

fn concerns(claim: &claims::Claim, fact: &ChangedFact) -> bool {
    claim.op == fact.op
        && *claim.column == fact.column
        && claim.filter.is_empty()
        && (fact.rows.is_empty() || claim.rows.iter().map(|name| &**name).eq(&fact.rows))
}

/// Whether a claim states a value. Lengths are written with their unit in a table, and without it in a claim.
fn states(claim: &claims::Claim, value: &str) -> bool {
    let bare = claim
        .unit
        .as_ref()
        .and_then(|unit| value.strip_suffix(&**unit));
    same(&claim.value, value) || bare.is_some_and(|bare| same(&claim.value, bare.trim_end()))
}

/// The lines that state the changes, in order.
fn lines(changes: &Changes) -> Vec<String> {
    let line = |fact: &ChangedFact| {
        let ChangedFact {
            label, now, before, ..
        } = fact;
        format!("{label}: {}, before {}", now.text, before.text)
    };
    let mut lines: Vec<String> = changes.facts.iter().map(line).collect();
    match changes.more {
        0 => {}
        1 => lines.push("One more figure changed".to_owned()),
        n => lines.push(format!("{n} more figures changed")),
    }
    for (names, what) in [
        (&changes.added, "New in the table"),
        (&changes.removed, "No longer in the table"),
    ] {
        if !names.is_empty() {
            lines.push(format!("{what}: {}", names.join("; ")));
        }
    }
    lines.iter().map(|line| fold(line).into_owned()).collect()
}

/// Computes from both catalogues what changed on each article, and compares.
pub(crate) fn recompute(site: &Site, revised: &Revised, findings: &mut Vec<Finding>) {
    let fields = Fields {
        before: Field::of(revised.before),
        now: Field::of(revised.now),
    };
    for page in revised.pages {
        let path = format!("posts/{}.html", page.slug);
        let stands = site.pages.iter().find(|p| p.path == path);
        let Some(file) = stands.and_then(|p| p.claims.as_ref()) else {
            continue;
        };
        let stated = file.changes.as_ref();
        if let Err(why) = fields.page(page, stated) {
            findings.push(Code::ChangeWrong.at(path, why));
        }
    }
}

struct Fields<'c> {
    before: Field<'c>,
    now: Field<'c>,
}

impl Fields<'_> {
    fn page(&self, page: &RevisedPage, stated: Option<&Changes>) -> Result<(), String> {
        match (page.before, stated) {
            (PageBefore::Nothing, None) => Ok(()),
            (PageBefore::Nothing, Some(_)) => {
                Err("A page that was not there before says what changed.".to_owned())
            }
            (PageBefore::Same(before), stated) if before == stated => self.holds(page.request),
            (PageBefore::Same(_), _) => {
                Err("A page that stands as it was says something else of what changed.".to_owned())
            }
            (PageBefore::Other(before), Some(stated)) => self.changed(before, page.request, stated),
            (PageBefore::Other(_), None) => {
                Err("A page that was written again does not say what changed.".to_owned())
            }
        }
    }

    /// A page may stand as it was while all of its claims are still true.
    fn holds(&self, request: &ContentRequest) -> Result<(), String> {
        match request.claims.iter().find_map(|c| self.now.verify(c)) {
            Some(finding) => Err(format!("A page stands as it was. {}", finding.text)),
            None => Ok(()),
        }
    }

    fn changed(
        &self,
        before: &ContentRequest,
        now: &ContentRequest,
        stated: &Changes,
    ) -> Result<(), String> {
        if (stated.since, stated.on) != (before.as_of, now.as_of) {
            return Err("The days beside what changed are not those of the editions.".to_owned());
        }
        for fact in &stated.facts {
            if !is_named(&self.now, fact) {
                return Err(format!("{} is not what the figure is.", fact.label));
            }
            for (field, value) in [(&self.before, &fact.before), (&self.now, &fact.now)] {
                value_holds(field, fact, value)?;
            }
            if fact.before.text == fact.now.text {
                return Err(format!("{} is what it was.", fact.label));
            }
        }
        let (old, new) = (&before.blocks.table, &now.blocks.table);
        if stated.added != beyond(new, old) || stated.removed != beyond(old, new) {
            return Err("The products that came or went are others.".to_owned());
        }
        let found = self.cells(old, new);
        let named = |(name, column): &&(String, String)| {
            stated.facts.iter().any(|fact| {
                fact.op == ClaimOp::Value
                    && fact.rows.first() == Some(name)
                    && fact.column == *column
            })
        };
        let unnamed = found.iter().filter(|place| !named(place));
        let missing: Vec<String> = unnamed
            .map(|(name, column)| format!("{column} of {name}"))
            .collect();
        if missing.len() > stated.more as usize {
            return Err(format!(
                "{} changed, and what changed does not say so.",
                missing.join(", ")
            ));
        }
        Ok(())
    }

    /// The cells of both tables that the two catalogues fill in another way, but for texts that are cut.
    fn cells(&self, old: &TableBlock, new: &TableBlock) -> Vec<(String, String)> {
        let has = |table: &TableBlock, name: &str| {
            table
                .rows
                .iter()
                .any(|row| row.first().is_some_and(|n| n == name))
        };
        let rows = new.rows.iter().filter_map(|row| row.split_first());
        let places = rows
            .filter(|(name, _)| has(old, name))
            .flat_map(|(name, cells)| {
                let columns = new.columns.iter().skip(1).zip(cells);
                let shared = columns
                    .filter(|(column, cell)| old.columns.contains(column) && !cell.ends_with('…'));
                shared.map(|(column, _)| (name.clone(), column.clone()))
            });
        places
            .filter(|(name, column)| {
                cell(&self.before, name, column) != cell(&self.now, name, column)
            })
            .collect()
    }
}

/// What a catalogue states, as the arithmetic compares it; none where nothing is stated.
fn cell(field: &Field, name: &str, column: &str) -> Option<String> {
    let (row, at) = (field.row_named(name)?, field.column_index(column)?);
    if field.catalogue.rows[row].cells[at].is_missing() {
        return None;
    }
    field
        .value_of(&claim(ClaimOp::Value, column, &[name.to_owned()]))
        .ok()
}

fn claim(op: ClaimOp, column: &str, rows: &[String]) -> Claim {
    Claim {
        id: column.to_owned(),
        op,
        column: column.to_owned(),
        rows: rows.to_vec(),
        filter: Vec::new(),
        value: String::new(),
        unit: None,
        text: String::new(),
    }
}

/// Whether a catalogue gives a stated value, and its text says that value with the column's unit.
fn value_holds(field: &Field, fact: &ChangedFact, stated: &StatedValue) -> Result<(), String> {
    let wrong = |right: &str| {
        let (label, text) = (&fact.label, &stated.text);
        Err(format!(
            "{label} is said to be {text}; the catalogue gives {right}."
        ))
    };
    let Some(right) = right(field, fact) else {
        let open = stated.value.is_empty() && stated.text == "not stated";
        return if open { Ok(()) } else { wrong("nothing") };
    };
    let column = field
        .column_index(&fact.column)
        .map(|at| &field.catalogue.columns[at]);
    let unit = match fact.op {
        ClaimOp::Rank | ClaimOp::Count => None,
        _ => column.and_then(|c| c.unit.as_deref()),
    };
    let says = |text: &str| match number(&right) {
        Some(number) => {
            let figure = text.replace(unit.unwrap_or_default(), "");
            let is_negative = figure.contains(['-', '\u{2212}']);
            decimals(&figure).eq([number.abs()])
                && (number.is_zero() || is_negative == number.is_sign_negative())
        }
        // Lengths carry their unit; what is long is cut.
        None => {
            let cut = text.strip_suffix('…');
            same_text(
                text.strip_suffix(unit.unwrap_or_default()).unwrap_or(text),
                &right,
            ) || cut.is_some_and(|start| fold(&right).starts_with(start))
        }
    };
    let stem = unit.map(|unit| unit.trim_end_matches('s'));
    let bare = matches!(right.as_str(), "1" | "-1") || number(&right).is_none();
    let says = says(&stated.value)
        && says(&stated.text)
        && (bare || stem.is_none_or(|unit| stated.text.contains(unit)));
    if says {
        Ok(())
    } else {
        wrong(&format!("{right} {}", unit.unwrap_or_default()))
    }
}

/// Whether the label names operation, product and column, and nothing else.
fn is_named(field: &Field, fact: &ChangedFact) -> bool {
    let label = fact.label.as_str();
    let name = fact.rows.first().map(|name| fold(name).into_owned());
    let column = match (fact.op, name) {
        (ClaimOp::Value, Some(name)) => label.strip_suffix(&format!(" of {name}")),
        (ClaimOp::Rank, Some(name)) => label.strip_prefix(&format!("Place of {name} by ")),
        (ClaimOp::Median, None) => label.strip_prefix("Median "),
        (ClaimOp::Min, None) => label.strip_prefix("Lowest "),
        (ClaimOp::Max, None) => label.strip_prefix("Highest "),
        (ClaimOp::Count, None) => return label == "Products listed" && fact.column.is_empty(),
        _ => None,
    };
    let words = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        let words = words.filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let (Some(said), Some(at)) = (column, field.column_index(&fact.column)) else {
        return false;
    };
    let column = &field.catalogue.columns[at];
    let known = &words(&column.label) | &words(&column.name);
    !words(said).is_empty() && words(said).is_subset(&known)
}

fn right(field: &Field, fact: &ChangedFact) -> Option<String> {
    match fact.op {
        ClaimOp::Value => cell(field, fact.rows.first()?, &fact.column),
        op => field.value_of(&claim(op, &fact.column, &fact.rows)).ok(),
    }
}

fn same(a: &str, b: &str) -> bool {
    match (number(a.trim()), number(b.trim())) {
        (Some(a), Some(b)) => a == b,
        _ => same_text(a, b),
    }
}

/// The products of a table that another does not list.
fn beyond(table: &TableBlock, other: &TableBlock) -> Vec<String> {
    let listed: BTreeSet<&String> = other.rows.iter().filter_map(|row| row.first()).collect();
    let names = table.rows.iter().filter_map(|row| row.first());
    names
        .filter(|name| !listed.contains(name))
        .cloned()
        .collect()
}
