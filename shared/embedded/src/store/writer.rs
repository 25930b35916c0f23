//! The one thread that writes. Whatever waits when it is free shares one transaction, and so one fsync.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;
use va_domain::ids::StreamId;
use va_runtime::ports::{Appended, Blob, NewCommit, PortError};

use super::writes::{self, Answer};
use crate::error::{SqliteFailure, unavailable};

/// The most writes of one transaction.
const GROUP: usize = 256;
/// The most bytes of one transaction, but for its last write.
const GROUP_BYTES: usize = 8 * 1024 * 1024;
/// How long a write waits, at most, for the deciders that are still at work to join its transaction.
const GATHER: Duration = if cfg!(test) {
    Duration::from_secs(1)
} else {
    Duration::from_micros(600)
};

/// What was written since the store was opened.
#[derive(Debug, Default)]
pub struct Counters {
    /// Commits appended.
    pub commits: AtomicU64,
    /// Transactions that changed something; each is one fsync of the log.
    pub transactions: AtomicU64,
    /// Blobs stored that were not there before.
    pub blobs: AtomicU64,
}

/// One write.
#[derive(Debug)]
pub(super) enum Write {
    /// A commit with its small blobs.
    ///
    /// Its large blobs are files already.
    Append(NewCommit),
    /// A deadline of the commit at this version.
    SetDue(StreamId, u64, Option<Timestamp>),
    /// A small blob.
    Blob(Blob),
    /// A note of this home.
    Meta(String, String),
}

impl Write {
    fn size(&self) -> usize {
        match self {
            Self::Append(new) => {
                new.commit.body.len() + new.blobs.iter().map(|b| b.bytes().len()).sum::<usize>()
            }
            Self::Blob(blob) => blob.bytes().len(),
            Self::SetDue(..) | Self::Meta(..) => 0,
        }
    }
}

struct Job {
    write: Write,
    reply: oneshot::Sender<Result<Answer, PortError>>,
}

/// Who may join the next transaction.
#[derive(Debug, Default)]
struct Crowd {
    /// Streams that are being decided on, each of which is about to write, or waits for what it wrote.
    deciders: AtomicUsize,
    /// Writes that were handed over and not answered.
    waiting: AtomicUsize,
}

impl Crowd {
    /// Whether nobody is left who might join.
    fn is_complete(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) >= self.deciders.load(Ordering::Relaxed)
    }
}

/// Hands writes to the thread. Dropped, it waits until everything handed over is written.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    crowd: Arc<Crowd>,
    notes: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Writer {
    pub(super) fn start(
        connection: Connection,
        path: PathBuf,
        counters: Arc<Counters>,
    ) -> Result<Self, PortError> {
        let (jobs, queue) = mpsc::channel();
        let notes = Arc::new(Mutex::new(BTreeMap::new()));
        let crowd = Arc::<Crowd>::default();
        let thread = Thread {
            connection,
            path,
            counters,
            crowd: Arc::clone(&crowd),
            notes: Arc::clone(&notes),
        };
        let thread = std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || thread.run(&queue))
            .map_err(|e| PortError::Unavailable {
                what: "the journal's thread cannot be started".to_owned(),
                source: Some(Box::new(e)),
            })?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
            crowd,
            notes,
        })
    }

    /// Says how many streams are being decided on.
    pub(super) fn expect(&self, deciders: usize) {
        self.crowd.deciders.store(deciders, Ordering::Relaxed);
        self.begin_if_complete();
    }

    fn begin_if_complete(&self) {
        if let Some(journal) = self.thread.as_ref().filter(|_| self.crowd.is_complete()) {
            journal.thread().unpark();
        }
    }

    /// Writes, and answers once it is durable.
    pub(super) async fn write(&self, write: Write) -> Result<Answer, PortError> {
        let stopped = || unavailable("the journal's thread has stopped; start the process again");
        let (reply, answer) = oneshot::channel();
        let jobs = self.jobs.as_ref().ok_or_else(stopped)?;
        self.crowd.waiting.fetch_add(1, Ordering::Relaxed);
        jobs.send(Job { write, reply }).map_err(|_| stopped())?;
        self.begin_if_complete();
        answer.await.map_err(|_| stopped())?
    }

    /// Appends one commit.
    pub(super) async fn append(&self, new: NewCommit) -> Result<Appended, PortError> {
        match self.write(Write::Append(new)).await? {
            Answer::Appended(appended) => Ok(appended),
            Answer::Done => Err(unavailable("the journal's thread answered something else")),
        }
    }

    /// Keeps a note until something else is written, or the store is closed.
    pub(super) fn note(&self, key: String, value: String) {
        self.notes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key, value);
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // A panic there was answered to every caller already.
            drop(thread.join());
        }
    }
}

