//! The payloads of the events that carry more than a name. One shape per type and version; a shape is
//! extended by optional fields only.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    amounts::Amounts,
    content::Verdict,
    envelope::Envelope,
    error::DomainError,
    goal_spec::{Kpi, Priority},
    ids::{BlobId, StreamId},
    model::ModelTerms,
};

/// A payload that has a name and a version.
pub trait Payload: Serialize + DeserializeOwned {
    /// The event's type.
    const TYPE: &'static str;
    /// The shape's version.
    const VERSION: u32 = 1;
}

impl Envelope {
    /// Whether this is an event of that type.
    #[must_use]
    pub fn is<P: Payload>(&self) -> bool {
        self.event_type == P::TYPE
    }

    /// Reads the payload.
    ///
    /// # Errors
    /// Where it does not have its type's shape.
    pub fn read<P: Payload>(&self) -> Result<P, DomainError> {
        P::deserialize(&self.payload).map_err(|e| DomainError::Payload {
            event_type: self.event_type.clone(),
            why: e.to_string(),
        })
    }
}

macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident : $type:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
            #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
            pub struct $name { $($(#[$field_doc])* pub $field: $type),* }
            impl Payload for $name { const TYPE: &'static str = stringify!($name); }
        )*
        /// Every type of event that this build knows, with the newest version of its shape.
        pub const EVENT_TYPES: &[(&str, u32)] = &[$((stringify!($name), <$name as Payload>::VERSION)),*];

        /// The shapes of those types, in the same order.
        #[cfg(feature = "schema")]
        pub const SHAPES: &[crate::schema::Shape] = &[$(crate::schema::Shape::of_payload::<$name>()),*];
    };
}

/// A setting that only a person can give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MissingSetting {
    /// `revenue.tag`, `revenue.link`, `site.imprint`.
    pub key: String,
    /// What is missing and why it matters.
    pub text: String,
}

/// What every task of a goal may read: fixed at its start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Brief {
    /// The goal's UUID.
    pub goal_id: String,
    /// From 1; a changed folder is the next.
    pub revision: u32,
    /// The GoalSpec, JSON.
    pub spec: BlobId,
    /// The catalogue, as it was given.
    pub catalogue: BlobId,
    /// The imprint, Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imprint: Option<BlobId>,
    /// The day whose facts count.
    pub as_of: Date,
    /// What answered blockers have set: `revenue.tag` -> `x`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, String>,
    /// The models for drafts, in order of preference.
    pub models: Vec<ModelTerms>,
    /// The models file, as it was given: where the models are served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub models_file: Option<BlobId>,
    /// The goal that this revision follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<Follows>,
}

/// The revision before, and what it leaves to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Follows {
    /// Its goal's UUID.
    pub goal_id: String,
    /// Its number.
    pub revision: u32,
    /// The newest edition of the site that it or a revision before it published, a blob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<BlobId>,
    /// The report of the revision that published that edition, a blob.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<BlobId>,
}

/// How a plan follows from the edition before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Revised {
    /// The comparison, page by page, a blob.
    pub comparison: BlobId,
    /// How many pages stay as they are.
    pub kept: u32,
    /// How many are written again.
    pub changed: u32,
    /// How many were not there before.
    pub new: u32,
    /// How many paths are pages no longer.
    pub gone: u32,
}

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

/// One task as the CEO plans it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlannedTask {
    /// Its stream.
    pub task: StreamId,
    /// The role that does it.
    pub role: String,
    /// What it does, in a few words.
    pub title: String,
    /// The streams whose work it needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<StreamId>,
    /// The worst case of its calls if none is repeated.
    #[serde(default, skip_serializing_if = "Amounts::is_zero")]
    pub share: Amounts,
    /// What proves that it is done: `renders`, `links`, `tag`, `claims`, `checksum`.
    pub proof: Vec<String>,
    /// The page that it writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
}

/// Why something is as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Reason {
    /// A stable name.
    pub code: String,
    /// A sentence for people.
    pub text: String,
}

