//! The dispatcher of the embedded home: reads commits in row order from a cursor and hands each addressee
//! what is for it. One decider a stream, so many streams at a time, urgent goals first.
//!
//! The cursor is kept lazily: a lost one only repeats, and what is repeated is known as such by structure.

mod inbox;
mod known;

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use va_domain::{
    commit::Answerer,
    effect::{EffectSpec, Intent, Outcome},
    goal_spec::Priority,
    ids::StreamId,
};
use va_runtime::{
    kernel::{Attempted, Bell, Committed, Handled, Kernel, KernelError, Mode},
    ports::{Journal, PortError, World},
};

pub use self::inbox::Beside;
use self::{inbox::Inbox, known::Known};
use crate::store::Store;

/// The cursor's name in the store.
const CURSOR: &str = "cursor";
/// How often the journal is looked at for what other processes have appended.
const LOOK: Duration = Duration::from_millis(50);
/// Failed attempts in a row at a model service before the worker stops.
const PATIENCE: u32 = 5;
/// Streams decided on at a time, for each worker: most of them wait for the one write that they share.
const SHARING: usize = 8;
/// Streams with something waiting above which no older row is taken in.
const INTAKE: usize = 50_000;

/// Why a worker ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Nothing moves without a person or money.
    Idle,
    /// It was asked to stop.
    Stopped,
    /// A model service failed too often, or refused.
    Service(String),
}

/// What a worker is told while it works.
pub trait Watch: Send + Sync {
    /// A commit stands.
    fn committed(&self, commit: &Committed);
    /// Something could not be understood and was set aside.
    fn poisoned(&self, stream: &StreamId, error: &KernelError);
}

/// How to work.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Streams decided on at a time, but for those that wait for the journal.
    pub workers: usize,
    /// Whether to stay when nothing moves.
    pub wait: bool,
}

/// The worker of one home.
pub struct Dispatcher {
    kernel: Arc<Kernel>,
    store: Arc<Store>,
    world: Arc<dyn World>,
    watch: Arc<dyn Watch>,
    pace: Pace,
    stop: Arc<AtomicBool>,
    beside: Arc<Beside>,
}

enum Message {
    Decided {
        stream: StreamId,
        bells: Vec<Bell>,
        result: Result<Handled, KernelError>,
    },
    Ended {
        stream: StreamId,
        is_model: bool,
        attempted: Attempted,
    },
}

struct Run {
    inbox: Inbox,
    deciding: usize,
    acting: usize,
    failures: u32,
    service: Option<String>,
    known: Known,
    sender: mpsc::UnboundedSender<Message>,
}

impl Dispatcher {
    /// A worker on this home; the caller holds the worker lock.
    #[must_use]
    pub fn new(
        kernel: Arc<Kernel>,
        store: Arc<Store>,
        world: Arc<dyn World>,
        watch: Arc<dyn Watch>,
        pace: Pace,
        stop: Arc<AtomicBool>,
    ) -> Self {
        Self {
            kernel,
            store,
            world,
            watch,
            pace,
            stop,
            beside: Arc::default(),
        }
    }

    /// Where this process hands in what it appends beside the worker.
    #[must_use]
    pub fn beside(&self) -> Arc<Beside> {
        Arc::clone(&self.beside)
    }

