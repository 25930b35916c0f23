//! Holds what stands in the table against what was sealed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use va_domain::{
    commit::{Hash, StoredCommit, link},
    ids::StreamId,
};

use super::finding::{Fault, Finding};

/// Streams of one turn.
const PART: usize = 200;
/// Seconds of one turn, by which the parts follow each other.
const TURN_S: i64 = 3600;

/// The streams whose turn it is: each comes once in as many hours as there are parts.
pub(super) fn part(
    sealed: &BTreeMap<StreamId, (u64, Hash)>,
    now: Timestamp,
) -> Vec<(StreamId, (u64, Hash))> {
    let parts = sealed.len().div_ceil(PART).max(1);
    let turn = usize::try_from(now.as_second().max(0) / TURN_S).unwrap_or(0) % parts;
    sealed
        .iter()
        .skip(turn * PART)
        .take(PART)
        .map(|(stream, head)| (stream.clone(), *head))
        .collect()
}

/// A stream whose items cannot be read as commits any longer.
pub(super) fn unread(stream: StreamId, version: u64, hash: Hash, found: String) -> Finding {
    Finding {
        fault: Fault::Changed,
        stream,
        version,
        expected: hex::encode(hash),
        found,
        by: "the audit",
    }
}

/// What is wrong with a stream of which `version` was sealed with `hash`.
pub(super) fn compare(
    stream: &StreamId,
    version: u64,
    hash: Hash,
    commits: &[StoredCommit],
) -> Vec<Finding> {
    let finding = |fault, version, expected: String, found: String| Finding {
        fault,
        stream: stream.clone(),
        version,
        expected,
        found,
        by: "the audit",
    };
    let by_version: BTreeMap<u64, &StoredCommit> = commits
        .iter()
        .map(|commit| (commit.version, commit))
        .collect();
    // What the commit after it, or the seal, says of each: what was hashed is known from there.
    let expected = |at: u64| match by_version.get(&(at + 1)) {
        _ if at == version => Some(hash),
        Some(next) => Some(next.prev_hash),
        None => None,
    };
    let mut findings = Vec::new();
    for at in 1..=version {
        let should = expected(at).map_or_else(|| "a commit".to_owned(), hex::encode);
        let Some(commit) = by_version.get(&at) else {
            findings.push(finding(Fault::Removed, at, should, "nothing".to_owned()));
            continue;
        };
        let is = link(&commit.prev_hash, commit.body.as_bytes());
        let first = at == 1 && commit.prev_hash != [0; 32];
        if first || is != commit.hash || expected(at).is_some_and(|should| should != is) {
            findings.push(finding(Fault::Changed, at, should, hex::encode(is)));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream() -> StreamId {
        "goal/a".parse().expect("a stream")
    }

    fn chain(bodies: &[&str]) -> Vec<StoredCommit> {
        let mut prev_hash = [0; 32];
        let mut commits = Vec::new();
        for (version, body) in (1..).zip(bodies) {
            let commit = StoredCommit::linked(stream(), version, prev_hash, *body);
            prev_hash = commit.hash;
            commits.push(commit);
        }
        commits
    }

    fn faults(commits: &[StoredCommit], sealed: &StoredCommit) -> Vec<(Fault, u64)> {
        compare(&stream(), sealed.version, sealed.hash, commits)
            .into_iter()
            .map(|f| (f.fault, f.version))
            .collect()
    }

    #[test]
    fn what_stands_as_it_was_sealed_and_has_grown_since_is_no_finding() {
        let commits = chain(&["a", "b", "c", "d"]);
        assert_eq!(faults(&commits, &commits[2]), []);
    }

    #[test]
    fn a_change_is_found_whether_or_not_its_hash_was_changed_with_it() {
        let good = chain(&["a", "b", "c"]);
        let mut changed = good.clone();
        changed[1].body = "x".into();
        assert_eq!(faults(&changed, &good[2]), [(Fault::Changed, 2)]);
        changed[1].hash = link(&changed[1].prev_hash, b"x");
        assert_eq!(faults(&changed, &good[2]), [(Fault::Changed, 2)]);
        // All of the chain from there on.
        assert_eq!(
            faults(&chain(&["a", "x", "c"]), &good[2]),
            [(Fault::Changed, 3)]
        );
    }

    #[test]
    fn a_removed_commit_is_found_wherever_it_stood() {
        let good = chain(&["a", "b", "c"]);
        for at in 0..3 {
            let mut less = good.clone();
            less.remove(at);
            let version = at as u64 + 1;
            assert_eq!(faults(&less, &good[2]), [(Fault::Removed, version)]);
        }
    }

    #[test]
    fn every_stream_has_its_turn() {
        let sealed: BTreeMap<_, _> = (0..450)
            .map(|n| (format!("goal/{n}").parse().expect("a stream"), (1, [0; 32])))
            .collect();
        let mut seen = std::collections::BTreeSet::new();
        for turn in 0..3 {
            let now = Timestamp::from_second(turn * TURN_S).expect("a time");
            seen.extend(part(&sealed, now).into_iter().map(|(stream, _)| stream));
        }
        assert_eq!(seen.len(), 450);
    }
}
