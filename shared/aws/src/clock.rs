//! The clock: wakes the owners of streams that are due, and says how late the latest is.

use futures::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use va_runtime::ports::{Journal as _, PortError};

use crate::{
    Names,
    journal::{Deadline, DynamoJournal},
    lambda::batch::Failure,
    metric::{self, Unit},
    queue::Queues,
};

/// Streams of one tick; the rest is for the next.
const A_TICK: usize = 1000;
/// Streams that are woken at once.
const AT_ONCE: usize = 16;
/// The shortest time between two wakes of a stream that does not move: a turn of its owner fits in.
const SHORTEST: SignedDuration = SignedDuration::from_secs(60);
/// The longest, so that what is late always shows in the figure of every tick.
const LONGEST: SignedDuration = SignedDuration::from_mins(15);

/// What a tick found and did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tick {
    /// Streams whose owners were rung.
    pub woken: usize,
    /// Deadlines that were taken away, because a later commit stands.
    pub superseded: usize,
    /// Streams that could not be woken; the next tick tries again.
    pub failed: usize,
    /// How long the oldest deadline that still counts has passed; zero where none has.
    pub oldest_overdue: SignedDuration,
}

enum Wake {
    Woken(SignedDuration),
    Superseded,
    Failed(SignedDuration),
    /// Woken by an earlier tick, and still late.
    Late(SignedDuration),
}

/// Wakes what is due at `now`: rings the owner, then moves the deadline on, so that a ring that was lost is
/// repeated. The time to the next wake doubles while nothing moves.
///
/// # Errors
/// Where the table cannot be read. A stream that cannot be woken is counted and does not hold up others.
pub async fn tick(
    journal: &DynamoJournal,
    queues: &Queues,
    now: Timestamp,
) -> Result<Tick, PortError> {
    // What was moved on by an earlier tick is at most that far ahead, and counts as late meanwhile.
    let deadlines = journal.deadlines(now + LONGEST, A_TICK).await?;
    let passed = deadlines
        .into_iter()
        .filter(|deadline| deadline.first <= now);
    let wakes = passed.map(|deadline| async move {
        let late = now.duration_since(deadline.first);
        match wake(journal, queues, &deadline, now).await {
            Ok(wake) => wake,
            Err(error) => {
                let failure = Failure::new(error.code(), &error);
                tracing::error!(stream = %deadline.due.stream, code = %failure.code, error = %failure.text, "not woken");
                Wake::Failed(late)
            }
        }
    });
    let wakes: Vec<Wake> = stream::iter(wakes)
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    Ok(wakes.into_iter().fold(Tick::default(), Tick::with))
}

async fn wake(
    journal: &DynamoJournal,
    queues: &Queues,
    deadline: &Deadline,
    now: Timestamp,
) -> Result<Wake, PortError> {
    let due = &deadline.due;
    let late = now.duration_since(deadline.first);
    if journal.superseded(due).await? {
        journal.set_due(&due.stream, due.version, None).await?;
        return Ok(Wake::Superseded);
    }
    if due.at > now {
        return Ok(Wake::Late(late));
    }
    queues.ring(&due.stream).await?;
    journal
        .set_due(&due.stream, due.version, Some(now + backoff(late)))
        .await?;
    Ok(Wake::Woken(late))
}

/// As long again as it is late already, within bounds.
fn backoff(late: SignedDuration) -> SignedDuration {
    late.clamp(SHORTEST, LONGEST)
}

impl Tick {
    fn with(mut self, wake: Wake) -> Self {
        let late = match wake {
            Wake::Woken(late) => {
                self.woken += 1;
                late
            }
            Wake::Failed(late) => {
                self.failed += 1;
                late
            }
            Wake::Late(late) => late,
            Wake::Superseded => {
                self.superseded += 1;
                SignedDuration::ZERO
            }
        };
        self.oldest_overdue = self.oldest_overdue.max(late);
        self
    }

    /// The figure that says that the company lives, as a line in CloudWatch's embedded metric format.
    #[must_use]
    pub fn metrics(&self, names: &Names, now: Timestamp) -> String {
        let late = self.oldest_overdue.as_secs();
        let figures = [
            ("OldestOverdueExpectation", Unit::Seconds, json!(late)),
            ("StreamsWoken", Unit::Count, json!(self.woken)),
            ("StreamsNotWoken", Unit::Count, json!(self.failed)),
        ];
        metric::line(names, now, &figures, &[])
    }

    /// Writes the figures to standard output, from where the service takes them. A closed output loses a
    /// figure, and no wake for it.
    pub fn report(&self, names: &Names, now: Timestamp) {
        metric::say(&self.metrics(names, now));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_to_the_next_wake_doubles_within_bounds() {
        let minutes = SignedDuration::from_mins;
        assert_eq!(backoff(SignedDuration::from_secs(3)), minutes(1));
        assert_eq!(backoff(minutes(4)), minutes(4));
        assert_eq!(backoff(SignedDuration::from_hours(9)), minutes(15));
    }

    #[test]
    fn a_deadline_that_no_longer_counts_is_not_late() {
        let late = SignedDuration::from_secs;
        let tick = [
            Wake::Woken(late(5)),
            Wake::Superseded,
            Wake::Late(late(90)),
            Wake::Failed(late(7)),
        ]
        .into_iter()
        .fold(Tick::default(), Tick::with);
        assert_eq!(
            tick,
            Tick {
                woken: 1,
                superseded: 1,
                failed: 1,
                oldest_overdue: late(90)
            }
        );
    }

    #[test]
    fn the_figures_name_company_and_environment_and_no_stream() {
        let names = Names::new(
            [("VA_COMPANY", "acme"), ("VA_ENV", "test")].map(|(k, v)| (k.to_owned(), v.to_owned())),
        )
        .expect("names");
        let tick = Tick {
            oldest_overdue: SignedDuration::from_secs(61),
            woken: 2,
            ..Tick::default()
        };
        let line: serde_json::Value =
            serde_json::from_str(&tick.metrics(&names, Timestamp::UNIX_EPOCH)).expect("JSON");
        assert_eq!(line["OldestOverdueExpectation"], 61);
        assert_eq!(
            line["_aws"]["CloudWatchMetrics"][0]["Dimensions"],
            json!([["Company", "Environment"]])
        );
    }
}
