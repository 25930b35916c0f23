//! JSON Schemas of what leaves the process: the payloads, the envelope and the GoalSpec. Made from the types
//! and their doc comments, so that they cannot say anything else.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, json_schema};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    envelope::Envelope,
    goal_spec::GoalSpec,
    ids::{BlobId, StreamId},
    payload::{self, Payload},
};

/// One document type: its name, its version, and what can be done with its type without naming it.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// `ContentReady`, `Envelope`, ...
    pub name: &'static str,
    /// From 1.
    pub version: u32,
    schema: fn() -> Schema,
    rewrite: fn(Value) -> Result<Value, serde_json::Error>,
}

impl Shape {
    pub(crate) const fn of_payload<P: Payload + JsonSchema>() -> Self {
        Self::of::<P>(P::TYPE, P::VERSION)
    }

    const fn of<T: Serialize + DeserializeOwned + JsonSchema>(
        name: &'static str,
        version: u32,
    ) -> Self {
        Self {
            name,
            version,
            schema: || {
                SchemaSettings::draft2020_12()
                    .into_generator()
                    .into_root_schema_for::<T>()
            },
            rewrite: |document| serde_json::to_value(serde_json::from_value::<T>(document)?),
        }
    }

    /// `<Name>.v<N>`: the detail-type of an event, and the name of its files in `events/`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}.v{}", self.name, self.version)
    }

    /// The JSON Schema, draft 2020-12.
    #[must_use]
    pub fn schema(&self) -> Schema {
        (self.schema)()
    }

    /// Reads a document as its type, and writes it again.
    ///
    /// # Errors
    /// Where it is not of that type.
    pub fn rewrite(&self, document: Value) -> Result<Value, serde_json::Error> {
        (self.rewrite)(document)
    }
}

/// Every shape that is kept in `events/`: the envelope, the GoalSpec, then the payloads.
#[must_use]
pub fn shapes() -> Vec<Shape> {
    let mut all = vec![
        Shape::of::<Envelope>("Envelope", 1),
        Shape::of::<GoalSpec>("GoalSpec", 1),
    ];
    all.extend(payload::shapes());
    all
}

impl JsonSchema for StreamId {
    fn schema_name() -> Cow<'static, str> {
        "StreamId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The life of one thing: `<type>/<id>`.",
            "type": "string",
            "pattern": "^[a-z0-9._-]{1,128}/[a-z0-9._-]{1,128}$",
        })
    }
}

impl JsonSchema for BlobId {
    fn schema_name() -> Cow<'static, str> {
        "BlobId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A blob's address: the SHA-256 of its bytes.",
            "type": "string",
            "pattern": "^sha256:[0-9a-f]{64}$",
        })
    }
}
