//! One run: at each step one of the things that may happen, happens.

use std::{
    collections::BTreeMap,
    ops::RangeInclusive,
    sync::{Mutex, OnceLock},
};

use futures::executor::block_on;
use jiff::SignedDuration;
use va_domain::{
    amounts::Amounts,
    ids::BlobId,
    payload::{BlockerAnswered, BudgetAdded, CancelRequested, PauseRequested, ResumeRequested},
};
use va_runtime::{
    kernel::{Bell, Mode},
    ports::World,
};

use crate::{
    company::Company,
    defects::Defect,
    goal::{SITE, TAG},
    journal::AppendFault,
    plan::Plan,
    world::{SiteFault, lock},
};

/// Steps within which every goal must be over.
const MAX_STEPS: usize = 6000;

/// How to run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Whether the outcome carries everything that happened.
    pub verbose: bool,
    /// A defect that is planted, to see that it is found.
    pub defect: Option<Defect>,
}

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Which run.
    pub seed: u64,
    /// Steps that it took.
    pub steps: usize,
    /// How the goal ended: `done`, `failed`, `cancelled`, or how it stood.
    pub end: String,
    /// Commits in the journal.
    pub commits: u64,
    /// Appends that met another commit.
    pub conflicts: u64,
    /// Exchanges with models.
    pub calls: usize,
    /// Which invariant was broken, and how to see it again.
    pub failure: Option<String>,
    /// What happened, line by line; empty unless asked for.
    pub log: Vec<String>,
}

/// Runs one goal under the faults of this seed.
#[must_use]
pub fn run(seed: u64, options: &Options) -> Outcome {
    let plan = Plan::of(seed);
    let mut run = Run {
        company: Company::new(seed, &plan, options.defect),
        plan,
        steps: 0,
        dropped: false,
        paused: false,
    };
    let failure = run
        .whole()
        .and_then(|()| run.same_bytes())
        .err()
        .map(|why| {
            format!("seed {seed}: invariant {why}\n  again: cargo run -p va-simulation -- --seed {seed} --verbose\n  plan: {plan:?}")
        });
    run.outcome(seed, failure, options.verbose)
}

/// Runs these seeds on as many threads; the outcomes are in the order of the seeds.
#[must_use]
pub fn run_all(seeds: RangeInclusive<u64>, options: &Options, threads: usize) -> Vec<Outcome> {
    let waiting = Mutex::new(seeds);
    let outcomes = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                loop {
                    let Some(seed) = lock(&waiting).next() else {
                        return;
                    };
                    let outcome = run(seed, options);
                    lock(&outcomes).push(outcome);
                }
            });
        }
    });
    let mut outcomes = lock(&outcomes).split_off(0);
    outcomes.sort_by_key(|outcome| outcome.seed);
    outcomes
}

struct Run {
    company: Company,
    plan: Plan,
    steps: usize,
    /// Whether the board has left out a page.
    dropped: bool,
    paused: bool,
}

