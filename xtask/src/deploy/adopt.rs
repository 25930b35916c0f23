//! After an apply that was killed: what stands under its name and is not in the state is taken into it.
//!
//! Terraform keeps its state at intervals, so what it made in the last of them may stand without being known. The next
//! apply meets it by its name and fails; each such failure names the resource, whose identity follows from its plan.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::{Act, PATIENT, Planned, Root, Shown, actions};
use crate::{
    error::{TaskError, file},
    process::output,
};

/// Where the imports are written, for as long as they are needed.
const FILE: &str = "adopted.tf";

/// Applies until nothing more is met that stands already.
///
/// # Errors
/// Where Terraform fails of something else, or what was met cannot be found by its name.
pub(super) fn adopt(root: &Root) -> Result<Planned, TaskError> {
    let mut imports = Imports::new(&root.folder);
    loop {
        let (planned, shown) = root.plan(&Act::Adopt)?;
        imports.spare(&shown)?;
        let failures = apply(root, &planned.file)?;
        if failures.is_empty() {
            return Ok(planned);
        }
        let met: Vec<(String, String)> = failures
            .iter()
            .filter_map(|failure| Some((failure.address.clone(), failure.identity(&shown)?)))
            .filter(|(address, _)| !imports.of.contains_key(address))
            .collect();
        if met.is_empty() {
            let said: Vec<String> = failures.into_iter().map(|f| f.to_string()).collect();
            return Err(TaskError::Found(said.join("\n")));
        }
        for (address, id) in &met {
            println!("takes over {address}: {id}");
        }
        imports.of.extend(met);
        imports.write()?;
    }
}

/// A file of import blocks in the root, which goes with this value.
#[derive(Debug)]
struct Imports {
    path: PathBuf,
    of: BTreeMap<String, String>,
}

impl Imports {
    fn new(folder: &Path) -> Self {
        Self {
            path: folder.join(FILE),
            of: BTreeMap::new(),
        }
    }

    /// What was taken over is never taken away: where it would be made anew, a person has to look.
    fn spare(&self, shown: &Shown) -> Result<(), TaskError> {
        let changes = shown.resource_changes.iter();
        let lost: Vec<&str> = changes
            .filter(|change| actions(change).contains(&"delete"))
            .filter_map(|change| change["address"].as_str())
            .filter(|address| self.of.contains_key(*address))
            .collect();
        if lost.is_empty() {
            return Ok(());
        }
        let what = format!(
            "stands, and is another one than is described: {}",
            lost.join(", ")
        );
        Err(TaskError::Found(what))
    }

    fn write(&self) -> Result<(), TaskError> {
        let blocks = self
            .of
            .iter()
            .map(|(address, id)| format!("import {{\n  to = {address}\n  id = {id:?}\n}}\n"));
        fs::write(&self.path, blocks.collect::<String>())
            .map_err(file(format!("{} cannot be written", self.path.display())))
    }
}

impl Drop for Imports {
    fn drop(&mut self) {
        // Where nothing was met there is none.
        let _ = fs::remove_file(&self.path);
    }
}

/// What Terraform could not make.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Failure {
    address: String,
    says: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.address, self.says)
    }
}

/// Applies a plan; answers what could not be made.
fn apply(root: &Root, plan: &Path) -> Result<Vec<Failure>, TaskError> {
    let mut command = root.terraform("apply");
    command.args(["-input=false", "-json", PATIENT]).arg(plan);
    let said = output(&mut command)?;
    if said.status.success() {
        return Ok(Vec::new());
    }
    let failures = failures(&String::from_utf8_lossy(&said.stdout));
    if failures.is_empty() {
        return Err(crate::process::ended(&command, &said));
    }
    Ok(failures)
}

/// The errors among the lines that Terraform prints as JSON.
fn failures(lines: &str) -> Vec<Failure> {
    let lines = lines
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines
        .filter(|line| line["@level"] == "error")
        .map(|line| {
            let text = |name: &str| line["diagnostic"][name].as_str().unwrap_or_default();
            Failure {
                address: text("address").to_owned(),
                says: format!("{} {}", text("summary"), text("detail")),
            }
        })
        .collect()
}

