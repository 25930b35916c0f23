//! Names of companies, streams and blobs.

use std::{fmt, marker::PhantomData, str::FromStr, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};

use crate::error::DomainError;

/// The types of stream. The type says who appends; nobody else does.
pub mod kind {
    /// Acts of the people; one stream an act.
    pub const BOARD: &str = "board";
    /// A goal; the CEO's.
    pub const GOAL: &str = "goal";
    /// The company's money in one calendar month; the CFO's.
    pub const MONTH: &str = "month";
    /// Before the role's id: a task of that role.
    pub const TASK: &str = "task-";
    /// A published site; the publisher's.
    pub const SITE: &str = "site";
    /// One trouble, from its first sign to its end, and again when it comes back; the CTO's.
    pub const INCIDENT: &str = "incident";
    /// One change of one alarm, as it was heard of; the CTO's.
    pub const ALARM: &str = "alarm";
    /// One finding of the notary about the journal; the notary's.
    pub const AUDIT: &str = "audit";
}

/// The life of one thing: `<type>/<id>`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamId(Arc<str>);

impl StreamId {
    /// The stream `<kind>/<id>`.
    ///
    /// # Errors
    /// Where a part is empty or holds other than lowercase letters, digits, `-`, `_` or `.`.
    pub fn new(kind: &str, id: &str) -> Result<Self, DomainError> {
        format!("{kind}/{id}").parse()
    }

    /// The stream that a cause names: the same cause always names the same stream, so what starts
    /// something twice finds it started.
    #[must_use]
    pub fn caused(kind: &str, cause: &[&str]) -> Self {
        Self(format!("{kind}/{}", digest_of(cause)).into())
    }

    /// The type: `goal`, `task-reviewer`, ...
    #[must_use]
    pub fn kind(&self) -> &str {
        self.0.split_once('/').map_or("", |(kind, _)| kind)
    }

    /// The part after the type.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, id)| id)
    }

    /// The whole name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for StreamId {
    type Err = DomainError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = |part: &str| {
            !part.is_empty()
                && part.len() <= 128
                && part
                    .bytes()
                    .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.'))
        };
        match text.split_once('/') {
            Some((kind, id)) if fits(kind) && fits(id) => Ok(Self(text.into())),
            _ => Err(DomainError::StreamName {
                name: text.chars().take(160).collect(),
            }),
        }
    }
}

impl Serialize for StreamId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for StreamId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Name(PhantomData))
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads a name without taking its text over first.
struct Name<T>(PhantomData<T>);

impl<T: FromStr<Err = DomainError>> de::Visitor<'_> for Name<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

/// 20 hex digits of SHA-256 over the parts, each ended by a zero byte.
#[must_use]
pub fn digest_of(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    with_hex::<20, _>("", &hash.finalize()[..10], str::to_owned)
}

/// Shows a prefix and the digits of some bytes, together `N` characters, without memory of its own.
fn with_hex<const N: usize, T>(prefix: &str, bytes: &[u8], show: impl FnOnce(&str) -> T) -> T {
    let mut text = [0; N];
    let (before, digits) = text.split_at_mut(prefix.len());
    before.copy_from_slice(prefix.as_bytes());
    hex::encode_to_slice(bytes, digits).expect("two digits a byte");
    show(str::from_utf8(&text).expect("digits are ASCII"))
}

/// The id of a goal: a UUID made from the company, the goal's slug and its revision, from 1. The first revision
/// is named by company and slug alone.
#[must_use]
pub fn goal_uuid(company: &str, slug: &str, revision: u32) -> String {
    let name = match revision {
        0 | 1 => format!("{company}\0{slug}"),
        later => format!("{company}\0{slug}\0{later}"),
    };
    uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, name.as_bytes()).to_string()
}

/// A blob's address: `sha256:` and 64 hex digits of the SHA-256 of its bytes.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobId([u8; 32]);

/// What its text begins with.
const SHA256: &str = "sha256:";

impl BlobId {
    /// The address of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The hash itself.
    #[must_use]
    pub fn digest(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 64 hex digits.
    #[must_use]
    pub fn hex(&self) -> String {
        hex::encode(self.0)
    }

    /// Shows `sha256:...`.
    fn with_text<T>(&self, show: impl FnOnce(&str) -> T) -> T {
        with_hex::<{ SHA256.len() + 64 }, _>(SHA256, &self.0, show)
    }
}

impl FromStr for BlobId {
    type Err = DomainError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix(SHA256).unwrap_or_default();
        let mut hash = [0; 32];
        let is_lower = !digits.bytes().any(|b| b.is_ascii_uppercase());
        match hex::decode_to_slice(digits, &mut hash) {
            Ok(()) if is_lower => Ok(Self(hash)),
            _ => Err(DomainError::BlobName {
                name: text.chars().take(160).collect(),
            }),
        }
    }
}

impl Serialize for BlobId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.with_text(|text| serializer.serialize_str(text))
    }
}

impl<'de> Deserialize<'de> for BlobId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Name(PhantomData))
    }
}

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_text(|text| f.write_str(text))
    }
}

impl fmt::Debug for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A field about a person, or made from one: never in an event itself, only the address of a blob under
/// its subject's key. Until encryption is built the blob holds the plain bytes and `subject` is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Personal {
    /// The bytes as stored.
    pub blob: BlobId,
    /// Whose key encrypts them; `None` for plain bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

impl Personal {
    /// Plain bytes that concern nobody.
    #[must_use]
    pub fn plain(blob: BlobId) -> Self {
        Self {
            blob,
            subject: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_has_a_type_and_an_id() {
        let stream: StreamId = "task-reviewer/ab12".parse().expect("a good name");
        assert_eq!((stream.kind(), stream.id()), ("task-reviewer", "ab12"));
        for bad in [
            "", "goal", "goal/", "/x", "Goal/x", "goal/x/y", "goal/a b", "goal/#",
        ] {
            assert!(bad.parse::<StreamId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn the_same_cause_names_the_same_stream_and_parts_do_not_run_together() {
        assert_eq!(
            StreamId::caused("goal", &["a", "b"]),
            StreamId::caused("goal", &["a", "b"])
        );
        assert_ne!(
            StreamId::caused("goal", &["ab", ""]),
            StreamId::caused("goal", &["a", "b"])
        );
    }

    #[test]
    fn a_blob_is_named_by_its_bytes() {
        let id = BlobId::of(b"abc");
        assert_eq!(
            id.hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        let text = id.to_string();
        assert_eq!(text.parse::<BlobId>().expect("its own text"), id);
        for bad in [
            "",
            "sha256:ba",
            &text[7..],
            &text.to_uppercase(),
            &format!("{text}0"),
        ] {
            assert!(bad.parse::<BlobId>().is_err(), "{bad:?}");
        }
        let large = format!("sha256:{}", id.hex().to_uppercase());
        assert!(large.parse::<BlobId>().is_err());
    }
}
