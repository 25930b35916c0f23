//! Where the links of a page lead, and what they say of themselves.

use crate::{escape::html, link::is_allowed};

use super::Site;

/// Where links may lead.
pub(super) struct Links<'l> {
    site: &'l Site<'l>,
    imprint: bool,
}

impl<'l> Links<'l> {
    pub(super) fn article(site: &'l Site<'l>) -> Self {
        Self {
            site,
            imprint: false,
        }
    }

    pub(super) fn imprint(site: &'l Site<'l>) -> Self {
        Self {
            site,
            imprint: true,
        }
    }

    /// The opening tag of a link; none where it may not be one. Paid links are only those to the programme's
    /// hosts, and never in the list of sources: there such an address would be a paid link without its tag.
    pub(super) fn open(&self, target: &str, in_sources: bool) -> Option<String> {
        let web = target.starts_with("https://") || target.starts_with("http://");
        if self.imprint {
            let allowed = web || target.starts_with("mailto:") || target.starts_with("tel:");
            return allowed.then(|| format!("<a href=\"{}\" rel=\"noopener\">", html(target)));
        }
        if web {
            let paid = is_allowed(target, self.site.hosts);
            let rel = match (paid, in_sources) {
                (true, false) => "sponsored nofollow noopener",
                (false, true) => "nofollow noopener",
                _ => return None,
            };
            return Some(format!("<a href=\"{}\" rel=\"{rel}\">", html(target)));
        }
        let slug = target
            .trim_start_matches("./")
            .trim_start_matches("../")
            .trim_start_matches("posts/");
        let slug = slug.strip_suffix(".html").unwrap_or(slug);
        self.site
            .page(slug)
            .map(|page| format!("<a href=\"{}.html\">", page.request.slug))
    }
}