    /// Works until nothing moves without a person or money.
    ///
    /// # Errors
    /// Where the store cannot go on.
    pub async fn run(&self) -> Result<End, KernelError> {
        let (sender, mut messages) = mpsc::unbounded_channel();
        let mut run = Run {
            inbox: Inbox::default(),
            deciding: 0,
            acting: 0,
            failures: 0,
            service: None,
            known: Known::up_to(
                self.store
                    .meta_get(CURSOR)?
                    .and_then(|row| row.parse().ok())
                    .unwrap_or(0),
            ),
            sender,
        };
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        self.take_in(&mut run)?;
        for due in self.store.due(Timestamp::MAX, usize::MAX >> 1).await? {
            run.inbox.push(&due.stream, Bell::Restart, Priority::P1);
        }
        loop {
            let stopping = run.service.is_some() || self.stop.load(Ordering::Relaxed);
            if !stopping {
                self.begin(&mut run);
            }
            if run.deciding == 0 && run.acting == 0 && (stopping || run.inbox.is_empty()) {
                if let Some(reason) = run.service {
                    return Ok(End::Service(reason));
                }
                if stopping {
                    return Ok(End::Stopped);
                }
                if self.take_in(&mut run)? {
                    continue;
                }
                self.store.meta_note(CURSOR, &run.known.row().to_string())?;
                match self.next_deadline().await? {
                    Some(at) if at <= self.world.now() => {
                        self.ring(&mut run).await?;
                        continue;
                    }
                    Some(_) => {}
                    None if !self.pace.wait => return Ok(End::Idle),
                    None => {}
                }
                let pause =
                    SignedDuration::try_from(LOOK).unwrap_or(SignedDuration::from_millis(50));
                tokio::select! {
                    () = self.world.sleep(pause) => {}
                    () = self.beside.news() => {
                    self.take_from_beside(&mut run);
                }
                }
                continue;
            }
            tokio::select! {
                message = messages.recv() => {
                    if let Some(message) = message {
                        self.take(&mut run, message)?;
                    }
                    while let Ok(message) = messages.try_recv() {
                        self.take(&mut run, message)?;
                    }
                }
                () = self.beside.news() => {
                    self.take_from_beside(&mut run);
                }
                _ = look.tick() => {
                    self.take_in(&mut run)?;
                    self.ring(&mut run).await?;
                }
            }
        }
    }

    /// Hands waiting streams to deciders, as many as may work at a time.
    fn begin(&self, run: &mut Run) {
        while run.deciding < self.pace.workers.max(1).saturating_mul(SHARING) {
            let Some((stream, bells)) = run.inbox.pop() else {
                return;
            };
            run.deciding += 1;
            self.store.expect(run.deciding);
            let (kernel, sender) = (Arc::clone(&self.kernel), run.sender.clone());
            tokio::spawn(async move {
                let result = kernel.handle(&stream, &bells, Mode::Worker).await;
                // The receiver lives as long as the run; after it there is nobody to tell.
                let _ = sender.send(Message::Decided {
                    stream,
                    bells,
                    result,
                });
            });
        }
    }

    fn take(&self, run: &mut Run, message: Message) -> Result<(), KernelError> {
        match message {
            Message::Decided {
                stream,
                bells,
                result,
            } => {
                run.deciding -= 1;
                self.store.expect(run.deciding);
                match result {
                    Ok(handled) => self.handled(run, &stream, bells, handled),
                    Err(KernelError::Contended { .. }) => {
                        for bell in bells {
                            run.inbox.push(&stream, bell, Priority::P1);
                        }
                    }
                    Err(e) if e.is_retryable() => return Err(e),
                    Err(e) => self.watch.poisoned(&stream, &e),
                }
                run.inbox.done(&stream);
            }
            Message::Ended {
                stream,
                is_model,
                attempted,
            } => {
                run.acting -= 1;
                if is_model {
                    judge(run, &attempted);
                }
                run.inbox
                    .push(&stream, Bell::Outcome(attempted), Priority::P0);
                if run.service.is_some() || self.stop.load(Ordering::Relaxed) {
                    // What has ended is recorded even while the worker stops.
                    self.begin(run);
                }
            }
        }
        Ok(())
    }

    fn handled(&self, run: &mut Run, stream: &StreamId, mut bells: Vec<Bell>, handled: Handled) {
        for (_, error) in &handled.poison {
            self.watch.poisoned(stream, error);
        }
        for bell in bells.drain(handled.taken.min(bells.len())..) {
            run.inbox.push(stream, bell, Priority::P1);
        }
        let mut braked = false;
        if let Some(commit) = handled.commit {
            run.known.made((stream.clone(), commit.stored.version));
            let mut goals = commit.events.iter().map(|e| &e.correlation_id);
            self.take_note(run, &commit);
            braked = goals.any(|goal| self.kernel.is_braked(goal));
        }
        for intent in handled.intents {
            self.act(run, stream.clone(), intent, braked);
        }
    }

    fn act(&self, run: &mut Run, stream: StreamId, intent: Intent, braked: bool) {
        run.acting += 1;
        let (kernel, sender) = (Arc::clone(&self.kernel), run.sender.clone());
        let is_model =
            matches!(&intent.wanted.spec, EffectSpec::ModelCall { terms, .. } if !terms.offline);
        if is_model && braked {
            // The receiver lives as long as the run. No service has failed, so none is judged by it.
            let _ = sender.send(Message::Ended {
                stream,
                is_model: false,
                attempted: Kernel::held_back(&intent),
            });
            return;
        }
        tokio::spawn(async move {
            let attempted = kernel.run(&intent).await;
            let _ = sender.send(Message::Ended {
                stream,
                is_model,
                attempted,
            });
        });
    }

