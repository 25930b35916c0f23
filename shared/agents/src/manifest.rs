//! What a deployment on AWS follows from the agents' declarations: the content of `terraform/agents.json`.
//!
//! Names are patterns. Whoever deploys replaces `{env}` and `{company}`, and in variables `{queue:<role>}`
//! by the address of that role's queue. Nothing else is needed: a function gets the variables, the
//! permissions and the limits that stand beside it, and no others.

mod door;
mod shape;
mod table;

use std::collections::BTreeMap;

use va_domain::{
    ids::kind,
    payload,
    roles::{self, ROLES},
};
use va_runtime::agent::Agent;

pub use self::{
    door::{Operation, ROUTES, VIEW_GENERATION},
    shape::{
        AgentEntry, ApiEntry, ClockEntry, Function, Index, Manifest, NotaryEntry, Permission,
        ProjectorEntry, Queue, RelayEntry, Route, Rule, SealKey, Signal, Table,
    },
};

/// Seconds of an invocation that runs no effect: a batch of decisions, each a few calls of the stores.
const DECIDE_S: u32 = 60;
/// Seconds of an invocation that publishes or reports: the effect's 60, its grace, and the decisions.
const WRITE_S: u32 = 90;
/// Seconds of an invocation that calls a model: a draft and, where it was malformed, its repair, each of 120
/// seconds and their grace.
const THINK_S: u32 = 300;
/// Times that a message's visibility is longer than the invocation that holds it.
const VISIBILITY: u32 = 6;
/// Messages of one invocation.
const BATCH: u32 = 10;
/// Messages of one invocation that may begin effects: so many streams a function handles at once, so none
/// waits with an intent behind another's attempt.
const EFFECT_BATCH: u32 = 4;
/// So often a message is received before it is set aside.
const RECEIVES: u32 = 5;
/// Megabytes of a function; the share of a processor follows from them.
const MEMORY_MB: u32 = 256;

/// The manifest of everything that is built.
#[must_use]
pub fn manifest() -> Manifest {
    Manifest {
        schema: "va.manifest/1".into(),
        runtime: "provided.al2023".into(),
        handler: "bootstrap".into(),
        table: Table {
            name: TABLE.into(),
            partition_key: "PK".into(),
            sort_key: "SK".into(),
            // The old image too: what was changed or removed is evidence.
            stream: "NEW_AND_OLD_IMAGES".into(),
            index: Index {
                name: "due".into(),
                partition_key: "due_shard".into(),
                sort_key: "due".into(),
                include: vec!["deadline".into()],
            },
        },
        blob_bucket: BLOBS.into(),
        site_bucket: SITES.into(),
        vault_bucket: VAULT.into(),
        seal_key: SealKey {
            alias: SEAL_KEY.into(),
            spec: "ECC_NIST_EDWARDS25519".into(),
            usage: "SIGN_VERIFY".into(),
        },
        bus: BUS.into(),
        schedule_dead_letters: SCHEDULE_DEAD_LETTERS.into(),
        agents: crate::all().iter().map(|agent| entry(&**agent)).collect(),
        relay: table::relay(),
        clock: clock(),
        projector: door::projector(),
        notary: table::notary(),
        api: door::api(),
    }
}

const TABLE: &str = "va-{env}-core-dynamodb";
const BLOBS: &str = "va-{env}-core-bucket";
const SITES: &str = "va-{env}-content-bucket";
const VAULT: &str = "va-{env}-core-vault-bucket";
const SEAL_KEY: &str = "alias/va-{env}-core-seal-key";
const BUS: &str = "va-{env}-core-events";
const SCHEDULE_DEAD_LETTERS: &str = "va-{env}-core-schedules-queue-dlq";
/// How the sort keys of commits begin.
const COMMITS: &str = "E#";

