//! The CFO guards the month: it allows goals their budgets within the company's cap, folds what they
//! give back, and tells when a threshold is crossed.
//!
//! Wakes on `RequestBudget`, `SpendReported` and the ends of goals; hands on `BudgetGranted`,
//! `BudgetRefused`, `BudgetThresholdCrossed` and `BudgetSettled`.

use va_domain::{
    account::{Edge, Entry, Figure},
    amounts::{Amounts, MAX_AMOUNT},
    envelope::Target,
    ids::StreamId,
    payload::{
        BudgetGranted, BudgetRefused, BudgetSettled, BudgetThresholdCrossed, GoalCancelled,
        GoalCompleted, GoalFailed, Payload, RequestBudget, SpendReported,
    },
    state::{MonthBody, StreamState},
};
use va_runtime::agent::{Agent, Context, DecideError, Decision, Input};

/// The percentages of the month's cap at which the company hears of it.
const THRESHOLDS: [u32; 3] = [70, 90, 100];

/// The chief financial officer.
#[derive(Debug)]
pub struct Cfo;

impl Agent for Cfo {
    fn role(&self) -> &'static str {
        "cfo"
    }

    fn takes(&self) -> &'static [&'static str] {
        &[
            RequestBudget::TYPE,
            SpendReported::TYPE,
            GoalCompleted::TYPE,
            GoalFailed::TYPE,
            GoalCancelled::TYPE,
        ]
    }

    fn emits(&self) -> &'static [&'static str] {
        &[
            BudgetGranted::TYPE,
            BudgetRefused::TYPE,
            BudgetSettled::TYPE,
            BudgetThresholdCrossed::TYPE,
        ]
    }

    fn decide(
        &self,
        _: &Context<'_>,
        state: &StreamState,
        input: &Input<'_>,
    ) -> Result<Decision, DecideError> {
        let Some(month) = state.body.month() else {
            return Ok(Decision::nothing());
        };
        let mut then = Decision::nothing();
        if let Input::Event { event, target } = input {
            let goal = &event.stream;
            if event.is::<RequestBudget>() {
                let asks = target
                    .asks
                    .as_ref()
                    .map_or("allowance", |a| a.expectation.as_str());
                grant(state, goal, asks, &event.read()?, &mut then)?;
            } else if event.is::<SpendReported>() {
                let amount = match target.figure {
                    Some(Figure::Used { spent, .. }) => spent,
                    _ => Amounts::ZERO,
                };
                let threshold = event.read::<SpendReported>()?.percent;
                then.note(&BudgetThresholdCrossed {
                    account: goal.clone(),
                    amount,
                    threshold,
                })?;
            } else {
                // A goal has ended; its figures came with the event.
                let spent = match target.figure {
                    Some(Figure::Used { spent, .. }) => spent,
                    _ => Amounts::ZERO,
                };
                let asks = target
                    .asks
                    .as_ref()
                    .map_or("settled", |a| a.expectation.as_str());
                then.send(
                    &BudgetSettled { spent },
                    vec![Target::tell(goal.clone()).answering(asks)],
                )?;
            }
        }
        cross(state, month, &mut then)?;
        Ok(then)
    }
}

/// Allows the whole of what a goal asks, or nothing of it.
fn grant(
    state: &StreamState,
    goal: &StreamId,
    asks: &str,
    request: &RequestBudget,
    then: &mut Decision,
) -> Result<(), DecideError> {
    let account = &state.account;
    let mut available = account.free();
    if let Some(cap) = request.month_cap {
        // The newest cap counts, but what is allowed already stays allowed.
        let allowed = Amounts::new(cap, MAX_AMOUNT, MAX_AMOUNT);
        if account.allowed != allowed {
            then.entries.push(Entry::Cap { total: allowed });
            available = available + allowed - account.allowed;
        }
    }
    let before = account.edges.get(goal).copied().unwrap_or_default().allowed;
    let total = request.total.max(before);
    let answer = Target::tell(goal.clone()).answering(asks);
    let debt = account.edges.get(goal).map(Edge::debt).unwrap_or_default();
    if available.covers(&(total - before - debt.min(total - before))) {
        then.entries.push(Entry::Allow {
            child: goal.clone(),
            total,
        });
        then.send(
            &BudgetGranted { total },
            vec![answer.with(Figure::Allowed(total))],
        )?;
    } else {
        then.send(
            &BudgetRefused {
                total,
                available: available.positive(),
            },
            vec![answer],
        )?;
    }
    Ok(())
}

/// Tells once for each threshold that the month's spending has reached.
fn cross(state: &StreamState, month: &MonthBody, then: &mut Decision) -> Result<(), DecideError> {
    let cap = state.account.allowed.micros;
    let spent = state.account.spent_total();
    for threshold in THRESHOLDS {
        let reached =
            cap > 0 && i128::from(spent.micros) * 100 >= i128::from(cap) * i128::from(threshold);
        if reached && !month.crossed.contains(&threshold) {
            let account = state.stream.clone();
            then.note(&BudgetThresholdCrossed {
                account,
                amount: spent,
                threshold,
            })?;
        }
    }
    Ok(())
}
