//! The board's door over HTTP, and the views that it answers from.

use va_domain::ids::kind;

use super::{
    ApiEntry, BATCH, BLOBS, DECIDE_S, ProjectorEntry, Route, TABLE, function, listens, permission,
    queue, variables,
};

/// The generation of the views: raised when their shape changes, so that the new ones stand beside the old.
pub const VIEW_GENERATION: u32 = 1;

/// Seconds of a request: the HTTP API waits for thirty.
const REQUEST_S: u32 = 29;
/// Megabytes of the API's function: a catalogue is read and planned from while somebody waits.
const REQUEST_MB: u32 = 512;

/// What may be asked of the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Keeps bytes under their hash.
    PutBlob,
    /// Takes a goal.
    SubmitGoal,
    /// Shows a goal.
    ShowGoal,
    /// Lists what waits for a person.
    ListBlockers,
    /// Takes a person's answer.
    AnswerBlocker,
}

/// Method, path and scope of each operation.
pub const ROUTES: &[(Operation, &str, &str, &str)] = &[
    (Operation::PutBlob, "PUT", "/v1/blobs/{sha256}", WRITE),
    (Operation::SubmitGoal, "POST", "/v1/goals", WRITE),
    (Operation::ShowGoal, "GET", "/v1/goals/{id}", READ),
    (Operation::ListBlockers, "GET", "/v1/blockers", READ),
    (
        Operation::AnswerBlocker,
        "POST",
        "/v1/blockers/{id}/answer",
        ANSWER,
    ),
];

const READ: &str = "va/goals.read";
const WRITE: &str = "va/goals.write";
const ANSWER: &str = "va/blockers.answer";

pub(super) fn projector() -> ProjectorEntry {
    let environment = variables(&[("VA_TABLE", TABLE), ("VA_BLOB_BUCKET", BLOBS)]);
    let permissions = vec![
        permission(
            format!("table:{TABLE}"),
            &["dynamodb:PutItem", "dynamodb:Query"],
        ),
        // A large state is a blob.
        permission(
            format!("objects:{BLOBS}/{{company}}/blobs/"),
            &["s3:GetObject"],
        ),
        listens("projector"),
    ];
    ProjectorEntry {
        function: function(
            "projector",
            "va-fn-projector",
            DECIDE_S,
            environment,
            permissions,
        ),
        queue: queue("projector", DECIDE_S, BATCH),
        streams: vec![format!("view:{VIEW_GENERATION}")],
    }
}

pub(super) fn api() -> ApiEntry {
    let environment = variables(&[("VA_TABLE", TABLE), ("VA_BLOB_BUCKET", BLOBS)]);
    let permissions = vec![
        permission(
            format!("table:{TABLE}"),
            &["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
        ),
        // Without the right to list, a blob that is missing cannot be told from one that is forbidden.
        permission(format!("bucket:{BLOBS}"), &["s3:ListBucket"]),
        permission(
            format!("objects:{BLOBS}/{{company}}/blobs/"),
            &["s3:GetObject", "s3:PutObject"],
        ),
    ];
    let mut function = function("api", "va-fn-api", REQUEST_S, environment, permissions);
    function.memory_mb = REQUEST_MB;
    ApiEntry {
        function,
        routes: ROUTES
            .iter()
            .map(|(_, method, path, scope)| Route {
                method: (*method).to_owned(),
                path: (*path).to_owned(),
                scope: (*scope).to_owned(),
            })
            .collect(),
        streams: vec![kind::BOARD.to_owned()],
    }
}
