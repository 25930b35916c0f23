//! A reading copy of what stands on AWS, as a company's folder: every document, check and export is made from
//! it by the code that makes them at home. It is made anew for each command and goes with it.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    path::Path,
};

use futures::{StreamExt, TryStreamExt, future::join_all, stream};
use tempfile::TempDir;
use va_domain::{
    commit::{CommitBody, StoredCommit},
    ids::{BlobId, StreamId, kind},
    payload::PublishCompleted,
};
use va_embedded::{OpenMode, Store, WorkerLock, verify::Verification};
use va_runtime::ports::{Appended, Blobs, Journal, NewCommit, PortError, Sites as _};

use super::{
    home::{AwsHome, unreadable},
    sound::{Damage, Sound},
};
use crate::{
    exit::{Code, Failure},
    home::Home,
};

/// Reads under way at once.
const AT_ONCE: usize = 16;
/// Commits of a page.
const PAGE: usize = 256;

/// Which blobs are copied as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum With {
    /// Those that hold states: what it takes to fold.
    States,
    /// All that commits name.
    Blobs,
    /// All blobs, the files of published sites, and the seals.
    Sites,
}

/// A reading copy.
pub struct Mirror {
    folder: TempDir,
    env: String,
    damaged: BTreeMap<StreamId, Damage>,
    /// The functions are at work, whoever looks.
    _worker: WorkerLock,
}

impl Mirror {
    /// Copies these streams and all that hangs on them. What cannot be read is named and left out.
    pub async fn of(
        home: &AwsHome,
        roots: impl IntoIterator<Item = StreamId>,
        with: With,
    ) -> Result<Self, Failure> {
        let (mut whole, mut damaged) = (Vec::new(), BTreeMap::new());
        for (stream, sound) in reachable(home, roots).await? {
            let sound = sound.folded(&stream);
            match sound.damage {
                None => whole.push(sound.commits),
                Some(damage) => {
                    damaged.insert(stream, damage);
                }
            }
        }
        Self::copy(home, whole, damaged, with).await
    }

