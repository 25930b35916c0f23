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
            let mut words: Vec<String> = std::iter::once(request.question.as_str())
                .chain(request.tags.iter().map(String::as_str))
                .chain(table.headings.iter().skip(1).map(String::as_str))
                .chain(products)
                .chain(rows.map(String::as_str))
                .flat_map(|text| {
                    let folded = fold(text).to_lowercase();
                    folded
                        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '\''))
                        .map(str::to_owned)
                        .collect::<Vec<_>>()
                })
                .filter(|word| !word.is_empty())
                .collect();
            words.sort();
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
