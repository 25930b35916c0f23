//! A commit in the table becomes a bell in its addressee's queue, and a deadline that has passed does too.

mod common;

use common::{commit, deployment, journal, stream};
use jiff::{SignedDuration, Timestamp};
use va_aws::lambda::bell::{self, Bell};
use va_domain::envelope::EventPos;
use va_emulator::{Chaos, Deployment, Emulator};
use va_runtime::ports::{Appended, Journal as _};

/// The bells that reach the reviewer's queue until so many have come, or none does for a while.
async fn bells(company: &Deployment, count: usize) -> Vec<Bell> {
    let mut heard = Vec::new();
    for _ in 0..15 {
        for body in company.take("reviewer", 1).await.expect("messages") {
            let woken = bell::parse(&body, |_| true).expect("a bell");
            heard.extend(woken.into_iter().map(|(_, bell)| bell));
        }
        if heard.len() >= count {
            break;
        }
    }
    heard.sort();
    heard
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_rings_whom_it_addresses_and_nobody_else() {
    let emulator = Emulator::guarded().await.expect("the emulator");
    let company = deployment(&emulator, None).await;
    let journal = journal(&company);
    let told = commit(
        "task-content-generator/a",
        1,
        [0; 32],
        Some("task-reviewer/r"),
        None,
    );
    let untold = commit("task-content-generator/b", 1, [0; 32], None, None);
    for new in [told, untold] {
        assert_eq!(
            journal.append(new).await.expect("appended"),
            Appended::Committed
        );
    }
    let event = Bell::Event {
        stream: stream("task-content-generator/a"),
        at: EventPos(1, 0),
    };
    assert_eq!(bells(&company, 1).await, [event], "{}", emulator.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn chaos_delivers_every_message_twice() {
    let emulator = Emulator::guarded().await.expect("the emulator");
    let company = deployment(&emulator, Some(Chaos { copies: 2, seed: 7 })).await;
    let journal = journal(&company);
    for n in 0..3 {
        let new = commit(
            &format!("task-content-generator/{n}"),
            1,
            [0; 32],
            Some("task-reviewer/r"),
            None,
        );
        assert_eq!(
            journal.append(new).await.expect("appended"),
            Appended::Committed
        );
    }
    let heard = bells(&company, 6).await;
    assert_eq!(heard.len(), 6);
    assert!(heard.chunks(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_rings_what_is_due_moves_it_on_and_drops_what_no_longer_counts() {
    let emulator = Emulator::guarded().await.expect("the emulator");
    let company = deployment(&emulator, None).await;
    let journal = journal(&company);
    let passed: Timestamp = "2026-11-20T10:00:00Z".parse().expect("a time");
    let mut late = commit("task-reviewer/late", 1, [0; 32], None, Some(passed));
    let moved_on = commit("task-reviewer/moved-on", 1, [0; 32], None, Some(passed));
    let next = commit(
        "task-reviewer/moved-on",
        2,
        moved_on.commit.hash,
        None,
        None,
    );
    late.commit_id = "late".to_owned();
    for new in [late, moved_on, next] {
        assert_eq!(
            journal.append(new).await.expect("appended"),
            Appended::Committed
        );
    }
    let all = passed + SignedDuration::from_hours(24 * 3650);
    assert_eq!(
        journal.due(all, 10).await.expect("deadlines").len(),
        1,
        "only the newest commit's deadline counts"
    );
    assert_eq!(
        journal.deadlines(all, 10).await.expect("deadlines").len(),
        2
    );

    company.tick().await.expect("a tick");

    assert_eq!(bells(&company, 1).await, [Bell::Ring], "{}", emulator.log());
    let left = journal.deadlines(all, 10).await.expect("deadlines");
    assert_eq!(left.len(), 1, "the deadline that no longer counts is gone");
    assert_eq!(left[0].due.stream, stream("task-reviewer/late"));
    assert_eq!(left[0].first, passed, "since when it is late stays known");
    assert!(left[0].due.at > passed, "it is rung again later");

    company.tick().await.expect("a tick");
    assert_eq!(
        company.take("reviewer", 1).await.expect("messages"),
        Vec::<String>::new(),
        "it rests"
    );
}
