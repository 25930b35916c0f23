//! What each owner keeps of its stream.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    amounts::Amounts,
    content::Verdict,
    envelope::Envelope,
    error::DomainError,
    ids::{BlobId, StreamId, kind},
    payload::*,
    state::IncidentBody,
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

/// What the CEO keeps of a goal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GoalBody {
    /// What was asked; `None` before it was accepted.
    pub asked: Option<GoalSubmitted>,
    /// When it was accepted.
    pub started: Option<Timestamp>,
    /// `accepted`, `planning`, `running`, `waiting_person`, `paused_budget`, `done`, `failed`, `cancelled`.
    pub state: String,
    /// Why it is so.
    pub reason: Option<Reason>,
    /// Whether the board paused it.
    pub paused: Option<Reason>,
    /// Why it is being cancelled.
    pub cancelling: Option<String>,
    /// Why it is failing.
    pub failing: Option<Reason>,
    /// What answered blockers have set.
    pub set: BTreeMap<String, String>,
    /// What a person must answer.
    pub blockers: BTreeMap<String, BlockerOpened>,
    /// When each was opened.
    pub opened_at: BTreeMap<String, Timestamp>,
    /// The whole budget that the board allows.
    pub budget: Amounts,
    /// The newest cap of the month.
    pub month_cap: i64,
    /// The month that it draws on.
    pub month: Option<StreamId>,
    /// The plan, a blob.
    pub plan: Option<BlobId>,
    /// The refused topics, a blob.
    pub refused: Option<BlobId>,
    /// Products in the catalogue.
    pub products: u32,
    /// How the plan follows from the edition before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revised: Option<Revised>,
    /// The tasks in plan order, the CMO's first.
    pub tasks: Vec<TaskRecord>,
    /// What tasks asked beyond their allowance.
    pub asks: BTreeMap<StreamId, TaskAsked>,
    /// Percentages that were crossed.
    pub crossed: Vec<u32>,
    /// The site's articles.
    pub pages: Vec<PublishedPage>,
    /// What the site leaves to the next revision, a blob.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edition: Option<BlobId>,
    /// The report, a blob.
    pub report: Option<BlobId>,
}

/// What the CEO keeps of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskRecord {
    /// As it was planned.
    pub plan: PlannedTask,
    /// `running`, `done`, `failed`, `cancelled`, `dropped`.
    pub state: String,
    /// What it spent, once it has ended.
    pub spent: Amounts,
    /// What proves it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<ArtifactEvidence>,
    /// Attempts whose worst case stays spent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub worst_case_kept: Vec<KeptCharge>,
    /// Whether it ended, folded accounts and all.
    #[serde(default)]
    pub ended: bool,
    /// When it was asked for; for the report's timings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began: Option<Timestamp>,
    /// When its end was heard of; for the report's timings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<Timestamp>,
}

impl GoalBody {
    /// The record of a task.
    #[must_use]
    pub fn task(&self, stream: &StreamId) -> Option<&TaskRecord> {
        self.tasks.iter().find(|t| t.plan.task == *stream)
    }

    /// The tasks that have not ended.
    pub fn open(&self) -> impl Iterator<Item = &TaskRecord> {
        self.tasks.iter().filter(|t| !t.ended)
    }

    fn task_mut(&mut self, stream: &StreamId) -> Option<&mut TaskRecord> {
        self.tasks.iter_mut().find(|t| t.plan.task == *stream)
    }

