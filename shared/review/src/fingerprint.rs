//! Near copies within a set of pages.

use va_domain::content::{ContentRequest, Finding};

use crate::code::Code;

/// What of a page is compared with other pages of its set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    title: String,
}

impl Fingerprint {
    /// The fingerprint of a draft.
    #[must_use]
    pub fn of(_draft: &str, request: &ContentRequest) -> Self {
        Self { title: request.title.to_lowercase() }
    }
}

/// Pages of a set that clash with an earlier one: the number of the later, and why.
#[must_use]
pub fn clashes(set: &[(&ContentRequest, &str, &Fingerprint)]) -> Vec<(usize, Finding)> {
    let mut found = Vec::new();
    for (later, (.., print)) in set.iter().enumerate() {
        if set[..later].iter().any(|(.., earlier)| earlier.title == print.title) {
            found.push((later, Code::SameTitle.line(1, "An earlier page of the set has this title.")));
        }
    }
    found
}
