//! From a table to a reviewed site: what the tests share.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod ease;
pub mod editions;
pub mod meter;
pub mod sites;

use std::{collections::BTreeMap, path::Path};

use jiff::civil::{Date, date};
use va_catalogue::{Catalogue, Format};
use va_domain::{
    content::{ContentRequest, Finding, Severity, Verdict},
    goal_spec::GoalSpec,
};
use va_review::{ExpectedPage, Field, Fingerprint, Merchant, SiteExpectation, check_site, clashes};
use va_writing::{PlanInput, Topics, link::enrich, offline_answer, plan_topics, prompt, site};

/// The day whose facts count.
pub const TODAY: Date = date(2026, 11, 20);

/// A goal and its table; `columns` are lines of goal.toml for the columns.
pub fn goal(csv: &str, columns: &str) -> (GoalSpec, Catalogue) {
    let text = format!(
        "schema = 1\n[goal]\nid = \"guide\"\nintent = \"A guide\"\n[limits]\nmax_articles = 30\n\
         [budget]\namount = \"5.00\"\ntokens = 100000\ncalls = 100\n\
         [revenue]\nmodel = \"affiliate\"\nprogramme = \"Example Partners\"\ntag = \"us-21\"\nhosts = [\"shop.example\"]\n\
         link = \"https://shop.example/p/{{name}}?aff={{tag}}\"\n\
         [site]\nid = \"guide\"\nname = \"The Guide\"\nbase_url = \"https://example.org/a/b/\"\n\
         [catalogue]\nfile = \"catalogue.csv\"\n{columns}"
    );
    let spec = va_catalogue::intake::parse_goal(&text, "goal.toml").expect("a goal");
    let catalogue =
        va_catalogue::read(csv.as_bytes(), Format::Csv, &spec.catalogue).expect("a catalogue");
    (spec, catalogue)
}

/// The project's examples, by folder.
pub const EXAMPLES: [&str; 3] = ["graphics-cards", "home-espresso", "phones-german-table"];

/// An example's goal and its table.
pub fn example(name: &str) -> (GoalSpec, Catalogue) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples")
        .join(name);
    let text = std::fs::read_to_string(folder.join("goal.toml")).expect("the example's goal");
    let spec = va_catalogue::intake::parse_goal(&text, "goal.toml").expect("a goal");
    let format = if spec.catalogue.file.ends_with(".json") {
        Format::Json
    } else {
        Format::Csv
    };
    let bytes = std::fs::read(folder.join(&spec.catalogue.file)).expect("the example's table");
    let catalogue = va_catalogue::read(&bytes, format, &spec.catalogue).expect("a catalogue");
    (spec, catalogue)
}

/// The plan for a goal.
pub fn plan(spec: &GoalSpec, catalogue: &Catalogue) -> Topics {
    plan_topics(&PlanInput {
        spec,
        catalogue,
        as_of: TODAY,
    })
}

