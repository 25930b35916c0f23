//! How much of each column is stated.

use rust_decimal::Decimal;
use va_domain::content::ClaimOp;

use crate::{
    escape::html,
    words::{capital, inner},
};

use super::{Figure, Material, Published, percent};

/// The height of a bar with its text, in pixels.
const BAR: usize = 44;

pub(super) fn of(material: &Material) -> Option<String> {
    let whole = |c: &&Published| {
        c.op == ClaimOp::Share && c.filter.is_empty() && c.rows.is_empty() && !c.column.is_empty()
    };
    let mut bars: Vec<(String, Decimal, String)> = Vec::new();
    for claim in material.claims.iter().filter(whole) {
        let label = label(material, claim.column);
        let share: Option<Decimal> = claim.value.parse().ok();
        let in_range = |n: &Decimal| *n >= Decimal::ZERO && *n <= Decimal::ONE_HUNDRED;
        let is_new = bars.iter().all(|(known, ..)| *known != label);
        if let Some(share) = share.filter(in_range).filter(|_| is_new) {
            bars.push((label, share, format!("{}%", claim.value)));
        }
    }
    if bars.len() < 3 {
        return None;
    }
    let mut drawn = String::new();
    for (number, (label, share, said)) in bars.iter().enumerate() {
        let (text, bar) = (number * BAR + 16, number * BAR + 24);
        let width = percent(*share, Decimal::ZERO, Decimal::ONE_HUNDRED);
        drawn.push_str(&format!(
            "<g class=\"rung\"><text class=\"name\" x=\"0\" y=\"{text}\">{}</text>\
             <text class=\"end value\" x=\"100%\" y=\"{text}\">{said}</text>\
             <rect class=\"whole\" x=\"0\" y=\"{bar}\" width=\"100%\" height=\"8\" rx=\"4\"/>\
             <rect class=\"part\" x=\"0\" y=\"{bar}\" width=\"{width}\" height=\"8\" rx=\"4\"/></g>\n",
            html(label),
        ));
    }
    let told: Vec<String> = bars
        .iter()
        .map(|(label, _, said)| format!("{} {said}", inner(label)))
        .collect();
    let figure = Figure {
        class: "coverage",
        caption: "How much of each column is stated",
        description: &format!(
            "Share of the products that state each column: {}.",
            told.join("; ")
        ),
        height: bars.len() * BAR,
        drawn: &drawn,
        key: &[],
        reading: "A full bar: every product states it.",
    };
    Some(figure.html())
}

/// What readers see of a column: the heading in the table, else its name.
fn label(material: &Material, column: &str) -> String {
    let table = &material.request.blocks.table;
    let at = table.columns.iter().position(|c| c == column);
    at.and_then(|at| table.headings.get(at))
        .cloned()
        .unwrap_or_else(|| capital(&column.replace('_', " ")))
}
