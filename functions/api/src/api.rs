//! Which route a request takes, and what every route works with.

use std::sync::Arc;

use va_agents::manifest::{Operation, ROUTES, VIEW_GENERATION};
use va_aws::{
    Aws,
    blobs::S3Blobs,
    effects::NoEffects,
    journal::DynamoJournal,
    lambda::{
        FunctionError,
        agent::identity,
        http::{Problem, Request, Response},
    },
    views::Views,
    world::SystemWorld,
};
use va_domain::{envelope::Envelope, ids::StreamId, payload::Payload};
use va_runtime::{
    kernel::{Identity, Kernel, Ports},
    ports::Journal as _,
};

use crate::{answers, blobs, goals};

/// The most characters of an Idempotency-Key.
const KEY: usize = 128;

/// The company behind the door.
pub struct Api {
    pub(crate) company: String,
    pub(crate) month_cap: Option<String>,
    pub(crate) journal: Arc<DynamoJournal>,
    pub(crate) blobs: Arc<S3Blobs>,
    pub(crate) views: Views,
    identity: Identity,
}

impl Api {
    /// On the ports of this deployment.
    pub fn new(aws: &Aws) -> Result<Self, FunctionError> {
        Ok(Self {
            company: aws.names.company.clone(),
            month_cap: aws.names.month_cap().map(str::to_owned),
            journal: Arc::new(aws.journal()?),
            blobs: Arc::new(aws.blobs()?),
            views: aws.views(VIEW_GENERATION)?,
            identity: identity(aws, "api"),
        })
    }

    /// A kernel that remembers nothing, since others append, and that decides and runs nothing.
    pub(crate) fn kernel(&self) -> Kernel {
        let ports = Ports {
            journal: Arc::clone(&self.journal) as _,
            blobs: Arc::clone(&self.blobs) as _,
            world: Arc::new(SystemWorld),
            effects: Arc::new(NoEffects),
        };
        Kernel::new(self.identity.clone(), ports, Vec::new())
    }

    /// Answers a request, once its token has the scope of its route.
    pub async fn answer(&self, request: &Request) -> Result<Response, Problem> {
        let Some((operation, scope)) = route(&request.route_key) else {
            return Err(Problem::new(404, "route_unknown", "nothing is there"));
        };
        request.require(scope)?;
        match operation {
            Operation::PutBlob => blobs::put(self, request).await,
            Operation::SubmitGoal => goals::submit(self, request).await,
            Operation::ShowGoal => goals::show(self, request).await,
            Operation::ListBlockers => answers::list(self).await,
            Operation::AnswerBlocker => answers::answer(self, request).await,
        }
    }

    /// What was said in the one commit of an act's stream; `None` where nobody has acted so.
    pub(crate) async fn said<P: Payload>(&self, act: &StreamId) -> Result<Option<P>, Problem> {
        let commits = self.journal.read(act, 1, 1).await?;
        let Some(commit) = commits.first() else {
            return Ok(None);
        };
        let unread = |_| Problem::new(500, "act_unread", "a defect of ours; the logs say more");
        let events = commit.read().map_err(unread)?.events;
        let said = events.iter().find(|event: &&Envelope| event.is::<P>());
        match said {
            Some(event) => event.read().map(Some).map_err(|e| {
                tracing::error!(%act, error = %e, "an act cannot be read");
                Problem::new(500, "act_unread", "a defect of ours; the logs say more")
            }),
            None => Err(reused()),
        }
    }
}

/// The operation behind a route such as `GET /v1/blockers`, and its scope.
fn route(key: &str) -> Option<(Operation, &'static str)> {
    let (method, path) = key.split_once(' ')?;
    let known = ROUTES
        .iter()
        .find(|known| (known.1, known.2) == (method, path));
    known.map(|(operation, _, _, scope)| (*operation, *scope))
}

/// The client's key, by which a repetition is known.
pub fn idempotency_key(request: &Request) -> Result<Option<&str>, Problem> {
    match request.header("idempotency-key").map(str::trim) {
        None => Ok(None),
        Some(key)
            if (1..=KEY).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()) =>
        {
            Ok(Some(key))
        }
        Some(_) => {
            let detail = "an Idempotency-Key is 1 to 128 characters of ASCII without spaces";
            Err(Problem::new(400, "idempotency_key_invalid", detail))
        }
    }
}

/// The same key, and something else.
pub fn reused() -> Problem {
    let detail = "this Idempotency-Key was sent with another body; take a new key for a new wish";
    Problem::new(422, "idempotency_key_reused", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_key(key: &str) -> Result<Option<String>, u16> {
        let mut request = Request::default();
        request.headers.insert("idempotency-key".into(), key.into());
        let key = idempotency_key(&request).map_err(|p| p.status)?;
        Ok(key.map(str::to_owned))
    }

    #[test]
    fn a_key_is_short_and_plain_or_refused() {
        assert_eq!(with_key("\"k-1\""), Ok(Some("\"k-1\"".into())));
        for bad in ["", "a b", "ä", &"k".repeat(129)] {
            assert_eq!(with_key(bad), Err(400), "{bad}");
        }
    }

    #[test]
    fn a_request_is_known_by_method_and_path() {
        let found = route("POST /v1/goals");
        assert_eq!(found, Some((Operation::SubmitGoal, "va/goals.write")));
        let found = route("GET /v1/goals/{id}");
        assert_eq!(found, Some((Operation::ShowGoal, "va/goals.read")));
        for unknown in ["GET /v1/goals", "POST", "DELETE /v1/blockers"] {
            assert_eq!(route(unknown), None, "{unknown}");
        }
    }
}