impl Run {
    fn whole(&mut self) -> Result<(), String> {
        self.company.submit(&self.plan.clone())?;
        while !self.is_over() {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return Err(format!(
                    "6: the goal is not over after {MAX_STEPS} steps: {}",
                    self.standing()
                ));
            }
            self.step()?;
        }
        self.ended()?;
        self.again()?;
        self.ended()
    }

    fn is_over(&self) -> bool {
        let quiet = self.company.mail.is_empty() && self.company.acts.is_empty();
        quiet
            && self
                .company
                .goal_state()
                .is_some_and(|(_, body)| body.is_over())
            && self
                .company
                .checker
                .states()
                .all(|state| state.expectations.is_empty())
    }

    fn standing(&self) -> String {
        let waits: Vec<String> = self
            .company
            .checker
            .states()
            .filter(|s| !s.expectations.is_empty())
            .map(|s| {
                let ids: Vec<&str> = s.expectations.keys().map(String::as_str).collect();
                format!("{} waits for {}", s.stream, ids.join(", "))
            })
            .collect();
        let goal = self
            .company
            .goal_state()
            .map_or_else(String::new, |(_, b)| {
                let open: Vec<&str> = b
                    .tasks
                    .iter()
                    .filter(|t| !t.ended)
                    .map(|t| t.plan.task.as_str())
                    .collect();
                format!("{} {:?}, open: {}", b.state, b.reason, open.join(", "))
            });
        format!("{goal}; {}", waits.join("; "))
    }

    /// One of the things that may happen now.
    fn step(&mut self) -> Result<(), String> {
        let faulty =
            self.steps <= self.plan.calm_after && self.company.chance.percent(self.plan.faults);
        let company = &mut self.company;
        let (mail, acts) = (company.mail.len(), company.acts.len());
        if faulty {
            return self.fault();
        }
        if mail + acts == 0 {
            return self.idle();
        }
        let worker = company.chance.below(company.workers());
        if company.chance.below(mail + acts) < mail {
            let batch = pick(company);
            return company.deliver(worker, batch, None);
        }
        let n = company.chance.below(acts);
        if company.acts[n].done.is_none() {
            company.run(n)
        } else {
            company.tell(n, None)
        }
    }

    /// Something goes wrong.
    fn fault(&mut self) -> Result<(), String> {
        let (pauses, cancels) = (self.plan.pauses, self.plan.cancels);
        let company = &mut self.company;
        let worker = company.chance.below(company.workers());
        let fault = [AppendFault::Before, AppendFault::After][company.chance.below(2)];
        match company.chance.below(14) {
            0 | 1 if !company.mail.is_empty() => {
                let n = company.chance.below(company.mail.len());
                let lost = company.mail.swap_remove(n);
                company.log.push(format!("lost: {lost:?}"));
                Ok(())
            }
            2 | 3 if !company.mail.is_empty() => {
                let n = company.chance.below(company.mail.len());
                let twice = company.mail[n].clone();
                company.deliver(worker, vec![twice], None)
            }
            4 if !company.heard.is_empty() => {
                let n = company.chance.below(company.heard.len());
                let late: Vec<_> = company.heard.iter().nth(n).cloned().into_iter().collect();
                company.deliver(worker, late, None)
            }
            5 | 6 if !company.mail.is_empty() => {
                let batch = pick(company);
                company.deliver(worker, batch, Some(fault))?;
                if company.chance.percent(50) {
                    company.crash(worker);
                }
                Ok(())
            }
            7 => {
                company.crash(worker);
                Ok(())
            }
            8 => match company.acts.iter().position(|a| a.done.is_some()) {
                Some(n) => {
                    company.tell(n, Some(fault))?;
                    if company.chance.percent(50) {
                        company.crash(worker);
                    }
                    Ok(())
                }
                None => Ok(()),
            },
            9 => {
                // Everybody is paused for ten minutes, and the clock is the first to wake.
                company.world.pass(SignedDuration::from_mins(10));
                self.ring(30)
            }
            10 if company.chance.percent(30) => company.restart(),
            11 => {
                let fault = [SiteFault::Before, SiteFault::After][company.chance.below(2)];
                company.sites.arm(Some(fault));
                Ok(())
            }
            12 if pauses => {
                self.paused = !self.paused;
                if self.paused {
                    company.board(&PauseRequested { reason: None })
                } else {
                    self.resume()
                }
            }
            13 if cancels && company.chance.percent(20) => company.board(&CancelRequested {
                reason: "changed our mind".into(),
            }),
            _ => {
                let seconds = company.chance.between(1, 120);
                company.world.pass(SignedDuration::from_secs(seconds));
                self.ring(50)
            }
        }
    }

    /// The clock rings what is due; so many of a hundred rings are heard.
    fn ring(&mut self, heard: usize) -> Result<(), String> {
        let company = &mut self.company;
        for stream in company.due(company.world.now())? {
            if company.chance.percent(heard) {
                let worker = company.chance.below(company.workers());
                company.handle(worker, &stream, &[Bell::Due], None)?;
            }
        }
        Ok(())
    }

    /// Nothing is under way: the board answers what it was asked, or the clock moves on.
    fn idle(&mut self) -> Result<(), String> {
        if self.board_acts()? {
            return Ok(());
        }
        match self.company.next_deadline()? {
            Some(at) => {
                self.company.world.reach(at);
                self.ring(100)
            }
            None => Err(format!("6: nothing moves any longer: {}", self.standing())),
        }
    }

    fn resume(&mut self) -> Result<(), String> {
        self.paused = false;
        self.company.board(&ResumeRequested {
            month_cap: 50_000_000,
        })
    }

    /// What the board does when it is waited for; answers whether it did something.
    fn board_acts(&mut self) -> Result<bool, String> {
        let Some((_, goal)) = self.company.goal_state().filter(|(_, g)| g.asked.is_some()) else {
            // Whoever submitted it sees that nothing came of it.
            self.company.submit(&self.plan.clone())?;
            return Ok(true);
        };
        if goal.is_over() || goal.cancelling.is_some() || goal.failing.is_some() {
            return Ok(false);
        }
        if goal.paused.is_some() {
            self.resume()?;
            return Ok(true);
        }
        if let Some(blocker) = goal.blockers.values().next().cloned() {
            let mut set: BTreeMap<String, String> = BTreeMap::new();
            for key in &blocker.needs {
                set.insert(key.clone(), TAG.into());
            }
            if blocker.task.is_some() && self.company.chance.percent(40) {
                set.insert("drop".into(), "true".into());
                self.dropped = true;
            }
            self.company.board(&BlockerAnswered {
                blocker: blocker.id,
                set,
                note: None,
            })?;
            return Ok(true);
        }
        if goal.state == "paused_budget" {
            self.company.board(&BudgetAdded {
                amount: Amounts::new(100_000, 60_000, 10),
                month_cap: 50_000_000,
            })?;
            return Ok(true);
        }
        Ok(false)
    }

    /// The goal is over: every task has ended, and the money is where it should be.
    fn ended(&mut self) -> Result<(), String> {
        let fresh = self.company.stranger();
        for state in self.company.checker.states() {
            let folded = block_on(fresh.fold(&state.stream)).map_err(|e| format!("1: {e}"))?;
            if folded.state != *state {
                return Err(format!(
                    "1: {} is folded differently by the kernel",
                    state.stream
                ));
            }
            if state.stream.kind().starts_with("task-") && state.ended.is_none() {
                return Err(format!("6: {} has not ended", state.stream));
            }
            if !state.expectations.is_empty() {
                return Err(format!(
                    "6: {} still waits: {:?}",
                    state.stream, state.expectations
                ));
            }
        }
        self.company.checker.books(&self.company.provider.books())
    }

    /// Everything that was heard is heard once more, by somebody who remembers nothing.
    fn again(&mut self) -> Result<(), String> {
        let fresh = self.company.stranger();
        let heard: Vec<_> = self.company.heard.iter().cloned().collect();
        for mail in heard {
            let bell = self.company.bell_again(&mail);
            let handled = block_on(fresh.handle(&mail.to, &[bell], Mode::Worker))
                .map_err(|e| format!("2: {mail:?}: {e}"))?;
            if let Some(commit) = handled.commit {
                return Err(format!(
                    "2: {mail:?} was heard before, and still made {}@{}",
                    commit.stored.stream, commit.stored.version
                ));
            }
        }
        Ok(())
    }

    /// A goal that nobody changed, written by `offline`, ends in the bytes of the undisturbed run.
    fn same_bytes(&self) -> Result<(), String> {
        let done = self
            .company
            .goal_state()
            .is_some_and(|(_, g)| g.state == "done");
        if !done {
            return Ok(());
        }
        let files = self.company.sites.files(SITE);
        if files.is_empty() {
            return Err("4: the goal is done and no site stands".into());
        }
        if self.plan.wish.lying || self.dropped {
            return Ok(());
        }
        let expected = undisturbed(self.plan.wish.articles)?;
        if files == expected {
            return Ok(());
        }
        let differ: Vec<&String> = files
            .iter()
            .filter(|(path, sum)| expected.get(*path) != Some(sum))
            .map(|(path, _)| path)
            .collect();
        Err(format!("5: other bytes than undisturbed: {differ:?}"))
    }

    fn outcome(self, seed: u64, failure: Option<String>, verbose: bool) -> Outcome {
        let end = self
            .company
            .goal_state()
            .map_or_else(String::new, |(_, g)| g.state.clone());
        Outcome {
            seed,
            steps: self.steps,
            end,
            commits: self.company.store.last_row(),
            conflicts: self.company.journal.conflicts(),
            calls: self.company.provider.books().len(),
            failure,
            log: if verbose {
                self.company.log
            } else {
                Vec::new()
            },
        }
    }
}

