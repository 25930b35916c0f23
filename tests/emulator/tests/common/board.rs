//! People who ask over HTTP, and what comes about.

use std::time::Duration;

use serde_json::{Value, json};
use va_catalogue::intake;
use va_domain::{
    ids::{BlobId, StreamId},
    state::{IncidentBody, StreamState},
};
use va_emulator::Answer;
use va_runtime::ports::Journal as _;

use super::{
    company::{Company, ESPRESSO, root},
    journal,
};

/// Looks of a quarter of a second until something has come about.
pub const LOOKS: u32 = 480;
pub const READ: &str = "va/goals.read";
pub const WRITE: &str = "va/goals.write";
pub const ANSWER: &str = "va/blockers.answer";

/// A goal as the body of a request, its catalogue by its hash.
pub fn body(goal: &str, catalogue: &[u8], imprint: Option<&[u8]>) -> Vec<u8> {
    let mut spec = intake::parse_goal(goal, "goal.toml").expect("a goal");
    spec.catalogue.file = BlobId::of(catalogue).to_string();
    spec.site.imprint = imprint.map(|bytes| BlobId::of(bytes).to_string());
    serde_json::to_vec(&spec).expect("JSON")
}

/// Asks; nothing of it fails on the way.
pub struct Board<'a> {
    company: &'a Company,
    token: String,
}

impl<'a> Board<'a> {
    pub async fn with(company: &'a Company, scopes: &[&str]) -> Self {
        let token = company.deployment.token(scopes).await.expect("a token");
        Self { company, token }
    }

    pub async fn ask(&self, method: &str, path: &str, key: Option<&str>, body: &[u8]) -> Answer {
        let headers: Vec<(&str, &str)> = key.map(|k| ("Idempotency-Key", k)).into_iter().collect();
        let deployment = &self.company.deployment;
        let asked = deployment.ask(method, path, Some(&self.token), &headers, body);
        asked.await.expect("an answer")
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None, b"").await
    }

    pub async fn put(&self, bytes: &[u8]) -> Answer {
        let path = format!("/v1/blobs/{}", BlobId::of(bytes).hex());
        let answer = self.ask("PUT", &path, None, bytes).await;
        let said = String::from_utf8_lossy(&answer.body);
        assert_eq!(
            answer.status,
            201,
            "{said}\n{}",
            self.company.emulator.log()
        );
        answer
    }

    /// Sends what a goal needs, and the goal; answers what is said to it.
    pub async fn submit(&self, wish: &Wish, key: &str) -> Answer {
        for bytes in [Some(&wish.catalogue), wish.imprint.as_ref()]
            .into_iter()
            .flatten()
        {
            self.put(bytes).await;
        }
        self.taken(&wish.body, key).await
    }

    /// Sends a goal that is taken.
    pub async fn taken(&self, body: &[u8], key: &str) -> Answer {
        let taken = self.ask("POST", "/v1/goals", Some(key), body).await;
        let said = String::from_utf8_lossy(&taken.body);
        assert_eq!(taken.status, 202, "{said}\n{}", self.company.emulator.log());
        taken
    }

    /// Asks until what is answered is as it should be, while the clock ticks.
    pub async fn until(&self, path: &str, is: impl Fn(&Value) -> bool) -> Value {
        let mut last = Value::Null;
        for look in 0..LOOKS {
            last = self.get(path).await.json();
            if is(&last) {
                return last;
            }
            if look % 20 == 19 {
                // A clock that fails ticks again.
                let _ = self.company.deployment.tick().await;
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        panic!("{path} stays {last}\n{}", self.company.emulator.log());
    }
}

/// The bytes of a goal that is sent.
pub struct Wish {
    pub body: Vec<u8>,
    pub catalogue: Vec<u8>,
    pub imprint: Option<Vec<u8>>,
}

/// The goal that both homes work on.
pub fn espresso() -> Wish {
    let folder = root().join(ESPRESSO);
    let goal = std::fs::read_to_string(folder.join("goal.toml")).expect("the goal");
    let spec = intake::parse_goal(&goal, "goal.toml").expect("a goal");
    let catalogue = std::fs::read(folder.join(&spec.catalogue.file)).expect("the catalogue");
    let imprint = spec.site.imprint.as_ref();
    let imprint = imprint.map(|name| std::fs::read(folder.join(name)).expect("the imprint"));
    Wish {
        body: body(&goal, &catalogue, imprint.as_deref()),
        catalogue,
        imprint,
    }
}

/// A change of an alarm, as CloudWatch tells it.
pub fn alarm(name: &str, state: &str, minute: u8) -> Value {
    json!({
        "version": "0", "id": format!("e-{minute}"), "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch", "region": "eu-central-1",
        "detail": {
            "alarmName": name,
            "state": {
                "value": state, "reason": "1 datapoint was above 0",
                "timestamp": format!("2026-11-20T10:0{minute}:00.000+0000"),
            },
            "previousState": { "value": "OK" },
            "configuration": {
                "description": "A function fails. runbook: docs/runbooks/function-errors.md severity: medium",
                "metrics": [],
            },
        },
    })
}

/// An incident as it stands.
pub async fn incident(company: &Company, stream: &StreamId) -> IncidentBody {
    let journal = journal(&company.deployment);
    let mut state = StreamState::new(stream.clone());
    for commit in journal.read(stream, 1, 1000).await.expect("read") {
        state
            .apply(&commit.read().expect("a body"))
            .expect("a fold");
    }
    state.body.incident().cloned().unwrap_or_default()
}

pub async fn incident_until(
    company: &Company,
    stream: &StreamId,
    is: impl Fn(&IncidentBody) -> bool,
) -> IncidentBody {
    for _ in 0..LOOKS {
        let body = incident(company, stream).await;
        if is(&body) {
            return body;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    panic!(
        "{:?}\n{}",
        incident(company, stream).await,
        company.emulator.log()
    );
}
