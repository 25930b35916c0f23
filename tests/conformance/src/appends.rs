//! Appending.

use futures::future::join_all;
use va_runtime::ports::Appended;

use crate::{
    Home, Verdict,
    chain::{Chain, Shape, commit, stream},
    same, saw,
};

pub(crate) async fn a_commit_reads_back_as_it_was_appended(home: Home) -> Verdict {
    let mut chain = Chain::new("goal/one");
    let mut new = chain.next(Shape {
        bytes: 2_000,
        state: 0,
    });
    // What a page may hold: no home may change a byte of it.
    let odd = new.commit.body.replace("pppp", r#"\u0000 ä 漢 \" <b>"#);
    new.commit.hash = va_domain::commit::link(&new.commit.prev_hash, odd.as_bytes());
    new.commit.body = odd.into();
    let appended = chain.append(&*home.journal, new).await?;
    let read = home
        .journal
        .read(&chain.stream, 1, 10)
        .await
        .map_err(|e| saw("read", &e))?;
    same("the stream", &read, &vec![appended])
}

pub(crate) async fn another_commit_at_the_same_version_is_a_conflict(home: Home) -> Verdict {
    let mut chain = Chain::new("goal/one");
    let first = chain.grow(&*home.journal, 1).await?;
    let rival = commit(&chain.stream, 1, [0; 32], "rival", Shape::default());
    let answer = home
        .journal
        .append(rival)
        .await
        .map_err(|e| saw("append", &e))?;
    same("the answer", &answer, &Appended::Conflict)?;
    let read = home
        .journal
        .read(&chain.stream, 1, 10)
        .await
        .map_err(|e| saw("read", &e))?;
    same("the stream", &read, &first)
}

pub(crate) async fn a_commit_appended_again_is_known_as_ones_own(home: Home) -> Verdict {
    let mut chain = Chain::new("goal/one");
    let mut commits = Vec::new();
    for _ in 0..3 {
        let new = chain.next(Shape::default());
        commits.push(new.clone());
        chain.append(&*home.journal, new).await?;
    }
    // The answer may have been lost long ago, and others may have gone on.
    for new in commits {
        let answer = home
            .journal
            .append(new)
            .await
            .map_err(|e| saw("append", &e))?;
        same("the answer", &answer, &Appended::Duplicate)?;
    }
    let read = home
        .journal
        .read(&chain.stream, 1, 10)
        .await
        .map_err(|e| saw("read", &e))?;
    same("the number of commits", &read.len(), &3)
}

pub(crate) async fn a_commit_that_follows_nothing_is_refused(home: Home) -> Verdict {
    let mut chain = Chain::new("goal/one");
    chain.grow(&*home.journal, 2).await?;
    let of = &chain.stream;
    for (what, new) in [
        (
            "after a gap",
            commit(of, 4, chain.head, "a", Shape::default()),
        ),
        (
            "with a foreign hash before it",
            commit(of, 3, [7; 32], "b", Shape::default()),
        ),
        ("version 0", commit(of, 0, [0; 32], "c", Shape::default())),
        (
            "a first commit that follows something",
            commit(&stream("goal/two"), 1, [7; 32], "d", Shape::default()),
        ),
        (
            "a stream that begins at 2",
            commit(&stream("goal/two"), 2, [0; 32], "e", Shape::default()),
        ),
    ] {
        match home.journal.append(new).await {
            Err(e) if e.code() == "port_refused" => {}
            Err(e) => return Err(saw(what, &e)),
            Ok(answer) => return Err(format!("{what}: answered {answer:?}, not refused")),
        }
    }
    // The next one is welcome all the same.
    chain.grow(&*home.journal, 1).await.map(|_| ())
}

pub(crate) async fn of_many_appends_of_one_version_exactly_one_stands(home: Home) -> Verdict {
    let mut chain = Chain::new("goal/one");
    for round in 0..8_u32 {
        let rivals = (0..16).map(|n| {
            commit(
                &chain.stream,
                chain.version + 1,
                chain.head,
                &format!("{round}-{n}"),
                Shape::default(),
            )
        });
        let rivals: Vec<_> = rivals.collect();
        let answers = join_all(rivals.iter().map(|new| home.journal.append(new.clone()))).await;
        let mut winners = Vec::new();
        for (new, answer) in rivals.into_iter().zip(answers) {
            match answer.map_err(|e| saw("append", &e))? {
                Appended::Committed => winners.push(new.commit),
                Appended::Conflict => {}
                Appended::Duplicate => {
                    return Err(format!("{} was taken for another's", new.commit_id));
                }
            }
        }
        same("the number that was committed", &winners.len(), &1)?;
        let read = home
            .journal
            .read(&chain.stream, chain.version + 1, 10)
            .await
            .map_err(|e| saw("read", &e))?;
        same("what stands", &read, &winners)?;
        (chain.version, chain.head) = (winners[0].version, winners[0].hash);
    }
    Ok(())
}

pub(crate) async fn appends_to_many_streams_at_once_all_stand(home: Home) -> Verdict {
    let grown = join_all((0..24).map(|n| {
        let journal = &home.journal;
        async move {
            let mut chain = Chain::new(&format!("task-writer/{n:02}"));
            let appended = chain.grow(&**journal, 8).await?;
            let read = journal
                .read(&chain.stream, 1, 100)
                .await
                .map_err(|e| saw("read", &e))?;
            same("the stream", &read, &appended)
        }
    }))
    .await;
    grown.into_iter().collect()
}

pub(crate) async fn two_companies_see_nothing_of_each_other(home: Home) -> Verdict {
    let mut ours = Chain::new("goal/one");
    ours.grow(&*home.journal, 2).await?;
    let mut due = ours.next(Shape::default());
    due.due = Some(crate::chain::time(0));
    ours.append(&*home.journal, due).await?;

    let other = &home.other;
    same(
        "their scan",
        &other.scan(None, 10).await.map_err(|e| saw("scan", &e))?,
        &Vec::new(),
    )?;
    same(
        "their tail",
        &other
            .tail(&ours.stream)
            .await
            .map_err(|e| saw("tail", &e))?,
        &Vec::new(),
    )?;
    same(
        "their deadlines",
        &other
            .due(crate::chain::time(1), 10)
            .await
            .map_err(|e| saw("due", &e))?,
        &Vec::new(),
    )?;
    // The same name is another stream there.
    let mut theirs = Chain::new("goal/one");
    let appended = theirs.grow(&**other, 1).await?;
    same(
        "their stream",
        &other
            .read(&theirs.stream, 1, 10)
            .await
            .map_err(|e| saw("read", &e))?,
        &appended,
    )?;
    let read = home
        .journal
        .read(&ours.stream, 1, 10)
        .await
        .map_err(|e| saw("read", &e))?;
    same("the length of ours", &read.len(), &3)
}

pub(crate) async fn a_long_stream_does_not_slow_down(home: Home) -> Verdict {
    let mut chain = Chain::new("goal/long");
    let thousands = home.long_stream / 1_000;
    let mut times = Vec::new();
    for _ in 0..thousands {
        let began = home.world.as_ref().map(|world| world.now());
        for n in 0..1_000_u32 {
            let state = if n % 32 == 0 { 2_000 } else { 0 };
            let new = chain.next(Shape {
                bytes: 1_000,
                state,
            });
            chain.append(&*home.journal, new).await?;
        }
        times.extend(
            home.world
                .as_ref()
                .zip(began)
                .map(|(world, began)| began.duration_until(world.now())),
        );
    }
    let tail = home
        .journal
        .tail(&chain.stream)
        .await
        .map_err(|e| saw("tail", &e))?;
    same(
        "the newest version",
        &tail.last().map(|c| c.version),
        &Some(chain.version),
    )?;
    if tail.len() > 32 {
        return Err(format!(
            "the tail of a long stream has {} commits",
            tail.len()
        ));
    }
    match times.as_slice() {
        // Machines hesitate; a cost that grows with the stream would show as ten times as much.
        [first, .., last] if last.as_secs_f64() > 3.0 * first.as_secs_f64() => Err(format!(
            "the first thousand took {first:#}, the last {last:#}"
        )),
        _ => Ok(()),
    }
}
