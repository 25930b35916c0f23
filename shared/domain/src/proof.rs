//! Seals: what stood in which stream at a time, under one root that only grows.
//!
//! The tree is that of RFC 6962: the hash of a leaf is SHA-256 of `00` and its bytes, that of a node
//! SHA-256 of `01` and the hashes of its children. A leaf's bytes are the stream's name, a zero byte, the
//! version in decimal digits, a zero byte, and the commit's hash in 64 hex digits ([`leaf`]). The leaves
//! are the `streams` of all seals so far, in order, so every root covers all that was sealed before.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{commit::Hash, ids::StreamId};

/// The bytes of a leaf: a stream, and its newest commit when it was sealed.
#[must_use]
pub fn leaf(stream: &StreamId, version: u64, hash: &str) -> Vec<u8> {
    format!("{stream}\0{version}\0{hash}").into_bytes()
}

/// A Merkle tree that takes further leaves in constant memory: it keeps one hash for each power of two in
/// its size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// The roots of the perfect subtrees, the largest first.
    peaks: Vec<Hash>,
}

impl Tree {
    /// An empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a leaf.
    pub fn push(&mut self, leaf: &[u8]) {
        let mut hash = Sha256::new();
        hash.update([0]);
        hash.update(leaf);
        let mut right: Hash = hash.finalize().into();
        // Every perfect subtree of the new leaf's size joins it, as a carry does in addition.
        for _ in 0..self.size.trailing_ones() {
            let Some(left) = self.peaks.pop() else { break };
            right = node(&left, &right);
        }
        self.peaks.push(right);
        self.size += 1;
    }

    /// How many leaves it has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The tree head; the SHA-256 of nothing for an empty tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev().copied();
        match peaks.next() {
            Some(last) => peaks.fold(last, |right, left| node(&left, &right)),
            None => Sha256::digest([]).into(),
        }
    }
}

fn node(left: &Hash, right: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update([1]);
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

/// One stream of a seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedStream {
    /// Which one.
    pub stream: StreamId,
    /// The version of its newest commit.
    pub version: u64,
    /// That commit's hash, 64 hex digits.
    pub hash: String,
}

/// What a seal says. The JSON text of it is what is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealBody {
    /// The tenant.
    pub company: String,
    /// 1, 2, 3, ... without a gap.
    pub n: u64,
    /// SHA-256 of the file of the seal before, 64 hex digits; zeros for the first.
    pub prev_seal: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// The streams that changed since the seal before, sorted.
    pub streams: Vec<SealedStream>,
    /// The number of leaves, these included.
    pub size: u64,
    /// The tree head over all of them, 64 hex digits.
    pub root: String,
}

/// A seal as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// The JSON text of a [`SealBody`]: the bytes that are signed.
    pub body: String,
    /// The Ed25519 key that signed, 64 hex digits.
    pub public_key: String,
    /// The signature over the bytes of `body`, 128 hex digits.
    pub signature: String,
}

/// What is wrong with a seal among those before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealFault {
    /// What should be there.
    pub expected: String,
    /// What is.
    pub found: String,
}

/// All seals so far: what they cover, and what the next must say.
#[derive(Clone, Debug)]
pub struct SealChain {
    company: String,
    n: u64,
    prev_seal: String,
    tree: Tree,
    sealed: BTreeMap<StreamId, u64>,
}

impl SealChain {
    /// The chain before its first seal.
    #[must_use]
    pub fn new(company: &str) -> Self {
        Self {
            company: company.to_owned(),
            n: 0,
            prev_seal: "0".repeat(64),
            tree: Tree::new(),
            sealed: BTreeMap::new(),
        }
    }

