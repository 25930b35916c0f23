//! Money: what was received was sent, and what is said of a child's account is what the child wrote.

use std::collections::BTreeMap;

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
                _ => {}
            }
        }
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

    /// Compares both ends of every edge. A figure that is still on its way is smaller at its receiver.
    pub(super) fn finish(&self, out: &mut Verification) {
        for (stream, account) in &self.accounts {
            let Some(parent) = &account.parent else {
                continue;
            };
            if !self.accounts.contains_key(parent) {
                continue;
            }
            let edge = self
                .edges
                .get(&(parent.clone(), stream.clone()))
                .copied()
                .unwrap_or_default();
            let mut check = |what: &str, sent: Amounts, received: Amounts| {
                if !sent.covers(&received) {
                    let finding = Finding::at(Kind::Books, stream.as_str(), account.version);
                    out.find(
                        finding
                            .between(format!("{what} at most {sent:?}"), format!("{received:?}")),
                    );
                }
            };
            check("allowed by its parent:", edge.allowed, account.allowed);
            check(
                "returned, as its parent has it:",
                account.returned,
                edge.returned,
            );
            check("spent, as its parent has it:", account.spent, edge.spent);
        }
    }
}
