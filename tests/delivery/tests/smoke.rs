//! Every function of the manifest, as it is built, is well by the smoke test that a rollout makes.

use std::path::PathBuf;

use va_emulator::{Deployment, Emulator, Options, read_manifest};
use va_rollout::{ALIAS, fault, functions_of};
use xtask::root;

/// Where the binaries lie: `VA_BINARIES`, else beside the test's own profile.
fn binaries() -> PathBuf {
    std::env::var_os("VA_BINARIES").map_or_else(
        || {
            let own = std::env::current_exe().expect("the test's own path");
            own.ancestors()
                .nth(2)
                .expect("target/<profile>/deps")
                .to_owned()
        },
        PathBuf::from,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn every_function_answers_a_call_that_changes_nothing() {
    let emulator = Emulator::guarded().await.expect("the emulator");
    let path = root().join("terraform/agents.json");
    let manifest = read_manifest(&path).expect("the manifest");
    let deployment = Deployment::create(&emulator, manifest, &binaries(), Options::default())
        .await
        .expect("a deployment");
    let text = std::fs::read_to_string(path).expect("the manifest");
    let functions = functions_of(&serde_json::from_str(&text).expect("JSON"));
    assert!(functions.len() > 10, "{functions:?}");
    for (name, _, probe) in functions {
        let name = deployment.resolve(&name);
        let why = fault(&deployment.clients.lambda, &name, ALIAS, probe).await;
        assert_eq!(why, None, "{name}\n{}", emulator.log());
    }
}
