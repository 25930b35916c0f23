//! A batch of bells: grouped by stream, each group isolated from the others, and each message answered for.

use std::{
    collections::{BTreeMap, BTreeSet},
    panic::AssertUnwindSafe,
};

use async_trait::async_trait;
use futures::{FutureExt, StreamExt, stream};
use va_domain::ids::StreamId;

use super::{
    bell::{self, Bell},
    events::{BatchAnswer, SqsEvent},
};

/// Streams of one batch that are handled at once. They mostly wait for the stores.
const AT_ONCE: usize = 4;

/// Why a stream could not be handled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// A stable name.
    pub code: String,
    /// The whole chain of causes, without payloads.
    pub text: String,
}

impl Failure {
    /// The failure that an error is, with its causes.
    #[must_use]
    pub fn new(code: &str, error: &dyn std::error::Error) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        Self {
            code: code.to_owned(),
            text,
        }
    }
}

/// A bell that can never be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Which one, of those that were handed in.
    pub bell: usize,
    /// Why.
    pub failure: Failure,
}

/// What handles the bells of a stream: an agent in its kernel.
#[async_trait]
pub trait Handler: Send + Sync {
    /// Whether streams of this type are this function's.
    fn owns(&self, stream: &StreamId) -> bool;

    /// The streams of this function that a message wakes, each with the bell.
    ///
    /// # Errors
    /// Where the message says nothing that could be understood, now or later.
    async fn bells(&self, body: &str) -> Result<Vec<(StreamId, Bell)>, Failure> {
        bell::parse(body, |stream| self.owns(stream)).map_err(|e| Failure::new(e.code(), &e))
    }

    /// Handles what waits for one stream. Bells are doorbells: the journal says what is true. Answers those
    /// that it could not understand; all others are done.
    ///
    /// # Errors
    /// Where all of them should come again.
    async fn handle(&self, stream: StreamId, bells: Vec<Bell>) -> Result<Vec<SetAside>, Failure>;
}

/// What waits for a stream: each bell, and the messages that brought it.
type Group = BTreeMap<Bell, BTreeSet<String>>;

/// Handles a batch. A message fails when one of the streams that it wakes does, or when it is no bell: then
/// the queue delivers it again and in the end sets it aside, where an alarm waits.
pub async fn handle(event: SqsEvent, handler: &dyn Handler) -> BatchAnswer {
    let mut failed = BTreeSet::new();
    let mut groups: BTreeMap<StreamId, Group> = BTreeMap::new();
    for message in event.records {
        match handler.bells(&message.body).await {
            Ok(bells) => {
                for (stream, bell) in bells {
                    let messages = groups.entry(stream).or_default().entry(bell).or_default();
                    messages.insert(message.message_id.clone());
                }
            }
            Err(failure) => {
                tracing::error!(message = %message.message_id, code = %failure.code, error = %failure.text, "no bell");
                failed.insert(message.message_id);
            }
        }
    }
    let runs = groups
        .into_iter()
        .map(|(stream, group)| isolated(handler, stream, group));
    let results: Vec<_> = stream::iter(runs).buffer_unordered(AT_ONCE).collect().await;
    failed.extend(results.into_iter().flatten());
    BatchAnswer::failed(failed)
}

