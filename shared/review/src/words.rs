//! Text as the reviewer sees it: folded, cut into words, with dates and decimals recognised.

use std::borrow::Cow;

use jiff::civil::Date;
use rust_decimal::Decimal;

/// A word, or one mark that is neither a letter, a digit nor white space. Offsets are bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub start: usize,
    pub end: usize,
    pub word: bool,
    /// Whether it can tell one product's name from another's.
    pub names: bool,
    /// Whether an ASCII digit stands in it.
    pub digit: bool,
    /// Whether a digit of any script, or another number, stands in it.
    pub numeric: bool,
    /// Its [`word_hash`].
    pub hash: u64,
}

impl Token {
    pub(crate) fn of<'t>(&self, text: &'t str) -> &'t str {
        &text[self.start..self.end]
    }
}

/// Cuts a text into words and marks. A word is letters and digits, with a `.` or `,` between two digits.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut found = Vec::with_capacity(text.len() / 5);
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte == b' ' {
            at += 1;
            continue;
        }
        let token = if byte.is_ascii_alphanumeric() {
            word(text, at)
        } else {
            let c = char_at(text, at).unwrap_or_default();
            if c.is_alphanumeric() {
                word(text, at)
            } else if c.is_whitespace() || is_hidden(c) {
                at += c.len_utf8();
                continue;
            } else {
                mark(c, at)
            }
        };
        at = token.end;
        found.push(token);
    }
    found
}

fn mark(c: char, start: usize) -> Token {
    Token {
        start,
        end: start + c.len_utf8(),
        word: false,
        names: matches!(
            c,
            '+' | '&' | '#' | '%' | '°' | '=' | '~' | '^' | '@' | '$' | '€' | '£'
        ),
        digit: false,
        numeric: false,
        hash: feed(HASH_OF_NOTHING, c),
    }
}

/// The word that begins at an offset.
fn word(text: &str, start: usize) -> Token {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut word = Token {
        start,
        end: start,
        word: true,
        names: true,
        digit: false,
        numeric: false,
        hash: HASH_OF_NOTHING,
    };
    loop {
        let letters = bytes[word.end..].iter().map(|b| LETTERS[usize::from(*b)]);
        for letter in letters.take_while(|letter| *letter != 0) {
            word.digit |= letter <= b'9';
            word.hash = feed_byte(word.hash, letter);
            word.end += 1;
        }
        let joins = |c: char| match c {
            '.' | ',' => word.end > start && is_digit(word.end - 1) && is_digit(word.end + 1),
            _ => !c.is_ascii() && c.is_alphanumeric(),
        };
        let Some(c) = char_at(text, word.end).filter(|&c| joins(c)) else {
            word.numeric |= word.digit;
            return word;
        };
        word.numeric |= c.is_numeric();
        word.hash = feed(word.hash, c);
        word.end += c.len_utf8();
    }
}

/// ASCII letters and digits in lower case, and 0 for every other byte.
static LETTERS: [u8; 256] = {
    let mut letters = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            letters[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    letters
};

/// The character at an offset; most are ASCII, and nothing is decoded for them.
fn char_at(text: &str, at: usize) -> Option<char> {
    match text.as_bytes().get(at)? {
        byte if byte.is_ascii() => Some(char::from(*byte)),
        _ => text[at..].chars().next(),
    }
}

/// Characters that are not seen: controls, joiners, direction marks, private use, tags.
pub(crate) fn is_hidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
        || matches!(c as u32,
            0xAD | 0x61C | 0x180E | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xFE00..=0xFE0F
            | 0xFEFF | 0xFFF9..=0xFFFB | 0xE000..=0xF8FF | 0xE0000..=0x10_FFFF)
}

/// White space folded to single blanks, hidden characters removed, ends trimmed: how texts are compared.
pub(crate) fn fold(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut before = ' ';
    let clean = text.chars().all(|c| {
        let blank = c.is_whitespace();
        let fine = !is_hidden(c) && (!blank || (c == ' ' && before != ' '));
        before = c;
        fine
    });
    if clean && !text.ends_with(' ') {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().filter(|&c| !is_hidden(c)) {
        if !c.is_whitespace() {
            folded.push(c);
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    Cow::Owned(folded)
}

/// Whether a text is ASCII that folding leaves as it is; no early end, so that many bytes are seen at once.
pub(crate) fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let unseen = bytes
        .iter()
        .fold(false, |found, b| found | !(b' '..=b'~').contains(b));
    let doubled = bytes.windows(2).fold(false, |found, pair| {
        found | (pair[0] == b' ') & (pair[1] == b' ')
    });
    !unseen && !doubled && !text.starts_with(' ') && !text.ends_with(' ')
}

/// How many words stand between white space.
pub(crate) fn word_count(text: &str) -> usize {
    if is_plain(text) && !text.is_empty() {
        return text.bytes().filter(|b| *b == b' ').count() + 1;
    }
    text.split_whitespace().count()
}

/// Whether a phrase stands in a text and is no part of longer words.
pub(crate) fn whole_words(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, found)| {
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        edge(text[..at].chars().next_back()) && edge(text[at + found.len()..].chars().next())
    })
}