/// Mail for one stream: one event, or all that waits for it, in any order.
fn pick(company: &mut Company) -> Vec<crate::company::Mail> {
    let n = company.chance.below(company.mail.len());
    let first = company.mail.swap_remove(n);
    let mut batch = vec![first];
    if company.chance.percent(30) {
        let to = batch[0].to.clone();
        while let Some(n) = company.mail.iter().position(|m| m.to == to) {
            let at = company.chance.below(batch.len() + 1);
            batch.insert(at, company.mail.swap_remove(n));
        }
    }
    batch
}

/// The site of the undisturbed run, once for all.
fn undisturbed(articles: u32) -> Result<BTreeMap<String, BlobId>, String> {
    static KNOWN: OnceLock<Mutex<BTreeMap<u32, BTreeMap<String, BlobId>>>> = OnceLock::new();
    let known = KNOWN.get_or_init(Mutex::default);
    if let Some(files) = lock(known).get(&articles) {
        return Ok(files.clone());
    }
    let plan = Plan::undisturbed(articles);
    let mut run = Run {
        company: Company::new(1, &plan, None),
        plan,
        steps: 0,
        dropped: false,
        paused: false,
    };
    run.whole()?;
    let files = run.company.sites.files(SITE);
    lock(known).insert(articles, files.clone());
    Ok(files)
}
