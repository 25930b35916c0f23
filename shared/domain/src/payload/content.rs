//! Topics, drafts and their reviews.

use serde::{Deserialize, Serialize};

use super::{ApprovedDraft, Brief, Payload, Revised};
use crate::{
    amounts::Amounts,
    content::Verdict,
    ids::{BlobId, StreamId},
    model::ModelTerms,
};

/// One page as the CMO deals it out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlannedPage {
    /// `posts/<slug>.html`.
    pub slug: String,
    /// Its heading.
    pub title: String,
    /// What it is about.
    pub topic: String,
    /// Words wanted.
    pub word_count: u32,
    /// Its `ContentRequest`.
    pub request: BlobId,
    /// The worst case of the call that drafts it.
    pub worst: Amounts,
}

/// A draft that a review waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReviewMember {
    /// The draft's task.
    pub task: StreamId,
    /// Its slug.
    pub slug: String,
    /// What was asked of it.
    pub request: BlobId,
}

payloads! {
    /// The CEO asks the CMO what to write.
    RequestTopics {
        /// What may be read.
        brief: Brief,
        /// The goal's UUID again, as the facts name it.
        goal_id: String,
    }
    /// What to write, and what not.
    TopicsCompleted {
        /// In plan order.
        pages: Vec<PlannedPage>,
        /// The refused topics, a blob.
        refused: BlobId,
        /// Products in the catalogue.
        products: u32,
        /// How it follows from the edition before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        revised: Option<Revised>,
    }
    /// The goal has heard what the CMO refused.
    TopicsNoted {
        /// The refused topics, a blob.
        refused: BlobId,
        /// Products in the catalogue.
        products: u32,
        /// How it follows from the edition before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        revised: Option<Revised>,
    }
    /// One page is to be written.
    ContentRequest {
        /// Names the draft.
        content_id: String,
        /// What it is about.
        topic: String,
        /// Words wanted.
        word_count: u32,
        /// The page's slug.
        slug: String,
        /// The page's heading.
        title: String,
        /// The request, a blob.
        request: BlobId,
        /// The models, in order of preference.
        models: Vec<ModelTerms>,
        /// Who reviews it.
        review: StreamId,
        /// The goal's UUID.
        goal_id: String,
    }
    /// A draft is ready for review.
    ContentReady {
        /// Names the draft.
        content_id: String,
        /// Its heading.
        title: String,
        /// Its slug.
        slug: String,
        /// Always true: nothing is published unread.
        review_required: bool,
        /// From 1.
        turn: u32,
        /// The draft, a blob.
        draft: BlobId,
        /// What was asked.
        request: BlobId,
        /// The model that wrote it.
        model: String,
    }
    /// A model gave nothing that can be used.
    GenFailure {
        /// Names the draft.
        content_id: String,
        /// From 1.
        turn: u32,
        /// What was wrong.
        reason: String,
    }
    /// A draft was rejected for the last time.
    ContentRejected {
        /// Names the draft.
        content_id: String,
        /// Its slug.
        slug: String,
        /// Turns that were taken.
        turns: u32,
        /// What the last review said.
        reason: String,
    }
    /// The board gives a draft more turns.
    TurnsGranted {
        /// How many.
        turns: u32,
    }
    /// A page is left out.
    PageDropped {
        /// The draft's task.
        task: StreamId,
        /// Its slug.
        slug: String,
    }
    /// A draft was taken on.
    DraftAccepted {
        /// What was asked.
        asked: ContentRequest,
    }
    /// A draft's task has heard the reviewer.
    VerdictNoted {
        /// The review, a blob.
        review: BlobId,
        /// What it said, for people.
        summary: String,
    }
    /// The drafts of a goal are to be reviewed as they come, and as a set.
    RequestReview {
        /// What may be read.
        brief: Brief,
        /// The drafts in plan order: task, slug, request.
        members: Vec<ReviewMember>,
        /// Who waits for the approved set.
        links: StreamId,
        /// Who builds the site.
        publish: StreamId,
        /// How it follows from the edition before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        revised: Option<Revised>,
    }
    /// A review was taken on.
    ReviewAccepted {
        /// What was asked.
        asked: RequestReview,
    }
    /// A draft has come.
    DraftReceived {
        /// Its task.
        task: StreamId,
        /// Which turn.
        turn: u32,
        /// The draft.
        draft: BlobId,
        /// What was asked.
        request: BlobId,
    }
    /// One draft was read.
    DraftReviewed {
        /// The draft's task.
        task: StreamId,
        /// Which turn.
        turn: u32,
        /// Whether it stands on its own.
        verdict: Verdict,
        /// The review, a blob.
        review: BlobId,
    }
    /// The reviewer has decided: a draft (rejected), the set (approved), or the site.
    ReviewCompleted {
        /// `draft`, `set` or `site`.
        of: String,
        /// Whether it may go on.
        verdict: Verdict,
        /// The review, a blob.
        review: BlobId,
        /// The round of the set or site.
        round: u32,
        /// For a draft: its turn.
        turn: Option<u32>,
        /// For the set: the approved drafts, in plan order.
        drafts: Vec<ApprovedDraft>,
        /// For a draft: the first findings, for people.
        summary: String,
    }
    /// The reviewer cannot review.
    ReviewError {
        /// Why.
        reason: String,
    }
    /// Something asked for does not hold together.
    ValidationError {
        /// Why.
        reason: String,
    }
}
