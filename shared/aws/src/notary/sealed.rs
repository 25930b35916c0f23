//! The chain of seals in the vault.

use std::collections::BTreeMap;

use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use va_domain::{
    commit::{Hash, StoredCommit, link},
    ids::StreamId,
    proof::{Seal, SealBody, SealChain, SealedStream},
};
use va_runtime::ports::PortError;

use super::{
    NotaryError,
    finding::{Fault, Finding},
};
use crate::{
    error::damaged,
    vault::{KmsKey, MAX_SIGNED, Vault},
};

/// Where seals lie.
const FOLDER: &str = "seals/";
/// Seals that are read at once.
const AT_ONCE: usize = 16;
/// Tries of a seal while others seal.
const TRIES: u32 = 8;
/// What a seal's body holds besides its streams, at most: names, numbers, three hashes, the longest company.
const BESIDES: usize = 640;

/// What was sealed.
pub(super) struct Sealed {
    chain: SealChain,
    heads: BTreeMap<StreamId, (u64, Hash)>,
    public_key: Option<[u8; 32]>,
}

impl Sealed {
    /// Before the first seal was read.
    pub(super) fn new(company: &str) -> Self {
        Self {
            chain: SealChain::new(company),
            heads: BTreeMap::new(),
            public_key: None,
        }
    }

    /// The number of the newest seal.
    pub(super) fn n(&self) -> u64 {
        self.chain.n()
    }

    /// The newest sealed version of a stream; 0 for none.
    pub(super) fn version(&self, stream: &StreamId) -> u64 {
        self.heads.get(stream).map_or(0, |(version, _)| *version)
    }

    /// Every sealed stream: version and hash of its newest sealed commit.
    pub(super) fn streams(&self) -> &BTreeMap<StreamId, (u64, Hash)> {
        &self.heads
    }

    /// Reads the seals that are new in the vault; answers those that do not follow or were signed by another.
    pub(super) async fn refresh(
        &mut self,
        vault: &Vault,
        key: &KmsKey,
    ) -> Result<Vec<Finding>, PortError> {
        let own = match self.public_key {
            Some(own) => own,
            None => *self.public_key.insert(key.public_key().await?),
        };
        let paths = vault.list(FOLDER, &path(self.n())).await?;
        let files: Vec<(String, _)> = stream::iter(paths)
            .map(async |path| {
                let file = vault.get(&path).await?;
                Ok::<_, PortError>((path, file))
            })
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        let mut findings = Vec::new();
        for (path, file) in files {
            let file = file.ok_or_else(|| damaged(format!("{path} was listed and is gone")))?;
            let (seal, body) =
                read(&file).map_err(|why| damaged(format!("{path} is no seal: {why}")))?;
            let faults = self.take(&body, &file);
            let foreign = seal.public_key != hex::encode(own);
            let strange =
                foreign.then(|| ("the company's key".to_owned(), seal.public_key.clone()));
            let faults = faults.into_iter().chain(strange);
            findings.extend(faults.map(|(expected, found)| Finding {
                fault: Fault::Seal,
                stream: about(&body),
                version: body.n,
                expected,
                found,
                by: "the vault",
            }));
        }
        Ok(findings)
    }

    fn take(&mut self, body: &SealBody, file: &[u8]) -> Vec<(String, String)> {
        for sealed in &body.streams {
            let mut hash = [0; 32];
            // A hash that is none is a fault of the root as well.
            if hex::decode_to_slice(&sealed.hash, &mut hash).is_ok() {
                self.heads
                    .insert(sealed.stream.clone(), (sealed.version, hash));
            }
        }
        let faults = self.chain.take(body, file);
        faults.into_iter().map(|f| (f.expected, f.found)).collect()
    }

    /// The heads of streams whose new commits follow what was sealed, and where others do not.
    pub(super) fn follow(
        &self,
        grown: BTreeMap<StreamId, Vec<StoredCommit>>,
    ) -> (Vec<SealedStream>, Vec<Finding>) {
        let (mut heads, mut findings) = (Vec::new(), Vec::new());
        for (stream, commits) in grown {
            let (mut version, mut hash) = self.heads.get(&stream).copied().unwrap_or((0, [0; 32]));
            let before = version;
            for commit in commits {
                let is = link(&commit.prev_hash, commit.body.as_bytes());
                if commit.version != version + 1 || commit.prev_hash != hash || is != commit.hash {
                    findings.push(Finding {
                        fault: Fault::Changed,
                        stream: stream.clone(),
                        version: commit.version,
                        expected: format!("what follows {}", hex::encode(hash)),
                        found: hex::encode(is),
                        by: "sealing",
                    });
                    break;
                }
                (version, hash) = (commit.version, commit.hash);
            }
            if version > before {
                heads.push(SealedStream {
                    stream,
                    version,
                    hash: hex::encode(hash),
                });
            }
        }
        (heads, findings)
    }