    /// The number of the newest seal; 0 before the first.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.n
    }

    /// The newest root, 64 hex digits.
    #[must_use]
    pub fn root(&self) -> String {
        hex::encode(self.tree.root())
    }

    /// The newest sealed version of a stream; 0 for none.
    #[must_use]
    pub fn sealed(&self, stream: &StreamId) -> u64 {
        self.sealed.get(stream).copied().unwrap_or(0)
    }

    /// What the next seal says over these streams; `None` where none has grown since it was sealed.
    #[must_use]
    pub fn next(&self, mut streams: Vec<SealedStream>, created_at: Timestamp) -> Option<SealBody> {
        streams.retain(|s| s.version > self.sealed(&s.stream));
        streams.sort_by(|a, b| a.stream.cmp(&b.stream));
        if streams.is_empty() {
            return None;
        }
        let mut tree = self.tree.clone();
        for s in &streams {
            tree.push(&leaf(&s.stream, s.version, &s.hash));
        }
        Some(SealBody {
            company: self.company.clone(),
            n: self.n + 1,
            prev_seal: self.prev_seal.clone(),
            created_at,
            streams,
            size: tree.size(),
            root: hex::encode(tree.root()),
        })
    }

    /// Takes the next seal, whose file holds these bytes, and says how it does not follow. A seal with
    /// faults is taken all the same, so that those after it are judged for themselves.
    pub fn take(&mut self, body: &SealBody, file: &[u8]) -> Vec<SealFault> {
        let mut faults = Vec::new();
        let mut check = |what: &str, expected: String, found: String| {
            if expected != found {
                faults.push(SealFault {
                    expected: format!("{what} {expected}"),
                    found: format!("{what} {found}"),
                });
            }
        };
        check("company", self.company.clone(), body.company.clone());
        check("n", (self.n + 1).to_string(), body.n.to_string());
        check("prev_seal", self.prev_seal.clone(), body.prev_seal.clone());
        for pair in body.streams.windows(2) {
            if pair[0].stream >= pair[1].stream {
                check(
                    "streams",
                    "sorted".to_owned(),
                    format!("{} before {}", pair[0].stream, pair[1].stream),
                );
            }
        }
        for s in &body.streams {
            let before = self.sealed.insert(s.stream.clone(), s.version).unwrap_or(0);
            if s.version <= before {
                check(
                    s.stream.as_str(),
                    format!("above version {before}"),
                    format!("version {}", s.version),
                );
            }
            self.tree.push(&leaf(&s.stream, s.version, &s.hash));
        }
        check("size", self.tree.size().to_string(), body.size.to_string());
        check("root", self.root(), body.root.clone());
        self.n = body.n;
        self.prev_seal = hex::encode(Sha256::digest(file));
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The leaves of the test vectors that the implementations of RFC 6962 share.
    const LEAVES: [&str; 8] = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];
    const ROOTS: [&str; 9] = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    /// As the RFC defines it, leaf by leaf from all of them.
    fn defined(leaves: &[Vec<u8>]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [only] => Sha256::digest([&[0], only.as_slice()].concat()).into(),
            _ => {
                let half = leaves.len().next_power_of_two() / 2;
                node(&defined(&leaves[..half]), &defined(&leaves[half..]))
            }
        }
    }

    fn sealed(stream: &str, version: u64) -> SealedStream {
        SealedStream {
            stream: stream.parse().expect("a stream"),
            version,
            hash: "ab".repeat(32),
        }
    }

    fn now() -> Timestamp {
        "2026-11-20T10:00:00Z".parse().expect("a time")
    }

    fn file(body: &SealBody) -> Vec<u8> {
        serde_json::to_vec(body).expect("JSON")
    }

    #[test]
    fn roots_are_those_of_the_published_vectors() {
        let mut tree = Tree::new();
        assert_eq!(hex::encode(tree.root()), ROOTS[0]);
        for (leaf, root) in LEAVES.iter().zip(&ROOTS[1..]) {
            tree.push(&hex::decode(leaf).expect("hex"));
            assert_eq!(hex::encode(tree.root()), *root);
        }
    }

    #[test]
    fn a_root_made_leaf_by_leaf_is_the_defined_one() {
        let leaves: Vec<Vec<u8>> = (0..200_u32).map(|n| n.to_be_bytes().to_vec()).collect();
        let mut tree = Tree::new();
        for n in 0..leaves.len() {
            assert_eq!(tree.root(), defined(&leaves[..n]), "{n} leaves");
            tree.push(&leaves[n]);
        }
        assert_eq!(tree.size(), 200);
        assert!(tree.peaks.len() <= 8, "one hash for each power of two");
    }

    #[test]
    fn the_parts_of_a_leaf_do_not_run_together() {
        assert_eq!(
            leaf(&"goal/a".parse().expect("a stream"), 12, "ff"),
            b"goal/a\x0012\x00ff"
        );
    }

    #[test]
    fn a_seal_lists_what_grew_in_order_and_nothing_new_makes_none() {
        let mut chain = SealChain::new("acme");
        let first = chain
            .next(vec![sealed("goal/b", 2), sealed("goal/a", 1)], now())
            .expect("something new");
        assert_eq!((first.n, first.size), (1, 2));
        assert_eq!(first.streams[0].stream.as_str(), "goal/a");
        assert_eq!(chain.take(&first, &file(&first)), []);
        assert_eq!(chain.next(vec![sealed("goal/b", 2)], now()), None);
        let second = chain
            .next(vec![sealed("goal/b", 3), sealed("goal/a", 1)], now())
            .expect("something new");
        assert_eq!((second.n, second.size, second.streams.len()), (2, 3, 1));
        assert_eq!(second.prev_seal, hex::encode(Sha256::digest(file(&first))));
        assert_eq!(chain.take(&second, &file(&second)), []);
        assert_eq!(chain.root(), second.root);
    }

    #[test]
    fn whatever_is_changed_in_a_seal_is_a_fault() {
        let chain = SealChain::new("acme");
        let good = chain
            .next(vec![sealed("goal/a", 1), sealed("goal/b", 2)], now())
            .expect("something new");
        let changes: [fn(&mut SealBody); 7] = [
            |body| body.company.push('x'),
            |body| body.n = 2,
            |body| body.prev_seal.replace_range(..1, "1"),
            |body| body.streams.swap(0, 1),
            |body| body.streams[0].hash.replace_range(..1, "0"),
            |body| body.size = 3,
            |body| body.streams.truncate(1),
        ];
        for (n, change) in changes.iter().enumerate() {
            let mut body = good.clone();
            change(&mut body);
            assert_ne!(chain.clone().take(&body, b""), [], "change {n}");
        }
        assert_eq!(chain.clone().take(&good, b""), []);
    }
}
