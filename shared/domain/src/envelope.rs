//! Events: facts that were committed, and the only way agents talk.

use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::{RawValue, to_raw_value};

use crate::{account::Figure, goal_spec::Priority, ids::StreamId};

/// An event as it is stored, sent and read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Envelope {
    /// `ContentRequest`, `ContentReady`, ...
    pub event_type: String,
    /// The version of the payload's shape, from 1.
    pub schema_version: u32,
    /// `<stream>@<version>.<n>`; n counts from 0 within the commit.
    pub event_id: String,
    /// The tenant.
    pub company: String,
    /// The region or factory that appended it.
    pub home: String,
    /// Raised when a home is restored.
    pub epoch: u32,
    /// `va-agent-<function>-<env>`.
    pub source_agent: String,
    /// The instance of the role that decided it.
    pub agent_id: String,
    /// On whose authority.
    pub actor: Actor,
    /// The streams that it is addressed to.
    #[serde(rename = "for", default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
    /// The owners of those streams; routing rules match this alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<String>,
    /// What the addressed task may do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<Grant>,
    /// Whose turn comes first.
    pub priority: Priority,
    /// The cause's depth + 1.
    pub depth: u32,
    /// When it was decided. Never orders events; versions do.
    pub timestamp: Timestamp,
    /// The root of the causation: the goal's stream id.
    pub correlation_id: String,
    /// The event that it follows from; none for a root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causation: Option<String>,
    /// W3C trace context, made from the correlation id.
    pub traceparent: String,
    /// The stream that it stands in.
    pub stream: StreamId,
    /// The version of its commit.
    pub version: u64,
    /// The fact itself.
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Value"))]
    pub payload: Fact,
}

/// A fact as JSON text: written once, handed on as it stands, and read only where it is needed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fact(Box<RawValue>);

impl Fact {
    /// Writes a fact.
    ///
    /// # Errors
    /// Where it cannot be written as JSON.
    pub fn of<T: Serialize>(fact: &T) -> Result<Self, serde_json::Error> {
        to_raw_value(fact).map(Self)
    }

    /// Reads it.
    ///
    /// # Errors
    /// Where it does not have that shape.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.0.get())
    }
}

/// Two facts are the same where their bytes are.
impl PartialEq for Fact {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

impl Eq for Fact {}

/// On whose authority something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Actor {
    /// An agent within its role.
    Agent,
    /// A person of the board.
    Person,
    /// The clock, or recovery.
    System,
}

/// One addressee of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Target {
    /// The stream that should hear it.
    pub stream: StreamId,
    /// The expectation of that stream that this answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<String>,
    /// What the sender expects back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asks: Option<Ask>,
    /// The money that goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<Figure>,
}

impl Target {
    /// A target that is only told.
    #[must_use]
    pub fn tell(stream: StreamId) -> Self {
        Self {
            stream,
            answers: None,
            asks: None,
            figure: None,
        }
    }

    /// Answers this expectation of the stream.
    #[must_use]
    pub fn answering(mut self, expectation: impl Into<String>) -> Self {
        self.answers = Some(expectation.into());
        self
    }

    /// Expects an answer under this id.
    #[must_use]
    pub fn asking(mut self, expectation: impl Into<String>) -> Self {
        self.asks = Some(Ask {
            expectation: expectation.into(),
            attempt: 1,
        });
        self
    }

    /// Carries a figure.
    #[must_use]
    pub fn with(mut self, figure: Figure) -> Self {
        self.figure = Some(figure);
        self
    }
}

/// What a sender expects back, and how often it asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ask {
    /// The expectation of the sender's stream.
    pub expectation: String,
    /// 1 at first; a repeated question whose answer was lost counts up.
    pub attempt: u32,
}

/// What a task may do (ExecutionPolicy); never wider than its parent's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Grant {
    /// The effects that it may want: `model_call`, `publish_site`, `write_report`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tool_allowances: Vec<String>,
    /// The most attempts of effects.
    pub max_effects: u32,
    /// The hosts that its effects may reach: `model`, or nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub network_scope: Vec<String>,
    /// What it may read: `catalogue`, `drafts`, `site`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub data_scope: Vec<String>,
    /// What undoes it: `none` where nothing outside changes, `republish` for a site.
    pub rollback_policy: String,
}

impl Grant {
    /// Whether everything that this grants is granted by `parent` too.
    #[must_use]
    pub fn is_within(&self, parent: &Self) -> bool {
        let subset = |a: &[String], b: &[String]| a.iter().all(|x| b.contains(x));
        subset(&self.tool_allowances, &parent.tool_allowances)
            && subset(&self.network_scope, &parent.network_scope)
            && subset(&self.data_scope, &parent.data_scope)
            && self.max_effects <= parent.max_effects
    }
}

/// Names one event: the version of its commit and its number within.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventPos(pub u64, pub u32);
