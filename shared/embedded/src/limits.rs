//! The port's limits, the same in every home.

use va_domain::ids::BlobId;
use va_runtime::ports::{Blob, Bytes, NewCommit, PortError};

use crate::error::refused;

/// The most bytes of one blob.
pub(crate) const MAX_BLOB: usize = 256 * 1024 * 1024;

/// Refuses a commit that is above a limit, or that is not what it says it is.
pub(crate) fn check(new: &NewCommit) -> Result<(), PortError> {
    new.check()?;
    new.blobs.iter().try_for_each(check_size)
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
