//! Seals: each signed, each following the one before, and all that they list still standing.

use std::{collections::BTreeMap, fs, path::Path};

use va_domain::proof::{Seal, SealBody, SealChain, SealedStream};
use va_runtime::ports::PortError;

use super::{Finding, Kind, Verification};
use crate::{error::io_error, keys, seal, store::RowFacts};

/// A commit that a seal lists.
#[derive(Clone, Debug)]
pub(super) struct SealedAt {
    pub(super) version: u64,
    pub(super) hash: String,
    /// The seal's file.
    pub(super) path: String,
}

/// All seals, and how far the journal reached them.
#[derive(Debug, Default)]
pub(super) struct SealCheck {
    /// By stream, in the order of the seals.
    sealed: BTreeMap<String, Vec<SealedAt>>,
    /// The root after each seal, as its own leaves make it.
    roots: Vec<String>,
    /// What the newest seal lists.
    newest: Vec<SealedStream>,
    /// The newest version of each sealed stream in the journal.
    reached: BTreeMap<String, u64>,
}

/// The company's public key; one that cannot be read is a finding.
pub(super) fn company_key(
    read: Result<Option<[u8; 32]>, PortError>,
    out: &mut Verification,
) -> Result<Option<[u8; 32]>, PortError> {
    match read {
        Err(PortError::Damaged { what }) => {
            let path = Some("keys/seal.pub".to_owned());
            out.find(Finding {
                path,
                found: Some(what),
                ..Finding::of(Kind::SealSignature)
            });
            Ok(None)
        }
        other => other,
    }
}

impl SealCheck {
    /// Reads and checks every seal in a folder. Without a key they must all be signed with the first one's.
    pub(super) fn load(
        folder: &Path,
        company: Option<&str>,
        key: Option<[u8; 32]>,
        out: &mut Verification,
    ) -> Result<Self, PortError> {
        let mut check = Self::default();
        let mut key = key.map(hex::encode);
        let mut chain = company.map(SealChain::new);
        for file in seal::list(folder)? {
            let path = format!(
                "seals/{}",
                file.file_name()
                    .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
            );
            let bytes = fs::read(&file).map_err(|e| io_error(&file, "read", e))?;
            out.checked.seals += 1;
            let (seal, body) = match seal::read(&bytes) {
                Ok(read) => read,
                Err(e) => {
                    let finding = Finding {
                        path: Some(path),
                        ..Finding::of(Kind::SealRoot)
                    };
                    out.find(finding.between("a seal", e.to_string()));
                    continue;
                }
            };
            let key = key.get_or_insert_with(|| seal.public_key.clone());
            if let Some(why) = unsigned(&seal, key) {
                let finding = Finding {
                    path: Some(path.clone()),
                    ..Finding::of(Kind::SealSignature)
                };
                out.find(finding.between(format!("signed with {key}"), why));
            }
            let chain = chain.get_or_insert_with(|| SealChain::new(&body.company));
            for fault in chain.take(&body, &bytes) {
                let finding = Finding {
                    path: Some(path.clone()),
                    ..Finding::of(Kind::SealRoot)
                };
                out.find(finding.between(fault.expected, fault.found));
            }
            check.roots.push(chain.root());
            check.list(body, &path);
        }
        Ok(check)
    }

    fn list(&mut self, body: SealBody, path: &str) {
        for s in &body.streams {
            let at = SealedAt {
                version: s.version,
                hash: s.hash.clone(),
                path: path.to_owned(),
            };
            self.sealed
                .entry(s.stream.to_string())
                .or_default()
                .push(at);
        }
        self.newest = body.streams;
    }

    /// The commits of a stream that seals list.
    pub(super) fn of(&self, stream: &str) -> Vec<SealedAt> {
        self.sealed.get(stream).cloned().unwrap_or_default()
    }

    /// The journal's newest commit of a stream.
    pub(super) fn reached(&mut self, stream: &str, version: u64) {
        if self.sealed.contains_key(stream) {
            self.reached.insert(stream.to_owned(), version);
        }
    }

    /// Says which sealed commits are missing, and whether the root that was kept elsewhere is known.
    pub(super) fn finish(
        &self,
        root: Option<&str>,
        rows: Option<&RowFacts>,
        out: &mut Verification,
    ) {
        let is_rollback = self.is_rollback(rows);
        for (stream, sealed) in &self.sealed {
            let Some(newest) = sealed.iter().max_by_key(|sealed| sealed.version) else {
                continue;
            };
            let reached = self.reached.get(stream).copied();
            if reached.unwrap_or(0) >= newest.version {
                continue;
            }
            let kind = match reached {
                _ if is_rollback => Kind::Rollback,
                None => Kind::MissingStream,
                Some(_) => Kind::Truncated,
            };
            out.find(Finding {
                path: Some(newest.path.clone()),
                expected: Some(newest.hash.clone()),
                found: reached.map(|version| format!("version {version}")),
                ..Finding::at(kind, stream, newest.version)
            });
        }
        if let Some(root) = root.map(|root| root.trim().to_ascii_lowercase())
            && !self.roots.contains(&root)
        {
            let found = self
                .roots
                .last()
                .cloned()
                .unwrap_or_else(|| "no seal".to_owned());
            out.find(Finding::of(Kind::SealRoot).between(root, found));
        }
    }

    fn is_behind(&self, s: &SealedStream) -> bool {
        self.reached.get(s.stream.as_str()).copied().unwrap_or(0) < s.version
    }

    /// An older journal is whole in itself; one that commits were taken from has rows missing. Where there
    /// are no rows to look at, an older journal lacks all that the newest seal lists.
    fn is_rollback(&self, rows: Option<&RowFacts>) -> bool {
        match rows {
            Some(rows) => rows.is_whole(),
            None => self.newest.len() > 1 && self.newest.iter().all(|s| self.is_behind(s)),
        }
    }
}

/// Why a seal does not count as signed with this key.
fn unsigned(seal: &Seal, key: &str) -> Option<String> {
    let mut public_key = [0; 32];
    let mut signature = [0; 64];
    if seal.public_key != key {
        return Some(format!("signed with {}", seal.public_key));
    }
    let is_hex = hex::decode_to_slice(&seal.public_key, &mut public_key).is_ok()
        && hex::decode_to_slice(&seal.signature, &mut signature).is_ok();
    if is_hex && keys::is_signed(&public_key, seal.body.as_bytes(), &signature) {
        None
    } else {
        Some("a signature of other bytes, or of another key".to_owned())
    }
}
