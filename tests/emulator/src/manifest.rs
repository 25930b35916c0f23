//! What AWS checks, or warns of, in a manifest, and the emulator does not.

use std::{collections::BTreeSet, path::Path};

use va_agents::manifest::{Function, Manifest};

use crate::{EmulatorError, machine};

/// The variables of one function, in bytes.
const VARIABLES: usize = 4096;

/// Reads and checks a manifest: `terraform/agents.json`.
///
/// # Errors
/// Where it cannot be read, or AWS would refuse it.
pub fn read_manifest(path: &Path) -> Result<Manifest, EmulatorError> {
    let text = std::fs::read_to_string(path).map_err(machine(format!(
        "{} cannot be read; `va manifest` writes it",
        path.display()
    )))?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|e| EmulatorError::Manifest {
        why: format!("{}: {e}", path.display()),
    })?;
    check(&manifest)?;
    Ok(manifest)
}

/// Checks what AWS checks or warns of, and the emulator does not.
///
/// # Errors
/// Where a rule is broken, which it names.
pub fn check(manifest: &Manifest) -> Result<(), EmulatorError> {
    let refuse = |why: String| Err(EmulatorError::Manifest { why });
    if manifest.schema != "va.manifest/1" {
        return refuse(format!(
            "its schema is `{}`, not `va.manifest/1`",
            manifest.schema
        ));
    }
    let (mut roles, mut streams, mut names) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for function in manifest.functions() {
        check_function(function)?;
        if !names.insert(&function.name) {
            return refuse(format!("two functions are called {}", function.name));
        }
    }
    for agent in &manifest.agents {
        if !roles.insert(&agent.role) {
            return refuse(format!("{} is there twice", agent.role));
        }
        if let Some(twice) = agent.streams.iter().find(|stream| !streams.insert(*stream)) {
            return refuse(format!("two agents append to streams of the type {twice}"));
        }
        let (queue, timeout_s) = (&agent.queue, agent.function.timeout_s);
        if queue.visibility_s < 6 * timeout_s {
            return refuse(format!(
                "messages of {} are hidden for {} s, which is less than six times its {timeout_s} s: a message could come again while it is handled",
                agent.role, queue.visibility_s
            ));
        }
        if queue.visibility_s > 12 * 3600 {
            return refuse(format!(
                "messages of {} are hidden for more than 12 hours",
                agent.role
            ));
        }
        if !(1..=10).contains(&queue.batch_size) {
            return refuse(format!(
                "{} takes {} messages at once; without a window a batch has 1 to 10",
                agent.role, queue.batch_size
            ));
        }
        if !(1..=1000).contains(&queue.max_receives) {
            return refuse(format!(
                "messages of {} are received {} times; a redrive policy has 1 to 1000",
                agent.role, queue.max_receives
            ));
        }
        if agent.rule.to.is_empty() {
            return refuse(format!("nothing reaches {}", agent.role));
        }
    }
    let (relay, notary) = (&manifest.relay, &manifest.notary);
    for (age, batch) in [
        (relay.max_age_s, relay.batch_size),
        (notary.max_age_s, notary.batch_size),
    ] {
        if !(60..=604_800).contains(&age) || !(1..=10_000).contains(&batch) {
            return refuse(
                "records of the table have an age of 60 to 604800 s and batches of 1 to 10000"
                    .into(),
            );
        }
    }
    if notary.window_s > 300 {
        return refuse("records are gathered for at most 300 s".into());
    }
    let projector = &manifest.projector;
    if projector.queue.visibility_s < 6 * projector.function.timeout_s {
        return refuse(
            "the projector's messages are hidden for less than six times its time".into(),
        );
    }
    if manifest.api.function.timeout_s >= 30 {
        return refuse("an HTTP API waits for 30 s at most".into());
    }
    for schedule in [&manifest.clock.schedule, &notary.schedule] {
        if !is_schedule(schedule) {
            return refuse(format!(
                "`{schedule}` is no rate of a schedule, such as `rate(1 minute)`"
            ));
        }
    }
    Ok(())
}

fn check_function(function: &Function) -> Result<(), EmulatorError> {
    let refuse = |why: String| Err(EmulatorError::Manifest { why });
    let name = &function.name;
    if !(1..=900).contains(&function.timeout_s) {
        return refuse(format!(
            "{name} has {} seconds; a function has 1 to 900",
            function.timeout_s
        ));
    }
    if !(128..=10_240).contains(&function.memory_mb) {
        return refuse(format!(
            "{name} has {} MB; a function has 128 to 10240",
            function.memory_mb
        ));
    }
    let bytes: usize = function
        .environment
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    if bytes > VARIABLES {
        return refuse(format!(
            "{name} has {bytes} bytes of variables; a function has at most {VARIABLES}"
        ));
    }
    Ok(())
}

/// `rate(1 minute)`, `rate(5 minutes)`: one takes the singular, more the plural.
fn is_schedule(text: &str) -> bool {
    let inner = text.strip_prefix("rate(").and_then(|t| t.strip_suffix(')'));
    let Some((count, unit)) = inner.and_then(|t| t.split_once(' ')) else {
        return false;
    };
    let singular = ["minute", "hour", "day"];
    match count.parse::<u32>() {
        Ok(1) => singular.contains(&unit),
        Ok(2..) => unit
            .strip_suffix('s')
            .is_some_and(|u| singular.contains(&u)),
        _ => false,
    }
}

/// Every function by its role, or by what it is.
#[must_use]
pub fn functions(manifest: &mut Manifest) -> Vec<(String, &mut Function)> {
    let agents = manifest
        .agents
        .iter_mut()
        .map(|agent| (agent.role.clone(), &mut agent.function));
    let others = [
        ("relay", &mut manifest.relay.function),
        ("clock", &mut manifest.clock.function),
        ("projector", &mut manifest.projector.function),
        ("notary", &mut manifest.notary.function),
        ("api", &mut manifest.api.function),
    ];
    agents
        .chain(others.map(|(name, function)| (name.to_owned(), function)))
        .collect()
}

/// Every agent's function lives this long, so that a test need not wait for what a killed one held.
#[must_use]
pub fn with_timeout(mut manifest: Manifest, seconds: u32) -> Manifest {
    for agent in &mut manifest.agents {
        agent.function.timeout_s = seconds;
        agent.queue.visibility_s = 6 * seconds;
    }
    manifest
}

#[cfg(test)]
mod tests {
    use va_agents::manifest::manifest;

    use super::*;

    #[test]
    fn what_is_written_may_be_deployed() {
        check(&manifest()).expect("sound");
        check(&with_timeout(manifest(), 3)).expect("sound");
    }

    #[test]
    fn what_aws_would_refuse_is_refused() {
        let broken: [fn(&mut Manifest); 8] = [
            |m| m.agents[0].queue.visibility_s = 6 * m.agents[0].function.timeout_s - 1,
            |m| m.agents[0].function.timeout_s = 901,
            |m| m.agents[0].function.memory_mb = 64,
            |m| m.agents[1].streams = m.agents[0].streams.clone(),
            |m| m.agents[0].queue.batch_size = 11,
            |m| m.clock.schedule = "rate(1 minutes)".into(),
            |m| m.relay.function.name = m.clock.function.name.clone(),
            |m| {
                let large = "x".repeat(VARIABLES);
                m.relay.function.environment.insert("VA_X".into(), large);
            },
        ];
        for change in broken {
            let mut manifest = manifest();
            change(&mut manifest);
            assert_eq!(
                check(&manifest).expect_err("broken").code(),
                "emulator_manifest"
            );
        }
    }
}
