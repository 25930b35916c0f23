//! A goal on the emulator, with every call of every function counted; and the plan of `dev`, counted by type.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use serde_json::Value;
use tokio::process::Command;
use va_agents::manifest::Manifest;
use va_emulator::{
    Call, Deployment, Emulator, Options, Proxy, Stage, functions, read_manifest, summed,
};
use xtask::root;

use super::{CostsError, Measured};
/// The goal that is measured.
const GOAL: &str = "examples/home-espresso";
/// The longest that it may take.
const LONGEST: Duration = Duration::from_secs(400);
/// Between two ticks of the clock while the goal is worked on.
const TICK: Duration = Duration::from_secs(30);

/// Measures, with the functions' binaries and `va` from this folder.
///
/// # Errors
/// Where the emulator, a binary or Terraform is missing, or the goal does not end well.
pub async fn measure(binaries: &Path) -> Result<Measured, CostsError> {
    let emulator = Emulator::guarded().await?;
    let mut manifest = read_manifest(&root().join("terraform/agents.json"))?;
    let mut proxy = Proxy::before(&emulator.endpoint());
    for (name, function) in functions(&mut manifest) {
        let endpoint = proxy.endpoint(&name).await.map_err(port)?;
        function
            .environment
            .insert("AWS_ENDPOINT_URL".to_owned(), endpoint);
    }
    let deployment = Deployment::create(&emulator, manifest, binaries, Options::default()).await?;
    let result = run(&deployment, binaries).await?;
    if result["state"] != "done" {
        return Err(CostsError::Goal(result.to_string()));
    }
    // What the clock does every minute is counted with the month.
    let mut calls = proxy.take();
    calls.retain(|call| call.function != "clock");
    deployment.tick().await?;
    let tick: Vec<Call> = proxy
        .take()
        .into_iter()
        .filter(|call| call.function == "clock")
        .collect();
    let mut manifest = deployment.manifest.clone();
    Ok(Measured {
        schema: "va.measured/1".to_owned(),
        goal: GOAL.to_owned(),
        articles: articles(&deployment).await?,
        messages: messages(&calls, &manifest),
        calls: summed(&calls),
        tick: summed(&tick),
        resources: resources().await?,
        seal_window_s: u64::from(manifest.notary.window_s),
        queues: manifest.agents.len() as u64 + 1,
        scheduled: [
            ("clock", &manifest.clock.schedule),
            ("notary", &manifest.notary.schedule),
        ]
        .into_iter()
        .map(|(name, schedule)| (name.to_owned(), a_day(schedule)))
        .collect(),
        memory_mb: functions(&mut manifest)
            .into_iter()
            .map(|(name, function)| (name, u64::from(function.memory_mb)))
            .collect(),
    })
}

/// Runs the goal to its end while the clock ticks; answers its result.
async fn run(deployment: &Deployment, binaries: &Path) -> Result<Value, CostsError> {
    let mut va = Command::new(binaries.join("va"));
    va.args(["run", GOAL, "--json", "--home", "aws:acme"])
        .env_clear()
        .envs(deployment.person())
        .current_dir(root())
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let ticks = async {
        loop {
            tokio::time::sleep(TICK).await;
            // One that fails is followed by another.
            let _ = deployment.tick().await;
        }
    };
    let output = tokio::select! {
        output = tokio::time::timeout(LONGEST, va.output()) => output,
        () = ticks => unreachable!("the clock ticks for ever"),
    };
    let said = match output {
        Ok(Ok(said)) => said,
        Ok(Err(source)) => {
            return Err(CostsError::File {
                path: binaries.join("va"),
                source,
            });
        }
        Err(_) => {
            return Err(CostsError::Goal(format!(
                "it took longer than {} s",
                LONGEST.as_secs()
            )));
        }
    };
    let out = String::from_utf8_lossy(&said.stdout);
    let line = out.lines().last().unwrap_or_default();
    serde_json::from_str(line).map_err(|e| {
        CostsError::Goal(format!(
            "{e}: {line}\n{}",
            String::from_utf8_lossy(&said.stderr)
        ))
    })
}

/// Messages by role: each event goes to every rule that names one of those whom it is for.
fn messages(calls: &[Call], manifest: &Manifest) -> BTreeMap<String, u64> {
    let events = calls.iter().flat_map(|call| &call.told);
    let mut messages = BTreeMap::new();
    for to in events {
        for agent in &manifest.agents {
            if agent.rule.to.iter().any(|role| to.contains(role)) {
                *messages.entry(agent.role.clone()).or_default() += 1;
            }
        }
    }
    messages
}

/// The site's articles.
async fn articles(deployment: &Deployment) -> Result<u64, CostsError> {
    let (bucket, prefix) = deployment.site("espresso-guide");
    let s3 = &deployment.clients.s3;
    let listed = s3
        .list_objects_v2()
        .bucket(bucket)
        .prefix(prefix)
        .send()
        .await;
    let listed = listed.map_err(|e| CostsError::Goal(format!("its site cannot be listed: {e}")))?;
    let keys = listed.contents().iter().filter_map(|object| object.key());
    Ok(keys.filter(|key| key.contains("/posts/")).count() as u64)
}

/// Calls in a day by a schedule such as `rate(1 minute)`.
fn a_day(schedule: &str) -> u64 {
    let inner = schedule
        .strip_prefix("rate(")
        .and_then(|text| text.strip_suffix(')'));
    let Some((count, unit)) = inner.and_then(|text| text.split_once(' ')) else {
        return 1;
    };
    let a_day = match unit.trim_end_matches('s') {
        "minute" => 1440,
        "hour" => 24,
        _ => 1,
    };
    a_day / count.parse::<u64>().unwrap_or(1).max(1)
}

/// The resources of the plan of `dev`, by type, planned with nothing that stands.
async fn resources() -> Result<BTreeMap<String, u64>, CostsError> {
    let shown = Stage::copy("environments/dev")?.plan().await?;
    let mut counts = BTreeMap::new();
    for change in shown["resource_changes"].as_array().into_iter().flatten() {
        if change["mode"] == "managed" {
            let kind = change["type"].as_str().unwrap_or_default();
            let interface = kind == "aws_vpc_endpoint"
                && change["change"]["after"]["vpc_endpoint_type"] == "Interface";
            let name = if interface {
                "aws_vpc_endpoint_interface"
            } else {
                kind
            };
            *counts.entry(name.to_owned()).or_default() += 1;
        }
    }
    Ok(counts)
}

fn port(source: std::io::Error) -> CostsError {
    CostsError::File {
        path: PathBuf::from("a port of 127.0.0.1"),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_calls_so_often_in_a_day() {
        for (schedule, times) in [
            ("rate(1 minute)", 1440),
            ("rate(15 minutes)", 96),
            ("rate(1 day)", 1),
            ("cron(0 5 * * ? *)", 1),
        ] {
            assert_eq!(a_day(schedule), times, "{schedule}");
        }
    }
}
