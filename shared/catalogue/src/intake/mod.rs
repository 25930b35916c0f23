//! Files that a person writes: goal.toml and company.toml.
//!
//! Nothing is accepted in silence: an unknown key, a value out of bounds or a column that the catalogue does
//! not have is an error that names the file, the line, the reason and what to do.

mod company;
mod document;
mod error;
mod fit;
mod goal;
mod rules;
mod shape;
mod template;

pub use company::{CompanyFile, Factory, parse_company};
pub use error::{Fault, IntakeError};
pub use fit::{MissingSetting, blockers, check_goal_against, not_enforced};
pub use goal::{MAX_ARTICLES, parse_goal, parse_goal_json};
pub use rules::{is_host, is_slug, link_placeholders, parse_micros, slug_of};
pub use template::new_goal_toml;

/// The known word that is nearest to an unknown one, however far; none only where none is known.
#[must_use]
pub fn suggest<'a>(unknown: &str, known: &[&'a str]) -> Option<&'a str> {
    let unknown = unknown.to_lowercase();
    // Typing errors first; what is alike from the beginning decides between equals.
    let likeness = |word: &str| {
        let word = word.to_lowercase();
        (
            strsim::normalized_damerau_levenshtein(&unknown, &word),
            strsim::jaro_winkler(&unknown, &word),
        )
    };
    let best = known.iter().copied().map(|word| (likeness(word), word));
    best.reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map(|(_, word)| word)
}
