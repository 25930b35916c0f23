//! The files of a site: pages, lists, feed, and the claims behind every page.

mod article;
mod assets;
mod cells;
mod changes;
mod charts;
mod claims;
mod feeds;
mod front;
mod links;
mod lists;
mod markdown;
mod redirects;
mod search;
mod shell;
mod structured;

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Date;
use va_domain::{
    content::ContentRequest,
    goal_spec::GoalSpec,
    revision::{Changes, SiteFigures},
};

use crate::{escape::fold, words::slug};

use article::Article;
pub(crate) use claims::{Published, cells as cell_claims};
use markdown::Rendered;
pub use redirects::redirects;

/// A tag page exists where at least so many articles share a tag.
const TAGGED_AT_LEAST: usize = 3;

/// One article: what was asked for, and the reviewed draft with its links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SitePage {
    /// What was asked for.
    pub request: Arc<ContentRequest>,
    /// The draft.
    pub markdown: String,
}

/// What a site takes over from the editions before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// What is known of articles that stood before, by slug.
    pub pages: BTreeMap<String, PageHistory>,
    /// Paths of pages that are gone -> the page that each leads to.
    pub redirects: BTreeMap<String, String>,
    /// Products in the catalogue, where articles may have been written from another.
    pub products: Option<u32>,
}

/// What is known of an article that stood before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageHistory {
    /// The day as of which it was first published.
    pub first: Date,
    /// What it says of its last change.
    pub changes: Option<Changes>,
    /// The figures of the whole site when it was written; of a page that is written now: none.
    pub figures: Option<Vec<SiteFigures>>,
}

/// What every file of the site needs to know.
struct Site<'s> {
    name: String,
    /// The absolute address, ending in `/`.
    base: String,
    language: String,
    audience: String,
    as_of: Date,
    /// The hosts whose links are paid.
    hosts: &'s [String],
    has_imprint: bool,
    pages: &'s [SitePage],
    /// Slug of the tag, its name, the numbers of its pages.
    tags: BTreeMap<String, (String, Vec<usize>)>,
    /// What is taken over from the editions before.
    history: &'s History,
    /// The measured columns of each page's table.
    measures: Vec<Vec<charts::Measure<'s>>>,
    /// What the tables of all pages say.
    known: charts::Known,
    /// Which end of a column is the better one.
    direction: charts::Direction,
    /// The number of each page, by its slug.
    slugs: BTreeMap<&'s str, usize>,
}

/// A site that was built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// Its files: path -> bytes.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What its tables state, for pages that a later edition keeps as they are.
    pub figures: Vec<SiteFigures>,
}

/// Makes all files of a site: path -> bytes. The same input gives the same bytes.
#[must_use]
pub fn build(
    pages: &[SitePage],
    spec: &GoalSpec,
    imprint: Option<&str>,
    as_of: Date,
) -> BTreeMap<String, Vec<u8>> {
    build_after(pages, spec, imprint, as_of, &History::default()).files
}

/// As [`build`], after other editions of the site.
#[must_use]
pub fn build_after(
    pages: &[SitePage],
    spec: &GoalSpec,
    imprint: Option<&str>,
    as_of: Date,
    history: &History,
) -> Built {
    let site = Site::of(pages, spec, imprint.is_some(), as_of, history);
    let mut files = BTreeMap::new();
    let mut add = |path: String, text: String| {
        files.insert(path, text.into_bytes());
    };
    let rendered: Vec<Rendered> = (0..pages.len())
        .map(|number| article::rendered(&site, number))
        .collect();
    let articles: Vec<Article> = rendered
        .iter()
        .enumerate()
        .map(|(number, rendered)| article::read(&site, number, rendered))
        .collect();
    add("index.html".to_owned(), front::of(&site, &articles));
    for (number, page) in pages.iter().enumerate() {
        let (html, data) = article::of(&site, &articles[number], number);
        add(format!("posts/{}.html", page.request.slug), html);
        add(format!("data/{}.json", page.request.slug), data);
    }
    for (tag, (name, numbers)) in &site.tags {
        add(
            format!("tags/{tag}.html"),
            lists::tag(&site, &articles, tag, name, numbers),
        );
    }
    if let Some(imprint) = imprint {
        add("imprint.html".to_owned(), lists::imprint(&site, imprint));
    }
    for (path, to) in &history.redirects {
        add(path.clone(), redirects::page(&site, path, to));
    }
    add("feed.xml".to_owned(), feeds::atom(&site));
    add("sitemap.xml".to_owned(), feeds::sitemap(&site));
    add("robots.txt".to_owned(), feeds::robots(&site));
    add("assets/style.css".to_owned(), assets::STYLE.to_owned());
    add("assets/sort.js".to_owned(), assets::SORT.to_owned());
    add("assets/icon.svg".to_owned(), assets::ICON.to_owned());
    if !pages.is_empty() {
        add("assets/search.js".to_owned(), assets::SEARCH.to_owned());
        add("assets/search-index.js".to_owned(), search::index(&site));
    }
    Built {
        files,
        figures: site.known.stated(),
    }
}

/// The tags that have a page: slug -> name and the numbers of their articles.
fn tags_of<'r>(
    requests: impl Iterator<Item = &'r ContentRequest>,
) -> BTreeMap<String, (String, Vec<usize>)> {
    let mut tags: BTreeMap<String, (String, Vec<usize>)> = BTreeMap::new();
    for (number, request) in requests.enumerate() {
        for tag in &request.tags {
            let key = slug(tag);
            if key.is_empty() {
                continue;
            }
            let (_, numbers) = tags
                .entry(key)
                .or_insert_with(|| (fold(tag).into_owned(), Vec::new()));
            if numbers.last() != Some(&number) {
                numbers.push(number);
            }
        }
    }
    tags.retain(|_, (_, numbers)| numbers.len() >= TAGGED_AT_LEAST);
    tags
}

