//! What a person hands in: a goal folder, checked as a whole before anything is kept.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::civil::Date;
use va_agents::{materials, plan};
use va_catalogue::{Catalogue, Format, intake};
use va_domain::{
    amounts::Amounts,
    goal_spec::GoalSpec,
    ids::{BlobId, digest_of, goal_uuid},
    model::ModelTerms,
    payload::{Brief, GoalSubmitted, MissingSetting},
};
use va_writing::{PlanInput, Topics, plan_topics};

use crate::exit::Failure;

/// A goal folder that was read and checked.
pub struct Input {
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

/// Flags that change a goal's budget.
#[derive(Clone, Debug, Default)]
pub struct BudgetFlags {
    /// `--amount`.
    pub amount: Option<String>,
    /// `--tokens`.
    pub tokens: Option<i64>,
    /// `--calls`.
    pub calls: Option<i64>,
}

impl Input {
    /// Reads `goal.toml` and what it names.
    pub fn read(folder: &Path) -> Result<Self, Failure> {
        let path = folder.join("goal.toml");
        let text = fs::read_to_string(&path).map_err(|e| {
            Failure::input(format!(
                "{} cannot be read: {e}. A goal is a folder with a goal.toml; `va new DIR` makes one",
                path.display()
            ))
        })?;
        let name = path.display().to_string();
        let spec = intake::parse_goal(&text, &name)?;
        Self::of(folder, spec, &name, &text)
    }

    /// Reads what a goal names, from this folder.
    pub fn of(
        folder: &Path,
        spec: GoalSpec,
        goal_file: &str,
        goal_text: &str,
    ) -> Result<Self, Failure> {
        let path = folder.join(&spec.catalogue.file);
        let catalogue_bytes = read_file(&path, "[catalogue] file")?;
        let format = Format::of(&spec.catalogue.file, &catalogue_bytes);
        let file = path.display().to_string();
        let catalogue = va_catalogue::read(&catalogue_bytes, format, &spec.catalogue)
            .map_err(|e| intake::IntakeError::of_catalogue(&e, &file, goal_file, goal_text))?;
        intake::check_goal_against(&spec, &catalogue).map_err(|e| e.located_in(goal_text))?;
        let set_aside = catalogue
            .rejected
            .iter()
            .map(|r| format!("{file}, line {}: {}", r.line, r.reason))
            .collect();
        let catalogue = catalogue
            .without(&spec.limits.exclude)
            .map_err(|e| intake::IntakeError::of_catalogue(&e, &file, goal_file, goal_text))?;
        let imprint = match &spec.site.imprint {
            Some(name) => Some(read_file(&folder.join(name), "[site] imprint")?),
            None => None,
        };
        if imprint
            .as_ref()
            .is_some_and(|i| std::str::from_utf8(i).is_err())
        {
            return Err(Failure::input("the imprint is not UTF-8; save it as UTF-8"));
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
    pub fn topics(&self, as_of: Date) -> Result<Topics, Failure> {
        let topics = plan_topics(&PlanInput {
            spec: &self.spec,
            catalogue: &self.catalogue,
            as_of,
        });
        if topics.requests.is_empty() {
            let why = topics
                .refused
                .first()
                .map_or("it answers no question", |r| r.reason.as_str());
            return Err(Failure::input(format!(
                "{}: no page can be made of it: {why}. Three products with two stated columns make one page",
                self.spec.catalogue.file
            )));
        }
        Ok(topics)
    }

    /// The budget, with what flags say.
    pub fn budget(&self, flags: &BudgetFlags) -> Result<Amounts, Failure> {
        let text = flags.amount.as_ref().unwrap_or(&self.spec.budget.amount);
        let micros = micros(text)?;
        Ok(Amounts::new(
            micros,
            flags.tokens.unwrap_or(self.spec.budget.tokens),
            flags.calls.unwrap_or(self.spec.budget.calls),
        ))
    }

    /// The content, part by part, so that a changed folder can be told apart and the change named.
    pub fn parts(&self) -> Result<BTreeMap<String, String>, Failure> {
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

    /// The event that submits it, and the blobs that it names.
    pub fn submission(
        &self,
        company: &str,
        as_of: Date,
        models: Vec<ModelTerms>,
        budget: Amounts,
        month_cap: i64,
    ) -> Result<(GoalSubmitted, Vec<Vec<u8>>), Failure> {
        let spec = serde_json::to_vec(&self.spec)?;
        let mut blobs = vec![spec, self.catalogue_bytes.clone()];
        blobs.extend(self.imprint.clone());
        let parts = serde_json::to_vec(&self.parts()?)?;
        let input = BlobId::of(&parts).to_string();
        blobs.push(parts);
        let goal_id = goal_uuid(company, &self.spec.goal.id);
        let brief = Brief {
            goal_id: goal_id.clone(),
            revision: 1,
            spec: BlobId::of(&blobs[0]),
            catalogue: BlobId::of(&blobs[1]),
            imprint: self.imprint.as_ref().map(|i| BlobId::of(i)),
            as_of,
            set: BTreeMap::new(),
            models,
            models_file: None,
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
            needs: self.needs.clone(),
            not_enforced: intake::not_enforced(&self.spec),
            input,
        };
        Ok((submitted, blobs))
    }

    /// The plan as a document, without committing anything.
    pub fn plan(
        &self,
        company: &str,
        as_of: Date,
        models: &[ModelTerms],
    ) -> Result<plan::PlanDocument, Failure> {
        let topics = self.topics(as_of)?;
        let goal_id = goal_uuid(company, &self.spec.goal.id);
        let streams = plan::Streams::of(&goal_id, 1);
        let mut pages = Vec::new();
        for request in &topics.requests {
            let worst = models.first().and_then(|terms| {
                materials::worst_case(
                    &materials::model_request(request, terms, "draft", None),
                    terms,
                )
            });
            pages.push(va_domain::payload::PlannedPage {
                slug: request.slug.clone(),
                title: request.title.clone(),
                topic: request.topic.clone(),
                word_count: request.word_count,
                request: BlobId::of(digest_of(&[&request.slug]).as_bytes()),
                worst: worst.unwrap_or(Amounts::ZERO),
            });
        }
        let tasks = plan::tasks(&streams, &pages);
        Ok(plan::document(
            &streams.topics(),
            &tasks,
            &topics.refused,
            &intake::not_enforced(&self.spec),
        ))
    }
}

/// A decimal amount of money as micro-units.
pub fn micros(text: &str) -> Result<i64, Failure> {
    intake::parse_micros(text)
        .map_err(|why| Failure::input(format!("`{text}` is no amount of money: {why}")))
}

fn read_file(path: &PathBuf, key: &str) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|e| {
        Failure::input(format!(
            "{} cannot be read: {e}. goal.toml names it as {key}",
            path.display()
        ))
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

/// The keys that differ, in order.
pub fn differences(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Vec<String> {
    let mut keys: Vec<String> = before
        .iter()
        .filter(|(key, value)| after.get(*key) != Some(value))
        .map(|(key, _)| key.clone())
        .chain(
            after
                .keys()
                .filter(|key| !before.contains_key(*key))
                .cloned(),
        )
        .collect();
    keys.sort();
    keys.dedup();
    keys
}
