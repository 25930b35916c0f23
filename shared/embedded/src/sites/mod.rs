//! Sites and reports in folders, each whole at every instant.
//!
//! A site is built beside itself, in `sites/.<id>.<version>.tmp`, and then the two folders change places
//! in one step of the file system; what stood before is removed afterwards. Killed at any point, the
//! process leaves a whole site, old or new, and at most one hidden folder beside it, which the worker
//! removes when it starts ([`FolderSites::tidy`]).
//!
//! Folders change places at once on Linux and on Apple's systems. Elsewhere, and on file systems that
//! cannot, the old one is moved aside first, so for a moment nothing stands there; it is never half a site.
//!
//! A publication is not synced when it returns: the worker syncs each site once, before it seals, and
//! until then looks at a start whether it stands.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use va_domain::ids::BlobId;
use va_runtime::ports::{Bytes, PortError, Sites};

use crate::{
    error::{damaged, io_error, refused},
    files,
};

/// The longest path of a file, in bytes.
const MAX_PATH: usize = 512;
/// The longest name of one part of it, in bytes.
const MAX_NAME: usize = 200;
/// Files synced at a time.
const SYNCS: usize = 32;
/// Above so many sites and reports the file system is asked, once, to write all that waits.
const ONE_BY_ONE: usize = 16;

/// `sites/<id>/` and `reports/<goal id>/` of one company's folder.
#[derive(Clone, Debug)]
pub struct FolderSites {
    sites: PathBuf,
    reports: PathBuf,
}

impl FolderSites {
    /// The sites and reports in this company's folder.
    #[must_use]
    pub fn new(company_folder: &Path) -> Self {
        Self {
            sites: company_folder.join("sites"),
            reports: company_folder.join("reports"),
        }
    }

    /// Removes what a killed process left beside sites and reports. For the worker alone, when it starts.
    ///
    /// # Errors
    /// Where the folders cannot be read or written.
    pub fn tidy(&self) -> Result<(), PortError> {
        files::remove_temporary(&self.sites)?;
        files::remove_temporary(&self.reports)
    }

    /// Makes sites and reports durable, each where it is there: every file, every folder, and their names. Many
    /// at a time, for a file system gathers what waits into one write.
    ///
    /// # Errors
    /// Where a name is no folder's, or something cannot be read or synced.
    pub fn sync(&self, sites: &[&str], reports: &[&str]) -> Result<(), PortError> {
        for name in sites.iter().chain(reports) {
            check_name(name)?;
        }
        let many = sites.len() + reports.len() > ONE_BY_ONE;
        let mut paths = Vec::new();
        for (parent, names) in [(&self.sites, sites), (&self.reports, reports)] {
            if many && parent.is_dir() && sync_file_system(parent)? {
                continue;
            }
            let before = paths.len();
            for name in names {
                let folder = parent.join(name);
                if folder.is_dir() {
                    walk(&folder, &mut |path, kind| {
                        paths.push((path.to_owned(), kind.is_dir()));
                        Ok(())
                    })?;
                    paths.push((folder, true));
                }
            }
            if paths.len() > before {
                paths.push((parent.clone(), true));
                paths.extend(parent.parent().map(|home| (home.to_owned(), true)));
            }
        }
        sync_all(&paths)
    }
}

#[async_trait]
impl Sites for FolderSites {
    async fn publish(
        &self,
        site: &str,
        version: u64,
        files: BTreeMap<String, Bytes>,
    ) -> Result<BTreeMap<String, BlobId>, PortError> {
        check_name(site)?;
        let (parent, name) = (self.sites.clone(), site.to_owned());
        blocking(move || replace(&parent, &name, version, &files)).await
    }

    async fn standing(&self, site: &str) -> Result<Option<BTreeMap<String, BlobId>>, PortError> {
        check_name(site)?;
        let folder = self.sites.join(site);
        blocking(move || {
            if folder.is_dir() {
                checksums(&folder).map(Some)
            } else {
                Ok(None)
            }
        })
        .await
    }

