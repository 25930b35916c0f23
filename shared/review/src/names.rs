//! Finding product names in a text.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    hashes::Filter,
    words::{Token, chain, tokens},
};

/// Names longer than this are known by their first words.
const LONGEST: usize = 60;

const WILD: u64 = 0x5eed_0fa1_1d16_175d;

/// An index from names to numbers: longest match first, one look-up per length that occurs.
#[derive(Default)]
pub(crate) struct NameIndex {
    whole: FxHashMap<u64, Entry>,
    /// The keys of `whole`.
    sequences: Filter,
    /// The words that names begin with.
    begins: Filter,
    /// The lengths, in words, of the names that begin with a word: a bit for each.
    lengths: FxHashMap<u64, u64>,
    /// Names with one word that holds a digit left open.
    open: FxHashSet<u64>,
    /// The lengths of those whose first word is left open.
    wild: u64,
}

struct Entry {
    id: usize,
    /// A name of one word counts only as it is written.
    exact: Option<Box<str>>,
    /// The words of the name after which something else would begin: a bit for each.
    breaks: u64,
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
            .filter(|t| t.names)
            .take(LONGEST)
            .collect();
        let Some(first) = words.first() else { return };
        let length = 1 << words.len();
        self.begins.add(first.hash);
        *self.lengths.entry(first.hash).or_default() |= length;
        let exact = (words.len() == 1).then(|| first.of(name).into());
        let own = sequence(&words, None);
        self.sequences.add(own);
        let breaks = breaks(name, words.iter());
        let named_alike = Entry { id, exact, breaks };
        let entry = self.whole.entry(own).or_insert(named_alike);
        entry.breaks |= breaks;
        if words.len() < 2 {
            return;
        }
        // Of `100%` nothing is left that is a name's: every share would be nearly one.
        let tells = |word: &Token| {
            let word = word.of(name);
            word.contains(char::is_alphabetic) && !is_little(word)
        };
        let is_named_besides = |at: &usize| (0..words.len()).any(|n| n != *at && tells(&words[n]));
        for at in (0..words.len())
            .filter(|&at| words[at].digit)
            .filter(is_named_besides)
        {
            self.open.insert(sequence(&words, Some(at)));
            if at == 0 {
                self.wild |= length;
            }
        }
    }

    /// The lengths of the names that may begin with a word, known ones and nearly known ones.
    fn lengths(&self, word: &Token) -> (u64, u64) {
        let mut own = 0;
        if self.begins.may_hold(word.hash) {
            own = self.lengths.get(&word.hash).copied().unwrap_or_default();
        }
        (own, own | if word.digit { self.wild } else { 0 })
    }

    /// The longest name of these lengths that the words ahead begin with, and its number.
    fn known<'t>(
        &self,
        text: &str,
        before: Option<&Token>,
        ahead: impl Iterator<Item = &'t Token> + Clone,
        lengths: u64,
    ) -> Option<(usize, usize)> {
        let longest = lengths.checked_ilog2()? as usize;
        let fits = |entry: &Entry| {
            entry.exact.as_deref().is_none_or(|exact| {
                // A bare number is a name only after an article, or every price would be one; so is a novel
                // called "It".
                let number = exact.bytes().all(|b| b.is_ascii_digit() || b == b'.');
                let plain = number || is_little(exact);
                let written = ahead.clone().next().map(|word| word.of(text));
                let named = |before: &Token| before.of(text).eq_ignore_ascii_case("the");
                written == Some(exact) && (!plain || before.is_some_and(named))
            })
        };
        let joined =
            |entry: &Entry, n: usize| breaks(text, ahead.clone().take(n)) & !entry.breaks == 0;
        let mut sequence = 0;
        let mut found = None;
        for (n, word) in (1..=longest).zip(ahead.clone()) {
            sequence = chain(sequence, word.hash);
            if lengths & (1 << n) != 0
                && self.sequences.may_hold(sequence)
                && let Some(entry) = self.whole.get(&sequence)
                && fits(entry)
                && joined(entry, n)
            {
                found = Some((n, entry.id));
            }
        }
        found
    }

    /// The length of a name of these lengths, at the words' beginning, that differs from a known one in a word
    /// with digits.
    fn nearly(&self, text: &str, words: &[Token], lengths: u64) -> Option<usize> {
        if self.open.is_empty() || words.is_empty() || lengths == 0 {
            return None;
        }
        let longest = lengths.ilog2() as usize;
        let breaks = breaks(text, words.iter().take(longest));
        let reach = words.len().min(1 + breaks.trailing_zeros() as usize);
        longest_first(lengths, reach).find(|&n| {
            let name = &words[..n];
            n > 1
                && (0..n)
                    .filter(|&open| name[open].digit)
                    .any(|open| self.open.contains(&sequence(name, Some(open))))
        })
    }
}

