//! What Terraform makes stands as it is described, ends without a trace, and is made whole after an apply that was killed.

mod common;

use std::{collections::BTreeMap, time::Duration};

use common::{
    binaries,
    company::{Company, ESPRESSO, UNDISTURBED},
};
use serde_json::Value;
use va_agents::manifest::manifest;
use va_emulator::{ACCOUNT, Clients, Deployment, Emulator, Options, Stage};
use xtask::{deploy::Act, error::chain};

/// So much stands when an apply is killed: about a third of a company, and the bucket of the state.
const ENOUGH: usize = 20;

/// The lock beside the state, by bucket and key.
const STATE: (&str, &str) = (
    "va-dev-terraform-state",
    "environments/dev/terraform.tfstate.tflock",
);

/// Where nobody removes a seal, nobody destroys the vault.
fn unlocked() -> Options {
    Options {
        values: BTreeMap::from([("vault_lock".to_owned(), Value::Null)]),
        ..Options::default()
    }
}

/// Everything of a company that an account lists.
async fn left(clients: &Clients) -> Vec<String> {
    let tables = clients.dynamodb.list_tables().send().await.expect("tables");
    let buckets = clients.s3.list_buckets().send().await.expect("buckets");
    let queues = clients.sqs.list_queues().send().await.expect("queues");
    let functions = clients.lambda.list_functions().send().await;
    let mappings = clients.lambda.list_event_source_mappings().send().await;
    let events = &clients.eventbridge;
    let buses = events.list_event_buses().send().await.expect("buses");
    let rules = events.list_rules().send().await.expect("rules");
    let text = |name: Option<&str>| name.unwrap_or_default().to_owned();
    let mut left: Vec<String> = tables.table_names().to_vec();
    left.extend(buckets.buckets().iter().map(|one| text(one.name())));
    left.extend(queues.queue_urls().iter().cloned());
    let functions = functions.expect("functions");
    left.extend(
        functions
            .functions()
            .iter()
            .map(|one| text(one.function_name())),
    );
    let mappings = mappings.expect("mappings");
    left.extend(
        mappings
            .event_source_mappings()
            .iter()
            .map(|one| text(one.uuid())),
    );
    left.extend(buses.event_buses().iter().map(|one| text(one.name())));
    left.extend(rules.rules().iter().map(|one| text(one.name())));
    // Which every account has.
    left.retain(|name| name != "default");
    left
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_that_has_worked_has_not_drifted_and_is_taken_away_without_a_trace() {
    let company = Company::with(manifest(), unlocked()).await;
    let said = company.run(ESPRESSO, UNDISTURBED, async {}).await;
    company.stands_as_at_home(&said).await;
    let deployment = &company.deployment;
    assert!(!left(&deployment.clients).await.is_empty());

    let root = deployment.stage.deployed();
    let drift = root
        .act(&Act::Drift)
        .unwrap_or_else(|e| panic!("{}", chain(&e)));
    assert_eq!(drift.changes, []);

    root.act(&Act::Destroy)
        .unwrap_or_else(|e| panic!("{}\n{}", chain(&e), company.emulator.log()));
    assert_eq!(
        deployment.stage.addresses().await.expect("a state"),
        Vec::<String>::new()
    );
    assert_eq!(left(&deployment.clients).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_apply_that_was_killed_is_made_whole_by_one_that_adopts() {
    let emulator = Emulator::guarded().await.expect("the emulator");
    let clients = Clients::new(&emulator.endpoint(), ACCOUNT);
    let bootstrap = Stage::copy("bootstrap")
        .expect("a copy")
        .on(&emulator, ACCOUNT)
        .set("environment", "dev")
        .set("repository", "acme/company");
    bootstrap
        .apply()
        .await
        .unwrap_or_else(|e| panic!("{}", chain(&e)));
    let stage = Deployment::stage(&emulator, &manifest(), &binaries(), &unlocked());
    let stage = stage.unwrap_or_else(|e| panic!("{}", chain(&e)));
    let stage = stage.in_its_bucket().expect("its own backend");
    // Some of it is known from an apply that ended; of what the killed one makes nothing is.
    let stores =
        ["journal", "vault", "boundary"].map(|part| format!("module.company.module.{part}"));
    let first = stage.apply_only(&stores).await;
    first.unwrap_or_else(|e| panic!("{}\n{}", chain(&e), emulator.log()));
    let mut apply = stage.begin_apply().await.expect("Terraform");
    while left(&clients).await.len() < ENOUGH {
        let ended = apply.try_wait().expect("a process");
        assert!(ended.is_none(), "it ended before it was killed: {ended:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    apply.kill().await.expect("killed");
    // The last that was asked for is made all the same.
    tokio::time::sleep(Duration::from_secs(2)).await;

    // Nobody else may change anything until a person has found that the one who held the lock is gone.
    let lock = clients
        .s3
        .get_object()
        .bucket(STATE.0)
        .key(STATE.1)
        .send()
        .await;
    let lock = lock.expect("a lock").body.collect().await.expect("bytes");
    let lock: Value = serde_json::from_slice(&lock.into_bytes()).expect("JSON");
    let id = lock["ID"].as_str().expect("an id");
    stage
        .unlock(id)
        .await
        .unwrap_or_else(|e| panic!("{}", chain(&e)));

    let root = stage.deployed();
    // What was made and is not known is in the way of a plain apply, and taken over by one that adopts.
    let blind = root.act(&Act::Apply { approved: None });
    assert_eq!(
        blind.expect_err("something stands already").code(),
        "task_ended"
    );
    root.act(&Act::Adopt)
        .unwrap_or_else(|e| panic!("{}\n{}", chain(&e), emulator.log()));
    let whole = root
        .act(&Act::Drift)
        .unwrap_or_else(|e| panic!("{}", chain(&e)));
    assert_eq!(whole.changes, []);
}
