//! Every fault that can be planted by rule is found in every good draft.

mod common;

use common::{Case, mutations::MUTATIONS};
use va_domain::content::Verdict;
use va_review::Field;

fn check(case: &Case) {
    let field = Field::of(&case.catalogue);
    let mut planted = 0;
    for (name, code, mutate) in MUTATIONS {
        let Some(bad) = mutate(case) else { continue };
        planted += 1;
        let review = field.review(&bad.draft, &bad.request);
        assert_eq!(
            review.verdict,
            Verdict::Rejected,
            "{name} was approved:\n{}",
            bad.draft
        );
        let found = review.findings.iter().any(|f| f.code == *code);
        assert!(
            found,
            "{name}: {code} is not among {:#?}\n{}",
            review.findings, bad.draft
        );
    }
    assert!(planted >= 36, "only {planted} faults found a place");
}

#[test]
fn in_a_comparison() {
    check(&common::tents());
}

#[test]
fn in_a_field_guide() {
    check(&common::lamps());
}

#[test]
fn in_a_product_page() {
    check(&common::banks());
}
