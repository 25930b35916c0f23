//! A publication target that is looked at whenever somebody could see it.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use va_domain::{content::Verdict, ids::BlobId};
use va_review::{SiteExpectation, check_site};
use va_runtime::ports::{Bytes, PortError, Sites};

use crate::world::{lock, unavailable};

/// Keeps count of what is published and reported.
pub struct WatchedSites {
    sites: Arc<dyn Sites>,
    folder: Option<PathBuf>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    published: Vec<(String, u64)>,
    result: Option<serde_json::Value>,
    whole: Option<BTreeMap<String, BlobId>>,
}

impl WatchedSites {
    /// In front of these sites; `folder` is where they can be seen, if anywhere.
    #[must_use]
    pub fn new(sites: Arc<dyn Sites>, folder: Option<PathBuf>) -> Arc<Self> {
        Arc::new(Self {
            sites,
            folder,
            seen: Mutex::default(),
        })
    }

    /// Every publication that took effect, in order.
    #[must_use]
    pub fn published(&self) -> Vec<(String, u64)> {
        lock(&self.seen).published.clone()
    }

    /// The newest report's `result`.
    #[must_use]
    pub fn result(&self) -> Option<serde_json::Value> {
        lock(&self.seen).result.clone()
    }

    /// Looks at what stands now: nothing, or a site whose links are whole.
    ///
    /// # Errors
    /// Says which links are not.
    pub fn look(&self, site: &str) -> Result<(), String> {
        let Some(folder) = self.folder.as_ref().map(|folder| folder.join(site)) else {
            return Ok(());
        };
        if !folder.is_dir() {
            return Ok(());
        }
        let files = read(&folder, &folder).map_err(|e| e.to_string())?;
        let sums: BTreeMap<String, BlobId> = files
            .iter()
            .map(|(path, bytes)| (path.clone(), BlobId::of(bytes)))
            .collect();
        if lock(&self.seen).whole.as_ref() == Some(&sums) {
            return Ok(());
        }
        let review = check_site(&files, &SiteExpectation::default());
        if review.verdict != Verdict::Approved {
            return Err(format!("the site is not whole: {:?}", review.findings));
        }
        lock(&self.seen).whole = Some(sums);
        Ok(())
    }
}

fn read(root: &Path, folder: &Path) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(read(root, &path)?);
        } else {
            let name = path.strip_prefix(root).map_err(io::Error::other)?;
            files.insert(name.to_string_lossy().into_owned(), fs::read(&path)?);
        }
    }
    Ok(files)
}

#[async_trait]
impl Sites for WatchedSites {
    async fn publish(
        &self,
        site: &str,
        version: u64,
        files: BTreeMap<String, Bytes>,
    ) -> Result<BTreeMap<String, BlobId>, PortError> {
        let sums = self.sites.publish(site, version, files).await?;
        lock(&self.seen).published.push((site.to_owned(), version));
        self.look(site).map_err(|why| unavailable(&why))?;
        Ok(sums)
    }

    async fn standing(&self, site: &str) -> Result<Option<BTreeMap<String, BlobId>>, PortError> {
        self.sites.standing(site).await
    }

    async fn report(
        &self,
        goal_id: &str,
        files: BTreeMap<String, Bytes>,
    ) -> Result<BTreeMap<String, BlobId>, PortError> {
        let report = files
            .get("report.json")
            .and_then(|bytes| serde_json::from_slice::<serde_json::Value>(bytes).ok());
        let sums = self.sites.report(goal_id, files).await?;
        lock(&self.seen).result = report.map(|report| report["result"].clone());
        Ok(sums)
    }
}
