//! Money between the month, goals and tasks.

use serde::{Deserialize, Serialize};

use super::Payload;
use crate::{amounts::Amounts, ids::StreamId};

/// A paid attempt whose outcome never came, so that its worst case stays spent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeptCharge {
    /// `<key>#<attempt>`.
    pub attempt: String,
    /// What stays spent.
    pub amount: Amounts,
}

payloads! {
    /// A person raises a goal's budget.
    BudgetAdded {
        /// By how much.
        amount: Amounts,
        /// The company's cap on money in a month, now.
        month_cap: i64,
    }
    /// A child asks its parent for money: the whole of what it should be allowed.
    RequestBudget {
        /// The whole figure.
        total: Amounts,
        /// The month's cap, for the month to take the newest.
        month_cap: Option<i64>,
    }
    /// The month allows what a goal asked.
    BudgetGranted {
        /// The whole figure.
        total: Amounts,
    }
    /// The month does not allow it.
    BudgetRefused {
        /// What was asked.
        total: Amounts,
        /// What the month has left.
        available: Amounts,
    }
    /// A goal allows a task more.
    BudgetAllowed {
        /// The whole figure.
        total: Amounts,
    }
    /// A share of an account is spent.
    SpendReported {
        /// Percent of the allowance.
        percent: u32,
    }
    /// The CFO tells that a threshold was crossed.
    BudgetThresholdCrossed {
        /// Whose account.
        account: StreamId,
        /// What is spent.
        amount: Amounts,
        /// Which percentage.
        threshold: u32,
    }
    /// A goal's account with the month is folded.
    BudgetSettled {
        /// What the goal spent.
        spent: Amounts,
    }
    /// A task's account is told to its goal without anything else.
    AccountReported {
        /// Whether a charge was above its reservation.
        overrun: bool,
    }
}