/// Proof that an artifact is what it should be, from code that did not make it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ArtifactEvidence {
    /// Made from the goal and the artifact's name.
    pub artifact_id: String,
    /// The goal's UUID.
    pub goal_id: String,
    /// `code`, `analysis`, `test` or `page`.
    #[serde(rename = "type")]
    pub artifact_type: String,
    /// Where it stands: a path within the site, or a blob.
    pub uri: String,
    /// `sha256:...` of its bytes.
    pub checksum: BlobId,
    /// The agent that made it.
    pub producer: String,
    /// The agent that checked it; never the producer.
    pub reviewer: String,
    /// What was checked.
    pub reports: Vec<ValidationReport>,
    /// The model that wrote it, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_by: Option<String>,
    /// At which turn it was accepted: 1 where nothing was rejected before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turns: Option<u32>,
}

/// One check of an artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ValidationReport {
    /// Made from the artifact and the suite.
    pub report_id: String,
    /// `renders`, `links`, `tag`, `claims`, `checksum`.
    pub suite: String,
    /// `pass` or `fail`.
    pub result: String,
    /// Percent of the artifact that the suite looked at.
    pub coverage: u32,
    /// The day whose facts it was checked against; no clock reaches evidence.
    pub generated_at: Date,
}

/// One page of a finished site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PublishedPage {
    /// Its slug.
    pub slug: String,
    /// Its heading.
    pub title: String,
    /// Path within the site.
    pub path: String,
    /// Absolute address.
    pub url: String,
    /// Checksum of its bytes.
    pub sha256: BlobId,
    /// How many merchant links it carries.
    pub links: u32,
}

