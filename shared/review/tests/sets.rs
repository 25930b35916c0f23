//! Pages of one set that say the same.

mod common;

use common::{Case, lamps, tents};
use va_domain::content::Severity;
use va_review::{Fingerprint, clashes};

fn check(set: &[&Case], expected: &[(usize, &str)]) {
    let prints: Vec<Fingerprint> = set
        .iter()
        .map(|c| Fingerprint::of(&c.draft, &c.request))
        .collect();
    let members: Vec<_> = set
        .iter()
        .zip(&prints)
        .map(|(c, p)| (&c.request, c.draft.as_str(), p))
        .collect();
    let found = clashes(&members);
    let found: Vec<(usize, &str)> = found
        .iter()
        .filter(|(_, f)| f.severity == Severity::Error)
        .map(|(n, f)| (*n, f.code.as_str()))
        .collect();
    assert_eq!(found, expected);
}

/// The tents' page about other names and other numbers.
fn renamed() -> Case {
    let mut case = tents();
    let rename = |text: &str| {
        text.replace("Alder", "Oak")
            .replace("Birch Trail", "Pine Road")
            .replace("Birch", "Pine")
    };
    let json = serde_json::to_string(&case.request).expect("a request");
    case.request = serde_json::from_str(&rename(&json)).expect("a request");
    case.request.slug = "oak-2-or-pine-road".to_owned();
    case.draft = rename(&case.draft)
        .replace("249", "149")
        .replace("EUR 70", "EUR 170");
    case
}

#[test]
fn different_pages_do_not_clash() {
    check(&[&tents(), &lamps()], &[]);
}

#[test]
fn of_two_copies_the_later_is_named() {
    check(
        &[&lamps(), &tents(), &renamed()],
        &[(2, "near_copy"), (2, "same_opening")],
    );
}

#[test]
fn one_title_twice_is_named_once() {
    let mut other = lamps();
    other.request.title = tents().request.title.to_uppercase();
    check(&[&tents(), &other], &[(1, "same_title")]);
}

#[test]
fn an_opening_alone_may_clash() {
    let opening = "The Birch Trail costs EUR 70 more than the Alder 2 and saves 0.6 kg.[^c1][^c2] Take it if you carry the tent far, and keep the Alder if you drive to the site.";
    let mut other = lamps();
    let start = other.draft.find("Among the 6").expect("the opening");
    let end = other.draft.find("\n\n## The two ends").expect("the end");
    let renamed = opening
        .replace("Birch Trail", "Nord Beam")
        .replace("Alder 2", "Ray Duo")
        .replace("Alder", "Pica");
    other.draft.replace_range(start..end, &renamed);
    check(&[&tents(), &other], &[(1, "same_opening")]);
}
