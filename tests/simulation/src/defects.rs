//! Defects that are planted to see that they are found.

use std::sync::Arc;

use futures::executor::block_on;
use va_domain::effect::Intent;
use va_embedded::MemoryStore;
use va_runtime::{
    agent::Agent,
    kernel::{Attempted, Bell, Kernel},
    ports::{Effects, Journal},
};

use crate::{
    company::{Company, Mail},
    journal::FaultyJournal,
};

/// A defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// A runner does what it promised although its time is over.
    LateRunner,
}

impl Defect {
    pub(crate) fn journal(_: Option<Self>, journal: Arc<FaultyJournal>) -> Arc<dyn Journal> {
        journal
    }
    pub(crate) fn effects(_: Option<Self>, effects: Arc<dyn Effects>) -> Arc<dyn Effects> {
        effects
    }
    pub(crate) fn agents(_: Option<Self>) -> Vec<Arc<dyn Agent>> {
        va_agents::all()
    }
    pub(crate) fn bell(_: Option<Self>, _: &MemoryStore, _: bool, bell: Bell) -> Bell {
        bell
    }
    pub(crate) fn bell_again(_: &Company, mail: &Mail) -> Bell {
        Bell::Event {
            stream: mail.from.clone(),
            version: mail.version,
            n: mail.n,
        }
    }
    pub(crate) fn runs(_: Option<Self>) -> usize {
        1
    }
    pub(crate) fn run(_: Option<Self>, kernel: &Kernel, intent: &Intent) -> Attempted {
        block_on(kernel.run(intent))
    }
}
