//! How easily sentences are read, and what templates must not leave in them.

use super::meter::Page;

/// Flesch's reading ease, counted by his own rules: symbols have the syllables with which they are read aloud,
/// and figures, of which these texts are full, are left out of the count of syllables.
pub fn flesch(page: &Page) -> f64 {
    let (mut all, mut counted, mut syllables) = (0_usize, 0_usize, 0_usize);
    for sentence in &page.sentences {
        for word in sentence
            .text
            .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '.')
        {
            if word.chars().any(char::is_alphanumeric) {
                all += 1;
                if !word.contains(|c: char| c.is_ascii_digit()) {
                    counted += 1;
                    syllables += syllables_of(word);
                }
            }
        }
    }
    let sentences = page.sentences.len().max(1) as f64;
    206.835 - 1.015 * all as f64 / sentences - 84.6 * syllables as f64 / counted.max(1) as f64
}

fn syllables_of(word: &str) -> usize {
    let word = word.trim_matches('.');
    let aloud = match word {
        "kg" | "lm" | "mAh" => 3,
        "cm" | "mm" | "km" => 4,
        "EUR" | "Hz" | "l" | "ml" => 2,
        // Other symbols are spelled: `GB`, `PID`, `USD`.
        _ if word.len() <= 4 && word.chars().all(|c| c.is_ascii_uppercase()) => word.len(),
        _ => 0,
    };
    if aloud > 0 && word != "I" && word != "A" {
        return aloud;
    }
    let lower = word.to_lowercase();
    let mut groups = 0;
    let mut before = false;
    for c in lower.chars() {
        let vowel = matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
        groups += usize::from(vowel && !before);
        before = vowel;
    }
    let silent = groups > 1
        && ((lower.ends_with('e') && !lower.ends_with("le"))
            || (lower.ends_with("es") || lower.ends_with("ed"))
                && !lower.ends_with("ted")
                && !lower.ends_with("ses"));
    (groups - usize::from(silent)).max(1)
}

/// What a template left behind.
pub fn residue(page: &Page, draft: &str) -> Vec<String> {
    let mut found = Vec::new();
    for sentence in &page.sentences {
        let lower = format!(" {} ", sentence.text.to_lowercase());
        let marks = [
            "{",
            "}",
            "|",
            "  ",
            "..",
            " ,",
            " .",
            " a hour",
            " a 8",
            " a 11 ",
            " an 1 ",
            " 1 litres",
            " 1 products",
            " the the ",
            " a a ",
            " its its ",
            " of of ",
            " is is ",
            " 1 days",
            " 1 hours",
            " in in ",
            " at at ",
            " has has ",
        ];
        for mark in marks {
            let body = &lower[1..lower.len() - 1];
            let hit = if mark.starts_with("  ") {
                body.contains("  ")
            } else {
                lower.contains(mark)
            };
            if hit {
                found.push(format!("{}: {mark:?} in {}", page.slug, sentence.text));
            }
        }
        if sentence.text.contains("None ")
            || sentence.text.contains("NaN")
            || sentence.text.starts_with(char::is_lowercase)
            || !sentence.text.ends_with(['.', '?'])
        {
            found.push(format!("{}: {}", page.slug, sentence.text));
        }
    }
    if draft.contains("{") {
        found.push(format!("{}: a brace", page.slug));
    }
    found
}
