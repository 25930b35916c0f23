//! Which rows of the journal the worker has handed on.

use std::collections::HashSet;

use va_domain::ids::StreamId;

/// A commit, by its stream and version.
pub(super) type Key = (StreamId, u64);

/// The rows that were handed on: all up to one, and behind it some that this process made.
#[derive(Debug, Default)]
pub(super) struct Known {
    row: u64,
    /// Commits of this process behind `row`, handed on when they were made.
    own: HashSet<Key>,
    /// Commits that were found in the journal and may still be handed in.
    found: HashSet<Key>,
}

impl Known {
    /// All up to this row.
    pub(super) fn up_to(row: u64) -> Self {
        Self {
            row,
            ..Self::default()
        }
    }

    /// The row up to which all were handed on.
    pub(super) fn row(&self) -> u64 {
        self.row
    }

    /// Whether nothing stands in a journal of so many rows but what was handed on.
    pub(super) fn is_all_of(&self, last: u64) -> bool {
        last == self.row + self.own.len() as u64
    }

    /// Forgets single rows where all were handed on.
    pub(super) fn gather(&mut self, last: u64) {
        if self.is_all_of(last) {
            self.row = last;
            self.own.clear();
        }
    }

    /// The worker made a commit.
    pub(super) fn made(&mut self, commit: Key) {
        self.own.insert(commit);
    }

    /// A commit was handed in; answers whether it is to be handed on, for it may have been found already.
    pub(super) fn handed_in(&mut self, commit: Key) -> bool {
        !self.found.remove(&commit) && self.own.insert(commit)
    }

    /// Whether the next row is of this process; then it is passed.
    pub(super) fn passes(&mut self, row: u64, commit: &Key) -> bool {
        let own = self.own.remove(commit);
        if own {
            self.row = row;
        }
        own
    }

    /// The next row was found in the journal, and is handed on; it may be handed in `later`.
    pub(super) fn found(&mut self, row: u64, commit: Key, later: bool) {
        self.row = row;
        if later {
            self.found.insert(commit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Key {
        (format!("board/{name}").parse().expect("a stream"), 1)
    }

    #[test]
    fn rows_of_this_process_are_passed_and_others_are_not() {
        let mut known = Known::up_to(10);
        known.made(key("own"));
        assert!(known.is_all_of(11) && !known.is_all_of(12));
        assert!(!known.passes(11, &key("other")));
        known.found(11, key("other"), false);
        assert!(known.passes(12, &key("own")) && known.row() == 12);
        assert!(known.is_all_of(12));
    }

    #[test]
    fn what_was_found_and_is_handed_in_later_hides_no_row_of_another_process() {
        let mut known = Known::up_to(10);
        known.found(11, key("act"), true);
        assert!(!known.handed_in(key("act")));
        assert!(known.is_all_of(11) && !known.is_all_of(12));
        assert!(known.handed_in(key("next")));
        assert!(known.is_all_of(12) && !known.is_all_of(13));
        known.gather(13);
        assert_eq!(known.row(), 11);
        known.gather(12);
        assert_eq!(known.row(), 12);
    }
}
