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
    is_damage: bool,
    is_general: bool,
    source: Arc<rusqlite::Error>,
}

impl SqliteFailure {
    pub(crate) fn new(path: &Path, doing: &str, source: rusqlite::Error) -> Self {
        use ErrorCode as Code;
        let code = source.sqlite_error_code();
        // A column that is not what was written, or a table that is gone, is no trouble of the disk.
        let is_damage = matches!(
            code,
            None | Some(Code::DatabaseCorrupt | Code::NotADatabase | Code::Unknown)
        );
        let advice = match code {
            _ if is_damage => {
                "it is damaged; `va verify` says what is left, and a backup brings the rest back"
            }
            Some(Code::DiskFull) => "the disk is full; free some space and try again",
            Some(Code::ReadOnly) => {
                "it is read-only; choose a folder that can be written with --home"
            }
            Some(Code::CannotOpen | Code::PermissionDenied) => {
                "it cannot be opened; does the folder exist, and may you write to it?"
            }
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => {
                "another process has been writing to it for too long; try again"
            }
            _ => "look at the disk and try again",
        };
        let is_general = is_damage
            || matches!(
                code,
                Some(
                    Code::DiskFull
                        | Code::ReadOnly
                        | Code::CannotOpen
                        | Code::DatabaseBusy
                        | Code::DatabaseLocked
                        | Code::SystemIoFailure
                )
            );
        Self {
            what: format!("{} cannot be {doing}: {advice}", path.display()),
            is_damage,
            is_general,
            source: Arc::new(source),
        }
    }

    /// Whether it would meet any other write just the same.
    pub(crate) fn is_general(&self) -> bool {
        self.is_general
    }

    pub(crate) fn to_port(&self) -> PortError {
        if self.is_damage {
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
