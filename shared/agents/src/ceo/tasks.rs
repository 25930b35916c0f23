//! The goal's tasks: planned once, settled one by one, reported together.

use std::sync::Arc;

use va_domain::{
    account::Figure,
    amounts::Amounts,
    content::RefusedTopic,
    effect::{EffectClass, EffectSpec, TaskSpan, WantedEffect},
    envelope::Target,
    ids::{BlobId, StreamId, kind},
    payload::{
        Brief, ContentRejected, ContentRequest, GoalPlanned, KeptCharge, PlannedTask, Reason,
        ReportReady, RequestLinks, RequestPublish, RequestReview, ReviewMember, TaskCancelled,
        TaskCompleted, TaskFailed, TaskPaused, TaskSettled, TopicsCompleted, TopicsNoted,
    },
    state::TaskRecord,
};
use va_runtime::agent::{DecideError, after};

use super::Office;
use crate::{
    WORK_S, blocker_of, end_of,
    plan::{self, RevisionDocument},
    report::{self, History},
    revision,
};

/// Seconds that writing the report may take.
const REPORT_S: u32 = 60;

impl Office<'_> {
    /// Plans the goal: one commit that asks every task at once and names who waits for whom.
    pub(super) fn plan(
        &mut self,
        topics: &StreamId,
        found: TopicsCompleted,
    ) -> Result<(), DecideError> {
        let Some(asked) = self.body.asked.clone() else {
            return Ok(());
        };
        if self.body.plan.is_some() || self.body.task(topics).is_none_or(|t| t.ended) {
            return Ok(());
        }
        self.then.note(&TopicsNoted {
            refused: found.refused.clone(),
            products: found.products,
            revised: found.revised.clone(),
        })?;
        self.body.refused = Some(found.refused.clone());
        self.body.revised.clone_from(&found.revised);
        self.settle(topics, "done", Amounts::ZERO, End::default())?;
        if self.is_stopping() {
            return self.finish();
        }
        let mut brief = asked.brief.clone();
        brief.set.clone_from(&self.body.set);
        let streams = plan::Streams::of(&asked.goal_id, brief.revision);
        let tasks = plan::tasks(&streams, &found.pages);
        plan::check(&[streams.topics()], &tasks).map_err(|e| DecideError::Rule {
            what: format!("the plan does not hold together: {e}"),
        })?;
        let refused: Arc<Vec<RefusedTopic>> = self.cx.blobs.json(&found.refused)?;
        let comparison = revision::comparison(found.revised.as_ref(), self.cx.blobs)?;
        let follows = brief.follows.as_ref().map_or(0, |f| f.revision);
        let revised =
            comparison.map(|compared| RevisionDocument::of(brief.revision, follows, &compared));
        let document = plan::document(
            &streams.topics(),
            &tasks,
            &refused,
            &asked.not_enforced,
            revised,
        );
        let stored = self.then.store_json(&document)?;
        self.then.note(&GoalPlanned {
            plan: stored.clone(),
            tasks: tasks.clone(),
        })?;
        self.body.plan = Some(stored);
        self.state("running", None)?;

        for (page, task) in found.pages.iter().zip(&tasks) {
            // Whole shares in plan order: a later page gets nothing while an earlier one waits.
            let fits = self.available.covers(&task.share);
            let share = if fits { task.share } else { Amounts::ZERO };
            let request = ContentRequest {
                content_id: task.task.id().to_owned(),
                topic: page.topic.clone(),
                word_count: page.word_count,
                slug: page.slug.clone(),
                title: page.title.clone(),
                request: page.request.clone(),
                models: brief.models.clone(),
                review: streams.review(),
                goal_id: asked.goal_id.clone(),
            };
            self.ask(task, share, &request)?;
        }
        let members = found
            .pages
            .iter()
            .zip(&tasks)
            .map(|(page, task)| ReviewMember {
                task: task.task.clone(),
                slug: page.slug.clone(),
                request: page.request.clone(),
            })
            .collect();
        let [review, links, publish] = &tasks[found.pages.len()..] else {
            return Ok(());
        };
        self.ask_others(&brief, members, [review, links, publish], &asked.site)?;
        let began = Some(self.cx.now);
        let records = tasks.iter().cloned();
        self.body
            .tasks
            .extend(records.map(|plan| Arc::new(TaskRecord::new(plan, began))));
        if self.body.paused.is_some() {
            let told = self.open_tasks().into_iter().map(Target::tell).collect();
            self.then.send(
                &TaskPaused {
                    reason: "the goal is paused".into(),
                },
                told,
            )?;
        }
        Ok(())
    }

    fn ask_others(
        &mut self,
        brief: &Brief,
        members: Vec<ReviewMember>,
        [review, links, publish]: [&PlannedTask; 3],
        site: &str,
    ) -> Result<(), DecideError> {
        let (links_stream, publish_stream) = (links.task.clone(), publish.task.clone());
        let request = RequestReview {
            brief: brief.clone(),
            members,
            links: links_stream.clone(),
            publish: publish_stream.clone(),
            revised: self.body.revised.clone(),
        };
        self.ask(review, Amounts::ZERO, &request)?;
        let request = RequestLinks {
            brief: brief.clone(),
            review: review.task.clone(),
            publish: publish_stream,
        };
        self.ask(links, Amounts::ZERO, &request)?;
        let site = StreamId::new(kind::SITE, site)?;
        let request = RequestPublish {
            brief: brief.clone(),
            review: review.task.clone(),
            site,
            revised: self.body.revised.clone(),
        };
        self.ask(publish, Amounts::ZERO, &request)
    }

    /// Asks a task and waits for its end.
    fn ask<P: va_domain::payload::Payload>(
        &mut self,
        task: &PlannedTask,
        share: Amounts,
        request: &P,
    ) -> Result<(), DecideError> {
        self.allow(&task.task, share);
        self.then
            .expect(end_of(&task.task), &task.task, after(self.cx.now, WORK_S));
        let target = Target::tell(task.task.clone())
            .asking(end_of(&task.task))
            .with(Figure::Allowed(share));
        self.then.send(request, vec![target])?.grant = Some(plan::grant(&task.role));
        Ok(())
    }

    /// A draft was rejected for the last time: the board decides.
    pub(super) fn draft_rejected(
        &mut self,
        task: &StreamId,
        rejected: &ContentRejected,
    ) -> Result<(), DecideError> {
        let Some(record) = self.body.task(task).filter(|t| !t.ended) else {
            return Ok(());
        };
        let id = blocker_of(task, rejected.turns);
        // Asked again, the board has the question already, or has answered by leaving the page out.
        if self.is_stopping() || record.state == "dropped" || self.body.blockers.contains_key(&id) {
            return Ok(());
        }
        let text = format!(
            "“{}” was rejected after {} turns: {}. `va unblock {id}` gives it three more; with `--set drop=true` the page is left out",
            rejected.slug, rejected.turns, rejected.reason
        );
        self.ask_person(
            id,
            "draft_rejected",
            text.chars().take(2000).collect(),
            Vec::new(),
            Some(task.clone()),
        )?;
        let reason = Reason {
            code: "blocker".into(),
            text: format!("“{}” waits for the board", rejected.slug),
        };
        self.state("waiting_person", Some(reason))?;
        self.allocate()
    }

    pub(super) fn completed(
        &mut self,
        task: &StreamId,
        target: &Target,
        done: TaskCompleted,
    ) -> Result<(), DecideError> {
        let end = End {
            evidence: done.evidence,
            pages: done.pages,
            kept: done.worst_case_kept,
            edition: done.edition,
        };
        self.settle(task, "done", spent(target), end)?;
        self.after_end()
    }

    pub(super) fn failed(
        &mut self,
        task: &StreamId,
        target: &Target,
        failed: TaskFailed,
    ) -> Result<(), DecideError> {
        self.settle(
            task,
            "failed",
            spent(target),
            End {
                kept: failed.worst_case_kept,
                ..End::default()
            },
        )?;
        if !self.is_stopping() {
            self.state("failing", Some(failed.reason.clone()))?;
            self.cancel_tasks(&failed.reason.text)?;
        }
        self.after_end()
    }

    pub(super) fn cancelled(
        &mut self,
        task: &StreamId,
        target: &Target,
        end: TaskCancelled,
    ) -> Result<(), DecideError> {
        let dropped = self.body.task(task).is_some_and(|t| t.state == "dropped");
        let state = if dropped { "dropped" } else { "cancelled" };
        self.settle(
            task,
            state,
            spent(target),
            End {
                kept: end.worst_case_kept,
                ..End::default()
            },
        )?;
        let pages = || self.body.tasks.iter().filter(|t| t.plan.slug.is_some());
        let kept = self.body.revised.as_ref().map_or(0, |r| r.kept);
        if !self.is_stopping()
            && kept == 0
            && pages().count() > 0
            && pages().all(|t| t.state == "dropped")
        {
            let reason = Reason {
                code: "no_page".into(),
                text: "every page was left out".into(),
            };
            self.state("failing", Some(reason.clone()))?;
            self.cancel_tasks(&reason.text)?;
        }
        self.after_end()
    }

    fn after_end(&mut self) -> Result<(), DecideError> {
        self.report_spending()?;
        self.allocate()?;
        self.finish()
    }

    /// Takes account of a task's end, once.
    fn settle(
        &mut self,
        task: &StreamId,
        state: &str,
        spent: Amounts,
        end: End,
    ) -> Result<(), DecideError> {
        let Some(record) = self.body.task_mut(task).filter(|t| !t.ended) else {
            return Ok(());
        };
        state.clone_into(&mut record.state);
        record.spent = spent;
        record.ended = true;
        record.evidence.clone_from(&end.evidence);
        record.worst_case_kept.clone_from(&end.kept);
        self.body.asks.remove(task);
        if !end.pages.is_empty() {
            self.body.pages.clone_from(&end.pages);
        }
        if end.edition.is_some() {
            self.body.edition.clone_from(&end.edition);
        }
        self.then.note(&TaskSettled {
            task: task.clone(),
            state: state.to_owned(),
            spent,
            evidence: end.evidence,
            pages: end.pages,
            worst_case_kept: end.kept,
            edition: end.edition,
        })?;
        Ok(())
    }

    /// Once every task has ended: the report, or the word that all is over.
    pub(super) fn finish(&mut self) -> Result<(), DecideError> {
        if self.body.is_over() || self.body.report.is_some() || !self.open_tasks().is_empty() {
            return Ok(());
        }
        if let Some(reason) = self.body.cancelling.clone() {
            return self.end_cancelled(reason);
        }
        if self.body.paused.is_some() && self.body.failing.is_none() {
            // All the work has ended meanwhile; the goal's own end waits for whoever paused it.
            return Ok(());
        }
        if self.body.plan.is_none() && self.body.failing.is_none() {
            return Ok(());
        }
        let refused = match &self.body.refused {
            Some(blob) => Vec::clone(&*self.cx.blobs.json(blob)?),
            None => Vec::new(),
        };
        let end = if self.body.failing.is_some() {
            "failed"
        } else {
            "done"
        };
        let history = History::read(&self.body, self.cx.blobs)?;
        let result = report::result(self.state, &self.body, end, refused, &history);
        let stored = self.then.store_json(&result)?;
        self.then.note(&ReportReady {
            report: stored.clone(),
        })?;
        let goal_id = self
            .body
            .asked
            .as_ref()
            .map_or_else(String::new, |a| a.goal_id.clone());
        self.then.effects.push(WantedEffect {
            key: "report".into(),
            class: EffectClass::Write,
            spec: EffectSpec::WriteReport {
                goal_id,
                result: stored,
                started: self.body.started.unwrap_or(self.cx.now),
                spans: self.spans(),
            },
            worst: Amounts::ZERO,
            timeout_s: REPORT_S,
        });
        Ok(())
    }
}

impl Office<'_> {
    /// When each task was asked for and when its end was heard of; the last may be ending only now.
    fn spans(&self) -> Vec<TaskSpan> {
        let records = self.body.tasks.iter();
        let span = |record: &Arc<TaskRecord>| {
            Some(TaskSpan {
                task: record.plan.task.id().to_owned(),
                from: record.began?,
                to: record.finished.unwrap_or(self.cx.now),
            })
        };
        records.filter_map(span).collect()
    }
}

/// What a task's end brings with it.
#[derive(Default)]
struct End {
    evidence: Vec<va_domain::payload::ArtifactEvidence>,
    pages: Vec<va_domain::payload::PublishedPage>,
    kept: Vec<KeptCharge>,
    edition: Option<BlobId>,
}

fn spent(target: &Target) -> Amounts {
    match target.figure {
        Some(Figure::Used { spent, .. }) => spent,
        _ => Amounts::ZERO,
    }
}
