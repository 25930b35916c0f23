//! Blobs that commits name.

use std::collections::BTreeSet;

use va_domain::ids::BlobId;
use va_runtime::ports::PortError;

use super::{Finding, Kind, ReadBlob, Verification};

/// Reads every blob once, however many commits name it.
pub(super) struct BlobCheck<'a> {
    read: ReadBlob<'a>,
    seen: BTreeSet<BlobId>,
}

impl<'a> BlobCheck<'a> {
    pub(super) fn new(read: ReadBlob<'a>) -> Self {
        Self {
            read,
            seen: BTreeSet::new(),
        }
    }

    pub(super) fn reader(&self) -> ReadBlob<'a> {
        self.read
    }

    pub(super) fn check(
        &mut self,
        id: &BlobId,
        out: &mut Verification,
        by: (&str, u64),
    ) -> Result<(), PortError> {
        if !self.seen.insert(id.clone()) {
            return Ok(());
        }
        out.checked.blobs += 1;
        let found = (self.read)(id)?.map(|bytes| BlobId::of(&bytes));
        if found.as_ref() != Some(id) {
            out.find(Finding {
                path: Some(id.to_string()),
                expected: Some(id.to_string()),
                found: found.map(|id| id.to_string()),
                ..Finding::at(Kind::Blob, by.0, by.1)
            });
        }
        Ok(())
    }
}
