//! The limits of a commit, each at its exact bound.

use va_domain::commit::{MAX_COMMIT, MAX_EVENTS, MAX_STATE_INLINE};
use va_runtime::ports::{Appended, NewCommit};

use crate::{
    Home, Verdict,
    chain::{Chain, Shape},
    same, saw,
};

async fn check(home: &Home, what: &str, new: NewCommit, fits: bool) -> Verdict {
    match home.journal.append(new).await {
        Ok(Appended::Committed) if fits => Ok(()),
        Err(e) if !fits && e.code() == "port_refused" && !e.is_retryable() => Ok(()),
        Ok(answer) => Err(format!("{what}: answered {answer:?}")),
        Err(e) => Err(saw(what, &e)),
    }
}

pub(crate) async fn the_largest_commit_fits_and_one_byte_more_does_not(home: Home) -> Verdict {
    let chain = Chain::new("goal/one");
    let over = chain.next(Shape {
        bytes: MAX_COMMIT + 1,
        state: 0,
    });
    check(&home, "one byte above 128 KB", over, false).await?;
    let full = chain.next(Shape {
        bytes: MAX_COMMIT,
        state: 0,
    });
    same(
        "the bytes of the case",
        &full.commit.body.len(),
        &MAX_COMMIT,
    )?;
    check(&home, "128 KB", full.clone(), true).await?;
    let read = home
        .journal
        .read(&chain.stream, 1, 1)
        .await
        .map_err(|e| saw("read", &e))?;
    same("what was read", &read, &vec![full.commit])
}

pub(crate) async fn a_state_counts_apart(home: Home) -> Verdict {
    let chain = Chain::new("goal/one");
    for (what, bytes, state, fits) in [
        (
            "a state one byte above 64 KB",
            1_000,
            MAX_STATE_INLINE + 1,
            false,
        ),
        (
            "one byte above 128 KB besides a state",
            MAX_COMMIT + 1,
            1_000,
            false,
        ),
        (
            "128 KB and a state of 64 KB",
            MAX_COMMIT,
            MAX_STATE_INLINE,
            true,
        ),
    ] {
        check(&home, what, chain.next(Shape { bytes, state }), fits).await?;
    }
    Ok(())
}

pub(crate) async fn a_commit_has_at_most_64_events(home: Home) -> Verdict {
    let chain = Chain::new("goal/one");
    for (events, fits) in [(MAX_EVENTS + 1, false), (MAX_EVENTS, true)] {
        let mut new = chain.next(Shape::default());
        new.events = events;
        check(&home, &format!("{events} events"), new, fits).await?;
    }
    Ok(())
}

pub(crate) async fn what_was_refused_left_nothing_behind(home: Home) -> Verdict {
    let chain = Chain::new("goal/one");
    let mut over = chain.next(Shape {
        bytes: MAX_COMMIT + 1,
        state: 0,
    });
    over.due = Some(crate::chain::time(0));
    check(&home, "one byte above 128 KB", over, false).await?;
    same(
        "the tail",
        &home
            .journal
            .tail(&chain.stream)
            .await
            .map_err(|e| saw("tail", &e))?,
        &Vec::new(),
    )?;
    same(
        "the scan",
        &home
            .journal
            .scan(None, 1)
            .await
            .map_err(|e| saw("scan", &e))?,
        &Vec::new(),
    )?;
    same(
        "what is due",
        &home
            .journal
            .due(crate::chain::time(1), 1)
            .await
            .map_err(|e| saw("due", &e))?,
        &Vec::new(),
    )
}
