//! A rollout moves every function by hash; what is broken is never called by anybody else, and what fails when it is
//! called goes back with everything that came with it.

use std::{fs, path::Path};

use aws_sdk_lambda::{
    primitives::Blob,
    types::{FunctionCode, Runtime},
};
use serde_json::json;
use tempfile::TempDir;
use va_emulator::{Emulator, create_bucket};
use va_rollout::{ALIAS, Clients, Release, Report, RolloutError, roll_out};

const BUCKET: &str = "va-test-artifact-bucket";
const ACCOUNT: &str = "000000000007";

/// How a function behaves.
#[derive(Clone, Copy)]
enum Behaviour {
    Works,
    /// Does not start.
    Broken,
    /// Starts, and fails when it is called as its callers do.
    FailsLive,
}

/// A function of a few lines: it answers with its mark, or fails.
fn package(mark: &str, behaviour: Behaviour) -> Vec<u8> {
    let (broken, live) = match behaviour {
        Behaviour::Works => ("False", "False"),
        Behaviour::Broken => ("True", "False"),
        Behaviour::FailsLive => ("False", "True"),
    };
    let program = format!(
        r#"#!/usr/bin/env python3
import json, os, sys, urllib.request
if {broken}:
    sys.exit(1)
base = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
while True:
    with urllib.request.urlopen(base + "next") as call:
        name = call.headers["Lambda-Runtime-Aws-Request-Id"]
        live = call.headers["Lambda-Runtime-Invoked-Function-Arn"].endswith(":live")
        call.read()
    if {live} and live:
        answer, way = {{"errorType": "Live", "errorMessage": "called by its alias"}}, "/error"
    else:
        answer, way = {{"batchItemFailures": [], "mark": "{mark}"}}, "/response"
    body = json.dumps(answer).encode()
    urllib.request.urlopen(urllib.request.Request(base + name + way, body, method="POST")).read()
"#
    );
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("bootstrap");
    fs::write(&path, program).expect("written");
    xtask::package::zip(&path).expect("packed")
}

/// Two functions that listen to queues.
struct Stage {
    clients: Clients,
    folder: TempDir,
    emulator: Emulator,
}

impl Stage {
    async fn set() -> Self {
        let emulator = Emulator::start().await.expect("the emulator");
        let clients = va_emulator::Clients::new(&emulator.endpoint(), ACCOUNT);
        create_bucket(&clients.s3, BUCKET).await.expect("a bucket");
        let clients = Clients {
            lambda: clients.lambda,
            s3: clients.s3,
        };
        let stage = Self {
            clients,
            folder: TempDir::new().expect("a folder"),
            emulator,
        };
        for name in ["a", "b"] {
            stage.function(name).await;
        }
        stage
    }

    /// As Terraform leaves it: a first version, and the alias on it.
    async fn function(&self, name: &str) {
        let function = format!("va-test-{name}-lambda");
        let code = FunctionCode::builder()
            .zip_file(Blob::new(package("first", Behaviour::Works)))
            .build();
        self.clients
            .lambda
            .create_function()
            .function_name(&function)
            .runtime(Runtime::Providedal2023)
            .handler("bootstrap")
            .role(format!("arn:aws:iam::{ACCOUNT}:role/va-test-{name}"))
            .timeout(10)
            .code(code)
            .publish(true)
            .send()
            .await
            .expect("a function");
        self.clients
            .lambda
            .create_alias()
            .function_name(&function)
            .name(ALIAS)
            .function_version("1")
            .send()
            .await
            .expect("an alias");
    }

    /// Rolls out these packages of `a` and `b`.
    async fn roll_out(
        &self,
        mark: &str,
        a: Behaviour,
        b: Behaviour,
    ) -> Result<Report, RolloutError> {
        let release = self.release(&[("a", package(mark, a)), ("b", package(mark, b))]);
        roll_out(&self.clients, &release).await
    }

    fn release(&self, packages: &[(&str, Vec<u8>)]) -> Release {
        let folder = self.folder.path();
        let agents: Vec<_> = packages
            .iter()
            .map(|(name, _)| {
                json!({ "queue": {}, "function": { "name": format!("va-{{env}}-{name}-lambda"), "binary": format!("va-fn-{name}") } })
            })
            .collect();
        fs::write(
            folder.join("agents.json"),
            json!({ "agents": agents }).to_string(),
        )
        .expect("written");
        list(folder, packages);
        Release::read(
            &folder.join("agents.json"),
            folder,
            "test",
            BUCKET.to_owned(),
        )
        .expect("a release")
    }

