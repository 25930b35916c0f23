//! The company of one run: workers on one store, and everything that waits to happen.

mod mail;
mod work;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use futures::executor::block_on;
use va_domain::{
    envelope::{Envelope, Target},
    goal_spec::Priority,
    ids::{BlobId, StreamId, kind},
    payload::{Payload, PublishCompleted},
    state::{GoalBody, StreamState},
};
use va_embedded::MemoryStore;
use va_runtime::{
    agent::Decision,
    kernel::{Bell, Identity, Kernel, KernelError, Mode, Ports},
    port_effects::PortEffects,
    ports::{Blobs, Bytes, Effects, Journal, World},
};

pub use self::mail::{Act, Mail};
use crate::{
    chance::Chance,
    check::Checker,
    defects::{Defect, DefectiveEffects, DefectiveJournal},
    goal::{COMPANY, submission},
    journal::{AppendFault, FaultyJournal},
    plan::Plan,
    provider::Provider,
    world::{MemorySites, SimWorld},
};
/// Workers, a store, and what is under way.
pub struct Company {
    /// The run's choices.
    pub chance: Chance,
    /// Time.
    pub world: Arc<SimWorld>,
    /// What stands.
    pub store: MemoryStore,
    /// The store as workers see it.
    pub journal: Arc<FaultyJournal>,
    /// The model service.
    pub provider: Arc<Provider>,
    /// The publication target.
    pub sites: Arc<MemorySites>,
    /// The folds.
    pub checker: Checker,
    /// Events on their way.
    pub mail: Vec<Mail>,
    /// Attempts under way.
    pub acts: Vec<Act>,
    /// Events that were handed to a stream.
    pub heard: BTreeSet<Mail>,
    /// The goal's stream.
    pub goal: StreamId,
    /// What went wrong on purpose, for people.
    pub log: Vec<String>,
    workers: Vec<Kernel>,
    born: usize,
    row: u64,
    board_acts: u32,
    defect: Option<Defect>,
    seen_by_workers: Arc<dyn Journal>,
}

impl Company {
    /// A company in which nothing has happened.
    #[must_use]
    pub fn new(seed: u64, plan: &Plan, defect: Option<Defect>) -> Self {
        let mut chance = Chance::new(seed);
        let world = Arc::new(SimWorld::new(Chance::new(chance.bits())));
        let store = MemoryStore::new();
        let journal = FaultyJournal::new(store.clone());
        let seen_by_workers = Arc::new(DefectiveJournal {
            journal: Arc::clone(&journal) as _,
            defect,
        });
        let provider = Provider::new(Chance::new(chance.bits()), plan.lies, plan.overruns);
        let goal = StreamId::caused(kind::GOAL, &[COMPANY]);
        let mut company = Self {
            chance,
            world,
            store,
            journal,
            provider: Arc::new(provider),
            sites: Arc::default(),
            checker: Checker::default(),
            mail: Vec::new(),
            acts: Vec::new(),
            heard: BTreeSet::new(),
            goal,
            log: Vec::new(),
            workers: Vec::new(),
            born: 0,
            row: 0,
            board_acts: 0,
            defect,
            seen_by_workers,
        };
        for _ in 0..plan.workers.max(1) {
            let worker = company.worker();
            company.workers.push(worker);
        }
        company
    }

    fn effects(&self) -> Arc<dyn Effects> {
        let effects = Arc::new(PortEffects {
            model: Arc::clone(&self.provider) as _,
            blobs: Arc::new(self.store.clone()),
            sites: Arc::clone(&self.sites) as _,
            world: Arc::clone(&self.world) as _,
            render: |_| String::new(),
        });
        Arc::new(DefectiveEffects {
            effects,
            defect: self.defect,
        })
    }

    fn worker(&mut self) -> Kernel {
        self.born += 1;
        let ports = Ports {
            journal: Arc::clone(&self.seen_by_workers),
            blobs: Arc::new(self.store.clone()),
            world: Arc::clone(&self.world) as _,
            effects: self.effects(),
        };
        let identity = Identity {
            company: COMPANY.into(),
            home: "hq".into(),
            env: "sim".into(),
            epoch: 1,
            runner: format!("w{}", self.born),
        };
        Kernel::new(identity, ports, va_agents::all())
    }

    /// How many workers there are.
    #[must_use]
    pub fn workers(&self) -> usize {
        self.workers.len()
    }

    /// A worker that has read nothing.
    pub fn stranger(&mut self) -> Kernel {
        self.worker()
    }

    /// The bell that mail rings which was heard before.
    #[must_use]
    pub fn bell_again(&self, mail: &Mail) -> Bell {
        Defect::bell(self.defect, &self.store, true, mail.bell())
    }

    /// The time, for people.
    fn note(&mut self, what: impl FnOnce() -> String) {
        let line = format!("{} {}", self.world.now(), what());
        self.log.push(line);
    }

    /// The goal's fold.
    #[must_use]
    pub fn goal_state(&self) -> Option<(&StreamState, &GoalBody)> {
        let state = self.checker.state(&self.goal)?;
        Some((state, state.body.goal()?))
    }

