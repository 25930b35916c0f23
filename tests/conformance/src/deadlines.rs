//! Deadlines, and the clock that moves them.

use va_runtime::ports::Due;

use crate::{
    Home, Verdict,
    chain::{Chain, Shape, time},
    same, saw,
};

async fn append(chain: &mut Chain, home: &Home, due: Option<i64>) -> Verdict {
    let mut new = chain.next(Shape::default());
    new.due = due.map(time);
    chain.append(&*home.journal, new).await.map(|_| ())
}

/// What is due at a second must be these (stream, version, second).
async fn check(home: &Home, what: &str, until: i64, expected: &[(&Chain, u64, i64)]) -> Verdict {
    let due = home
        .journal
        .due(time(until), 100)
        .await
        .map_err(|e| saw("due", &e))?;
    let expected: Vec<Due> = expected
        .iter()
        .map(|(chain, version, at)| Due {
            stream: chain.stream.clone(),
            version: *version,
            at: time(*at),
        })
        .collect();
    same(what, &due, &expected)
}

pub(crate) async fn a_stream_is_due_when_its_newest_commit_says(home: Home) -> Verdict {
    let (mut a, mut b, mut c) = (
        Chain::new("goal/a"),
        Chain::new("goal/b"),
        Chain::new("goal/c"),
    );
    append(&mut a, &home, Some(30)).await?;
    append(&mut b, &home, Some(10)).await?;
    append(&mut c, &home, None).await?;
    check(&home, "a second before the first", 9, &[]).await?;
    check(&home, "at the very second", 10, &[(&b, 1, 10)]).await?;
    check(
        &home,
        "all of them, earliest first",
        99,
        &[(&b, 1, 10), (&a, 1, 30)],
    )
    .await?;
    let first = home
        .journal
        .due(time(99), 1)
        .await
        .map_err(|e| saw("due", &e))?;
    same("at most one", &first.len(), &1)?;
    append(&mut b, &home, Some(40)).await?;
    append(&mut a, &home, None).await?;
    check(
        &home,
        "only what the newest commits say",
        99,
        &[(&b, 2, 40)],
    )
    .await?;
    append(&mut c, &home, Some(20)).await?;
    check(
        &home,
        "a deadline that came later",
        99,
        &[(&c, 2, 20), (&b, 2, 40)],
    )
    .await
}

pub(crate) async fn the_clock_moves_and_removes_a_deadline(home: Home) -> Verdict {
    let mut chain = Chain::new("goal/a");
    append(&mut chain, &home, Some(10)).await?;
    let before = home
        .journal
        .tail(&chain.stream)
        .await
        .map_err(|e| saw("tail", &e))?;
    let set = async |due: Option<i64>| {
        home.journal
            .set_due(&chain.stream, 1, due.map(time))
            .await
            .map_err(|e| saw("set_due", &e))
    };
    set(Some(50)).await?;
    check(&home, "before the moved one", 49, &[]).await?;
    check(&home, "the moved one", 50, &[(&chain, 1, 50)]).await?;
    set(None).await?;
    check(&home, "after its removal", 99, &[]).await?;
    set(Some(60)).await?;
    check(&home, "given again", 99, &[(&chain, 1, 60)]).await?;
    let after = home
        .journal
        .tail(&chain.stream)
        .await
        .map_err(|e| saw("tail", &e))?;
    same("the commit itself", &after, &before)
}

pub(crate) async fn the_clock_cannot_give_an_old_commit_a_deadline(home: Home) -> Verdict {
    let mut chain = Chain::new("goal/a");
    append(&mut chain, &home, Some(10)).await?;
    append(&mut chain, &home, Some(20)).await?;
    let set = async |version: u64, due: Option<i64>| {
        home.journal
            .set_due(&chain.stream, version, due.map(time))
            .await
            .map_err(|e| saw("set_due", &e))
    };
    set(1, Some(5)).await?;
    check(&home, "an old commit was given one", 99, &[(&chain, 2, 20)]).await?;
    set(1, None).await?;
    check(&home, "an old commit's was removed", 99, &[(&chain, 2, 20)]).await?;
    set(3, Some(5)).await?;
    check(
        &home,
        "a commit that is not there was given one",
        99,
        &[(&chain, 2, 20)],
    )
    .await?;
    let none = Chain::new("goal/none");
    home.journal
        .set_due(&none.stream, 1, Some(time(1)))
        .await
        .map_err(|e| saw("set_due", &e))?;
    check(
        &home,
        "a stream that is not there was given one",
        99,
        &[(&chain, 2, 20)],
    )
    .await
}