fn errors(findings: &[Finding]) -> Vec<String> {
    let bad = findings.iter().filter(|f| f.severity == Severity::Error);
    bad.map(|f| format!("{} {}: {}", f.code, f.r#where, f.text))
        .collect()
}

/// Plans, writes, reviews, links and builds; what is wrong, page by page.
pub fn faults(spec: &GoalSpec, catalogue: &Catalogue) -> (Topics, Vec<String>) {
    let topics = plan(spec, catalogue);
    let field = Field::of(catalogue);
    let mut wrong = Vec::new();
    let mut drafts: Vec<(&ContentRequest, String)> = Vec::new();
    for request in &topics.requests {
        wrong.extend(shape(request));
        let draft = offline_answer(&prompt::messages(request, None)).expect("a request is there");
        let again = offline_answer(&prompt::messages(request, Some((&draft, &[]))))
            .expect("a request is there");
        if again == draft {
            wrong.push(format!("{}: the second turn says the same", request.slug));
        }
        for draft in [&draft, &again] {
            if let Err(why) = prompt::check_shape(draft, request) {
                wrong.push(format!("{}: {why}", request.slug));
            }
            let review = field.review(draft, request);
            let found: Vec<String> = errors(&review.findings)
                .into_iter()
                .map(|why| format!("{why} | {}", line_of(draft, &why)))
                .collect();
            if review.verdict != Verdict::Approved {
                wrong.push(format!(
                    "{} {:?}: {found:#?}",
                    request.slug,
                    review.rubric.marks()
                ));
            }
        }
        drafts.push((request, draft));
    }
    let prints: Vec<Fingerprint> = drafts.iter().map(|(r, d)| Fingerprint::of(d, r)).collect();
    let set: Vec<_> = drafts
        .iter()
        .zip(&prints)
        .map(|((r, d), p)| (*r, d.as_str(), p))
        .collect();
    let clashing = clashes(&set)
        .into_iter()
        .filter(|(_, f)| f.severity == Severity::Error);
    wrong.extend(
        clashing.map(|(page, f)| format!("{}: {} {}", drafts[page].0.slug, f.code, f.text)),
    );
    let pages: Vec<site::SitePage> = drafts
        .iter()
        .map(|(request, draft)| site::SitePage {
            request: (*request).clone().into(),
            markdown: enrich(draft, request, catalogue, &spec.revenue).markdown,
        })
        .collect();
    let files = site::build(&pages, spec, Some("An imprint."), TODAY);
    wrong.extend(site_errors(&files, &pages, spec));
    drop(drafts);
    (topics, wrong)
}

/// What the reviewer finds wrong with a built site.
pub fn site_errors(
    files: &BTreeMap<String, Vec<u8>>,
    pages: &[site::SitePage],
    spec: &GoalSpec,
) -> Vec<String> {
    let expected: Vec<ExpectedPage> = pages
        .iter()
        .map(|p| ExpectedPage {
            slug: &p.request.slug,
            title: &p.request.title,
        })
        .collect();
    let merchant = Merchant {
        tag: &spec.revenue.tag,
        hosts: &spec.revenue.hosts,
    };
    let expect = SiteExpectation {
        base_url: Some(&spec.site.base_url),
        merchant: Some(merchant),
        pages: Some(&expected),
        revised: None,
    };
    errors(&check_site(files, &expect).findings)
}

/// The line of a draft that a finding names.
fn line_of<'d>(draft: &'d str, finding: &str) -> &'d str {
    let number = finding
        .split("line ")
        .nth(1)
        .and_then(|rest| rest.split(':').next())
        .and_then(|n| n.parse::<usize>().ok());
    number
        .and_then(|n| draft.lines().nth(n - 1))
        .unwrap_or_default()
}

/// What is wrong with a request by itself.
fn shape(request: &ContentRequest) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut check = |fine: bool, what: &str| {
        if !fine {
            wrong.push(format!("{}: {what}", request.slug));
        }
    };
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    check(request.claims.len() >= 8, "fewer than eight claims");
    check(
        !request.slug.is_empty() && request.slug.len() <= 80 && request.slug.chars().all(plain),
        "a bad slug",
    );
    check(
        (120..=2_000).contains(&request.word_count),
        "a bad word count",
    );
    let table = &request.blocks.table;
    check(
        table.rows.len() <= 25 && table.headings.len() <= 6,
        "too large a table",
    );
    check(
        request
            .prompt_context
            .as_ref()
            .is_none_or(|c| c.len() < 2_000),
        "too much context",
    );
    let mut title = request.title.clone();
    let mut names: Vec<&String> = request.products.iter().map(|p| &p.name).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    for name in names {
        title = title.replace(name.as_str(), "");
    }
    // A limit in a title is the bound of a claim.
    for filter in request.claims.iter().flat_map(|c| &c.filter) {
        title = title.replace(&filter.value, "");
    }
    check(
        !title.contains(|c: char| c.is_ascii_digit()),
        "a number in the title",
    );
    wrong
}
