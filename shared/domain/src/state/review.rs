//! What the reviewer keeps of a set of drafts.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    content::Verdict,
    envelope::Envelope,
    error::DomainError,
    ids::{BlobId, StreamId},
    payload::*,
};

/// What the reviewer keeps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReviewBody {
    /// What may be read.
    pub brief: Option<Brief>,
    /// The drafts in plan order.
    pub members: Vec<ReviewMember>,
    /// Who waits for the approved set.
    pub links: Option<StreamId>,
    /// Who builds the site.
    pub publish: Option<StreamId>,
    /// How the plan follows from the edition before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revised: Option<Revised>,
    /// What came of each draft so far.
    pub drafts: BTreeMap<StreamId, DraftRecord>,
    /// Pages that are left out.
    pub dropped: BTreeSet<StreamId>,
    /// The round: how often the set was approved.
    pub round: u32,
    /// Whether a set is approved and its site is awaited.
    pub set_stands: bool,
}

/// The newest turn of a draft, as the reviewer knows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftRecord {
    /// From 1.
    pub turn: u32,
    /// The draft.
    pub draft: BlobId,
    /// What was asked.
    pub request: BlobId,
    /// Whether it stands on its own; `None`: not read yet.
    pub verdict: Option<Verdict>,
    /// The review.
    pub review: Option<BlobId>,
}

impl ReviewBody {
    /// The members that are not left out, in plan order.
    pub fn wanted(&self) -> impl Iterator<Item = &ReviewMember> {
        self.members
            .iter()
            .filter(|m| !self.dropped.contains(&m.task))
    }

    pub(super) fn apply(&mut self, event: &Envelope) -> Result<(), DomainError> {
        match event.event_type.as_str() {
            ReviewAccepted::TYPE => {
                let RequestReview {
                    brief,
                    members,
                    links,
                    publish,
                    revised,
                } = event.read::<ReviewAccepted>()?.asked;
                self.brief = Some(brief);
                self.members = members;
                self.links = Some(links);
                self.publish = Some(publish);
                self.revised = revised;
            }
            DraftReceived::TYPE => {
                let received: DraftReceived = event.read()?;
                let record = DraftRecord {
                    turn: received.turn,
                    draft: received.draft,
                    request: received.request,
                    verdict: None,
                    review: None,
                };
                self.drafts.insert(received.task, record);
            }
            DraftReviewed::TYPE => {
                let reviewed: DraftReviewed = event.read()?;
                if let Some(record) = self.drafts.get_mut(&reviewed.task) {
                    record.verdict = Some(reviewed.verdict);
                    record.review = Some(reviewed.review);
                }
                if reviewed.verdict == Verdict::Rejected {
                    self.set_stands = false;
                }
            }
            ReviewCompleted::TYPE => {
                let done: ReviewCompleted = event.read()?;
                match (done.of.as_str(), done.verdict) {
                    ("set", _) => {
                        self.round = done.round;
                        self.set_stands = true;
                    }
                    ("site", Verdict::Rejected) => self.set_stands = false,
                    _ => {}
                }
            }
            PageDropped::TYPE => {
                self.dropped.insert(event.read::<PageDropped>()?.task);
            }
            _ => {}
        }
        Ok(())
    }
}
