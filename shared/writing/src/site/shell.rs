//! What every page has around its main part.

use jiff::civil::Date;

use crate::{escape::html, words::written_date};

use super::{
    Site,
    lists::{SECTIONS, Section},
};

/// One page, as its frame needs it.
pub(super) struct Frame<'f> {
    /// Where it stands: `posts/x.html`.
    pub path: &'f str,
    /// The day of its facts.
    pub day: Date,
    pub title: &'f str,
    pub description: &'f str,
    /// The way back: address from here and name.
    pub crumbs: &'f [(String, String)],
    /// Structured data, as JSON.
    pub data: Option<String>,
    /// Its script, a path from the site's root.
    pub script: Option<&'f str>,
    /// What stands in `<main>`.
    pub main: &'f str,
    /// What stands in `<aside>` below it.
    pub aside: &'f str,
}

/// `../` for each folder that a path is in.
pub(super) fn root(path: &str) -> &'static str {
    if path.contains('/') { "../" } else { "" }
}

/// A whole page.
pub(super) fn page(site: &Site, frame: &Frame) -> String {
    let root = root(frame.path);
    let name = html(&site.name);
    let heading = if frame.title == site.name {
        name.clone()
    } else {
        format!("{} – {name}", html(frame.title))
    };
    let description = html(frame.description);
    let place = if frame.path == "index.html" {
        ""
    } else {
        frame.path
    };
    let canonical = html(&format!("{}{place}", site.base));
    let language = html(&site.language);
    let kind = if frame.path.starts_with("posts/") {
        "article"
    } else {
        "website"
    };
    let script = frame.script.map_or_else(String::new, |path| {
        format!("<script src=\"{root}{path}\" defer></script>\n")
    });
    let data = frame.data.as_ref().map_or_else(String::new, |data| {
        format!(
            "<script type=\"application/ld+json\">{}</script>\n",
            data.replace('<', "\\u003c")
        )
    });
    let crumbs = crumbs(frame.crumbs);
    let sections = sections(site, root);
    let aside = if frame.aside.is_empty() {
        String::new()
    } else {
        format!("<aside>\n{}</aside>\n", frame.aside)
    };
    let imprint = if site.has_imprint {
        format!("<li><a href=\"{root}imprint.html\">Imprint</a></li>")
    } else {
        String::new()
    };
    let class = match frame.path.split_once('/') {
        Some(("posts", _)) => "on-article",
        Some(_) => "on-list",
        None if frame.path == "index.html" => "on-front",
        None => "on-plain",
    };
    let day = frame.day;
    let (title, main, written) = (html(frame.title), frame.main, written_date(day));
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{heading}</title>\n<meta name=\"description\" content=\"{description}\">\n\
         <meta property=\"og:type\" content=\"{kind}\">\n<meta property=\"og:title\" content=\"{title}\">\n\
         <meta property=\"og:site_name\" content=\"{name}\">\n\
         <meta property=\"og:description\" content=\"{description}\">\n<meta property=\"og:url\" content=\"{canonical}\">\n\
         <link rel=\"canonical\" href=\"{canonical}\">\n\
         <link rel=\"alternate\" type=\"application/atom+xml\" title=\"{name}\" href=\"{root}feed.xml\">\n\
         <link rel=\"icon\" type=\"image/svg+xml\" href=\"{root}assets/icon.svg\">\n\
         <link rel=\"stylesheet\" href=\"{root}assets/style.css\">\n{data}{script}</head>\n<body class=\"{class}\">\n\
         <a class=\"skip\" href=\"#main\">Skip to the text</a>\n\
         <header class=\"site\">\n<a class=\"name\" href=\"{root}index.html\">{MARK}{name}</a>\n\
         <nav aria-label=\"Site\"><ul>{sections}</ul></nav>\n</header>\n{crumbs}\
         <main id=\"main\">\n{main}</main>\n{aside}\
         <footer class=\"site\">\n<p>{name}. Facts as of <time datetime=\"{day}\">{written}</time>.</p>\n\
         <ul>{imprint}<li><a href=\"{root}feed.xml\">Feed</a></li></ul>\n</footer>\n</body>\n</html>\n"
    )
}

/// The mark before the name: three bars, one of which stands out.
const MARK: &str = "<svg class=\"mark\" width=\"20\" height=\"20\" viewBox=\"0 0 20 20\" aria-hidden=\"true\">\
    <rect x=\"1\" y=\"9\" width=\"4.5\" height=\"10\" rx=\"1\"/><rect class=\"out\" x=\"7.75\" y=\"1\" width=\"4.5\" height=\"18\" rx=\"1\"/>\
    <rect x=\"14.5\" y=\"5\" width=\"4.5\" height=\"14\" rx=\"1\"/></svg>";

/// The ways to the parts of the front page that are there.
fn sections(site: &Site, root: &str) -> String {
    let there = |section: &&Section| {
        site.pages
            .iter()
            .any(|p| section.kinds.contains(&p.request.kind))
    };
    let mut items: String = SECTIONS
        .iter()
        .filter(there)
        .map(|s| {
            format!(
                "<li><a href=\"{root}index.html#{}\">{}</a></li>",
                s.id, s.heading
            )
        })
        .collect();
    if !site.pages.is_empty() {
        items.push_str(&format!(
            "<li class=\"find\"><a href=\"{root}index.html#search\">Search</a></li>"
        ));
    }
    if items.is_empty() {
        items = format!("<li><a href=\"{root}index.html\">All pages</a></li>");
    }
    items
}

fn crumbs(crumbs: &[(String, String)]) -> String {
    let Some(((_, here), way)) = crumbs.split_last() else {
        return String::new();
    };
    let links: String = way
        .iter()
        .map(|(href, name)| format!("<li><a href=\"{}\">{}</a></li>", html(href), html(name)))
        .collect();
    let here = html(here);
    format!(
        "<nav class=\"crumbs\" aria-label=\"Breadcrumb\"><ol>{links}<li><span aria-current=\"page\">{here}</span></li></ol></nav>\n"
    )
}
