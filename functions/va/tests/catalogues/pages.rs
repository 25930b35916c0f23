//! A finished site, read as a browser, a feed reader and a crawler would.

use std::collections::{BTreeMap, BTreeSet};

use scraper::{ElementRef, Html, Selector};

use crate::generator::Made;

type Files = BTreeMap<String, Vec<u8>>;

const ELEMENTS: &[&str] = &[
    "a",
    "article",
    "aside",
    "body",
    "button",
    "caption",
    "circle",
    "code",
    "dd",
    "desc",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "form",
    "g",
    "h1",
    "h2",
    "h3",
    "head",
    "header",
    "html",
    "input",
    "label",
    "li",
    "line",
    "link",
    "main",
    "meta",
    "nav",
    "ol",
    "output",
    "p",
    "path",
    "polyline",
    "rect",
    "script",
    "search",
    "section",
    "span",
    "strong",
    "sub",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "text",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "ul",
];

/// Everything that is wrong with a site.
pub fn faults(files: &Files, made: &Made) -> Vec<String> {
    let mut wrong = Vec::new();
    let pages: BTreeSet<&String> = files.keys().filter(|p| p.ends_with(".html")).collect();
    for &path in &pages {
        let text = String::from_utf8_lossy(&files[path]);
        let mut page = Page {
            path,
            document: Html::parse_document(&text),
            files,
            made,
            wrong: Vec::new(),
        };
        page.check(&text);
        wrong.extend(page.wrong.into_iter().map(|why| format!("{path}: {why}")));
    }
    let articles: BTreeSet<String> = pages
        .iter()
        .filter(|p| p.starts_with("posts/"))
        .map(|p| format!("{}{p}", made.base_url))
        .collect();
    if articles.is_empty() || articles.len() > made.max_articles {
        wrong.push(format!(
            "{} articles of at most {}",
            articles.len(),
            made.max_articles
        ));
    }
    let addresses: BTreeSet<String> = pages.iter().map(|p| address(p, made)).collect();
    let listed = |file: &str, element: &str| {
        let text =
            String::from_utf8_lossy(files.get(file).map_or(&[][..], Vec::as_slice)).into_owned();
        let document = roxmltree::Document::parse(&text).map_err(|e| format!("{file}: {e}"))?;
        let at = |n: roxmltree::Node<'_, '_>| match element {
            "entry" => n
                .children()
                .find(|c| c.tag_name().name() == "link")
                .and_then(|l| l.attribute("href"))
                .map(str::to_owned),
            _ => n.text().map(str::to_owned),
        };
        let found = document
            .descendants()
            .filter(|n| n.tag_name().name() == element)
            .filter_map(at);
        Ok::<Vec<String>, String>(found.collect())
    };
    for (file, element, expected) in [
        ("feed.xml", "entry", &articles),
        ("sitemap.xml", "loc", &addresses),
    ] {
        match listed(file, element) {
            Err(why) => wrong.push(why),
            Ok(found) => {
                let set: BTreeSet<String> = found.iter().cloned().collect();
                if set != *expected || set.len() != found.len() {
                    wrong.push(format!("{file} lists {found:?}, not {expected:?}"));
                }
            }
        }
    }
    for (path, bytes) in files.iter().filter(|(p, _)| p.starts_with("data/")) {
        if let Err(e) = serde_json::from_slice::<serde_json::Value>(bytes) {
            wrong.push(format!("{path}: {e}"));
        }
        if !files.contains_key(&path.replace("data/", "posts/").replace(".json", ".html")) {
            wrong.push(format!("{path} belongs to no article"));
        }
    }
    wrong
}

fn address(path: &str, made: &Made) -> String {
    format!(
        "{}{}",
        made.base_url,
        if path == "index.html" { "" } else { path }
    )
}

struct Page<'a> {
    path: &'a str,
    document: Html,
    files: &'a Files,
    made: &'a Made,
    wrong: Vec<String>,
}

fn select(document: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("a selector");
    document
        .select(&selector)
        .map(|e| e.text().collect::<String>())
        .collect()
}

