//! Amounts of everything that is budgeted.

use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

/// The largest whole number that every reader of JSON keeps exactly, and the allowance of units without a cap.
pub const MAX_AMOUNT: i64 = (1 << 53) - 1;

/// An amount of each budgeted unit. Units that an older build does not know are never written by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Amounts {
    /// Micro-units of the company's currency.
    #[serde(skip_serializing_if = "is_zero")]
    pub micros: i64,
    /// Tokens, input and output together.
    #[serde(skip_serializing_if = "is_zero")]
    pub tokens: i64,
    /// Model calls.
    #[serde(skip_serializing_if = "is_zero")]
    pub calls: i64,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_zero(n: &i64) -> bool {
    *n == 0
}

impl Amounts {
    /// Nothing of anything.
    pub const ZERO: Self = Self {
        micros: 0,
        tokens: 0,
        calls: 0,
    };

    /// An amount of each unit.
    #[must_use]
    pub const fn new(micros: i64, tokens: i64, calls: i64) -> Self {
        Self {
            micros,
            tokens,
            calls,
        }
    }

    /// Whether every unit is at least that of `other`.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.micros >= other.micros && self.tokens >= other.tokens && self.calls >= other.calls
    }

    /// Whether every unit is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        *self == Self::ZERO
    }

    /// Whether no unit is below zero.
    #[must_use]
    pub fn is_non_negative(&self) -> bool {
        self.covers(&Self::ZERO)
    }

    /// Unit by unit.
    #[must_use]
    pub fn zip(self, other: Self, with: impl Fn(i64, i64) -> i64) -> Self {
        Self {
            micros: with(self.micros, other.micros),
            tokens: with(self.tokens, other.tokens),
            calls: with(self.calls, other.calls),
        }
    }

    /// The larger of each unit.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        self.zip(other, i64::max)
    }

    /// The smaller of each unit.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        self.zip(other, i64::min)
    }

    /// What is above zero.
    #[must_use]
    pub fn positive(self) -> Self {
        self.max(Self::ZERO)
    }
}

impl Add for Amounts {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.zip(other, i64::saturating_add)
    }
}

impl Sub for Amounts {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.zip(other, i64::saturating_sub)
    }
}

impl Neg for Amounts {
    type Output = Self;
    fn neg(self) -> Self {
        Self::ZERO - self
    }
}

impl AddAssign for Amounts {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Amounts {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl std::iter::Sum for Amounts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, Add::add)
    }
}
