//! A clock that only the scheduler moves, and a site that stands in memory.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp, civil::date};
use va_domain::ids::BlobId;
use va_runtime::ports::{Bytes, PortError, Sites, World};

use crate::chance::Chance;

/// Locks, whatever a panicking test has left behind.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Virtual time and seeded chance. Sleeping returns at once and moves nothing.
#[derive(Debug)]
pub struct SimWorld {
    now: Mutex<Timestamp>,
    chance: Mutex<Chance>,
}

impl SimWorld {
    /// The morning of a working day.
    #[must_use]
    pub fn new(chance: Chance) -> Self {
        let start = date(2026, 11, 20)
            .at(9, 0, 0, 0)
            .to_zoned(jiff::tz::TimeZone::UTC)
            .map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp());
        Self {
            now: Mutex::new(start),
            chance: Mutex::new(chance),
        }
    }

    /// Moves the clock on.
    pub fn pass(&self, time: SignedDuration) {
        let mut now = lock(&self.now);
        *now = now.checked_add(time).unwrap_or(Timestamp::MAX);
    }

    /// Moves the clock to this time, if that is not in the past.
    pub fn reach(&self, time: Timestamp) {
        let mut now = lock(&self.now);
        *now = time.max(*now);
    }
}

#[async_trait]
impl World for SimWorld {
    fn now(&self) -> Timestamp {
        *lock(&self.now)
    }

    fn random(&self) -> u64 {
        lock(&self.chance).bits()
    }

    async fn sleep(&self, _: SignedDuration) {}
}

/// What a publication does wrong, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteFault {
    /// It fails and changes nothing.
    Before,
    /// It stands, and the answer is lost.
    After,
}

/// A publication target in memory, with a book of every publication.
#[derive(Debug, Default)]
pub struct MemorySites(Mutex<Target>);

#[derive(Debug, Default)]
struct Target {
    standing: BTreeMap<String, BTreeMap<String, BlobId>>,
    published: Vec<(String, u64)>,
    fault: Option<SiteFault>,
}

impl MemorySites {
    /// What stands at a site: path -> checksum.
    #[must_use]
    pub fn files(&self, site: &str) -> BTreeMap<String, BlobId> {
        lock(&self.0)
            .standing
            .get(site)
            .cloned()
            .unwrap_or_default()
    }

    /// Every publication that took effect, in order.
    #[must_use]
    pub fn published(&self) -> Vec<(String, u64)> {
        lock(&self.0).published.clone()
    }

    /// Lets the next publication fail.
    pub fn arm(&self, fault: Option<SiteFault>) {
        lock(&self.0).fault = fault;
    }
}

#[async_trait]
impl Sites for MemorySites {
    async fn publish(
        &self,
        site: &str,
        version: u64,
        files: BTreeMap<String, Bytes>,
    ) -> Result<BTreeMap<String, BlobId>, PortError> {
        let mut target = lock(&self.0);
        let fault = target.fault.take();
        if fault == Some(SiteFault::Before) {
            return Err(unavailable("the site cannot be reached"));
        }
        let sums = checksums(&files);
        target.standing.insert(site.to_owned(), sums.clone());
        target.published.push((site.to_owned(), version));
        match fault {
            Some(_) => Err(unavailable("the connection to the site broke off")),
            None => Ok(sums),
        }
    }

    async fn standing(&self, site: &str) -> Result<Option<BTreeMap<String, BlobId>>, PortError> {
        Ok(lock(&self.0).standing.get(site).cloned())
    }

    async fn report(
        &self,
        _: &str,
        files: BTreeMap<String, Bytes>,
    ) -> Result<BTreeMap<String, BlobId>, PortError> {
        Ok(checksums(&files))
    }
}

fn checksums(files: &BTreeMap<String, Bytes>) -> BTreeMap<String, BlobId> {
    files
        .iter()
        .map(|(path, bytes)| (path.clone(), BlobId::of(bytes)))
        .collect()
}

/// A failure that passes.
pub(crate) fn unavailable(what: &str) -> PortError {
    PortError::Unavailable {
        what: what.to_owned(),
        source: None,
    }
}