    /// Tells everybody whom a commit concerns.
    fn take_note(&self, run: &mut Run, commit: &Committed) {
        self.kernel.heed(commit);
        self.watch.committed(commit);
        for event in &commit.events {
            run.inbox.hand_on(event);
        }
    }

    /// Takes in what this process has handed in; answers whether there was any.
    fn take_from_beside(&self, run: &mut Run) -> bool {
        let mut any = false;
        for commit in self.beside.take() {
            let stored = &commit.stored;
            if run.known.handed_in((stored.stream.clone(), stored.version)) {
                any = true;
                self.take_note(run, &commit);
            }
        }
        any
    }

    /// Takes in what stands in the journal and was not handed on yet; answers whether there was any.
    fn take_in(&self, run: &mut Run) -> Result<bool, KernelError> {
        let mut any = self.take_from_beside(run);
        let last = self.store.last_row()?;
        if run.known.is_all_of(last) {
            if run.inbox.is_empty() && run.deciding == 0 {
                run.known.gather(last);
            }
            return Ok(any);
        }
        let may_be_handed_in = Arc::strong_count(&self.beside) > 1;
        while run.known.row() < last && run.inbox.waiting() < INTAKE {
            for (row, stream, version) in self.store.keys_after(run.known.row(), 500)? {
                let key = (stream, version);
                if run.known.passes(row, &key) {
                    continue;
                }
                // It may be what the decider at work there is about to report: the next look will tell.
                if run.inbox.is_busy(&key.0) {
                    return Ok(any);
                }
                for logged in self.store.rows_after(run.known.row(), 1)? {
                    any = true;
                    let commit = Committed::read(logged.commit)?;
                    self.take_note(run, &commit);
                }
                run.known.found(row, key, may_be_handed_in);
            }
        }
        Ok(any)
    }

    async fn ring(&self, run: &mut Run) -> Result<(), KernelError> {
        for due in self.store.due(self.world.now(), 256).await? {
            if !run.inbox.has(&due.stream) {
                run.inbox.push(&due.stream, Bell::Due, Priority::P1);
            }
        }
        Ok(())
    }

    /// The next time at which something moves without a person: the end of a rest or of an attempt.
    async fn next_deadline(&self) -> Result<Option<Timestamp>, KernelError> {
        let mut next: Option<Timestamp> = None;
        for due in self.store.due(Timestamp::MAX, 4096).await? {
            let state = self.kernel.fold(&due.stream).await?.state;
            if state.paused {
                continue;
            }
            let own = state.expectations.values().filter(|e| match &e.from {
                Answerer::Runner { .. } | Answerer::Time => true,
                Answerer::Stream { .. } => e.deadline <= self.world.now(),
                Answerer::Person => false,
            });
            next = own.map(|e| e.deadline).chain(next).min();
        }
        Ok(next)
    }
}

/// Five failures in a row, or one refusal, and the service is left alone.
fn judge(run: &mut Run, attempted: &Attempted) {
    match &attempted.result.outcome {
        Outcome::Failed { reason, code, .. } => {
            run.failures += 1;
            if run.failures >= PATIENCE || code == "refused" {
                run.service.get_or_insert_with(|| reason.clone());
            }
        }
        _ => run.failures = 0,
    }
}

/// Acts of the board beside a worker: delivers a commit and what follows from it, but begins no effect. A
/// decision that wants one is left to the worker, which finds the commit in the journal.
///
/// # Errors
/// Where the store cannot.
pub async fn deliver_beside(kernel: &Kernel, first: Arc<Committed>) -> Result<(), KernelError> {
    let mut queue = VecDeque::from([first]);
    while let Some(commit) = queue.pop_front() {
        for event in &commit.events {
            for target in &event.targets {
                let bell = [Bell::Read(Arc::clone(event))];
                match kernel.handle(&target.stream, &bell, Mode::Beside).await {
                    Ok(handled) => queue.extend(handled.commit),
                    Err(KernelError::Port(e @ PortError::Unavailable { .. })) => {
                        return Err(e.into());
                    }
                    // The worker will meet the same and say so.
                    Err(e) => {
                        tracing::warn!(stream = %target.stream, error = %e, "left to the worker")
                    }
                }
            }
        }
    }
    Ok(())
}
