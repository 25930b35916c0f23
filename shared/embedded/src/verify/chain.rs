//! One stream: its chain of hashes, and its fold.

use serde_json::Value;
use va_domain::{
    commit::{CommitBody, FOLD_VERSION, Hash, StoredState, link},
    error::DomainError,
    ids::{BlobId, StreamId},
    state::StreamState,
};

use super::{Finding, Kind, RawCommit, ReadBlob, Verification, seals::SealedAt};

/// A stream that is being read.
pub(super) struct StreamCheck {
    pub(super) name: String,
    /// The version of the newest commit that was read.
    pub(super) version: u64,
    head: Vec<u8>,
    sealed: Vec<SealedAt>,
    /// The fold; gone once something is wrong, since whatever follows would only repeat it.
    state: Option<StreamState>,
}

impl StreamCheck {
    pub(super) fn new(name: &str, sealed: Vec<SealedAt>) -> Self {
        let state = name.parse::<StreamId>().ok().map(StreamState::new);
        Self {
            name: name.to_owned(),
            version: 0,
            head: vec![0; 32],
            sealed,
            state,
        }
    }

    /// Checks the next commit's place and bytes; answers its body, if it has one that can be believed.
    pub(super) fn take(
        &mut self,
        raw: &RawCommit,
        company: &mut Option<String>,
        out: &mut Verification,
    ) -> Option<CommitBody> {
        out.checked.commits += 1;
        if self
            .sealed
            .iter()
            .map(|sealed| sealed.version)
            .max()
            .unwrap_or(0)
            < raw.version
        {
            out.unsealed_commits += 1;
        }
        let before = out.findings.len();
        self.check_place(raw, out);
        let body = self.check_bytes(raw, company, out);
        for sealed in self
            .sealed
            .iter()
            .filter(|sealed| sealed.version == raw.version)
        {
            let found = hex::encode(&raw.hash);
            if sealed.hash != found {
                out.find(Finding {
                    path: Some(sealed.path.clone()),
                    ..Finding::at(Kind::CommitHash, &self.name, raw.version)
                        .between(&sealed.hash, found)
                });
            }
        }
        if out.findings.len() > before {
            self.state = None;
        }
        self.version = raw.version;
        self.head.clone_from(&raw.hash);
        body
    }

    fn check_place(&self, raw: &RawCommit, out: &mut Verification) {
        let next = self.version + 1;
        if raw.version != next {
            out.find(Finding::at(Kind::Gap, &self.name, next).between(
                format!("version {next}"),
                format!("version {}", raw.version),
            ));
        } else if raw.prev_hash != self.head {
            let finding = Finding::at(Kind::CommitHash, &self.name, raw.version);
            out.find(finding.between(hex::encode(&self.head), hex::encode(&raw.prev_hash)));
        }
    }

    fn check_bytes(
        &self,
        raw: &RawCommit,
        company: &mut Option<String>,
        out: &mut Verification,
    ) -> Option<CommitBody> {
        let wrong = |expected: String, found: String| {
            Finding::at(Kind::CommitHash, &self.name, raw.version).between(expected, found)
        };
        let hash: Option<Hash> = <&Hash>::try_from(raw.prev_hash.as_slice())
            .ok()
            .map(|prev| link(prev, &raw.body));
        if hash.is_none_or(|hash| hash[..] != raw.hash[..]) {
            let found = hash.map_or_else(|| "a previous hash that is none".to_owned(), hex::encode);
            out.find(wrong(hex::encode(&raw.hash), found));
            return None;
        }
        let body: CommitBody = match serde_json::from_slice(&raw.body) {
            Ok(body) => body,
            Err(e) => {
                out.find(wrong("a commit".to_owned(), e.to_string()));
                return None;
            }
        };
        // The columns beside the body are not hashed, so each must say what the body says.
        let company = company.get_or_insert_with(|| body.company.clone());
        let (commit_id, has_state) = match &raw.beside {
            Some((commit_id, has_state)) => (commit_id.as_str(), *has_state),
            None => (body.commit_id.as_str(), body.state.is_some()),
        };
        let said = format!(
            "{company} {}@{} {commit_id} state={has_state}",
            self.name, raw.version
        );
        let says = format!(
            "{} {}@{} {} state={}",
            body.company,
            body.stream,
            body.version,
            body.commit_id,
            body.state.is_some()
        );
        if said != says {
            out.find(wrong(says, said));
            return None;
        }
        Some(body)
    }

    /// Applies the commit, and compares the state that it carries.
    pub(super) fn fold(
        &mut self,
        body: &CommitBody,
        read: Option<ReadBlob<'_>>,
        out: &mut Verification,
    ) {
        let Some(state) = &mut self.state else { return };
        if let Err(e) = state.apply(body) {
            let kind = if matches!(e, DomainError::Ledger { .. }) {
                Kind::Books
            } else {
                Kind::State
            };
            out.find(
                Finding::at(kind, &self.name, body.version)
                    .between("a commit that can be folded", e.to_string()),
            );
            self.state = None;
            return;
        }
        if let Some(stored) = &body.state
            && stored.fold == FOLD_VERSION
            && let Some(text) = stored_text(stored, read)
        {
            out.checked.states += 1;
            let folded = serde_json::to_string(state).unwrap_or_default();
            if !is_same(&folded, &text) {
                let sum = |text: &str| BlobId::of(text.as_bytes()).to_string();
                out.find(
                    Finding::at(Kind::State, &self.name, body.version)
                        .between(sum(&folded), sum(&text)),
                );
                self.state = None;
            }
        }
    }

    /// The fold of the whole stream, if nothing was wrong with it.
    pub(super) fn into_state(self) -> Option<StreamState> {
        self.state
    }
}

/// The stored state; a blob that is missing or wrong was found before.
fn stored_text(stored: &StoredState, read: Option<ReadBlob<'_>>) -> Option<String> {
    if let Some(inline) = &stored.inline {
        return Some(inline.get().to_owned());
    }
    let (id, read) = stored.blob.as_ref().zip(read)?;
    let bytes = read(id).ok().flatten()?;
    String::from_utf8(bytes.to_vec()).ok()
}

/// As text, or as JSON where an older build wrote its fields in another order.
fn is_same(folded: &str, stored: &str) -> bool {
    let value = |text: &str| serde_json::from_str::<Value>(text).ok();
    folded == stored || value(folded).is_some_and(|folded| Some(folded) == value(stored))
}
