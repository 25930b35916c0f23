use jiff::Timestamp;
use serde_json::json;
use va_domain::{commit::CommitBody, payload::Payload};
use va_runtime::agent::BlobView;

use super::*;

const AT: &str = "2026-11-20T10:00:00Z";

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn event<P: Payload>(stream: &str, version: u64, payload: &P) -> Envelope {
    serde_json::from_value(json!({
        "event_type": P::TYPE, "schema_version": 1, "event_id": format!("{stream}@{version}.0"), "company": "acme",
        "home": "hq", "epoch": 0, "source_agent": "va-agent-ceo-test", "agent_id": "va-agent-ceo-test", "actor": "agent",
        "priority": "P1", "depth": 1, "timestamp": AT, "correlation_id": "goal/g",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "stream": stream, "version": version,
        "payload": serde_json::to_value(payload).expect("JSON"),
    }))
    .expect("an envelope")
}

fn change(state: &str, since: &str, severity: &str) -> AlarmChanged {
    AlarmChanged {
        alarm: "va-test-ceo-errors-alarm".into(),
        state: state.into(),
        since: time(since),
        severity: severity.into(),
        reason: "1 datapoint was greater than the threshold\n\u{1b}[31m".into(),
        runbook: Some("docs/runbooks/function-errors.md".into()),
        context: BTreeMap::from([("metric".into(), "Errors".into())]),
    }
}

/// Folds what is decided on these events, one after another; answers all that was said.
fn told(inputs: &[Envelope]) -> (StreamState, Vec<(String, serde_json::Value)>) {
    let mut state = StreamState::new(incident_of("test", "x"));
    let mut said = Vec::new();
    for input in inputs {
        let target = Target::tell(state.stream.clone());
        let cx = Context {
            now: time(AT),
            company: "acme",
            env: "test",
            blobs: &BlobView::default(),
        };
        let input = Input::Event {
            event: input,
            target: &target,
        };
        let then = Cto.decide(&cx, &state, &input).expect("a decision");
        let version = state.version + 1;
        let events: Vec<Envelope> = then
            .events
            .iter()
            .enumerate()
            .map(|(n, new)| {
                said.push((new.event_type.to_owned(), new.payload.read().expect("JSON")));
                let mut event = event(
                    state.stream.as_str(),
                    version,
                    &IncidentResolved {
                        reason: String::new(),
                    },
                );
                event.event_type = new.event_type.to_owned();
                event.event_id = format!("{}@{version}.{n}", state.stream);
                event.payload = new.payload.clone();
                event
            })
            .collect();
        if then.is_empty() {
            continue;
        }
        let body = CommitBody {
            commit_id: format!("c{version}"),
            company: "acme".into(),
            stream: state.stream.clone(),
            version,
            at: time(AT),
            begins: None,
            events,
            opens: then.opens,
            closes: then.closes,
            entries: Vec::new(),
            seen: Vec::new(),
            blobs: Vec::new(),
            state: None,
        };
        state.apply(&body).expect("a fold");
    }
    (state, said)
}

fn types(said: &[(String, serde_json::Value)]) -> Vec<&str> {
    said.iter().map(|(name, _)| name.as_str()).collect()
}

fn alert(code: &str, severity: &str) -> Envelope {
    let context = BTreeMap::from([("code".into(), code.into()), ("goal".into(), "g".into())]);
    event(
        "goal/g",
        7,
        &Alert {
            severity: severity.into(),
            message: "a provider charged more than its worst case".into(),
            context,
        },
    )
}

fn answer(blocker: &str) -> Envelope {
    event(
        "board/b",
        1,
        &BlockerAnswered {
            blocker: blocker.into(),
            set: BTreeMap::new(),
            note: Some("restored".into()),
        },
    )
}

#[test]
fn an_alert_is_written_down_with_what_was_looked_at_and_the_runbook() {
    let (state, said) = told(&[alert("overrun", "critical")]);
    assert_eq!(types(&said), ["IncidentOpened"]);
    let opened = state.body.incident().and_then(|b| b.opened.clone());
    let opened = opened.expect("an incident");
    assert_eq!(opened.runbook, "docs/runbooks/overrun.md");
    assert_eq!(
        (opened.action.as_str(), opened.source.as_str()),
        ("record", "goal/g")
    );
    let looked: Vec<&str> = opened.looked_at.iter().map(|l| l.what.as_str()).collect();
    assert_eq!(looked, ["event", "sender", "goal"]);
}

