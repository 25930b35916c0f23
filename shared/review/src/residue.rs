//! What a template leaves behind, and names that nobody gave.

use va_domain::content::Finding;

use crate::{
    code::Code,
    lexicon::{degree, is_function_word},
    page::Page,
    sentences::Analysis,
    words::{Token, lower, month, whole_words},
};

/// What stands in no sentence unless a template left it there.
const MARKS: [&str; 12] = [
    "{", "}", "  ", "[^", "]]", "[[", "<%", "$(", " ,", " ;", "..", ",,",
];

/// Whether a text may hold one of the [`MARKS`]: one pass that nearly all texts do not pass.
fn may_be_marked(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().any(|(at, byte)| {
        matches!(
            (byte, bytes.get(at + 1)),
            (b'{' | b'}', _)
                | (b' ', Some(b' ' | b',' | b';'))
                | (b'[', Some(b'^' | b'['))
                | (b']', Some(b']'))
                | (b'<', Some(b'%'))
                | (b'$', Some(b'('))
                | (b'.', Some(b'.'))
                | (b',', Some(b','))
        )
    })
}

/// What a template leaves behind, in one block.
pub(crate) fn residue(page: &Page, analysis: &Analysis, findings: &mut Vec<Finding>) {
    let block = analysis.block;
    let text = &block.text;
    let named = |at: usize| {
        analysis.is_named(at) || block.links.iter().any(|l| l.start <= at && at < l.end)
    };
    let mut report = |at: usize, what: &str| {
        findings.push(Code::TemplateResidue.line(
            block.line_at(at),
            format!("{what} is what a template leaves behind."),
        ));
    };
    let marks: &[&str] = if may_be_marked(text) { &MARKS } else { &[] };
    for &mark in marks {
        // A name that ends with a full stop, at the end of a sentence.
        let stopped = |at: usize| {
            mark == ".."
                && analysis
                    .mentions
                    .iter()
                    .any(|m| m.end == at && m.id.is_some_and(|id| page.name_of(id).ends_with('.')))
        };
        let found = text
            .match_indices(mark)
            .find(|(at, _)| !named(*at) && !stopped(*at));
        if let Some((at, _)) = found {
            report(at, &format!("\"{mark}\""));
        }
    }
    let apart = |&stop: &usize| {
        text[..stop].ends_with(' ') && !text[stop + 1..].starts_with(|c: char| c.is_alphanumeric())
    };
    if let Some(stop) = memchr::memchr_iter(b'.', text.as_bytes()).find(apart) {
        report(stop - 1, "\" .\"");
    }
    let words = analysis.words();
    for (at, token) in words.iter().enumerate() {
        let word = token.of(text);
        let next = || {
            words
                .get(at + 1)
                .filter(|n| text[token.end..n.start].chars().all(|c| c == ' '))
        };
        let following = || {
            let open = next().filter(|n| !named(n.start));
            open.map(|n| lower(n.of(text))).unwrap_or_default()
        };
        let bad = match word {
            "None" => following() != "of",
            "NaN" | "null" | "undefined" | "TODO" | "TBD" | "Lorem" | "lorem" | "nil" | "inf" => {
                true
            }
            "a" | "A" => wants_an(&following()),
            "an" | "An" => {
                let following = following();
                following.len() > 1
                    && following.starts_with(|c: char| {
                        c.is_ascii_lowercase() && !matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'h')
                    })
                    && next()
                        .is_some_and(|n| n.of(text).starts_with(|c: char| c.is_ascii_lowercase()))
            }
            "1" => {
                !text[..token.start].ends_with(['-', '−'])
                    && is_plural(page, &following())
                    && !is_stated(page, &format!("1 {}", following()))
            }
            _ => {
                // Two words that are the same have one hash, unless a letter beyond ASCII differs in case.
                let may_be = |n: &&Token| {
                    n.hash == token.hash || !(word.is_ascii() && n.of(text).is_ascii())
                };
                words.get(at + 1).is_some_and(may_be)
                    && following().len() > 1
                    && lower(word) == following()
                    && !matches!(word, "that" | "had")
                    && !ends_a_label(page, &lower(word))
                    && !word.starts_with(|c: char| c.is_ascii_digit())
            }
        };
        if bad && !named(token.start) && !is_stated(page, word) {
            report(token.start, &format!("\"{word} {}\"", following()));
        }
    }
}

/// Whether a claim of the request states a word, or a column is called so: a fork may be called "None", and a note
/// "NaN"; a grade may be "A", and a warranty "1 years".
fn is_stated(page: &Page, word: &str) -> bool {
    let mut texts = page.facts.iter().flat_map(|f| &f.texts);
    if word == "A" {
        return texts.any(|text| *text == word || text.ends_with(" A"));
    }
    let known = matches!(
        word,
        "None" | "NaN" | "null" | "undefined" | "nil" | "inf" | "TODO" | "TBD"
    );
    let says = |text: &str| whole_words(&text.to_lowercase(), &word.to_lowercase());
    let called = || page.field.catalogue.columns.iter().any(|c| says(&c.label));
    (known || word.starts_with("1 ")) && (texts.any(|text| says(text)) || called())
}

