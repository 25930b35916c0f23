//! One worker per company.

use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

/// How often a lock is tried before it counts as held.
const ATTEMPTS: u32 = 4;
/// The time between.
const PAUSE: Duration = Duration::from_millis(5);

/// The lock of the company's only worker. It is an advisory lock on an open file, so it ends with the
/// process, however that ends.
#[derive(Debug)]
pub struct WorkerLock {
    _file: File,
}

/// Why the lock was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another worker has this company.
    #[error("another worker has this company ({}); wait until it ends, or stop it", path.display())]
    Held {
        /// The lock's file.
        path: PathBuf,
    },
    /// The file could not be made.
    #[error("{} cannot be locked; does the folder exist, and may you write to it?", path.display())]
    Io {
        /// The lock's file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

impl LockError {
    /// A stable name for logs and runbooks.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Held { .. } => "worker_lock_held",
            Self::Io { .. } => "worker_lock_io",
        }
    }

    /// Whether the same call may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Held { .. })
    }
}

impl WorkerLock {
    /// Takes `worker.lock` of the company's folder, and holds it until it is dropped.
    ///
    /// # Errors
    /// `Held` where another worker has it, without waiting for it; `Io` where the file cannot be made.
    pub fn take(folder: &Path) -> Result<Self, LockError> {
        let path = folder.join("worker.lock");
        let file = match File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
        {
            Ok(file) => file,
            Err(source) => return Err(LockError::Io { path, source }),
        };
        // Whoever only asks holds it for a moment, so one refusal is not believed.
        for _ in 0..ATTEMPTS {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
                Err(TryLockError::Error(source)) => return Err(LockError::Io { path, source }),
            }
        }
        Err(LockError::Held { path })
    }

    /// Whether a worker has this company now.
    #[must_use]
    pub fn is_held(folder: &Path) -> bool {
        File::open(folder.join("worker.lock"))
            .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_worker_is_turned_away_until_the_first_ends() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(!WorkerLock::is_held(folder.path()));
        let first = WorkerLock::take(folder.path()).expect("free");
        assert!(WorkerLock::is_held(folder.path()));
        let error = WorkerLock::take(folder.path()).expect_err("held");
        assert!(matches!(error, LockError::Held { .. }) && error.is_retryable());
        drop(first);
        assert!(!WorkerLock::is_held(folder.path()));
        WorkerLock::take(folder.path()).expect("free again");
    }

    #[test]
    fn a_missing_folder_is_no_held_lock() {
        let error = WorkerLock::take(Path::new("/nowhere/at/all")).expect_err("no folder");
        assert_eq!(error.code(), "worker_lock_io");
    }
}
