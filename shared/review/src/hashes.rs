//! A first look at a word's hash: nearly no word of a text is one of those that are looked for.

/// How many hashes are told apart at most, as a power of two.
const BITS: u32 = 11;
const WORDS: usize = 1 << (BITS - 6);

/// Which hashes may be among some few: a bit for each. It says of few others that they may be.
pub(crate) struct Filter([u64; WORDS]);

impl Default for Filter {
    fn default() -> Self {
        Self([0; WORDS])
    }
}

impl Filter {
    pub(crate) fn add(&mut self, hash: u64) {
        let (place, bit) = place(hash);
        self.0[place] |= bit;
    }

    /// Whether a hash may be one of those that were added.
    pub(crate) fn may_hold(&self, hash: u64) -> bool {
        let (place, bit) = place(hash);
        self.0[place] & bit != 0
    }
}

impl FromIterator<u64> for Filter {
    fn from_iter<I: IntoIterator<Item = u64>>(hashes: I) -> Self {
        let mut filter = Self::default();
        hashes.into_iter().for_each(|hash| filter.add(hash));
        filter
    }
}

fn place(hash: u64) -> (usize, u64) {
    // Hashes of short words differ in few bits, which all go into the highest.
    let number = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - BITS);
    ((number / 64) as usize, 1 << (number % 64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::word_hash;

    #[test]
    fn what_was_added_may_be_held_and_little_else() {
        let filter: Filter = ["the", "oro", "kg"].map(word_hash).into_iter().collect();
        assert!(
            ["the", "The", "oro", "kg"]
                .map(word_hash)
                .iter()
                .all(|h| filter.may_hold(*h))
        );
        let others = (b'a'..=b'z').flat_map(|a| (b'a'..=b'z').map(move |b| [a, b]));
        let held = others.filter(|word| filter.may_hold(word_hash(str::from_utf8(word).unwrap())));
        assert!((1..=5).contains(&held.count()));
    }
}
