//! A panic ends the turn in which it happens and nothing else: the worker goes on and ends.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use va_domain::{
    amounts::Amounts,
    effect::{EffectClass, EffectSpec, Intent, Outcome, WantedEffect},
    envelope::Target,
    goal_spec::Priority,
    ids::{Personal, StreamId},
    model::ModelTerms,
    payload::Alert,
    state::StreamState,
};
use va_embedded::{
    OpenMode, Store, SystemWorld,
    dispatch::{Dispatcher, End, Pace, Watch},
};
use va_runtime::{
    agent::{Agent, Context, DecideError, Decision, Input},
    kernel::{Committed, Identity, Kernel, KernelError, Ports},
    ports::{Blob, EffectResult, Effects, PortError},
};

const LISTENER: &str = "task-cmo/listens";

/// Panics, asks a model, or notes what it hears, as it is told.
struct Told;

impl Agent for Told {
    fn role(&self) -> &'static str {
        "cmo"
    }

    fn takes(&self) -> &'static [&'static str] {
        &["Alert"]
    }

    fn emits(&self) -> &'static [&'static str] {
        &["Alert"]
    }

    fn decide(
        &self,
        _: &Context<'_>,
        _: &StreamState,
        input: &Input<'_>,
    ) -> Result<Decision, DecideError> {
        let mut decision = Decision::nothing();
        let Some(event) = input.event::<Alert>() else {
            return Ok(decision);
        };
        let alert = event.read::<Alert>()?;
        match alert.message.as_str() {
            "panic" => panic!("as told"),
            "ask" => {
                let request = Blob::of(b"{}".to_vec());
                decision.effects.push(wanted(&request));
                decision.blobs.push(request);
            }
            _ => {
                decision.note(&alert)?;
            }
        }
        Ok(decision)
    }
}

fn wanted(request: &Blob) -> WantedEffect {
    WantedEffect {
        key: "1.1".into(),
        class: EffectClass::Read,
        spec: EffectSpec::ModelCall {
            terms: ModelTerms {
                id: "offline".into(),
                offline: true,
                context: 1000,
                max_output: 1000,
                input_price: Some(0),
                output_price: Some(0),
                revises: false,
            },
            purpose: "draft".into(),
            request: Personal::plain(request.id().clone()),
            max_tokens: 10,
            input_bound: 10,
        },
        worst: Amounts::ZERO,
        timeout_s: 60,
    }
}

/// Whatever is attempted panics.
struct Broken;

#[async_trait]
impl Effects for Broken {
    async fn run(&self, _: &Intent) -> EffectResult {
        panic!("as told")
    }

    fn compute(&self, _: &Intent, _: &[u8]) -> Option<EffectResult> {
        panic!("as told")
    }

    async fn probe(&self, _: &Intent) -> Result<Option<EffectResult>, PortError> {
        Ok(None)
    }
}

/// Notes what happens; once an effect has failed, the worker is told to stop, for the next attempt is a rest away.
#[derive(Default)]
struct Seen {
    events: Mutex<Vec<String>>,
    set_aside: Mutex<Vec<&'static str>>,
    stop: Arc<AtomicBool>,
}

impl Watch for Seen {
    fn committed(&self, commit: &Committed) {
        let mut events = self.events.lock().expect("the lock");
        for event in &commit.events {
            if event.event_type == "EffectFailed" {
                self.stop.store(true, Ordering::Relaxed);
            }
            events.push(event.event_type.clone());
        }
    }

    fn poisoned(&self, stream: &StreamId, error: &KernelError) {
        assert_eq!(stream.as_str(), LISTENER);
        self.set_aside.lock().expect("the lock").push(error.code());
    }
}

fn kernel(store: &Arc<Store>) -> Kernel {
    let identity = Identity {
        company: "acme".into(),
        home: "hq".into(),
        env: "test".into(),
        epoch: 0,
        runner: "runner".into(),
    };
    let ports = Ports {
        journal: store.clone(),
        blobs: store.clone(),
        world: Arc::new(SystemWorld),
        effects: Arc::new(Broken),
    };
    Kernel::new(identity, ports, vec![Arc::new(Told)])
}

/// Has a worker hear these, one after the other, and answers what it saw.
async fn hear(messages: &[&str]) -> (Arc<Seen>, End) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Arc::new(Store::open(folder.path(), "acme", OpenMode::ReadWrite).expect("opened"));
    let kernel = Arc::new(kernel(&store));
    for (n, message) in messages.iter().enumerate() {
        let mut decision = Decision::nothing();
        let alert = Alert {
            severity: "info".into(),
            message: (*message).into(),
            context: BTreeMap::new(),
        };
        let listener = Target::tell(LISTENER.parse().expect("a stream"));
        decision.send(&alert, vec![listener]).expect("JSON");
        let act = format!("board/{n}").parse().expect("a stream");
        let acted = kernel.act(&act, decision, Priority::P1, "goal/one").await;
        assert!(acted.expect("acted").is_some());
    }
    let seen = Arc::new(Seen::default());
    let pace = Pace {
        workers: 2,
        wait: false,
    };
    let dispatcher = Dispatcher::new(
        kernel,
        store,
        Arc::new(SystemWorld),
        seen.clone(),
        pace,
        seen.stop.clone(),
    );
    let end = tokio::time::timeout(Duration::from_secs(30), dispatcher.run())
        .await
        .expect("the worker ends")
        .expect("the worker works");
    (seen, end)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_sets_aside_what_it_met_and_no_more() {
    let (seen, end) = hear(&["one", "panic", "two"]).await;
    assert_eq!(end, End::Idle);
    assert_eq!(*seen.set_aside.lock().expect("the lock"), ["panic"]);
    // Three that were said and two that were noted.
    assert_eq!(*seen.events.lock().expect("the lock"), ["Alert"; 5]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attempt_that_panics_has_failed() {
    let (seen, end) = hear(&["ask"]).await;
    assert_eq!(end, End::Stopped);
    assert!(seen.set_aside.lock().expect("the lock").is_empty());
    assert_eq!(
        *seen.events.lock().expect("the lock"),
        ["Alert", "EffectIntended", "EffectFailed"]
    );
}

#[tokio::test]
async fn a_paid_attempt_that_panics_may_have_been_charged() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Arc::new(Store::open(folder.path(), "acme", OpenMode::ReadWrite).expect("opened"));
    for (class, is_free) in [
        (EffectClass::Paid, false),
        (EffectClass::Write, true),
        (EffectClass::Read, true),
    ] {
        let intent = Intent {
            wanted: WantedEffect {
                class,
                ..wanted(&Blob::of(b"{}".to_vec()))
            },
            attempt: 1,
            runner: "runner".into(),
            until: jiff::Timestamp::MAX,
        };
        let attempted = kernel(&store).run(&intent).await;
        let outcome = attempted.result.outcome;
        assert!(
            matches!(&outcome, Outcome::Failed { code, free, .. } if code == "panic" && *free == is_free),
            "{class:?}: {outcome:?}"
        );
    }
}
