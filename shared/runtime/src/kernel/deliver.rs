//! One event reaches one stream. Whether it is a duplicate is decided by structure: by what the stream
//! waits for, what it has answered, and the newest report that it has seen; never by a list of ids.

use std::sync::Arc;

use va_domain::{
    account::{Entry, Figure},
    commit::{Answerer, Begins},
    envelope::{Actor, Ask, Envelope, EventPos, Target},
    ids::{StreamId, kind},
    payload::{CancelTask, Payload, TaskCancelled, TaskPaused, TaskResumed},
    state::StreamState,
};

use super::{
    Kernel, KernelError,
    draft::{Cause, Draft},
};
use crate::agent::{BlobView, Context, Decision, Input, NewEvent};

impl Kernel {
    pub(super) async fn deliver(
        &self,
        draft: &mut Draft<'_>,
        event: &Arc<Envelope>,
    ) -> Result<(), KernelError> {
        let Some(target) = event.targets.iter().find(|t| t.stream == *draft.stream()) else {
            return Err(KernelError::Rule {
                what: format!("{} is not for {}", event.event_id, draft.stream()),
            });
        };
        if event.company != self.identity().company {
            return Err(KernelError::Rule {
                what: format!("{} is another company's", event.event_id),
            });
        }
        draft.caused_by(Some(Cause::of(event)));
        let money = take_figure(draft, event, target)?;
        if self.is_new_to(draft, event, target).await? {
            if draft.is_new() && event.grant.is_some() {
                draft.learn(Begins {
                    parent: None,
                    grant: event.grant.clone(),
                });
            }
            let answered = target
                .answers
                .as_deref()
                .filter(|id| draft.state().expectations.contains_key(*id));
            if self.kernel_event(draft, event, answered)? {
                // Pausing and cancelling are the kernel's, the same for every task.
            } else {
                let input = Input::Event { event, target };
                let decision = self.decide(draft, &input).await?;
                if !decision.is_empty() && target.answers.is_none() {
                    draft.saw(report_of(event), position(event))?;
                }
                draft.decided(decision, answered)?;
            }
        } else if money && draft.state().ended.is_none() {
            let decision = self.decide(draft, &Input::Money).await?;
            draft.decided(decision, None)?;
        }
        if money {
            self.release(draft)?;
        }
        Ok(())
    }

    /// Whether the event says something that the stream does not know yet. A question that was answered
    /// and is asked again, because the answer was lost, is answered again in passing.
    async fn is_new_to(
        &self,
        draft: &mut Draft<'_>,
        event: &Envelope,
        target: &Target,
    ) -> Result<bool, KernelError> {
        if let Some(ask) = &target.asks
            && self.was_answered(draft, event, ask).await?
        {
            return Ok(false);
        }
        let state = draft.state();
        if target
            .answers
            .as_ref()
            .is_some_and(|id| state.expectations.contains_key(id))
        {
            return Ok(true);
        }
        // An answer to what is no longer, or not yet, expected.
        if target.answers.is_some() {
            return Ok(false);
        }
        Ok(state
            .seen
            .get(&report_of(event))
            .is_none_or(|seen| *seen < position(event)))
    }

    /// Takes account of a question. One that is asked again because its answer was lost is answered again,
    /// once for each time that it is asked.
    async fn was_answered(
        &self,
        draft: &mut Draft<'_>,
        event: &Envelope,
        ask: &Ask,
    ) -> Result<bool, KernelError> {
        let asked = asked_by(&event.stream, ask);
        let state = draft.state();
        let times = state.seen.get(&asked).map_or(1, |seen| seen.0);
        let answer = state
            .answers
            .get(&format!("{}|{}", event.stream, ask.expectation))
            .copied();
        let again = u64::from(ask.attempt) > times;
        if again {
            draft.heard(asked, EventPos(u64::from(ask.attempt), 0))?;
            if draft.state().parent.as_ref() == Some(&event.stream) {
                draft.report();
            }
        }
        if let (Some(at), true) = (answer, again) {
            self.answer_again(draft, at, &event.stream).await?;
        }
        Ok(answer.is_some())
    }

    async fn answer_again(
        &self,
        draft: &mut Draft<'_>,
        at: EventPos,
        asker: &StreamId,
    ) -> Result<(), KernelError> {
        let said = self.own_event(draft, at).await?;
        let targets: Vec<Target> = said
            .targets
            .iter()
            .filter(|t| t.stream == *asker)
            .cloned()
            .collect();
        draft.emit(repeat(&said, targets))?;
        Ok(())
    }

    /// What every task does in the same way. Answers whether that was all.
    fn kernel_event(
        &self,
        draft: &mut Draft<'_>,
        event: &Envelope,
        answered: Option<&str>,
    ) -> Result<bool, KernelError> {
        if !draft.stream().kind().starts_with(kind::TASK) {
            return Ok(false);
        }
        let pausing = match event.event_type.as_str() {
            CancelTask::TYPE => {
                if draft.state().ended.is_none() && draft.state().cancelling.is_none() {
                    draft.emit(copy(event))?;
                    self.cancel(draft)?;
                }
                return Ok(true);
            }
            TaskPaused::TYPE => !draft.state().paused,
            TaskResumed::TYPE => draft.state().paused,
            _ => return Ok(draft.state().ended.is_some() && answered.is_none()),
        };
        if pausing && draft.state().ended.is_none() {
            draft.saw(report_of(event), position(event))?;
            draft.emit(copy(event))?;
            self.release(draft)?;
        }
        Ok(true)
    }