    /// The board submits the goal.
    ///
    /// # Errors
    /// Where it is not taken.
    pub fn submit(&mut self, plan: &Plan) -> Result<(), String> {
        let (submitted, blobs) = submission(plan.wish)?;
        for bytes in blobs {
            let id = BlobId::of(&bytes);
            block_on(self.store.put(&id, Bytes::from(bytes))).map_err(|e| e.to_string())?;
        }
        self.board(&submitted)
    }

    /// A person says something to the goal.
    ///
    /// # Errors
    /// Where it cannot be said.
    pub fn board<P: Payload>(&mut self, said: &P) -> Result<(), String> {
        self.board_acts += 1;
        let act = StreamId::caused(kind::BOARD, &[&self.board_acts.to_string()]);
        let mut decision = Decision::nothing();
        decision
            .send(said, vec![Target::tell(self.goal.clone())])
            .map_err(|e| e.to_string())?;
        self.note(|| format!("the board says {}", P::TYPE));
        let correlation = self.goal.to_string();
        let acted = self.workers[0].act(&act, decision, Priority::P1, &correlation);
        block_on(acted).map_err(|e| e.to_string())?;
        self.take_in()
    }

    /// Takes in what was appended since: checks it, and puts its events on their way.
    ///
    /// # Errors
    /// Where an invariant is broken.
    pub fn take_in(&mut self) -> Result<(), String> {
        for row in self.store.rows_after(self.row, usize::MAX >> 1) {
            self.row = row.row;
            let body = self.checker.commit(&self.store, &row.commit)?;
            for (n, event) in (0..).zip(&body.events) {
                self.stands(event)?;
                self.send(event, n);
            }
            self.note(|| {
                let events: Vec<&str> = body.events.iter().map(|e| &*e.event_type).collect();
                format!("{}@{} {}", body.stream, body.version, events.join(" "))
            });
        }
        Ok(())
    }

    /// What is said to be published is what stands.
    fn stands(&self, event: &Envelope) -> Result<(), String> {
        if !event.is::<PublishCompleted>() || event.targets.is_empty() {
            return Ok(());
        }
        let done: PublishCompleted = event.read().map_err(|e| e.to_string())?;
        let blob = block_on(self.store.get(&done.checksums)).map_err(|e| e.to_string())?;
        let said: BTreeMap<String, BlobId> =
            serde_json::from_slice(&blob).map_err(|e| e.to_string())?;
        if self.sites.files(&done.site) == said {
            Ok(())
        } else {
            Err(format!("4: {} says what does not stand", event.event_id))
        }
    }

    fn send(&mut self, event: &Envelope, n: u32) {
        for target in &event.targets {
            self.mail.push(Mail {
                to: target.stream.clone(),
                from: event.stream.clone(),
                version: event.version,
                n,
            });
        }
    }

    /// Hands mail to a worker. What it could not take comes back.
    ///
    /// # Errors
    /// Where an invariant is broken, or an event is not understood.
    pub fn deliver(
        &mut self,
        worker: usize,
        mail: Vec<Mail>,
        fault: Option<AppendFault>,
    ) -> Result<(), String> {
        let Some(stream) = mail.first().map(|m| m.to.clone()) else {
            return Ok(());
        };
        let bells: Vec<Bell> = mail
            .iter()
            .map(|m| Defect::bell(self.defect, &self.store, self.heard.contains(m), m.bell()))
            .collect();
        let taken = self.handle(worker, &stream, &bells, fault)?;
        for (n, mail) in mail.into_iter().enumerate() {
            if n < taken {
                self.heard.insert(mail);
            } else {
                self.mail.push(mail);
            }
        }
        Ok(())
    }

    /// Lets a worker decide; answers how many bells it took.
    ///
    /// # Errors
    /// Where an invariant is broken, or an event is not understood.
    pub fn handle(
        &mut self,
        worker: usize,
        stream: &StreamId,
        bells: &[Bell],
        fault: Option<AppendFault>,
    ) -> Result<usize, String> {
        if self.defect.is_some_and(Defect::forgets) {
            self.workers[worker] = self.worker();
        }
        self.journal.arm(fault);
        let handled = block_on(self.workers[worker].handle(stream, bells, Mode::Worker));
        self.journal.arm(None);
        let taken = match handled {
            Ok(handled) => {
                if let Some((_, why)) = handled.poison.first() {
                    return Err(format!("6: {stream} cannot go on: {}", chain(why)));
                }
                for intent in handled.intents {
                    self.acts.push(Act {
                        worker,
                        stream: stream.clone(),
                        intent,
                        done: None,
                    });
                }
                handled.taken
            }
            Err(e) if e.is_retryable() => {
                self.note(|| format!("worker {worker} on {stream}: {e}"));
                0
            }
            Err(e) => return Err(format!("6: {stream} cannot go on: {}", chain(&e))),
        };
        self.take_in()?;
        Ok(taken)
    }
}

/// An error with everything that it came from.
fn chain(error: &KernelError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}
