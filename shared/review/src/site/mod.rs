//! A finished site, checked file by file.

mod address;
mod changes;
mod claims;
mod links;
mod lists;
mod markup;
mod redirects;
mod references;
mod tags;
mod text;
mod visible;

use std::collections::{BTreeMap, BTreeSet};

use serde::de::IgnoredAny;
use va_catalogue::Catalogue;
use va_domain::{
    content::{ContentRequest, Finding, Review, Rubric},
    revision::Changes,
};

use crate::{code::Code, review::conclude, words::fold};
use claims::ClaimsFile;
use markup::{Document, Item};

/// What is known of a site beforehand. What is `None` is not compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct SiteExpectation<'a> {
    /// The absolute address that canonical links, feed and sitemap begin with, with its last `/`. Otherwise it
    /// is read off the front page's canonical link.
    pub base_url: Option<&'a str>,
    /// The affiliate programme. Otherwise merchant links are those that say `rel=sponsored`.
    pub merchant: Option<Merchant<'a>>,
    /// Exactly the articles that must exist.
    pub pages: Option<&'a [ExpectedPage<'a>]>,
    /// The edition that this one follows.
    pub revised: Option<Revised<'a>>,
}

/// A site beside the edition before.
#[derive(Clone, Copy, Debug)]
pub struct Revised<'a> {
    /// The catalogue that the edition before was made from.
    pub before: &'a Catalogue,
    /// The catalogue that this one is made from.
    pub now: &'a Catalogue,
    /// Every path that was a page, or led to one.
    pub stood: &'a BTreeSet<String>,
    /// The articles.
    pub pages: &'a [RevisedPage<'a>],
}

/// An article beside the one that stood at its path.
#[derive(Clone, Copy, Debug)]
pub struct RevisedPage<'a> {
    /// `posts/<slug>.html`.
    pub slug: &'a str,
    /// What was asked of its writer.
    pub request: &'a ContentRequest,
    /// What stood there.
    pub before: PageBefore<'a>,
}

/// What stood at the path of an article.
#[derive(Clone, Copy, Debug)]
pub enum PageBefore<'a> {
    /// Nothing.
    Nothing,
    /// The same article, with what it says of its last change.
    Same(Option<&'a Changes>),
    /// Another text, for this request.
    Other(&'a ContentRequest),
}

/// An affiliate programme as links show it.
#[derive(Clone, Copy, Debug)]
pub struct Merchant<'a> {
    /// What the programme knows us by; every link to its hosts carries it.
    pub tag: &'a str,
    /// The hosts that are the programme's, each with the names below it.
    pub hosts: &'a [String],
}

/// One article that must exist.
#[derive(Clone, Copy, Debug)]
pub struct ExpectedPage<'a> {
    /// `posts/<slug>.html`.
    pub slug: &'a str,
    /// Its heading.
    pub title: &'a str,
}

/// One HTML page, read.
pub(crate) struct SitePage<'s> {
    pub path: &'s str,
    pub document: Document<'s>,
    /// The claims of an article.
    pub claims: Option<ClaimsFile<'s>>,
    /// Whether it asks not to be indexed; then it stands in no list.
    unlisted: bool,
    /// Whether it sends its reader on.
    leads_on: bool,
}

impl<'s> SitePage<'s> {
    fn of(path: &'s str, document: Document<'s>) -> Self {
        let unlisted = document.named("meta").any(|(_, e)| {
            e.attribute("name") == Some("robots")
                && e.attribute("content")
                    .is_some_and(|c| c.contains("noindex"))
        });
        let leads_on = redirects::refresh_of(&document).is_some();
        Self {
            path,
            document,
            claims: None,
            unlisted,
            leads_on,
        }
    }

    pub(crate) fn is_article(&self) -> bool {
        self.path.starts_with("posts/") && !self.is_redirect()
    }

    /// A page that sends its reader on, and is in no list.
    pub(crate) fn is_redirect(&self) -> bool {
        self.unlisted && self.leads_on
    }

    pub(crate) fn is_listed(&self) -> bool {
        !self.unlisted
    }

    fn first(&self, name: &str) -> Option<usize> {
        self.document.named(name).next().map(|(number, _)| number)
    }
}

/// All pages of a site and what is expected of them.
pub(crate) struct Site<'s> {
    pub files: &'s BTreeMap<&'s str, &'s [u8]>,
    pub expect: &'s SiteExpectation<'s>,
    pub pages: Vec<SitePage<'s>>,
    pub base: Option<String>,
    pub names: text::Names,
}

/// Checks a finished site: path -> bytes of every file. Each finding's `where` is the file's path.
#[must_use]
pub fn check_site<P, B>(files: &BTreeMap<P, B>, expect: &SiteExpectation) -> Review
where
    P: AsRef<str>,
    B: AsRef<[u8]>,
{
    let borrowed = files
        .iter()
        .map(|(path, bytes)| (path.as_ref(), bytes.as_ref()));
    check_files(&borrowed.collect(), expect)
}

