//! The port's limits, the same in every home.

use serde::Deserialize;
use serde_json::value::RawValue;
use va_domain::{
    commit::{MAX_COMMIT, MAX_EVENTS, MAX_STATE_INLINE, StoredState, link},
    ids::BlobId,
};
use va_runtime::ports::{Blob, Bytes, NewCommit, PortError};

use crate::error::refused;

/// The most bytes of one blob.
pub(crate) const MAX_BLOB: usize = 256 * 1024 * 1024;

/// What stands before a state within a body.
const STATE_MEMBER: usize = r#","state":"#.len();

/// What a home looks at in a body: where the state is, and nothing of what happened.
#[derive(Deserialize)]
struct Parts<'a> {
    #[serde(borrow, default)]
    state: Option<&'a RawValue>,
}

/// Refuses a commit that is above a limit, or that is not what it says it is; says whether it carries a state.
pub(crate) fn check(new: &NewCommit) -> Result<bool, PortError> {
    let commit = &new.commit;
    let refuse = |why: String| {
        Err(refused(format!(
            "{}@{} {why}",
            commit.stream, commit.version
        )))
    };
    if commit.version == 0 || i64::try_from(commit.version).is_err() {
        return refuse("has a version that no commit has".to_owned());
    }
    if new.events > MAX_EVENTS {
        return refuse(format!(
            "has {} events; a commit holds at most {MAX_EVENTS}",
            new.events
        ));
    }
    let parts: Parts<'_> = match serde_json::from_str(&commit.body) {
        Ok(parts) => parts,
        Err(e) => return refuse(format!("has a body that is no commit: {e}")),
    };
    let state = parts.state.map(RawValue::get);
    let rest = commit.body.len() - state.map_or(0, |state| state.len() + STATE_MEMBER);
    if rest > MAX_COMMIT {
        return refuse(format!(
            "has {rest} bytes besides its state; a commit holds at most {MAX_COMMIT}"
        ));
    }
    if let Some(state) = state {
        match serde_json::from_str::<StoredState>(state) {
            Err(e) => return refuse(format!("has a state that cannot be read: {e}")),
            Ok(stored) => {
                let bytes = stored.inline.map_or(0, |inline| inline.get().len());
                if bytes > MAX_STATE_INLINE {
                    return refuse(format!(
                        "has a state of {bytes} bytes; above {MAX_STATE_INLINE} it is a blob"
                    ));
                }
            }
        }
    }
    if link(&commit.prev_hash, commit.body.as_bytes()) != commit.hash {
        return refuse("has a hash that is not the hash of its bytes".to_owned());
    }
    new.blobs.iter().try_for_each(check_size)?;
    Ok(state.is_some())
}

/// Refuses bytes that are too many, or that are not those of this address.
pub(crate) fn blob(id: &BlobId, bytes: Bytes) -> Result<Blob, PortError> {
    let blob = Blob::known(id, bytes)
        .ok_or_else(|| refused(format!("the bytes to be stored as {id} have another hash")))?;
    check_size(&blob)?;
    Ok(blob)
}

fn check_size(blob: &Blob) -> Result<(), PortError> {
    let length = blob.bytes().len();
    if length <= MAX_BLOB {
        return Ok(());
    }
    Err(refused(format!(
        "{} has {length} bytes; a blob holds at most {MAX_BLOB}",
        blob.id()
    )))
}
