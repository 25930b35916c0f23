//! Verification: whether what stands is what was appended, folded, sealed and published.
//!
//! It trusts nothing that it reads. It goes once through the journal in the order of an export, with
//! one stream's state in memory, so what it holds grows with streams, seals and blobs, not with commits.

mod blobs;
mod books;
mod chain;
mod export;
mod report;
mod seals;
mod sites;

use std::path::Path;

use va_domain::{
    commit::CommitBody, effect::EffectSpec, ids::BlobId, payload::PublishCompleted,
    state::StreamState,
};
use va_runtime::ports::{Bytes, PortError};

use self::{
    blobs::BlobCheck, books::Books, chain::StreamCheck, report::found_in, seals::SealCheck,
    sites::SiteCheck,
};
pub use self::{
    export::{ExportReadError, verify_export},
    report::{Checked, Finding, Kind, Verification},
};
use crate::{
    Store, keys,
    store::{JOURNAL, RowFacts, Snapshot},
};

/// What verification is told besides the folder.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// A root that was kept elsewhere, 64 hex digits: it must be that of one of the seals.
    pub root: Option<String>,
    /// The key that seals must be signed with; else `keys/seal.pub`, else one and the same key.
    pub public_key: Option<[u8; 32]>,
}

/// A commit as it lies there, whatever it holds.
#[derive(Clone, Debug)]
pub(crate) struct RawCommit {
    pub(crate) stream: String,
    pub(crate) version: u64,
    pub(crate) prev_hash: Vec<u8>,
    pub(crate) hash: Vec<u8>,
    pub(crate) body: Vec<u8>,
    /// What the journal keeps beside the body: the commit's id, and whether it carries a state.
    pub(crate) beside: Option<(String, bool)>,
}

/// Verifies the journal, blobs, seals and sites of a company's folder. Works beside a worker, on the
/// journal as it stands when it begins, and on a read-only disk.
///
/// # Errors
/// Where the folder is no company's or cannot be read at all. What is wrong with what was read is a finding.
pub fn verify(folder: &Path, options: &Options) -> Result<Verification, PortError> {
    let store = match Store::open_any(folder) {
        Ok(store) => store,
        Err(PortError::Damaged { what }) => {
            let mut out = Verification::default();
            out.find(Finding {
                path: Some(JOURNAL.to_owned()),
                found: Some(what),
                ..Finding::of(Kind::CommitHash)
            });
            return Ok(out.finished());
        }
        Err(e) => return Err(e),
    };
    let snapshot = store.read_snapshot()?;
    let mut out = Verification::default();
    let key = match options.public_key {
        Some(key) => Some(key),
        None => seals::company_key(keys::company_key(folder), &mut out)?,
    };
    let seals = SealCheck::load(&folder.join("seals"), Some(store.company()), key, &mut out)?;
    let blob = |id: &BlobId| store.blob_unchecked(id);
    let mut check = Check::new(out, Some(store.company().to_owned()), seals, Some(&blob));
    check.journal(&snapshot)?;
    check.finish(options, Some(&RowFacts::of(&snapshot)?), Some(folder))
}

/// Reads a blob as it lies there.
type ReadBlob<'a> = &'a dyn Fn(&BlobId) -> Result<Option<Bytes>, PortError>;

/// One verification under way.
struct Check<'a> {
    out: Verification,
    company: Option<String>,
    seals: SealCheck,
    blobs: Option<BlobCheck<'a>>,
    stream: Option<StreamCheck>,
    books: Books,
    sites: SiteCheck,
    /// The first error of a port; what was read after it says nothing.
    failed: Option<PortError>,
}

impl<'a> Check<'a> {
    fn new(
        out: Verification,
        company: Option<String>,
        seals: SealCheck,
        blob: Option<ReadBlob<'a>>,
    ) -> Self {
        Self {
            out,
            company,
            seals,
            blobs: blob.map(BlobCheck::new),
            stream: None,
            books: Books::default(),
            sites: SiteCheck::default(),
            failed: None,
        }
    }