#[test]
fn a_changed_journal_asks_the_board_and_its_answer_closes_the_incident() {
    let (state, said) = told(&[alert("journal_changed", "critical")]);
    assert_eq!(types(&said), ["IncidentOpened", "BlockerOpened"]);
    let blocker = said[1].1["id"].as_str().expect("an id").to_owned();
    assert!(state.expectations.contains_key(&expectation_of(&blocker)));
    let inputs = [
        alert("journal_changed", "critical"),
        answer("other"),
        answer(&blocker),
    ];
    let (state, said) = told(&inputs);
    assert_eq!(
        types(&said)[2..],
        ["BlockerClosed", "IncidentResolved"],
        "another blocker's answer changes nothing"
    );
    assert!(state.expectations.is_empty());
    assert!(
        state
            .body
            .incident()
            .is_some_and(|body| !body.open && body.blocker.is_none())
    );
}

#[test]
fn an_alarm_opens_is_added_to_and_ends_with_ok_and_opens_again() {
    let alarms = [
        change("ALARM", "2026-11-20T10:00:00Z", "warning"),
        change("INSUFFICIENT_DATA", "2026-11-20T10:01:00Z", "warning"),
        change("ALARM", "2026-11-20T10:02:00Z", "warning"),
        change("OK", "2026-11-20T10:03:00Z", "warning"),
        change("ALARM", "2026-11-20T10:04:00Z", "warning"),
    ];
    let events: Vec<Envelope> = (1..)
        .zip(&alarms)
        .map(|(n, c)| event(&format!("alarm/a{n}"), 1, c))
        .collect();
    let (state, said) = told(&events);
    let without: Vec<&str> = types(&said)
        .into_iter()
        .filter(|t| *t != "AlarmChanged")
        .collect();
    assert_eq!(
        without,
        [
            "IncidentOpened",
            "IncidentNoted",
            "IncidentResolved",
            "IncidentOpened"
        ]
    );
    let body = state.body.incident().expect("an incident");
    assert!(body.open && body.occurrences == 2);
    let opened = body.opened.as_ref().expect("opened");
    assert_eq!(opened.runbook, "docs/runbooks/function-errors.md");
    assert!(
        !opened.summary.contains('\u{1b}'),
        "text from outside is plain"
    );
}

#[test]
fn changes_that_come_in_the_wrong_order_leave_no_open_incident() {
    let ok = event(
        "alarm/2",
        1,
        &change("OK", "2026-11-20T10:03:00Z", "critical"),
    );
    let alarm = event(
        "alarm/1",
        1,
        &change("ALARM", "2026-11-20T10:00:00Z", "critical"),
    );
    let (state, said) = told(&[ok, alarm]);
    assert_eq!(
        types(&said),
        [
            "AlarmChanged",
            "AlarmChanged",
            "IncidentOpened",
            "IncidentResolved"
        ]
    );
    assert!(state.body.incident().is_some_and(|body| !body.open));
    assert!(
        state.expectations.is_empty(),
        "nobody is asked about what is over"
    );
}

#[test]
fn the_same_change_is_the_same_act_and_another_is_not() {
    let one = change("ALARM", "2026-11-20T10:00:00Z", "warning");
    let (act, incident, _) = heard(&one).expect("an act");
    let (again, ..) = heard(&one).expect("an act");
    let (other, same_incident, _) =
        heard(&change("OK", "2026-11-20T10:03:00Z", "warning")).expect("an act");
    assert_eq!(act, again);
    assert_ne!(act, other);
    assert_eq!(incident, same_incident);
}

#[test]
fn only_a_path_of_a_runbook_is_taken_for_one() {
    assert!(is_runbook("docs/runbooks/function-errors.md"));
    for bad in [
        "docs/runbooks/../../etc/passwd.md",
        "https://elsewhere.example/docs/runbooks/a.md",
        "docs/runbooks/.md",
        "docs/runbooks/A b.md",
    ] {
        assert!(!is_runbook(bad), "{bad}");
    }
}