    async fn report(
        &self,
        goal_id: &str,
        files: BTreeMap<String, Bytes>,
    ) -> Result<BTreeMap<String, BlobId>, PortError> {
        check_name(goal_id)?;
        let (parent, name) = (self.reports.clone(), goal_id.to_owned());
        blocking(move || replace(&parent, &name, 0, &files)).await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PortError> + Send + 'static,
) -> Result<T, PortError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|e| {
        Err(PortError::Unavailable {
            what: "a folder was not written".to_owned(),
            source: Some(Box::new(e)),
        })
    })
}

/// Makes these files all that stands in `parent/name`.
fn replace(
    parent: &Path,
    name: &str,
    version: u64,
    contents: &BTreeMap<String, Bytes>,
) -> Result<BTreeMap<String, BlobId>, PortError> {
    check_paths(contents)?;
    let target = parent.join(name);
    let beside = parent.join(format!(".{name}.{version}.tmp"));
    remove(&beside)?;
    let built = build(&beside, contents).and_then(|()| swap(&beside, &target));
    if let Err(e) = built {
        // The first error is the one to tell.
        drop(fs::remove_dir_all(&beside));
        return Err(io_error(&target, "written", e));
    }
    remove(&beside)?;
    let mut standing = BTreeMap::new();
    let mut same = true;
    read_files(&target, &mut |path, bytes| {
        let meant = contents.get(&path);
        same &= meant.is_some_and(|meant| meant.as_ref() == bytes);
        standing.insert(path, BlobId::of(bytes));
    })?;
    if same && standing.len() == contents.len() {
        Ok(standing)
    } else {
        Err(damaged(format!(
            "what stands at {} is not what was written",
            target.display()
        )))
    }
}

fn build(folder: &Path, contents: &BTreeMap<String, Bytes>) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut made = folder.to_owned();
    for (path, bytes) in contents {
        let path = folder.join(path);
        if let Some(parent) = path.parent().filter(|parent| *parent != made) {
            fs::create_dir_all(parent)?;
            made = parent.to_owned();
        }
        fs::write(path, bytes)?;
    }
    Ok(())
}

fn remove(folder: &Path) -> Result<(), PortError> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(io_error(folder, "removed", e)),
        _ => Ok(()),
    }
}

