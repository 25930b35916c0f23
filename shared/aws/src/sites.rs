//! Sites and reports on S3.
//!
//! S3 swaps no folders, so a site of version n becomes the site of version n + 1 file by file. What a reader
//! meets meanwhile stays whole because of the order: first what pages load (`assets/`, `data/`), then the
//! articles, their tag pages, then the pages that lead to them, and last the feed and the sitemap; what is
//! gone is deleted after all of these. So no page ever names a file that was never there, though for some
//! seconds an old index may stand beside a new article, and two new articles that link to each other appear
//! one after the other. Pages are answered with `no-cache`, so that the content network asks S3 before it
//! repeats them, and no invalidation is needed.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use aws_sdk_s3::{Client, primitives::ByteStream};
use futures::{StreamExt, TryStreamExt, stream};
use va_domain::ids::BlobId;
use va_runtime::ports::{Bytes, PortError, Sites};

use crate::{
    blobs,
    error::{damaged, port_error},
    layout,
};

/// Calls under way at once: below what one prefix takes, and well below what a small function can hold.
const AT_ONCE: usize = 16;

/// Sites under `<company>/sites/<id>/` of the public bucket, reports under `<company>/reports/<goal>/` of the
/// private one.
#[derive(Clone, Debug)]
pub struct S3Sites {
    client: Client,
    sites: Option<String>,
    private: String,
    company: String,
}

impl S3Sites {
    /// The sites of this company in the bucket `sites`, its reports in the bucket `private`. Without the first,
    /// only reports are written.
    #[must_use]
    pub fn new(client: Client, sites: Option<String>, private: String, company: &str) -> Self {
        Self {
            client,
            sites,
            private,
            company: company.to_owned(),
        }
    }

    async fn replace(
        &self,
        folder: &Folder<'_>,
        version: u64,
        files: BTreeMap<String, Bytes>,
    ) -> Result<BTreeMap<String, BlobId>, PortError> {
        if let Some(path) = files.keys().find(|path| !is_path(path)) {
            let what = format!(
                "`{}` is no path within a folder",
                path.chars().take(160).collect::<String>()
            );
            return Err(PortError::Refused { what });
        }
        let mut ranks: BTreeMap<u8, Vec<(String, Bytes)>> = BTreeMap::new();
        for (path, bytes) in &files {
            ranks
                .entry(rank(path))
                .or_default()
                .push((path.clone(), Arc::clone(bytes)));
        }
        for rank in ranks.into_values() {
            let puts = rank
                .into_iter()
                .map(|(path, bytes)| self.put(folder, version, path, bytes));
            stream::iter(puts)
                .buffer_unordered(AT_ONCE)
                .try_collect::<Vec<()>>()
                .await?;
        }
        let gone: Vec<String> = self
            .list(folder)
            .await?
            .into_iter()
            .filter(|path| !files.contains_key(path))
            .collect();
        let deletes = gone.into_iter().map(|path| self.delete(folder, path));
        stream::iter(deletes)
            .buffer_unordered(AT_ONCE)
            .try_collect::<Vec<()>>()
            .await?;

        let standing = self.checksums(folder).await?;
        let meant: BTreeMap<String, BlobId> = files
            .iter()
            .map(|(path, bytes)| (path.clone(), BlobId::of(bytes)))
            .collect();
        if standing == meant {
            Ok(standing)
        } else {
            Err(damaged(format!(
                "what stands at {} is not what was written",
                folder.prefix
            )))
        }
    }

    async fn put(
        &self,
        folder: &Folder<'_>,
        version: u64,
        path: String,
        bytes: Bytes,
    ) -> Result<(), PortError> {
        self.client
            .put_object()
            .bucket(folder.bucket)
            .key(folder.key(&path))
            .content_type(content_type(&path))
            .cache_control("no-cache")
            .metadata("version", version.to_string())
            .body(ByteStream::from(bytes.to_vec()))
            .send()
            .await
            .map_err(|e| {
                port_error(
                    format!(
                        "{} cannot be written to {}",
                        folder.key(&path),
                        folder.bucket
                    ),
                    e,
                )
            })?;
        Ok(())
    }

    async fn delete(&self, folder: &Folder<'_>, path: String) -> Result<(), PortError> {
        self.client
            .delete_object()
            .bucket(folder.bucket)
            .key(folder.key(&path))
            .send()
            .await
            .map_err(|e| {
                port_error(
                    format!(
                        "{} cannot be deleted from {}",
                        folder.key(&path),
                        folder.bucket
                    ),
                    e,
                )
            })?;
        Ok(())
    }