    fn apply(&mut self, event: &Envelope) -> Result<(), DomainError> {
        match event.event_type.as_str() {
            GoalAccepted::TYPE => {
                let GoalAccepted { goal } = event.read()?;
                "accepted".clone_into(&mut self.state);
                self.started = Some(event.timestamp);
                self.budget = goal.budget;
                self.month_cap = goal.month_cap;
                self.set.clone_from(&goal.brief.set);
                self.asked = Some(goal);
            }
            GoalStateChanged::TYPE => {
                let change: GoalStateChanged = event.read()?;
                match change.state.as_str() {
                    "paused" => {
                        self.paused = Some(change.reason.unwrap_or(Reason {
                            code: "board".into(),
                            text: "paused".into(),
                        }))
                    }
                    "resumed" => self.paused = None,
                    "cancelling" => {
                        self.cancelling = Some(change.reason.map_or_else(String::new, |r| r.text))
                    }
                    "failing" => self.failing = change.reason,
                    _ => {
                        self.state = change.state;
                        self.reason = change.reason;
                    }
                }
            }
            RequestBudget::TYPE => {
                let request: RequestBudget = event.read()?;
                self.budget = self.budget.max(request.total);
                self.month_cap = request.month_cap.unwrap_or(self.month_cap);
                self.month = event.targets.first().map(|t| t.stream.clone());
            }
            BlockerOpened::TYPE => {
                let blocker: BlockerOpened = event.read()?;
                self.opened_at.insert(blocker.id.clone(), event.timestamp);
                self.blockers.insert(blocker.id.clone(), blocker);
            }
            BlockerClosed::TYPE => {
                let BlockerClosed { id } = event.read()?;
                self.blockers.remove(&id);
                self.opened_at.remove(&id);
            }
            BlockerAnswered::TYPE => self.set.extend(event.read::<BlockerAnswered>()?.set),
            BudgetAdded::TYPE => {
                let added: BudgetAdded = event.read()?;
                self.budget += added.amount;
                self.month_cap = added.month_cap;
            }
            RequestTopics::TYPE => {
                // Asked again under the same id, it is the same task.
                if let Some(target) = event.targets.first()
                    && self.task(&target.stream).is_none()
                {
                    let plan = PlannedTask {
                        task: target.stream.clone(),
                        role: "cmo".into(),
                        title: "Find the questions that the catalogue can answer".into(),
                        depends_on: Vec::new(),
                        share: Amounts::ZERO,
                        proof: vec!["claims".into()],
                        slug: None,
                    };
                    self.tasks
                        .push(TaskRecord::new(plan, Some(event.timestamp)));
                }
            }
            GoalPlanned::TYPE => {
                let planned: GoalPlanned = event.read()?;
                self.plan = Some(planned.plan);
                let began = Some(event.timestamp);
                let records = planned.tasks.into_iter();
                self.tasks
                    .extend(records.map(|plan| TaskRecord::new(plan, began)));
            }
            TopicsNoted::TYPE => {
                let noted: TopicsNoted = event.read()?;
                self.refused = Some(noted.refused);
                self.products = noted.products;
                self.revised = noted.revised;
            }
            TaskAsked::TYPE => {
                let asked: TaskAsked = event.read()?;
                self.asks.insert(asked.task.clone(), asked);
            }
            BudgetAllowed::TYPE => {
                for target in &event.targets {
                    self.asks.remove(&target.stream);
                }
            }
            TaskSettled::TYPE => {
                let settled: TaskSettled = event.read()?;
                self.asks.remove(&settled.task);
                if !settled.pages.is_empty() {
                    self.pages = settled.pages;
                }
                if settled.edition.is_some() {
                    self.edition = settled.edition;
                }
                if let Some(task) = self.task_mut(&settled.task) {
                    task.state = settled.state;
                    task.spent = settled.spent;
                    task.evidence = settled.evidence;
                    task.worst_case_kept = settled.worst_case_kept;
                    task.ended = true;
                    task.finished = Some(event.timestamp);
                }
            }
            PageDropped::TYPE => {
                let dropped: PageDropped = event.read()?;
                if let Some(task) = self.task_mut(&dropped.task) {
                    "dropped".clone_into(&mut task.state);
                }
            }
            ReportReady::TYPE => self.report = Some(event.read::<ReportReady>()?.report),
            BudgetThresholdCrossed::TYPE => self
                .crossed
                .push(event.read::<BudgetThresholdCrossed>()?.threshold),
            SpendReported::TYPE => self.crossed.push(event.read::<SpendReported>()?.percent),
            GoalCompleted::TYPE => self.end("done", None),
            GoalFailed::TYPE => {
                let GoalFailed { reason } = event.read()?;
                self.end("failed", Some(reason));
            }
            GoalCancelled::TYPE => {
                let GoalCancelled { reason } = event.read()?;
                self.end(
                    "cancelled",
                    Some(Reason {
                        code: "cancelled".into(),
                        text: reason,
                    }),
                );
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, state: &str, reason: Option<Reason>) {
        state.clone_into(&mut self.state);
        self.reason = reason;
        self.paused = None;
        self.asks.clear();
    }

    /// Whether it has ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.state.as_str(), "done" | "failed" | "cancelled")
    }
}

impl TaskRecord {
    /// A task that was just asked for.
    #[must_use]
    pub fn new(plan: PlannedTask, began: Option<Timestamp>) -> Self {
        Self {
            plan,
            began,
            finished: None,
            state: "running".into(),
            spent: Amounts::ZERO,
            evidence: Vec::new(),
            worst_case_kept: Vec::new(),
            ended: false,
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
    fn apply(&mut self, event: &Envelope) -> Result<(), DomainError> {
        match event.event_type.as_str() {
            DraftAccepted::TYPE => {
                let accepted: DraftAccepted = event.read()?;
                self.asked = Some(accepted.asked);
                self.turns_allowed = 3;
            }
            EffectIntended::TYPE | EffectHeld::TYPE => {
                let wanted = if event.is::<EffectIntended>() {
                    event.read::<EffectIntended>()?.intent.wanted
                } else {
                    event.read::<EffectHeld>()?.wanted
                };
                let (turn, ordinal) = wanted.key.split_once('.').unwrap_or(("0", "0"));
                self.turn = turn.parse().unwrap_or(self.turn);
                self.repairing = ordinal != "0";
                self.rejected = false;
                if let crate::effect::EffectSpec::ModelCall { terms, .. } = wanted.spec {
                    self.offline_turn |= terms.offline && self.turn > self.turns_allowed;
                    self.model = terms.id;
                }
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

    fn apply(&mut self, event: &Envelope) -> Result<(), DomainError> {
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