fn check_files(files: &BTreeMap<&str, &[u8]>, expect: &SiteExpectation) -> Review {
    let mut findings = Vec::new();
    let pages = read_pages(files, &mut findings);
    let base = expect
        .base_url
        .map(str::to_owned)
        .or_else(|| links::base_of(&pages));
    let names = text::Names::of(&pages);
    let site = Site {
        files,
        expect,
        pages,
        base,
        names,
    };
    planned(&site, &mut findings);
    for page in &site.pages {
        structure(page, &mut findings);
        text::check(&site, page, &mut findings);
        changes::check(page, &mut findings);
    }
    redirects::check(&site, &mut findings);
    if let Some(revised) = &expect.revised {
        changes::recompute(&site, revised, &mut findings);
    }
    links::check(&site, &mut findings);
    lists::check(&site, &mut findings);
    findings.dedup();
    // What a site may be marked for was marked on its drafts.
    conclude(
        findings,
        Rubric {
            readability: 50,
            intent_match: 50,
            uniqueness: 50,
            seo_score: 50,
            brand_fit: 50,
        },
    )
}

fn read_pages<'s>(
    files: &BTreeMap<&'s str, &'s [u8]>,
    findings: &mut Vec<Finding>,
) -> Vec<SitePage<'s>> {
    let mut pages = Vec::new();
    for (&path, &bytes) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let Ok(source) = std::str::from_utf8(bytes) else {
            findings.push(Code::HtmlBroken.at(path, "The page is not UTF-8."));
            continue;
        };
        let document = Document::html(source);
        if let Some(error) = document.errors.first() {
            let more = document.errors.len() - 1;
            findings.push(Code::HtmlBroken.at(
                path,
                format!("The page is not well-formed: {error} (and {more} more)."),
            ));
        }
        let mut page = SitePage::of(path, document);
        if let Some(slug) = path
            .strip_prefix("posts/")
            .and_then(|name| name.strip_suffix(".html"))
            .filter(|_| page.is_article())
        {
            let data = format!("data/{slug}.json");
            match files.get(data.as_str()).copied().map(claims::read) {
                Some(Ok(file)) => page.claims = Some(file),
                Some(Err(error)) => findings.push(
                    Code::ClaimsFile.at(&data, format!("The claims cannot be read: {error}.")),
                ),
                None => findings.push(
                    Code::ClaimsFile
                        .at(path, format!("The article's claims, {data}, are missing.")),
                ),
            }
        }
        pages.push(page);
    }
    pages
}

fn planned(site: &Site, findings: &mut Vec<Finding>) {
    if !site.files.contains_key("index.html") {
        findings.push(Code::PageMissing.at("index.html", "The front page is missing."));
    }
    let Some(expected) = site.expect.pages else {
        return;
    };
    let mut paths = BTreeSet::new();
    for wanted in expected {
        let path = format!("posts/{}.html", wanted.slug);
        match site.pages.iter().find(|p| p.path == path) {
            None => findings.push(
                Code::PageMissing.at(&path, format!("The page \"{}\" is missing.", wanted.title)),
            ),
            Some(page) => {
                let heading = page
                    .first("h1")
                    .map(|h| page.document.text_of(h))
                    .unwrap_or_default();
                if fold(&heading) != fold(wanted.title) {
                    findings.push(Code::TitleAltered.at(
                        &path,
                        format!("The heading is \"{heading}\", not \"{}\".", wanted.title),
                    ));
                }
            }
        }
        paths.insert(path);
    }
    for page in site
        .pages
        .iter()
        .filter(|p| p.is_article() && !paths.contains(p.path))
    {
        findings.push(Code::PageMissing.at(page.path, "The plan has no such page."));
    }
}

fn structure(page: &SitePage, findings: &mut Vec<Finding>) {
    let mut lacks =
        |what: &str| findings.push(Code::PageIncomplete.at(page.path, format!("The page {what}.")));
    let document = &page.document;
    let count = |name: &str| document.named(name).count();
    let language = document
        .named("html")
        .next()
        .and_then(|(_, e)| e.attribute("lang"));
    if language.is_none_or(|l| l.trim().is_empty()) {
        lacks("does not say its language");
    }
    if page
        .first("title")
        .is_none_or(|t| document.text_of(t).is_empty())
    {
        lacks("has no title");
    }
    if count("h1") != 1 {
        lacks("does not have exactly one first heading");
    }
    if count("main") != 1 {
        lacks("does not have exactly one main part");
    }
    let mut images = document.named("img");
    if let Some((_, image)) = images.find(|(_, e)| e.attribute("alt").is_none()) {
        lacks(&format!(
            "shows {} without saying what it is",
            image.attribute("src").unwrap_or("an image")
        ));
    }
    if page.is_article() {
        let disclosed = document.elements().enumerate().any(|(n, element)| {
            element.has("class", "disclosure") && !document.text_of(n).is_empty()
        });
        if !disclosed {
            findings.push(Code::DisclosureMissing.at(
                page.path,
                "No element of class disclosure says how the page earns.",
            ));
        }
    }
    for item in &document.items {
        let Item::Text {
            parent: Some(parent),
            text,
        } = item
        else {
            continue;
        };
        let element = document.element(*parent);
        if element.name != "script" || element.attribute("type") != Some("application/ld+json") {
            continue;
        }
        if serde_json::from_str::<IgnoredAny>(text).is_err() {
            findings.push(Code::HtmlBroken.at(page.path, "The structured data is no JSON."));
        }
        if ["\"Review\"", "aggregateRating", "reviewRating"]
            .iter()
            .any(|word| text.contains(word))
        {
            findings.push(Code::Experience.at(
                page.path,
                "The structured data claims a review or a rating that nobody made.",
            ));
        }
    }
}
