//! The notary seals what was committed, and finds what was changed or removed.

mod common;

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use common::{
    board::{ANSWER, Board, LOOKS, READ, WRITE, body, incident_until},
    company::{Company, TABLE, UNTAGGED},
    journal,
};
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::{Value, json};
use va_agents::cto::incident_of;
use va_domain::{
    ids::StreamId,
    proof::{Seal, SealBody, SealChain},
};
use va_runtime::ports::Journal as _;

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
    let other = tagged.replace("\"kettles\"", "\"jugs\"");
    let wish = |goal: &str| body(goal, TABLE.as_bytes(), None);
    let taken = board.taken(&wish(&tagged), "k-1").await;
    let beside = board.taken(&wish(&other), "k-2").await;
    for taken in [&taken, &beside] {
        board
            .until(&taken.headers["location"], |goal| goal["state"] == "done")
            .await;
    }

    // Every commit is sealed, but for those of this moment; then all of them.
    let journal = journal(&company.deployment);
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

    // What cannot be read is named and left out, the rest is shown, and it is for all to see that it is not all.
    let whole = beside.json()["goal_id"].clone();
    for (view, shown) in [("status", "goals"), ("goals", "goals"), ("tasks", "tasks")] {
        let said = company.say(&[view, "--json"]).await;
        assert_eq!(said.code, Some(7), "{view}: {}", said.err);
        for lost in [&goal, &month.stream] {
            assert!(said.err.contains(lost.as_str()), "{view}: {}", said.err);
        }
        let document = said.document();
        let rows = document[shown].as_array().expect("a list");
        assert!(!rows.is_empty(), "{view}: {document}");
        let ids = rows.iter().filter_map(|row| row.get("goal_id"));
        assert!(ids.into_iter().all(|id| *id == whole), "{document}");
        if view == "status" {
            let needs = document["needs_you"].as_array().expect("a list");
            assert_eq!(needs.len(), 2, "what asks to be looked at: {document}");
        }
    }
    let lost = company.say(&["goal", "kettles"]).await;
    assert_eq!(lost.code, Some(7), "{}", lost.err);
    let verified = company.say(&["verify", "--json"]).await;
    let proof = verified.document();
    assert_eq!(verified.code, Some(7), "{}", verified.err);
    let findings = proof["findings"].as_array().expect("a list");
    for (kind, stream, version) in [("commit_hash", &goal, 2), ("gap", &month.stream, 1)] {
        let named = |f: &Value| {
            (&f["kind"], &f["stream"], &f["version"])
                == (&json!(kind), &json!(stream), &json!(version))
        };
        assert!(findings.iter().any(named), "{kind} {stream}: {proof}");
    }

    // The command line shows the same, and a person answers one here and one there.
    let shown = company.say(&["blockers", "--json"]).await.document();
    assert_eq!(shown["blockers"], asked["blockers"]);
    let ids = asked["blockers"].as_array().expect("a list").iter();
    let ids: Vec<&str> = ids.filter_map(|blocker| blocker["id"].as_str()).collect();
    for blocker in asked["blockers"].as_array().expect("a list") {
        assert_eq!(
            (&blocker["kind"], &blocker["goal_id"]),
            (&json!("incident"), &Value::Null)
        );
    }
    let note = "restored from the vault";
    let path = format!("/v1/blockers/{}/answer", ids[0]);
    let body = json!({ "note": note }).to_string();
    let said = board.ask("POST", &path, None, body.as_bytes()).await;
    assert_eq!(said.status, 202, "{}", String::from_utf8_lossy(&said.body));
    let said = company.say(&["unblock", ids[1], "--note", note]).await;
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(!said.err.contains("no function"), "{}", said.err);
    incident_until(&company, &changed, |body| !body.open).await;
    incident_until(&company, &removed, |body| !body.open).await;
}