    /// The paths of a folder.
    async fn list(&self, folder: &Folder<'_>) -> Result<Vec<String>, PortError> {
        let mut pages = self
            .client
            .list_objects_v2()
            .bucket(folder.bucket)
            .prefix(&folder.prefix)
            .into_paginator()
            .send();
        let mut paths = Vec::new();
        while let Some(page) = pages.next().await {
            let page =
                page.map_err(|e| port_error(format!("{} cannot be listed", folder.prefix), e))?;
            let keys = page.contents().iter().filter_map(|object| object.key());
            paths.extend(
                keys.filter_map(|key| key.strip_prefix(&folder.prefix))
                    .map(str::to_owned),
            );
        }
        Ok(paths)
    }

    /// The checksums of the bytes that stand in a folder, each read.
    async fn checksums(&self, folder: &Folder<'_>) -> Result<BTreeMap<String, BlobId>, PortError> {
        let reads = self.list(folder).await?.into_iter().map(async |path| {
            let key = folder.key(&path);
            match blobs::read(&self.client, folder.bucket, &key).await? {
                Some(bytes) => Ok((path, BlobId::of(&bytes))),
                None => Err(damaged(format!("{key} was listed and is not there"))),
            }
        });
        stream::iter(reads)
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await
    }

    /// The bytes of a site's file; `None` where it is not there.
    ///
    /// # Errors
    /// Where the bucket cannot be read.
    pub async fn file(&self, site: &str, path: &str) -> Result<Option<Bytes>, PortError> {
        let folder = self.site(site)?;
        blobs::read(&self.client, folder.bucket, &folder.key(path)).await
    }

    fn site(&self, site: &str) -> Result<Folder<'_>, PortError> {
        let Some(bucket) = &self.sites else {
            return Err(PortError::Refused {
                what: "this function has no bucket of sites".to_owned(),
            });
        };
        Folder::new(bucket, &self.company, "sites", site)
    }
}

#[async_trait]
impl Sites for S3Sites {
    async fn publish(
        &self,
        site: &str,
        version: u64,
        files: BTreeMap<String, Bytes>,
    ) -> Result<BTreeMap<String, BlobId>, PortError> {
        self.replace(&self.site(site)?, version, files).await
    }

    async fn standing(&self, site: &str) -> Result<Option<BTreeMap<String, BlobId>>, PortError> {
        let standing = self.checksums(&self.site(site)?).await?;
        Ok(Some(standing).filter(|files| !files.is_empty()))
    }

    async fn report(
        &self,
        goal_id: &str,
        files: BTreeMap<String, Bytes>,
    ) -> Result<BTreeMap<String, BlobId>, PortError> {
        let folder = Folder::new(&self.private, &self.company, "reports", goal_id)?;
        self.replace(&folder, 1, files).await
    }
}

/// A prefix of a bucket.
struct Folder<'a> {
    bucket: &'a str,
    prefix: String,
}

impl<'a> Folder<'a> {
    fn new(bucket: &'a str, company: &str, kind: &str, id: &str) -> Result<Self, PortError> {
        if layout::is_name(id) {
            Ok(Self {
                bucket,
                prefix: format!("{company}/{kind}/{id}/"),
            })
        } else {
            Err(PortError::Refused {
                what: format!(
                    "`{}` is no name of a folder",
                    id.chars().take(80).collect::<String>()
                ),
            })
        }
    }

    fn key(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }
}

/// Whether a path stays within its folder.
fn is_path(path: &str) -> bool {
    !path.is_empty()
        && path.len() <= 512
        && !path.chars().any(|c| c.is_control() || c == '\\')
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// When a file is written: what is named by others comes before them.
fn rank(path: &str) -> u8 {
    match path.split_once('/') {
        Some(("assets" | "data", _)) => 0,
        Some(("posts", _)) => 1,
        Some(("tags", _)) => 2,
        _ if path.ends_with(".html") => 3,
        _ => 4,
    }
}

/// By the ending, as browsers need it.
fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "xml" => "application/xml",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_by_others_comes_before_them() {
        let order = [
            "assets/site.css",
            "posts/a.html",
            "tags/b.html",
            "index.html",
            "sitemap.xml",
        ];
        assert!(order.windows(2).all(|pair| rank(pair[0]) < rank(pair[1])));
        assert_eq!(rank("data/a.json"), rank("assets/site.css"));
        assert_eq!(rank("feed.xml"), rank("robots.txt"));
    }

    #[test]
    fn a_path_cannot_leave_its_folder() {
        for bad in ["", "/a", "a//b", "../a", "a/../b", "a/.", "a\nb", "a\\b"] {
            assert!(!is_path(bad), "{bad:?}");
        }
        assert!(is_path("posts/a-b.html"));
        assert!(Folder::new("b", "acme", "sites", "../other").is_err());
    }

    #[test]
    fn pages_are_pages() {
        assert_eq!(content_type("index.html"), "text/html; charset=utf-8");
        assert_eq!(content_type("strange"), "application/octet-stream");
    }
}
