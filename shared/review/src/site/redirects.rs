//! Pages that are gone: each leads to one that stands, by itself, by a link, and in its canonical address.

use va_domain::content::Finding;

use super::{
    Site, SitePage,
    address::resolve,
    links::own_file,
    markup::{Document, Element},
};
use crate::code::Code;

/// What a page says of whither and when it sends its reader.
pub(crate) fn refresh_of<'d>(document: &'d Document<'_>) -> Option<&'d str> {
    let refresh = |(_, e): &(usize, Element)| {
        e.attribute("http-equiv")
            .is_some_and(|h| h.eq_ignore_ascii_case("refresh"))
    };
    let (_, element) = document.named("meta").find(refresh)?;
    Some(element.attribute("content").unwrap_or_default())
}

pub(crate) fn check(site: &Site, findings: &mut Vec<Finding>) {
    for page in site.pages.iter().filter(|page| page.is_redirect()) {
        if let Err(why) = leads(site, page) {
            findings.push(Code::RedirectWrong.at(page.path, format!("A redirect that {why}.")));
        }
    }
    let stood = site.expect.revised.iter().flat_map(|revised| revised.stood);
    for path in stood.filter(|path| !site.pages.iter().any(|page| page.path == *path)) {
        findings.push(Code::RedirectWrong.at(
            path,
            "A page stood here, and nothing leads on from its path.",
        ));
    }
}

fn leads(site: &Site, page: &SitePage) -> Result<(), String> {
    let refresh = refresh_of(&page.document).unwrap_or_default();
    let target = refresh
        .split_once(';')
        .filter(|(delay, _)| delay.trim() == "0")
        .and_then(|(_, rest)| rest.trim().strip_prefix("url="))
        .ok_or("does not send its reader on at once")?;
    let there = resolve(page.path, target)
        .and_then(|file| site.pages.iter().find(|other| other.path == file))
        .ok_or_else(|| format!("leads to {target}, which is no page"))?;
    if there.is_redirect() {
        return Err(format!("leads to {target}, which leads on"));
    }
    let document = &page.document;
    let canonical = document
        .named("link")
        .find(|(_, e)| e.has("rel", "canonical"))
        .and_then(|(_, e)| e.attribute("href"))
        .ok_or("has no canonical address")?;
    if site.base.is_some() && own_file(site, canonical).as_deref() != Some(there.path) {
        return Err(format!("leads to {target} and names {canonical}"));
    }
    let links = document.named("a").any(|(number, element)| {
        let to = element.attribute("href");
        document.within(Some(number), |name| name == "main")
            && !document.text_of(number).is_empty()
            && to.and_then(|to| resolve(page.path, to)).as_deref() == Some(there.path)
    });
    if links {
        Ok(())
    } else {
        Err("has no link for those whom nothing sends on".to_owned())
    }
}
