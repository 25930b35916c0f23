//! What functions may do is what they do: their calls, as a proxy saw them, against the manifest.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_s3::primitives::ByteStream;
use common::{
    board::{ANSWER, Board, READ, WRITE, alarm, espresso, incident_until},
    commit,
    company::Company,
    journal,
};
use jiff::Timestamp;
use va_agents::{
    cto::incident_of,
    manifest::{Manifest, manifest},
};
use va_emulator::{Call, Deployment, Emulator, Options, Proxy, functions};
use va_runtime::ports::Journal as _;

/// A right that AWS needs and no call here uses: of which function (`*`: of all), which action, on what kind of thing, and
/// why.
type Unasked = (&'static str, &'static str, &'static str, &'static str);

/// Lambda reads queues and streams in a function's name, and sets aside what it could not handle, as it does with calls of
/// schedules; S3 tells who may list
/// that an object is missing; what a process no longer remembers of a stream it reads again; a state of 64 KiB is a blob.
/// Nothing here comes to the last two.
const UNASKED: &[Unasked] = &[
    ("*", "sqs:ReceiveMessage", "queue", QUEUES),
    ("*", "sqs:DeleteMessage", "queue", QUEUES),
    ("*", "sqs:GetQueueAttributes", "queue", QUEUES),
    ("*", "dynamodb:DescribeStream", "stream", STREAMS),
    ("*", "dynamodb:GetRecords", "stream", STREAMS),
    ("*", "dynamodb:GetShardIterator", "stream", STREAMS),
    ("*", "dynamodb:ListStreams", "stream", STREAMS),
    (
        "relay",
        "sqs:SendMessage",
        "queue:va-dev-relay-queue-dlq",
        DISCARDED,
    ),
    (
        "notary",
        "sqs:SendMessage",
        "queue:va-dev-notary-queue-dlq",
        DISCARDED,
    ),
    (
        "clock",
        "sqs:SendMessage",
        "queue:va-dev-core-schedules-queue-dlq",
        FAILED,
    ),
    (
        "notary",
        "sqs:SendMessage",
        "queue:va-dev-core-schedules-queue-dlq",
        FAILED,
    ),
    ("*", "dynamodb:GetItem", "table", HEADS),
    ("*", "s3:ListBucket", "bucket:va-dev-core-bucket", MISSING),
    (
        "cfo",
        "s3:GetObject",
        "objects:va-dev-core-bucket/acme/blobs/",
        LARGE,
    ),
    (
        "cfo",
        "s3:PutObject",
        "objects:va-dev-core-bucket/acme/blobs/",
        LARGE,
    ),
    (
        "cto",
        "s3:GetObject",
        "objects:va-dev-core-bucket/acme/blobs/",
        LARGE,
    ),
    (
        "cto",
        "s3:PutObject",
        "objects:va-dev-core-bucket/acme/blobs/",
        LARGE,
    ),
    (
        "projector",
        "s3:GetObject",
        "objects:va-dev-core-bucket/acme/blobs/",
        LARGE,
    ),
];
const QUEUES: &str = "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html";
const STREAMS: &str =
    "https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-eventsourcemapping.html";
const DISCARDED: &str =
    "https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html";
const FAILED: &str =
    "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html";
const MISSING: &str = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html";
const HEADS: &str = "shared/aws/src/journal/heads.rs";
const LARGE: &str = "docs/architecture.md#state-changes-in-one-way";

/// Streams of every agent, for which the clock rings it.
const OWNED: [&str; 8] = [
    "goal/late",
    "month/2020-01",
    "task-cmo/late",
    "incident/late",
    "task-content-generator/late",
    "task-reviewer/late",
    "task-affiliate-linker/late",
    "task-publisher/late",
];

/// Every function asks by an endpoint of its own.
async fn watched(emulator: &Emulator) -> (Proxy, Manifest) {
    let mut proxy = Proxy::before(&emulator.endpoint());
    let mut manifest = manifest();
    for (name, function) in functions(&mut manifest) {
        let endpoint = proxy.endpoint(&name).await.expect("a port");
        let name = "AWS_ENDPOINT_URL".to_owned();
        function.environment.insert(name, endpoint);
    }
    (proxy, manifest)
}

/// A file where none should be, for whoever puts files there to remove.
async fn stale(deployment: &Deployment, bucket: &str, key: &str) {
    let put = deployment.clients.s3.put_object();
    let put = put.bucket(deployment.resolve(bucket)).key(key);
    let put = put.body(ByteStream::from_static(b"stale")).send().await;
    put.expect("a file");
}

/// A commit on which somebody has laid hands.
async fn tampered(deployment: &Deployment, partition: &str) {
    let key = [("PK", partition.to_owned()), ("SK", format!("E#{:020}", 1))];
    let update = deployment.clients.dynamodb.update_item();
    let update = key.into_iter().fold(update, |update, (name, value)| {
        update.key(name, AttributeValue::S(value))
    });
    update
        .table_name(deployment.table())
        .update_expression("SET body = :b")
        .expression_attribute_values(":b", AttributeValue::S("{}".to_owned()))
        .send()
        .await
        .expect("changed");
}

