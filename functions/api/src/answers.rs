//! `GET /v1/blockers` and `POST /v1/blockers/{id}/answer`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use va_agents::{
    blockers,
    view::{BLOCKERS, open_blockers},
};
use va_aws::lambda::http::{Problem, Request, Response};
use va_domain::{
    envelope::Target,
    goal_spec::Priority,
    ids::{StreamId, digest_of, kind},
    payload::BlockerAnswered,
};
use va_runtime::agent::Decision;

use crate::api::{Api, idempotency_key, reused};

/// What a stream asks of a person, as the projector keeps it.
#[derive(Deserialize)]
struct Asked {
    stream: StreamId,
    blockers: Vec<Value>,
}

/// The body of an answer.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    #[serde(default)]
    set: BTreeMap<String, String>,
    #[serde(default)]
    note: Option<String>,
}

/// Every open blocker.
pub async fn list(api: &Api) -> Result<Response, Problem> {
    let asked = asked(api).await?;
    let all: Vec<Value> = asked.into_iter().flat_map(|asked| asked.blockers).collect();
    let document = json!({ "schema": "va.blockers/1", "blockers": all });
    Ok(Response::json(200, &document))
}

/// Answers a blocker, as `va unblock` does. The same answer again is the same act.
pub async fn answer(api: &Api, request: &Request) -> Result<Response, Problem> {
    let id = request.parameter("id");
    let bytes = request.bytes()?;
    let key = idempotency_key(request)?.map_or_else(
        || digest_of(&["body", &String::from_utf8_lossy(&bytes)]),
        str::to_owned,
    );
    let answer = read(&bytes)?;
    let act = StreamId::caused(kind::BOARD, &["POST /v1/blockers", id, &key]);
    if let Some(before) = api.said::<BlockerAnswered>(&act).await? {
        let same = before.set == answer.set && before.note == answer.note;
        return if same {
            Ok(accepted(id))
        } else {
            Err(reused())
        };
    }
    let asked = asked(api).await?.into_iter().find(|asked| {
        asked
            .blockers
            .iter()
            .any(|blocker| blocker["id"].as_str() == Some(id))
    });
    let Some(Asked { stream, .. }) = asked else {
        let detail = "no blocker of that id is open; GET /v1/blockers lists those that are";
        return Err(Problem::new(404, "blocker_unknown", detail));
    };
    // The view may be a moment old; the stream says what is asked now.
    let state = api.kernel().fold(&stream).await?.state;
    let open = open_blockers(&state)
        .into_iter()
        .find(|(open, _)| open.id == id);
    let Some((open, _)) = open else {
        let detail = "the blocker was answered a moment ago";
        return Err(Problem::new(409, "blocker_closed", detail));
    };
    let said = blockers::answer(open, answer.set, answer.note)
        .map_err(|e| Problem::new(422, e.code(), e.to_string()))?;
    let mut decision = Decision::nothing();
    decision
        .send(&said, vec![Target::tell(stream.clone())])
        .map_err(|_| Problem::new(500, "defect", "a defect of ours"))?;
    api.kernel()
        .act(&act, decision, Priority::P0, stream.as_str())
        .await?;
    Ok(accepted(id))
}

async fn asked(api: &Api) -> Result<Vec<Asked>, Problem> {
    let documents = api.views.all(BLOCKERS).await?;
    let asked = documents.iter().map(|text| serde_json::from_str(text));
    asked.collect::<Result<_, _>>().map_err(|error| {
        tracing::error!(%error, "a view cannot be read");
        Problem::new(500, "view_unread", "a defect of ours; the logs say more")
    })
}

fn read(bytes: &[u8]) -> Result<Answer, Problem> {
    if bytes.is_empty() {
        return Ok(Answer::default());
    }
    serde_json::from_slice(bytes).map_err(|e| {
        let status = if e.is_data() { 422 } else { 400 };
        let detail = format!("an answer is {{\"set\": {{key: value}}, \"note\": text}}: {e}");
        Problem::new(status, "answer_invalid", detail)
    })
}

fn accepted(id: &str) -> Response {
    Response::json(202, &json!({ "schema": "va.answered/1", "blocker": id }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_what_it_sets_and_nothing_that_is_not_known() {
        let answer = read(br#"{"set":{"revenue.tag":"x"},"note":"ok"}"#).expect("an answer");
        assert_eq!(answer.set["revenue.tag"], "x");
        assert!(read(b"").is_ok_and(|answer| answer.set.is_empty()));
        assert_eq!(read(b"{").map_err(|p| p.status).expect_err("refused"), 400);
        let unknown = read(br#"{"sets":{}}"#).expect_err("refused");
        assert_eq!(
            (unknown.status, unknown.code.as_str()),
            (422, "answer_invalid")
        );
    }
}