    /// Ends a task that is to be cancelled, once nothing is in flight.
    pub(super) fn cancel(&self, draft: &mut Draft<'_>) -> Result<(), KernelError> {
        let state = draft.state();
        let waiting: Vec<String> = state
            .expectations
            .values()
            .filter(|e| !matches!(e.from, Answerer::Runner { .. }))
            .map(|e| e.id.clone())
            .collect();
        for id in waiting {
            draft.close(&id)?;
        }
        if draft.wait_for_flights()? {
            return Ok(());
        }
        self.abandon_effects(draft)?;
        let state = draft.state();
        let (Some(goal), Some(reason)) = (goal_of(state), state.cancelling.clone()) else {
            return Ok(());
        };
        let payload = TaskCancelled {
            reason,
            worst_case_kept: state.worst_case_kept.clone(),
        };
        let mut end = Decision::nothing();
        let _ = end
            .send(
                &payload,
                vec![Target::tell(goal).answering(format!("end:{}", draft.stream()))],
            )
            .map_err(|e| draft.rule(e))?;
        draft.decided(end, None)
    }

    pub(super) async fn decide(
        &self,
        draft: &Draft<'_>,
        input: &Input<'_>,
    ) -> Result<Decision, KernelError> {
        let agent = self.agent_for(draft.stream())?;
        let mut view = BlobView::default();
        loop {
            let needed = agent
                .needs(draft.state(), input, &view)
                .map_err(|e| draft.rule(e))?;
            let missing: Vec<_> = needed.into_iter().filter(|id| !view.has(id)).collect();
            if missing.is_empty() {
                break;
            }
            for id in missing {
                let blob = self.blob_for(draft, &id).await?;
                view.insert(id, blob);
            }
        }
        let cx = Context {
            now: draft.now,
            company: &self.identity().company,
            env: &self.identity().env,
            blobs: &view,
        };
        agent
            .decide(&cx, draft.state(), input)
            .map_err(|e| draft.rule(e))
    }
}

/// Takes the money that came with an event, however old the event is: figures only grow.
fn take_figure(
    draft: &mut Draft<'_>,
    event: &Envelope,
    target: &Target,
) -> Result<bool, KernelError> {
    match target.figure {
        Some(Figure::Allowed(total)) => {
            if draft.state().parent.is_none() {
                draft.learn(Begins {
                    parent: Some(event.stream.clone()),
                    grant: None,
                });
            }
            let before = draft.state().account.allowed;
            if draft.state().parent.as_ref() == Some(&event.stream) && before.max(total) != before {
                draft.enter(Entry::Receive { total })?;
                return Ok(true);
            }
        }
        Some(Figure::Used {
            returned,
            spent,
            closed,
        }) => {
            if let Some(edge) = draft.state().account.edges.get(&event.stream).copied() {
                let newer = edge.returned.max(returned) != edge.returned
                    || edge.spent.max(spent) != edge.spent;
                // What was allowed and has not arrived there yet will still come back.
                let used = edge.returned.max(returned) + edge.spent.max(spent);
                let closed = closed && used.covers(&edge.allowed);
                if newer || closed {
                    draft.enter(Entry::Child {
                        child: event.stream.clone(),
                        returned,
                        spent,
                        closed,
                    })?;
                    return Ok(true);
                }
            }
        }
        None => {}
    }
    Ok(false)
}

/// The goal that a task belongs to.
pub(super) fn goal_of(state: &StreamState) -> Option<StreamId> {
    state.parent.clone()
}

fn position(event: &Envelope) -> EventPos {
    let n = event
        .event_id
        .rsplit_once('.')
        .and_then(|(_, n)| n.parse().ok())
        .unwrap_or(0);
    EventPos(event.version, n)
}

fn report_of(event: &Envelope) -> String {
    format!("{}|{}", event.stream, event.event_type)
}

fn asked_by(stream: &StreamId, ask: &Ask) -> String {
    format!("{stream}|ask:{}", ask.expectation)
}

/// The same fact again, in this stream and for nobody.
fn copy(event: &Envelope) -> NewEvent {
    let mut copy = repeat(event, Vec::new());
    copy.grant = None;
    copy
}

/// The same fact again, for these.
pub(super) fn repeat(event: &Envelope, targets: Vec<Target>) -> NewEvent {
    let known = va_domain::payload::known(&event.event_type);
    NewEvent {
        event_type: known.map_or("Unknown", |(name, _)| name),
        schema_version: event.schema_version,
        payload: event.payload.clone(),
        targets,
        grant: event.grant.clone(),
        actor: Actor::Agent,
    }
}