/// The hash before the first letter.
const HASH_OF_NOTHING: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a over the lower-case letters: equal words, equal hash.
pub(crate) fn word_hash(word: &str) -> u64 {
    word.chars().fold(HASH_OF_NOTHING, feed)
}

/// Adds one letter to a word's hash.
fn feed(hash: u64, c: char) -> u64 {
    if c.is_ascii() {
        return feed_byte(hash, c.to_ascii_lowercase() as u8);
    }
    let mut buffer = [0; 4];
    c.to_lowercase().fold(hash, |hash, lower| {
        lower.encode_utf8(&mut buffer).bytes().fold(hash, feed_byte)
    })
}

fn feed_byte(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

/// A word with its ASCII letters in lower case.
pub(crate) fn ascii_lower(word: &str) -> Cow<'_, str> {
    if word.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(word.to_ascii_lowercase())
    } else {
        Cow::Borrowed(word)
    }
}

/// A word in lower case; most are already.
pub(crate) fn lower(word: &str) -> Cow<'_, str> {
    if word
        .bytes()
        .all(|b| b.is_ascii() && !b.is_ascii_uppercase())
    {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(word.to_lowercase())
    }
}

/// Adds one word's hash to a sequence's.
pub(crate) fn chain(sequence: u64, word: u64) -> u64 {
    (sequence.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// The month that a word names, short or whole.
pub(crate) fn month(word: &str) -> Option<i8> {
    const WHOLE: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let begins = word.get(..3)?;
    let at = MONTHS.iter().position(|m| m.eq_ignore_ascii_case(begins))?;
    let is_month = word.len() == 3 || word.eq_ignore_ascii_case(WHOLE[at]);
    i8::try_from(at + 1).ok().filter(|_| is_month)
}

/// A whole text that is a date: `2026-11-03` or `3 Nov 2026`.
pub(crate) fn date(text: &str) -> Option<Date> {
    // A figure and a word are told without the parser, which writes down why they are no date.
    let figures = text.trim();
    let may_be = |first: u8| first.is_ascii_digit() || matches!(first, b'+' | b'-');
    if figures.len() >= "20261103".len()
        && figures.bytes().next().is_some_and(may_be)
        && let Ok(date) = figures.parse()
    {
        return Some(date);
    }
    let mut words = text.split_whitespace();
    let (day, name, year) = (words.next()?, words.next()?, words.next()?);
    if words.next().is_some() {
        return None;
    }
    Date::new(year.parse().ok()?, month(name)?, day.parse().ok()?).ok()
}

/// How a page writes a date: `3 Nov 2026`.
pub(crate) fn written_date(date: Date) -> String {
    let month = usize::try_from(date.month() - 1)
        .ok()
        .and_then(|m| MONTHS.get(m))
        .copied()
        .unwrap_or_default();
    let mut name = month.to_owned();
    name[..1].make_ascii_uppercase();
    format!("{} {name} {}", date.day(), date.year())
}

/// A plain decimal, as the format wants it: digits, at most one point between digits.
pub(crate) fn decimal(digits: &str) -> Option<Decimal> {
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    // An error of the parser is a text of its own.
    if plain && !digits.is_empty() {
        digits.parse().ok()
    } else {
        None
    }
}

/// The number that a whole text is: digits, at most a point among them and a minus before them. `2.5E2` is a text.
pub(crate) fn number(text: &str) -> Option<Decimal> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-Decimal::ONE, digits),
        None => (Decimal::ONE, text),
    };
    decimal(digits).map(|n| n * sign)
}

/// All numbers of a text, for values that are not one decimal: `46 x 15`, `Type 2`.
pub(crate) fn decimals(text: &str) -> impl Iterator<Item = Decimal> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.')
        .filter_map(|part| decimal(part.trim_matches('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_digits_with_a_point_and_a_minus_and_no_other_notation() {
        assert_eq!(number("-4.50"), Some(Decimal::new(-45, 1)));
        for text in ["2.5E2", "1e3", "--1", "+1", "1,5", "", "-", "1.2.3"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    fn cut(text: &str) -> Vec<&str> {
        tokens(text).iter().map(|t| t.of(text)).collect()
    }

    #[test]
    fn a_decimal_stays_whole_and_a_full_stop_does_not_join() {
        assert_eq!(
            cut("It weighs 4.5 kg. Good."),
            ["It", "weighs", "4.5", "kg", ".", "Good", "."]
        );
    }

    #[test]
    fn words_stand_between_white_space_of_every_kind() {
        assert_eq!(word_count(""), 0);
        assert_eq!(word_count("It weighs 4.5 kg."), 4);
        assert_eq!(word_count(" It  weighs\n4.5\u{a0}kg. "), 4);
    }

    #[test]
    fn folding_removes_what_is_not_seen() {
        assert_eq!(fold(" a\u{200b}b \n c "), "ab c");
        assert_eq!(fold("as it is"), "as it is");
    }

    #[test]
    fn a_date_reads_the_same_in_both_ways_of_writing() {
        assert_eq!(date("3 Nov 2026"), date("2026-11-03"));
        assert_eq!(
            date("3 Nov 2026").map(written_date).as_deref(),
            Some("3 Nov 2026")
        );
        assert_eq!(date("3 of 24"), None);
    }
}
