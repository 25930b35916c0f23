//! Structured data: articles, lists and the way to them. Never a review or a rating: nobody made one.

use serde::Serialize;
use serde_json::{Value, json};
use va_domain::content::ContentRequest;

use super::{Site, SitePage, lists::Section};

fn url(site: &Site, request: &ContentRequest) -> String {
    format!("{}posts/{}.html", site.base, request.slug)
}

/// What describes a page to a machine.
#[derive(Serialize)]
struct Graph<'p> {
    #[serde(rename = "@context")]
    context: &'p str,
    #[serde(rename = "@graph")]
    parts: &'p [Value],
}

fn graph(parts: &[Value]) -> String {
    let graph = Graph {
        context: "https://schema.org",
        parts,
    };
    serde_json::to_string(&graph).unwrap_or_default()
}

fn crumbs(way: &[(&str, String)]) -> Value {
    let items: Vec<Value> = way
        .iter()
        .enumerate()
        .map(|(at, (name, item))| {
            json!({ "@type": "ListItem", "position": at + 1, "name": name, "item": item })
        })
        .collect();
    json!({ "@type": "BreadcrumbList", "itemListElement": items })
}

/// Articles as a list, in its order.
fn list(site: &Site, name: &str, pages: &[&SitePage]) -> Value {
    let items: Vec<Value> = pages
        .iter()
        .enumerate()
        .map(|(at, page)| {
            json!({
                "@type": "ListItem",
                "position": at + 1,
                "name": page.request.title,
                "url": url(site, &page.request),
            })
        })
        .collect();
    json!({
        "@type": "ItemList",
        "name": name,
        "numberOfItems": items.len(),
        "itemListElement": items,
    })
}

/// An article, the way to it, and the products of its table.
pub(super) fn article(site: &Site, request: &ContentRequest, description: &str) -> String {
    let url = url(site, request);
    let section = Section::of(request.kind);
    let first = site.history(request).map_or(request.as_of, |h| h.first);
    let publisher = json!({ "@type": "Organization", "name": site.name, "url": site.base });
    let mut parts = vec![
        json!({
            "@type": "Article",
            "headline": request.title,
            "description": description,
            "inLanguage": site.language,
            "datePublished": first.to_string(),
            "dateModified": request.as_of.to_string(),
            "articleSection": section.heading,
            "mainEntityOfPage": url,
            "author": publisher,
            "publisher": publisher,
        }),
        crumbs(&[
            (&site.name, site.base.clone()),
            (section.heading, format!("{}#{}", site.base, section.id)),
            (&request.title, url),
        ]),
    ];
    let table = &request.blocks.table;
    let products: Vec<Value> = table
        .rows
        .iter()
        .filter_map(|row| row.first())
        .enumerate()
        .map(|(at, name)| json!({ "@type": "ListItem", "position": at + 1, "name": name }))
        .collect();
    if !products.is_empty() {
        parts.push(json!({
            "@type": "ItemList",
            "name": table.caption,
            "numberOfItems": products.len(),
            "itemListElement": products,
        }));
    }
    graph(&parts)
}

/// The front page: the site and all its articles.
pub(super) fn front(site: &Site, description: &str) -> String {
    let pages: Vec<&SitePage> = site.pages.iter().collect();
    graph(&[
        json!({
            "@type": "WebSite",
            "name": site.name,
            "description": description,
            "inLanguage": site.language,
            "url": site.base,
        }),
        list(site, &site.name, &pages),
    ])
}

/// A tag's page: its articles and the way to it.
pub(super) fn tag(site: &Site, title: &str, path: &str, pages: &[&SitePage]) -> String {
    graph(&[
        crumbs(&[
            (&site.name, site.base.clone()),
            (title, format!("{}{path}", site.base)),
        ]),
        list(site, title, pages),
    ])
}
