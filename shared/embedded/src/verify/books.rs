//! Money: what was received was sent, and what is said of a child's account is what the child wrote.

use std::collections::{BTreeMap, BTreeSet};

use va_domain::{
    account::Entry, amounts::Amounts, commit::CommitBody, ids::StreamId, state::StreamState,
};

use super::{Finding, Kind, Verification};

/// What a parent wrote of an edge, the largest of each figure.
#[derive(Clone, Copy, Debug, Default)]
struct Edge {
    allowed: Amounts,
    returned: Amounts,
    spent: Amounts,
}

/// What a stream's own account says.
#[derive(Clone, Debug)]
struct Account {
    version: u64,
    parent: Option<StreamId>,
    allowed: Amounts,
    returned: Amounts,
    spent: Amounts,
}

/// The accounts of all streams, and the edges between them.
#[derive(Debug, Default)]
pub(super) struct Books {
    accounts: BTreeMap<StreamId, Account>,
    edges: BTreeMap<(StreamId, StreamId), Edge>,
    /// Streams that were sent money.
    received: BTreeSet<StreamId>,
    /// Streams in which something else was found, so that nothing follows from their figures.
    unreadable: BTreeSet<String>,
}

impl Books {
    /// Notes what a commit writes of the accounts below.
    pub(super) fn entries(&mut self, body: &CommitBody) {
        for entry in &body.entries {
            match entry {
                Entry::Allow { child, total } => {
                    let edge = self.edge(&body.stream, child);
                    edge.allowed = edge.allowed.max(*total);
                }
                Entry::Child {
                    child,
                    returned,
                    spent,
                    ..
                } => {
                    let edge = self.edge(&body.stream, child);
                    edge.returned = edge.returned.max(*returned);
                    edge.spent = edge.spent.max(*spent);
                }
                Entry::Receive { .. } => {
                    self.received.insert(body.stream.clone());
                }
                _ => {}
            }
        }
    }

    /// Notes a stream that could not be folded.
    pub(super) fn unreadable(&mut self, stream: &str) {
        self.unreadable.insert(stream.to_owned());
    }

    fn edge(&mut self, parent: &StreamId, child: &StreamId) -> &mut Edge {
        self.edges
            .entry((parent.clone(), child.clone()))
            .or_default()
    }

    /// Notes the account of a stream that was folded.
    pub(super) fn account(&mut self, state: &StreamState) {
        let account = &state.account;
        self.accounts.insert(
            state.stream.clone(),
            Account {
                version: state.version,
                parent: state.parent.clone(),
                allowed: account.allowed,
                returned: account.returned,
                spent: account.spent_total(),
            },
        );
    }

    /// Compares both ends of every edge. A figure that is still on its way is smaller at its receiver, and
    /// an end that is not there has figures of nothing.
    pub(super) fn finish(&self, out: &mut Verification) {
        self.finish_accounts(out);
        self.finish_edges(out);
    }

    /// What each account received was sent by the account above it.
    fn finish_accounts(&self, out: &mut Verification) {
        for (stream, account) in &self.accounts {
            let sent = match &account.parent {
                Some(parent) if self.is_unreadable(parent) => continue,
                Some(parent) => {
                    let edge = self.edges.get(&(parent.clone(), stream.clone()));
                    edge.map(|edge| edge.allowed).unwrap_or_default()
                }
                None if self.received.contains(stream) => Amounts::ZERO,
                // A root has the limit that it was given.
                None => continue,
            };
            let at = (stream, account.version);
            check(out, at, "allowed by its parent:", sent, account.allowed);
        }
    }

    /// What a parent wrote of an account below, that account wrote of itself.
    fn finish_edges(&self, out: &mut Verification) {
        for ((parent, child), edge) in &self.edges {
            let Some(above) = self.accounts.get(parent) else {
                continue;
            };
            if self.is_unreadable(child) {
                continue;
            }
            let below = self.accounts.get(child);
            let (returned, spent) = below
                .filter(|account| account.parent.as_ref() == Some(parent))
                .map(|account| (account.returned, account.spent))
                .unwrap_or_default();
            let at = (parent, above.version);
            check(
                out,
                at,
                &format!("returned by {child}:"),
                returned,
                edge.returned,
            );
            check(out, at, &format!("spent by {child}:"), spent, edge.spent);
        }
    }

    fn is_unreadable(&self, stream: &StreamId) -> bool {
        self.unreadable.contains(stream.as_str())
    }
}

