//! What the kernel keeps of the journal and the blobs, so that it need not read them again. Losing any
//! of it costs a read and nothing else.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use va_domain::{
    commit::{FOLD_VERSION, Hash, StoredCommit},
    ids::{BlobId, StreamId},
    state::StreamState,
};

use super::{Kernel, KernelError, draft::Draft, read_body};
use crate::{agent::LoadedBlob, ports::Bytes};

/// How many states are kept.
const STATES: usize = 2_000;
/// How many bytes of blobs are kept, with the documents read from them.
const BLOB_BYTES: usize = 24 * 1024 * 1024;
/// What a blob and its document take in memory, in lengths of its text.
const WITH_DOCUMENT: usize = 4;

/// A folded stream and where its chain stands.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The fold.
    pub state: StreamState,
    /// The hash of the newest commit; zeros before the first.
    pub head: Hash,
    /// Commits since one carried the state.
    pub commits_since: u64,
    /// Their bytes.
    pub bytes_since: usize,
}

impl Loaded {
    fn new(stream: StreamId) -> Self {
        Self {
            state: StreamState::new(stream),
            head: [0; 32],
            commits_since: 0,
            bytes_since: 0,
        }
    }

    fn apply(&mut self, commit: &StoredCommit) -> Result<(), KernelError> {
        let body = read_body(commit)?;
        self.state
            .apply(&body)
            .map_err(|source| KernelError::Fold {
                stream: commit.stream.clone(),
                source,
            })?;
        self.head = commit.hash;
        if body.state.is_some() {
            (self.commits_since, self.bytes_since) = (0, 0);
        } else {
            self.commits_since += 1;
            self.bytes_since += commit.body.len();
        }
        Ok(())
    }
}

/// Boxed, since a map moves what it holds when it grows, and a state is large.
#[derive(Default)]
pub(super) struct StateCache(Mutex<HashMap<StreamId, Box<Loaded>>>);

impl StateCache {
    fn take(&self, stream: &StreamId) -> Option<Loaded> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(stream)
            .map(|loaded| *loaded)
    }

    pub(super) fn put(&self, loaded: Loaded) {
        let over = loaded.state.ended.is_some() && loaded.state.expectations.is_empty();
        if over || loaded.state.version == 0 {
            return;
        }
        let (stream, loaded) = (loaded.state.stream.clone(), Box::new(loaded));
        let mut states = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let dropped = (states.len() >= STATES).then(|| std::mem::take(&mut *states));
        states.insert(stream, loaded);
        drop(states);
        // Thousands of states take long to drop; nobody waits for the lock meanwhile.
        drop(dropped);
    }
}

#[derive(Default)]
pub(super) struct BlobCache(Mutex<(HashMap<BlobId, LoadedBlob>, usize)>);

impl BlobCache {
    fn get(&self, id: &BlobId) -> Option<LoadedBlob> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .0
            .get(id)
            .cloned()
    }

    pub(super) fn put(&self, id: BlobId, blob: LoadedBlob) {
        let length = blob.bytes().len() * WITH_DOCUMENT;
        if length > BLOB_BYTES {
            return;
        }
        let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.1 + length > BLOB_BYTES {
            cache.0.clear();
            cache.1 = 0;
        }
        cache.1 += length;
        cache.0.insert(id, blob);
    }
}

impl Kernel {
    /// The stream as it stands, from the cache or the journal, which is not asked for one that `begins`. What is in
    /// the cache may be old, and what begins may stand: then the append meets a conflict, and the next load reads
    /// the journal.
    pub(super) async fn load(
        &self,
        stream: &StreamId,
        begins: bool,
    ) -> Result<Loaded, KernelError> {
        match self.states.take(stream) {
            Some(loaded) => Ok(loaded),
            None if begins => Ok(Loaded::new(stream.clone())),
            None => self.fold(stream).await,
        }
    }

    /// The stream as the journal has it.
    ///
    /// # Errors
    /// Where it cannot be read or folded.
    pub async fn fold(&self, stream: &StreamId) -> Result<Loaded, KernelError> {
        let tail = self.journal.tail(stream).await?;
        let mut loaded = Loaded::new(stream.clone());
        let mut commits = tail.as_slice();
        if let Some(first) = tail.first() {
            let body = read_body(first)?;
            match body.state {
                Some(stored) if stored.fold == FOLD_VERSION => {
                    let text = match (stored.inline, stored.blob) {
                        (Some(inline), _) => Bytes::from(inline.get().as_bytes()),
                        (None, Some(blob)) => self.blobs.get(&blob).await?,
                        (None, None) => Bytes::from(&b""[..]),
                    };
                    loaded.state =
                        serde_json::from_slice(&text).map_err(|e| KernelError::Fold {
                            stream: stream.clone(),
                            source: va_domain::error::DomainError::Payload {
                                event_type: format!("state {}", first.version),
                                why: e.to_string(),
                            },
                        })?;
                    loaded.head = first.hash;
                    commits = &tail[1..];
                }
                // A state of another fold, or none: from the first commit.
                _ if first.version > 1 => {
                    let mut from = 1;
                    while from < first.version {
                        let page = self.journal.read(stream, from, 256).await?;
                        for commit in page.iter().take_while(|c| c.version < first.version) {
                            loaded.apply(commit)?;
                        }
                        from = page.last().map_or(first.version, |c| c.version + 1);
                    }
                }
                _ => {}
            }
        }
        for commit in commits {
            loaded.apply(commit)?;
        }
        Ok(loaded)
    }

    /// A blob that a commit in the making stores or that is there.
    pub(super) async fn blob_for(
        &self,
        draft: &Draft<'_>,
        id: &BlobId,
    ) -> Result<LoadedBlob, KernelError> {
        match draft.pending(id) {
            Some(bytes) => Ok(bytes.into()),
            None => self.blob(id).await,
        }
    }

    /// A blob, from the cache or the store.
    async fn blob(&self, id: &BlobId) -> Result<LoadedBlob, KernelError> {
        if let Some(blob) = self.loaded_blobs.get(id) {
            return Ok(blob);
        }
        let blob = LoadedBlob::from(self.blobs.get(id).await?);
        self.loaded_blobs.put(id.clone(), blob.clone());
        Ok(blob)
    }
}
