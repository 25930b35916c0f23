//! One goal, worked on in a fixed order, by a worker that is killed or held up at chosen points.
//!
//! Without faults the order is always the same, so a point's number names the same moment in every run:
//! killing at each of them in turn is a walk over everything that can be interrupted.

mod points;
mod sites;

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use futures::executor::block_on;
use va_agents::revision::Before;
use va_domain::{
    effect::Intent,
    envelope::Target,
    goal_spec::Priority,
    ids::{BlobId, StreamId, kind},
    payload::GoalSubmitted,
    state::GoalBody,
};
use va_embedded::{MemoryStore, Store};
use va_runtime::{
    agent::Decision,
    kernel::{Attempted, Bell, Identity, Kernel, Mode, Ports},
    port_effects::PortEffects,
    ports::{Blobs, Bytes, Effects, Journal, LoggedCommit, PortError, Sites, World},
};

use self::points::Stoppable;
pub use self::{
    points::{Meanwhile, Points},
    sites::WatchedSites,
};
use crate::{
    check::Checker,
    company::Mail,
    goal::{COMPANY, SITE, Wish, revision, submission},
    provider::Provider,
    world::SimWorld,
};

/// Steps within which the goal must be over.
const MAX_STEPS: usize = 5000;

/// A store that can be followed.
pub trait Log: Journal + Blobs {
    /// The commits after this row, in the order in which they were appended.
    ///
    /// # Errors
    /// Where the store cannot.
    fn rows(&self, after: u64) -> Result<Vec<LoggedCommit>, PortError>;
}

impl Log for MemoryStore {
    fn rows(&self, after: u64) -> Result<Vec<LoggedCommit>, PortError> {
        Ok(self.rows_after(after, usize::MAX >> 1))
    }
}

impl Log for Store {
    fn rows(&self, after: u64) -> Result<Vec<LoggedCommit>, PortError> {
        self.rows_after(after, 100_000)
    }
}

/// What workers share.
#[derive(Clone)]
pub struct Home {
    /// Commits and blobs.
    pub log: Arc<dyn Log>,
    /// Where the site stands.
    pub sites: Arc<WatchedSites>,
    /// The model service.
    pub provider: Arc<Provider>,
    /// Time.
    pub world: Arc<SimWorld>,
    /// The revision that is worked on.
    pub revision: u32,
}

/// What came of the goal.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// The site, path by path.
    pub site: BTreeMap<String, BlobId>,
    /// The report's `result`.
    pub result: serde_json::Value,
    /// Exchanges with models.
    pub calls: usize,
    /// Every publication that took effect.
    pub published: Vec<(String, u64)>,
}

impl Home {
    /// Submits the goal, before any point is counted.
    ///
    /// # Errors
    /// Where it is not taken.
    pub fn submit(&self, wish: Wish) -> Result<(), String> {
        let (submitted, blobs) = submission(wish)?;
        self.say(&submitted, blobs)
    }

    /// Submits the next revision of a goal that has ended.
    ///
    /// # Errors
    /// Where it has not, or the revision is not taken.
    pub fn revise(&mut self, wish: Wish) -> Result<(), String> {
        let worker = Worker::new("reader", self, &Arc::default());
        let ended =
            block_on(worker.kernel.fold(&goal(self.revision))).map_err(|e| e.to_string())?;
        let before = Before::of(&ended.state).ok_or("the goal has not ended")?;
        let (submitted, blobs) = revision(wish, &before)?;
        self.revision = submitted.brief.revision;
        self.say(&submitted, blobs)
    }

