//! Finding product names in a text.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::words::{Token, chain, tokens, word_hash};

/// Names longer than this are known by their first words.
const LONGEST: usize = 60;

const WILD: u64 = 0x5eed_0fa1_1d16_175d;

/// An index from names to numbers: longest match first, one look-up per length that occurs.
#[derive(Default)]
pub(crate) struct NameIndex {
    whole: FxHashMap<u64, Entry>,
    lengths: FxHashMap<u64, u64>,
    /// Names with one word that holds a digit left open.
    open: FxHashSet<u64>,
}

struct Entry {
    id: usize,
    /// A name of one word counts only as it is written.
    exact: Option<Box<str>>,
}

/// A name that was found. Offsets are bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mention {
    pub start: usize,
    pub end: usize,
    /// What the index calls it; none for a name that is nearly a known one.
    pub id: Option<usize>,
}

impl NameIndex {
    pub(crate) fn insert(&mut self, name: &str, id: usize) {
        let words: Vec<Token> = tokens(name)
            .into_iter()
            .filter(|t| t.names(name))
            .take(LONGEST)
            .collect();
        let hashes: Vec<u64> = words.iter().map(|t| word_hash(t.of(name))).collect();
        let Some(first) = hashes.first() else { return };
        *self.lengths.entry(*first).or_default() |= 1 << hashes.len();
        let exact = (words.len() == 1).then(|| words[0].of(name).into());
        self.whole
            .entry(hashes.iter().copied().fold(0, chain))
            .or_insert(Entry { id, exact });
        if hashes.len() < 2 {
            return;
        }
        for (at, word) in words.iter().enumerate() {
            if word.of(name).bytes().any(|b| b.is_ascii_digit()) {
                let open = hashes
                    .iter()
                    .enumerate()
                    .map(|(i, &h)| if i == at { WILD } else { h });
                self.open.insert(open.fold(0, chain));
                if at == 0 {
                    *self.lengths.entry(WILD).or_default() |= 1 << hashes.len();
                }
            }
        }
    }

    fn at(&self, text: &str, words: &[Token], hashes: &[u64], at: usize) -> Option<(usize, usize)> {
        let lengths = *self.lengths.get(&hashes[at])?;
        (1..=LONGEST.min(hashes.len() - at))
            .rev()
            .filter(|n| lengths & (1 << n) != 0)
            .find_map(|n| {
                let entry = self
                    .whole
                    .get(&hashes[at..at + n].iter().copied().fold(0, chain))?;
                let written = words[at].of(text);
                let fits = entry.exact.as_deref().is_none_or(|exact| {
                    // A bare number is a name only after an article, or every price would be one; so is a novel
                    // called "It".
                    let number = exact.bytes().all(|b| b.is_ascii_digit() || b == b'.');
                    let plain = number || is_little(exact);
                    exact == written
                        && (!plain
                            || (at > 0 && words[at - 1].of(text).eq_ignore_ascii_case("the")))
                });
                fits.then_some((n, entry.id))
            })
    }

    /// The length of a name at this word that differs from a known one in a word with digits.
    fn nearly(&self, text: &str, words: &[Token], hashes: &[u64], at: usize) -> Option<usize> {
        let digits = |i: usize| words[i].of(text).bytes().any(|b| b.is_ascii_digit());
        let own = self.lengths.get(&hashes[at]).copied().unwrap_or_default();
        let wild = if digits(at) {
            self.lengths.get(&WILD).copied().unwrap_or_default()
        } else {
            0
        };
        let lengths = own | wild;
        if lengths == 0 {
            return None;
        }
        // Past a comma something else begins: `the Alder Plus, 1487 g`; so it does past a full stop, but not past
        // that of `No. 5`.
        let joined = |n: usize| {
            words[at..at + n].windows(2).all(|w| {
                let between = &text[w[0].end..w[1].start];
                let ends = between.starts_with(". ") && w[0].of(text).len() > 3;
                !ends && !between.contains([',', ';', ':', '(', '?', '!'])
            })
        };
        (2..=LONGEST.min(hashes.len() - at))
            .rev()
            .filter(|n| lengths & (1 << n) != 0 && joined(*n))
            .find(|&n| {
                (at..at + n).filter(|&i| digits(i)).any(|open| {
                    let hash = (at..at + n)
                        .map(|i| if i == open { WILD } else { hashes[i] })
                        .fold(0, chain);
                    self.open.contains(&hash)
                })
            })
    }
}