fn check(
    out: &mut Verification,
    (stream, version): (&StreamId, u64),
    what: &str,
    sent: Amounts,
    received: Amounts,
) {
    if !sent.covers(&received) {
        let finding = Finding::at(Kind::Books, stream.as_str(), version);
        out.find(finding.between(format!("{what} at most {sent:?}"), format!("{received:?}")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn euros(micros: i64) -> Amounts {
        Amounts::new(micros, 0, 0)
    }

    fn stream(name: &str) -> StreamId {
        name.parse().expect("a stream")
    }

    fn commit(of: &str, parent: Option<&str>, entries: Vec<Entry>) -> CommitBody {
        CommitBody {
            commit_id: "1".to_owned(),
            company: "acme".to_owned(),
            stream: stream(of),
            version: 1,
            at: "2026-11-20T10:00:00Z".parse().expect("a time"),
            begins: parent.map(|parent| va_domain::commit::Begins {
                parent: Some(stream(parent)),
                grant: None,
            }),
            events: Vec::new(),
            opens: Vec::new(),
            closes: Vec::new(),
            entries,
            seen: Vec::new(),
            blobs: Vec::new(),
            state: None,
        }
    }

    /// A goal that allowed a task ten, and was told that three came back and two were spent.
    fn goal() -> CommitBody {
        let child = stream("task-writer/b");
        let entries = vec![
            Entry::Cap { total: euros(20) },
            Entry::Allow {
                child: child.clone(),
                total: euros(10),
            },
            Entry::Child {
                child,
                returned: euros(3),
                spent: euros(2),
                closed: false,
            },
        ];
        commit("goal/a", None, entries)
    }

    fn task(parent: Option<&str>) -> CommitBody {
        let key = || "call#1".to_owned();
        let entries = vec![
            Entry::Receive { total: euros(10) },
            Entry::Reserve {
                key: key(),
                worst: euros(4),
            },
            Entry::Settle {
                key: key(),
                spent: euros(2),
            },
            Entry::Return { total: euros(3) },
        ];
        commit("task-writer/b", parent, entries)
    }

    /// Books over these streams; those that are named as unreadable were not folded.
    fn books(commits: &[CommitBody], unreadable: &[&str]) -> Books {
        let mut books = Books::default();
        for body in commits {
            books.entries(body);
            if unreadable.contains(&body.stream.as_str()) {
                books.unreadable(body.stream.as_str());
                continue;
            }
            let mut state = StreamState::new(body.stream.clone());
            state.apply(body).expect("it folds");
            books.account(&state);
        }
        books
    }

    fn found(books: &Books) -> Vec<(Kind, Option<String>)> {
        let mut out = Verification::default();
        books.finish(&mut out);
        out.findings
            .into_iter()
            .map(|finding| (finding.kind, finding.stream))
            .collect()
    }

    #[test]
    fn two_ends_that_agree_are_in_order() {
        assert_eq!(found(&books(&[goal(), task(Some("goal/a"))], &[])), []);
    }

    #[test]
    fn money_from_an_account_that_is_not_there_is_found() {
        let alone = books(&[task(Some("goal/a"))], &[]);
        assert_eq!(
            found(&alone),
            [(Kind::Books, Some("task-writer/b".to_owned()))]
        );
    }

    #[test]
    fn money_from_nobody_is_found() {
        let fatherless = books(&[task(None)], &[]);
        assert_eq!(
            found(&fatherless),
            [(Kind::Books, Some("task-writer/b".to_owned()))]
        );
    }

    #[test]
    fn money_back_from_an_account_that_is_not_there_or_is_anothers_is_found() {
        let gone = books(&[goal()], &[]);
        assert_eq!(
            found(&gone),
            [
                (Kind::Books, Some("goal/a".to_owned())),
                (Kind::Books, Some("goal/a".to_owned()))
            ],
            "what it returned, and what it spent"
        );
        let other = commit(
            "goal/c",
            None,
            vec![
                Entry::Cap { total: euros(20) },
                Entry::Allow {
                    child: stream("task-writer/b"),
                    total: euros(10),
                },
            ],
        );
        let anothers = books(&[goal(), other, task(Some("goal/c"))], &[]);
        assert_eq!(found(&anothers).len(), 2, "{:?}", found(&anothers));
    }

    #[test]
    fn an_end_that_was_found_damaged_is_not_found_again() {
        let commits = [goal(), task(Some("goal/a"))];
        assert_eq!(found(&books(&commits, &["goal/a"])), []);
        assert_eq!(found(&books(&commits, &["task-writer/b"])), []);
    }

    #[test]
    fn a_figure_on_its_way_is_no_fault() {
        let mut late = goal();
        late.entries.truncate(2);
        assert_eq!(found(&books(&[late, task(Some("goal/a"))], &[])), []);
        let unheard = commit("task-writer/b", Some("goal/a"), Vec::new());
        let mut early = goal();
        early.entries.truncate(2);
        assert_eq!(found(&books(&[early, unheard], &[])), []);
        let mut first = goal();
        first.entries.truncate(2);
        assert_eq!(found(&books(&[first], &[])), [], "not begun yet");
    }
}
