//! One site of the pages of many goals, with the time of each step.
//!
//! A goal plans at most 45 pages, so the rows are dealt out to as many goals as it takes; what a site of all
//! their pages costs is the publisher's and the reviewer's share. Time is the processor's for this one thread,
//! so that a busy machine measures the same.

use std::time::Duration;

use crate::common::{TODAY, goal, plan, site_errors};
use va_domain::{content::Verdict, goal_spec::GoalSpec};
use va_review::{Field, Fingerprint, clashes};
use va_writing::{link::enrich, offline_answer, prompt, site};

/// Rows of one goal's table.
pub const ROWS: usize = 200;
/// What goals say of the columns.
const BETTER: &str = "[catalogue.columns.weight]\nbetter = \"lower\"\n[catalogue.columns.tank]\nbetter = \"higher\"\n\
     [catalogue.columns.noise]\nbetter = \"lower\"\n";

/// How long each step took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    pub pages: usize,
    planned: Duration,
    written: Duration,
    reviewed: Duration,
    compared: Duration,
    built: Duration,
    checked: Duration,
}

impl Spent {
    pub fn all(&self) -> Duration {
        self.planned + self.written + self.reviewed + self.compared + self.built + self.checked
    }

    pub fn a_page(&self) -> Duration {
        self.all() / u32::try_from(self.pages.max(1)).unwrap_or(u32::MAX)
    }
}

/// What this thread has used of the processor, as Linux counts it.
fn clock() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux counts time");
    let nanos = stat.split(' ').next().and_then(|n| n.parse().ok());
    Duration::from_nanos(nanos.expect("nanoseconds"))
}

/// The table of one of many goals: other products, other figures.
fn table(number: usize) -> String {
    let mut csv =
        "Name,Brand,Price (EUR),Weight (kg),Power (W),Colour,Folds,Tank (l),Noise (dB),Checked\n"
            .to_owned();
    for n in number * ROWS..(number + 1) * ROWS {
        let colour = ["red", "blue", "green"][n % 3];
        let folds = ["yes", "no"][n * 7 % 5 % 2];
        let brand = ["Aster", "Birch", "Cedar", "Dune", "Elm"][n * 3 % 5];
        csv.push_str(&format!(
            "{brand} M{n},{brand},{}.5,{}.{},{},{colour},{folds},{},{},2026-11-0{}\n",
            20 + n * 7919 % 4_000,
            n * 31 % 20 + 1,
            n % 10,
            n * 13 % 2_000 + 10,
            n * 17 % 30 + 1,
            n * 29 % 45 + 30,
            n % 9 + 1,
        ));
    }
    csv
}

/// Makes one site of the pages of so many goals.
pub fn make(goals: usize) -> Spent {
    let mut spent = Spent::default();
    let mut pages: Vec<site::SitePage> = Vec::new();
    let mut prints: Vec<Fingerprint> = Vec::new();
    let mut spec: Option<GoalSpec> = None;
    for number in 0..goals {
        let (mut own, catalogue) = goal(&table(number), BETTER);
        own.limits.max_articles = 45;
        own.site.name = format!("Guide {number}");
        let started = clock();
        let mut requests = plan(&own, &catalogue).requests;
        spent.planned += clock() - started;
        for request in &mut requests {
            // The goals of one site would not name two pages alike.
            request.slug = format!("{}-{number}", request.slug);
            request.title = format!("{} in part {}", request.title, words(number));
            request.related.clear();
        }
        let started = clock();
        let drafts: Vec<String> = requests
            .iter()
            .map(|request| offline_answer(&prompt::messages(request, None)).expect("a request"))
            .collect();
        spent.written += clock() - started;
        let started = clock();
        let field = Field::of(&catalogue);
        for (request, draft) in requests.iter().zip(&drafts) {
            let review = field.review(draft, request);
            assert_eq!(
                review.verdict,
                Verdict::Approved,
                "{}: {:?}",
                request.slug,
                review.findings
            );
            prints.push(Fingerprint::of(draft, request));
        }
        spent.reviewed += clock() - started;
        let started = clock();
        pages.extend(
            requests
                .into_iter()
                .zip(drafts)
                .map(|(request, draft)| site::SitePage {
                    markdown: enrich(&draft, &request, &catalogue, &own.revenue).markdown,
                    request: request.into(),
                }),
        );
        spent.built += clock() - started;
        spec.get_or_insert(own);
    }
    let spec = spec.expect("at least one goal");
    spent.pages = pages.len();
    let started = clock();
    let set: Vec<_> = pages
        .iter()
        .zip(&prints)
        .map(|(page, print)| (&*page.request, page.markdown.as_str(), print))
        .collect();
    let _ = clashes(&set);
    spent.compared = clock() - started;
    let started = clock();
    let files = site::build(&pages, &spec, None, TODAY);
    spent.built += clock() - started;
    let started = clock();
    let errors = site_errors(&files, &pages, &spec);
    spent.checked = clock() - started;
    assert!(errors.is_empty(), "{errors:#?}");
    println!("{goals} goals: {spent:?}, a page {:?}", spent.a_page());
    spent
}

/// A number without digits, for titles.
fn words(number: usize) -> String {
    let letter = |n: usize| char::from(b'A' + u8::try_from(n % 26).unwrap_or_default());
    format!("{}{}", letter(number / 26), letter(number))
}
