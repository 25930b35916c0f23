//! Where a site's links lead, and what merchant links must carry.

use std::{borrow::Cow, collections::BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};
use va_domain::{content::Finding, goal_spec::covers_host};

use super::{
    Site, SitePage,
    address::{decode, decode_path, host, resolve, scheme},
    markup::{Element, Item},
};
use crate::code::Code;

/// The site's address, as the pages' canonical links give it.
pub(crate) fn base_of(pages: &[SitePage]) -> Option<String> {
    let front = pages.iter().filter(|p| p.path == "index.html");
    front.chain(pages).find_map(|page| {
        let mut links = page.document.named("link");
        let (_, link) = links.find(|(_, link)| link.has("rel", "canonical"))?;
        let address = link.attribute("href")?;
        let base = address.strip_suffix(page.path).unwrap_or(address);
        (base.ends_with('/') && host(base).is_some()).then(|| base.to_owned())
    })
}

/// The file that an absolute address of this site means.
pub(crate) fn own_file(site: &Site, url: &str) -> Option<String> {
    let base = site.base.as_deref()?;
    let path = url.strip_prefix(base)?;
    let path = path.split(['#', '?']).next()?;
    resolve("index.html", path)
}

/// Checks every link, resource and style sheet.
pub(crate) fn check(site: &Site, findings: &mut Vec<Finding>) {
    let ids: FxHashMap<&str, FxHashSet<&str>> = site
        .pages
        .iter()
        .map(|p| (p.path, p.document.ids().collect()))
        .collect();
    let sources: BTreeSet<String> = site
        .pages
        .iter()
        .filter_map(|p| p.claims.as_ref())
        .flat_map(|c| {
            c.sources
                .iter()
                .filter_map(|s| s.url.as_deref().and_then(host))
        })
        .collect();
    for page in &site.pages {
        let mut checker = Checker {
            site,
            page,
            ids: &ids,
            sources: &sources,
            merchants: BTreeSet::new(),
            findings,
        };
        for (number, element) in page.document.elements().enumerate() {
            checker.element(number, element);
        }
        for item in &page.document.items {
            if let Item::Text {
                parent: Some(parent),
                text,
            } = item
                && page.document.name_of(*parent) == "style"
            {
                checker.style(text);
            }
        }
    }
    for (&path, &bytes) in site.files.iter().filter(|(path, _)| path.ends_with(".css")) {
        let css = std::str::from_utf8(bytes)
            .map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
        if loads_from_elsewhere(&css) {
            findings.push(
                Code::ExternalResource.at(path, "The style sheet loads something from elsewhere."),
            );
        }
    }
}

fn loads_from_elsewhere(css: &str) -> bool {
    let foreign = |value: &str| {
        let value = value.trim_start().trim_start_matches(['"', '\'']);
        let mut starts = ["http:", "https:", "//"].iter();
        starts.any(|start| begins(value.as_bytes(), start))
    };
    let bytes = css.as_bytes();
    memchr::memchr2_iter(b'(', b'@', bytes).any(|at| {
        let url = bytes[at] == b'(' && begins(&bytes[at.saturating_sub(3)..], "url");
        let import = begins(&bytes[at..], "@import");
        (url && foreign(&css[at + 1..])) || (import && foreign(&css[at + "@import".len()..]))
    })
}

/// Whether a text begins with ASCII letters, in whatever case.
fn begins(text: &[u8], letters: &str) -> bool {
    let text = text.get(..letters.len());
    text.is_some_and(|text| text.eq_ignore_ascii_case(letters.as_bytes()))
}

struct Checker<'a, 's> {
    site: &'a Site<'s>,
    page: &'a SitePage<'s>,
    ids: &'a FxHashMap<&'s str, FxHashSet<&'a str>>,
    sources: &'a BTreeSet<String>,
    /// Merchant addresses in the page's main part.
    merchants: BTreeSet<String>,
    findings: &'a mut Vec<Finding>,
}