/// Whether a right on this resource of the manifest is one on what was called.
fn covers(right: &str, called: &str) -> bool {
    match right.split_once(':') {
        Some(("objects", _)) => called.starts_with(right),
        // A key is called by its address.
        Some(("key", _)) => called.starts_with("key:"),
        _ => right == called,
    }
}

fn excused(function: &str, action: &str, resource: &str) -> Option<&'static Unasked> {
    UNASKED.iter().find(|(who, what, on, _)| {
        (*who == "*" || *who == function)
            && *what == action
            && (resource == *on || resource.split(':').next() == Some(on))
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn functions_call_what_they_may_and_may_nothing_that_none_of_them_calls() {
    let emulator = Emulator::guarded().await.expect("the emulator");
    let (proxy, manifest) = watched(&emulator).await;
    let company = Company::on(emulator, manifest, Options::default()).await;
    let deployment = &company.deployment;
    let board = Board::with(&company, &[READ, WRITE, ANSWER]).await;

    // A goal, with files where it will put its own.
    stale(
        deployment,
        "va-{env}-content-bucket",
        "acme/sites/espresso-guide/old.html",
    )
    .await;
    let taken = board.submit(&espresso(), "k-1").await;
    let goal = taken.json()["goal_id"].as_str().expect("an id").to_owned();
    stale(
        deployment,
        "va-{env}-core-bucket",
        &format!("acme/reports/{goal}/old.json"),
    )
    .await;
    let path = &taken.headers["location"];
    board.until(path, |goal| goal["state"] == "done").await;
    company.publishes_what_home_does().await;

    // An alarm, a commit that was changed, and what that asks of the board.
    let name = "va-dev-ceo-errors-alarm";
    deployment
        .alarm(&alarm(name, "ALARM", 1))
        .await
        .expect("told");
    incident_until(&company, &incident_of("alarm", name), |body| body.open).await;
    tampered(deployment, &format!("acme#goal#{goal}")).await;
    let one = |all: &serde_json::Value| all["blockers"][0].is_object();
    let asked = board.until("/v1/blockers", one).await;
    // A notary that knows nothing yet reads its seals.
    while company.emulator.kill_random_function_process(0).is_some() {}
    let mut audits = 0;
    while let Err(e) = deployment.audit().await {
        audits += 1;
        assert!(audits < 5, "{}", xtask::error::chain(&e));
    }
    let id = asked["blockers"][0]["id"].as_str().expect("an id");
    let path = format!("/v1/blockers/{id}/answer");
    let said = board.ask("POST", &path, None, br#"{"note":"seen"}"#).await;
    assert_eq!(said.status, 202);

    // A deadline of each agent's.
    let journal = journal(deployment);
    let passed: Timestamp = "2020-01-01T00:00:00Z".parse().expect("a time");
    for late in OWNED {
        let late = commit(late, 1, [0; 32], None, Some(passed));
        journal.append(late).await.expect("appended");
    }
    deployment.tick().await.expect("a tick");

    let mut called: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    for Call {
        function,
        action,
        resource,
        ..
    } in proxy.take()
    {
        called
            .entry(function)
            .or_default()
            .insert((action, resource));
    }
    let mut may = deployment.manifest.clone();
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for (name, function) in functions(&mut may) {
        let called = called.remove(&name).unwrap_or_default();
        let rights: Vec<(String, &String)> = function
            .permissions
            .iter()
            .flat_map(|right| {
                let on = deployment.resolve(&right.resource);
                right.actions.iter().map(move |action| (on.clone(), action))
            })
            .collect();
        for (action, resource) in &called {
            let right = |(on, what): &(String, &String)| *what == action && covers(on, resource);
            if !rights.iter().any(right) {
                wrong.push(format!("{name} calls {action} on {resource}, and may not"));
            }
        }
        for (on, action) in &rights {
            let calls =
                |(what, resource): &(String, String)| what == *action && covers(on, resource);
            let is_called = called.iter().any(calls);
            match excused(&name, action, on) {
                Some(excuse) if !is_called => {
                    used.insert(excuse);
                }
                None if is_called => {}
                // Listing to tell missing from forbidden is excused for all, though some list for a living.
                Some(("*", ..)) => {}
                Some(_) => wrong.push(format!(
                    "{name} calls {action} on {on}: no excuse is needed"
                )),
                None => wrong.push(format!("{name} may {action} on {on}, and never does")),
            }
        }
    }
    let idle = UNASKED.iter().filter(|excuse| !used.contains(excuse));
    wrong.extend(idle.map(|excuse| format!("{excuse:?} excuses nothing")));
    assert!(
        wrong.is_empty(),
        "{}\n{}",
        wrong.join("\n"),
        company.emulator.log()
    );
}
