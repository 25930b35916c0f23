//! What is done with the functions, in order.

use std::{fs, time::Duration};

use aws_sdk_lambda::types::LastUpdateStatus;
use aws_sdk_s3::primitives::ByteStream;
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    ALIAS, Part, Release, RolloutError,
    error::{call, chain},
    smoke,
};

/// Between two looks at a function that is being changed.
const REST: Duration = Duration::from_millis(500);
/// How often one looks before giving up: two minutes.
const LOOKS: u32 = 240;

/// Clients of the account.
#[derive(Clone, Debug)]
pub struct Clients {
    /// Lambda.
    pub lambda: aws_sdk_lambda::Client,
    /// S3.
    pub s3: aws_sdk_s3::Client,
}

/// One function's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The function.
    pub function: String,
    /// The version that the alias named before.
    pub from: String,
    /// The version that it names now.
    pub to: String,
}

/// What a rollout has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The functions that were moved.
    pub moved: Vec<Move>,
    /// Those that ran their package already.
    pub stood: Vec<String>,
}

/// A function that will be moved.
struct Planned<'a> {
    part: &'a Part,
    from: String,
    to: String,
}

/// Moves every function of a release to its package. When it ends well, all run it; when it fails, none does.
///
/// # Errors
/// Where a call is refused or a function fails: then nothing was moved, or everything was moved back, unless the
/// error is [`RolloutError::Stuck`].
pub async fn roll_out(clients: &Clients, release: &Release) -> Result<Report, RolloutError> {
    let mut report = Report::default();
    let mut planned = Vec::new();
    for part in &release.parts {
        let from = alias(clients, &part.function).await?;
        if code(clients, &part.function, &from).await? == in_base64(&part.sha256)? {
            report.stood.push(part.function.clone());
            continue;
        }
        upload(clients, &release.bucket, part).await?;
        let to = publish(clients, &release.bucket, part).await?;
        planned.push(Planned { part, from, to });
    }
    for Planned { part, to, .. } in &planned {
        if let Some(why) = smoke::fault(&clients.lambda, &part.function, to, part.probe).await {
            let function = part.function.clone();
            return Err(RolloutError::Untouched { function, why });
        }
    }
    let mut moved = Vec::new();
    for plan in &planned {
        // What fails here may have been done all the same: the answer may be what was lost.
        moved.push(plan);
        if let Err(e) = point(clients, &plan.part.function, &plan.to).await {
            return Err(back(clients, &moved, chain(&e)).await);
        }
    }
    for part in &release.parts {
        if let Some(why) = smoke::fault(&clients.lambda, &part.function, ALIAS, part.probe).await {
            let why = format!("{}: {why}", part.function);
            return Err(back(clients, &moved, why).await);
        }
    }
    report.moved = planned
        .into_iter()
        .map(|Planned { part, from, to }| Move {
            function: part.function.clone(),
            from,
            to,
        })
        .collect();
    Ok(report)
}

