//! The CTO writes down what goes wrong: what was looked at, the runbook, and what the policy lets it do.
//!
//! Wakes on `Alert` and `AlarmChanged`, and on the board's answers; hands on nothing: an incident is for
//! people, and at most one of them is asked ([`policy`]). It changes nothing that is deployed.

pub mod policy;

use std::collections::BTreeMap;

use va_domain::{
    commit::{Answerer, Expectation},
    envelope::{Envelope, Target},
    ids::{StreamId, digest_of, kind},
    payload::{
        AlarmChanged, Alert, BlockerAnswered, BlockerClosed, BlockerOpened, IncidentNoted,
        IncidentOpened, IncidentResolved, LookedAt, Payload,
    },
    state::{IncidentBody, StreamState},
};
use va_runtime::agent::{Agent, Context, DecideError, Decision, Input, after};

use self::policy::{Action, Severity, row_for};

/// Seconds after which an unanswered question is looked at again.
const REMIND_S: i64 = 7 * 24 * 3600;
/// The code of incidents that an alarm reports.
const ALARM: &str = "alarm";
/// The most that is kept of a name or figure of a report, in characters.
const FOUND: usize = 500;
/// The most names and figures of one report.
const FINDINGS: usize = 40;

/// The chief technology officer.
#[derive(Debug)]
pub struct Cto;

/// The incident of a trouble: the same trouble is always the same stream.
#[must_use]
pub fn incident_of(code: &str, about: &str) -> StreamId {
    StreamId::caused(kind::INCIDENT, &[code, about])
}

/// One change of an alarm, as the CTO's own act: the stream that it is appended to, whatever number of
/// messages tell of it, and what it says to the alarm's incident.
///
/// # Errors
/// Where it cannot be written as JSON.
pub fn heard(change: &AlarmChanged) -> Result<(StreamId, StreamId, Decision), DecideError> {
    let incident = incident_of(ALARM, &change.alarm);
    let since = change.since.to_string();
    let act = StreamId::caused(kind::ALARM, &[&change.alarm, &since, &change.state]);
    let mut then = Decision::nothing();
    then.send(change, vec![Target::tell(incident.clone())])?;
    Ok((act, incident, then))
}

impl Agent for Cto {
    fn role(&self) -> &'static str {
        "cto"
    }

    fn takes(&self) -> &'static [&'static str] {
        &[Alert::TYPE, AlarmChanged::TYPE, BlockerAnswered::TYPE]
    }

    fn emits(&self) -> &'static [&'static str] {
        &[
            AlarmChanged::TYPE,
            IncidentOpened::TYPE,
            IncidentNoted::TYPE,
            IncidentResolved::TYPE,
            BlockerOpened::TYPE,
            BlockerClosed::TYPE,
        ]
    }

    fn decide(
        &self,
        cx: &Context<'_>,
        state: &StreamState,
        input: &Input<'_>,
    ) -> Result<Decision, DecideError> {
        let Some(body) = state.body.incident() else {
            return Ok(Decision::nothing());
        };
        let mut desk = Desk {
            cx,
            state,
            body,
            then: Decision::nothing(),
        };
        match input {
            Input::Event { event, .. } if event.is::<Alert>() => desk.alert(event)?,
            Input::Event { event, .. } if event.is::<AlarmChanged>() => desk.alarm(event)?,
            Input::Event { event, .. } if event.is::<BlockerAnswered>() => {
                desk.answered(&event.read()?)?;
            }
            Input::Due(expectation) => desk.remind(expectation),
            _ => {}
        }
        Ok(desk.then)
    }
}

/// A trouble as it was reported.
struct Report {
    code: String,
    source: String,
    severity: String,
    summary: String,
    runbook: Option<String>,
    looked_at: Vec<LookedAt>,
    /// Whether it was over before it was heard of.
    is_over: bool,
}

/// One decision in the making.
struct Desk<'a> {
    cx: &'a Context<'a>,
    state: &'a StreamState,
    body: &'a IncidentBody,
    then: Decision,
}

