//! What each owner keeps of its stream.

use serde::{Deserialize, Serialize};

use crate::{
    effect::{EffectSpec, WantedEffect},
    envelope::Envelope,
    error::DomainError,
    ids::{BlobId, StreamId, kind},
    payload::*,
    state::{GoalBody, IncidentBody, ReviewBody},
};

/// What the owner of a stream keeps, by the stream's type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Body {
    /// An act of the board; complete with its one event.
    Board,
    /// A goal.
    Goal(Box<GoalBody>),
    /// A month.
    Month(MonthBody),
    /// The CMO's task.
    Topics(TopicsBody),
    /// A page's draft.
    Draft(Box<DraftBody>),
    /// The reviewer's task.
    Review(Box<ReviewBody>),
    /// The affiliate linker's task.
    Links(LinksBody),
    /// The publisher's task.
    Publish(PublishBody),
    /// A site.
    Site(SiteBody),
    /// A trouble.
    Incident(Box<IncidentBody>),
}

macro_rules! body_access {
    ($($get:ident, $variant:ident, $body:ty;)*) => {
        impl Body {
            $(
                /// The body, where the stream is of that type.
                #[must_use]
                pub fn $get(&self) -> Option<&$body> {
                    match self { Self::$variant(body) => Some(body), _ => None }
                }
            )*
        }
    };
}

body_access! {
    goal, Goal, GoalBody;
    month, Month, MonthBody;
    topics, Topics, TopicsBody;
    draft, Draft, DraftBody;
    review, Review, ReviewBody;
    links, Links, LinksBody;
    publish, Publish, PublishBody;
    site, Site, SiteBody;
    incident, Incident, IncidentBody;
}

impl Body {
    /// The empty body for a type of stream.
    #[must_use]
    pub fn new(stream_kind: &str) -> Self {
        match stream_kind {
            kind::GOAL => Self::Goal(Box::default()),
            kind::MONTH => Self::Month(MonthBody::default()),
            kind::SITE => Self::Site(SiteBody::default()),
            kind::INCIDENT => Self::Incident(Box::default()),
            "task-cmo" => Self::Topics(TopicsBody::default()),
            "task-content-generator" => Self::Draft(Box::default()),
            "task-reviewer" => Self::Review(Box::default()),
            "task-affiliate-linker" => Self::Links(LinksBody::default()),
            "task-publisher" => Self::Publish(PublishBody::default()),
            _ => Self::Board,
        }
    }

    /// Takes account of an effect that is intended or held, for those who look into it; its event is applied too.
    pub(super) fn want(&mut self, wanted: &WantedEffect) {
        if let Self::Draft(body) = self {
            body.want(wanted);
        }
    }

    /// Applies one event of the stream.
    ///
    /// # Errors
    /// Where a payload does not have its shape.
    pub fn apply(&mut self, event: &Envelope) -> Result<(), DomainError> {
        match self {
            Self::Board => Ok(()),
            Self::Goal(body) => body.apply(event),
            Self::Month(body) => body.apply(event),
            Self::Topics(body) => body.apply(event),
            Self::Draft(body) => body.apply(event),
            Self::Review(body) => body.apply(event),
            Self::Links(body) => body.apply(event),
            Self::Publish(body) => body.apply(event),
            Self::Site(body) => body.apply(event),
            Self::Incident(body) => body.apply(event),
        }
    }
}

/// What the CFO keeps of a month.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MonthBody {
    /// Percentages of the cap that were crossed.
    pub crossed: Vec<u32>,
}

impl MonthBody {
    #[expect(clippy::unnecessary_wraps, reason = "one signature for all bodies")]
    fn apply(&mut self, event: &Envelope) -> Result<(), DomainError> {
        if event.is::<BudgetThresholdCrossed>()
            && let Ok(crossed) = event.read::<BudgetThresholdCrossed>()
            && crossed.account == event.stream
        {
            self.crossed.push(crossed.threshold);
        }
        Ok(())
    }
}

/// What the CMO keeps of its task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TopicsBody {
    /// Whether it was taken.
    pub accepted: bool,
}

impl TopicsBody {
    #[expect(clippy::unnecessary_wraps, reason = "one signature for all bodies")]
    fn apply(&mut self, event: &Envelope) -> Result<(), DomainError> {
        self.accepted |= event.is::<TaskAccepted>();
        Ok(())
    }
}

/// What the content generator keeps of a draft.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DraftBody {
    /// What was asked.
    pub asked: Option<ContentRequest>,
    /// The turn that is under way or under review, from 1.
    pub turn: u32,
    /// Turns that may be taken, before `offline` writes it.
    pub turns_allowed: u32,
    /// Whether `offline` has had its turn after another model.
    pub offline_turn: bool,
    /// Whether this turn's answer is being repaired.
    pub repairing: bool,
    /// What the last malformed answer was.
    pub malformed: Option<String>,
    /// The newest draft.
    pub draft: Option<BlobId>,
    /// The model that wrote it.
    pub model: String,
    /// The newest review.
    pub review: Option<BlobId>,
    /// What it said, for people.
    pub summary: String,
    /// Whether the board must say how it goes on.
    pub rejected: bool,
}

