//! What the CTO keeps of a trouble.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    envelope::Envelope,
    error::DomainError,
    payload::{
        AlarmChanged, BlockerClosed, BlockerOpened, IncidentOpened, IncidentResolved, Payload,
    },
};

/// What the CTO keeps of a trouble.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct IncidentBody {
    /// What was written when it was opened last; `None` before.
    pub opened: Option<IncidentOpened>,
    /// When that was.
    pub opened_at: Option<Timestamp>,
    /// Whether it is going on.
    pub open: bool,
    /// How often it was opened.
    pub occurrences: u32,
    /// The newest change of the alarm behind it, by the watcher's clock.
    pub changed: Option<Timestamp>,
    /// What a person must answer.
    pub blocker: Option<BlockerOpened>,
    /// When that was asked.
    pub asked_at: Option<Timestamp>,
}

impl IncidentBody {
    pub(super) fn apply(&mut self, event: &Envelope) -> Result<(), DomainError> {
        match event.event_type.as_str() {
            IncidentOpened::TYPE => {
                self.opened = Some(event.read()?);
                self.opened_at = Some(event.timestamp);
                self.open = true;
                self.occurrences += 1;
            }
            AlarmChanged::TYPE => {
                let since = event.read::<AlarmChanged>()?.since;
                self.changed = self.changed.max(Some(since));
            }
            BlockerOpened::TYPE => {
                self.blocker = Some(event.read()?);
                self.asked_at = Some(event.timestamp);
            }
            BlockerClosed::TYPE => {
                self.blocker = None;
                self.asked_at = None;
            }
            IncidentResolved::TYPE => self.open = false,
            _ => {}
        }
        Ok(())
    }
}
