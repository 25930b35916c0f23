//! The money of one stream, and its edges to the accounts above and below.
//!
//! Money crosses streams as running totals, never as amounts: an edge has `allowed` (the parent's figure)
//! and `returned`, `spent` (the child's), which only grow; the receiver keeps the largest seen. What one
//! side has written and the other has not read yet is in flight.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{amounts::Amounts, error::DomainError, ids::StreamId};

/// The account of one stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Account {
    /// All that the parent has allowed so far.
    pub allowed: Amounts,
    /// All that went back to the parent so far.
    pub returned: Amounts,
    /// All that this stream itself spent.
    pub spent: Amounts,
    /// Open reservations, by attempt.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub reserved: BTreeMap<String, Amounts>,
    /// Spending above reservations: a provider's charge above its registered worst case.
    pub overrun: Amounts,
    /// The accounts below that are not closed.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub edges: BTreeMap<StreamId, Edge>,
    /// The sum of `allowed - returned` over all edges, closed ones included.
    pub lent: Amounts,
    /// What closed edges spent; part of `lent`.
    pub folded: Amounts,
}

/// The edge to one account below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Edge {
    /// All that was allowed to it.
    pub allowed: Amounts,
    /// All that it said it returned.
    pub returned: Amounts,
    /// All that it said it spent.
    pub spent: Amounts,
}

impl Edge {
    /// What the child may still hold, spend or return.
    #[must_use]
    pub fn held(&self) -> Amounts {
        self.allowed - self.returned - self.spent
    }

    /// What was spent or returned above what was allowed: an overrun that nobody has covered yet.
    #[must_use]
    pub fn debt(&self) -> Amounts {
        (-self.held()).positive()
    }
}

/// A figure that crosses from one stream to another, whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Parent to child: all that is allowed.
    Allowed(Amounts),
    /// Child to parent: all that was returned and spent.
    Used {
        /// All that went back.
        #[serde(default)]
        returned: Amounts,
        /// All that was spent.
        #[serde(default)]
        spent: Amounts,
        /// Whether that is the end: allowed = returned + spent.
        #[serde(default)]
        closed: bool,
    },
}

/// One line of a ledger; a commit carries them, and they alone change an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Entry {
    /// A root account is given its limit.
    Cap {
        /// The new whole limit.
        total: Amounts,
    },
    /// A larger figure came from the parent.
    Receive {
        /// The whole figure.
        total: Amounts,
    },
    /// A child is allowed more.
    Allow {
        /// Whose account.
        child: StreamId,
        /// The whole figure.
        total: Amounts,
    },
    /// A child's figures came.
    Child {
        /// Whose account.
        child: StreamId,
        /// All that it returned.
        returned: Amounts,
        /// All that it spent.
        spent: Amounts,
        /// Whether the edge is folded now.
        closed: bool,
    },
    /// An attempt's worst case is set aside.
    Reserve {
        /// The attempt: `<key>#<attempt>`.
        key: String,
        /// Its worst case.
        worst: Amounts,
    },
    /// A reservation passes to a repetition of the same, repeatable call.
    TakeOver {
        /// The attempt that held it.
        from: String,
        /// The attempt that holds it now.
        key: String,
    },
    /// An attempt's reservation is released and its charge is spent.
    Settle {
        /// The attempt.
        key: String,
        /// What it cost.
        spent: Amounts,
    },
    /// A charge that came after its reservation had been counted as spent: only what is above it.
    Late {
        /// The attempt.
        key: String,
        /// What is above the reservation.
        above: Amounts,
    },
    /// What is available goes back to the parent.
    Return {
        /// The whole figure.
        total: Amounts,
    },
}

impl Account {
    /// What may be reserved, allowed or returned. Below zero only after an overrun.
    #[must_use]
    pub fn available(&self) -> Amounts {
        self.allowed - self.returned - self.spent - self.reserved_total() - self.lent
    }

    /// What may be allowed below once the debts there are covered; they weigh on this account in full when
    /// theirs close, and nobody else may be given that money meanwhile.
    #[must_use]
    pub fn free(&self) -> Amounts {
        self.available() - self.edges.values().map(Edge::debt).sum()
    }

    /// The sum of the open reservations.
    #[must_use]
    pub fn reserved_total(&self) -> Amounts {
        self.reserved.values().copied().sum()
    }

    /// Spent here and below, as far as it was reported.
    #[must_use]
    pub fn spent_total(&self) -> Amounts {
        self.spent + self.folded + self.edges.values().map(|e| e.spent).sum()
    }

    /// What is held below and may still come back.
    #[must_use]
    pub fn held_below(&self) -> Amounts {
        self.edges.values().map(Edge::held).sum()
    }