struct Thread {
    connection: Connection,
    path: PathBuf,
    counters: Arc<Counters>,
    crowd: Arc<Crowd>,
    notes: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Thread {
    fn run(mut self, queue: &mpsc::Receiver<Job>) {
        while let Ok(first) = queue.recv() {
            if !self.crowd.is_complete() {
                thread::park_timeout(GATHER);
            }
            let mut bytes = first.write.size();
            let mut group = vec![first];
            while group.len() < GROUP && bytes < GROUP_BYTES {
                let Ok(job) = queue.try_recv() else { break };
                bytes += job.write.size();
                group.push(job);
            }
            self.answer(group);
        }
        self.keep_notes();
    }

    /// Writes a group; should it fail for what one of them is, each alone, so that one cannot spoil the others.
    fn answer(&mut self, group: Vec<Job>) {
        let writes: Vec<&Write> = group.iter().map(|job| &job.write).collect();
        let answers = match self.write(&writes) {
            Ok(answers) => answers,
            Err(failure) if writes.len() == 1 || failure.is_general() => {
                writes.iter().map(|_| Err(failure.to_port())).collect()
            }
            Err(_) => writes.iter().map(|write| self.write_one(write)).collect(),
        };
        self.crowd.waiting.fetch_sub(group.len(), Ordering::Relaxed);
        for (job, answer) in group.into_iter().zip(answers) {
            // Whoever waited for it may be gone; the write stands all the same.
            drop(job.reply.send(answer));
        }
    }

    fn write_one(&mut self, write: &Write) -> Result<Answer, PortError> {
        match self.write(&[write]) {
            Ok(mut answers) => answers.pop().unwrap_or(Ok(Answer::Done)),
            Err(failure) => Err(failure.to_port()),
        }
    }

    fn keep_notes(&mut self) {
        if self
            .notes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
        {
            return;
        }
        if let Err(failure) = self.write(&[]) {
            tracing::warn!(error = %failure.to_port(), "notes were not kept; losing them costs a repetition");
        }
    }

    /// One transaction.
    fn write(&mut self, group: &[&Write]) -> Result<Vec<Result<Answer, PortError>>, SqliteFailure> {
        let notes = std::mem::take(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner));
        let written = transact(&mut self.connection, group, &notes);
        match written {
            Ok((answers, tally)) => {
                self.counters
                    .commits
                    .fetch_add(tally.commits, Ordering::Relaxed);
                self.counters
                    .transactions
                    .fetch_add(u64::from(tally.changed), Ordering::Relaxed);
                self.counters
                    .blobs
                    .fetch_add(tally.blobs, Ordering::Relaxed);
                Ok(answers)
            }
            Err(e) => {
                let mut newer = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
                for (key, value) in notes {
                    newer.entry(key).or_insert(value);
                }
                Err(SqliteFailure::new(&self.path, "written", e))
            }
        }
    }
}

/// What a transaction did.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) commits: u64,
    pub(super) blobs: u64,
    pub(super) changed: bool,
}

type Answers = Vec<Result<Answer, PortError>>;

fn transact(
    connection: &mut Connection,
    group: &[&Write],
    notes: &BTreeMap<String, String>,
) -> rusqlite::Result<(Answers, Tally)> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let before = transaction.total_changes();
    let mut tally = Tally::default();
    let mut answers = Vec::with_capacity(group.len());
    for write in group {
        answers.push(match write {
            Write::Append(new) => writes::append(&transaction, new, &mut tally)?,
            Write::SetDue(stream, version, due) => {
                writes::set_due(&transaction, stream, *version, *due)?
            }
            Write::Blob(blob) => writes::blob(&transaction, blob, &mut tally)?,
            Write::Meta(key, value) => writes::meta(&transaction, key, value)?,
        });
    }
    for (key, value) in notes {
        writes::meta(&transaction, key, value)?.ok();
    }
    tally.changed = transaction.total_changes() != before;
    transaction.commit()?;
    Ok((answers, tally))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::connection::{self, Access};

    fn writer(folder: &std::path::Path) -> (Writer, Arc<Counters>) {
        let path = folder.join("journal.db");
        let mut connection = connection::open(&path, Access::Write).expect("opened");
        connection::prepare(&mut connection, &path, "company").expect("prepared");
        let counters = Arc::<Counters>::default();
        let writer = Writer::start(connection, path, Arc::clone(&counters)).expect("started");
        (writer, counters)
    }

    async fn note(writer: &Writer, key: &str) {
        let write = Write::Meta(key.to_owned(), "value".to_owned());
        writer.write(write).await.expect("written");
    }

    fn transactions(counters: &Counters) -> u64 {
        counters.transactions.load(Ordering::Relaxed)
    }

    #[tokio::test]
    async fn writes_of_all_who_are_at_work_share_a_transaction() {
        let folder = tempfile::tempdir().expect("a folder");
        let (writer, counters) = writer(folder.path());
        writer.expect(3);
        tokio::join!(note(&writer, "a"), note(&writer, "b"), note(&writer, "c"));
        assert_eq!(transactions(&counters), 1);
    }

    #[tokio::test]
    async fn a_write_does_not_wait_for_ever_for_who_may_join() {
        let folder = tempfile::tempdir().expect("a folder");
        let (writer, counters) = writer(folder.path());
        writer.expect(2);
        note(&writer, "a").await;
        assert_eq!(transactions(&counters), 1);
    }

    #[tokio::test]
    async fn a_decider_that_writes_nothing_is_not_waited_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let (writer, _) = writer(folder.path());
        writer.expect(2);
        let mut written = std::pin::pin!(note(&writer, "a"));
        let at_first = tokio::time::timeout(GATHER / 6, &mut written).await;
        assert!(at_first.is_err(), "it did not wait");
        writer.expect(1);
        let soon = tokio::time::timeout(GATHER / 2, written).await;
        assert!(soon.is_ok(), "it waited on");
    }
}
