//! The two functions behind the table's stream. No more than two may read a shard of it at once, so that
//! the projector is rung by the relay.

use va_domain::ids::kind;

use super::{
    BUS, COMMITS, DECIDE_S, NotaryEntry, Permission, RelayEntry, SEAL_KEY, TABLE, VAULT, function,
    permission, queue_name, queue_variable, sets_aside_what_a_schedule_called, variables,
};

/// Seconds that commits are gathered before they are sealed: about a goal's length, so that a goal is
/// sealed in one or two seals.
const WINDOW_S: u32 = 60;
/// Seconds that the table's stream keeps a record.
const KEPT_S: u32 = 24 * 3600;

pub(super) fn relay() -> RelayEntry {
    let projector = "{queue:projector}";
    let environment = variables(&[("VA_BUS", BUS), (&queue_variable("projector"), projector)]);
    let dead_letters = "va-{env}-relay-queue-dlq";
    let permissions = vec![
        reads_the_stream(),
        permission(format!("bus:{BUS}"), &["events:PutEvents"]),
        permission(
            format!("queue:{}", queue_name("projector")),
            &["sqs:SendMessage"],
        ),
        permission(format!("queue:{dead_letters}"), &["sqs:SendMessage"]),
    ];
    RelayEntry {
        function: function("relay", "va-fn-relay", DECIDE_S, environment, permissions),
        starting_position: "TRIM_HORIZON".into(),
        event_name: "INSERT".into(),
        key_prefix: COMMITS.into(),
        batch_size: 100,
        bisect_on_error: true,
        max_age_s: 3600,
        dead_letters: dead_letters.into(),
    }
}

/// The notary keeps the commits themselves where nobody can change them, seals them, and looks through what
/// stands.
pub(super) fn notary() -> NotaryEntry {
    let environment = variables(&[
        ("VA_TABLE", TABLE),
        ("VA_VAULT_BUCKET", VAULT),
        ("VA_SEAL_KEY", SEAL_KEY),
    ]);
    let dead_letters = "va-{env}-notary-queue-dlq";
    let permissions = vec![
        reads_the_stream(),
        permission(
            format!("table:{TABLE}"),
            &["dynamodb:PutItem", "dynamodb:Query"],
        ),
        permission(format!("bucket:{VAULT}"), &["s3:ListBucket"]),
        permission(
            format!("objects:{VAULT}/{{company}}/"),
            &["s3:GetObject", "s3:PutObject"],
        ),
        permission(format!("key:{SEAL_KEY}"), &["kms:GetPublicKey", "kms:Sign"]),
        permission(format!("queue:{dead_letters}"), &["sqs:SendMessage"]),
        sets_aside_what_a_schedule_called(),
    ];
    NotaryEntry {
        function: function("notary", "va-fn-notary", DECIDE_S, environment, permissions),
        starting_position: "TRIM_HORIZON".into(),
        key_prefix: COMMITS.into(),
        batch_size: 500,
        window_s: WINDOW_S,
        bisect_on_error: true,
        max_age_s: KEPT_S,
        dead_letters: dead_letters.into(),
        schedule: "rate(1 hour)".into(),
        streams: vec![kind::AUDIT.to_owned()],
    }
}

fn reads_the_stream() -> Permission {
    permission(
        format!("stream:{TABLE}"),
        &[
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:ListStreams",
        ],
    )
}
