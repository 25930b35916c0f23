//! The index that the search on the front page looks into, beside what the cards say themselves. It is loaded
//! when somebody searches.

use std::collections::BTreeMap;

use crate::escape::fold;

use super::Site;

/// For each article the words of its question, subjects, columns and products, as a script.
pub(super) fn index(site: &Site) -> String {
    let index: BTreeMap<&str, String> = site
        .pages
        .iter()
        .map(|page| {
            let request = &page.request;
            let table = &request.blocks.table;
            let products = request.products.iter().map(|p| p.name.as_str());
            let rows = table.rows.iter().filter_map(|row| row.first());
            let texts = std::iter::once(request.question.as_str())
                .chain(request.tags.iter().map(String::as_str))
                .chain(table.headings.iter().skip(1).map(String::as_str))
                .chain(products)
                .chain(rows.map(String::as_str));
            let mut said = String::new();
            for text in texts {
                said.push_str(&fold(text).to_lowercase());
                said.push(' ');
            }
            let mut words: Vec<&str> = said
                .split(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '\''))
                .filter(|word| !word.is_empty())
                .collect();
            words.sort_unstable();
            words.dedup();
            (request.slug.as_str(), words.join(" "))
        })
        .collect();
    let index = serde_json::to_string(&index).unwrap_or_else(|_| "{}".to_owned());
    // A script that is read as text must not hold what ends it.
    let index = index
        .replace('<', "\\u003c")
        .replace(['\u{2028}', '\u{2029}'], "");
    format!("globalThis.siteIndex = {index};\n")
}
