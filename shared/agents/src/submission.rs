//! What a person hands in, checked as a whole before anything is kept: the goal, its catalogue and its imprint.
//! Where the bytes come from, a folder or a store, is the caller's.

mod changes;

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Date;
use va_catalogue::{
    Catalogue, CatalogueError, Format,
    intake::{self, IntakeError},
};
use va_domain::{
    amounts::Amounts,
    content::ContentRequest,
    envelope::Target,
    goal_spec::{GoalSpec, Priority},
    ids::{BlobId, StreamId, digest_of, goal_uuid, kind},
    model::ModelTerms,
    payload::{Brief, GoalSubmitted, MissingSetting, PlannedPage},
    revision::PageState,
};
use va_runtime::agent::{DecideError, Decision};
use va_writing::Topics;

use crate::{
    materials, plan,
    revision::{Before, Earlier, PlanOf},
};

pub use self::changes::Parts;

/// Why a goal cannot be taken as it is.
#[derive(Debug, thiserror::Error)]
pub enum SubmissionError {
    /// The goal or its catalogue.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The imprint.
    #[error("the imprint is not UTF-8; save it as UTF-8")]
    Imprint,
    /// Nothing can be made of the catalogue.
    #[error(
        "{file}: no page can be made of it: {why}. Three products with two stated columns make one page"
    )]
    NoPage {
        /// The catalogue.
        file: String,
        /// Why not.
        why: String,
    },
    /// A document cannot be written.
    #[error("a document cannot be written")]
    Write(#[from] serde_json::Error),
    /// The revision before cannot be read.
    #[error("the revision before cannot be read")]
    Before(#[from] DecideError),
}

impl SubmissionError {
    /// A stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Intake(_) => "goal_invalid",
            Self::Imprint => "imprint_encoding",
            Self::NoPage { .. } => "no_page",
            Self::Write(_) => "submission_write",
            Self::Before(_) => "revision_before",
        }
    }
}

/// What people call the files that a goal is made of, and the goal's text where lines can be named.
#[derive(Clone, Copy, Debug)]
pub struct Labels<'a> {
    /// The goal's.
    pub goal: &'a str,
    /// The goal's text; empty where it is not TOML.
    pub text: &'a str,
    /// The catalogue's.
    pub catalogue: &'a str,
}

/// A goal that was read and checked, with all that it names.
pub struct Submission {
    /// The goal, `as_of` as it was written.
    pub spec: GoalSpec,
    /// The catalogue's bytes.
    pub catalogue_bytes: Vec<u8>,
    /// The catalogue, without the rows that the goal excludes.
    pub catalogue: Arc<Catalogue>,
    /// The imprint.
    pub imprint: Option<Vec<u8>>,
    /// What only a person can give.
    pub needs: Vec<MissingSetting>,
    /// Rows that were set aside, for people.
    pub set_aside: Vec<String>,
}

impl Submission {
    /// Checks a goal against its catalogue.
    ///
    /// # Errors
    /// Where it cannot be taken.
    pub fn check(
        spec: GoalSpec,
        catalogue_bytes: Vec<u8>,
        imprint: Option<Vec<u8>>,
        labels: Labels<'_>,
    ) -> Result<Self, SubmissionError> {
        let located = |e: CatalogueError| {
            IntakeError::of_catalogue(&e, labels.catalogue, labels.goal, labels.text)
        };
        let format = Format::of(&spec.catalogue.file, &catalogue_bytes);
        let catalogue =
            va_catalogue::read(&catalogue_bytes, format, &spec.catalogue).map_err(located)?;
        intake::check_goal_against(&spec, &catalogue).map_err(|e| e.located_in(labels.text))?;
        let set_aside = catalogue
            .rejected
            .iter()
            .map(|r| format!("{}, line {}: {}", labels.catalogue, r.line, r.reason))
            .collect();
        let catalogue = catalogue.without(&spec.limits.exclude).map_err(located)?;
        if imprint
            .as_ref()
            .is_some_and(|i| std::str::from_utf8(i).is_err())
        {
            return Err(SubmissionError::Imprint);
        }
        let needs = intake::blockers(&spec, &catalogue, imprint.is_some())
            .into_iter()
            .map(|m| MissingSetting {
                key: m.key,
                text: m.text,
            })
            .collect();
        Ok(Self {
            spec,
            catalogue_bytes,
            catalogue: Arc::new(catalogue),
            imprint,
            needs,
            set_aside,
        })
    }

