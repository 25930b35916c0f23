//! What waits to be decided on.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::Notify;
use va_domain::{envelope::Envelope, goal_spec::Priority, ids::StreamId};
use va_runtime::kernel::{Bell, Committed};

/// What waits, by stream.
#[derive(Default)]
pub(super) struct Inbox {
    bells: HashMap<StreamId, Vec<Bell>>,
    ready: [VecDeque<StreamId>; 3],
    busy: HashSet<StreamId>,
}

impl Inbox {
    pub(super) fn push(&mut self, stream: &StreamId, bell: Bell, priority: Priority) {
        let waiting = self.bells.entry(stream.clone()).or_default();
        if waiting.is_empty() && !self.busy.contains(stream) {
            self.ready[priority as usize].push_back(stream.clone());
        }
        waiting.push(bell);
    }

    pub(super) fn pop(&mut self) -> Option<(StreamId, Vec<Bell>)> {
        let stream = self.ready.iter_mut().find_map(VecDeque::pop_front)?;
        let bells = self.bells.remove(&stream).unwrap_or_default();
        self.busy.insert(stream.clone());
        Some((stream, bells))
    }

    pub(super) fn done(&mut self, stream: &StreamId) {
        self.busy.remove(stream);
        if self.bells.contains_key(stream) {
            self.ready[Priority::P1 as usize].push_back(stream.clone());
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bells.is_empty() && self.busy.is_empty()
    }

    /// Rings everybody that an event is for.
    pub(super) fn hand_on(&mut self, event: &Arc<Envelope>) {
        for target in &event.targets {
            let bell = Bell::Read(Arc::clone(event));
            self.push(&target.stream, bell, event.priority);
        }
    }

    /// How many streams have something waiting.
    pub(super) fn waiting(&self) -> usize {
        self.bells.len()
    }

    /// Whether a stream is being decided on.
    pub(super) fn is_busy(&self, stream: &StreamId) -> bool {
        self.busy.contains(stream)
    }

    /// Whether a stream is being decided on, or has something waiting.
    pub(super) fn has(&self, stream: &StreamId) -> bool {
        self.is_busy(stream) || self.bells.contains_key(stream)
    }
}

/// Commits that this process has appended beside its worker. Handed in here they need not be looked for in the
/// journal, where the worker finds all others within 50 ms; one that is lost here it finds there too.
#[derive(Debug, Default)]
pub struct Beside {
    commits: Mutex<Vec<Arc<Committed>>>,
    news: Notify,
}

impl Beside {
    /// Hands a commit to the worker.
    pub fn hand_in(&self, commit: Arc<Committed>) {
        self.lock().push(commit);
        self.news.notify_one();
    }

    /// Waits until something has been handed in.
    pub async fn news(&self) {
        if self.lock().is_empty() {
            self.news.notified().await;
        }
    }

    pub(super) fn take(&self) -> Vec<Arc<Committed>> {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Committed>>> {
        self.commits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