    /// Copies the whole journal, of a stream that cannot be read what stands before. This reads the whole table,
    /// under a person's rights.
    pub async fn whole(home: &AwsHome, with: With) -> Result<Self, Failure> {
        let mut streams: BTreeMap<StreamId, Vec<StoredCommit>> = BTreeMap::new();
        let mut after = None;
        loop {
            let page = home.journal.scan(after.take(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some((last.stream.clone(), last.version));
            for commit in page {
                streams
                    .entry(commit.stream.clone())
                    .or_default()
                    .push(commit);
            }
        }
        let (mut whole, mut damaged) = (Vec::new(), BTreeMap::new());
        for (stream, commits) in streams {
            let sound = Sound::read(commits);
            whole.push(sound.commits);
            damaged.extend(sound.damage.map(|damage| (stream, damage)));
        }
        Self::copy(home, whole, damaged, with).await
    }

    /// Why this stream was left out, if it was.
    pub fn damage(&self, stream: &StreamId) -> Option<&Damage> {
        self.damaged.get(stream)
    }

    /// How a command ends that has shown what could be read.
    pub fn ends(&self, shown: Code) -> Code {
        if self.damaged.is_empty() {
            shown
        } else {
            Code::Verification
        }
    }

    /// Adds what the copy could not take over to what verification found in it.
    pub fn add_to(&self, found: &mut Verification) {
        let damaged = self.damaged.iter();
        let own = damaged.map(|(stream, damage)| damage.finding(stream));
        found.findings.splice(..0, own);
        found.ok = found.findings.is_empty();
    }

    /// The copy as a company that is read.
    pub fn home(&self) -> Result<Home, Failure> {
        Ok(Home {
            env: self.env.clone(),
            left_out: self.damaged.keys().cloned().collect(),
            ..Home::read(self.path())?
        })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    async fn copy(
        home: &AwsHome,
        streams: Vec<Vec<(CommitBody, StoredCommit)>>,
        damaged: BTreeMap<StreamId, Damage>,
        with: With,
    ) -> Result<Self, Failure> {
        for (stream, damage) in &damaged {
            eprintln!("{}", unreadable(stream, damage));
        }
        let folder = TempDir::new().map_err(outside("no folder can be made for a reading copy"))?;
        let company = folder.path().join("company.toml");
        std::fs::write(&company, home.company.to_toml())
            .map_err(outside("the reading copy cannot be written"))?;
        let store = Store::open(folder.path(), &home.company.company, OpenMode::ReadWrite)?;
        let commits = in_order(streams);
        let mut blobs = BTreeSet::new();
        for (body, _) in &commits {
            blobs.extend(body.state.iter().filter_map(|state| state.blob.clone()));
            if with != With::States {
                blobs.extend(body.blobs.iter().cloned());
            }
        }
        copy_blobs(home, &store, blobs).await?;
        if with == With::Sites {
            copy_sites(home, &commits, folder.path()).await?;
            copy_seals(home, folder.path()).await?;
        }
        // A chunk is on its way at once, in order, and shares its fsync.
        for chunk in commits.chunks(AT_ONCE) {
            let copies: Vec<NewCommit> = chunk
                .iter()
                .map(|(_, stored)| NewCommit::copy_of(stored.clone()))
                .collect::<Result<_, _>>()?;
            for answer in join_all(copies.into_iter().map(|copy| store.append(copy))).await {
                if answer? != Appended::Committed {
                    return Err(Failure::new(
                        Code::Verification,
                        "the journal on AWS holds a commit twice",
                    ));
                }
            }
        }
        let worker = WorkerLock::take(folder.path())
            .map_err(|e| Failure::new(Code::Outside, e.to_string()))?;
        Ok(Self {
            folder,
            env: home.aws.names.env.clone(),
            damaged,
            _worker: worker,
        })
    }
}

/// These streams, and every one that theirs address or were caused by. A month belongs to all goals, so what
/// it addresses is not followed.
async fn reachable(
    home: &AwsHome,
    roots: impl IntoIterator<Item = StreamId>,
) -> Result<BTreeMap<StreamId, Sound>, Failure> {
    let mut found: BTreeMap<StreamId, Sound> = BTreeMap::new();
    let mut wave: BTreeSet<StreamId> = roots.into_iter().collect();
    while !wave.is_empty() {
        let reads = wave.iter().map(async |stream| {
            let sound = match home.commits(stream, 1).await {
                Ok(commits) => Sound::read(commits),
                Err(failure) if failure.code == Code::Verification => Sound {
                    damage: Some(Damage::of_all(failure.text)),
                    ..Sound::default()
                },
                Err(failure) => return Err(failure),
            };
            Ok::<_, Failure>((stream.clone(), sound))
        });
        let read: Vec<(StreamId, Sound)> = stream::iter(reads)
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        let mut next = BTreeSet::new();
        for (stream, sound) in read {
            if stream.kind() != kind::MONTH {
                next.extend(sound.commits.iter().flat_map(|(body, _)| neighbours(body)));
            }
            found.insert(stream, sound);
        }
        next.retain(|stream| !found.contains_key(stream));
        wave = next;
    }
    found.retain(|_, sound| !sound.commits.is_empty() || sound.damage.is_some());
    Ok(found)
}

/// The streams that a commit's events address, and those of their causes.
fn neighbours(body: &CommitBody) -> BTreeSet<StreamId> {
    let causes = body.events.iter().filter_map(|event| {
        let (stream, _) = event.causation.as_ref()?.split_once('@')?;
        stream.parse().ok()
    });
    let targets = body.events.iter().flat_map(|event| &event.targets);
    targets
        .map(|target| target.stream.clone())
        .chain(causes)
        .collect()
}

/// Every commit, each stream's in order of its versions, and otherwise in order of time.
pub fn in_order(
    streams: impl IntoIterator<Item = Vec<(CommitBody, StoredCommit)>>,
) -> Vec<(CommitBody, StoredCommit)> {
    let mut heads: Vec<VecDeque<_>> = streams.into_iter().map(VecDeque::from).collect();
    let mut all = Vec::new();
    loop {
        let earliest = heads
            .iter_mut()
            .filter(|head| !head.is_empty())
            .min_by_key(|head| head.front().map(|(body, _)| body.at));
        match earliest.and_then(VecDeque::pop_front) {
            Some(commit) => all.push(commit),
            None => return all,
        }
    }
}

/// Copies blobs. One that is missing or damaged stays away, and is found by whoever needs it.
async fn copy_blobs(home: &AwsHome, store: &Store, blobs: BTreeSet<BlobId>) -> Result<(), Failure> {
    let copies = blobs.iter().map(async |id| match home.blobs.get(id).await {
        Ok(bytes) => store.put(id, bytes).await,
        Err(PortError::Damaged { .. }) => Ok(()),
        Err(e) => Err(e),
    });
    let done: Result<Vec<()>, PortError> = stream::iter(copies)
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await;
    done?;
    Ok(())
}

/// Copies the files of every site that was published.
async fn copy_sites(
    home: &AwsHome,
    commits: &[(CommitBody, StoredCommit)],
    folder: &Path,
) -> Result<(), Failure> {
    let sites = home
        .aws
        .sites()
        .map_err(|e| Failure::input(e.to_string()))?;
    let events = commits.iter().flat_map(|(body, _)| &body.events);
    let published: BTreeSet<String> = events
        .filter(|event| event.is::<PublishCompleted>())
        .filter_map(|event| event.read::<PublishCompleted>().ok())
        .map(|done| done.site)
        .collect();
    for site in published {
        for path in sites.standing(&site).await?.unwrap_or_default().into_keys() {
            let Some(bytes) = sites.file(&site, &path).await? else {
                continue;
            };
            write(&folder.join("sites").join(&site).join(&path), &bytes)?;
        }
    }
    Ok(())
}

/// Copies the seals in the vault.
async fn copy_seals(home: &AwsHome, folder: &Path) -> Result<(), Failure> {
    let vault = home
        .aws
        .vault()
        .map_err(|e| Failure::input(e.to_string()))?;
    for path in vault.list("seals/", "seals/").await? {
        let Some(bytes) = vault.get(&path).await? else {
            continue;
        };
        write(&folder.join(&path), &bytes)?;
    }
    Ok(())
}

/// Writes a file of the copy, and the folders that it lies in.
fn write(to: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folders = to.parent().map_or(Ok(()), std::fs::create_dir_all);
    folders
        .and_then(|()| std::fs::write(to, bytes))
        .map_err(outside("the reading copy cannot be written"))
}

fn outside(what: &'static str) -> impl FnOnce(std::io::Error) -> Failure {
    move |e| Failure::new(Code::Outside, format!("{what}: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(stream: &str, version: u64, second: u8) -> StoredCommit {
        let body = format!(
            r#"{{"commit_id":"c","company":"acme","stream":"{stream}","version":{version},"at":"2026-11-20T10:00:{second:02}Z","events":[]}}"#
        );
        StoredCommit {
            stream: stream.parse().expect("a stream"),
            version,
            prev_hash: [0; 32],
            hash: [0; 32],
            body: body.into(),
        }
    }

    #[test]
    fn a_streams_own_order_comes_before_the_clocks() {
        let mut streams: BTreeMap<StreamId, Vec<(CommitBody, StoredCommit)>> = BTreeMap::new();
        for new in [
            commit("goal/a", 1, 5),
            commit("goal/a", 2, 1),
            commit("month/m", 1, 4),
            commit("month/m", 2, 9),
        ] {
            let body = new.read().expect("a body");
            let stream = streams.entry(new.stream.clone()).or_default();
            stream.push((body, new));
        }
        let order: Vec<String> = in_order(streams.into_values())
            .into_iter()
            .map(|(_, c)| format!("{}@{}", c.stream, c.version))
            .collect();
        assert_eq!(order, ["month/m@1", "goal/a@1", "goal/a@2", "month/m@2"]);
    }
}
