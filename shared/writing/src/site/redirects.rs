//! What stands at the paths of pages that are gone.

use std::collections::{BTreeMap, BTreeSet};

use va_domain::{
    content::{ContentRequest, PageKind},
    goal_spec::GoalSpec,
    revision::Edition,
};

use crate::escape::{fold, html};

use super::{Site, shell::root, tags_of};

/// For each path that is a page no longer, the page that it leads to: those that an edition of the site had, and
/// those that were gone before, each straight to a page that stands.
#[must_use]
pub fn redirects(
    before: &Edition,
    pages: &[&ContentRequest],
    spec: &GoalSpec,
    has_imprint: bool,
) -> BTreeMap<String, String> {
    if before.site != spec.site.id {
        return BTreeMap::new();
    }
    let standing = paths(pages, has_imprint);
    let heir = |path: &str| heir(before, pages, path);
    let gone = before.paths.iter().map(|path| (path, heir(path)));
    let earlier = before.redirects.iter().map(|(path, to)| {
        let stands = standing.contains(to);
        (path, if stands { to.clone() } else { heir(to) })
    });
    earlier
        .chain(gone)
        .filter(|(path, _)| !standing.contains(*path))
        .map(|(path, to)| (path.clone(), to))
        .collect()
}

/// The paths of all pages.
fn paths(pages: &[&ContentRequest], has_imprint: bool) -> BTreeSet<String> {
    let articles = pages.iter().map(|page| article(page));
    let tags = tags_of(pages.iter().copied());
    let tags = tags.keys().map(|tag| format!("tags/{tag}.html"));
    let imprint = has_imprint.then(|| "imprint.html".to_owned());
    let front = "index.html".to_owned();
    articles.chain(tags).chain(imprint).chain([front]).collect()
}

fn article(page: &ContentRequest) -> String {
    format!("posts/{}.html", page.slug)
}

/// Who comes after a page: of the kinds that argue over many products the one in the same place, else the guide
/// to the whole field, else the front page.
fn heir(before: &Edition, pages: &[&ContentRequest], path: &str) -> String {
    let slug = path
        .strip_prefix("posts/")
        .and_then(|p| p.strip_suffix(".html"));
    let page = slug.and_then(|slug| before.pages.iter().find(|page| page.slug == slug));
    let of = |kind: PageKind| pages.iter().filter(move |page| page.kind == kind);
    let same = page.and_then(|page| {
        let narrow = matches!(
            page.kind,
            PageKind::Comparison | PageKind::WhyPayMore | PageKind::Product
        );
        let place = before
            .pages
            .iter()
            .filter(|p| p.kind == page.kind)
            .take_while(|p| p.slug != page.slug)
            .count();
        let last = of(page.kind).count().checked_sub(1).filter(|_| !narrow)?;
        of(page.kind).nth(place.min(last))
    });
    let guide = || page.and_then(|_| of(PageKind::FieldGuide).next());
    same.or_else(guide)
        .map_or_else(|| "index.html".to_owned(), |page| article(page))
}

/// The page that stands at the path of one that is gone: it leads on by itself, by a link, and for those who
/// collect addresses, and asks to be left out of every list.
pub(super) fn page(site: &Site, path: &str, to: &str) -> String {
    let root = root(path);
    let address = if to == "index.html" { "" } else { to };
    let canonical = html(&format!("{}{address}", site.base));
    let there = to
        .strip_prefix("posts/")
        .and_then(|p| p.strip_suffix(".html"))
        .and_then(|slug| site.page(slug));
    let title = html(&there.map_or_else(
        || site.name.clone(),
        |p| fold(&p.request.title).into_owned(),
    ));
    let (name, language) = (html(&site.name), html(&site.language));
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>This page is gone – {name}</title>\n<link rel=\"canonical\" href=\"{canonical}\">\n\
         <meta http-equiv=\"refresh\" content=\"0; url={root}{to}\">\n\
         <link rel=\"icon\" type=\"image/svg+xml\" href=\"{root}assets/icon.svg\">\n\
         <link rel=\"stylesheet\" href=\"{root}assets/style.css\">\n</head>\n<body class=\"on-plain\">\n\
         <main id=\"main\">\n<h1>This page is gone</h1>\n<p>Read on: <a href=\"{root}{to}\">{title}</a></p>\n\
         </main>\n</body>\n</html>\n"
    )
}
