//! One article: its page and its claims.

use va_domain::content::ContentRequest;

use crate::{
    escape::{fold, html},
    words::{slug, written_date},
};

use super::{
    Site, SitePage, cells, changes, charts,
    claims::{self, Published},
    links::Links,
    lists::{Section, linked},
    markdown::{Parts, Place, Rendered, render},
    shell::{Frame, page},
    structured,
};

/// The most characters of a description.
const DESCRIPTION: usize = 200;
/// How many other pages an article points to.
const NEXT: usize = 4;

/// A draft that was read, with what follows from it.
pub(super) struct Article<'a> {
    rendered: &'a Rendered,
    /// What it publishes.
    pub claims: Vec<Published<'a>>,
    /// The beginning of its answer.
    pub answer: String,
    /// Its chart.
    pub chart: Option<String>,
}

/// The draft of a page as HTML.
pub(super) fn rendered(site: &Site, number: usize) -> Rendered {
    let SitePage { request, markdown } = &site.pages[number];
    let table = &request.blocks.table;
    let looks = cells::of(table, &site.measures[number], &site.direction);
    let parts = Parts {
        disclosure: fold(&request.blocks.disclosure).into_owned(),
        byline: fold(&request.blocks.byline).into_owned(),
        caption: fold(&table.caption).into_owned(),
        legend: cells::legend(&looks),
        looks,
    };
    render(markdown, &Links::article(site), &parts)
}

/// What follows from a draft.
pub(super) fn read<'a>(site: &'a Site, number: usize, rendered: &'a Rendered) -> Article<'a> {
    let request = &*site.pages[number].request;
    let claims = claims::of(request, &rendered.said, rendered.has_table);
    // A page that stands as it was shows the field as it was.
    let kept = site.history(request).and_then(|h| h.figures.as_deref());
    let kept = kept.map(charts::Known::read);
    // Without the table nothing proves a chart's figures.
    let material = charts::Material {
        request,
        claims: &claims,
        measures: &site.measures[number],
        known: kept.as_ref().unwrap_or(&site.known),
        direction: &site.direction,
    };
    let chart = rendered.has_table.then(|| charts::of(&material)).flatten();
    Article {
        answer: answer(request, rendered),
        rendered,
        claims,
        chart,
    }
}

/// The page and the claims file of an article.
pub(super) fn of(site: &Site, article: &Article, number: usize) -> (String, String) {
    let request = &site.pages[number].request;
    let section = Section::of(request.kind);
    let path = format!("posts/{}.html", request.slug);
    let crumbs = [
        ("../index.html".to_owned(), site.name.clone()),
        (
            format!("../index.html#{}", section.id),
            section.heading.to_owned(),
        ),
        (String::new(), request.title.clone()),
    ];
    let changes = site.history(request).and_then(|h| h.changes.as_ref());
    let main = format!(
        "<article>\n{}{}{}</article>\n",
        meta(site, request, article.rendered, changes.is_some()),
        body(article),
        changes.map(changes::section).unwrap_or_default(),
    );
    let frame = Frame {
        path: &path,
        day: request.as_of,
        title: &request.title,
        description: &article.answer,
        crumbs: &crumbs,
        data: Some(structured::article(site, request, &article.answer)),
        script: article.rendered.has_table.then_some("assets/sort.js"),
        main: &main,
        aside: &aside(site, number),
    };
    (
        page(site, &frame),
        claims::file(request, &article.claims, changes),
    )
}

/// The rendered draft, with the answer set apart and the chart behind it.
fn body(article: &Article) -> String {
    let text = &article.rendered.html;
    let chart = article.chart.as_deref().unwrap_or_default();
    match article.rendered.answer {
        Some((start, end)) => format!(
            "{}<div class=\"answer\">\n{}</div>\n{chart}{}",
            &text[..start],
            &text[start..end],
            &text[end..]
        ),
        None => format!("{text}{chart}"),
    }
}

/// The line above the heading: the day, and the ways to the parts that stay the same.
fn meta(site: &Site, request: &ContentRequest, rendered: &Rendered, changed: bool) -> String {
    let day = request.as_of;
    let mut items = format!(
        "<li>Facts as of <time datetime=\"{day}\">{}</time></li>",
        written_date(day)
    );
    for place in &rendered.places {
        let name = match place {
            Place::Table => "Table",
            Place::Method => "Method",
            Place::Sources => "Sources",
        };
        items.push_str(&format!("<li><a href=\"#{}\">{name}</a></li>", place.id()));
    }
    if changed {
        items.push_str("<li><a href=\"#changes\">What changed</a></li>");
    }
    if site.has_imprint {
        items.push_str("<li><a href=\"../imprint.html\">Imprint</a></li>");
    }
    format!("<header><ul class=\"meta\">{items}</ul></header>\n")
}

/// The beginning of the answer, cut between words.
fn answer(request: &ContentRequest, rendered: &Rendered) -> String {
    let answer = rendered
        .said
        .first()
        .map_or(request.question.as_str(), |said| said.text.as_str());
    let answer = fold(answer);
    if answer.chars().count() <= DESCRIPTION {
        return answer.into_owned();
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
        text.push_str(&format!("<h2>Read on</h2>\n{}", linked(&related)));
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