/// Whether a label ends in a word like `for`: `suitable for for most of them`.
fn ends_a_label(page: &Page, word: &str) -> bool {
    let ends = |label: &str| label.split(' ').next_back() == Some(word);
    let mut columns = page.field.catalogue.columns.iter();
    is_function_word(word) && columns.any(|column| ends(&column.label.to_lowercase()))
}

fn wants_an(word: &str) -> bool {
    let vowel = word.starts_with(['a', 'e', 'i', 'o']) && word.len() > 2;
    let sounds_otherwise = ["eu", "one", "once", "ewe"]
        .iter()
        .any(|start| word.starts_with(start));
    (vowel && !sounds_otherwise)
        || ["hour", "honest", "heir", "honour"]
            .iter()
            .any(|start| word.starts_with(start))
}

fn is_plural(page: &Page, word: &str) -> bool {
    let general = matches!(
        word,
        "litres"
            | "liters"
            | "hours"
            | "minutes"
            | "seconds"
            | "days"
            | "weeks"
            | "months"
            | "years"
            | "grams"
            | "kilograms"
            | "watts"
            | "volts"
            | "metres"
            | "meters"
            | "products"
            | "models"
            | "others"
            | "places"
            | "rows"
            | "items"
            | "pounds"
            | "euros"
            | "dollars"
    );
    general
        || word
            .strip_suffix('s')
            .is_some_and(|one| one.len() > 2 && page.units.contains(one))
}

/// Capitalised words that neither request nor catalogue has: a product that was made up.
pub(crate) fn strangers(page: &Page, analysis: &Analysis, findings: &mut Vec<Finding>) {
    let text = &analysis.block.text;
    for sentence in &analysis.sentences {
        let words: Vec<&Token> = analysis
            .tokens_of(sentence)
            .iter()
            .filter(|t| t.word)
            .collect();
        let masked = |t: &Token| {
            analysis.is_named(t.start)
                || analysis
                    .block
                    .links
                    .iter()
                    .any(|l| l.start <= t.start && t.start < l.end)
        };
        let strange = |i: usize| {
            words.get(i).is_some_and(|t| {
                if text.as_bytes()[t.start].is_ascii_lowercase() {
                    return false;
                }
                let word = t.of(text);
                let capital = word.starts_with(char::is_uppercase) && word.chars().count() > 1;
                let acronym = word.len() <= 5 && word.chars().all(char::is_uppercase);
                i > 0
                    && capital
                    && !acronym
                    && !masked(t)
                    && !page.knows(word)
                    && !is_calendar(word)
                    && degree(&lower(word)).is_none()
            })
        };
        let touches = |i: usize, j: usize| match (words.get(i), words.get(j)) {
            (Some(a), Some(b)) => text[a.end.min(b.end)..a.start.max(b.start)]
                .trim()
                .is_empty(),
            _ => false,
        };
        let brand = |i: usize| {
            words.get(i).is_some_and(|t| {
                !masked(t)
                    && t.of(text).starts_with(|c: char| c.is_uppercase())
                    && page.names_with(t.of(text))
            })
        };
        for i in (0..words.len()).filter(|&i| strange(i)) {
            // After a colon or a quotation mark a capital letter says nothing.
            let opens = text[..words[i].start]
                .trim_end()
                .ends_with([':', '"', '“', '‘', '(']);
            if opens {
                continue;
            }
            let before = i.checked_sub(1).filter(|&j| touches(j, i));
            let made_up = before.is_some_and(|j| strange(j) || brand(j))
                || (touches(i, i + 1) && (strange(i + 1) || brand(i + 1)));
            let code = if made_up {
                Code::ProductUnknown
            } else {
                Code::NameUnlisted
            };
            findings.push(code.line(
                sentence.line,
                format!("{} is in neither request nor catalogue.", words[i].of(text)),
            ));
        }
    }
}

fn is_calendar(word: &str) -> bool {
    month(word).is_some()
        || matches!(
            word,
            "Monday"
                | "Tuesday"
                | "Wednesday"
                | "Thursday"
                | "Friday"
                | "Saturday"
                | "Sunday"
                | "English"
                | "European"
                | "Europe"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_with_a_mark_is_told_from_one_without() {
        for mark in MARKS {
            assert!(may_be_marked(&format!("It weighs{mark}4.5 kg.")), "{mark}");
            assert!(may_be_marked(mark), "{mark}");
        }
        assert!(!may_be_marked(
            "It weighs 4.5 kg (9.9 lb), [so it is said] $5; no more."
        ));
    }
}