impl Failure {
    /// By what its resource is imported: its name, as the provider wants it; `None` where a name does not find it, so
    /// that a second one can stand beside it.
    fn identity(&self, shown: &Shown) -> Option<String> {
        let change = shown
            .resource_changes
            .iter()
            .find(|change| change["address"] == self.address.as_str())?;
        let after = &change["change"]["after"];
        let text = |name: &str| after[name].as_str().map(str::to_owned);
        let account = || shown.account();
        match change["type"].as_str()? {
            "aws_cloudfront_function"
            | "aws_cloudwatch_event_archive"
            | "aws_cloudwatch_event_bus"
            | "aws_cloudwatch_log_group"
            | "aws_dynamodb_table"
            | "aws_iam_role"
            | "aws_kms_alias"
            | "aws_scheduler_schedule_group" => text("name"),
            "aws_s3_bucket" => text("bucket"),
            "aws_lambda_function" => text("function_name"),
            "aws_lambda_alias" => Some(format!("{}/{}", text("function_name")?, text("name")?)),
            "aws_lambda_permission" => {
                let (function, id) = (text("function_name")?, text("statement_id")?);
                Some(match text("qualifier") {
                    Some(qualifier) => format!("{function}:{qualifier}/{id}"),
                    None => format!("{function}/{id}"),
                })
            }
            // Two of one queue and one function cannot be; who is refused is told the other's id.
            "aws_lambda_event_source_mapping" => uuid(&self.says),
            "aws_scheduler_schedule" => Some(format!("{}/{}", text("group_name")?, text("name")?)),
            "aws_iam_policy" => Some(format!(
                "arn:aws:iam::{}:policy/{}",
                account()?,
                text("name")?
            )),
            "aws_iam_openid_connect_provider" => {
                let host = text("url")?.trim_start_matches("https://").to_owned();
                Some(format!("arn:aws:iam::{}:oidc-provider/{host}", account()?))
            }
            "aws_budgets_budget" => Some(format!("{}:{}", account()?, text("name")?)),
            _ => None,
        }
    }
}

impl Shown {
    /// The account, as every root asks for it.
    fn account(&self) -> Option<String> {
        let resources = self.prior_state["values"]["root_module"]["resources"].as_array()?;
        let caller = resources
            .iter()
            .find(|one| one["type"] == "aws_caller_identity")?;
        caller["values"]["account_id"].as_str().map(str::to_owned)
    }
}

/// The first UUID of a text.
fn uuid(text: &str) -> Option<String> {
    const PARTS: [usize; 5] = [8, 4, 4, 4, 12];
    let words = text.split(|c: char| !(c.is_ascii_hexdigit() || c == '-'));
    words
        .filter(|word| word.split('-').map(str::len).eq(PARTS))
        .map(str::to_owned)
        .next()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn identity(kind: &str, after: &Value, says: &str) -> Option<String> {
        let address = format!("{kind}.this");
        let shown = json!({
            "resource_changes": [{ "address": address, "type": kind, "change": { "after": after } }],
            "prior_state": { "values": { "root_module": { "resources": [
                { "type": "aws_caller_identity", "values": { "account_id": "123456789012" } },
            ] } } },
        });
        let failure = Failure {
            address,
            says: says.to_owned(),
        };
        failure.identity(&serde_json::from_value(shown).expect("a plan"))
    }

    #[test]
    fn what_has_a_name_is_found_by_it() {
        for (kind, after, id) in [
            ("aws_iam_role", json!({ "name": "r" }), "r"),
            ("aws_s3_bucket", json!({ "bucket": "b" }), "b"),
            (
                "aws_lambda_alias",
                json!({ "function_name": "f", "name": "live" }),
                "f/live",
            ),
            (
                "aws_lambda_permission",
                json!({ "function_name": "f", "statement_id": "api", "qualifier": "live" }),
                "f:live/api",
            ),
            (
                "aws_scheduler_schedule",
                json!({ "group_name": "g", "name": "s" }),
                "g/s",
            ),
            (
                "aws_iam_policy",
                json!({ "name": "p" }),
                "arn:aws:iam::123456789012:policy/p",
            ),
            (
                "aws_iam_openid_connect_provider",
                json!({ "url": "https://host" }),
                "arn:aws:iam::123456789012:oidc-provider/host",
            ),
            (
                "aws_budgets_budget",
                json!({ "name": "b" }),
                "123456789012:b",
            ),
        ] {
            assert_eq!(identity(kind, &after, "").as_deref(), Some(id), "{kind}");
        }
    }

    #[test]
    fn what_listens_to_a_queue_is_found_by_what_the_refusal_says_and_a_key_is_not_found() {
        let id = "6f1c9a3e-0b51-4b5e-9a4b-0d8f0a6c7e11";
        let says = format!(
            "mapping already exists. Please update or delete the existing mapping with UUID {id}"
        );
        let mapping = "aws_lambda_event_source_mapping";
        assert_eq!(identity(mapping, &json!({}), &says).as_deref(), Some(id));
        assert_eq!(identity(mapping, &json!({}), "throttled"), None);
        assert_eq!(
            identity("aws_kms_key", &json!({ "description": "k" }), ""),
            None
        );
    }

    #[test]
    fn errors_are_read_from_what_terraform_prints() {
        let line = json!({
            "@level": "error", "type": "diagnostic",
            "diagnostic": { "address": "module.a[\"b\"].aws_iam_role.this", "summary": "exists", "detail": "already" },
        });
        let read = failures(&format!("{{\"@level\":\"info\"}}\n{line}\nno JSON\n"));
        assert_eq!(read.len(), 1);
        assert_eq!(
            read[0].to_string(),
            "module.a[\"b\"].aws_iam_role.this: exists already"
        );
    }
}
