//! Errors of this home: which file, what is wrong with it, and what to do.

use std::{io, path::Path, sync::Arc};

use rusqlite::ErrorCode;
use va_runtime::ports::PortError;

/// The call can never succeed.
pub(crate) fn refused(what: impl Into<String>) -> PortError {
    PortError::Refused { what: what.into() }
}

/// What was read is not what was written.
pub(crate) fn damaged(what: impl Into<String>) -> PortError {
    PortError::Damaged { what: what.into() }
}

/// The same call may succeed later.
pub(crate) fn unavailable(what: impl Into<String>) -> PortError {
    PortError::Unavailable {
        what: what.into(),
        source: None,
    }
}

/// A file or folder that could not be read or written.
pub(crate) fn io_error(path: &Path, doing: &str, source: io::Error) -> PortError {
    let advice = match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "the disk is full; free some space and try again"
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            "the disk is read-only; choose a folder that can be written with --home"
        }
        io::ErrorKind::PermissionDenied => {
            "permission is denied; make the folder yours or choose another with --home"
        }
        io::ErrorKind::NotFound => "it is not there; is this the company's folder?",
        _ => "look at the disk and try again",
    };
    PortError::Unavailable {
        what: format!("{} cannot be {doing}: {advice}", path.display()),
        source: Some(Box::new(source)),
    }
}

/// A failure of SQLite that several callers may have to hear of.
#[derive(Clone, Debug)]
pub(crate) struct SqliteFailure {
    what: String,
    damaged: bool,
    source: Arc<rusqlite::Error>,
}

impl SqliteFailure {
    pub(crate) fn new(path: &Path, doing: &str, source: rusqlite::Error) -> Self {
        let code = source.sqlite_error_code();
        let advice = match code {
            Some(ErrorCode::DiskFull) => "the disk is full; free some space and try again",
            Some(ErrorCode::ReadOnly) => {
                "it is read-only; choose a folder that can be written with --home"
            }
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                "it cannot be opened; does the folder exist, and may you write to it?"
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                "another process has been writing to it for too long; try again"
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                "it is damaged; `va verify` says what is left, and a backup brings the rest back"
            }
            _ => "look at the disk and try again",
        };
        Self {
            what: format!("{} cannot be {doing}: {advice}", path.display()),
            damaged: matches!(
                code,
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
            ),
            source: Arc::new(source),
        }
    }

    pub(crate) fn to_port(&self) -> PortError {
        if self.damaged {
            damaged(format!("{} ({})", self.what, self.source))
        } else {
            PortError::Unavailable {
                what: self.what.clone(),
                source: Some(Box::new(Shared(Arc::clone(&self.source)))),
            }
        }
    }
}

/// One cause of several errors.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Shared(Arc<rusqlite::Error>);

/// A failure of SQLite that one caller hears of.
pub(crate) fn sqlite_error(path: &Path, doing: &str, source: rusqlite::Error) -> PortError {
    SqliteFailure::new(path, doing, source).to_port()
}
