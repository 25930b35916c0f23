//! One article: its page and its claims.

use serde_json::json;
use va_domain::content::ContentRequest;

use crate::{
    escape::{fold, html},
    words::slug,
};

use super::{
    Site, SitePage, bars, claims,
    lists::cards,
    markdown::{Links, Parts, Rendered, render},
    shell::{Frame, page},
};

/// The most characters of a description.
const DESCRIPTION: usize = 200;
/// How many other pages an article points to.
const NEXT: usize = 4;

/// The page and the claims file of an article.
pub(super) fn of(site: &Site, number: usize) -> (String, String) {
    let SitePage { request, markdown } = &site.pages[number];
    let parts = Parts {
        disclosure: fold(&request.blocks.disclosure),
        byline: fold(&request.blocks.byline),
        caption: fold(&request.blocks.table.caption),
        bars: bars::of(&request.blocks.table),
    };
    let rendered = render(markdown, &Links::article(site), &parts);
    let path = format!("posts/{}.html", request.slug);
    let description = description(request, &rendered);
    let main = format!("<article>\n{}</article>\n", rendered.html);
    let crumbs = [
        ("../index.html".to_owned(), site.name.clone()),
        (String::new(), request.title.clone()),
    ];
    let frame = Frame {
        path: &path,
        title: &request.title,
        description: &description,
        crumbs: &crumbs,
        data: Some(structured(site, request, &description)),
        sorts: rendered.has_table,
        main: &main,
        aside: &aside(site, number),
    };
    (
        page(site, &frame),
        claims::file(request, &rendered.said, rendered.has_table),
    )
}

/// The beginning of the answer, cut between words.
fn description(request: &ContentRequest, rendered: &Rendered) -> String {
    let answer = rendered
        .said
        .first()
        .map_or(request.question.as_str(), |said| said.text.as_str());
    let answer = fold(answer);
    if answer.chars().count() <= DESCRIPTION {
        return answer;
    }
    let cut: String = answer.chars().take(DESCRIPTION).collect();
    let sentence = cut
        .rfind(". ")
        .filter(|at| *at > DESCRIPTION / 3)
        .map(|at| cut[..=at].to_owned());
    sentence.unwrap_or_else(|| {
        format!(
            "{}…",
            cut.rsplit_once(' ')
                .map_or(cut.as_str(), |(start, _)| start)
        )
    })
}

/// Structured data: the article and the way to it. Never a review or a rating: nobody made one.
fn structured(site: &Site, request: &ContentRequest, description: &str) -> String {
    let url = format!("{}posts/{}.html", site.base, request.slug);
    let publisher = json!({ "@type": "Organization", "name": site.name, "url": site.base });
    let data = json!({
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "Article",
                "headline": request.title,
                "description": description,
                "inLanguage": site.language,
                "datePublished": request.as_of.to_string(),
                "dateModified": request.as_of.to_string(),
                "mainEntityOfPage": url,
                "author": publisher,
                "publisher": publisher,
            },
            {
                "@type": "BreadcrumbList",
                "itemListElement": [
                    { "@type": "ListItem", "position": 1, "name": site.name, "item": site.base },
                    { "@type": "ListItem", "position": 2, "name": request.title, "item": url },
                ],
            },
        ],
    });
    data.to_string()
}

/// Where to read on, and the claims behind the page.
fn aside(site: &Site, number: usize) -> String {
    let request = &site.pages[number].request;
    let mut text = String::new();
    let related: Vec<&SitePage> = request
        .related
        .iter()
        .filter_map(|r| site.page(&r.slug))
        .take(NEXT)
        .collect();
    if !related.is_empty() {
        text.push_str(&format!("<h2>Read on</h2>\n{}", cards(&related, "../")));
    }
    let tags: Vec<String> = request
        .tags
        .iter()
        .map(|tag| slug(tag))
        .filter(|tag| site.tags.contains_key(tag))
        .collect();
    if !tags.is_empty() {
        let items: String = tags
            .iter()
            .map(|tag| {
                format!(
                    "<li><a href=\"../tags/{tag}.html\">{}</a></li>",
                    html(&site.tags[tag].0)
                )
            })
            .collect();
        text.push_str(&format!(
            "<ul class=\"tags\" aria-label=\"Subjects\">{items}</ul>\n"
        ));
    }
    text.push_str(&format!(
        "<p class=\"proof\"><a href=\"../data/{}.json\">Every figure of this page with its origin (JSON)</a></p>\n",
        request.slug
    ));
    text
}
