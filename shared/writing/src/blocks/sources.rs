//! Where the facts of a page come from.

use std::collections::BTreeSet;

use va_domain::content::{Claim, Source};

use super::named_rows;
use crate::{
    escape::fold,
    field::{Field, addresses},
    pages::Proposal,
};

/// The most sources of a page.
const SOURCES: usize = 40;

/// Where the facts come from: the addresses and the date of each product that the page is about. Pages about
/// few products give every address, the others the first.
pub(super) fn sources(field: &Field, proposal: &Proposal, claims: &[Claim]) -> Vec<Source> {
    let mut rows = named_rows(field, claims);
    let few = rows.len() <= 4;
    if few {
        rows.extend(
            proposal
                .rows
                .iter()
                .filter(|&&row| field.is_nameable(row))
                .take(4),
        );
    }
    let mut seen = BTreeSet::new();
    rows.retain(|row| seen.insert(*row));
    let mut sources = Vec::new();
    for row in rows {
        let name = fold(field.name(row));
        let date = field.date(row);
        let cells = field
            .links
            .iter()
            .map(|&at| &field.catalogue.rows[row].cells[at]);
        let mut urls: Vec<&str> = cells.flat_map(addresses).collect();
        let mut known = BTreeSet::new();
        urls.retain(|url| known.insert(*url));
        urls.truncate(if few { 3 } else { 1 });
        if urls.is_empty() && date.is_some() {
            sources.push(Source {
                label: name.into_owned(),
                url: None,
                date,
            });
            continue;
        }
        for (number, url) in urls.into_iter().enumerate() {
            let host = url
                .split("://")
                .nth(1)
                .and_then(|rest| rest.split(['/', '?', '#', ':']).next())
                .unwrap_or_default();
            let host = host.strip_prefix("www.").unwrap_or(host);
            let label = if number == 0 {
                format!("{name} ({host})")
            } else {
                format!("{name}, source {} ({host})", letter(number))
            };
            sources.push(Source {
                label,
                url: Some(crate::escape::address(url)),
                date,
            });
        }
    }
    sources.truncate(SOURCES);
    sources
}

fn letter(number: usize) -> char {
    char::from(b'a' + u8::try_from(number % 26).unwrap_or_default())
}
