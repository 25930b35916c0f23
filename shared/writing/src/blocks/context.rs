//! What a writer must know of the columns.

use std::collections::BTreeSet;

use va_catalogue::Better;
use va_domain::content::Claim;

use crate::{escape::fold, field::Field};

/// The most characters of the context.
const CONTEXT: usize = 1_900;

/// The names of the columns that claims speak of, as often as they do.
pub(super) fn cited(claims: &[Claim]) -> impl Iterator<Item = &str> {
    claims.iter().flat_map(|c| {
        c.column
            .split('~')
            .chain(c.filter.iter().map(|f| f.column.as_str()))
    })
}

/// The columns that the claims speak of, one a line: `name | label | kind | better | about`. Data for the
/// writer, never instructions.
pub(crate) fn context(field: &Field, claims: &[Claim]) -> String {
    let cited: BTreeSet<&str> = cited(claims).filter(|name| !name.is_empty()).collect();
    let mut text = "columns: name | label | kind | better | about".to_owned();
    let price = field.price().map(|p| p.at);
    let dated = field
        .dated
        .map(|at| (at, field.catalogue.columns[at].label.clone()));
    let profiles = field.profiles.iter().map(|p| (p.at, p.label.clone()));
    for (at, label) in profiles.chain(dated) {
        let column = &field.catalogue.columns[at];
        if !cited.contains(column.name.as_str()) {
            continue;
        }
        let kind = match column.kind {
            _ if Some(at) == price => "price",
            va_catalogue::Kind::Number => "number",
            va_catalogue::Kind::Boolean => "boolean",
            va_catalogue::Kind::Date => "date",
            va_catalogue::Kind::Dimensions => "dimensions",
            _ => "category",
        };
        let better = match column.better {
            Better::Lower => "lower",
            Better::Higher => "higher",
            Better::None => "none",
        };
        let about: String = fold(column.about.as_deref().unwrap_or_default())
            .replace('|', "/")
            .chars()
            .take(160)
            .collect();
        let short = format!("\n{} | {label} | {kind} | {better} |", column.name);
        if text.len() + short.len() > CONTEXT {
            break;
        }
        text.push_str(&short);
        if !about.is_empty() && text.len() + about.len() + 1 < CONTEXT {
            text.push(' ');
            text.push_str(&about);
        }
    }
    text
}