impl<'s> Site<'s> {
    fn of(
        pages: &'s [SitePage],
        spec: &'s GoalSpec,
        has_imprint: bool,
        as_of: Date,
        history: &'s History,
    ) -> Self {
        let base = spec.site.base_url.trim();
        let measures: Vec<_> = pages
            .iter()
            .map(|p| charts::measures(&p.request.blocks.table))
            .collect();
        Self {
            name: fold(&spec.site.name).into_owned(),
            base: if base.ends_with('/') {
                base.to_owned()
            } else {
                format!("{base}/")
            },
            language: match fold(&spec.site.language) {
                language if language.is_empty() => "en".to_owned(),
                language => language.into_owned(),
            },
            audience: fold(spec.site.audience.as_deref().unwrap_or_default()).into_owned(),
            as_of,
            hosts: if spec.revenue.model == "none" {
                &[]
            } else {
                &spec.revenue.hosts
            },
            has_imprint,
            slugs: (0..pages.len())
                .rev()
                .map(|number| (pages[number].request.slug.as_str(), number))
                .collect(),
            pages,
            tags: tags_of(pages.iter().map(|p| &*p.request)),
            history,
            known: charts::Known::of(measures.iter().flatten()),
            measures,
            direction: charts::Direction::of(
                &spec.catalogue.columns,
                pages.iter().map(|p| &*p.request),
            ),
        }
    }

    /// What is known of an article that stood before.
    fn history(&self, request: &ContentRequest) -> Option<&PageHistory> {
        self.history.pages.get(&request.slug)
    }

    /// The day of the newest facts of these articles.
    fn newest<'r>(&self, pages: impl Iterator<Item = &'r SitePage>) -> Date {
        pages.map(|p| p.request.as_of).max().unwrap_or(self.as_of)
    }

    /// The page of a slug.
    fn page(&self, slug: &str) -> Option<&SitePage> {
        self.slugs.get(slug).map(|&number| &self.pages[number])
    }
}

#[cfg(test)]
mod tests {
    use va_domain::content::Verdict;
    use va_review::{ExpectedPage, SiteExpectation, check_site};

    use super::*;
    use crate::testing;

    fn check(pages: &[SitePage], spec: &GoalSpec) -> BTreeMap<String, Vec<u8>> {
        let files = build(
            pages,
            spec,
            Some("# Imprint\n\nA person, a street. <b>x</b>\n"),
            testing::TODAY,
        );
        let expected: Vec<ExpectedPage> = pages
            .iter()
            .map(|p| ExpectedPage {
                slug: &p.request.slug,
                title: &p.request.title,
            })
            .collect();
        let base = spec.site.base_url.as_str();
        let review = check_site(
            &files,
            &SiteExpectation {
                base_url: Some(base),
                merchant: None,
                pages: Some(&expected),
                revised: None,
            },
        );
        assert_eq!(review.verdict, Verdict::Approved, "{:#?}", review.findings);
        files
    }

    #[test]
    fn a_site_passes_its_review() {
        let spec = testing::spec();
        let pages = testing::pages(&testing::lamps(), &spec);
        let files = check(&pages, &spec);
        assert!(files.contains_key("imprint.html") && files.contains_key("assets/sort.js"));
        let imprint = String::from_utf8(files["imprint.html"].clone()).unwrap();
        assert!(imprint.contains("&lt;b&gt;") && !imprint.contains("<b>"));
    }

    #[test]
    fn every_article_has_one_chart_that_can_be_read_aloud() {
        let spec = testing::spec();
        let pages = testing::pages(&testing::lamps(), &spec);
        let files = check(&pages, &spec);
        let mut kinds = std::collections::BTreeSet::new();
        for page in &pages {
            let path = format!("posts/{}.html", page.request.slug);
            let html = String::from_utf8(files[&path].clone()).unwrap();
            let times = |text: &str| html.matches(text).count();
            assert_eq!(times("<figure class=\"chart "), 1, "{path}");
            let named = "role=\"img\" aria-labelledby=\"chart-title chart-text\"";
            assert_eq!((times(named), times("<title id=\"chart-title\">")), (1, 1));
            assert_eq!(times("<desc id=\"chart-text\">"), 1);
            let class = html.split("<figure class=\"chart ").nth(1).unwrap();
            kinds.insert(class.split('"').next().unwrap().to_owned());
        }
        assert!(kinds.len() >= 3, "{kinds:?}");
    }

    #[test]
    fn a_hostile_name_stays_text_in_every_file() {
        let table = testing::table(
            "Name,Price (EUR),Weight (kg)\n<img src=x onerror=alert(1)>,10,5\n\"\"\"><script>alert(2)</script>\",20,4\n\
             Cedar' x='y,30,3\n`Elm`,40,2\n{{Fir}},50,1\nGinkgo &amp; Co,60,0.5\n",
        );
        let spec = testing::spec();
        let files = build(&testing::pages(&table, &spec), &spec, None, testing::TODAY);
        for (path, bytes) in files.iter().filter(|(path, _)| !path.ends_with(".json")) {
            let text = String::from_utf8(bytes.clone()).unwrap();
            assert!(
                !text.contains("<img") && !text.contains("<script>"),
                "{path}"
            );
        }
    }

    #[test]
    fn a_site_without_articles_is_still_a_site() {
        check(&[], &testing::spec());
    }

    #[test]
    fn the_same_input_gives_the_same_bytes() {
        let spec = testing::spec();
        let pages = testing::pages(&testing::lamps(), &spec);
        assert_eq!(
            build(&pages, &spec, None, testing::TODAY),
            build(&pages, &spec, None, testing::TODAY)
        );
    }
}