payloads! {
    /// A person asks for a goal. Intake has checked all of it.
    GoalSubmitted {
        /// The goal's UUID.
        goal_id: String,
        /// Its slug.
        slug: String,
        /// What every task may read.
        brief: Brief,
        /// What the board allows.
        budget: Amounts,
        /// The company's cap on money in a month, micro-units.
        month_cap: i64,
        /// The goal's urgency.
        priority: Priority,
        /// The site that it makes.
        site: String,
        /// What success is measured by.
        kpis: Vec<Kpi>,
        /// Percentages of the budget at which the board hears of it.
        warn_at: Vec<u32>,
        /// What only a person can give.
        needs: Vec<MissingSetting>,
        /// Constraints that nothing checks.
        not_enforced: Vec<String>,
        /// Digest of the goal folder's content, for recognising the same input.
        input: String,
    }
    /// A person answers a blocker.
    BlockerAnswered {
        /// Which one.
        blocker: String,
        /// What is set.
        set: BTreeMap<String, String>,
        /// What the person wrote.
        note: Option<String>,
    }
    /// A person raises a goal's budget.
    BudgetAdded {
        /// By how much.
        amount: Amounts,
        /// The company's cap on money in a month, now.
        month_cap: i64,
    }
    /// A person cancels a goal.
    CancelRequested {
        /// Why.
        reason: String,
    }
    /// A person pauses a goal.
    PauseRequested {
        /// Why, if it was said.
        reason: Option<String>,
    }
    /// A person lets a goal go on.
    ResumeRequested {
        /// The company's cap on money in a month, now.
        month_cap: i64,
    }
    /// The CEO takes the goal on.
    GoalAccepted {
        /// What was asked.
        goal: GoalSubmitted,
    }
    /// A child asks its parent for money: the whole of what it should be allowed.
    RequestBudget {
        /// The whole figure.
        total: Amounts,
        /// The month's cap, for the month to take the newest.
        month_cap: Option<i64>,
    }
    /// The month allows what a goal asked.
    BudgetGranted {
        /// The whole figure.
        total: Amounts,
    }
    /// The month does not allow it.
    BudgetRefused {
        /// What was asked.
        total: Amounts,
        /// What the month has left.
        available: Amounts,
    }
    /// A goal allows a task more.
    BudgetAllowed {
        /// The whole figure.
        total: Amounts,
    }
    /// A share of an account is spent.
    SpendReported {
        /// Percent of the allowance.
        percent: u32,
    }
    /// The CFO tells that a threshold was crossed.
    BudgetThresholdCrossed {
        /// Whose account.
        account: StreamId,
        /// What is spent.
        amount: Amounts,
        /// Which percentage.
        threshold: u32,
    }
    /// A goal's account with the month is folded.
    BudgetSettled {
        /// What the goal spent.
        spent: Amounts,
    }
    /// A person is needed.
    BlockerOpened {
        /// Unique in the goal.
        id: String,
        /// `setting`, `draft_rejected`, `unknown_outcome`.
        kind: String,
        /// What is needed and why.
        text: String,
        /// The keys that an answer sets.
        needs: Vec<String>,
        /// The task that waits for it.
        task: Option<StreamId>,
        /// When it lapses.
        expires_at: Option<Timestamp>,
    }
    /// It was answered.
    BlockerClosed {
        /// Which one.
        id: String,
    }
    /// The CEO asks the CMO what to write.
    RequestTopics {
        /// What may be read.
        brief: Brief,
        /// The goal's UUID again, as the facts name it.
        goal_id: String,
    }
    /// A task was understood and taken.
    TaskAccepted {
        /// What it does.
        title: String,
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
    /// The plan stands.
    GoalPlanned {
        /// The whole plan, a blob.
        plan: BlobId,
        /// Its tasks, in plan order.
        tasks: Vec<PlannedTask>,
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
    /// The approved pages are to be linked.
    RequestLinks {
        /// What may be read.
        brief: Brief,
        /// Who reviews.
        review: StreamId,
        /// Who waits for the pages.
        publish: StreamId,
    }
    /// The linked pages are to become a site.
    RequestPublish {
        /// What may be read.
        brief: Brief,
        /// Who reviews.
        review: StreamId,
        /// Who publishes.
        site: StreamId,
        /// How it follows from the edition before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        revised: Option<Revised>,
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
    /// The approved pages carry their links.
    ContentEnriched {
        /// The pages, a blob.
        pages: BlobId,
        /// The round of the set.
        round: u32,
        /// How many merchant links were set.
        links: u32,
    }
    /// The site's files stand as blobs.
    SiteBuilt {
        /// Path -> blob of every file, a blob.
        manifest: BlobId,
        /// The round of the set.
        round: u32,
        /// How many files.
        files: u32,
        /// The articles.
        pages: Vec<PublishedPage>,
        /// What the site leaves to the next revision, a blob.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        edition: Option<BlobId>,
    }
    /// A reviewed site is to become visible.
    RequestPublication {
        /// Path -> blob of every file, a blob.
        manifest: BlobId,
        /// The site.
        site: String,
        /// The goal's UUID.
        goal_id: String,
    }
    /// It is visible.
    PublishCompleted {
        /// The site.
        site: String,
        /// Its version.
        site_version: u64,
        /// The site's address.
        url: String,
        /// `published`.
        status: String,
        /// What was read back: path -> checksum, a blob.
        checksums: BlobId,
    }
    /// It could not be made visible.
    PublishFailure {
        /// Why.
        reason: String,
    }
    /// A task is done, with evidence.
    TaskCompleted {
        /// What proves it.
        evidence: Vec<ArtifactEvidence>,
        /// The site's articles, from the publisher's task.
        pages: Vec<PublishedPage>,
        /// Attempts whose worst case was booked as spent.
        worst_case_kept: Vec<KeptCharge>,
        /// What the site leaves to the next revision, a blob.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        edition: Option<BlobId>,
    }
    /// A task cannot be done.
    TaskFailed {
        /// Why.
        reason: Reason,
        /// Attempts whose worst case was booked as spent.
        worst_case_kept: Vec<KeptCharge>,
    }
    /// A task was ended from above.
    TaskCancelled {
        /// Why.
        reason: String,
        /// Attempts whose worst case was booked as spent.
        worst_case_kept: Vec<KeptCharge>,
    }
    /// A task is to end.
    CancelTask {
        /// Why.
        reason: String,
    }
    /// A task is to begin no more effects.
    TaskPaused {
        /// Why.
        reason: String,
    }
    /// A task may go on.
    TaskResumed {
        /// Who said so.
        by: String,
    }
    /// A task's account is told to its goal without anything else.
    AccountReported {
        /// Whether a charge was above its reservation.
        overrun: bool,
    }
    /// The goal has taken account of a task's end.
    TaskSettled {
        /// The task.
        task: StreamId,
        /// `done`, `failed`, `cancelled`, `dropped`.
        state: String,
        /// What it spent.
        spent: Amounts,
        /// What proves it.
        evidence: Vec<ArtifactEvidence>,
        /// The site's articles, from the publisher's task.
        pages: Vec<PublishedPage>,
        /// Attempts whose worst case stays spent.
        worst_case_kept: Vec<KeptCharge>,
        /// What the site leaves to the next revision, a blob.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        edition: Option<BlobId>,
    }
    /// The goal has heard what a task asks.
    TaskAsked {
        /// The task.
        task: StreamId,
        /// The whole figure that it asks.
        total: Amounts,
        /// The expectation of the task that an answer closes.
        expectation: String,
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
    /// The report stands as a blob.
    ReportReady {
        /// `report.json`'s `result`.
        report: BlobId,
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
    /// Linking was taken on.
    LinksAccepted {
        /// What was asked.
        asked: RequestLinks,
    }
    /// Publishing was taken on.
    PublishAccepted {
        /// What was asked.
        asked: RequestPublish,
    }
    /// What a task works on has come.
    InputReceived {
        /// The round of the set.
        round: u32,
        /// The approved drafts.
        drafts: Vec<ApprovedDraft>,
        /// The linked pages, a blob.
        pages: Option<BlobId>,
    }
    /// A publication waits its turn.
    PublicationQueued {
        /// Which.
        publication: crate::state::Publication,
    }
    /// Something that a person should know.
    Alert {
        /// `info`, `warning` or `critical`.
        severity: String,
        /// A sentence.
        message: String,
        /// Names and figures, never secrets.
        context: BTreeMap<String, String>,
    }
    /// Something that watches the company has changed its state.
    AlarmChanged {
        /// The alarm's name.
        alarm: String,
        /// `ALARM`, `OK` or `INSUFFICIENT_DATA`.
        state: String,
        /// Since when it is so, by the watcher's clock.
        since: Timestamp,
        /// `info`, `warning` or `critical`.
        severity: String,
        /// What the watcher says of it.
        reason: String,
        /// The runbook that the alarm names, a path within the repository.
        runbook: Option<String>,
        /// Names and figures, never secrets.
        context: BTreeMap<String, String>,
    }
    /// The CTO takes account of a trouble: the first time, or again after it was over.
    IncidentOpened {
        /// What it is about: `overrun`, `journal_changed`, or `alarm`.
        code: String,
        /// Who reported it: a stream or an alarm.
        source: String,
        /// `info`, `warning` or `critical`.
        severity: String,
        /// A sentence.
        summary: String,
        /// What to do about it, a path within the repository.
        runbook: String,
        /// What was looked at.
        looked_at: Vec<LookedAt>,
        /// What the policy lets the CTO do: `record` or `ask_board`.
        action: String,
    }
    /// The same trouble again, while it is open.
    IncidentNoted {
        /// A sentence.
        summary: String,
        /// What was looked at.
        looked_at: Vec<LookedAt>,
    }
    /// A trouble is over.
    IncidentResolved {
        /// Why.
        reason: String,
    }
    /// A goal's state changed for a reason.
    GoalStateChanged {
        /// `planning`, `running`, `waiting_person`, `paused`, `paused_budget`.
        state: String,
        /// Why.
        reason: Option<Reason>,
    }
    /// A goal is done.
    GoalCompleted {
        /// What it reached.
        report: BlobId,
    }
    /// A goal failed.
    GoalFailed {
        /// Why.
        reason: Reason,
    }
    /// A goal was cancelled, and everything of it has ended.
    GoalCancelled {
        /// Why.
        reason: String,
    }
    /// An attempt at an effect is about to begin.
    EffectIntended {
        /// The attempt.
        intent: crate::effect::Intent,
    }
    /// An attempt ended with a result.
    EffectCompleted {
        /// What came of it.
        completion: crate::effect::Completion,
    }
    /// An attempt ended without one.
    EffectFailed {
        /// What came of it.
        completion: crate::effect::Completion,
    }
    /// An effect waits: for money, or for a pause to end.
    EffectHeld {
        /// What is wanted.
        wanted: crate::effect::WantedEffect,
    }
    /// An effect is not wanted any longer.
    EffectDropped {
        /// Which one.
        key: String,
    }
}

/// One thing that was looked at when an incident was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LookedAt {
    /// What: an event, a figure, a setting.
    pub what: String,
    /// What was found there.
    pub found: String,
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

/// A draft that was approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ApprovedDraft {
    /// Its slug.
    pub slug: String,
    /// What was asked of it.
    pub request: BlobId,
    /// The draft.
    pub draft: BlobId,
}

/// A paid attempt whose outcome never came, so that its worst case stays spent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeptCharge {
    /// `<key>#<attempt>`.
    pub attempt: String,
    /// What stays spent.
    pub amount: Amounts,
}
