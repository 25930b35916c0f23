//! One run: at each step one of the things that may happen, happens.

mod board;
mod ends;
mod faults;

use std::{ops::RangeInclusive, sync::Mutex};

use clap::ValueEnum as _;

use crate::{company::Company, defects::Defect, plan::Plan, world::lock};

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
            format!(
                "seed {seed}: invariant {why}\n  again: {}\n  plan: {plan:?}",
                replay(seed, options.defect)
            )
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

/// The command that repeats a seed.
fn replay(seed: u64, defect: Option<Defect>) -> String {
    let defect = defect
        .and_then(|defect| defect.to_possible_value())
        .map_or_else(String::new, |name| format!(" --defect {}", name.get_name()));
    format!("cargo run -p va-simulation -- --seed {seed} --verbose{defect}")
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
            let batch = faults::pick(company);
            return company.deliver(worker, batch, None);
        }
        let n = company.chance.below(acts);
        if company.acts[n].done.is_none() {
            company.run(n)
        } else {
            company.tell(n, None)
        }
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