impl Page<'_> {
    fn check(&mut self, text: &str) {
        let errors: Vec<String> = self
            .document
            .errors
            .iter()
            .map(ToString::to_string)
            .collect();
        self.wrong.extend(errors);
        if let Some(c) = text.chars().find(|&c| is_unseen(c)) {
            self.wrong.push(format!("holds {}", c.escape_unicode()));
        }
        let document = self.document.clone();
        for one in [
            "html[lang=en]",
            "head > title",
            "h1",
            "main",
            "link[rel=canonical]",
        ] {
            let n = select(&document, one).len();
            if n != 1 {
                self.wrong.push(format!("{n} of {one}"));
            }
        }
        if select(&document, "h1, title")
            .iter()
            .any(|t| t.trim().is_empty())
        {
            self.wrong.push("an empty heading or title".to_owned());
        }
        if self.path.starts_with("posts/") && select(&document, "main .disclosure").len() != 1 {
            self.wrong.push("not one disclosure".to_owned());
        }
        let mut merchants = BTreeSet::new();
        let all = Selector::parse("*").expect("a selector");
        for element in document.select(&all) {
            self.element(element, &mut merchants);
        }
    }

    fn element(&mut self, element: ElementRef<'_>, merchants: &mut BTreeSet<String>) {
        let value = element.value();
        let name = value.name();
        if !ELEMENTS.contains(&name) {
            self.wrong.push(format!("an element {name}"));
        }
        if name == "script" {
            let text: String = element.text().collect();
            let fine = match value.attr("type") {
                Some("application/ld+json") => {
                    serde_json::from_str::<serde_json::Value>(&text).is_ok()
                }
                None => {
                    value
                        .attr("src")
                        .is_some_and(|s| s.contains("assets/") && s.ends_with(".js"))
                        && text.is_empty()
                }
                Some(_) => false,
            };
            if !fine {
                self.wrong.push(format!("a script {text:?}"));
            }
        }
        for (attribute, text) in value.attrs() {
            if attribute.starts_with("on") || attribute == "srcdoc" {
                self.wrong
                    .push(format!("an attribute {attribute}={text:?}"));
            }
            if matches!(attribute, "href" | "src" | "action") {
                self.link(name, text, value.attr("rel").unwrap_or_default(), merchants);
            }
        }
    }

    fn link(&mut self, element: &str, to: &str, rel: &str, merchants: &mut BTreeSet<String>) {
        if rel == "canonical" {
            if to != address(self.path, self.made) {
                self.wrong.push(format!("canonical {to}"));
            }
            return;
        }
        if let Some(rest) = to
            .strip_prefix("https://")
            .or_else(|| to.strip_prefix("http://"))
        {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            let shop = host == "shop.example" || host.ends_with(".shop.example");
            if element != "a"
                || host.contains("evil")
                || host.contains("elsewhere") && rel.contains("sponsored")
            {
                self.wrong.push(format!("{element} links {to}"));
            }
            if rel.contains("sponsored") {
                let tag = self.made.tag.as_deref().map(percent);
                if !shop || !tag.is_some_and(|tag| rest.contains(&tag)) || rest.contains("theirs&")
                {
                    self.wrong.push(format!("a paid link to {to}"));
                }
                let place = to.split('#').next().unwrap_or_default().to_owned();
                if !merchants.insert(place) {
                    self.wrong.push(format!("{to} is linked twice"));
                }
            }
            return;
        }
        if to.contains(':') || to.starts_with('/') {
            self.wrong.push(format!("a link {to}"));
            return;
        }
        let (path, fragment) = to.split_once('#').map_or((to, None), |(p, f)| (p, Some(f)));
        let target = if path.is_empty() {
            self.path.to_owned()
        } else {
            resolve(self.path, path)
        };
        let Some(bytes) = self.files.get(&target) else {
            self.wrong.push(format!("{to} leads nowhere"));
            return;
        };
        if let Some(fragment) = fragment {
            let there = String::from_utf8_lossy(bytes).contains(&format!("id=\"{fragment}\""));
            if !there {
                self.wrong.push(format!("{to} has no place"));
            }
        }
    }
}

fn resolve(from: &str, to: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in to.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn percent(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes()
        .map(|b| {
            if plain(b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect()
}

/// Controls, and what turns or hides text.
fn is_unseen(c: char) -> bool {
    c.is_control() && c != '\n' && c != '\t'
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
