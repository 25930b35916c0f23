//! `va events --follow` on AWS.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use va_domain::ids::StreamId;
use va_embedded::dispatch::Watch;
use va_runtime::kernel::{Committed, KernelError};

use super::{
    follow::{Follow, LOOK},
    home::AwsHome,
};
use crate::{
    exit::{Code, Failure},
    home::no_goal,
    out::say,
    text,
};

/// Looks between two questions for goals that are new.
const NEW_GOALS: u32 = 20;

/// Prints the events of commits.
struct Printer {
    /// The goal whose events are wanted.
    only: Option<String>,
    /// Commits that are passed over.
    after: AtomicU64,
    as_json: bool,
    /// Whether nobody reads any more.
    closed: AtomicBool,
}

impl Watch for Printer {
    fn committed(&self, commit: &Committed) {
        let passed = self
            .after
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(1)
            });
        if passed.is_ok() {
            return;
        }
        for event in &commit.events {
            let wanted = self
                .only
                .as_ref()
                .is_none_or(|id| *id == event.correlation_id);
            let Some(line) = wanted
                .then(|| text::event(event, self.as_json).ok())
                .flatten()
            else {
                continue;
            };
            if !say!("{line}") {
                self.closed.store(true, Ordering::Relaxed);
            }
        }
    }

    fn poisoned(&self, _: &StreamId, _: &KernelError) {}
}

/// Prints what happened to a goal, or to all, and what happens, until nobody reads it any more.
pub async fn follow(
    home: &AwsHome,
    goal: Option<&str>,
    after: u64,
    as_json: bool,
) -> Result<Code, Failure> {
    let (only, goals) = match goal {
        Some(name) => {
            let stream = home.goal_stream(name).await?;
            (Some(stream.to_string()), [stream].into())
        }
        None => (None, home.goals().await?),
    };
    let printer = Arc::new(Printer {
        only,
        after: AtomicU64::new(after),
        as_json,
        closed: AtomicBool::new(false),
    });
    let mut follow = Follow::from_the_first(home, Arc::clone(&printer) as _, goals);
    let mut looks = 0_u32;
    while !printer.closed.load(Ordering::Relaxed) {
        let news = follow.look().await?;
        if let Some(name) = goal.filter(|_| !news && looks == 0) {
            return Err(no_goal(name));
        }
        if !news {
            tokio::time::sleep(LOOK).await;
        }
        looks = looks.wrapping_add(1);
        if goal.is_none() && looks.is_multiple_of(NEW_GOALS) {
            follow.add(home.goals().await?);
        }
    }
    Ok(Code::Done)
}
