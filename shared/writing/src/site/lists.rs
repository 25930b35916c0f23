//! The front page, the pages of tags, and the imprint.

use va_domain::content::PageKind;

use crate::{escape::html, words::capital};

use super::{
    Site, SitePage,
    markdown::{self, Links},
    shell::{Frame, page},
};

/// The sections of the front page, in order.
const SECTIONS: [(&str, &[PageKind]); 5] = [
    ("Start here", &[PageKind::FieldGuide, PageKind::HowToChoose]),
    (
        "One or the other",
        &[PageKind::Comparison, PageKind::WhyPayMore],
    ),
    ("Within a budget", &[PageKind::BestUnder]),
    ("Product by product", &[PageKind::Product]),
    ("What is not stated", &[PageKind::Gaps]),
];

/// The front page.
pub(super) fn front(site: &Site) -> String {
    let mut main = format!("<h1>{}</h1>\n", html(&site.name));
    let description = if site.audience.is_empty() {
        "Guides made from one table of facts: every figure can be followed back to it.".to_owned()
    } else {
        format!(
            "For {}. Every figure can be followed back to one table of facts.",
            lower_first(&site.audience)
        )
    };
    main.push_str(&format!("<p class=\"lead\">{}</p>\n", html(&description)));
    if site.pages.is_empty() {
        main.push_str("<p>No page is published yet.</p>\n");
    }
    for (heading, kinds) in SECTIONS {
        let listed: Vec<&SitePage> = site
            .pages
            .iter()
            .filter(|p| kinds.contains(&p.request.kind))
            .collect();
        if !listed.is_empty() {
            main.push_str(&format!(
                "<section>\n<h2>{heading}</h2>\n{}</section>\n",
                cards(&listed, "")
            ));
        }
    }
    let tags: String = site
        .tags
        .iter()
        .map(|(tag, (name, _))| format!("<li><a href=\"tags/{tag}.html\">{}</a></li>", html(name)))
        .collect();
    let aside = if tags.is_empty() {
        String::new()
    } else {
        format!("<h2>By subject</h2>\n<ul class=\"tags\">{tags}</ul>\n")
    };
    let frame = Frame {
        path: "index.html",
        title: &site.name,
        description: &description,
        crumbs: &[],
        data: None,
        sorts: false,
        main: &main,
        aside: &aside,
    };
    page(site, &frame)
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars
        .next()
        .map(|c| c.to_lowercase().to_string())
        .unwrap_or_default();
    first + chars.as_str().trim_end_matches('.')
}

/// Articles with their questions.
pub(super) fn cards(pages: &[&SitePage], root: &str) -> String {
    let mut list = "<ul class=\"cards\">\n".to_owned();
    for page in pages {
        list.push_str(&format!(
            "<li><a href=\"{root}posts/{}.html\">{}</a><p>{}</p></li>\n",
            page.request.slug,
            html(&page.request.title),
            html(&page.request.question)
        ));
    }
    list.push_str("</ul>\n");
    list
}

/// The page of a tag.
pub(super) fn tag(site: &Site, tag: &str, name: &str, numbers: &[usize]) -> String {
    let listed: Vec<&SitePage> = numbers.iter().map(|&n| &site.pages[n]).collect();
    let title = capital(name);
    let main = format!("<h1>{}</h1>\n{}", html(&title), cards(&listed, "../"));
    let description = format!("All pages of {} about {name}.", site.name);
    let path = format!("tags/{tag}.html");
    let frame = Frame {
        path: &path,
        title: &title,
        description: &description,
        crumbs: &[
            ("../index.html".to_owned(), site.name.clone()),
            (String::new(), title.clone()),
        ],
        data: None,
        sorts: false,
        main: &main,
        aside: "",
    };
    page(site, &frame)
}

/// The legal notice, from a Markdown file of the board.
pub(super) fn imprint(site: &Site, source: &str) -> String {
    let text = markdown::html_of(source, &Links::imprint(site));
    let main = if text.contains("<h1>") {
        text
    } else {
        format!("<h1>Imprint</h1>\n{text}")
    };
    let frame = Frame {
        path: "imprint.html",
        title: "Imprint",
        description: "Who is responsible for this site.",
        crumbs: &[
            ("index.html".to_owned(), site.name.clone()),
            (String::new(), "Imprint".to_owned()),
        ],
        data: None,
        sorts: false,
        main: &main,
        aside: "",
    };
    page(site, &frame)
}