impl Checker<'_, '_> {
    fn report(&mut self, code: Code, text: String) {
        self.findings.push(code.at(self.page.path, text));
    }

    fn element(&mut self, number: usize, element: Element) {
        let page = self.page;
        if element.attributes.is_empty() {
            return;
        }
        if let Some(style) = element.attribute("style") {
            self.style(style);
        }
        if let Some(event) = element
            .attributes
            .iter()
            .find(|(name, _)| name.starts_with("on"))
        {
            self.report(
                Code::HtmlBroken,
                format!("<{}> carries the script {}.", element.name, event.0),
            );
        }
        let resource = match element.name {
            "script" | "img" | "iframe" | "source" | "video" | "audio" | "embed" | "track"
            | "input" => element.attribute("src"),
            "object" => element.attribute("data"),
            "image" | "use" => element
                .attribute("href")
                .or(element.attribute("xlink:href")),
            "form" => element.attribute("action"),
            "link" if !element.has("rel", "canonical") && !element.has("rel", "alternate") => {
                element.attribute("href")
            }
            _ => None,
        };
        if let Some(address) = resource {
            self.resource(&element, address);
        }
        if let Some(candidates) = element.attribute("srcset") {
            for candidate in candidates
                .split(',')
                .filter_map(|c| c.split_ascii_whitespace().next())
            {
                self.resource(&element, candidate);
            }
        }
        match (element.name, element.attribute("href")) {
            ("a" | "area", Some(address)) => self.link(number, address),
            ("link", Some(_)) if element.has("rel", "canonical") && page.is_redirect() => {}
            ("link", Some(address)) if element.has("rel", "canonical") => self.canonical(address),
            ("link", Some(address)) if element.has("rel", "alternate") => self.internal(address),
            ("base", Some(_)) => self.report(
                Code::LinkBroken,
                "The page moves its links with <base>.".to_owned(),
            ),
            _ => {}
        }
        if !page.is_redirect()
            && element.name == "meta"
            && element
                .attribute("http-equiv")
                .is_some_and(|h| h.eq_ignore_ascii_case("refresh"))
        {
            self.report(
                Code::LinkBroken,
                "The page sends its reader elsewhere by itself.".to_owned(),
            );
        }
    }

    fn style(&mut self, css: &str) {
        if loads_from_elsewhere(css) {
            self.report(
                Code::ExternalResource,
                "A style loads something from elsewhere.".to_owned(),
            );
        }
    }

    fn resource(&mut self, element: &Element, address: &str) {
        if address.starts_with("data:image/") || address.starts_with('#') {
            return;
        }
        if address.starts_with("//") || scheme(address).is_some() {
            self.report(
                Code::ExternalResource,
                format!("<{}> loads {address}.", element.name),
            );
        } else {
            self.internal(address);
        }
    }

    fn canonical(&mut self, address: &str) {
        let own = match self
            .site
            .base
            .as_deref()
            .and_then(|base| address.strip_prefix(base))
        {
            Some("") => self.page.path == "index.html",
            Some(path) => decode(path) == self.page.path,
            None => self.site.base.is_none(),
        };
        if !own {
            self.report(
                Code::LinkBroken,
                format!("The canonical address {address} is not this page's."),
            );
        }
    }

    /// A link within the site.
    fn internal(&mut self, address: &str) {
        if address.starts_with('/') {
            return self.report(
                Code::LinkBroken,
                format!("{address} is not relative, so the site does not open from a folder."),
            );
        }
        let (path, fragment) = address.split_once('#').unwrap_or((address, ""));
        let path = path.split('?').next().unwrap_or_default();
        let file = if scheme(address).is_some() {
            own_file(self.site, address)
        } else {
            resolve(self.page.path, path)
        };
        let Some(file) = file.filter(|file| self.site.files.contains_key(file.as_str())) else {
            return self.report(Code::LinkBroken, format!("{address} leads to no file."));
        };
        let anchored = fragment.is_empty()
            || self
                .ids
                .get(file.as_str())
                .is_some_and(|ids| ids.contains(&*decode(fragment)));
        if !anchored {
            self.report(
                Code::LinkBroken,
                format!("{address}: {file} has no such place."),
            );
        }
    }