/// Puts `beside` in the place of `target`; what stood there is at `beside` afterwards.
fn swap(beside: &Path, target: &Path) -> io::Result<()> {
    if !target.exists() {
        return fs::rename(beside, target);
    }
    match exchange(beside, target) {
        Err(e)
            if e.kind() == io::ErrorKind::Unsupported
                || e.kind() == io::ErrorKind::InvalidInput =>
        {
            let aside = files::temporary(target);
            fs::rename(target, &aside)?;
            fs::rename(beside, target)?;
            fs::rename(&aside, beside)
        }
        done => done,
    }
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(beside: &Path, target: &Path) -> io::Result<()> {
    use rustix::{fs::CWD, fs::RenameFlags, fs::renameat_with, io::Errno};
    renameat_with(CWD, beside, CWD, target, RenameFlags::EXCHANGE).map_err(|e| match e {
        Errno::NOSYS | Errno::INVAL | Errno::NOTSUP => io::ErrorKind::Unsupported.into(),
        other => other.into(),
    })
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The checksums of every file in a folder. Links and the like are damage: a site consists of files.
pub(crate) fn checksums(folder: &Path) -> Result<BTreeMap<String, BlobId>, PortError> {
    let mut sums = BTreeMap::new();
    read_files(folder, &mut |path, bytes| {
        sums.insert(path, BlobId::of(bytes));
    })?;
    Ok(sums)
}

/// Shows every file in a folder: its path within, with `/`, and its bytes.
fn read_files(folder: &Path, show: &mut dyn FnMut(String, &[u8])) -> Result<(), PortError> {
    let mut bytes = Vec::new();
    walk(folder, &mut |path, kind| {
        if kind.is_dir() {
            return Ok(());
        }
        if !kind.is_file() {
            return Err(damaged(format!("{} is no plain file", path.display())));
        }
        bytes.clear();
        fs::File::open(path)
            .and_then(|mut file| file.read_to_end(&mut bytes))
            .map_err(|e| io_error(path, "read", e))?;
        let within = path.strip_prefix(folder).unwrap_or(path);
        let parts: Vec<_> = within.iter().map(|part| part.to_string_lossy()).collect();
        show(parts.join("/"), &bytes);
        Ok(())
    })
}

/// Makes everything durable that was written to a folder's file system, where the system has such a call; it
/// then says whether it could, as a sync of each file does (Linux, from 5.8 on).
#[cfg(target_os = "linux")]
fn sync_file_system(folder: &Path) -> Result<bool, PortError> {
    use rustix::io::Errno;
    let synced = fs::File::open(folder).map(rustix::fs::syncfs);
    match synced.map_err(|e| io_error(folder, "synced", e))? {
        Ok(()) => Ok(true),
        Err(Errno::NOSYS | Errno::INVAL | Errno::NOTSUP) => Ok(false),
        Err(e) => Err(io_error(folder, "synced", e.into())),
    }
}

#[cfg(not(target_os = "linux"))]
fn sync_file_system(_: &Path) -> Result<bool, PortError> {
    Ok(false)
}

fn sync_all(paths: &[(PathBuf, bool)]) -> Result<(), PortError> {
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((path, is_folder)) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
            let synced = if *is_folder {
                files::sync_folder(path)
            } else {
                fs::File::open(path).and_then(|file| file.sync_all())
            };
            synced.map_err(|e| io_error(path, "synced", e))?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..SYNCS.min(paths.len()))
            .map(|_| scope.spawn(work))
            .collect();
        let own = work();
        others
            .into_iter()
            .map(|other| {
                other
                    .join()
                    .unwrap_or_else(|e| std::panic::resume_unwind(e))
            })
            .fold(own, Result::and)
    })
}

/// Shows everything within a folder, a folder after what it holds.
fn walk(
    folder: &Path,
    show: &mut dyn FnMut(&Path, fs::FileType) -> Result<(), PortError>,
) -> Result<(), PortError> {
    let failed = |e| io_error(folder, "read", e);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() {
            walk(&entry.path(), show)?;
        }
        show(&entry.path(), kind)?;
    }
    Ok(())
}

/// Whether it is a name that is one folder, cannot be hidden, and is the same on every system.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= MAX_NAME
        && !name.starts_with(['.', '-'])
        && name
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.'))
}

fn check_name(name: &str) -> Result<(), PortError> {
    if is_name(name) {
        Ok(())
    } else {
        Err(refused(format!(
            "`{}` is no name of a folder",
            shortened(name)
        )))
    }
}

fn check_paths(contents: &BTreeMap<String, Bytes>) -> Result<(), PortError> {
    for path in contents.keys() {
        let fits = path.len() <= MAX_PATH
            && !path.chars().any(|c| {
                c.is_control() || matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
            })
            && path.split('/').all(|part| {
                !matches!(part, "" | "." | "..")
                    && part.len() <= MAX_NAME
                    && !part.ends_with(['.', ' '])
            });
        if !fits {
            return Err(refused(format!(
                "`{}` is no path within a folder",
                shortened(path)
            )));
        }
        let parents = path.match_indices('/').map(|(at, _)| &path[..at]);
        for parent in parents {
            if contents.contains_key(parent) {
                return Err(refused(format!(
                    "`{}` is both a file and a folder",
                    shortened(parent)
                )));
            }
        }
    }
    Ok(())
}

fn shortened(text: &str) -> String {
    text.chars()
        .take(160)
        .flat_map(char::escape_debug)
        .collect()
}

#[cfg(test)]
mod tests;