impl Desk<'_> {
    fn alert(&mut self, event: &Envelope) -> Result<(), DecideError> {
        let alert: Alert = event.read()?;
        let mut looked_at = vec![
            found("event", &event.event_id),
            found("sender", &event.source_agent),
        ];
        looked_at.extend(all(&alert.context));
        let code = alert.context.get("code");
        self.report(Report {
            code: code.map_or_else(|| "alert".to_owned(), |code| clipped(code)),
            source: event.stream.to_string(),
            severity: alert.severity,
            summary: clipped(&alert.message),
            runbook: None,
            looked_at,
            is_over: false,
        })
    }

    fn alarm(&mut self, event: &Envelope) -> Result<(), DecideError> {
        let change: AlarmChanged = event.read()?;
        let is_newest = self.body.changed.is_none_or(|known| change.since > known);
        // Kept in the incident's own stream, so that the order of the watcher's clock is known again.
        self.then.note(&change)?;
        let mut looked_at = vec![
            found("event", &event.event_id),
            found("alarm", &change.alarm),
            found("state", &format!("{} since {}", change.state, change.since)),
        ];
        looked_at.extend(all(&change.context));
        if self.body.occurrences > 0 {
            let before = self.body.occurrences.to_string();
            looked_at.push(found("earlier occurrences", &before));
        }
        match change.state.as_str() {
            "ALARM" => self.report(Report {
                code: ALARM.into(),
                source: change.alarm,
                severity: change.severity,
                summary: clipped(&change.reason),
                runbook: change.runbook,
                looked_at,
                is_over: !is_newest,
            }),
            "OK" if self.body.open && is_newest => self.resolve("the alarm is over"),
            _ => Ok(()),
        }
    }

    /// Opens the incident, or adds to it while it is open.
    fn report(&mut self, report: Report) -> Result<(), DecideError> {
        if self.body.open {
            let Report {
                summary, looked_at, ..
            } = report;
            self.then.note(&IncidentNoted { summary, looked_at })?;
            return Ok(());
        }
        let row = row_for(&report.code, Severity::of(&report.severity));
        let opened = IncidentOpened {
            code: report.code,
            source: clipped(&report.source),
            severity: clipped(&report.severity),
            summary: report.summary,
            runbook: report
                .runbook
                .filter(|path| is_runbook(path))
                .unwrap_or_else(|| row.runbook.to_owned()),
            looked_at: report.looked_at,
            action: row.action.name().to_owned(),
        };
        self.then.note(&opened)?;
        if report.is_over {
            return self.resolve("a newer change of the alarm was heard of before");
        }
        if row.action == Action::AskBoard {
            self.ask(&opened)?;
        }
        Ok(())
    }

    fn ask(&mut self, incident: &IncidentOpened) -> Result<(), DecideError> {
        let occurrence = (self.body.occurrences + 1).to_string();
        let id = digest_of(&[self.state.stream.as_str(), &occurrence])[..8].to_owned();
        self.then.note(&BlockerOpened {
            id: id.clone(),
            kind: "incident".into(),
            text: format!(
                "{}; {} says what to do, and an answer closes the incident",
                incident.summary, incident.runbook
            ),
            needs: Vec::new(),
            task: None,
            expires_at: None,
        })?;
        self.then.opens.push(Expectation {
            id: expectation_of(&id),
            from: Answerer::Person,
            deadline: after(self.cx.now, REMIND_S),
            attempt: 1,
            ask: None,
        });
        Ok(())
    }

    fn answered(&mut self, answer: &BlockerAnswered) -> Result<(), DecideError> {
        let asked = self.body.blocker.as_ref();
        if asked.is_none_or(|blocker| blocker.id != answer.blocker) {
            return Ok(());
        }
        let note = answer.note.as_deref().unwrap_or("looked at");
        self.resolve(&format!("the board: {}", clipped(note)))
    }

    fn resolve(&mut self, reason: &str) -> Result<(), DecideError> {
        if let Some(blocker) = &self.body.blocker {
            self.then.closes.push(expectation_of(&blocker.id));
            let id = blocker.id.clone();
            self.then.note(&BlockerClosed { id })?;
        }
        let reason = reason.to_owned();
        self.then.note(&IncidentResolved { reason })?;
        Ok(())
    }

    /// Nobody has answered: the question stays.
    fn remind(&mut self, expectation: &Expectation) {
        self.then.opens.push(Expectation {
            deadline: after(self.cx.now, REMIND_S),
            attempt: expectation.attempt + 1,
            ..expectation.clone()
        });
    }
}

fn expectation_of(blocker: &str) -> String {
    format!("blocker:{blocker}")
}

fn found(what: &str, found: &str) -> LookedAt {
    LookedAt {
        what: clipped(what),
        found: clipped(found),
    }
}

fn all(context: &BTreeMap<String, String>) -> impl Iterator<Item = LookedAt> {
    let known = context.iter().filter(|(what, _)| *what != "code");
    known.take(FINDINGS).map(|(what, f)| found(what, f))
}

/// A text from outside, short and without control characters.
fn clipped(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(FOUND).collect()
}

/// Whether a path names a runbook and nothing else.
fn is_runbook(path: &str) -> bool {
    path.strip_prefix("docs/runbooks/")
        .and_then(|rest| rest.strip_suffix(".md"))
        .is_some_and(|name| {
            (1..=100).contains(&name.len())
                && name
                    .bytes()
                    .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        })
}

#[cfg(test)]
mod tests;
