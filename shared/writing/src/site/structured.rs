//! Structured data: articles, lists and the way to them. Never a review or a rating: nobody made one.

use jiff::civil::Date;
use serde::Serialize;
use va_domain::content::ContentRequest;

use super::{Site, SitePage, lists::Section};

fn url(site: &Site, request: &ContentRequest) -> String {
    format!("{}posts/{}.html", site.base, request.slug)
}

/// What describes a page to a machine; the names of each part are in order.
#[derive(Serialize)]
struct Graph<'p> {
    #[serde(rename = "@context")]
    context: &'p str,
    #[serde(rename = "@graph")]
    parts: &'p [Part<'p>],
}

#[derive(Serialize)]
#[serde(tag = "@type", rename_all_fields = "camelCase")]
enum Part<'p> {
    Article {
        article_section: &'p str,
        author: Organization<'p>,
        date_modified: Date,
        date_published: Date,
        description: &'p str,
        headline: &'p str,
        in_language: &'p str,
        main_entity_of_page: &'p str,
        publisher: Organization<'p>,
    },
    BreadcrumbList {
        item_list_element: Vec<ListItem<'p>>,
    },
    ItemList {
        item_list_element: Vec<ListItem<'p>>,
        name: &'p str,
        number_of_items: usize,
    },
    WebSite {
        description: &'p str,
        in_language: &'p str,
        name: &'p str,
        url: &'p str,
    },
}

#[derive(Clone, Copy, Serialize)]
#[serde(tag = "@type")]
struct Organization<'p> {
    name: &'p str,
    url: &'p str,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
struct ListItem<'p> {
    /// Where a step of the way leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<String>,
    name: &'p str,
    position: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

fn graph(parts: &[Part]) -> String {
    let graph = Graph {
        context: "https://schema.org",
        parts,
    };
    serde_json::to_string(&graph).unwrap_or_default()
}

fn crumbs<'p, const N: usize>(way: [(&'p str, String); N]) -> Part<'p> {
    let step = |((name, item), position)| ListItem {
        item: Some(item),
        name,
        position,
        url: None,
    };
    Part::BreadcrumbList {
        item_list_element: way.into_iter().zip(1..).map(step).collect(),
    }
}

/// Names as a list, in its order, each with the address of its page.
fn list<'p>(name: &'p str, items: impl Iterator<Item = (&'p str, Option<String>)>) -> Part<'p> {
    let item = |((name, url), position)| ListItem {
        item: None,
        name,
        position,
        url,
    };
    let items: Vec<ListItem> = items.zip(1..).map(item).collect();
    Part::ItemList {
        number_of_items: items.len(),
        item_list_element: items,
        name,
    }
}

/// Articles, each with its address.
fn linked<'p>(
    site: &Site,
    pages: impl Iterator<Item = &'p SitePage>,
) -> impl Iterator<Item = (&'p str, Option<String>)> {
    pages.map(|page| (page.request.title.as_str(), Some(url(site, &page.request))))
}

/// An article, the way to it, and the products of its table.
pub(super) fn article(site: &Site, request: &ContentRequest, description: &str) -> String {
    let address = url(site, request);
    let section = Section::of(request.kind);
    let publisher = Organization {
        name: &site.name,
        url: &site.base,
    };
    let mut parts = vec![
        Part::Article {
            article_section: section.heading,
            author: publisher,
            date_modified: request.as_of,
            date_published: site.history(request).map_or(request.as_of, |h| h.first),
            description,
            headline: &request.title,
            in_language: &site.language,
            main_entity_of_page: &address,
            publisher,
        },
        crumbs([
            (&site.name, site.base.clone()),
            (section.heading, format!("{}#{}", site.base, section.id)),
            (&request.title, address.clone()),
        ]),
    ];
    let table = &request.blocks.table;
    let mut products = table.rows.iter().filter_map(|row| row.first()).peekable();
    if products.peek().is_some() {
        let named = products.map(|name| (name.as_str(), None));
        parts.push(list(&table.caption, named));
    }
    graph(&parts)
}

/// The front page: the site and all its articles.
pub(super) fn front(site: &Site, description: &str) -> String {
    graph(&[
        Part::WebSite {
            description,
            in_language: &site.language,
            name: &site.name,
            url: &site.base,
        },
        list(&site.name, linked(site, site.pages.iter())),
    ])
}

/// A tag's page: its articles and the way to it.
pub(super) fn tag(site: &Site, title: &str, path: &str, pages: &[&SitePage]) -> String {
    graph(&[
        crumbs([
            (&site.name, site.base.clone()),
            (title, format!("{}{path}", site.base)),
        ]),
        list(title, linked(site, pages.iter().copied())),
    ])
}
