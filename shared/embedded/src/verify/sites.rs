//! Published sites: the files that stand are those that were read back when they were published.

use std::{collections::BTreeMap, path::Path};

use va_domain::ids::BlobId;
use va_runtime::ports::PortError;

use super::{Finding, Kind, ReadBlob, Verification};

type Files = BTreeMap<String, BlobId>;

/// What each site should be.
#[derive(Debug, Default)]
pub(super) struct SiteCheck {
    /// The checksums of the newest publication, a blob.
    published: BTreeMap<String, BlobId>,
    /// What may stand there already, its outcome not being committed yet.
    under_way: BTreeMap<String, Vec<BlobId>>,
}

impl SiteCheck {
    pub(super) fn published(&mut self, site: String, checksums: BlobId) {
        self.published.insert(site, checksums);
    }

    pub(super) fn standing(&mut self, publications: &[(String, BlobId)]) {
        for (site, manifest) in publications {
            self.under_way
                .entry(site.clone())
                .or_default()
                .push(manifest.clone());
        }
    }

    pub(super) fn finish(
        &self,
        sites: &Path,
        read: ReadBlob<'_>,
        out: &mut Verification,
    ) -> Result<(), PortError> {
        for (site, checksums) in &self.published {
            // A list that is missing or damaged was found among the blobs.
            let Some(meant) = files(read, checksums)? else {
                continue;
            };
            if !crate::sites::is_name(site) {
                let path = Some(format!("sites/{}", site.escape_debug()));
                out.find(Finding {
                    path,
                    found: Some("no name of a site".to_owned()),
                    ..Finding::of(Kind::SiteFile)
                });
                continue;
            }
            let folder = sites.join(site);
            let standing = match crate::sites::checksums(&folder) {
                Ok(standing) => standing,
                Err(_) if !folder.exists() => Files::new(),
                Err(PortError::Damaged { what }) => {
                    let path = Some(format!("sites/{site}"));
                    out.find(Finding {
                        path,
                        found: Some(what),
                        ..Finding::of(Kind::SiteFile)
                    });
                    continue;
                }
                Err(e) => return Err(e),
            };
            out.checked.site_files += u64::try_from(standing.len()).unwrap_or(u64::MAX);
            if standing != meant && !self.is_under_way(site, &standing, read)? {
                compare(site, &meant, &standing, out);
            }
        }
        Ok(())
    }

    fn is_under_way(
        &self,
        site: &str,
        standing: &Files,
        read: ReadBlob<'_>,
    ) -> Result<bool, PortError> {
        for manifest in self.under_way.get(site).into_iter().flatten() {
            if files(read, manifest)?.as_ref() == Some(standing) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn files(read: ReadBlob<'_>, id: &BlobId) -> Result<Option<Files>, PortError> {
    Ok(read(id)?.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

fn compare(site: &str, meant: &Files, standing: &Files, out: &mut Verification) {
    let paths: std::collections::BTreeSet<&String> = meant.keys().chain(standing.keys()).collect();
    for path in paths {
        let (expected, found) = (meant.get(path), standing.get(path));
        if expected != found {
            out.find(Finding {
                path: Some(format!("sites/{site}/{path}")),
                expected: expected.map(ToString::to_string),
                found: found.map(ToString::to_string),
                ..Finding::of(Kind::SiteFile)
            });
        }
    }
}
