//! The board's acts on a company on AWS: read from a copy, appended to the journal, and waited for until the
//! goal's owner has taken account of them.

use std::{collections::BTreeMap, sync::Arc};

use va_domain::{amounts::Amounts, ids::StreamId};

use super::{follow::Follow, home::AwsHome, mirror::With};
use crate::{
    board::{self, Board},
    exit::Failure,
    progress::Progress,
};

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
    let (asking, _) = home.asking().await?;
    let (told, answer) = board::answer(&asking, blocker, set, note)?;
    let mut follow = quietly(home, vec![told.stream.clone()]).await?;
    board::act(&home.kernel(), &*home.world, told, &answer).await?;
    heard(&mut follow, 1).await
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
    let streams = goals.into_iter().map(|goal| goal.stream).collect();
    let mut follow = quietly(home, streams).await?;
    let acts = acts(&board).await?;
    heard(&mut follow, acts).await
}

/// Follows these streams and tells nobody of them.
async fn quietly(home: &AwsHome, streams: Vec<StreamId>) -> Result<Follow<'_>, Failure> {
    let progress = Progress::new(&home.company.currency, false, true);
    Follow::begin(home, Arc::new(progress), streams).await
}

async fn heard(follow: &mut Follow<'_>, acts: usize) -> Result<(), Failure> {
    if !follow.hear(acts).await? {
        eprintln!(
            "it is recorded, but no function has taken account of it yet; `va status` shows when one has"
        );
    }
    Ok(())
}
