//! The company over HTTP: goals, answers and what is; alarms become incidents.

mod common;

use aws_sdk_dynamodb::types::AttributeValue;
use common::{
    board::{ANSWER, Board, LOOKS, READ, WRITE, Wish, alarm, body, espresso, incident_until},
    company::{
        Company, GoalFolder, TABLE, UNDISTURBED, UNTAGGED, revisions_at_home, tables, tagged,
    },
};
use serde_json::{Value, json};
use va_agents::cto::incident_of;
use va_domain::ids::BlobId;
use va_emulator::{Answer, Chaos};

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
async fn a_changed_goal_over_http_is_the_next_revision_and_each_key_keeps_its_answer() {
    let chaos = Chaos { copies: 2, seed: 7 };
    let company = Company::deploy(Some(chaos), Some(10)).await;
    let board = Board::with(&company, &[READ, WRITE]).await;
    let wishes = tables().map(|table| Wish {
        body: body(&tagged(), table.as_bytes(), None),
        catalogue: table.into_bytes(),
        imprint: None,
    });
    let send = async |n: usize, key: &str| {
        board.put(&wishes[n].catalogue).await;
        let body = &wishes[n].body;
        board.ask("POST", "/v1/goals", Some(key), body).await
    };
    let folder = GoalFolder::new(&tagged(), TABLE);
    let mut taken: Vec<Answer> = Vec::new();
    for (n, site) in revisions_at_home().await.iter().enumerate() {
        if n > 0 {
            let reused = send(n, &format!("k-{}", n - 1)).await;
            is_problem(&reused, 422, "idempotency_key_reused");
        }
        let now = board.submit(&wishes[n], &format!("k-{n}")).await;
        let document = now.json();
        assert_eq!(document["revision"], n + 1, "{document}");
        assert!(
            taken
                .iter()
                .all(|t| t.json()["goal_id"] != document["goal_id"])
        );
        // Another revision comes too early, however soon: one of two is refused, and none is forgotten.
        let early = send((n + 1) % wishes.len(), "k-early").await;
        is_problem(&early, 409, "goal_exists");
        assert_eq!(early.json()["goal_id"], document["goal_id"]);
        folder.lists(&tables()[(n + 1) % wishes.len()]);
        let early = company.say(&["run", folder.path(), "--json"]).await;
        assert_eq!(early.code, Some(2), "{}\n{}", early.out, early.err);

        let path = &now.headers["location"];
        let done = board.until(path, |goal| goal["state"] == "done").await;
        assert_eq!(done["revision"], n + 1);
        company.publishes("kettles", site).await;
        taken.push(now);

        // The same under another key is not news; what was said under each key is said again.
        let unchanged = send(n, "k-unchanged").await;
        is_problem(&unchanged, 409, "goal_exists");
        assert_eq!(unchanged.json()["goal_id"], document["goal_id"]);
        for (n, before) in taken.iter().enumerate() {
            let again = send(n, &format!("k-{n}")).await;
            assert_eq!((again.status, &again.body), (202, &before.body));
            assert_eq!(again.headers["location"], before.headers["location"]);
        }
    }
    let newest = board.get("/v1/goals/kettles").await.json();
    assert_eq!(newest["goal_id"], taken[2].json()["goal_id"]);
    assert_eq!(newest["follows"], taken[1].json()["goal_id"]);

    // The same content through the other door is no news either.
    folder.lists(&tables()[2]);
    let said = company.run(folder.path(), UNDISTURBED, async {}).await;
    assert_eq!(company.is_done(&said)["revision"], 3);
    company.is_whole("kettles").await;
    company.sets_nothing_aside().await;
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
    let told = UNTAGGED.replace("tag = \"\"", "tag = \"x-21\"");
    let told = body(&told, TABLE.as_bytes(), None);
    let told = board.ask("POST", "/v1/goals", Some("k-2"), &told).await;
    is_problem(&told, 409, "goal_exists");
    assert_eq!(
        board.get("/v1/blockers").await.json()["blockers"],
        json!([])
    );

    // A view that was lost is made anew from the journal; what still follows from the end of the goal may be quicker.
    let id = taken.json()["goal_id"].as_str().expect("an id").to_owned();
    let mut put = Value::Null;
    for _ in 0..LOOKS {
        let lost = company.deployment.clients.dynamodb.delete_item();
        let lost = lost.table_name(company.deployment.table());
        let lost = lost.key("PK", AttributeValue::S("acme#view:1#goals".to_owned()));
        let lost = lost.key("SK", AttributeValue::S(format!("goal/{id}")));
        lost.send().await.expect("lost");
        put = company.say(&["rebuild", "--json"]).await.document()["put"].clone();
        if put == 1 {
            break;
        }
    }
    assert_eq!(put, 1);
    let shown = board.get(&taken.headers["location"]).await.json();
    assert_eq!(
        (&shown["state"], &shown["pages"]),
        (&done["state"], &done["pages"])
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