    fn link(&mut self, number: usize, address: &str) {
        let imprint = self.page.path.contains("imprint");
        match scheme(address) {
            None if address.starts_with("//") => self.report(
                Code::HostForeign,
                format!("{address} does not say its scheme."),
            ),
            None => self.internal(address),
            Some("http" | "https") if own_file(self.site, address).is_some() => {
                self.internal(address)
            }
            Some("http" | "https") => self.external(number, address, imprint),
            Some("mailto" | "tel") if imprint => {}
            Some(_) => self.report(
                Code::HostForeign,
                format!("A link to {address} is not allowed."),
            ),
        }
    }

    fn external(&mut self, number: usize, address: &str, imprint: bool) {
        let element = self.page.document.element(number);
        let sponsored = element.has("rel", "sponsored");
        let host = host(address).unwrap_or_default();
        let merchant = match self.site.expect.merchant {
            Some(merchant) => {
                let theirs = covers_host(merchant.hosts, &host);
                if sponsored && !theirs {
                    self.report(
                        Code::HostForeign,
                        format!("{host} is not one of the programme's hosts."),
                    );
                }
                if theirs && !carries_tag(address, merchant.tag) {
                    self.report(
                        Code::TagMissing,
                        format!("{address} does not carry the programme's tag."),
                    );
                }
                theirs
            }
            None => sponsored,
        };
        if !merchant {
            if !imprint && !sponsored && !self.sources.contains(&host) {
                self.report(
                    Code::HostForeign,
                    format!("{host} is neither the programme's nor a source's host."),
                );
            }
            return;
        }
        if !sponsored {
            self.report(
                Code::RelMissing,
                format!("The merchant link {address} does not say rel=sponsored."),
            );
        }
        let document = &self.page.document;
        let heading = |name: &str| matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
        if document.within(Some(number), heading) {
            self.report(
                Code::LinkInHeading,
                format!("A heading links to {address}."),
            );
        }
        let main = document.within(Some(number), |name| name == "main");
        let place = address
            .split('#')
            .next()
            .unwrap_or(address)
            .trim_end_matches('/')
            .to_owned();
        if main && self.page.is_article() && !self.merchants.insert(place) {
            self.report(
                Code::MerchantTwice,
                format!("{address} is linked twice in one article."),
            );
        }
    }
}

/// Whether the tag stands in an address, as a whole part of its path or query.
fn carries_tag(address: &str, tag: &str) -> bool {
    let rest = address.split_once("://").map_or("", |(_, rest)| rest);
    let after_host = rest.find(['/', '?']).map_or("", |at| &rest[at..]);
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    !tag.is_empty()
        && [decode(after_host), decode_path(after_host)]
            .iter()
            .any(|text| {
                text.match_indices(tag).any(|(at, _)| {
                    edge(text[..at].chars().next_back())
                        && edge(text[at + tag.len()..].chars().next())
                })
            })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_that_loads_from_elsewhere_is_told_from_one_that_does_not() {
        for css in [
            "a { background: URL( \"HTTPS://elsewhere.example/a.png\") }",
            "a { src: url(//elsewhere.example/a) }",
            "é @Import 'http://elsewhere.example/a.css';",
        ] {
            assert!(loads_from_elsewhere(css), "{css}");
        }
        for css in [
            "a { background: url(a.png); color: rgb(1, 2, 3) }",
            "é( @import 'a.css'; @media (a) { }",
            "(http://a) url",
        ] {
            assert!(!loads_from_elsewhere(css), "{css}");
        }
    }
}
