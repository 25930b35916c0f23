//! The board's acts on a company on AWS: read from a copy, appended to the journal, and waited for until the
//! goal's owner has taken account of them.

use std::{collections::BTreeMap, sync::Arc};

use va_domain::{amounts::Amounts, ids::StreamId};

use super::{follow::Follow, home::AwsHome, mirror::With};
use crate::{board::Board, exit::Failure, progress::Progress};

/// Pauses a goal, or all.
pub async fn pause(home: &AwsHome, goal: Option<&str>, all: bool) -> Result<(), Failure> {
    act(home, goal, async |board| {
        let goals = if all {
            board.home.goals(&board.kernel).await?
        } else {
            vec![board.home.goal(&board.kernel, goal).await?]
        };
        for goal in &goals {
            board.pause(goal).await?;
        }
        Ok(goals.len())
    })
    .await
}

/// Cancels a goal.
pub async fn cancel(home: &AwsHome, goal: &str, reason: &str) -> Result<(), Failure> {
    act(home, Some(goal), async |board| {
        let goal = board.home.goal(&board.kernel, Some(goal)).await?;
        board.cancel(&goal, reason).await?;
        Ok(1)
    })
    .await
}

/// Answers a blocker.
pub async fn unblock(
    home: &AwsHome,
    blocker: &str,
    set: BTreeMap<String, String>,
    note: Option<String>,
) -> Result<(), Failure> {
    act(home, None, async |board| {
        board.unblock(blocker, set, note).await?;
        Ok(1)
    })
    .await
}

/// Raises a goal's budget.
pub async fn add(home: &AwsHome, goal: Option<&str>, more: Amounts) -> Result<(), Failure> {
    act(home, goal, async |board| {
        let goal = board.home.goal(&board.kernel, goal).await?;
        board.add(&goal, more).await?;
        Ok(1)
    })
    .await
}

/// Acts as the board, then waits until the goals have heard of so many acts.
async fn act(
    home: &AwsHome,
    goal: Option<&str>,
    acts: impl AsyncFnOnce(&Board) -> Result<usize, Failure>,
) -> Result<(), Failure> {
    let copy = super::copy(home, goal, With::States).await?;
    let board = Board {
        home: copy.home()?,
        kernel: home.kernel(),
        beside: false,
    };
    let goals = board.home.goals(&board.kernel).await?;
    let streams: Vec<StreamId> = goals.into_iter().map(|goal| goal.stream).collect();
    let mut follow = Follow::begin(
        home,
        Arc::new(Progress::new(&home.company.currency, false, true)),
        streams,
    )
    .await?;
    let acts = acts(&board).await?;
    if !follow.hear(acts).await? {
        eprintln!(
            "it is recorded, but no function has taken account of it yet; `va status` shows when one has"
        );
    }
    Ok(())
}
