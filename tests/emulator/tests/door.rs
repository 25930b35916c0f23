//! The company over HTTP: goals, answers and what is; alarms and alerts become incidents; the notary finds what
//! was changed or removed.

mod common;

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use common::{
    board::{ANSWER, Board, LOOKS, READ, WRITE, alarm, body, espresso, incident_until},
    company::{Company, TABLE, UNTAGGED},
};
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::{Value, json};
use va_agents::cto::incident_of;
use va_domain::{
    ids::{BlobId, StreamId},
    proof::{Seal, SealBody, SealChain},
};
use va_emulator::{Answer, Chaos};
use va_runtime::ports::Journal as _;

fn is_problem(answer: &Answer, status: u16, code: &str) {
    let said = String::from_utf8_lossy(&answer.body);
    assert_eq!(answer.status, status, "{said}");
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    let document = answer.json();
    assert_eq!(document["code"], code, "{said}");
    assert_eq!(document["status"], status, "{said}");
    for member in ["type", "title", "detail", "instance"] {
        assert!(document[member].is_string(), "{member}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_goal_over_http_makes_the_bytes_that_it_makes_at_home_though_messages_come_twice() {
    let chaos = Chaos { copies: 2, seed: 7 };
    let company = Company::deploy(Some(chaos), Some(10)).await;
    let wish = espresso();

    let nobody = company
        .deployment
        .ask("POST", "/v1/goals", None, &[], &wish.body)
        .await;
    assert_eq!(nobody.expect("an answer").status, 401);
    let reader = Board::with(&company, &[READ]).await;
    let kept_out = reader
        .ask("POST", "/v1/goals", Some("k-1"), &wish.body)
        .await;
    assert_eq!(kept_out.status, 403);

    let board = Board::with(&company, &[READ, WRITE]).await;
    let early = board
        .ask("POST", "/v1/goals", Some("k-0"), &wish.body)
        .await;
    is_problem(&early, 422, "blob_missing");
    let path = format!("/v1/blobs/{}", BlobId::of(b"another").hex());
    is_problem(
        &board.ask("PUT", &path, None, &wish.catalogue).await,
        422,
        "blob_mismatch",
    );
    board.put(&wish.catalogue).await;
    is_problem(
        &board.ask("POST", "/v1/goals", None, &wish.body).await,
        400,
        "idempotency_key_missing",
    );
    is_problem(
        &board.ask("POST", "/v1/goals", Some("k-2"), b"{").await,
        400,
        "goal_invalid",
    );
    is_problem(
        &board.get("/v1/goals/home-espresso").await,
        404,
        "goal_unknown",
    );

    let taken = board.submit(&wish, "k-1").await;
    let id = taken.json()["goal_id"].as_str().expect("an id").to_owned();
    assert_eq!(taken.headers["location"], format!("/v1/goals/{id}"));
    let again = board
        .ask("POST", "/v1/goals", Some("k-1"), &wish.body)
        .await;
    assert_eq!((again.status, &again.body), (taken.status, &taken.body));
    let mut other: Value = serde_json::from_slice(&wish.body).expect("JSON");
    other["goal"]["intent"] = "Something else".into();
    let other = board
        .ask(
            "POST",
            "/v1/goals",
            Some("k-1"),
            other.to_string().as_bytes(),
        )
        .await;
    is_problem(&other, 422, "idempotency_key_reused");

    let done = board
        .until(&taken.headers["location"], |goal| goal["state"] == "done")
        .await;
    company.publishes_what_home_does().await;
    let twice = board
        .ask("POST", "/v1/goals", Some("k-9"), &wish.body)
        .await;
    is_problem(&twice, 409, "goal_exists");

    // What the view shows is what the command line shows.
    let shown = company
        .say(&["goal", "home-espresso", "--json"])
        .await
        .document();
    for field in [
        "goal_id", "id", "state", "as_of", "kpis", "blockers", "pages",
    ] {
        assert_eq!(done[field], shown[field], "{field}");
    }
    let budget = &done["budget"]["tokens"];
    let n = |name: &str| budget[name].as_i64().expect("a number");
    assert_eq!(
        n("allocated"),
        n("available") + n("reserved") + n("spent") + n("in_flight")
    );
    for listener in ["projector", "cto", "ceo"] {
        let aside = company.deployment.take_dead_letters(listener).await;
        assert_eq!(aside.expect("a queue"), Vec::<String>::new(), "{listener}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blocker_is_answered_over_http_once() {
    let company = Company::deploy(None, None).await;
    let board = Board::with(&company, &[READ, WRITE, ANSWER]).await;
    board.put(TABLE.as_bytes()).await;
    let wish = body(UNTAGGED, TABLE.as_bytes(), None);
    let taken = board.taken(&wish, "k-1").await;
    assert_eq!(taken.json()["needs"][0]["key"], "revenue.tag");

    let asked = board
        .until("/v1/blockers", |all| all["blockers"][0].is_object())
        .await;
    let blocker = asked["blockers"][0]["id"].as_str().expect("an id");
    let path = format!("/v1/blockers/{blocker}/answer");
    let wrong = board
        .ask("POST", &path, None, br#"{"set":{"revenue.tug":"x"}}"#)
        .await;
    is_problem(&wrong, 422, "answer_unknown");
    let nothing = board
        .ask("POST", "/v1/blockers/none/answer", None, b"{}")
        .await;
    is_problem(&nothing, 404, "blocker_unknown");
    let answer = br#"{"set":{"revenue.tag":"x-21"}}"#;
    let reader = Board::with(&company, &[READ]).await;
    assert_eq!(reader.ask("POST", &path, None, answer).await.status, 403);
    for _ in 0..2 {
        assert_eq!(
            board.ask("POST", &path, Some("a-1"), answer).await.status,
            202
        );
    }
    let other = board
        .ask(
            "POST",
            &path,
            Some("a-1"),
            br#"{"set":{"revenue.tag":"y"}}"#,
        )
        .await;
    is_problem(&other, 422, "idempotency_key_reused");
    let done = board
        .until(&taken.headers["location"], |goal| goal["state"] == "done")
        .await;
    assert_eq!(done["blockers"], json!([]));
    assert_eq!(
        board.get("/v1/blockers").await.json()["blockers"],
        json!([])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alarm_becomes_an_incident_and_ends_with_it() {
    let chaos = Chaos { copies: 2, seed: 3 };
    let company = Company::deploy(Some(chaos), Some(10)).await;
    let name = "va-dev-ceo-errors-alarm";
    let stream = incident_of("alarm", name);
    company
        .deployment
        .alarm(&alarm(name, "ALARM", 1))
        .await
        .expect("told");
    let open = incident_until(&company, &stream, |body| body.open).await;
    let opened = open.opened.expect("what was opened");
    assert_eq!(opened.runbook, "docs/runbooks/function-errors.md");
    assert_eq!(
        (opened.source.as_str(), opened.action.as_str()),
        (name, "record")
    );
    assert!(
        opened
            .looked_at
            .iter()
            .any(|l| l.what == "alarm" && l.found == name)
    );
    company
        .deployment
        .alarm(&alarm(name, "OK", 2))
        .await
        .expect("told");
    let over = incident_until(&company, &stream, |body| !body.open).await;
    assert_eq!(over.occurrences, 1, "however often it was told");
    let aside = company.deployment.take_dead_letters("cto").await;
    assert_eq!(aside.expect("a queue"), Vec::<String>::new());
}

/// The seals of the vault: each follows the one before and is signed by the company's key.
async fn seals(company: &Company) -> Vec<SealBody> {
    let deployment = &company.deployment;
    let (s3, bucket) = (&deployment.clients.s3, deployment.vault_bucket());
    let listed = s3
        .list_objects_v2()
        .bucket(&bucket)
        .prefix("acme/seals/")
        .send()
        .await;
    let mut chain = SealChain::new("acme");
    let mut bodies = Vec::new();
    for object in listed.expect("the vault").contents() {
        let got = s3
            .get_object()
            .bucket(&bucket)
            .key(object.key().expect("a key"))
            .send()
            .await;
        let file = got
            .expect("a seal")
            .body
            .collect()
            .await
            .expect("bytes")
            .into_bytes();
        let seal: Seal = serde_json::from_slice(&file).expect("a seal");
        let body: SealBody = serde_json::from_str(&seal.body).expect("its body");
        assert_eq!(chain.take(&body, &file), [], "seal {}", body.n);
        let mut key = [0; 32];
        hex::decode_to_slice(&seal.public_key, &mut key).expect("a key");
        let signature = hex::decode(&seal.signature).expect("hex");
        let signature = Signature::from_slice(&signature).expect("a signature");
        let key = VerifyingKey::from_bytes(&key).expect("a key");
        key.verify_strict(seal.body.as_bytes(), &signature)
            .expect("signed");
        bodies.push(body);
    }
    bodies
}

/// What an intruder with rights on the table may do to a commit.
async fn tamper(company: &Company, stream: &StreamId, version: u64, body: Option<&str>) {
    let deployment = &company.deployment;
    let key = [
        ("PK", format!("acme#{}#{}", stream.kind(), stream.id())),
        ("SK", format!("E#{version:020}")),
    ]
    .map(|(name, value)| (name.to_owned(), AttributeValue::S(value)));
    let dynamodb = &deployment.clients.dynamodb;
    match body {
        Some(text) => {
            let update = dynamodb
                .update_item()
                .table_name(deployment.table())
                .set_key(Some(key.into()))
                .update_expression("SET body = :b")
                .expression_attribute_values(":b", AttributeValue::S(text.to_owned()));
            update.send().await.expect("changed");
        }
        None => {
            let delete = dynamodb.delete_item().table_name(deployment.table());
            delete
                .set_key(Some(key.into()))
                .send()
                .await
                .expect("removed");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_notary_seals_all_and_finds_what_was_changed_and_what_was_removed() {
    let company = Company::deploy(None, None).await;
    let board = Board::with(&company, &[READ, WRITE, ANSWER]).await;
    board.put(TABLE.as_bytes()).await;
    let tagged = UNTAGGED.replace("tag = \"\"", "tag = \"x-21\"");
    let wish = body(&tagged, TABLE.as_bytes(), None);
    let taken = board.taken(&wish, "k-1").await;
    board
        .until(&taken.headers["location"], |goal| goal["state"] == "done")
        .await;

    // Every commit is sealed, but for those of this moment; then all of them.
    let journal = company
        .deployment
        .aws()
        .expect("names")
        .journal()
        .expect("a table");
    let commits = journal.scan(None, 10_000).await.expect("a scan");
    let mut sealed = Vec::new();
    for _ in 0..LOOKS {
        sealed = seals(&company).await;
        let covers = |stream: &StreamId, version| {
            let all = sealed.iter().flat_map(|seal| &seal.streams);
            all.into_iter()
                .any(|s| s.stream == *stream && s.version >= version)
        };
        if commits
            .iter()
            .all(|commit| covers(&commit.stream, commit.version))
        {
            break;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    assert!(sealed.len() > 1, "{sealed:?}\n{}", company.emulator.log());
    company.deployment.audit().await.expect("an audit");
    assert_eq!(
        board.get("/v1/blockers").await.json()["blockers"],
        json!([])
    );

    let goal: StreamId = format!("goal/{}", taken.json()["goal_id"].as_str().expect("an id"))
        .parse()
        .expect("a stream");
    let month = commits
        .iter()
        .find(|commit| commit.stream.kind() == "month")
        .expect("a month");
    tamper(&company, &goal, 2, Some("{}")).await;
    tamper(&company, &month.stream, 1, None).await;
    let changed = incident_of("journal_changed", goal.as_str());
    let removed = incident_of("journal_changed", month.stream.as_str());
    for (stream, fault) in [(&changed, "changed"), (&removed, "removed")] {
        let body = incident_until(&company, stream, |body| body.open).await;
        let opened = body.opened.expect("what was opened");
        assert_eq!(
            (opened.code.as_str(), opened.action.as_str()),
            ("journal_changed", "ask_board")
        );
        assert!(
            opened
                .looked_at
                .iter()
                .any(|l| l.what == "fault" && l.found == fault)
        );
    }

    // Reading all of it anew finds the same, and says it once.
    company.deployment.audit().await.expect("an audit");
    let two = |all: &Value| all["blockers"].as_array().is_some_and(|all| all.len() == 2);
    let asked = board.until("/v1/blockers", two).await;
    let count = async |stream: &StreamId| journal.read(stream, 1, 1000).await.expect("read").len();
    let before = (count(&changed).await, count(&removed).await);
    company.deployment.audit().await.expect("an audit");
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!((count(&changed).await, count(&removed).await), before);

    for blocker in asked["blockers"].as_array().expect("a list") {
        assert_eq!(
            (&blocker["kind"], &blocker["goal_id"]),
            (&json!("incident"), &Value::Null)
        );
        let path = format!(
            "/v1/blockers/{}/answer",
            blocker["id"].as_str().expect("an id")
        );
        let said = board
            .ask(
                "POST",
                &path,
                None,
                br#"{"note":"restored from the vault"}"#,
            )
            .await;
        assert_eq!(said.status, 202, "{}", String::from_utf8_lossy(&said.body));
    }
    incident_until(&company, &changed, |body| !body.open).await;
    incident_until(&company, &removed, |body| !body.open).await;
}
