//! The commits that this process knows to stand.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use va_domain::{commit::Hash, ids::StreamId};

/// So many streams are kept; then all are forgotten, which costs one read for each that is met again.
const KEPT: usize = 1024;

/// One known commit per stream. Commits never change, so what is known stays true; at most it is old.
#[derive(Debug, Default)]
pub(super) struct Heads(Mutex<BTreeMap<StreamId, (u64, Hash)>>);

impl Heads {
    /// The hash of the commit, if it is known.
    pub(super) fn hash_at(&self, stream: &StreamId, version: u64) -> Option<Hash> {
        let heads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heads
            .get(stream)
            .filter(|(known, _)| *known == version)
            .map(|(_, hash)| *hash)
    }

    /// This commit stands.
    pub(super) fn learn(&self, stream: &StreamId, version: u64, hash: Hash) {
        let mut heads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if heads.len() >= KEPT && !heads.contains_key(stream) {
            heads.clear();
        }
        heads.insert(stream.clone(), (version, hash));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_knows_the_last_commit_that_it_learned_and_no_other() {
        let (heads, stream) = (Heads::default(), "goal/a".parse().expect("a stream"));
        heads.learn(&stream, 1, [1; 32]);
        heads.learn(&stream, 2, [2; 32]);
        assert_eq!(heads.hash_at(&stream, 2), Some([2; 32]));
        assert_eq!(heads.hash_at(&stream, 1), None);
    }

    #[test]
    fn it_stays_small() {
        let heads = Heads::default();
        for n in 0..=KEPT {
            heads.learn(&format!("goal/{n}").parse().expect("a stream"), 1, [0; 32]);
        }
        assert_eq!(heads.0.lock().expect("the lock").len(), 1);
    }
}
