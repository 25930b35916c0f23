//! Merchant links: each product once an article, only to the programme's hosts, always with the tag.

mod address;
mod mentions;

use std::collections::{BTreeMap, BTreeSet};

use va_catalogue::Catalogue;
use va_domain::{content::ContentRequest, goal_spec::Revenue};

pub(crate) use address::is_allowed;
use mentions::Place;

/// A draft with its merchant links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enriched {
    /// The draft as Markdown, links included.
    pub markdown: String,
    /// The links, in the order in which they stand.
    pub links: Vec<MerchantLink>,
}

/// One link to a shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MerchantLink {
    /// The product's full name.
    pub product: String,
    /// Where the link leads.
    pub url: String,
}

/// Links the first mention of each product in the prose, or else its name in the table. Headings, links, code,
/// disclosure, method, sources and byline are left alone; a product without an address on the programme's hosts
/// is not linked, and no address is linked twice.
#[must_use]
pub fn enrich(draft: &str, request: &ContentRequest, catalogue: &Catalogue, revenue: &Revenue) -> Enriched {
    let none = || Enriched { markdown: draft.to_owned(), links: Vec::new() };
    if revenue.model == "none" || revenue.tag.trim().is_empty() {
        return none();
    }
    let mentions = mentions::find(draft, request);
    let wanted: BTreeSet<&str> = mentions.iter().map(|m| m.product.as_str()).collect();
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    for (row, product) in catalogue.rows.iter().enumerate() {
        if wanted.contains(product.name.as_str()) {
            rows.entry(&product.name).or_insert(row);
        }
    }
    let prose = mentions.iter().filter(|m| m.place == Place::Prose);
    let cells = mentions.iter().filter(|m| m.place == Place::Cell);
    let mut linked: BTreeSet<&str> = BTreeSet::new();
    let mut addresses: BTreeSet<String> = BTreeSet::new();
    let mut found = Vec::new();
    for mention in prose.chain(cells) {
        if linked.contains(mention.product.as_str()) {
            continue;
        }
        let Some(url) = rows.get(mention.product.as_str()).and_then(|&row| address::of(catalogue, row, revenue)) else {
            continue;
        };
        // Two products with one address are one place to go.
        if addresses.insert(url.clone()) {
            linked.insert(&mention.product);
            found.push((mention, url));
        }
    }
    found.sort_by_key(|(mention, _)| mention.start);
    let mut markdown = String::with_capacity(draft.len() + found.len() * 80);
    let mut links = Vec::with_capacity(found.len());
    let mut from = 0;
    for (mention, url) in found {
        markdown.push_str(&draft[from..mention.start]);
        markdown.push_str(&format!("[{}]({url})", &draft[mention.start..mention.end]));
        from = mention.end;
        links.push(MerchantLink { product: mention.product.clone(), url });
    }
    markdown.push_str(&draft[from..]);
    Enriched { markdown, links }
}
