//! The candidates by price, one rung each, with the figure that the page decides by.

use rust_decimal::Decimal;
use va_domain::content::ClaimOp;

use crate::{escape::html, words::inner};

use super::{Figure, Material, measures::Measure, percent};

/// The height of a rung in pixels.
const RUNG: usize = 44;
/// More rungs than these are no picture any more.
const RUNGS: usize = 14;

pub(super) fn of(material: &Material) -> Option<String> {
    let request = material.request;
    let table = &request.blocks.table;
    let price = material.measures.iter().find(|m| m.is_price())?;
    let decides = material
        .claims
        .iter()
        .filter(|c| {
            matches!(c.op, ClaimOp::Min | ClaimOp::Max)
                && request.answer.iter().any(|id| *id == c.id)
        })
        .find_map(|claim| {
            let other = |m: &&Measure| m.column == claim.column && !m.is_price();
            Some((claim, material.measures.iter().find(other)?))
        });
    let mut rungs: Vec<(usize, &super::measures::Figure)> = price
        .figures
        .iter()
        .enumerate()
        .filter_map(|(row, figure)| Some((row, figure.as_ref()?)))
        .collect();
    if !(3..=RUNGS).contains(&rungs.len()) {
        return None;
    }
    rungs.sort_by_key(|(row, figure)| (figure.number, *row));
    let highest = rungs.last()?.1.number;
    if highest <= Decimal::ZERO {
        return None;
    }
    let mut drawn = String::new();
    let mut told = Vec::new();
    for (number, (row, figure)) in rungs.iter().enumerate() {
        let name = table.rows[*row].first().map_or("", String::as_str);
        let wins = decides.is_some_and(|(claim, _)| claim.rows.iter().any(|r| r == name));
        let also = decides
            .and_then(|(_, measure)| measure.figures.get(*row)?.as_ref())
            .map(|f| f.shown);
        let said = also.map_or_else(
            || figure.shown.to_owned(),
            |also| format!("{} · {also}", figure.shown),
        );
        let (text, bar) = (number * RUNG + 16, number * RUNG + 24);
        let class = if wins { "rung lead" } else { "rung" };
        let width = percent(figure.number, Decimal::ZERO, highest);
        drawn.push_str(&format!(
            "<g class=\"{class}\"><text class=\"name\" x=\"0\" y=\"{text}\">{}</text>\
             <text class=\"end value\" x=\"100%\" y=\"{text}\">{}</text>\
             <rect class=\"whole\" x=\"0\" y=\"{bar}\" width=\"100%\" height=\"8\" rx=\"4\"/>\
             <rect class=\"part\" x=\"0\" y=\"{bar}\" width=\"{width}\" height=\"8\" rx=\"4\"/></g>\n",
            html(name),
            html(&said)
        ));
        told.push(format!("{name}: {}", said.replace(" · ", ", ")));
    }
    let (caption, reading) = match decides {
        Some((_, measure)) => (
            format!(
                "The candidates by price, with their {}",
                inner(measure.label)
            ),
            "The bar is the price; what stands out is the answer of this page.",
        ),
        None => (
            "The candidates by price".to_owned(),
            "The bar is the price.",
        ),
    };
    let figure = Figure {
        class: "ladder",
        caption: &caption,
        description: &format!("From the cheapest up. {}.", told.join("; ")),
        height: rungs.len() * RUNG,
        drawn: &drawn,
        key: &[],
        reading,
    };
    Some(figure.html())
}
