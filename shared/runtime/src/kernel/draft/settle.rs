//! The account of a commit in the making, before it is closed.

use va_domain::{
    account::Entry,
    envelope::{Envelope, Fact, Target},
    ids::kind,
    payload::{AccountReported, KeptCharge, TaskCancelled, TaskCompleted, TaskFailed},
};

use super::{Draft, finish::unwritable};
use crate::{agent::Decision, kernel::KernelError};

impl Draft<'_> {
    /// Sends back what a waiting stream holds, and tells the parent what changed.
    pub(in crate::kernel) fn settle_up(&mut self) -> Result<(), KernelError> {
        if self.loaded.state.ended.is_some() && self.events.iter().any(is_end) {
            self.abandon_effects()?;
            // Whoever has ended waits for nobody.
            let waits: Vec<String> = self.loaded.state.expectations.keys().cloned().collect();
            for id in waits {
                self.close(&id)?;
            }
            let kept = &self.loaded.state.worst_case_kept;
            // An agent knows of none, so there is nothing to add where there is none.
            if !kept.is_empty() {
                for event in self.events.iter_mut().filter(|e| is_end(e)) {
                    event.payload = ended_keeping(&event.payload, kept).map_err(unwritable)?;
                }
            }
        }
        let state = &self.loaded.state;
        let Some(parent) = state.parent.clone() else {
            return Ok(());
        };
        let keeps = !(state.stream.kind().starts_with(kind::TASK) || state.is_over());
        // An attempt that was superseded keeps its reservation; the rest goes back all the same.
        let busy = state.effects.values().any(|open| open.result.is_none());
        if busy || (keeps && !self.returns) {
            return Ok(());
        }
        let free = state.account.available().positive();
        if !free.is_zero() {
            let total = state.account.returned + free;
            self.enter(Entry::Return { total })?;
        }
        let told = self
            .events
            .iter()
            .any(|e| e.targets.iter().any(|t| t.stream == parent));
        let changed = self.loaded.state.used() != self.used_before;
        let again = self.reports && !self.is_empty();
        if !told && (changed || again) {
            let target = Target::tell(parent);
            match self.events.last_mut() {
                Some(event) => event.targets.push(target),
                None => {
                    let mut report = Decision::nothing();
                    let _ = report
                        .send(&AccountReported { overrun: false }, vec![target])
                        .map_err(|source| self.rule(source))?;
                    self.decided(report, None)?;
                }
            }
        }
        Ok(())
    }
}

/// The end of a task with the charges that its account could not take back.
fn ended_keeping(end: &Fact, kept: &[KeptCharge]) -> Result<Fact, serde_json::Error> {
    let mut fields: serde_json::Map<String, serde_json::Value> = end.read()?;
    fields.insert("worst_case_kept".to_owned(), serde_json::to_value(kept)?);
    Fact::of(&fields)
}

fn is_end(event: &Envelope) -> bool {
    event.is::<TaskCompleted>() || event.is::<TaskFailed>() || event.is::<TaskCancelled>()
}