    /// Seals these, in as many seals as it takes: the key signs no more than [`MAX_SIGNED`] bytes at once.
    pub(super) async fn seal(
        &mut self,
        mut heads: Vec<SealedStream>,
        vault: &Vault,
        key: &KmsKey,
        now: Timestamp,
    ) -> Result<(), NotaryError> {
        let mut tries = 0;
        loop {
            heads.retain(|head| head.version > self.version(&head.stream));
            let Some(body) = self.chain.next(fitting(&heads)?, now) else {
                return Ok(());
            };
            let text = serde_json::to_string(&body)?;
            let own = match self.public_key {
                Some(own) => own,
                None => *self.public_key.insert(key.public_key().await?),
            };
            let seal = Seal {
                signature: hex::encode(key.sign(text.as_bytes()).await?),
                public_key: hex::encode(own),
                body: text,
            };
            let file = serde_json::to_vec(&seal)?;
            if vault.put_new(&path(body.n), file.clone()).await? {
                self.take(&body, &file);
                tries = 0;
                continue;
            }
            // Another has sealed meanwhile; what is left comes after that.
            self.refresh(vault, key).await?;
            tries += 1;
            if tries == TRIES {
                return Err(NotaryError::Contended { tries });
            }
        }
    }
}

/// As many of these, from the first, as a seal holds.
fn fitting(heads: &[SealedStream]) -> Result<Vec<SealedStream>, serde_json::Error> {
    let mut bytes = BESIDES;
    let mut fit = Vec::new();
    for head in heads {
        bytes += serde_json::to_string(head)?.len() + 1;
        if bytes > MAX_SIGNED {
            break;
        }
        fit.push(head.clone());
    }
    Ok(fit)
}

/// Twelve digits, so that the order of names is that of seals.
fn path(n: u64) -> String {
    format!("{FOLDER}{n:012}.json")
}

fn about(body: &SealBody) -> StreamId {
    let first = body.streams.first().map(|sealed| sealed.stream.clone());
    first.unwrap_or_else(|| StreamId::caused("seal", &[&body.root]))
}

fn read(file: &[u8]) -> Result<(Seal, SealBody), serde_json::Error> {
    let seal: Seal = serde_json::from_slice(file)?;
    let body = serde_json::from_str(&seal.body)?;
    Ok((seal, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(name: &str, version: u64, prev_hash: Hash) -> StoredCommit {
        let body = format!("{name} {version}");
        StoredCommit::linked(name.parse().expect("a stream"), version, prev_hash, body)
    }

    #[test]
    fn only_what_follows_is_sealed() {
        let first = commit("goal/a", 1, [0; 32]);
        let second = commit("goal/a", 2, first.hash);
        let stray = commit("goal/b", 1, [9; 32]);
        let fork = commit("goal/a", 3, first.hash);
        let grown = BTreeMap::from([
            (first.stream.clone(), vec![first, second.clone(), fork]),
            (stray.stream.clone(), vec![stray]),
        ]);
        let (heads, findings) = Sealed::new("acme").follow(grown);
        assert_eq!(heads.len(), 1);
        assert_eq!(
            (heads[0].version, heads[0].hash.clone()),
            (2, hex::encode(second.hash))
        );
        let found: Vec<_> = findings
            .iter()
            .map(|f| (f.stream.as_str(), f.version))
            .collect();
        assert_eq!(found, [("goal/a", 3), ("goal/b", 1)]);
    }

    #[test]
    fn a_seal_never_has_more_bytes_than_a_key_signs() {
        let heads: Vec<SealedStream> = (0..100)
            .map(|n| SealedStream {
                stream: format!("task-content-generator/{n:020}")
                    .parse()
                    .expect("a stream"),
                version: u64::MAX >> 12,
                hash: "ab".repeat(32),
            })
            .collect();
        let company = "c".repeat(63);
        let chain = SealChain::new(&company);
        let fit = fitting(&heads).expect("JSON");
        assert!(fit.len() > 15 && fit.len() < 100);
        let now = "2026-11-20T10:00:00.123456789Z".parse().expect("a time");
        let body = chain.next(fit, now).expect("a seal");
        assert!(serde_json::to_string(&body).expect("JSON").len() <= MAX_SIGNED);
    }
}
