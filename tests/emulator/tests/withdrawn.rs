//! A function that lacks one right stops, what it was told is set aside, and with the right again it goes on.

mod common;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use common::{
    board::{Board, LOOKS, READ, WRITE, alarm, espresso, incident_until},
    commit,
    company::Company,
    journal,
};
use va_agents::{cto::incident_of, manifest::manifest};
use va_emulator::{Options, functions, with_timeout};
use va_runtime::ports::Journal as _;

/// Seconds that a function may take, so that what failed comes again soon.
const SHORT_S: u32 = 6;

/// Seconds that a record of the table is tried for: the least that there may be.
const SHORTEST_AGE_S: u32 = 60;

/// A function, and the right that it lacks.
const LACKING: &[(&str, &str)] = &[
    ("ceo", "dynamodb:PutItem"),
    ("cfo", "dynamodb:Query"),
    ("cmo", "s3:GetObject"),
    ("content-generator", "s3:PutObject"),
    ("reviewer", "s3:GetObject"),
    ("affiliate-linker", "dynamodb:PutItem"),
    ("publisher", "s3:PutObject"),
    ("cto", "dynamodb:PutItem"),
    ("projector", "dynamodb:PutItem"),
];

#[tokio::test(flavor = "multi_thread")]
async fn without_one_right_a_function_stops_its_message_is_set_aside_and_with_it_again_it_goes_on()
{
    let mut hasty = manifest();
    for agent in &mut hasty.agents {
        agent.queue.max_receives = 2;
    }
    hasty.projector.queue.max_receives = 2;
    hasty.projector.function.timeout_s = SHORT_S;
    hasty.notary.max_age_s = SHORTEST_AGE_S;
    let hasty = with_timeout(hasty, SHORT_S);
    let company = Company::with(hasty, Options::default()).await;
    let deployment = &company.deployment;
    let mut roles = deployment.manifest.clone();
    let roles: BTreeMap<String, String> = functions(&mut roles)
        .into_iter()
        .map(|(name, function)| (name, function.execution_role.clone()))
        .collect();
    let mut withdrawn = BTreeMap::new();
    for (name, action) in LACKING {
        deployment.hasten(name).await.expect("a queue");
        let right = deployment.withdraw(&roles[*name], action).await;
        withdrawn.insert(*name, right.expect("a right"));
    }

    // Whoever is asked directly says so, and so does whoever is called by the clock.
    let board = Board::with(&company, &[READ, WRITE]).await;
    let wish = espresso();
    for bytes in [Some(&wish.catalogue), wish.imprint.as_ref()]
        .into_iter()
        .flatten()
    {
        board.put(bytes).await;
    }
    let right = deployment.withdraw(&roles["api"], "dynamodb:PutItem").await;
    let right = right.expect("a right");
    let refused = board
        .ask("POST", "/v1/goals", Some("k-1"), &wish.body)
        .await;
    assert!(refused.status >= 500, "{}", refused.status);
    deployment.restore(&right).await.expect("restored");
    let right = deployment.withdraw(&roles["clock"], "dynamodb:Query").await;
    let right = right.expect("a right");
    deployment
        .tick()
        .await
        .expect_err("the clock reads nothing");
    // The emulator keeps what an alias says of failed calls, and does not act on it.
    let aside = deployment.resolve(&deployment.manifest.schedule_dead_letters);
    for called in [
        &deployment.manifest.clock.function,
        &deployment.manifest.notary.function,
    ] {
        let arn = deployment.failures_of(called).await.expect("a queue");
        assert!(arn.ends_with(&format!(":{aside}")), "{arn}");
    }
    deployment.restore(&right).await.expect("restored");
    deployment.tick().await.expect("a tick");

    // Whoever reads the table's stream waits where it is; the emulator alone takes a record that was not handed on for
    // done, so what is committed meanwhile is of no goal.
    let seal = deployment.withdraw(&roles["notary"], "kms:Sign").await;
    let seal = seal.expect("a right");
    let post = deployment
        .withdraw(&roles["relay"], "events:PutEvents")
        .await;
    let post = post.expect("a right");
    let journal = journal(deployment);
    let untold = commit("task-cmo/untold", 1, [0; 32], Some("goal/untold"), None);
    journal.append(untold).await.expect("appended");
    tokio::time::sleep(Duration::from_secs(u64::from(4 * SHORT_S))).await;
    let silent = deployment.take_dead_letters("ceo").await.expect("a queue");
    assert_eq!(silent, Vec::<String>::new(), "nobody is told");
    deployment.restore(&post).await.expect("restored");
    let taken = board.taken(&wish.body, "k-1").await;

    let name = "va-dev-ceo-errors-alarm";
    deployment
        .alarm(&alarm(name, "ALARM", 1))
        .await
        .expect("told");
    let mut stopped = BTreeSet::new();
    for _ in 0..LOOKS {
        for (name, right) in &withdrawn {
            let aside = deployment.take_dead_letters(name).await.expect("a queue");
            if aside.is_empty() {
                continue;
            }
            if stopped.insert(*name) {
                deployment.restore(right).await.expect("restored");
            }
            for message in aside {
                deployment.send(name, &message).await.expect("sent again");
            }
        }
        if stopped.len() == LACKING.len() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let all: BTreeSet<&str> = LACKING.iter().map(|(name, _)| *name).collect();
    assert_eq!(stopped, all, "{}", company.emulator.log());
    board
        .until(&taken.headers["location"], |goal| goal["state"] == "done")
        .await;
    company.publishes_what_home_does().await;
    incident_until(&company, &incident_of("alarm", name), |body| body.open).await;

    // Records that were not sealed for long are set aside, and what comes later is sealed again.
    let mut aside = Vec::new();
    for _ in 0..LOOKS {
        aside = deployment
            .take_dead_letters("notary")
            .await
            .expect("a queue");
        if !aside.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    assert!(!aside.is_empty(), "{}", company.emulator.log());
    assert_eq!(company.seals().await, 0);
    deployment.restore(&seal).await.expect("restored");
    deployment.alarm(&alarm(name, "OK", 2)).await.expect("told");
    for _ in 0..LOOKS {
        if company.seals().await > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    panic!("nothing is sealed\n{}", company.emulator.log());
}
