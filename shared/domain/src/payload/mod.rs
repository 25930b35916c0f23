//! The payloads of the events that carry more than a name. One shape per type and version; a shape is
//! extended by optional fields only.

/// Declares payloads, and lists them.
macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident : $type:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
            #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
            pub struct $name { $($(#[$field_doc])* pub $field: $type),* }
            impl Payload for $name { const TYPE: &'static str = stringify!($name); }
        )*
        /// The types above, with the newest version of each.
        pub(super) const TYPES: &[(&str, u32)] = &[$((stringify!($name), <$name as Payload>::VERSION)),*];

        /// The shapes of those types, in the same order.
        #[cfg(feature = "schema")]
        pub(super) const SHAPES: &[crate::schema::Shape] = &[$(crate::schema::Shape::of_payload::<$name>()),*];
    };
}

mod content;
mod effect;
mod goal;
mod incident;
mod money;
mod site;
mod task;

use serde::{Serialize, de::DeserializeOwned};

pub use self::content::{
    ContentReady, ContentRejected, ContentRequest, DraftAccepted, DraftReceived, DraftReviewed,
    GenFailure, PageDropped, PlannedPage, RequestReview, RequestTopics, ReviewAccepted,
    ReviewCompleted, ReviewError, ReviewMember, TopicsCompleted, TopicsNoted, TurnsGranted,
    ValidationError, VerdictNoted,
};
pub use self::effect::{EffectCompleted, EffectDropped, EffectFailed, EffectHeld, EffectIntended};
pub use self::goal::{
    BlockerAnswered, BlockerClosed, BlockerOpened, Brief, CancelRequested, Follows, GoalAccepted,
    GoalCancelled, GoalCompleted, GoalFailed, GoalPlanned, GoalStateChanged, GoalSubmitted,
    MissingSetting, PauseRequested, PlannedTask, Reason, ReportReady, ResumeRequested, Revised,
};
pub use self::incident::{
    AlarmChanged, Alert, IncidentNoted, IncidentOpened, IncidentResolved, LookedAt,
};
pub use self::money::{
    AccountReported, BudgetAdded, BudgetAllowed, BudgetGranted, BudgetRefused, BudgetSettled,
    BudgetThresholdCrossed, KeptCharge, RequestBudget, SpendReported,
};
pub use self::site::{
    ApprovedDraft, ArtifactEvidence, ContentEnriched, InputReceived, LinksAccepted,
    PublicationQueued, PublishAccepted, PublishCompleted, PublishFailure, PublishedPage,
    RequestLinks, RequestPublication, RequestPublish, SiteBuilt, ValidationReport,
};
pub use self::task::{
    CancelTask, TaskAccepted, TaskAsked, TaskCancelled, TaskCompleted, TaskFailed, TaskPaused,
    TaskResumed, TaskSettled,
};
use crate::{envelope::Envelope, error::DomainError};

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
        self.payload.read().map_err(|e| DomainError::Payload {
            event_type: self.event_type.clone(),
            why: e.to_string(),
        })
    }
}
const TYPES: [&[(&str, u32)]; 7] = [
    goal::TYPES,
    money::TYPES,
    content::TYPES,
    site::TYPES,
    task::TYPES,
    effect::TYPES,
    incident::TYPES,
];

/// A type of event with the newest version of its shape; `None` for one that this build does not know.
#[must_use]
pub fn known(event_type: &str) -> Option<(&'static str, u32)> {
    let mut all = TYPES.into_iter().flatten();
    all.find(|(name, _)| *name == event_type).copied()
}

/// The shapes of all types that this build knows, by subject.
#[cfg(feature = "schema")]
pub fn shapes() -> impl Iterator<Item = crate::schema::Shape> {
    let all: [&[crate::schema::Shape]; 7] = [
        goal::SHAPES,
        money::SHAPES,
        content::SHAPES,
        site::SHAPES,
        task::SHAPES,
        effect::SHAPES,
        incident::SHAPES,
    ];
    all.into_iter().flatten().copied()
}