fn entry(agent: &dyn Agent) -> AgentEntry {
    let role = agent.role();
    let effects = agent.effects();
    let named = function_of(role);
    let timeout_s = match effects {
        [] => DECIDE_S,
        effects if effects.contains(&"model_call") => THINK_S,
        _ => WRITE_S,
    };
    let mut environment = variables(&[("VA_TABLE", TABLE), ("VA_BLOB_BUCKET", BLOBS)]);
    let mut permissions = vec![
        permission(
            format!("table:{TABLE}"),
            &["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
        ),
        // Without the right to list, a blob that is missing cannot be told from one that is forbidden.
        permission(format!("bucket:{BLOBS}"), &["s3:ListBucket"]),
        permission(
            format!("objects:{BLOBS}/{{company}}/blobs/"),
            &["s3:GetObject", "s3:PutObject"],
        ),
    ];
    let folder = |of: String| permission(of, &["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]);
    if effects.contains(&"publish_site") {
        environment.insert("VA_SITE_BUCKET".into(), SITES.into());
        permissions.push(permission(format!("bucket:{SITES}"), &["s3:ListBucket"]));
        permissions.push(folder(format!("objects:{SITES}/{{company}}/sites/")));
    }
    if effects.contains(&"write_report") {
        permissions.push(folder(format!("objects:{BLOBS}/{{company}}/reports/")));
    }
    permissions.push(listens(role));
    AgentEntry {
        role: role.into(),
        function: function(
            named,
            &format!("va-fn-{role}"),
            timeout_s,
            environment,
            permissions,
        ),
        queue: queue(
            role,
            timeout_s,
            if effects.is_empty() {
                BATCH
            } else {
                EFFECT_BATCH
            },
        ),
        rule: Rule {
            name: format!("va-{{env}}-{named}-rule"),
            source: "va.{company}".into(),
            to: ROLES
                .iter()
                .filter(|r| roles::taker(r.id) == role)
                .map(|r| r.id.to_owned())
                .collect(),
        },
        streams: streams(role),
        signals: signals(role),
        takes: agent.takes().iter().map(|t| detail_type(t)).collect(),
        emits: agent.emits().iter().map(|t| detail_type(t)).collect(),
        effects: effects.iter().map(|&e| e.to_owned()).collect(),
    }
}

fn clock() -> ClockEntry {
    let mut environment = variables(&[("VA_TABLE", TABLE)]);
    let mut permissions = vec![
        permission(
            format!("table:{TABLE}"),
            &["dynamodb:GetItem", "dynamodb:UpdateItem"],
        ),
        permission(format!("index:{TABLE}/due"), &["dynamodb:Query"]),
        sets_aside_what_a_schedule_called(),
    ];
    for agent in crate::all() {
        let role = agent.role();
        environment.insert(queue_variable(role), format!("{{queue:{role}}}"));
        permissions.push(permission(
            format!("queue:{}", queue_name(role)),
            &["sqs:SendMessage"],
        ));
    }
    ClockEntry {
        function: function("clock", "va-fn-clock", DECIDE_S, environment, permissions),
        schedule: "rate(1 minute)".into(),
    }
}

fn function(
    named: &str,
    binary: &str,
    timeout_s: u32,
    environment: BTreeMap<String, String>,
    permissions: Vec<Permission>,
) -> Function {
    Function {
        name: format!("va-{{env}}-{named}-lambda"),
        execution_role: format!("va-{{env}}-{named}-exec-iam-role"),
        binary: binary.into(),
        timeout_s,
        memory_mb: MEMORY_MB,
        environment,
        permissions,
    }
}

/// What every function is told, and these.
fn variables(own: &[(&str, &str)]) -> BTreeMap<String, String> {
    [("VA_COMPANY", "{company}"), ("VA_ENV", "{env}")]
        .iter()
        .chain(own)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// The queue of a role, or of a function that is called like one.
fn queue(role: &str, timeout_s: u32, batch_size: u32) -> Queue {
    Queue {
        name: queue_name(role),
        dead_letters: format!("{}-dlq", queue_name(role)),
        visibility_s: VISIBILITY * timeout_s,
        max_receives: RECEIVES,
        batch_size,
    }
}

/// What whoever listens to a queue needs of it.
fn listens(role: &str) -> Permission {
    permission(
        format!("queue:{}", queue_name(role)),
        &[
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:ReceiveMessage",
        ],
    )
}

/// What Lambda needs, in the function's name, to set aside a call of a schedule that failed as often as it may.
fn sets_aside_what_a_schedule_called() -> Permission {
    permission(
        format!("queue:{SCHEDULE_DEAD_LETTERS}"),
        &["sqs:SendMessage"],
    )
}

fn permission(resource: String, actions: &[&str]) -> Permission {
    Permission {
        resource,
        actions: actions.iter().map(|&a| a.to_owned()).collect(),
    }
}

fn streams(role: &str) -> Vec<String> {
    match role {
        "ceo" => vec![kind::GOAL.to_owned()],
        "cfo" => vec![kind::MONTH.to_owned()],
        "cto" => vec![kind::INCIDENT.to_owned(), kind::ALARM.to_owned()],
        "publisher" => vec![format!("{}{role}", kind::TASK), kind::SITE.to_owned()],
        _ => vec![format!("{}{role}", kind::TASK)],
    }
}

/// What a role hears of AWS itself.
fn signals(role: &str) -> Vec<Signal> {
    let hears = role == "cto";
    let signal = hears.then(|| Signal {
        source: "aws.cloudwatch".into(),
        detail_type: "CloudWatch Alarm State Change".into(),
        rule: format!("va-{{env}}-{}-alarms-rule", function_of(role)),
    });
    signal.into_iter().collect()
}

/// The role as AWS names have it.
fn function_of(role: &str) -> &str {
    roles::find(role).map_or(role, |r| r.function)
}

fn queue_name(role: &str) -> String {
    format!("va-{{env}}-{}-queue", function_of(role))
}

/// `VA_QUEUE_<ROLE>`: the variable that holds the address of a role's queue.
fn queue_variable(role: &str) -> String {
    format!("VA_QUEUE_{}", role.to_uppercase().replace('-', "_"))
}

/// `<EventType>.v<N>`.
fn detail_type(event_type: &str) -> String {
    let version = payload::known(event_type).map_or(1, |(_, version)| version);
    format!("{event_type}.v{version}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_file_that_deployments_read_is_up_to_date() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../terraform/agents.json");
        let standing = std::fs::read_to_string(file).unwrap_or_default();
        assert_eq!(
            standing,
            manifest().to_json().expect("JSON"),
            "run `cargo run -- manifest > terraform/agents.json`"
        );
    }

    #[test]
    fn every_type_of_stream_has_one_owner_who_is_the_one_that_mail_goes_to() {
        let mut seen = BTreeSet::new();
        let manifest = manifest();
        for agent in manifest.agents {
            for stream in agent.streams {
                assert_eq!(roles::owner(&stream), agent.role);
                assert!(seen.insert(stream));
            }
        }
        for (owner, streams) in [
            ("notary", manifest.notary.streams),
            ("board", manifest.api.streams),
        ] {
            for stream in streams {
                assert_eq!(roles::owner(&stream), owner);
                assert!(seen.insert(stream));
            }
        }
    }

    #[test]
    fn mail_to_any_role_reaches_exactly_one_queue() {
        let manifest = manifest();
        for role in ROLES {
            let rules = manifest.agents.iter().map(|a| &a.rule);
            let takers = rules.filter(|rule| rule.to.iter().any(|to| to == role.id));
            assert_eq!(takers.count(), 1, "{}", role.id);
        }
    }

    #[test]
    fn no_function_may_scan_delete_a_commit_or_read_a_secret() {
        let manifest = manifest();
        for function in manifest.functions() {
            for action in function.permissions.iter().flat_map(|p| &p.actions) {
                let service = action.split(':').next();
                assert!(!action.contains('*') && service != Some("secretsmanager"));
                assert!(
                    ![
                        "dynamodb:Scan",
                        "dynamodb:DeleteItem",
                        "dynamodb:BatchWriteItem"
                    ]
                    .contains(&action.as_str())
                );
                let updates = action == "dynamodb:UpdateItem";
                assert!(!updates || function.binary == "va-fn-clock");
            }
        }
    }

    #[test]
    fn nobody_but_its_owner_may_append_to_a_stream() {
        let manifest = manifest();
        let writers = manifest.functions().filter(|function| {
            let actions = function.permissions.iter().flat_map(|p| &p.actions);
            actions
                .into_iter()
                .any(|action| action == "dynamodb:PutItem")
        });
        // Whoever may put names the types of partition that it may put into.
        let named = manifest.agents.len() + ["projector", "notary", "api"].len();
        assert_eq!(writers.count(), named);
        let views = &manifest.projector.streams;
        assert!(
            views.iter().all(|view| view.contains(':')),
            "no stream is called so"
        );
    }

    #[test]
    fn whoever_a_schedule_calls_may_set_the_call_aside_and_nobody_else() {
        let manifest = manifest();
        let queue = format!("queue:{}", manifest.schedule_dead_letters);
        let may = |function: &&Function| function.permissions.iter().any(|p| p.resource == queue);
        let who: Vec<&str> = manifest
            .functions()
            .filter(may)
            .map(|function| function.binary.as_str())
            .collect();
        assert_eq!(who, ["va-fn-clock", "va-fn-notary"]);
    }

    #[test]
    fn an_attempt_and_its_repair_end_before_the_function_does() {
        for agent in manifest().agents {
            let longest = match agent.effects.as_slice() {
                [] => 0,
                effects if effects.iter().any(|e| e == "model_call") => 2 * (120 + 15),
                _ => 60 + 15,
            };
            assert!(agent.function.timeout_s > longest, "{}", agent.role);
            assert!(agent.queue.visibility_s >= 6 * agent.function.timeout_s);
        }
    }
}
