//! Feed and sitemap: exactly the articles, exactly the pages.

use std::collections::BTreeSet;

use va_domain::content::Finding;

use super::{Site, links::own_file, markup::Document};
use crate::code::Code;

pub(crate) fn check(site: &Site, findings: &mut Vec<Finding>) {
    let articles: BTreeSet<String> = site
        .pages
        .iter()
        .filter(|p| p.is_article())
        .map(|p| p.path.to_owned())
        .collect();
    let pages: BTreeSet<String> = site
        .pages
        .iter()
        .filter(|p| p.is_listed())
        .map(|p| p.path.to_owned())
        .collect();
    list(
        site,
        "feed.xml",
        Code::FeedWrong,
        &articles,
        feed_addresses,
        findings,
    );
    list(
        site,
        "sitemap.xml",
        Code::SitemapWrong,
        &pages,
        sitemap_addresses,
        findings,
    );
}

fn list(
    site: &Site,
    path: &str,
    code: Code,
    wanted: &BTreeSet<String>,
    addresses: impl Fn(&Document) -> Vec<String>,
    findings: &mut Vec<Finding>,
) {
    let Some(source) = site
        .files
        .get(path)
        .and_then(|bytes| std::str::from_utf8(bytes).ok())
    else {
        findings.push(code.at(path, "The file is missing or not UTF-8."));
        return;
    };
    let document = Document::xml(source);
    if let Some(error) = document.errors.first() {
        findings.push(Code::HtmlBroken.at(path, format!("The file is not well-formed: {error}.")));
    }
    let mut listed = BTreeSet::new();
    for address in addresses(&document) {
        let file = own_file(site, &address).or_else(|| guessed(site, &address));
        match file {
            Some(file) if wanted.contains(&file) => {
                if !listed.insert(file) {
                    findings.push(code.at(path, format!("{address} is listed twice.")));
                }
            }
            _ => findings.push(code.at(path, format!("{address} is listed and should not be."))),
        }
    }
    for missing in wanted.difference(&listed) {
        findings.push(code.at(path, format!("{missing} is not listed.")));
    }
}

/// Without a known address of the site, the file whose path ends the address.
fn guessed(site: &Site, address: &str) -> Option<String> {
    if site.base.is_some() {
        return None;
    }
    let ends = |path: &&str| {
        address
            .strip_suffix(*path)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    let ending = site.files.keys().copied().filter(ends);
    let longest = ending.max_by_key(|path| path.len());
    longest
        .or_else(|| address.ends_with('/').then_some("index.html"))
        .map(str::to_owned)
}

fn feed_addresses(document: &Document) -> Vec<String> {
    let entry = |name: &str| matches!(name, "entry" | "item");
    let links = document
        .named("link")
        .filter(|(_, e)| document.within(e.parent, entry));
    links
        .filter(|(_, e)| e.attribute("rel").is_none_or(|rel| rel == "alternate"))
        .map(|(number, e)| {
            e.attribute("href")
                .map_or_else(|| document.text_of(number), str::to_owned)
        })
        .collect()
}

fn sitemap_addresses(document: &Document) -> Vec<String> {
    let places = document.named("loc");
    places.map(|(n, _)| document.text_of(n)).collect()
}
