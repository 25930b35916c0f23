//! What workers do: effects, deaths, timers.

use std::collections::BTreeSet;

use futures::executor::block_on;
use va_domain::{effect::EffectSpec, ids::StreamId};
use va_runtime::{kernel::Bell, ports::World};

use super::Company;
use crate::{defects::Defect, journal::AppendFault};

impl Company {
    /// Runs an attempt that was promised; its outcome is told later.
    ///
    /// # Errors
    /// Where nobody may run it.
    pub fn run(&mut self, n: usize) -> Result<(), String> {
        let act = self.acts[n].clone();
        for _ in 0..Defect::runs(self.defect) {
            let late = self.world.now() > act.intent.until;
            let before = (self.provider.books().len(), self.sites.published().len());
            self.provider.call_of(&act.stream, &act.intent);
            let attempted = Defect::run(
                self.defect,
                &self.workers[act.worker],
                &*self.effects(),
                &act.intent,
            );
            let after = (self.provider.books().len(), self.sites.published().len());
            if before != after || matches!(act.intent.wanted.spec, EffectSpec::WriteReport { .. }) {
                self.checker.begins(&act.stream, &act.intent)?;
            }
            if late && before != after {
                return Err(format!(
                    "4: {} of {} began after its time",
                    act.intent.reservation(),
                    act.stream
                ));
            }
            self.acts[n].done = Some(attempted);
        }
        let published = self.sites.published();
        let once: BTreeSet<_> = published.iter().collect();
        if once.len() != published.len() {
            return Err(format!("4: a version was published twice: {published:?}"));
        }
        self.note(|| format!("{} of {} ran", act.intent.reservation(), act.stream));
        Ok(())
    }

    /// Tells the outcome of an attempt that has run. A worker that cannot append it tries again.
    ///
    /// # Errors
    /// As [`Company::handle`].
    pub fn tell(&mut self, n: usize, fault: Option<AppendFault>) -> Result<(), String> {
        let act = self.acts.swap_remove(n);
        let Some(done) = act.done.clone() else {
            return Ok(());
        };
        let bells = [Bell::Outcome(done)];
        if self.handle(act.worker, &act.stream, &bells, fault)? == 0 {
            self.acts.push(act);
        }
        Ok(())
    }

    /// A worker dies with everything that it had under way; another takes its place.
    pub fn crash(&mut self, worker: usize) {
        self.note(|| format!("worker {worker} dies"));
        self.workers[worker] = self.worker();
        self.acts.retain(|a| a.worker != worker);
    }

    /// The whole home dies and starts again: nothing waits for a runner.
    ///
    /// # Errors
    /// As [`Company::handle`].
    pub fn restart(&mut self) -> Result<(), String> {
        for worker in 0..self.workers.len() {
            self.crash(worker);
        }
        for stream in self.due(jiff::Timestamp::MAX)? {
            self.handle(0, &stream, &[Bell::Restart], None)?;
        }
        Ok(())
    }

    /// The streams that are due.
    ///
    /// # Errors
    /// Where the store cannot say.
    pub fn due(&self, until: jiff::Timestamp) -> Result<Vec<StreamId>, String> {
        let due = block_on(self.seen_by_workers.due(until, usize::MAX >> 1));
        let due = due.map_err(|e| e.to_string())?;
        Ok(due.into_iter().map(|d| d.stream).collect())
    }

    /// The earliest deadline of all.
    ///
    /// # Errors
    /// Where the store cannot say.
    pub fn next_deadline(&self) -> Result<Option<jiff::Timestamp>, String> {
        let due = block_on(self.seen_by_workers.due(jiff::Timestamp::MAX, 1));
        Ok(due.map_err(|e| e.to_string())?.first().map(|d| d.at))
    }
}
