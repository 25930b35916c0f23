//! Small blobs that this process has just stored: most are read again at once, by the effect that they are for.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use va_domain::ids::BlobId;
use va_runtime::ports::{Blob, Bytes};

/// The most bytes that are kept.
const MOST: usize = 4 * 1024 * 1024;

/// The newest blobs, each with the bytes that were checked against its address when they were stored.
#[derive(Debug, Default)]
pub(super) struct Recent(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    blobs: HashMap<BlobId, Bytes>,
    order: VecDeque<BlobId>,
    bytes: usize,
}

impl Recent {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self, id: &BlobId) -> Option<Bytes> {
        self.kept().blobs.get(id).cloned()
    }

    /// Keeps blobs that stand in the store, and lets the oldest go.
    pub(super) fn put(&self, blobs: impl IntoIterator<Item = Blob>) {
        let mut kept = self.kept();
        for blob in blobs {
            let (id, bytes) = (blob.id(), blob.bytes());
            if kept.blobs.insert(id.clone(), bytes.clone()).is_none() {
                kept.bytes += bytes.len();
                kept.order.push_back(id.clone());
            }
        }
        while kept.bytes > MOST {
            let Some(oldest) = kept.order.pop_front() else {
                break;
            };
            if let Some(bytes) = kept.blobs.remove(&oldest) {
                kept.bytes -= bytes.len();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_first_and_nothing_is_counted_twice() {
        let recent = Recent::default();
        let blob = |n: u8| Blob::of(vec![n; MOST / 4]);
        for _ in 0..3 {
            recent.put([blob(0)]);
        }
        recent.put((1..4).map(blob));
        assert!((0..4).all(|n| recent.get(blob(n).id()).is_some()));
        recent.put([blob(4)]);
        assert!(recent.get(blob(0).id()).is_none());
        assert!((1..5).all(|n| recent.get(blob(n).id()).is_some()));
    }
}
