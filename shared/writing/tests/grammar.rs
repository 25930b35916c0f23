//! The prose of all sites before a grammar checker that works offline, with the rules that hold for British
//! English prose without the serial comma.

mod common;

use std::collections::BTreeSet;

use common::{
    meter::{read, write},
    sites::sites,
};
use harper_core::{
    Document, FstDictionary,
    linting::{LintGroup, Linter},
};
use va_domain::content::ContentRequest;

/// What is looked for.
const RULES: [&str; 31] = [
    "AnA",
    "AvoidCurses",
    "BackInTheDay",
    "CapitalizePersonalPronouns",
    "ChockFull",
    "Confident",
    "CorrectNumberSuffix",
    "DespiteOf",
    "EllipsisLength",
    "Hedging",
    "HopHope",
    "LetsConfusion",
    "Likewise",
    "Matcher",
    "MergeWords",
    "ModalOf",
    "MultipleSequentialPronouns",
    "Nobody",
    "NumberSuffixCapitalization",
    "OutOfDate",
    "PossessiveYour",
    "PronounContraction",
    "RepeatedWords",
    "SentenceCapitalization",
    "SomewhatSomething",
    "Spaces",
    "SpellCheck",
    "TerminatingConjunctions",
    "ThatWhich",
    "ThenThan",
    "UnclosedQuotes",
];

/// Words that its dictionary spells in the American way.
const BRITISH: [&str; 4] = ["catalogue", "favour", "judgement", "colour"];

/// The words that come from the table: no checker can know them.
fn data(request: &ContentRequest) -> BTreeSet<String> {
    let mut texts: Vec<&str> = request.prompt_context.as_deref().into_iter().collect();
    for claim in &request.claims {
        texts.push(&claim.value);
        texts.extend(claim.unit.as_deref());
        texts.extend(claim.filter.iter().map(|f| f.value.as_str()));
    }
    let words = texts
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    words.map(str::to_lowercase).collect()
}

#[test]
fn the_grammar_checker_finds_nothing_in_any_site() {
    let dictionary = FstDictionary::curated();
    let mut checker = LintGroup::new_curated_empty_config(dictionary.clone());
    for rule in RULES {
        checker.config.set_rule_enabled(rule, true);
    }
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for (site, spec, catalogue) in sites() {
        for (request, draft) in write(&spec, &catalogue) {
            let known = data(&request);
            let mut names: Vec<&str> = request
                .products
                .iter()
                .flat_map(|p| [p.name.as_str(), p.short.as_str()])
                .collect();
            names.sort_by_key(|name| std::cmp::Reverse(name.len()));
            for sentence in read(&request, &draft).sentences {
                let mut text = sentence.text;
                for name in &names {
                    text = text.replace(name, "Oak");
                }
                // A slash within a unit looks like the end of a word.
                for unit in request.claims.iter().filter_map(|c| c.unit.as_deref()) {
                    if unit.contains('/') {
                        text = text.replace(unit, "kg");
                    }
                }
                if !seen.insert(text.clone()) {
                    continue;
                }
                let document = Document::new_plain_english(&text, &dictionary);
                let chars: Vec<char> = text.chars().collect();
                for found in checker.lint(&document) {
                    let place: String = chars[found.span.start..found.span.end].iter().collect();
                    let word = place.trim_end_matches('.').to_lowercase();
                    let is_data = known.contains(&word) || BRITISH.contains(&word.as_str());
                    if !is_data {
                        wrong.push(format!("{site}: {} ({place}) in: {text}", found.message));
                    }
                }
            }
        }
    }
    assert!(seen.len() > 1_000, "{} sentences", seen.len());
    assert!(
        wrong.is_empty(),
        "{} findings:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_grammar_checker_finds_what_is_wrong() {
    let dictionary = FstDictionary::curated();
    let mut checker = LintGroup::new_curated_empty_config(dictionary.clone());
    for rule in RULES {
        checker.config.set_rule_enabled(rule, true);
    }
    for text in [
        "It has a open end.",
        "The the Oak is light.",
        "It is lighter then the Oak.",
        "It wieghs less.",
    ] {
        let document = Document::new_plain_english(text, &dictionary);
        assert!(!checker.lint(&document).is_empty(), "{text}");
    }
}
