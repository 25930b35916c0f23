//! Files that are there whole or not at all.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use va_runtime::ports::PortError;

use crate::error::io_error;

static TEMPORARY: AtomicU64 = AtomicU64::new(0);

/// A name in the same folder that no other call of any process uses at the same time.
pub(crate) fn temporary(path: &Path) -> std::path::PathBuf {
    let n = TEMPORARY.fetch_add(1, Ordering::Relaxed);
    let name = path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    path.with_file_name(format!(".{name}.{}.{n}.tmp", std::process::id()))
}

/// Writes a file so that a reader at any instant, and after any crash, meets the old one or the new one;
/// durable when it returns.
///
/// # Errors
/// Where the folder cannot be written; nothing is left behind then.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), PortError> {
    let beside = temporary(path);
    let written = write_synced(&beside, bytes)
        .and_then(|()| fs::rename(&beside, path))
        .and_then(|()| sync_parent(path));
    written.map_err(|e| {
        // It may not be there; the first error is the one to tell.
        drop(fs::remove_file(&beside));
        io_error(path, "written", e)
    })
}

/// Removes what killed processes left of [`write_whole`]. For a folder in which no other process writes.
///
/// # Errors
/// Where the folder cannot be read or written.
pub(crate) fn remove_temporary(folder: &Path) -> Result<(), PortError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(io_error(folder, "read", e)),
    };
    for entry in entries {
        let entry = entry.map_err(|e| io_error(folder, "read", e))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') && name.ends_with(".tmp") {
            let path = entry.path();
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let removed = if is_folder {
                fs::remove_dir_all(&path)
            } else {
                fs::remove_file(&path)
            };
            removed.map_err(|e| io_error(&path, "removed", e))?;
        }
    }
    Ok(())
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes a file's name durable.
pub(crate) fn sync_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) => sync_folder(folder),
        None => Ok(()),
    }
}

/// Makes the names within a folder durable. Windows has no such call and needs none.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.json");
        for text in ["one", "two, longer"] {
            write_whole(&path, text.as_bytes()).expect("written");
            assert_eq!(fs::read_to_string(&path).expect("read"), text);
        }
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 1);
    }

    #[test]
    fn a_missing_folder_is_named() {
        let error = write_whole(Path::new("/nowhere/at/all"), b"x").expect_err("no folder");
        assert_eq!(error.code(), "port_unavailable");
        assert!(error.to_string().contains("/nowhere/at/all"), "{error}");
    }
}
