//! Files that a person writes: goal.toml and company.toml.
//!
//! Nothing is accepted in silence: an unknown key, a value out of bounds or a column that the catalogue does
//! not have is an error that names the file, the line, the reason and what to do.

/// The known word that is nearest to an unknown one.
#[must_use]
pub fn suggest<'a>(unknown: &str, known: &[&'a str]) -> Option<&'a str> {
    let unknown = unknown.to_lowercase();
    let likeness = |word: &str| strsim::jaro_winkler(&unknown, &word.to_lowercase());
    let best = known.iter().copied().map(|word| (likeness(word), word));
    best.reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map(|(_, word)| word)
}