/// Words that every text is full of.
pub(crate) fn is_little(word: &str) -> bool {
    const WORDS: [&str; 36] = [
        "a", "all", "an", "and", "are", "as", "at", "both", "but", "by", "each", "for", "from",
        "has", "have", "if", "in", "is", "it", "its", "no", "not", "of", "on", "one", "or", "so",
        "than", "that", "the", "they", "this", "to", "what", "which", "with",
    ];
    WORDS.contains(&word.to_ascii_lowercase().as_str())
}

/// Finds the names of several indexes in a text; where two begin at one word, the longer wins, and of
/// equals that of the earlier index. `id` is given by `number(index, id)`.
pub(crate) fn mentions(
    text: &str,
    words: &[Token],
    indexes: &[&NameIndex],
    number: impl Fn(usize, usize) -> usize,
) -> Vec<Mention> {
    let words: Vec<Token> = words.iter().filter(|t| t.names(text)).copied().collect();
    let hashes: Vec<u64> = words.iter().map(|t| word_hash(t.of(text))).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let mut best: Option<(usize, Option<usize>)> = None;
        for (which, index) in indexes.iter().enumerate() {
            if let Some((n, id)) = index.at(text, &words, &hashes, at)
                && best.is_none_or(|(longest, _)| n > longest)
            {
                best = Some((n, Some(number(which, id))));
            }
        }
        for index in indexes {
            if let Some(n) = index.nearly(text, &words, &hashes, at)
                && best.is_none_or(|(longest, _)| n > longest)
            {
                best = Some((n, None));
            }
        }
        let Some((n, id)) = best else {
            at += 1;
            continue;
        };
        found.push(Mention {
            start: words[at].start,
            end: words[at + n - 1].end,
            id,
        });
        at += n;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &[&str], text: &str, expected: &[(&str, Option<usize>)]) {
        let mut index = NameIndex::default();
        for (id, name) in names.iter().enumerate() {
            index.insert(name, id);
        }
        let found = mentions(text, &tokens(text), &[&index], |_, id| id);
        let found: Vec<_> = found
            .iter()
            .map(|m| (&text[m.start..m.end], m.id))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_longest_name_wins() {
        check(
            &["Oro 300", "Oro 300 Plus"],
            "The Oro 300 Plus and the Oro 300's lid.",
            &[("Oro 300 Plus", Some(1)), ("Oro 300", Some(0))],
        );
    }

    #[test]
    fn a_name_with_another_digit_is_nearly_a_name() {
        check(
            &["Oro 300", "Oro 400"],
            "The Oro 350 is new.",
            &[("Oro 350", None)],
        );
    }

    #[test]
    fn past_a_comma_no_name_goes_on() {
        check(
            &["Oro Plus", "Oro Plus 3"],
            "The Oro Plus, 1487 g in all.",
            &[("Oro Plus", Some(0))],
        );
    }

    #[test]
    fn past_a_full_stop_no_name_goes_on_but_past_that_of_a_short_word() {
        check(
            &["Oro Quiet", "Oro Quiet 2", "Dune No. 5"],
            "It beats the Oro Quiet. 24 months is more; the Dune No. 6 is none.",
            &[("Oro Quiet", Some(0)), ("Dune No. 6", None)],
        );
    }

    #[test]
    fn one_word_counts_only_as_it_is_written() {
        check(&["Compact"], "A compact Compact.", &[("Compact", Some(0))]);
    }

    #[test]
    fn a_little_word_is_a_name_only_after_an_article() {
        check(
            &["It", "the"],
            "It has more pages than the It does, and it weighs less.",
            &[("It", Some(0))],
        );
    }

    #[test]
    fn marks_tell_names_apart() {
        check(
            &["Trail", "Trail+"],
            "Trail+ and Trail",
            &[("Trail+", Some(1)), ("Trail", Some(0))],
        );
    }
}
