//! What becomes a page, and what does not.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{goal, plan};
use va_domain::content::{Claim, ContentRequest, PageKind};

fn key(claim: &Claim) -> String {
    format!(
        "{:?} {} {:?} {:?}",
        claim.op, claim.column, claim.rows, claim.filter
    )
}

/// A table of lamps with so many rows.
fn lamps(rows: u32) -> String {
    let mut csv =
        "Name,Price (EUR),Weight (kg),Light (lm),Socket,Dimmable,Checked,Address\n".to_owned();
    for n in 0..rows {
        let name = ["Aster", "Birch", "Cedar", "Dune", "Elm", "Fern", "Gorse"][n as usize % 7];
        let socket = ["E27", "GU10", "G9"][n as usize % 3];
        let light = if n % 6 == 5 {
            String::new()
        } else {
            (200 + n * 137 % 1_000).to_string()
        };
        let dimmable = if n % 4 == 0 { "no" } else { "yes" };
        csv.push_str(&format!(
            "{name} {},{},{}.{},{light},{socket},{dimmable},2026-11-0{},https://maker.example/{n}\n",
            ["One", "Two", "Three", "Four", "Five"][n as usize / 7 % 5],
            20 + n * 53 % 190,
            1 + n * 7 % 5,
            n % 10,
            1 + n % 9
        ));
    }
    csv
}

const JUDGED: &str = "[catalogue.columns.weight]\nbetter = \"lower\"\n[catalogue.columns.light]\nbetter = \"higher\"\n";

fn requests() -> Vec<ContentRequest> {
    let (spec, catalogue) = goal(&lamps(30), JUDGED);
    plan(&spec, &catalogue).requests
}

#[test]
fn half_of_each_page_s_claims_stand_on_no_other_page() {
    let requests = requests();
    let mut pages: BTreeMap<String, usize> = BTreeMap::new();
    for request in &requests {
        let keys: BTreeSet<String> = request.claims.iter().map(key).collect();
        assert_eq!(
            keys.len(),
            request.claims.len(),
            "{} states a claim twice",
            request.slug
        );
        keys.into_iter()
            .for_each(|key| *pages.entry(key).or_default() += 1);
    }
    for request in &requests {
        let own = request
            .claims
            .iter()
            .filter(|c| pages[&key(c)] == 1)
            .count();
        assert!(
            own * 2 >= request.claims.len() && request.claims.len() >= 8,
            "{}",
            request.slug
        );
    }
}

#[test]
fn every_kind_of_page_is_argued_where_the_table_allows_it() {
    let kinds: BTreeSet<PageKind> = requests().iter().map(|r| r.kind).collect();
    for kind in [
        PageKind::FieldGuide,
        PageKind::HowToChoose,
        PageKind::Comparison,
        PageKind::WhyPayMore,
        PageKind::BestUnder,
        PageKind::Product,
    ] {
        assert!(kinds.contains(&kind), "{kind:?}");
    }
}

#[test]
fn slugs_and_titles_are_unique() {
    let requests = requests();
    let slugs: BTreeSet<&str> = requests.iter().map(|r| r.slug.as_str()).collect();
    let titles: BTreeSet<&str> = requests.iter().map(|r| r.title.as_str()).collect();
    assert_eq!(
        (slugs.len(), titles.len()),
        (requests.len(), requests.len())
    );
}

#[test]
fn what_the_goal_does_not_allow_is_refused_with_that_reason() {
    let (mut spec, catalogue) = goal(&lamps(30), JUDGED);
    spec.limits.max_articles = 4;
    let topics = plan(&spec, &catalogue);
    assert_eq!(topics.requests.len(), 4);
    assert!(
        topics
            .refused
            .iter()
            .any(|r| r.reason.contains("max_articles"))
    );
    assert!(
        topics
            .refused
            .iter()
            .all(|r| !r.topic.is_empty() && !r.reason.is_empty())
    );
}

#[test]
fn sources_carry_the_address_and_the_day_of_their_row() {
    let requests = requests();
    let product = requests
        .iter()
        .find(|r| r.kind == PageKind::Product)
        .expect("a page about a product");
    let sources = &product.blocks.sources;
    assert!(!sources.is_empty());
    assert!(sources.iter().all(|s| {
        s.url
            .as_deref()
            .is_some_and(|u| u.starts_with("https://maker.example/"))
            && s.date.is_some()
    }));
}

#[test]
fn claims_of_a_page_are_numbered_and_its_answer_comes_first() {
    for request in requests() {
        let ids: Vec<&str> = request.claims.iter().map(|c| c.id.as_str()).collect();
        let numbered: Vec<String> = (1..=ids.len()).map(|n| format!("c{n}")).collect();
        assert_eq!(ids, numbered);
        assert!(
            !request.answer.is_empty()
                && request.answer.iter().all(|id| ids.contains(&id.as_str()))
        );
    }
}