/// After which words something else may begin, a bit for each: past a comma, as in `the Alder Plus, 1487 g`, and past
/// a full stop, but not past that of `No. 5`.
fn breaks<'t>(text: &str, words: impl Iterator<Item = &'t Token> + Clone) -> u64 {
    let pairs = words.clone().zip(words.skip(1));
    pairs.enumerate().fold(0, |breaks, (at, (word, next))| {
        let between = &text[word.end..next.start];
        let stops = between.starts_with(". ") && word.end - word.start > 3;
        let ends = stops || between.contains([',', ';', ':', '(', '?', '!']);
        breaks | u64::from(ends) << at
    })
}

/// One number for a sequence of words, of which one may be left open.
fn sequence(words: &[Token], open: Option<usize>) -> u64 {
    let hash = |(at, word): (usize, &Token)| if Some(at) == open { WILD } else { word.hash };
    words.iter().enumerate().map(hash).fold(0, chain)
}

/// The lengths that are set as bits and not above a limit, the longest first.
fn longest_first(lengths: u64, limit: usize) -> impl Iterator<Item = usize> {
    let mut left = lengths & ((2 << limit.min(LONGEST)) - 1);
    std::iter::from_fn(move || {
        let longest = left.checked_ilog2()?;
        left ^= 1 << longest;
        Some(longest as usize)
    })
}

/// Words that every text is full of.
pub(crate) fn is_little(word: &str) -> bool {
    let mut letters = [0; 5];
    let Some(letters) = letters.get_mut(..word.len()) else {
        return false;
    };
    letters.copy_from_slice(word.as_bytes());
    letters.make_ascii_lowercase();
    matches!(
        &*letters,
        b"a" | b"all"
            | b"an"
            | b"and"
            | b"are"
            | b"as"
            | b"at"
            | b"both"
            | b"but"
            | b"by"
            | b"each"
            | b"for"
            | b"from"
            | b"has"
            | b"have"
            | b"if"
            | b"in"
            | b"is"
            | b"it"
            | b"its"
            | b"no"
            | b"not"
            | b"of"
            | b"on"
            | b"one"
            | b"or"
            | b"so"
            | b"than"
            | b"that"
            | b"the"
            | b"they"
            | b"this"
            | b"to"
            | b"what"
            | b"which"
            | b"with"
    )
}

/// Finds the names of several indexes in a text; where two begin at one word, the longer wins, and of equals that of
/// the earlier index. `id` is given by `number(index, id)`.
pub(crate) fn mentions(
    text: &str,
    tokens: &[Token],
    indexes: &[&NameIndex],
    number: impl Fn(usize, usize) -> usize,
) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut before: Option<Token> = None;
    let mut words: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        if !token.names {
            continue;
        }
        let lengths = |index: &&NameIndex| index.lengths(token).1;
        let Some(longest) = indexes
            .iter()
            .map(lengths)
            .fold(0, |all, own| all | own)
            .checked_ilog2()
        else {
            before = Some(*token);
            continue;
        };
        let ahead = tokens[at - 1..].iter().filter(|t| t.names);
        let ahead = ahead.take(longest as usize);
        words.clear();
        // Only a word with a digit can differ from that of a name.
        if ahead.clone().any(|t| t.digit) {
            words.extend(ahead.clone());
        }
        let mut best: Option<(usize, Option<usize>)> = None;
        let mut nearly = 0;
        for (which, index) in indexes.iter().enumerate() {
            let (known, near) = index.lengths(token);
            if let Some((n, id)) = index.known(text, before.as_ref(), ahead.clone(), known)
                && best.is_none_or(|(longest, _)| n > longest)
            {
                best = Some((n, Some(number(which, id))));
            }
            nearly = nearly.max(index.nearly(text, &words, near).unwrap_or_default());
        }
        if nearly > best.map_or(0, |(longest, _)| longest) {
            best = Some((nearly, None));
        }
        let Some((n, id)) = best else {
            before = Some(*token);
            continue;
        };
        let Some(&last) = ahead.clone().nth(n - 1) else {
            continue;
        };
        found.push(Mention {
            start: token.start,
            end: last.end,
            id,
        });
        at += tokens[at..]
            .iter()
            .take_while(|t| t.start < last.end)
            .count();
        before = Some(last);
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
    fn a_name_with_a_comma_goes_on_past_it_and_no_other_does() {
        check(
            &["Oro Plus", "Oro Plus 2", "Dune, Model 5"],
            "It is 3 for the Oro Plus, 2 for the Oro Plus 2 and 1 for the Dune, Model 5.",
            &[
                ("Oro Plus", Some(0)),
                ("Oro Plus 2", Some(1)),
                ("Dune, Model 5", Some(2)),
            ],
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
    fn a_share_is_not_nearly_a_name_of_figures() {
        check(
            &["100%", "The 4"],
            "The 100% shows 29%, and the 3rd does not.",
            &[("100%", Some(0))],
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