/// Moves everything back, the last first, and says how that went.
async fn back(clients: &Clients, moved: &[&Planned<'_>], why: String) -> RolloutError {
    let mut stuck = Vec::new();
    for plan in moved.iter().rev() {
        if let Err(e) = point(clients, &plan.part.function, &plan.from).await {
            stuck.push(format!(
                "{} at version {}: {}",
                plan.part.function,
                plan.to,
                chain(&e)
            ));
        }
    }
    if stuck.is_empty() {
        RolloutError::RolledBack {
            back: moved.len(),
            why,
        }
    } else {
        RolloutError::Stuck { why, stuck }
    }
}

/// The version that the alias names.
async fn alias(clients: &Clients, function: &str) -> Result<String, RolloutError> {
    let answer = clients
        .lambda
        .get_alias()
        .function_name(function)
        .name(ALIAS)
        .send()
        .await
        .map_err(call(format!(
            "the alias {ALIAS} of {function} cannot be read; was the environment applied?"
        )))?;
    answer
        .function_version
        .ok_or_else(|| RolloutError::Function {
            function: function.to_owned(),
            why: format!("the alias {ALIAS} names no version"),
        })
}

/// The hash of a version's package, in base64 as Lambda says it.
async fn code(clients: &Clients, function: &str, version: &str) -> Result<String, RolloutError> {
    let answer = clients
        .lambda
        .get_function_configuration()
        .function_name(function)
        .qualifier(version)
        .send()
        .await
        .map_err(call(format!(
            "version {version} of {function} cannot be read"
        )))?;
    Ok(answer.code_sha256.unwrap_or_default())
}

fn in_base64(sha256: &str) -> Result<String, RolloutError> {
    let bytes = hex::decode(sha256).map_err(|e| RolloutError::Release {
        what: format!("{sha256} is no hash: {e}"),
    })?;
    Ok(STANDARD.encode(bytes))
}

/// Where a package lies: its name is its hash, so what lies there never changes.
fn key(part: &Part) -> String {
    format!("functions/{}/{}.zip", part.binary, part.sha256)
}

async fn upload(clients: &Clients, bucket: &str, part: &Part) -> Result<(), RolloutError> {
    let bytes = fs::read(&part.file).map_err(|e| RolloutError::Release {
        what: format!("{} cannot be read: {e}", part.file.display()),
    })?;
    let sent = clients
        .s3
        .put_object()
        .bucket(bucket)
        .key(key(part))
        .if_none_match("*")
        .checksum_sha256(in_base64(&part.sha256)?)
        .body(ByteStream::from(bytes))
        .send()
        .await;
    match sent {
        Ok(_) => Ok(()),
        // It lies there already, under the hash of its bytes.
        Err(e) if e.raw_response().is_some_and(|r| r.status().as_u16() == 412) => Ok(()),
        Err(e) => Err(call(format!(
            "{} cannot be uploaded to {bucket}",
            part.binary
        ))(e)),
    }
}

/// Gives the function its package and makes a version of it; the alias stays where it is.
async fn publish(clients: &Clients, bucket: &str, part: &Part) -> Result<String, RolloutError> {
    let function = &part.function;
    let sha256 = in_base64(&part.sha256)?;
    clients
        .lambda
        .update_function_code()
        .function_name(function)
        .s3_bucket(bucket)
        .s3_key(key(part))
        .send()
        .await
        .map_err(call(format!("the code of {function} cannot be changed")))?;
    ready(clients, function).await?;
    let made = clients
        .lambda
        .publish_version()
        .function_name(function)
        .code_sha256(&sha256)
        .send()
        .await
        .map_err(call(format!("{function} has no version of {sha256}")))?;
    match (made.version, made.code_sha256) {
        (Some(version), Some(code)) if code == sha256 => Ok(version),
        (_, code) => Err(RolloutError::Function {
            function: function.clone(),
            why: format!(
                "its new version has the code {}, not {sha256}",
                code.unwrap_or_default()
            ),
        }),
    }
}

/// Waits until a change of the function has come through.
async fn ready(clients: &Clients, function: &str) -> Result<(), RolloutError> {
    for _ in 0..LOOKS {
        let now = clients
            .lambda
            .get_function_configuration()
            .function_name(function)
            .send()
            .await
            .map_err(call(format!("{function} cannot be read")))?;
        match now.last_update_status {
            None | Some(LastUpdateStatus::Successful) => return Ok(()),
            Some(LastUpdateStatus::Failed) => {
                return Err(RolloutError::Function {
                    function: function.to_owned(),
                    why: now.last_update_status_reason.unwrap_or_default(),
                });
            }
            Some(_) => tokio::time::sleep(REST).await,
        }
    }
    Err(RolloutError::Function {
        function: function.to_owned(),
        why: "its new code is not ready after two minutes".to_owned(),
    })
}

/// Lets the alias name this version.
async fn point(clients: &Clients, function: &str, version: &str) -> Result<(), RolloutError> {
    clients
        .lambda
        .update_alias()
        .function_name(function)
        .name(ALIAS)
        .function_version(version)
        .send()
        .await
        .map_err(call(format!(
            "the alias {ALIAS} of {function} cannot be moved to {version}"
        )))?;
    Ok(())
}
