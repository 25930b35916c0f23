//! What of a stream can be read: its commits up to the first that is not what was hashed.

use std::fmt;

use va_domain::{
    commit::{CommitBody, Hash, StoredCommit, link},
    ids::StreamId,
    state::StreamState,
};
use va_embedded::verify::{Finding, Kind};

/// Why a stream cannot be read from a version on.
#[derive(Clone, Debug)]
pub struct Damage {
    /// What kind of thing is wrong.
    pub kind: Kind,
    /// From which version on.
    pub version: u64,
    why: String,
}

impl Damage {
    /// What the home says of a stream of which it can hand out nothing.
    pub fn of_all(why: String) -> Self {
        Self::new(Kind::CommitHash, 1, why)
    }

    fn new(kind: Kind, version: u64, why: impl Into<String>) -> Self {
        Self {
            kind,
            version,
            why: why.into(),
        }
    }

    /// The same, as verification says it.
    pub fn finding(&self, stream: &StreamId) -> Finding {
        Finding {
            kind: self.kind,
            stream: Some(stream.to_string()),
            version: Some(self.version),
            path: None,
            expected: None,
            found: Some(self.why.clone()),
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "from version {} on: {}", self.version, self.why)
    }
}

/// The sound beginning of a stream, and what ends it.
#[derive(Debug, Default)]
pub struct Sound {
    /// Commits that are what was hashed, each following the one before.
    pub commits: Vec<(CommitBody, StoredCommit)>,
    /// What is wrong with the one after them.
    pub damage: Option<Damage>,
}

impl Sound {
    /// Reads a stream's commits, in order of their versions.
    pub fn read(commits: impl IntoIterator<Item = StoredCommit>) -> Self {
        let mut sound = Self::default();
        let mut head: (u64, Hash) = (0, [0; 32]);
        for commit in commits {
            match next(head, &commit) {
                Ok(body) => {
                    head = (commit.version, commit.hash);
                    sound.commits.push((body, commit));
                }
                Err(damage) => {
                    sound.damage = Some(damage);
                    break;
                }
            }
        }
        sound
    }

    /// Whether commits that can be read say something that cannot be folded is damage too.
    pub fn folded(mut self, stream: &StreamId) -> Self {
        let mut state = StreamState::new(stream.clone());
        let commits = self.commits.iter();
        let broken = commits
            .map(|(body, stored)| (stored.version, state.apply(body)))
            .find_map(|(version, applied)| Some((version, applied.err()?)));
        if let (None, Some((version, e))) = (&self.damage, broken) {
            self.damage = Some(Damage::new(Kind::State, version, e.to_string()));
        }
        self
    }
}

/// A commit's body, where it is what was hashed and follows this one.
fn next(head: (u64, Hash), commit: &StoredCommit) -> Result<CommitBody, Damage> {
    let (version, hash) = head;
    if commit.version != version + 1 {
        let why = format!("the commit is missing; the next is {}", commit.version);
        return Err(Damage::new(Kind::Gap, version + 1, why));
    }
    let changed = |why: String| Damage::new(Kind::CommitHash, commit.version, why);
    if link(&commit.prev_hash, commit.body.as_bytes()) != commit.hash {
        return Err(changed("it is not what was hashed".to_owned()));
    }
    if commit.prev_hash != hash {
        return Err(changed("it does not follow the one before".to_owned()));
    }
    commit.read().map_err(|e| changed(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(bodies: &[&str]) -> Vec<StoredCommit> {
        let mut head = [0; 32];
        let mut commits = Vec::new();
        for (body, version) in bodies.iter().zip(1..) {
            let body = body.replace("VERSION", &version.to_string());
            let stream = "goal/a".parse().expect("a stream");
            let commit = StoredCommit::linked(stream, version, head, body);
            head = commit.hash;
            commits.push(commit);
        }
        commits
    }

    const BODY: &str = r#"{"commit_id":"c","company":"acme","stream":"goal/a","version":VERSION,"at":"2026-11-20T10:00:00Z","events":[]}"#;

    /// How many commits are sound, and at which version what is wrong.
    fn check(commits: Vec<StoredCommit>) -> (usize, Option<(Kind, u64)>) {
        let sound = Sound::read(commits).folded(&"goal/a".parse().expect("a stream"));
        let damage = sound.damage.map(|d| (d.kind, d.version));
        (sound.commits.len(), damage)
    }

    #[test]
    fn a_stream_is_read_up_to_what_was_changed_removed_or_cannot_be_understood() {
        let whole = chain(&[BODY, BODY, BODY]);
        assert_eq!(check(whole.clone()), (3, None));

        let mut changed = whole.clone();
        changed[1].body = "{}".into();
        assert_eq!(check(changed), (1, Some((Kind::CommitHash, 2))));

        let mut removed = whole.clone();
        removed.remove(1);
        assert_eq!(check(removed), (1, Some((Kind::Gap, 2))));

        let mut replaced = whole;
        let other = BODY.replace("VERSION", "2").replace("\"c\"", "\"d\"");
        replaced[1].prev_hash = [1; 32];
        replaced[1].hash = link(&[1; 32], other.as_bytes());
        replaced[1].body = other.into();
        assert_eq!(check(replaced), (1, Some((Kind::CommitHash, 2))));

        let odd = chain(&[BODY, "{}"]);
        assert_eq!(check(odd), (1, Some((Kind::CommitHash, 2))));
    }

    #[test]
    fn what_is_as_it_was_hashed_and_cannot_be_folded_is_damage_too() {
        let astray = BODY.replace("goal/a", "goal/b");
        assert_eq!(check(chain(&[BODY, &astray])), (2, Some((Kind::State, 2))));
    }
}
