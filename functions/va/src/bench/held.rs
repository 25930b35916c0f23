//! A model that keeps everybody waiting until it is told to answer.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::sync::Semaphore;
use va_domain::model::{ModelAnswer, ModelRequest};
use va_runtime::model::{Model, ModelFailure};

/// Holds every exchange back until it is released, then has another model answer.
pub(super) struct Held {
    inner: Arc<dyn Model>,
    gate: Semaphore,
    waiting: AtomicUsize,
}

impl Held {
    pub(super) fn new(inner: Arc<dyn Model>) -> Self {
        Self {
            inner,
            gate: Semaphore::new(0),
            waiting: AtomicUsize::new(0),
        }
    }

    /// Waits until no further exchange has begun for a second; answers how many wait.
    pub(super) async fn settled(&self) -> usize {
        let mut before = usize::MAX;
        loop {
            let now = self.waiting.load(Ordering::Relaxed);
            if now == before && now > 0 {
                return now;
            }
            before = now;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    /// Lets everybody go, also whoever comes later.
    pub(super) fn release(&self) {
        self.gate.close();
    }
}

#[async_trait::async_trait]
impl Model for Held {
    async fn exchange(&self, request: &ModelRequest) -> Result<ModelAnswer, ModelFailure> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        // It never has a permit: this ends when it is closed.
        let _ = self.gate.acquire().await;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        self.inner.exchange(request).await
    }
}

/// What stays in memory of this process, in MiB; none where the system does not say.
pub(super) fn resident_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}