    fn say(&self, submitted: &GoalSubmitted, blobs: Vec<Vec<u8>>) -> Result<(), String> {
        let goal = goal(self.revision);
        for bytes in blobs {
            let id = BlobId::of(&bytes);
            block_on(self.log.put(&id, Bytes::from(bytes))).map_err(|e| e.to_string())?;
        }
        let worker = Worker::new("board", self, &Arc::default());
        let mut decision = Decision::nothing();
        decision
            .send(submitted, vec![Target::tell(goal.clone())])
            .map_err(|e| e.to_string())?;
        let act = StreamId::caused(kind::BOARD, &[&self.revision.to_string()]);
        let acted = worker
            .kernel
            .act(&act, decision, Priority::P1, goal.as_str());
        block_on(acted).map(drop).map_err(|e| e.to_string())
    }

    /// What came of it, after a look at every commit and at the books.
    ///
    /// # Errors
    /// Says what does not hold.
    pub fn end(&self) -> Result<End, String> {
        let mut checker = Checker::default();
        for row in self.log.rows(0).map_err(|e| e.to_string())? {
            checker.commit(&*self.log, &row.commit)?;
        }
        checker.books(&self.provider.books())?;
        self.sites.look(SITE)?;
        let site = block_on(self.sites.standing(SITE)).map_err(|e| e.to_string())?;
        Ok(End {
            site: site.ok_or("no site stands")?,
            result: self.sites.result().ok_or("there is no report")?,
            calls: self.provider.books().len(),
            published: self.sites.published(),
        })
    }
}

/// The stream of a revision of the goal.
fn goal(revision: u32) -> StreamId {
    StreamId::caused(kind::GOAL, &[COMPANY, &revision.to_string()])
}

/// How a worker came to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The goal is over, and nothing waits.
    Over,
    /// It was killed.
    Killed,
    /// It has done as many steps as it was to do.
    Tired,
}

/// A worker that does one thing after another.
pub struct Worker {
    kernel: Kernel,
    home: Home,
    points: Arc<Points>,
    row: u64,
    mail: VecDeque<Mail>,
    acts: VecDeque<(StreamId, Intent)>,
    handed_on: usize,
    loses: Option<usize>,
}

impl Worker {
    /// A worker that has read nothing.
    #[must_use]
    pub fn new(name: &str, home: &Home, points: &Arc<Points>) -> Self {
        let effects: Arc<dyn Effects> = Arc::new(PortEffects {
            model: Arc::clone(&home.provider) as _,
            blobs: Arc::clone(&home.log) as Arc<dyn Blobs>,
            sites: Arc::clone(&home.sites) as _,
            world: Arc::clone(&home.world) as _,
            render: |_| String::new(),
        });
        let journal = Stoppable {
            port: Arc::clone(&home.log) as Arc<dyn Journal>,
            points: Arc::clone(points),
        };
        let effects = Stoppable {
            port: effects,
            points: Arc::clone(points),
        };
        let ports = Ports {
            journal: Arc::new(journal),
            blobs: Arc::clone(&home.log) as Arc<dyn Blobs>,
            world: Arc::clone(&home.world) as _,
            effects: Arc::new(effects),
        };
        let identity = Identity {
            company: COMPANY.into(),
            home: "hq".into(),
            env: "sim".into(),
            epoch: 1,
            runner: name.into(),
        };
        Self {
            kernel: Kernel::new(identity, ports, va_agents::all()),
            home: home.clone(),
            points: Arc::clone(points),
            row: 0,
            mail: VecDeque::new(),
            acts: VecDeque::new(),
            handed_on: 0,
            loses: None,
        }
    }

    /// Loses the message of this number, counted from 0 in the order in which they are handed on.
    #[must_use]
    pub fn losing(mut self, message: usize) -> Self {
        self.loses = Some(message);
        self
    }

    /// How many messages were handed on.
    #[must_use]
    pub fn handed_on(&self) -> usize {
        self.handed_on
    }

