//! Seals of one company: `seals/000001.json`, `seals/000002.json`, ...

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use va_domain::proof::{Seal, SealBody, SealChain, SealedStream};
use va_runtime::ports::{PortError, Signer};

use crate::{
    Store,
    error::{damaged, io_error},
    files,
};

/// A seal that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Its number, from 1.
    pub n: u64,
    /// The tree head, 64 hex digits: what the board keeps elsewhere.
    pub root: String,
    /// How many streams it lists.
    pub streams: usize,
}

/// The seals of one company, read once, so that the next one costs what is new.
#[derive(Debug)]
pub struct Seals {
    folder: PathBuf,
    chain: SealChain,
}

impl Seals {
    /// Reads the seals of this company's folder, and removes what a killed process left beside them. They
    /// are not verified here, but must follow one another.
    ///
    /// # Errors
    /// `Damaged` where they do not; `Unavailable` where they cannot be read.
    pub fn open(company_folder: &Path, company: &str) -> Result<Self, PortError> {
        let folder = company_folder.join("seals");
        files::remove_temporary(&folder)?;
        let mut chain = SealChain::new(company);
        for path in list(&folder)? {
            let file = fs::read(&path).map_err(|e| io_error(&path, "read", e))?;
            let (_, body) = read(&file)
                .map_err(|why| damaged(format!("{} is no seal: {why}", path.display())))?;
            if let Some(fault) = chain.take(&body, &file).first() {
                return Err(damaged(format!(
                    "{} does not follow the seals before it (expected {}, found {}); `va verify` says more",
                    path.display(),
                    fault.expected,
                    fault.found
                )));
            }
        }
        Ok(Self { folder, chain })
    }

    /// The newest root, 64 hex digits; that of an empty tree before the first seal.
    #[must_use]
    pub fn root(&self) -> String {
        self.chain.root()
    }

    /// The number of the newest seal; 0 before the first.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.chain.n()
    }

    /// Seals every stream that has grown since the seal before; `None` where none has. Durable when it returns.
    ///
    /// # Errors
    /// Where the journal cannot be read, the key cannot sign, or the folder cannot be written.
    pub fn seal(
        &mut self,
        store: &Store,
        signer: &dyn Signer,
        now: Timestamp,
    ) -> Result<Option<Sealed>, PortError> {
        let snapshot = store.read_snapshot()?;
        let mut grown = Vec::new();
        for (stream, version) in snapshot.versions()? {
            if version > self.chain.sealed(&stream)
                && let Some((version, hash)) = snapshot.head(&stream)?
            {
                grown.push(SealedStream {
                    stream,
                    version,
                    hash: hex::encode(hash),
                });
            }
        }
        drop(snapshot);
        let Some(body) = self.chain.next(grown, now) else {
            return Ok(None);
        };
        let file = sign(&body, signer)?;
        fs::create_dir_all(&self.folder)
            .and_then(|()| files::sync_parent(&self.folder))
            .map_err(|e| io_error(&self.folder, "made", e))?;
        files::write_whole(&self.folder.join(format!("{:06}.json", body.n)), &file)?;
        self.chain.take(&body, &file);
        Ok(Some(Sealed {
            n: body.n,
            root: body.root,
            streams: body.streams.len(),
        }))
    }
}

/// Seals what has grown since the last seal of the store's folder; `None` where nothing has.
///
/// # Errors
/// As [`Seals::open`] and [`Seals::seal`].
pub fn seal_now(
    store: &Store,
    signer: &dyn Signer,
    now: Timestamp,
) -> Result<Option<Sealed>, PortError> {
    Seals::open(store.folder(), store.company())?.seal(store, signer, now)
}

fn sign(body: &SealBody, signer: &dyn Signer) -> Result<Vec<u8>, PortError> {
    let unwritable = |e: serde_json::Error| damaged(format!("a seal cannot be written: {e}"));
    let body = serde_json::to_string(body).map_err(unwritable)?;
    let seal = Seal {
        public_key: hex::encode(signer.public_key()),
        signature: hex::encode(signer.sign(body.as_bytes())?),
        body,
    };
    serde_json::to_vec(&seal).map_err(unwritable)
}

/// Reads a seal's file.
pub(crate) fn read(file: &[u8]) -> Result<(Seal, SealBody), serde_json::Error> {
    let seal: Seal = serde_json::from_slice(file)?;
    let body = serde_json::from_str(&seal.body)?;
    Ok((seal, body))
}

/// The files of the seals, in order; none where the folder is not there.
pub(crate) fn list(folder: &Path) -> Result<Vec<PathBuf>, PortError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(io_error(folder, "read", e)),
    };
    let mut seals = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| io_error(folder, "read", e))?.path();
        let stem = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        let is_json = path.extension().is_some_and(|ending| ending == "json");
        if is_json && let Ok(n) = stem.parse::<u64>() {
            seals.push((n, path));
        }
    }
    seals.sort();
    Ok(seals.into_iter().map(|(_, path)| path).collect())
}