impl DraftBody {
    fn want(&mut self, wanted: &WantedEffect) {
        let (turn, ordinal) = wanted.key.split_once('.').unwrap_or(("0", "0"));
        self.turn = turn.parse().unwrap_or(self.turn);
        self.repairing = ordinal != "0";
        self.rejected = false;
        if let EffectSpec::ModelCall { terms, .. } = &wanted.spec {
            self.offline_turn |= terms.offline && self.turn > self.turns_allowed;
            self.model.clone_from(&terms.id);
        }
    }

    fn apply(&mut self, event: &Envelope) -> Result<(), DomainError> {
        match event.event_type.as_str() {
            DraftAccepted::TYPE => {
                let accepted: DraftAccepted = event.read()?;
                self.asked = Some(accepted.asked);
                self.turns_allowed = 3;
            }
            ContentReady::TYPE => {
                let ready: ContentReady = event.read()?;
                self.draft = Some(ready.draft);
                self.malformed = None;
            }
            GenFailure::TYPE => self.malformed = Some(event.read::<GenFailure>()?.reason),
            VerdictNoted::TYPE => {
                let noted: VerdictNoted = event.read()?;
                self.review = Some(noted.review);
                self.summary = noted.summary;
            }
            ContentRejected::TYPE => self.rejected = true,
            TurnsGranted::TYPE => {
                self.turns_allowed = self.turn + event.read::<TurnsGranted>()?.turns;
                self.offline_turn = false;
                self.rejected = false;
            }
            _ => {}
        }
        Ok(())
    }
}

/// What the affiliate linker keeps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LinksBody {
    /// What was asked.
    pub asked: Option<RequestLinks>,
    /// The approved set that waits, with its round.
    pub input: Option<(u32, Vec<ApprovedDraft>)>,
    /// The round that was linked.
    pub round: u32,
}

impl LinksBody {
    fn apply(&mut self, event: &Envelope) -> Result<(), DomainError> {
        match event.event_type.as_str() {
            LinksAccepted::TYPE => self.asked = Some(event.read::<LinksAccepted>()?.asked),
            InputReceived::TYPE => {
                let input: InputReceived = event.read()?;
                self.input = Some((input.round, input.drafts));
            }
            ContentEnriched::TYPE => self.round = event.read::<ContentEnriched>()?.round,
            _ => {}
        }
        Ok(())
    }
}

/// What the publisher keeps of its task.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PublishBody {
    /// What was asked.
    pub asked: Option<RequestPublish>,
    /// The linked pages that wait, with their round.
    pub input: Option<(u32, BlobId)>,
    /// The round that was built.
    pub round: u32,
    /// The built site.
    pub manifest: Option<BlobId>,
    /// Its articles.
    pub pages: Vec<PublishedPage>,
    /// What it leaves to the next revision, a blob.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edition: Option<BlobId>,
    /// The reviewer's word on it.
    pub approved: bool,
}

impl PublishBody {
    fn apply(&mut self, event: &Envelope) -> Result<(), DomainError> {
        match event.event_type.as_str() {
            PublishAccepted::TYPE => self.asked = Some(event.read::<PublishAccepted>()?.asked),
            InputReceived::TYPE => {
                let input: InputReceived = event.read()?;
                self.input = input.pages.map(|pages| (input.round, pages));
            }
            SiteBuilt::TYPE => {
                let built: SiteBuilt = event.read()?;
                self.round = built.round;
                self.manifest = Some(built.manifest);
                self.pages = built.pages;
                self.edition = built.edition;
                self.approved = false;
            }
            RequestPublication::TYPE => self.approved = true,
            _ => {}
        }
        Ok(())
    }
}

/// What the publisher keeps of a site.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SiteBody {
    /// The newest version that stands.
    pub site_version: u64,
    /// The version that is being published, for whom, from what.
    pub publishing: Option<Publication>,
    /// Publications that wait for it.
    pub waiting: Vec<Publication>,
    /// The manifest of what stands.
    pub manifest: Option<BlobId>,
    /// The site's address.
    pub url: String,
}

/// One publication of a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Publication {
    /// Who asked.
    pub by: StreamId,
    /// The expectation that its end answers.
    pub expectation: String,
    /// The site.
    pub site: String,
    /// Path -> blob of every file, a blob.
    pub manifest: BlobId,
    /// The site's address.
    pub url: String,
}

impl SiteBody {
    fn apply(&mut self, event: &Envelope) -> Result<(), DomainError> {
        match event.event_type.as_str() {
            PublicationQueued::TYPE => {
                let queued: PublicationQueued = event.read()?;
                self.waiting.push(queued.publication);
            }
            EffectIntended::TYPE | EffectHeld::TYPE
                if self.publishing.is_none() && !self.waiting.is_empty() =>
            {
                self.publishing = Some(self.waiting.remove(0));
            }
            PublishCompleted::TYPE => {
                let done: PublishCompleted = event.read()?;
                // An answer that is given again says nothing of what is being published now.
                if done.site_version > self.site_version {
                    self.site_version = done.site_version;
                    self.url = done.url;
                    self.manifest = self.publishing.take().map(|p| p.manifest);
                }
            }
            PublishFailure::TYPE => {
                let by = self.publishing.as_ref().map(|p| &p.by);
                if event.targets.iter().any(|t| Some(&t.stream) == by) {
                    self.publishing = None;
                }
            }
            _ => {}
        }
        Ok(())
    }
}
