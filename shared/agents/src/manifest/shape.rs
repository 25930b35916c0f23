//! The shape of `terraform/agents.json`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// `terraform/agents.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// `va.manifest/1`.
    pub schema: String,
    /// Every function's runtime.
    pub runtime: String,
    /// Every function's handler: the binary's name within its package.
    pub handler: String,
    /// The journal.
    pub table: Table,
    /// The private bucket of blobs and reports.
    pub blob_bucket: String,
    /// The bucket of sites, which a content network reads.
    pub site_bucket: String,
    /// The write-once bucket of seals and sealed commits: versioned, with object lock.
    pub vault_bucket: String,
    /// The key that signs seals.
    pub seal_key: SealKey,
    /// The event bus.
    pub bus: String,
    /// Where calls of schedules are set aside.
    pub schedule_dead_letters: String,
    /// One entry an agent.
    pub agents: Vec<AgentEntry>,
    /// From the table's stream to the bus.
    pub relay: RelayEntry,
    /// Wakes what is due.
    pub clock: ClockEntry,
    /// Keeps what the API answers from.
    pub projector: ProjectorEntry,
    /// Seals what is committed, and finds what was changed.
    pub notary: NotaryEntry,
    /// The board's door.
    pub api: ApiEntry,
}

/// An asymmetric key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealKey {
    /// Its alias, with `alias/`.
    pub alias: String,
    /// Its kind, as the key service names it.
    pub spec: String,
    /// What it is for: `SIGN_VERIFY`.
    pub usage: String,
}

/// The table of commits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The partition key, a text.
    pub partition_key: String,
    /// The sort key, a text.
    pub sort_key: String,
    /// What its stream's records hold.
    pub stream: String,
    /// The sparse index of deadlines.
    pub index: Index,
}

/// An index of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// The partition key, a text.
    pub partition_key: String,
    /// The sort key, a number.
    pub sort_key: String,
    /// What it holds besides the keys.
    pub include: Vec<String>,
}

/// What every function has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// The function's name.
    pub name: String,
    /// The role that it runs under.
    pub execution_role: String,
    /// The binary, whose package holds it as `bootstrap`.
    pub binary: String,
    /// Seconds that an invocation may last.
    pub timeout_s: u32,
    /// Memory.
    pub memory_mb: u32,
    /// Its variables.
    pub environment: BTreeMap<String, String>,
    /// What it may do.
    pub permissions: Vec<Permission>,
}

/// Actions on one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    /// `table:<name>`, `index:<table>/<name>`, `stream:<table>`, `bucket:<name>`, `objects:<bucket>/<prefix>`, `bus:<name>`,
    /// `queue:<name>`, `key:<alias>`.
    pub resource: String,
    /// The actions, as policies name them.
    pub actions: Vec<String>,
}

/// One agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentEntry {
    /// The role's id; also the crate's folder.
    pub role: String,
    /// The function.
    pub function: Function,
    /// The queue that the function listens to.
    pub queue: Queue,
    /// What reaches the queue.
    pub rule: Rule,
    /// The types of stream that it alone appends to: what its items' partition keys hold between the company
    /// and the id.
    pub streams: Vec<String>,
    /// Events of AWS itself that reach its queue from the account's own bus, as source and `detail-type`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<Signal>,
    /// The events that it decides on, as `detail-type`. Others reach it as well, for the money that they carry.
    pub takes: Vec<String>,
    /// The events that it emits, as `detail-type`.
    pub emits: Vec<String>,
    /// The effects that it may run.
    pub effects: Vec<String>,
}

/// Events of a service of AWS.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// `aws.cloudwatch`.
    pub source: String,
    /// `CloudWatch Alarm State Change`.
    pub detail_type: String,
    /// The rule on the account's own bus.
    pub rule: String,
}

/// A queue and how a function listens to it, with partial batch failures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    /// Its name.
    pub name: String,
    /// Where messages are set aside.
    pub dead_letters: String,
    /// Seconds that a received message stays hidden: six times the function's timeout.
    pub visibility_s: u32,
    /// So often a message is received before it is set aside.
    pub max_receives: u32,
    /// Messages of one invocation.
    pub batch_size: u32,
}

/// A rule of the bus, whose target is the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// The events' source.
    pub source: String,
    /// One of these stands in the event's `to`: the role, and vacant ones whose mail it takes.
    pub to: Vec<String>,
}

/// The function behind the table's stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayEntry {
    /// The function.
    pub function: Function,
    /// Where it begins to read: `TRIM_HORIZON`.
    pub starting_position: String,
    /// The records that it is given: `INSERT`. The clock's changes wake nobody and cost no invocation.
    pub event_name: String,
    /// How the sort keys of the records begin that it is given: commits, and no views.
    pub key_prefix: String,
    /// Records of one invocation.
    pub batch_size: u32,
    /// A batch that fails is halved.
    pub bisect_on_error: bool,
    /// Seconds after which a record that was not handed on is set aside: by then the clock has asked again.
    pub max_age_s: u32,
    /// Where such records are named.
    pub dead_letters: String,
}

/// The function that a schedule calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockEntry {
    /// The function.
    pub function: Function,
    /// When it is called.
    pub schedule: String,
}

/// The function that keeps read models. The relay rings it with the names of streams that have grown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectorEntry {
    /// The function.
    pub function: Function,
    /// The queue that it listens to.
    pub queue: Queue,
    /// What it may write, as with agents: one generation of views, and no stream.
    pub streams: Vec<String>,
}

/// The second function behind the table's stream, which a schedule calls as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotaryEntry {
    /// The function.
    pub function: Function,
    /// Where it begins to read: `TRIM_HORIZON`.
    pub starting_position: String,
    /// How the sort keys of the records begin that it is given, whatever became of them: commits, and no views.
    pub key_prefix: String,
    /// Records of one invocation.
    pub batch_size: u32,
    /// Seconds that records are gathered, so that one seal covers them.
    pub window_s: u32,
    /// A batch that fails is halved.
    pub bisect_on_error: bool,
    /// Seconds after which a record that was not sealed is set aside.
    pub max_age_s: u32,
    /// Where such records are named.
    pub dead_letters: String,
    /// When it compares what was sealed with what stands.
    pub schedule: String,
    /// The types of stream that it alone appends to.
    pub streams: Vec<String>,
}

/// The function behind the HTTP API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiEntry {
    /// The function.
    pub function: Function,
    /// What it takes, each behind the authorizer.
    pub routes: Vec<Route>,
    /// The types of stream that it may append to, for a person.
    pub streams: Vec<String>,
}

/// One route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// `GET`, `PUT`, `POST`.
    pub method: String,
    /// The path, parameters in braces.
    pub path: String,
    /// The scope that a token must have.
    pub scope: String,
}

impl Manifest {
    /// Every function, the agents' first.
    pub fn functions(&self) -> impl Iterator<Item = &Function> {
        let agents = self.agents.iter().map(|agent| &agent.function);
        agents.chain([
            &self.relay.function,
            &self.clock.function,
            &self.projector.function,
            &self.notary.function,
            &self.api.function,
        ])
    }

    /// As it stands in `terraform/agents.json`.
    ///
    /// # Errors
    /// Where it cannot be written as JSON.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}
