//! How long a review takes. Measured by hand: `cargo test --release -p va-review --test speed -- --ignored --nocapture`.
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]

mod common;

use std::time::{Duration, Instant};

use va_catalogue::Row;
use va_domain::content::Verdict;
use va_review::{Field, Fingerprint, clashes};

#[test]
#[ignore = "a measurement, for release builds"]
fn a_page_is_reviewed_in_half_a_millisecond_and_a_thousand_pages_are_compared_in_a_second() {
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
    println!(
        "a thousand pages compared: {:?}, {} clashes",
        started.elapsed(),
        found.len()
    );
    assert!(started.elapsed() < Duration::from_secs(1));
    assert!(page < Duration::from_micros(500), "{page:?}");
}