    /// The pages that the catalogue allows.
    ///
    /// # Errors
    /// Where there is none.
    pub fn topics(&self, as_of: Date) -> Result<Topics, SubmissionError> {
        self.topics_of(&self.plan_of(as_of, None))
    }

    fn plan_of<'a>(&'a self, as_of: Date, earlier: Option<&'a Earlier>) -> PlanOf<'a> {
        PlanOf {
            spec: &self.spec,
            catalogue: &self.catalogue,
            as_of,
            earlier,
        }
    }

    fn topics_of(&self, plan: &PlanOf<'_>) -> Result<Topics, SubmissionError> {
        let topics = plan.topics();
        if topics.requests.is_empty() {
            let refused = topics.refused.first();
            return Err(SubmissionError::NoPage {
                file: self.spec.catalogue.file.clone(),
                why: refused
                    .map_or_else(|| "it answers no question".to_owned(), |r| r.reason.clone()),
            });
        }
        Ok(topics)
    }

    /// The content, part by part, so that a changed goal can be told apart and the change named.
    ///
    /// # Errors
    /// Where it cannot be written as JSON.
    pub fn parts(&self) -> Result<Parts, SubmissionError> {
        let mut spec = self.spec.clone();
        spec.goal.as_of = None;
        let mut parts = BTreeMap::new();
        flatten("", &serde_json::to_value(&spec)?, &mut parts);
        parts.insert(
            self.spec.catalogue.file.clone(),
            BlobId::of(&self.catalogue_bytes).to_string(),
        );
        if let (Some(imprint), Some(name)) = (&self.imprint, &self.spec.site.imprint) {
            parts.insert(name.clone(), BlobId::of(imprint).to_string());
        }
        Ok(parts)
    }

    /// The event that submits it, as the first revision or the one after `before`, and the blobs that it names.
    ///
    /// # Errors
    /// Where it cannot be written as JSON.
    pub fn submission(
        &self,
        company: &str,
        as_of: Date,
        models: Vec<ModelTerms>,
        budget: Amounts,
        month_cap: i64,
        before: Option<&Before>,
    ) -> Result<(GoalSubmitted, Vec<Vec<u8>>), SubmissionError> {
        let spec = serde_json::to_vec(&self.spec)?;
        let mut blobs = vec![spec, self.catalogue_bytes.clone()];
        blobs.extend(self.imprint.clone());
        let parts = serde_json::to_vec(&self.parts()?)?;
        let input = BlobId::of(&parts).to_string();
        blobs.push(parts);
        let revision = revision_after(before);
        let goal_id = goal_uuid(company, &self.spec.goal.id, revision);
        let set = self.answered(before);
        let missing = self.needs.iter().filter(|m| !set.contains_key(&m.key));
        let needs = missing.cloned().collect();
        let brief = Brief {
            goal_id: goal_id.clone(),
            revision,
            spec: BlobId::of(&blobs[0]),
            catalogue: BlobId::of(&blobs[1]),
            imprint: self.imprint.as_ref().map(|i| BlobId::of(i)),
            as_of,
            set,
            models,
            models_file: None,
            follows: before.map(|before| before.follows.clone()),
        };
        let submitted = GoalSubmitted {
            goal_id,
            slug: self.spec.goal.id.clone(),
            brief,
            budget,
            month_cap,
            priority: self.spec.goal.priority,
            site: self.spec.site.id.clone(),
            kpis: self.spec.kpi.clone(),
            warn_at: self.spec.budget.warn_at.clone(),
            needs,
            not_enforced: intake::not_enforced(&self.spec),
            input,
        };
        Ok((submitted, blobs))
    }

    /// What is open and was answered before.
    fn answered(&self, before: Option<&Before>) -> BTreeMap<String, String> {
        let open = self.needs.iter().map(|missing| missing.key.clone());
        let answer = |key: String| Some((key.clone(), before?.set.get(&key)?.clone()));
        open.filter_map(answer).collect()
    }

