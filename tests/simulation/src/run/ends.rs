//! What must hold when a goal is over.

use std::{
    collections::BTreeMap,
    sync::{Mutex, OnceLock},
};

use futures::executor::block_on;
use va_domain::ids::BlobId;
use va_runtime::kernel::Mode;

use super::Run;
use crate::{company::Company, goal::SITE, plan::Plan, world::lock};

impl Run {
    /// The goal is over: every task has ended, and the money is where it should be.
    pub(super) fn ended(&mut self) -> Result<(), String> {
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
    pub(super) fn again(&mut self) -> Result<(), String> {
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
    pub(super) fn same_bytes(&self) -> Result<(), String> {
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
