//! The prose of whole sites against the bars of the writing rules: catalogues of seven niches, none of which
//! the writer knows, and the examples.

mod common;

use common::{
    EXAMPLES, faults,
    meter::{measure, write},
    sites::sites,
};
use va_domain::content::Verdict;
use va_review::Field;
use va_writing::link::enrich;

#[test]
fn the_prose_of_every_site_holds_every_bar() {
    let mut wrong = Vec::new();
    for (name, spec, catalogue) in sites() {
        let (_, found) = measure(&spec, &catalogue);
        println!("{}", found.line(&name));
        println!("    whole {:.0} {:.1}", found.whole.0, found.whole.1);
        for (slug, ease, mean, deviation) in &found.each {
            println!(
                "    ease {ease:>3.0}  length {mean:>4.1}  deviation {deviation:>4.1}  {slug}"
            );
        }
        wrong.extend(
            found
                .below()
                .into_iter()
                .map(|why| format!("{name}: {why}")),
        );
    }
    assert!(
        wrong.is_empty(),
        "{} bars are not held:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_reviewer_approves_every_site_at_once() {
    let mut all = Vec::new();
    for (name, spec, catalogue) in sites() {
        let (topics, wrong) = faults(&spec, &catalogue);
        all.extend(wrong.into_iter().map(|why| format!("{name}: {why}")));
        let least = if EXAMPLES.contains(&name.as_str()) {
            10
        } else {
            8
        };
        let pages = topics.requests.len();
        if pages < least {
            all.push(format!("{name}: {pages} pages, wanted {least}"));
        }
    }
    assert!(all.is_empty(), "{} faults: {all:#?}", all.len());
}

#[test]
fn a_page_still_answers_its_question_without_its_merchant_links() {
    for (name, spec, catalogue) in sites() {
        let field = Field::of(&catalogue);
        for (request, draft) in write(&spec, &catalogue) {
            let linked = enrich(&draft, &request, &catalogue, &spec.revenue);
            let mut bare = linked.markdown.clone();
            for link in &linked.links {
                let end = bare
                    .find(&format!("]({}", link.url))
                    .unwrap_or_else(|| panic!("{}: {} is no link", request.slug, link.url));
                let start = bare[..end].rfind('[').expect("a link begins somewhere");
                let close = end + bare[end..].find(')').expect("a link ends somewhere");
                bare.replace_range(end..=close, "");
                bare.remove(start);
            }
            assert_eq!(
                bare, draft,
                "{name}: {} says something else with links",
                request.slug
            );
            let review = field.review(&bare, &request);
            assert_eq!(
                review.verdict,
                Verdict::Approved,
                "{name}: {}: {review:#?}",
                request.slug
            );
            assert!(
                review.rubric.intent_match >= 40,
                "{name}: {} does not answer its question",
                request.slug
            );
        }
    }
}

#[test]
#[ignore = "prints the prose of a site for reading: SITE=tents cargo test --test bars show -- --ignored --nocapture"]
fn show() {
    let wanted = std::env::var("SITE").unwrap_or_default();
    for (name, spec, catalogue) in sites() {
        if name != wanted {
            continue;
        }
        for (request, draft) in common::meter::write(&spec, &catalogue) {
            let end = format!("## {}", request.blocks.table.caption);
            println!("=== {:?}: {}", request.kind, request.question);
            let prose = draft
                .lines()
                .take_while(|line| *line != end && !line.starts_with("## How this"));
            for line in prose.filter(|line| !line.is_empty() && !line.starts_with("Links to")) {
                let mut text = line.to_owned();
                while let Some(at) = text.find("[^") {
                    let to = text[at..].find(']').map_or(text.len(), |n| at + n + 1);
                    text.replace_range(at..to, "");
                }
                println!("{text}");
            }
        }
        for refused in common::plan(&spec, &catalogue).refused {
            println!("refused: {} ({})", refused.topic, refused.reason);
        }
    }
}
