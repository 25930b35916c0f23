//! Follows goals that others work on: reads what was appended, checks that it is as it was hashed, and tells
//! of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures::{StreamExt, TryStreamExt, stream};
use va_domain::{
    commit::{CommitBody, Hash, StoredCommit, link},
    ids::{StreamId, kind},
    state::StreamState,
};
use va_embedded::dispatch::{End, Watch};
use va_runtime::kernel::Committed;

use super::{
    home::{AwsHome, unreadable},
    mirror::in_order,
};
use crate::{
    board::body,
    exit::{Code, Failure},
};

/// Between two looks.
pub const LOOK: Duration = Duration::from_millis(500);
/// Looks without news after which a goal that waits for a person or money is left alone.
const QUIET: u32 = 10;
/// Looks after which an act that changed nothing is no longer waited for.
const PATIENCE: u32 = 120;
/// Streams that are read at once.
const AT_ONCE: usize = 16;

/// Goals and the streams that hang on them.
pub struct Follow<'a> {
    home: &'a AwsHome,
    told: Arc<dyn Watch>,
    goals: BTreeMap<StreamId, StreamState>,
    heads: BTreeMap<StreamId, (u64, Hash)>,
    ended: BTreeSet<StreamId>,
    /// Acts of the board that no goal has taken account of.
    acts: BTreeSet<StreamId>,
    /// Commits of goals that an act of the board has caused, since what is new is told.
    heard: usize,
    /// Whether every commit was what its hash says, and followed the one before.
    pub ok: bool,
    tells: bool,
}

impl<'a> Follow<'a> {
    /// Follows these goals. What stands already is not told again.
    pub async fn begin(
        home: &'a AwsHome,
        told: Arc<dyn Watch>,
        goals: impl IntoIterator<Item = StreamId>,
    ) -> Result<Self, Failure> {
        let mut follow = Self::from_the_first(home, told, goals);
        follow.tells = false;
        while follow.look().await? {}
        follow.tells = true;
        Ok(follow)
    }

    /// Follows these goals, and tells of everything that ever happened.
    pub fn from_the_first(
        home: &'a AwsHome,
        told: Arc<dyn Watch>,
        goals: impl IntoIterator<Item = StreamId>,
    ) -> Self {
        let mut follow = Self {
            home,
            told,
            heads: BTreeMap::new(),
            goals: BTreeMap::new(),
            ended: BTreeSet::new(),
            acts: BTreeSet::new(),
            heard: 0,
            ok: true,
            tells: true,
        };
        follow.add(goals);
        follow
    }

    /// Follows these goals as well.
    pub fn add(&mut self, goals: impl IntoIterator<Item = StreamId>) {
        for goal in goals {
            self.heads.entry(goal.clone()).or_insert((0, [0; 32]));
            self.goals
                .entry(goal.clone())
                .or_insert_with(|| StreamState::new(goal));
        }
    }

    /// A goal as it stands.
    pub fn goal(&self, stream: &StreamId) -> Option<&StreamState> {
        self.goals.get(stream).filter(|goal| goal.version > 0)
    }

    /// All goals as they stand.
    pub fn into_goals(self) -> Vec<StreamState> {
        self.goals
            .into_values()
            .filter(|goal| goal.version > 0)
            .collect()
    }

    /// Waits until the goals have taken account of this act.
    pub fn expect(&mut self, act: StreamId) {
        self.acts.insert(act);
    }

    /// Waits until the board was heard so often, for half a minute at most; answers whether it was.
    pub async fn hear(&mut self, times: usize) -> Result<bool, Failure> {
        for _ in 0..PATIENCE / 2 {
            if self.heard >= times {
                return Ok(true);
            }
            tokio::time::sleep(LOOK).await;
            self.look().await?;
        }
        Ok(false)
    }