    /// Whether everything that was allowed is spent or returned (an overrun spends more).
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.reserved.is_empty()
            && self.edges.is_empty()
            && (self.allowed - self.returned - self.spent_total())
                .positive()
                .is_zero()
    }

    /// The figure for the parent. It is the last one when nothing more will be wanted here and everything
    /// is settled; a stream that goes on may hold nothing for a while and ask again.
    #[must_use]
    pub fn used(&self, is_over: bool) -> Figure {
        Figure::Used {
            returned: self.returned,
            spent: self.spent_total(),
            closed: is_over && self.is_settled(),
        }
    }

    /// Writes one line.
    ///
    /// # Errors
    /// Where the line would reserve, allow or return what is not available, or settle what is not reserved.
    pub fn apply(&mut self, entry: &Entry) -> Result<(), DomainError> {
        match entry {
            Entry::Cap { total } => self.allowed = *total,
            Entry::Receive { total } => self.allowed = self.allowed.max(*total),
            Entry::Allow { child, total } => {
                let before = self.edges.get(child).copied().unwrap_or_default().allowed;
                let more = total.max(before) - before;
                self.take(more, "an allowance")?;
                self.lent += more;
                self.edges.entry(child.clone()).or_default().allowed = total.max(before);
            }
            Entry::Child {
                child,
                returned,
                spent,
                closed,
            } => {
                let edge = self.edges.entry(child.clone()).or_default();
                let back = returned.max(edge.returned) - edge.returned;
                edge.returned += back;
                edge.spent = edge.spent.max(*spent);
                self.lent -= back;
                let debt = edge.debt();
                if *closed {
                    self.folded += edge.spent;
                    self.lent += debt;
                    self.overrun += debt;
                    self.edges.remove(child);
                }
            }
            Entry::Reserve { key, worst } => {
                self.take(*worst, "a reservation")?;
                if self.reserved.insert(key.clone(), *worst).is_some() {
                    return Err(refuse(format!("{key} is reserved already")));
                }
            }
            Entry::TakeOver { from, key } => {
                let worst = self.release(from)?;
                self.reserved.insert(key.clone(), worst);
            }
            Entry::Settle { key, spent } => {
                let worst = self.release(key)?;
                self.spent += *spent;
                self.overrun += (*spent - worst).positive();
            }
            Entry::Late { above, .. } => {
                self.spent += *above;
                self.overrun += *above;
            }
            Entry::Return { total } => {
                let more = total.max(self.returned) - self.returned;
                self.take(more, "a return")?;
                self.returned += more;
            }
        }
        Ok(())
    }

    fn release(&mut self, key: &str) -> Result<Amounts, DomainError> {
        self.reserved
            .remove(key)
            .ok_or_else(|| refuse(format!("{key} is not reserved")))
    }

    fn take(&self, more: Amounts, what: &str) -> Result<(), DomainError> {
        let left = self.available();
        // A unit of which nothing is taken may be in debt: that is what an overrun is.
        let fits = |more: i64, left: i64| more == 0 || (more > 0 && more <= left);
        if fits(more.micros, left.micros)
            && fits(more.tokens, left.tokens)
            && fits(more.calls, left.calls)
        {
            Ok(())
        } else {
            Err(refuse(format!(
                "{what} of {more:?} is above the available {left:?}"
            )))
        }
    }
}

fn refuse(why: String) -> DomainError {
    DomainError::Ledger { why }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn euros(n: i64) -> Amounts {
        Amounts::new(n, 0, 0)
    }

    fn child() -> StreamId {
        "task-x/1".parse().expect("a stream")
    }

    #[test]
    fn an_account_that_is_settled_closes_only_when_nothing_more_is_wanted() {
        let mut account = Account::default();
        for entry in [
            Entry::Receive { total: euros(5) },
            Entry::Return { total: euros(5) },
        ] {
            account.apply(&entry).expect("it fits");
        }
        assert!(account.is_settled());
        let closed = |figure| matches!(figure, Figure::Used { closed: true, .. });
        assert!(!closed(account.used(false)), "it may ask again");
        assert!(closed(account.used(true)));
    }

    #[test]
    fn nothing_is_reserved_beyond_what_is_available() {
        let mut account = Account::default();
        account
            .apply(&Entry::Receive { total: euros(10) })
            .expect("received");
        account
            .apply(&Entry::Reserve {
                key: "a".into(),
                worst: euros(7),
            })
            .expect("fits");
        let before = account.clone();
        assert!(
            account
                .apply(&Entry::Reserve {
                    key: "b".into(),
                    worst: euros(4)
                })
                .is_err()
        );
        assert_eq!(account, before, "a refused line changes nothing");
        account
            .apply(&Entry::Settle {
                key: "a".into(),
                spent: euros(2),
            })
            .expect("settled");
        assert_eq!(account.available(), euros(8));
        account
            .apply(&Entry::Return { total: euros(8) })
            .expect("returned");
        assert!(account.is_settled());
    }

    #[test]
    fn older_figures_change_nothing() {
        let mut account = Account::default();
        account
            .apply(&Entry::Receive { total: euros(10) })
            .expect("received");
        account
            .apply(&Entry::Receive { total: euros(4) })
            .expect("an older figure");
        assert_eq!(account.allowed, euros(10));
        account
            .apply(&Entry::Allow {
                child: child(),
                total: euros(6),
            })
            .expect("allowed");
        for (returned, spent) in [(3, 1), (2, 0)] {
            account
                .apply(&Entry::Child {
                    child: child(),
                    returned: euros(returned),
                    spent: euros(spent),
                    closed: false,
                })
                .expect("figures");
        }
        assert_eq!(account.available(), euros(7));
        assert_eq!(account.edges[&child()].held(), euros(2));
    }

    #[test]
    fn an_overrun_is_shown_as_debt_and_stops_reservations() {
        let mut account = Account::default();
        account
            .apply(&Entry::Receive { total: euros(10) })
            .expect("received");
        account
            .apply(&Entry::Reserve {
                key: "a".into(),
                worst: euros(10),
            })
            .expect("fits");
        account
            .apply(&Entry::Settle {
                key: "a".into(),
                spent: euros(15),
            })
            .expect("settled");
        assert_eq!(
            (account.overrun, account.available()),
            (euros(5), euros(-5))
        );
        assert!(
            account
                .apply(&Entry::Reserve {
                    key: "b".into(),
                    worst: euros(1)
                })
                .is_err()
        );
    }
}