    /// The plan as a document, without committing anything. `earlier` is the edition that `before` names.
    ///
    /// # Errors
    /// Where no page can be made of it.
    pub fn plan(
        &self,
        company: &str,
        as_of: Date,
        models: &[ModelTerms],
        before: Option<&Before>,
        earlier: Option<&Earlier>,
    ) -> Result<plan::PlanDocument, SubmissionError> {
        let planned = self.plan_of(as_of, earlier);
        let topics = self.topics_of(&planned)?;
        let revision = revision_after(before);
        let goal_id = goal_uuid(company, &self.spec.goal.id, revision);
        let streams = plan::Streams::of(&goal_id, revision);
        let has_imprint =
            self.imprint.is_some() || self.answered(before).contains_key("site.imprint");
        let name = |request: &ContentRequest| BlobId::of(digest_of(&[&request.slug]).as_bytes());
        let comparison = planned.comparison(&topics, has_imprint, |asked| Ok(name(asked)))?;
        let is_kept = |slug: &str| {
            let mut compared = comparison.iter().flat_map(|c| &c.pages);
            compared.any(|page| page.slug == slug && page.state == PageState::Kept)
        };
        let mut pages = Vec::new();
        for request in topics.requests.iter().filter(|r| !is_kept(&r.slug)) {
            let worst = models.first().and_then(|terms| {
                let written = materials::written(request).ok()?;
                let call = materials::model_request((request, &written), terms, "draft", None);
                materials::worst_case(&call, terms)
            });
            pages.push(PlannedPage {
                slug: request.slug.clone(),
                title: request.title.clone(),
                topic: request.topic.clone(),
                word_count: request.word_count,
                request: name(request),
                worst: worst.unwrap_or(Amounts::ZERO),
            });
        }
        let tasks = plan::tasks(&streams, &pages);
        Ok(plan::document(
            &streams.topics(),
            &tasks,
            &topics.refused,
            &intake::not_enforced(&self.spec),
            comparison.map(|comparison| {
                let follows = before.map_or(0, |before| before.follows.revision);
                plan::RevisionDocument::of(revision, follows, &comparison)
            }),
        ))
    }
}

/// The number of the revision that follows.
fn revision_after(before: Option<&Before>) -> u32 {
    before.map_or(1, |before| before.follows.revision.saturating_add(1))
}

/// The newest revision of a goal, which is numbered from 1 without gaps, and 0 where there is none. `exists` says
/// whether there is one of a number; it is asked a number of times that grows with the number's logarithm.
///
/// # Errors
/// Where `exists` does not know.
pub async fn newest_revision<E>(
    mut exists: impl AsyncFnMut(u32) -> Result<bool, E>,
) -> Result<u32, E> {
    let (mut there, mut absent) = (0, 1);
    while exists(absent).await? {
        (there, absent) = (absent, absent.saturating_mul(2));
    }
    while absent - there > 1 {
        let middle = there + (absent - there) / 2;
        if exists(middle).await? {
            there = middle;
        } else {
            absent = middle;
        }
    }
    Ok(there)
}

/// An act of the board before it is appended: its stream, what it says, and to which goal.
pub struct Act {
    /// The stream of this one act.
    pub stream: StreamId,
    /// What it says.
    pub decision: Decision,
    /// Whose turn comes first.
    pub priority: Priority,
    /// The root of what follows: the goal's stream.
    pub goal: StreamId,
}

/// The stream of the act that submits a revision of a goal. There is one for each, so of two that are handed in at the
/// same moment one is refused, and not forgotten.
#[must_use]
pub fn act_of(goal_id: &str, revision: u32) -> StreamId {
    StreamId::caused(kind::BOARD, &[goal_id, &revision.to_string()])
}

/// The act that submits a goal.
///
/// # Errors
/// Where it cannot be written as JSON.
pub fn submit(submitted: &GoalSubmitted, blobs: Vec<Vec<u8>>) -> Result<Act, DecideError> {
    let goal = StreamId::new(kind::GOAL, &submitted.goal_id)?;
    let mut decision = Decision::nothing();
    // Named by the commit, so that verification reads them with it.
    for bytes in blobs {
        decision.store(bytes);
    }
    decision.send(submitted, vec![Target::tell(goal.clone())])?;
    Ok(Act {
        stream: act_of(&submitted.goal_id, submitted.brief.revision),
        decision,
        priority: submitted.priority,
        goal,
    })
}

/// Every leaf of a document under its dotted key.
fn flatten(prefix: &str, value: &serde_json::Value, into: &mut BTreeMap<String, String>) {
    match value {
        serde_json::Value::Object(map) => {
            for (key, value) in map {
                let key = if prefix.is_empty() {
                    key.clone()
                } else {
                    format!("{prefix}.{key}")
                };
                flatten(&key, value, into);
            }
        }
        leaf => {
            into.insert(prefix.to_owned(), leaf.to_string());
        }
    }
}
