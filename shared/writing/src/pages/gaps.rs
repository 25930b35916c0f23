//! The page about what nobody states.

use va_domain::content::PageKind;

use super::{Argument, CLAIMS_AT_LEAST, Proposal, Refusal, fields::TABLE_ROWS, labels, verb};
use crate::{
    field::{Field, Profile},
    words::inner,
};

/// What nobody states: how much of each column is filled.
pub(super) fn propose(field: &Field, refused: &mut Vec<Refusal>) -> Option<Proposal> {
    let mut open: Vec<&Profile> = field
        .profiles
        .iter()
        .filter(|p| p.stated < field.rows())
        .collect();
    open.sort_by_key(|p| (p.stated, p.at));
    let mut refuse = |reason: &str| {
        refused.push(Refusal {
            topic: "what nobody states".to_owned(),
            reason: reason.to_owned(),
        });
        None
    };
    if open.is_empty() {
        return refuse("every column is stated for every product");
    }
    let mut said = Argument::default();
    for profile in open.iter().take(8) {
        said.add([field.missing(profile)]);
        said.add(field.coverage(profile));
    }
    let mut silent: Vec<(usize, usize)> = field
        .shortlist
        .iter()
        .map(|&row| {
            (
                open.iter()
                    .filter(|p| field.cell(row, p).is_missing())
                    .count(),
                row,
            )
        })
        .filter(|(n, _)| *n > 0)
        .collect();
    silent.sort_by_key(|(n, row)| (usize::MAX - n, *row));
    for (_, row) in silent.iter().take(3) {
        said.add(open.iter().take(5).filter_map(|p| field.left_open(*row, p)));
    }
    if let Some(dated) = field.dated {
        let column = &field.catalogue.columns[dated];
        let mut dates: Vec<_> = (0_u32..)
            .zip(0..field.rows())
            .filter_map(|(n, row)| Some((field.date(row)?, n)))
            .collect();
        dates.sort_unstable();
        if dates.first().map(|d| d.0) < dates.last().map(|d| d.0) {
            said.add(field.extreme_date(&column.name, &dates, false));
            said.add(field.extreme_date(&column.name, &dates, true));
        }
    }
    if said.len() < CLAIMS_AT_LEAST {
        return refuse("the gaps give fewer than eight claims");
    }
    let worst = inner(&open[0].label);
    let mut rows: Vec<usize> = silent
        .iter()
        .map(|(_, row)| *row)
        .take(TABLE_ROWS)
        .collect();
    rows.sort_unstable();
    Some(Proposal {
        kind: PageKind::Gaps,
        topic: "what nobody states".to_owned(),
        title: format!(
            "What the makers do not tell you: {} above all",
            labels(&open, 2)
        ),
        question: format!(
            "Which facts are not stated for the products listed here, and {} {worst} among them?",
            verb(&worst)
        ),
        angle: "the gaps in the table, column by column".to_owned(),
        answer: 2.min(said.len()),
        claims: said.claims,
        spare: Vec::new(),
        rows,
        chosen: Some("The table shows the products that leave cells open"),
        columns: open.iter().map(|p| p.at).collect(),
        tags: vec!["overview".to_owned()],
    })
}
