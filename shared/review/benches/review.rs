//! How long a review takes, and a thousand pages beside each other: `cargo bench -p va-review --bench review`.
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::time::Instant;

use va_catalogue::Row;
use va_domain::content::Verdict;
use va_review::{Field, Fingerprint, clashes};

/// What four times the pages may cost, beside a quarter of them: far from sixteen times, noise allowed.
const GROWTH: u32 = 8;

fn main() {
    let mut case = common::tents();
    let field = Field::of(&case.catalogue);
    let _ = field.review(&case.draft, &case.request);
    let started = Instant::now();
    for _ in 0..1_000 {
        assert_eq!(
            field.review(&case.draft, &case.request).verdict,
            Verdict::Approved
        );
    }
    let page = started.elapsed() / 1_000;
    println!("a page: {page:?}");

    let template = case.catalogue.rows[0].clone();
    for n in 0..5_000 {
        let name = format!("Model {n} of a long list");
        let mut row = Row {
            name: name.clone(),
            ..template.clone()
        };
        row.cells[0].raw = name.into();
        case.catalogue.rows.push(row);
    }
    let started = Instant::now();
    let field = Field::of(&case.catalogue);
    println!("a field of 5,000 rows: {:?}", started.elapsed());
    let started = Instant::now();
    let _ = field.review(&case.draft, &case.request);
    println!("its first page: {:?}", started.elapsed());
    let started = Instant::now();
    let _ = field.review(&case.draft, &case.request);
    println!("its second page: {:?}", started.elapsed());

    let started = Instant::now();
    let cases: Vec<_> = (0..1_000)
        .map(|n| {
            let mut case = if n % 2 == 0 {
                common::tents()
            } else {
                common::banks()
            };
            case.request.title = format!("Title {n}");
            case.request.slug = format!("slug-{n}");
            case.draft = case.draft.replace("carry", &format!("carry{}", n / 3));
            case
        })
        .collect();
    println!("(a thousand cases are made in {:?})", started.elapsed());
    let started = Instant::now();
    let prints: Vec<_> = cases
        .iter()
        .map(|c| Fingerprint::of(&c.draft, &c.request))
        .collect();
    println!("a thousand fingerprints: {:?}", started.elapsed());
    let started = Instant::now();
    let set: Vec<_> = cases
        .iter()
        .zip(&prints)
        .map(|(c, p)| (&c.request, c.draft.as_str(), p))
        .collect();
    let found = clashes(&set);
    let all = started.elapsed();
    println!(
        "a thousand pages compared: {all:?}, {} clashes",
        found.len()
    );
    let started = Instant::now();
    let _ = clashes(&set[..set.len() / 4]);
    let quarter = started.elapsed();
    println!("a quarter of them: {quarter:?}");
    assert!(
        all < GROWTH * quarter,
        "four times the pages took more than {GROWTH} times as long"
    );
}