/// Handles one stream; answers the messages that are to come again. A panic ends this stream's turn alone.
async fn isolated(handler: &dyn Handler, stream: StreamId, group: Group) -> BTreeSet<String> {
    let (bells, messages): (Vec<Bell>, Vec<BTreeSet<String>>) = group.into_iter().unzip();
    let count = bells.len();
    let failure = match AssertUnwindSafe(handler.handle(stream.clone(), bells))
        .catch_unwind()
        .await
    {
        Ok(Ok(set_aside)) => {
            for SetAside { bell, failure } in &set_aside {
                tracing::error!(%stream, bell, code = %failure.code, error = %failure.text, "set aside");
            }
            tracing::info!(%stream, bells = count, "handled");
            return set_aside
                .iter()
                .filter_map(|aside| messages.get(aside.bell))
                .flatten()
                .cloned()
                .collect();
        }
        Ok(Err(failure)) => failure,
        Err(_) => Failure {
            code: "panic".to_owned(),
            text: "a defect: the turn panicked".to_owned(),
        },
    };
    tracing::error!(%stream, bells = count, code = %failure.code, error = %failure.text, "not handled");
    messages.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::lambda::{bell::ring_body, events::SqsMessage};

    /// Fails or panics as the stream's name says, and notes the rest.
    #[derive(Default)]
    struct Scripted(Mutex<BTreeMap<String, usize>>);

    #[async_trait]
    impl Handler for Scripted {
        fn owns(&self, stream: &StreamId) -> bool {
            stream.kind() == "goal"
        }

        async fn handle(
            &self,
            stream: StreamId,
            bells: Vec<Bell>,
        ) -> Result<Vec<SetAside>, Failure> {
            match stream.id() {
                "fails" => Err(Failure {
                    code: "x".to_owned(),
                    text: "y".to_owned(),
                }),
                "panics" => panic!("scripted"),
                id => {
                    self.0
                        .lock()
                        .expect("the lock")
                        .insert(id.to_owned(), bells.len());
                    let odd = |bell: &Bell| matches!(bell, Bell::Event { at, .. } if at.0 == 13);
                    let failure = Failure {
                        code: "odd".to_owned(),
                        text: String::new(),
                    };
                    let aside = bells.iter().enumerate().filter(|(_, bell)| odd(bell));
                    Ok(aside
                        .map(|(bell, _)| SetAside {
                            bell,
                            failure: failure.clone(),
                        })
                        .collect())
                }
            }
        }
    }

    fn batch(bodies: &[&str]) -> SqsEvent {
        let message = |(n, body): (usize, &&str)| SqsMessage {
            message_id: format!("m{n}"),
            body: (*body).to_owned(),
        };
        SqsEvent {
            records: bodies.iter().enumerate().map(message).collect(),
        }
    }

    fn ring(id: &str) -> String {
        ring_body(&StreamId::new("goal", id).expect("a stream"))
    }

    fn run(bodies: &[&str]) -> (Vec<String>, BTreeMap<String, usize>) {
        let handler = Scripted::default();
        let answer = futures::executor::block_on(handle(batch(bodies), &handler));
        let failed = answer
            .batch_item_failures
            .into_iter()
            .map(|f| f.item_identifier)
            .collect();
        (failed, handler.0.into_inner().expect("the lock"))
    }

    #[test]
    fn one_poisoned_message_takes_no_other_with_it() {
        let (failed, handled) = run(&[
            &ring("a"),
            &ring("panics"),
            "poison",
            &ring("fails"),
            &ring("b"),
        ]);
        assert_eq!(failed, ["m1", "m2", "m3"]);
        assert_eq!(handled.into_keys().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn a_bell_that_is_set_aside_takes_no_other_of_its_stream_with_it() {
        let event = |version| {
            format!(
                r#"{{"detail":{{"event_id":"month/x@{version}.0","stream":"month/x","for":[{{"stream":"goal/a"}}]}}}}"#
            )
        };
        let (failed, handled) = run(&[&event(1), &event(13), &ring("a")]);
        assert_eq!(failed, ["m1"]);
        assert_eq!(handled, BTreeMap::from([("a".to_owned(), 3)]));
    }

    #[test]
    fn messages_of_one_stream_are_one_turn() {
        let (failed, handled) = run(&[&ring("a"), &ring("a"), &ring("a")]);
        assert!(failed.is_empty());
        assert_eq!(handled, BTreeMap::from([("a".to_owned(), 1)]));
    }

    #[test]
    fn every_message_of_a_failed_stream_comes_again() {
        let (failed, _) = run(&[&ring("fails"), &ring("a"), &ring("fails")]);
        assert_eq!(failed, ["m0", "m2"]);
    }

    #[test]
    fn a_message_for_somebody_else_is_done() {
        let (failed, handled) = run(&[&ring_body(&"month/x".parse().expect("a stream"))]);
        assert!(failed.is_empty() && handled.is_empty());
    }
}
