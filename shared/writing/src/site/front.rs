//! The front page: what is here, where to begin, and the answers.

use va_domain::content::PageKind;

use crate::{
    escape::{fold, html},
    words::written_date,
};

use super::{
    Site,
    article::Article,
    lists::{SECTIONS, cards},
    shell::{Frame, page},
    structured,
};

/// The front page.
pub(super) fn of(site: &Site, articles: &[Article]) -> String {
    let description = if site.audience.is_empty() {
        "Guides made from one table of facts: every figure can be followed back to it.".to_owned()
    } else {
        format!(
            "For {}. Every figure can be followed back to one table of facts.",
            lower_first(&site.audience)
        )
    };
    let mut main = hero(site, articles, &description);
    if site.pages.is_empty() {
        main.push_str("<p>No page is published yet.</p>\n");
    } else {
        main.push_str(&ways(site));
        main.push_str(SEARCH);
    }
    for section in &SECTIONS {
        let numbers: Vec<usize> = numbers(site, section.kinds);
        if !numbers.is_empty() {
            main.push_str(&format!(
                "<section class=\"listed\" id=\"{}\">\n<h2>{}</h2>\n<p class=\"lead\">{}</p>\n{}</section>\n",
                section.id,
                section.heading,
                section.lead,
                cards(site, articles, &numbers, "")
            ));
        }
    }
    main.push_str(&made(site));
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
        day: site.as_of,
        title: &site.name,
        description: &description,
        crumbs: &[],
        data: Some(structured::front(site, &description)),
        script: (!site.pages.is_empty()).then_some("assets/search.js"),
        main: &main,
        aside: &aside,
    };
    page(site, &frame)
}

/// Hidden where no script can run; the list below is complete without it.
const SEARCH: &str = "<search>\n<form id=\"search\" class=\"search\">\n<label for=\"words\">Find a page by product, question or subject</label>\n\
    <input id=\"words\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\">\n<output for=\"words\"></output>\n</form>\n</search>\n";

fn numbers(site: &Site, kinds: &[PageKind]) -> Vec<usize> {
    (0..site.pages.len())
        .filter(|&n| kinds.contains(&site.pages[n].request.kind))
        .collect()
}

/// The name, whom it is for, and the field in one picture.
fn hero(site: &Site, articles: &[Article], description: &str) -> String {
    let figures: usize = articles.iter().map(|a| a.claims.len()).sum();
    let written = || site.pages.iter().map(|p| p.request.field_size).max();
    let products = site.history.products.or_else(written);
    let day = site.as_of;
    let mut facts = String::new();
    if let Some(products) = products {
        facts.push_str(&format!(
            "<div><dt>Products compared</dt><dd>{products}</dd></div>\
             <div><dt>Pages</dt><dd>{}</dd></div>\
             <div><dt>Figures with their origin</dt><dd>{figures}</dd></div>",
            site.pages.len()
        ));
    }
    facts.push_str(&format!(
        "<div><dt>Facts as of</dt><dd><time datetime=\"{day}\">{}</time></dd></div>",
        written_date(day)
    ));
    let guide = numbers(site, &[PageKind::FieldGuide]).first().copied();
    let picture = guide
        .and_then(|n| Some((n, articles[n].chart.as_deref()?)))
        .map(|(n, chart)| {
            let slug = &site.pages[n].request.slug;
            format!(
                "<div class=\"picture\">\n{chart}<p><a href=\"posts/{slug}.html\">Read the field guide</a></p>\n</div>\n"
            )
        })
        .unwrap_or_default();
    format!(
        "<div class=\"hero\">\n<div class=\"welcome\">\n<h1>{}</h1>\n<p class=\"lead\">{}</p>\n<dl class=\"facts\">{facts}</dl>\n</div>\n{picture}</div>\n",
        html(&site.name),
        html(description)
    )
}

/// Where to begin, by what the reader knows already.
fn ways(site: &Site) -> String {
    let first = |kind| {
        numbers(site, &[kind])
            .first()
            .map(|&n| format!("posts/{}.html", site.pages[n].request.slug))
    };
    let section =
        |id: &str, kinds: &[PageKind]| (!numbers(site, kinds).is_empty()).then(|| format!("#{id}"));
    let ways = [
        (
            first(PageKind::FieldGuide),
            "I want to see everything",
            "The whole field in one table and one picture",
        ),
        (
            first(PageKind::HowToChoose),
            "I do not know what matters",
            "Which facts really separate the products",
        ),
        (
            section("budget", &[PageKind::BestUnder]),
            "I have a limit",
            "What leads below a price",
        ),
        (
            section("compare", &[PageKind::Comparison, PageKind::WhyPayMore]),
            "I am torn between two",
            "Who should take which, and why pay more",
        ),
        (
            section("products", &[PageKind::Product]),
            "I have one in mind",
            "Where it stands among the rest",
        ),
        (
            first(PageKind::Gaps),
            "I want to be sure",
            "What the makers do not state",
        ),
    ];
    let items: String = ways
        .into_iter()
        .filter_map(|(to, who, what)| {
            Some(format!(
                "<li><a href=\"{}\"><strong>{who}</strong><span>{what}</span></a></li>\n",
                to?
            ))
        })
        .collect();
    format!(
        "<nav class=\"ways\" aria-labelledby=\"begin\">\n<h2 id=\"begin\">Where to begin</h2>\n<ul>\n{items}</ul>\n</nav>\n"
    )
}

/// How the site is made and what it lives on.
fn made(site: &Site) -> String {
    let disclosure = site.pages.first().map_or(String::new(), |page| {
        let text = fold(&page.request.blocks.disclosure);
        if text.is_empty() {
            String::new()
        } else {
            format!("<p class=\"disclosure\">{}</p>\n", html(&text))
        }
    });
    let byline = site.pages.first().map_or(String::new(), |page| {
        html(&fold(&page.request.blocks.byline))
    });
    format!(
        "<section class=\"made\" id=\"made\">\n<h2>How this site is made</h2>\n<p>{byline} \
         Each page answers one question, shows its table, names its sources with their dates, and publishes every \
         figure with the way it was computed. What the makers do not state is called not stated.</p>\n{disclosure}</section>\n"
    )
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars
        .next()
        .map(|c| c.to_lowercase().to_string())
        .unwrap_or_default();
    first + chars.as_str().trim_end_matches('.')
}
