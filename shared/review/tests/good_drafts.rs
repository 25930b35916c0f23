//! Honest plain drafts are approved.

mod common;

use common::Case;
use va_domain::content::{Severity, Verdict};
use va_review::review_draft;

fn check(case: &Case) {
    let review = review_draft(&case.draft, &case.request, &case.catalogue);
    assert_eq!(
        review.verdict,
        Verdict::Approved,
        "{:#?}\n{}",
        review,
        case.draft
    );
    let warnings: Vec<_> = review
        .findings
        .iter()
        .filter(|f| f.severity == Severity::Warning)
        .collect();
    assert!(warnings.is_empty(), "{warnings:#?}");
    println!("{:?}", review.rubric);
}

#[test]
fn a_comparison_is_approved() {
    check(&common::tents());
}

#[test]
fn a_field_guide_is_approved() {
    check(&common::lamps());
}

#[test]
fn a_product_page_with_difficult_names_is_approved() {
    check(&common::banks());
}
