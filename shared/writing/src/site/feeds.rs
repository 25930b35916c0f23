//! Feed, sitemap and robots.txt.

use va_domain::content::ContentRequest;

use crate::escape::html;

use super::Site;

fn address(site: &Site, request: &ContentRequest) -> String {
    html(&format!("{}posts/{}.html", site.base, request.slug))
}

/// An Atom feed of exactly the articles.
pub(super) fn atom(site: &Site) -> String {
    let (base, name, language, day) = (
        html(&site.base),
        html(&site.name),
        html(&site.language),
        site.as_of,
    );
    let mut feed = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{language}\">\n\
         <id>{base}</id>\n<title>{name}</title>\n<updated>{day}T00:00:00Z</updated>\n\
         <author><name>{name}</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{base}feed.xml\"/>\n<link rel=\"alternate\" href=\"{base}\"/>\n"
    );
    for page in site.pages {
        let request = &page.request;
        let url = address(site, request);
        feed.push_str(&format!(
            "<entry>\n<id>{url}</id>\n<title>{}</title>\n<link rel=\"alternate\" href=\"{url}\"/>\n\
             <updated>{}T00:00:00Z</updated>\n<summary>{}</summary>\n</entry>\n",
            html(&request.title),
            request.as_of,
            html(&request.question),
        ));
    }
    feed.push_str("</feed>\n");
    feed
}

/// A sitemap of exactly the HTML pages.
pub(super) fn sitemap(site: &Site) -> String {
    let mut paths = vec![(String::new(), site.as_of)];
    paths.extend(site.pages.iter().map(|p| {
        let path = format!("posts/{}.html", p.request.slug);
        (path, p.request.as_of)
    }));
    paths.extend(site.tags.iter().map(|(tag, (_, numbers))| {
        let day = site.newest(numbers.iter().map(|&n| &site.pages[n]));
        (format!("tags/{tag}.html"), day)
    }));
    if site.has_imprint {
        paths.push(("imprint.html".to_owned(), site.newest(site.pages.iter())));
    }
    let mut map = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n".to_owned();
    for (path, day) in paths {
        let url = html(&format!("{}{path}", site.base));
        map.push_str(&format!(
            "<url><loc>{url}</loc><lastmod>{day}</lastmod></url>\n"
        ));
    }
    map.push_str("</urlset>\n");
    map
}

/// Everything may be read; the sitemap says where everything is.
pub(super) fn robots(site: &Site) -> String {
    format!(
        "User-agent: *\nAllow: /\nSitemap: {}sitemap.xml\n",
        site.base
    )
}
