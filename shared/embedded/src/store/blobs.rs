//! Large blobs: files under their own hash.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use va_domain::ids::BlobId;
use va_runtime::ports::{Bytes, PortError};

use crate::{error::io_error, files};

/// Up to so many bytes a blob travels in the transaction of the commit that names it.
const SMALL: usize = 64 * 1024;

/// Whether it travels in the transaction.
pub(super) fn is_small(bytes: &[u8]) -> bool {
    bytes.len() <= SMALL
}

/// The folder of large blobs: `blobs/<first two digits>/<all digits>`.
#[derive(Clone, Debug)]
pub(super) struct BlobFiles {
    folder: PathBuf,
}

impl BlobFiles {
    pub(super) fn new(company: &Path) -> Self {
        Self {
            folder: company.join("blobs"),
        }
    }

    pub(super) fn path(&self, id: &BlobId) -> PathBuf {
        let digits = id.hex();
        self.folder.join(&digits[..2]).join(digits)
    }

    /// Stores bytes, durable when it returns; says whether they were new. A file that stands with other
    /// bytes is replaced.
    pub(super) fn put(&self, id: &BlobId, bytes: &[u8]) -> Result<bool, PortError> {
        let path = self.path(id);
        if fs::read(&path).is_ok_and(|standing| standing == bytes) {
            return Ok(false);
        }
        self.make_folder(&path)?;
        files::write_whole(&path, bytes)?;
        Ok(true)
    }

    fn make_folder(&self, path: &Path) -> Result<(), PortError> {
        let folder = path.parent().unwrap_or(&self.folder);
        if folder.is_dir() {
            return Ok(());
        }
        let made = fs::create_dir_all(folder)
            .and_then(|()| files::sync_folder(&self.folder))
            .and_then(|()| files::sync_parent(&self.folder));
        made.map_err(|e| io_error(folder, "made", e))
    }

    /// The bytes as they lie there, unchecked; `None` where nothing does.
    pub(super) fn get(&self, id: &BlobId) -> Result<Option<Bytes>, PortError> {
        let path = self.path(id);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(Arc::from(bytes))),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(io_error(&path, "read", e)),
        }
    }
}
