//! Blobs as agents see them.

use std::{
    any::Any,
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use va_domain::ids::BlobId;

use super::DecideError;
use crate::ports::Bytes;

/// A document as a program has it, of whatever type.
pub(crate) type Document = Arc<dyn Any + Send + Sync>;

/// A blob, and the document that was read from it: its bytes never change, so it is read once.
#[derive(Clone, Debug)]
pub struct LoadedBlob {
    bytes: Bytes,
    document: Arc<OnceLock<Document>>,
}

impl LoadedBlob {
    /// Bytes that are known to read as this document.
    pub(crate) fn reading_as(bytes: Bytes, document: Document) -> Self {
        Self {
            bytes,
            document: Arc::new(OnceLock::from(document)),
        }
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The JSON that it holds, read once for all who ask.
    ///
    /// # Errors
    /// Where it has another shape.
    pub fn json<T>(&self) -> serde_json::Result<Arc<T>>
    where
        T: serde::de::DeserializeOwned + Send + Sync + 'static,
    {
        if let Some(known) = self.document.get()
            && let Ok(known) = Arc::clone(known).downcast()
        {
            return Ok(known);
        }
        let read = Arc::new(serde_json::from_slice::<T>(&self.bytes)?);
        // Another thread, or another shape of the same bytes, may have come first: either is as good.
        let _ = self.document.set(Arc::clone(&read) as _);
        Ok(read)
    }
}

impl From<Bytes> for LoadedBlob {
    fn from(bytes: Bytes) -> Self {
        Self {
            bytes,
            document: Arc::default(),
        }
    }
}

/// Blobs that were loaded for a decision.
#[derive(Clone, Debug, Default)]
pub struct BlobView(BTreeMap<BlobId, LoadedBlob>);

impl BlobView {
    /// Adds a loaded blob.
    pub fn insert(&mut self, id: BlobId, blob: impl Into<LoadedBlob>) {
        self.0.insert(id, blob.into());
    }

    /// Whether it is loaded.
    #[must_use]
    pub fn has(&self, id: &BlobId) -> bool {
        self.0.contains_key(id)
    }

    fn find(&self, id: &BlobId) -> Result<&LoadedBlob, DecideError> {
        self.0.get(id).ok_or_else(|| DecideError::Blob {
            what: format!("{id} was not asked for"),
        })
    }

    /// The bytes.
    ///
    /// # Errors
    /// Where `needs` did not name it.
    pub fn get(&self, id: &BlobId) -> Result<&Bytes, DecideError> {
        self.find(id).map(LoadedBlob::bytes)
    }

    /// The text.
    ///
    /// # Errors
    /// Where `needs` did not name it, or it is not UTF-8.
    pub fn text(&self, id: &BlobId) -> Result<&str, DecideError> {
        std::str::from_utf8(self.get(id)?).map_err(|e| DecideError::Blob {
            what: format!("{id}: {e}"),
        })
    }

    /// The JSON document.
    ///
    /// # Errors
    /// Where `needs` did not name it, or it has another shape.
    pub fn json<T>(&self, id: &BlobId) -> Result<Arc<T>, DecideError>
    where
        T: serde::de::DeserializeOwned + Send + Sync + 'static,
    {
        self.find(id)?.json().map_err(|e| DecideError::Blob {
            what: format!("{id}: {e}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_is_known_is_handed_out_and_not_read() {
        let bytes: Bytes = Arc::from(&b"[1, 2]"[..]);
        let document = Arc::new(vec![1_u8, 2]);
        let blob = LoadedBlob::reading_as(bytes, Arc::clone(&document) as _);
        let handed: Arc<Vec<u8>> = blob.json().expect("known");
        assert!(Arc::ptr_eq(&handed, &document));
        let other: Arc<Vec<i64>> = blob.json().expect("read as something else");
        assert_eq!(*other, [1, 2]);
    }

    #[test]
    fn a_blob_is_read_once_for_all_who_hold_it() {
        let blob = LoadedBlob::from(Bytes::from(&b"[1, 2]"[..]));
        let first: Arc<Vec<u8>> = blob.json().expect("read");
        let second: Arc<Vec<u8>> = blob.clone().json().expect("known");
        assert!(Arc::ptr_eq(&first, &second));
        assert!(blob.json::<String>().is_err());
    }
}