    /// What a caller is answered.
    async fn answer(&self, name: &str) -> String {
        let called = self
            .clients
            .lambda
            .invoke()
            .function_name(format!("va-test-{name}-lambda"))
            .qualifier(ALIAS)
            .payload(Blob::new(r#"{"Records":[]}"#))
            .send()
            .await
            .expect("called");
        let payload = called.payload.map(Blob::into_inner).unwrap_or_default();
        assert_eq!(
            called.function_error,
            None,
            "{}",
            String::from_utf8_lossy(&payload)
        );
        let answer: serde_json::Value = serde_json::from_slice(&payload).expect("JSON");
        answer["mark"].as_str().expect("a mark").to_owned()
    }

    async fn answers(&self) -> [String; 2] {
        [self.answer("a").await, self.answer("b").await]
    }
}

/// Writes packages with their list, as a build does.
fn list(folder: &Path, packages: &[(&str, Vec<u8>)]) {
    let packed: Vec<_> = packages
        .iter()
        .map(|(name, bytes)| {
            let binary = format!("va-fn-{name}");
            let file = folder.join(format!("{binary}.zip"));
            fs::write(&file, bytes).expect("written");
            xtask::package::Package::of(binary, file, bytes)
        })
        .collect();
    let arm = xtask::package::Architecture::Arm64;
    xtask::listing::write(folder, folder, arm, &packed).expect("written");
}

#[tokio::test(flavor = "multi_thread")]
async fn functions_move_by_hash_what_is_broken_moves_nothing_and_what_fails_goes_back_together() {
    let stage = Stage::set().await;
    let log = || stage.emulator.log();
    assert_eq!(stage.answers().await, ["first", "first"]);

    let report = stage
        .roll_out("second", Behaviour::Works, Behaviour::Works)
        .await;
    let report = report.unwrap_or_else(|e| panic!("{}\n{}", xtask::error::chain(&e), log()));
    let moved: Vec<_> = report
        .moved
        .iter()
        .map(|m| (m.function.as_str(), m.from.as_str(), m.to.as_str()))
        .collect();
    assert_eq!(
        moved,
        [
            ("va-test-a-lambda", "1", "2"),
            ("va-test-b-lambda", "1", "2")
        ]
    );
    assert_eq!(stage.answers().await, ["second", "second"]);

    let again = stage
        .roll_out("second", Behaviour::Works, Behaviour::Works)
        .await
        .expect("nothing to do");
    assert_eq!((again.moved.len(), again.stood.len()), (0, 2));

    let broken = stage
        .roll_out("third", Behaviour::Works, Behaviour::Broken)
        .await;
    let broken = broken.expect_err("b does not start");
    assert_eq!(broken.code(), "rollout_untouched", "{broken}");
    assert_eq!(
        stage.answers().await,
        ["second", "second"],
        "a was not moved without b"
    );

    let failing = stage
        .roll_out("fourth", Behaviour::Works, Behaviour::FailsLive)
        .await;
    let failing = failing.expect_err("b fails when it is called");
    assert_eq!(failing.code(), "rollout_rolled_back", "{failing}");
    assert!(
        failing.to_string().contains("called by its alias"),
        "{failing}"
    );
    assert_eq!(
        stage.answers().await,
        ["second", "second"],
        "a went back with b"
    );

    let back = stage
        .roll_out("first", Behaviour::Works, Behaviour::Works)
        .await
        .expect("moved");
    assert_eq!(back.moved.len(), 2);
    assert_eq!(
        stage.answers().await,
        ["first", "first"],
        "the way back is a rollout"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_environment_that_was_not_applied_is_named_and_nothing_is_uploaded() {
    let emulator = Emulator::start().await.expect("the emulator");
    let clients = va_emulator::Clients::new(&emulator.endpoint(), ACCOUNT);
    let clients = Clients {
        lambda: clients.lambda,
        s3: clients.s3,
    };
    let stage = Stage {
        clients,
        folder: TempDir::new().expect("a folder"),
        emulator,
    };
    let release = stage.release(&[("a", package("x", Behaviour::Works))]);
    let refused = roll_out(&stage.clients, &release)
        .await
        .expect_err("no function");
    assert_eq!(refused.code(), "rollout_call");
    assert!(refused.to_string().contains("applied"), "{refused}");
}

#[test]
fn a_function_without_a_package_is_no_release() {
    let folder = TempDir::new().expect("a folder");
    list(folder.path(), &[("a", b"x".to_vec())]);
    let manifest = folder.path().join("agents.json");
    let entry = json!({ "clock": { "function": { "name": "va-{env}-clock-lambda", "binary": "va-fn-clock" } } });
    fs::write(&manifest, entry.to_string()).expect("written");
    let refused =
        Release::read(&manifest, folder.path(), "test", BUCKET.to_owned()).expect_err("refused");
    assert_eq!(refused.code(), "rollout_release");
    assert!(refused.to_string().contains("va-fn-clock"), "{refused}");
}
