//! Lists of articles: sections, cards, the pages of tags; and the imprint.

use va_domain::content::PageKind;

use crate::{escape::html, words::capital};

use super::{
    Site, SitePage,
    article::Article,
    links::Links,
    markdown,
    shell::{Frame, page},
    structured,
};

/// A section of the front page.
pub(super) struct Section {
    /// Its anchor.
    pub id: &'static str,
    /// Its heading.
    pub heading: &'static str,
    /// Whom it is for, in one sentence.
    pub lead: &'static str,
    /// What it lists.
    pub kinds: &'static [PageKind],
}

/// The sections in the order of the front page; each kind of page is in one.
pub(super) const SECTIONS: [Section; 5] = [
    Section {
        id: "start",
        heading: "Start here",
        lead: "The whole field, and the order in which to decide.",
        kinds: &[PageKind::FieldGuide, PageKind::HowToChoose],
    },
    Section {
        id: "compare",
        heading: "One or the other",
        lead: "Pairs where each is ahead somewhere, and what the higher price buys.",
        kinds: &[PageKind::Comparison, PageKind::WhyPayMore],
    },
    Section {
        id: "budget",
        heading: "Within a budget",
        lead: "What a limit leaves, and what leads below it.",
        kinds: &[PageKind::BestUnder],
    },
    Section {
        id: "products",
        heading: "Product by product",
        lead: "Where one product stands, what is cheaper, what the next step up brings.",
        kinds: &[PageKind::Product],
    },
    Section {
        id: "gaps",
        heading: "What is not stated",
        lead: "The questions to ask before you buy.",
        kinds: &[PageKind::Gaps],
    },
];

impl Section {
    /// The section of a kind of page.
    pub(super) fn of(kind: PageKind) -> &'static Self {
        SECTIONS
            .iter()
            .find(|section| section.kinds.contains(&kind))
            .unwrap_or(&SECTIONS[0])
    }
}

/// What a card says of an article's kind.
fn kind(kind: PageKind) -> &'static str {
    match kind {
        PageKind::FieldGuide => "Field guide",
        PageKind::Comparison => "Comparison",
        PageKind::WhyPayMore => "Is it worth more?",
        PageKind::BestUnder => "Below a price",
        PageKind::Product => "One product",
        PageKind::HowToChoose => "How to choose",
        PageKind::Gaps => "Open questions",
    }
}

/// Articles with the beginnings of their answers.
pub(super) fn cards(site: &Site, articles: &[Article], numbers: &[usize], root: &str) -> String {
    let mut list = "<ul class=\"cards\">\n".to_owned();
    for &number in numbers {
        let request = &site.pages[number].request;
        list.push_str(&format!(
            "<li><span class=\"kind\">{}</span><h3><a href=\"{root}posts/{}.html\">{}</a></h3><p>{}</p></li>\n",
            kind(request.kind),
            request.slug,
            html(&request.title),
            html(&articles[number].answer)
        ));
    }
    list.push_str("</ul>\n");
    list
}

/// Other articles, below an article.
pub(super) fn linked(pages: &[&SitePage]) -> String {
    let mut list = "<ul class=\"next\">\n".to_owned();
    for page in pages {
        let request = &page.request;
        list.push_str(&format!(
            "<li><span class=\"kind\">{}</span> <a href=\"{}.html\">{}</a></li>\n",
            kind(request.kind),
            request.slug,
            html(&request.title)
        ));
    }
    list.push_str("</ul>\n");
    list
}

/// The page of a tag.
pub(super) fn tag(
    site: &Site,
    articles: &[Article],
    tag: &str,
    name: &str,
    numbers: &[usize],
) -> String {
    let title = capital(name);
    let lead = format!("Every page of {} on this subject.", site.name);
    let others: String = site
        .tags
        .iter()
        .filter(|(other, _)| *other != tag)
        .map(|(other, (name, _))| format!("<li><a href=\"{other}.html\">{}</a></li>", html(name)))
        .collect();
    let aside = if others.is_empty() {
        String::new()
    } else {
        format!("<h2>Other subjects</h2>\n<ul class=\"tags\">{others}</ul>\n")
    };
    let main = format!(
        "<h1>{}</h1>\n<p class=\"lead\">{}</p>\n<h2 class=\"unseen\">Pages</h2>\n{}",
        html(&title),
        html(&lead),
        cards(site, articles, numbers, "../")
    );
    let path = format!("tags/{tag}.html");
    let listed: Vec<&SitePage> = numbers.iter().map(|&n| &site.pages[n]).collect();
    let frame = Frame {
        path: &path,
        day: site.newest(numbers.iter().map(|&n| &site.pages[n])),
        title: &title,
        description: &format!("All pages of {} about {name}.", site.name),
        crumbs: &[
            ("../index.html".to_owned(), site.name.clone()),
            (String::new(), title.clone()),
        ],
        data: Some(structured::tag(site, &title, &path, &listed)),
        script: None,
        main: &main,
        aside: &aside,
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
        day: site.newest(site.pages.iter()),
        title: "Imprint",
        description: "Who is responsible for this site.",
        crumbs: &[
            ("index.html".to_owned(), site.name.clone()),
            (String::new(), "Imprint".to_owned()),
        ],
        data: None,
        script: None,
        main: &main,
        aside: "",
    };
    page(site, &frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_page_has_one_section() {
        use PageKind::{BestUnder, Comparison, FieldGuide, Gaps, HowToChoose, Product, WhyPayMore};
        for kind in [
            FieldGuide,
            Comparison,
            WhyPayMore,
            BestUnder,
            Product,
            HowToChoose,
            Gaps,
        ] {
            let of = SECTIONS.iter().filter(|s| s.kinds.contains(&kind));
            assert_eq!(of.count(), 1, "{kind:?}");
        }
    }
}
