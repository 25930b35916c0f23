//! Bells: what a message of a queue says, of which nothing is believed but where to look.

use serde::Deserialize;
use va_domain::{envelope::EventPos, ids::StreamId};

/// Why a stream's owner is woken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bell {
    /// An event of another stream is addressed to it.
    Event {
        /// Where the event stands.
        stream: StreamId,
        /// The version of its commit, and its number within.
        at: EventPos,
    },
    /// The clock says that something is due.
    Ring,
}

/// Why a message is no bell.
#[derive(Debug, thiserror::Error)]
pub enum BellError {
    /// Neither an envelope from the bus nor a ring.
    #[error("the message is neither an event of the bus nor a ring")]
    Shape(#[source] serde_json::Error),
    /// An event that names no place in a stream.
    #[error("the event's id `{id}` does not end in @<version>.<n> of its stream")]
    Place {
        /// What stands there.
        id: String,
    },
}

impl BellError {
    /// A stable name for logs and runbooks.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Shape(_) => "bell_shape",
            Self::Place { .. } => "bell_place",
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Message {
    Bus { detail: Detail },
    Ring { ring: StreamId },
}

#[derive(Deserialize)]
struct Detail {
    event_id: String,
    stream: StreamId,
    #[serde(rename = "for", default)]
    targets: Vec<Addressee>,
}

#[derive(Deserialize)]
struct Addressee {
    stream: StreamId,
}

/// The message that rings a stream.
#[must_use]
pub fn ring_body(stream: &StreamId) -> String {
    serde_json::json!({ "ring": stream }).to_string()
}

/// The streams that a message wakes, of those that `owns` names, each with the bell. An event may be
/// addressed to several streams of one owner, and to streams of others.
///
/// # Errors
/// Where the message is no bell; it will never be one.
pub fn parse(
    body: &str,
    owns: impl Fn(&StreamId) -> bool,
) -> Result<Vec<(StreamId, Bell)>, BellError> {
    match serde_json::from_str(body).map_err(BellError::Shape)? {
        Message::Ring { ring } => Ok([(ring, Bell::Ring)]
            .into_iter()
            .filter(|(stream, _)| owns(stream))
            .collect()),
        Message::Bus { detail } => {
            let at = place(&detail).ok_or_else(|| BellError::Place {
                id: detail.event_id.chars().take(200).collect(),
            })?;
            let bell = Bell::Event {
                stream: detail.stream,
                at,
            };
            let woken = detail
                .targets
                .into_iter()
                .map(|target| target.stream)
                .filter(|stream| owns(stream));
            Ok(woken.map(|stream| (stream, bell.clone())).collect())
        }
    }
}

fn place(detail: &Detail) -> Option<EventPos> {
    let rest = detail
        .event_id
        .strip_prefix(detail.stream.as_str())?
        .strip_prefix('@')?;
    let (version, n) = rest.split_once('.')?;
    Some(EventPos(version.parse().ok()?, n.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(name: &str) -> StreamId {
        name.parse().expect("a stream")
    }

    fn event(id: &str) -> String {
        format!(
            r#"{{"version":"0","detail-type":"ContentReady.v1","detail":{{"event_id":"{id}","stream":"goal/a.b",
            "for":[{{"stream":"task-reviewer/1"}},{{"stream":"task-reviewer/2"}},{{"stream":"month/x"}}]}}}}"#
        )
    }

    #[test]
    fn an_event_wakes_each_of_the_owners_streams_that_it_names() {
        let bells =
            parse(&event("goal/a.b@12.3"), |s| s.kind() == "task-reviewer").expect("a bell");
        let bell = Bell::Event {
            stream: stream("goal/a.b"),
            at: EventPos(12, 3),
        };
        assert_eq!(
            bells,
            [
                (stream("task-reviewer/1"), bell.clone()),
                (stream("task-reviewer/2"), bell)
            ]
        );
    }

    #[test]
    fn a_ring_wakes_its_stream_only_at_its_owner() {
        let body = ring_body(&stream("goal/a"));
        assert_eq!(
            parse(&body, |_| true).expect("a bell"),
            [(stream("goal/a"), Bell::Ring)]
        );
        assert_eq!(parse(&body, |_| false).expect("a bell"), []);
    }

    #[test]
    fn what_is_no_bell_is_said_to_be_none() {
        for (body, code) in [
            ("", "bell_shape"),
            ("{}", "bell_shape"),
            (r#"{"ring":"NOT A STREAM"}"#, "bell_shape"),
            (event("other/a@1.0").as_str(), "bell_place"),
            (event("goal/a.b@x.0").as_str(), "bell_place"),
        ] {
            assert_eq!(
                parse(body, |_| true).expect_err("no bell").code(),
                code,
                "{body}"
            );
        }
    }
}