    /// Follows until nothing moves without a person or money, or it is asked to stop.
    pub async fn run(&mut self, wait: bool, stop: &AtomicBool) -> Result<End, Failure> {
        let mut quiet = 0;
        loop {
            if stop.load(Ordering::Relaxed) {
                return Ok(End::Stopped);
            }
            quiet = if self.look().await? { 0 } else { quiet + 1 };
            if quiet >= PATIENCE {
                self.acts.clear();
            }
            if self.acts.is_empty() && !wait {
                if self.all(is_over)? {
                    return Ok(End::Idle);
                }
                if quiet >= QUIET && self.all(|goal| Ok(is_over(goal)? || waits(goal)?))? {
                    return Ok(End::Idle);
                }
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    fn all(&self, of: impl Fn(&StreamState) -> Result<bool, Failure>) -> Result<bool, Failure> {
        for goal in self.goals.values() {
            if goal.version == 0 || !of(goal)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Reads what is new; answers whether anything was.
    pub async fn look(&mut self) -> Result<bool, Failure> {
        let home = self.home;
        let open = self
            .heads
            .iter()
            .filter(|(stream, _)| !self.ended.contains(*stream));
        let reads =
            open.map(async |(stream, (version, _))| home.commits(stream, version + 1).await);
        let news: Vec<Vec<StoredCommit>> = stream::iter(reads)
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        let mut streams: BTreeMap<StreamId, Vec<(CommitBody, StoredCommit)>> = BTreeMap::new();
        for commit in news.into_iter().flatten() {
            self.check(&commit);
            let body = commit.read().map_err(|e| {
                let why = format!("from version {} on: {e}", commit.version);
                Failure::new(Code::Verification, unreadable(&commit.stream, why))
            })?;
            let stream = streams.entry(commit.stream.clone()).or_default();
            stream.push((body, commit));
        }
        let new = in_order(streams.into_values());
        for (body, stored) in &new {
            self.take(body, Committed::read(stored.clone())?)?;
        }
        Ok(!new.is_empty())
    }

    /// Compares a commit with its hash and the one before it.
    fn check(&mut self, commit: &StoredCommit) {
        let (version, head) = self
            .heads
            .get(&commit.stream)
            .copied()
            .unwrap_or((0, [0; 32]));
        let follows = commit.version == version + 1 && commit.prev_hash == head;
        if !follows || link(&commit.prev_hash, commit.body.as_bytes()) != commit.hash {
            self.ok = false;
            eprintln!(
                "{}@{} is not what was hashed; `va verify` says more",
                commit.stream, commit.version
            );
        }
        self.heads
            .insert(commit.stream.clone(), (commit.version, commit.hash));
    }

    fn take(&mut self, body: &CommitBody, commit: Committed) -> Result<(), Failure> {
        if self.tells {
            self.told.committed(&commit);
        }
        let stream = &commit.stored.stream;
        if let Some(goal) = self.goals.get_mut(stream) {
            goal.apply(body)
                .map_err(|e| Failure::new(Code::Defect, e.to_string()))?;
        }
        let causes: BTreeSet<&str> = commit
            .events
            .iter()
            .filter_map(|event| Some(event.causation.as_deref()?.split_once('@')?.0))
            .collect();
        self.acts.retain(|act| !causes.contains(act.as_str()));
        let board = causes.iter().any(|cause| {
            let stream = cause.parse::<StreamId>();
            stream.is_ok_and(|stream| stream.kind() == kind::BOARD)
        });
        if board && self.tells && self.goals.contains_key(stream) {
            self.heard += 1;
        }
        for event in &commit.events {
            let ends = ["TaskCompleted", "TaskFailed", "TaskCancelled"];
            if ends.contains(&event.event_type.as_str()) {
                self.ended.insert(stream.clone());
            }
            let beside = event.targets.iter().map(|target| &target.stream);
            for stream in
                beside.filter(|s| s.kind().starts_with(kind::TASK) || s.kind() == kind::SITE)
            {
                self.heads.entry(stream.clone()).or_insert((0, [0; 32]));
            }
        }
        Ok(())
    }
}

fn is_over(goal: &StreamState) -> Result<bool, Failure> {
    Ok(body(goal)?.is_over() && goal.expectations.is_empty())
}

/// Whether the goal waits for a person or money.
fn waits(goal: &StreamState) -> Result<bool, Failure> {
    let body = body(goal)?;
    Ok(body.paused.is_some() || matches!(body.state.as_str(), "waiting_person" | "paused_budget"))
}
