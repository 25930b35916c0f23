//! The points at which a worker can be cut down or held up.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;
use va_domain::{
    commit::StoredCommit,
    effect::{Intent, Outcome},
    ids::StreamId,
};
use va_runtime::ports::{Appended, Due, EffectResult, Effects, Journal, NewCommit, PortError};

use crate::world::{lock, unavailable};

/// What is done while a worker is held up; it runs in a thread of its own.
pub type Meanwhile = Box<dyn FnOnce() + Send>;

/// Counts the points that one worker passes: before each append, after it, and after each effect. The
/// point after an append that intends an effect is the one before the effect.
#[derive(Default)]
pub struct Points(Mutex<Passed>);

#[derive(Default)]
struct Passed {
    passed: usize,
    cuts: Vec<usize>,
    hold: Option<(usize, Meanwhile)>,
    is_dead: bool,
    calls: usize,
    in_flight: bool,
}

impl Points {
    /// The worker is killed when it comes to each of these points, counted from 0 over all its lives.
    #[must_use]
    pub fn killing(cuts: &[usize]) -> Arc<Self> {
        let passed = Passed {
            cuts: cuts.to_vec(),
            ..Passed::default()
        };
        Arc::new(Self(Mutex::new(passed)))
    }

    /// The worker is held up at this point until `meanwhile` is over.
    #[must_use]
    pub fn holding(at: usize, meanwhile: Meanwhile) -> Arc<Self> {
        let passed = Passed {
            hold: Some((at, meanwhile)),
            ..Passed::default()
        };
        Arc::new(Self(Mutex::new(passed)))
    }

    /// How many points were passed.
    #[must_use]
    pub fn passed(&self) -> usize {
        lock(&self.0).passed
    }

    /// Whether the worker was killed.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        lock(&self.0).is_dead
    }

    /// Another worker takes its place.
    pub fn revive(&self) {
        let mut points = lock(&self.0);
        points.is_dead = false;
        points.in_flight = false;
    }

    /// How often the worker was stopped with a call that had begun and was not recorded.
    #[must_use]
    pub fn calls_in_flight(&self) -> usize {
        lock(&self.0).calls
    }

    pub(super) fn in_flight(&self, is: bool) {
        lock(&self.0).in_flight = is;
    }

    /// Passes a point.
    fn pass(&self) -> Result<(), PortError> {
        let meanwhile = {
            let mut points = lock(&self.0);
            if points.is_dead {
                return Err(unavailable("the worker is dead"));
            }
            let at = points.passed;
            points.passed += 1;
            if points.cuts.contains(&at) {
                points.is_dead = true;
                points.calls += usize::from(points.in_flight);
                return Err(unavailable("the worker was killed"));
            }
            if points.hold.as_ref().is_some_and(|(hold, _)| *hold == at) {
                points.calls += usize::from(points.in_flight);
                points.hold.take().map(|(_, meanwhile)| meanwhile)
            } else {
                None
            }
        };
        if let Some(meanwhile) = meanwhile {
            // An executor cannot run within another, so whoever works meanwhile has a thread.
            let worked = std::thread::spawn(meanwhile).join();
            worked.map_err(|_| unavailable("whoever worked meanwhile has panicked"))?;
        }
        Ok(())
    }
}

/// A journal with a point before and after each append.
pub(super) struct Stoppable<T: ?Sized> {
    pub(super) port: Arc<T>,
    pub(super) points: Arc<Points>,
}

#[async_trait]
impl Journal for Stoppable<dyn Journal> {
    async fn append(&self, new: NewCommit) -> Result<Appended, PortError> {
        self.points.pass()?;
        let appended = self.port.append(new).await?;
        self.points.pass()?;
        Ok(appended)
    }

    async fn tail(&self, stream: &StreamId) -> Result<Vec<StoredCommit>, PortError> {
        self.port.tail(stream).await
    }

    async fn read(
        &self,
        stream: &StreamId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<StoredCommit>, PortError> {
        self.port.read(stream, from, limit).await
    }

    async fn scan(
        &self,
        after: Option<(StreamId, u64)>,
        limit: usize,
    ) -> Result<Vec<StoredCommit>, PortError> {
        self.port.scan(after, limit).await
    }

    async fn due(&self, until: Timestamp, limit: usize) -> Result<Vec<Due>, PortError> {
        self.port.due(until, limit).await
    }

    async fn set_due(
        &self,
        stream: &StreamId,
        version: u64,
        due: Option<Timestamp>,
    ) -> Result<(), PortError> {
        self.port.set_due(stream, version, due).await
    }
}

#[async_trait]
impl Effects for Stoppable<dyn Effects> {
    async fn run(&self, intent: &Intent) -> EffectResult {
        let result = self.port.run(intent).await;
        match self.points.pass() {
            Ok(()) => result,
            // Nobody hears this: the worker is dead.
            Err(e) => EffectResult {
                outcome: Outcome::Failed {
                    reason: e.to_string(),
                    code: "lost".into(),
                    retryable: true,
                    free: true,
                    retry_after_ms: None,
                },
                blobs: Vec::new(),
            },
        }
    }

    fn compute(&self, intent: &Intent, request: &[u8]) -> Option<EffectResult> {
        self.port.compute(intent, request)
    }

    async fn probe(&self, intent: &Intent) -> Result<Option<EffectResult>, PortError> {
        self.port.probe(intent).await
    }
}