    /// Goes through every commit of the journal.
    fn journal(&mut self, snapshot: &Snapshot) -> Result<(), PortError> {
        let read = snapshot
            .each_raw(&mut |raw| self.commit(&raw))
            .and_then(|()| snapshot.integrity());
        let damage = match read {
            Ok(damage) => damage,
            Err(PortError::Damaged { what }) => Some(what),
            Err(e) => return Err(e),
        };
        if let Some(what) = damage {
            let path = Some(JOURNAL.to_owned());
            self.out.find(Finding {
                path,
                found: Some(what),
                ..Finding::of(Kind::CommitHash)
            });
        }
        Ok(())
    }

    /// Takes the next commit in order of stream and version.
    fn commit(&mut self, raw: &RawCommit) {
        if self
            .stream
            .as_ref()
            .is_none_or(|stream| stream.name != raw.stream)
        {
            self.end_stream();
            self.stream = Some(StreamCheck::new(&raw.stream, self.seals.of(&raw.stream)));
            self.out.checked.streams += 1;
        }
        let Some(mut stream) = self.stream.take() else {
            return;
        };
        if let Some(body) = stream.take(raw, &mut self.company, &mut self.out) {
            self.body(&mut stream, &body);
        }
        self.stream = Some(stream);
    }

    /// Looks at what a commit says.
    fn body(&mut self, stream: &mut StreamCheck, body: &CommitBody) {
        self.out.checked.events += u64::try_from(body.events.len()).unwrap_or(u64::MAX);
        if let Some(blobs) = &mut self.blobs {
            let state = body.state.as_ref().and_then(|state| state.blob.as_ref());
            for id in body.blobs.iter().chain(state) {
                let found = blobs.check(id, &mut self.out, (body.stream.as_str(), body.version));
                self.failed = self.failed.take().or(found.err());
            }
        }
        self.books.entries(body);
        for event in body
            .events
            .iter()
            .filter(|event| event.is::<PublishCompleted>())
        {
            // One that cannot be read stops the fold, which says so.
            if let Ok(done) = event.read::<PublishCompleted>() {
                self.sites.published(done.site, done.checksums);
            }
        }
        let read = self.blobs.as_ref().map(BlobCheck::reader);
        stream.fold(body, read, &mut self.out);
    }

    fn end_stream(&mut self) {
        let Some(stream) = self.stream.take() else {
            return;
        };
        self.seals.reached(&stream.name, stream.version);
        let name = stream.name.clone();
        match stream.into_state() {
            Some(state) => {
                self.sites.standing(&open_publications(&state));
                self.books.account(&state);
            }
            None => self.books.unreadable(&name),
        }
    }

    fn finish(
        mut self,
        options: &Options,
        rows: Option<&RowFacts>,
        folder: Option<&Path>,
    ) -> Result<Verification, PortError> {
        self.end_stream();
        if let Some(e) = self.failed {
            return Err(e);
        }
        let in_journal = self.out.findings.iter().any(|f| found_in(f.kind));
        self.seals
            .finish(options.root.as_deref(), rows, &mut self.out);
        if let Some(rows) = rows
            && !rows.is_whole()
            && !in_journal
            && !self.out.findings.iter().any(|f| found_in(f.kind))
        {
            // Not sealed yet, or its seals went with it; but the file still knows how many there were.
            self.out.find(Finding {
                path: Some(JOURNAL.to_owned()),
                expected: Some(format!("{} rows", rows.appended)),
                found: Some(format!("{} rows", rows.standing)),
                ..Finding::of(Kind::Gap)
            });
        }
        self.books.finish(&mut self.out);
        if let (Some(folder), Some(blobs)) = (folder, &self.blobs) {
            self.sites
                .finish(&folder.join("sites"), blobs.reader(), &mut self.out)?;
        }
        Ok(self.out.finished())
    }
}

/// Sites that are being published, and what is to stand there.
fn open_publications(state: &StreamState) -> Vec<(String, BlobId)> {
    let specs = state.effects.values().map(|open| &open.wanted.spec);
    specs
        .filter_map(|spec| match spec {
            EffectSpec::PublishSite { site, manifest, .. } => {
                Some((site.clone(), manifest.clone()))
            }
            _ => None,
        })
        .collect()
}