    /// Works until the goal is over, it is killed, or it has done so many steps. What stands in the journal
    /// is handed on from its beginning; `alone` says that whoever worked before is dead.
    ///
    /// # Errors
    /// Where nothing moves any longer, or something cannot be understood.
    pub fn work(&mut self, alone: bool, steps: usize) -> Result<Stop, String> {
        self.take_in()?;
        if alone {
            self.ring(jiff::Timestamp::MAX, &Bell::Restart)?;
        }
        for step in 0..MAX_STEPS {
            if self.points.is_dead() {
                return Ok(Stop::Killed);
            }
            if step >= steps {
                return Ok(Stop::Tired);
            }
            if let Some(mail) = self.mail.pop_front() {
                let n = self.handed_on;
                self.handed_on += 1;
                if self.loses == Some(n) {
                    continue;
                }
                let bell = mail.bell();
                if !self.handle(&mail.to, &bell)? {
                    self.mail.push_back(mail);
                }
            } else if let Some((stream, intent)) = self.acts.pop_front() {
                self.act(&stream, &intent)?;
            } else if self.is_over()? {
                return Ok(Stop::Over);
            } else {
                let due = block_on(self.home.log.due(jiff::Timestamp::MAX, 1));
                let due = due.map_err(|e| e.to_string())?;
                let next = due.first().ok_or("nothing moves any longer")?;
                self.home.world.reach(next.at);
                self.ring(self.home.world.now(), &Bell::Due)?;
            }
        }
        Err(format!("the goal is not over after {MAX_STEPS} steps"))
    }

    /// Whether the goal has ended and nobody waits for anything.
    fn is_over(&self) -> Result<bool, String> {
        let loaded =
            block_on(self.kernel.fold(&goal(self.home.revision))).map_err(|e| e.to_string())?;
        let ended = loaded.state.body.goal().is_some_and(GoalBody::is_over);
        let waits = block_on(self.home.log.due(jiff::Timestamp::MAX, 1));
        Ok(ended && waits.map_err(|e| e.to_string())?.is_empty())
    }

    fn ring(&mut self, until: jiff::Timestamp, bell: &Bell) -> Result<(), String> {
        let due = block_on(self.home.log.due(until, 1000)).map_err(|e| e.to_string())?;
        for due in due {
            self.handle(&due.stream, bell)?;
        }
        Ok(())
    }

    fn act(&mut self, stream: &StreamId, intent: &Intent) -> Result<(), String> {
        self.home.provider.call_of(stream, intent);
        self.points.in_flight(true);
        let attempted = block_on(self.kernel.run(intent));
        self.tell(stream, attempted)
    }

    fn tell(&mut self, stream: &StreamId, attempted: Attempted) -> Result<(), String> {
        let bell = Bell::Outcome(attempted);
        while !self.points.is_dead() && !self.handle(stream, &bell)? {}
        if !self.points.is_dead() {
            self.points.in_flight(false);
        }
        Ok(())
    }

    /// Decides; answers whether the bell was taken.
    fn handle(&mut self, stream: &StreamId, bell: &Bell) -> Result<bool, String> {
        if self.points.is_dead() {
            return Ok(false);
        }
        let bells = [bell.clone()];
        match block_on(self.kernel.handle(stream, &bells, Mode::Worker)) {
            Ok(handled) => {
                if let Some((_, why)) = handled.poison.first() {
                    return Err(format!("{stream} cannot go on: {why}: {why:?}"));
                }
                let intents = handled.intents.into_iter();
                self.acts.extend(intents.map(|i| (stream.clone(), i)));
                self.take_in()?;
                Ok(handled.taken == 1)
            }
            Err(e) if e.is_retryable() => Ok(false),
            Err(e) => Err(format!("{stream} cannot go on: {e:?}")),
        }
    }

    fn take_in(&mut self) -> Result<(), String> {
        for row in self.home.log.rows(self.row).map_err(|e| e.to_string())? {
            self.row = row.row;
            let body = row.commit.read().map_err(|e| e.to_string())?;
            for (n, event) in (0..).zip(&body.events) {
                self.mail.extend(event.targets.iter().map(|target| Mail {
                    to: target.stream.clone(),
                    from: event.stream.clone(),
                    version: event.version,
                    n,
                }));
            }
        }
        Ok(())
    }
}
