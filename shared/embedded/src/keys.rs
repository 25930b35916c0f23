//! The key that signs seals: `keys/seal.key`, PKCS#8 PEM, for its owner's eyes only, and `keys/seal.pub`.
//!
//! It lies beside the data, so a seal guards against accident, and against those who cannot read the
//! folder. Whoever takes the key can seal anything; a root that the board kept elsewhere still tells.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use ed25519_dalek::{
    Signature, Signer as _, SigningKey, VerifyingKey,
    pkcs8::{
        DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _,
        KeypairBytes, spki::der::pem::LineEnding,
    },
};
use rand::{TryRng as _, rngs::SysRng};
use va_runtime::ports::{PortError, Signer};

use crate::{
    error::{damaged, io_error, refused, unavailable},
    files,
};

/// The company's sealing key.
pub struct SealKey {
    key: SigningKey,
}

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealKey")
            .field("public", &hex::encode(self.public_key()))
            .finish_non_exhaustive()
    }
}

impl SealKey {
    /// Reads the key of this company's folder, or makes it from the system's randomness where there is none.
    ///
    /// # Errors
    /// `Refused` where others may read it; `Damaged` where it is no key; `Unavailable` where the folder
    /// cannot be read or written.
    pub fn open(company_folder: &Path) -> Result<Self, PortError> {
        let path = private(company_folder);
        let key = match fs::read_to_string(&path) {
            Ok(pem) => read_private(&path, &pem)?,
            Err(e) if e.kind() == io::ErrorKind::NotFound => make(&path)?,
            Err(e) => return Err(io_error(&path, "read", e)),
        };
        let public = public(company_folder);
        if !public.exists() {
            let pem = key.verifying_key().to_public_key_pem(LineEnding::LF);
            let pem = pem.map_err(|e| damaged(format!("the public key cannot be written: {e}")))?;
            files::write_whole(&public, pem.as_bytes())?;
        }
        Ok(Self { key })
    }
}

impl Signer for SealKey {
    fn sign(&self, bytes: &[u8]) -> Result<[u8; 64], PortError> {
        Ok(self.key.sign(bytes).to_bytes())
    }

    fn public_key(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }
}

/// Reads the public key of this company's folder; `None` where there is none.
///
/// # Errors
/// As [`read_public_key`].
pub fn company_key(company_folder: &Path) -> Result<Option<[u8; 32]>, PortError> {
    let path = public(company_folder);
    if path.exists() {
        read_public_key(&path).map(Some)
    } else {
        Ok(None)
    }
}

/// Reads a public key from a file: PEM, or 64 hex digits.
///
/// # Errors
/// `Damaged` where it is neither; `Unavailable` where it cannot be read.
pub fn read_public_key(path: &Path) -> Result<[u8; 32], PortError> {
    let text = fs::read_to_string(path).map_err(|e| io_error(path, "read", e))?;
    let mut bytes = [0; 32];
    let read = match hex::decode_to_slice(text.trim(), &mut bytes) {
        Ok(()) => VerifyingKey::from_bytes(&bytes).ok(),
        Err(_) => VerifyingKey::from_public_key_pem(&text).ok(),
    };
    let key = read.ok_or_else(|| {
        damaged(format!(
            "{} is no Ed25519 public key in PEM or hex",
            path.display()
        ))
    })?;
    Ok(key.to_bytes())
}

/// Whether the signature over these bytes was made with that key. Keys and signatures that would fit
/// more than one message do not count.
pub(crate) fn is_signed(public_key: &[u8; 32], bytes: &[u8], signature: &[u8; 64]) -> bool {
    VerifyingKey::from_bytes(public_key).is_ok_and(|key| {
        key.verify_strict(bytes, &Signature::from_bytes(signature))
            .is_ok()
    })
}

fn private(company_folder: &Path) -> PathBuf {
    company_folder.join("keys").join("seal.key")
}

fn public(company_folder: &Path) -> PathBuf {
    company_folder.join("keys").join("seal.pub")
}

fn make(path: &Path) -> Result<SigningKey, PortError> {
    let mut seed = [0; 32];
    SysRng
        .try_fill_bytes(&mut seed)
        .map_err(|_| unavailable("the system gives no randomness for a key"))?;
    let key = SigningKey::from_bytes(&seed);
    // Without the public half, which the first version of PKCS#8 did not have and OpenSSL does not read.
    let pem = KeypairBytes {
        secret_key: seed,
        public_key: None,
    }
    .to_pkcs8_pem(LineEnding::LF)
    .map_err(|e| damaged(format!("the key cannot be written: {e}")))?;
    let folder = path.parent().unwrap_or(path);
    let beside = files::temporary(path);
    // A link, not a rename: of two processes that make the key at once one finds it made.
    let written = make_folder(folder)
        .and_then(|()| write_private(&beside, pem.as_bytes()))
        .and_then(|()| fs::hard_link(&beside, path))
        .and_then(|()| files::sync_parent(path))
        .and_then(|()| files::sync_parent(folder));
    drop(fs::remove_file(&beside));
    match written {
        Ok(()) => Ok(key),
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
            let pem = fs::read_to_string(path).map_err(|e| io_error(path, "read", e))?;
            read_private(path, &pem)
        }
        Err(e) => Err(io_error(path, "made", e)),
    }
}

fn read_private(path: &Path, pem: &str) -> Result<SigningKey, PortError> {
    check_private(path)?;
    SigningKey::from_pkcs8_pem(pem).map_err(|e| {
        damaged(format!(
            "{} is no Ed25519 key in PKCS#8 PEM: {e}",
            path.display()
        ))
    })
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(unix)]
fn check_private(path: &Path) -> Result<(), PortError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(path)
        .map_err(|e| io_error(path, "read", e))?
        .permissions()
        .mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let path = path.display();
    Err(refused(format!(
        "{path} may be read by others (mode {:o}); `chmod 600 {path}`, or make a new key",
        mode & 0o777
    )))
}

#[cfg(not(unix))]
fn check_private(_: &Path) -> Result<(), PortError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_and_signs_what_its_public_half_confirms() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = SealKey::open(folder.path()).expect("made");
        let again = SealKey::open(folder.path()).expect("read");
        assert_eq!(first.public_key(), again.public_key());
        assert_eq!(
            company_key(folder.path()).expect("read"),
            Some(first.public_key())
        );
        let signature = again.sign(b"seal").expect("signed");
        assert!(is_signed(&first.public_key(), b"seal", &signature));
        assert!(!is_signed(&first.public_key(), b"sea1", &signature));
        let names = fs::read_dir(folder.path().join("keys"))
            .expect("listed")
            .count();
        assert_eq!(names, 2, "nothing is left beside the keys");
    }

    #[test]
    fn a_public_key_is_read_from_pem_and_from_hex() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = SealKey::open(folder.path()).expect("made").public_key();
        let path = folder.path().join("kept.txt");
        fs::write(&path, format!("{}\n", hex::encode(key))).expect("written");
        assert_eq!(read_public_key(&path).expect("read"), key);
        fs::write(&path, "no key").expect("written");
        assert_eq!(
            read_public_key(&path).expect_err("no key").code(),
            "port_damaged"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        drop(SealKey::open(folder.path()).expect("made"));
        let path = private(folder.path());
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("opened up");
        let error = SealKey::open(folder.path()).expect_err("readable");
        assert_eq!(error.code(), "port_refused");
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }
}
