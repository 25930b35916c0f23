//! What comes twice changes nothing the second time, by structure alone: runners that remember nothing share
//! one journal, and each delivery reaches another of them.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use va_domain::{
    commit::{Answerer, Expectation},
    effect::{Intent, Outcome},
    envelope::Target,
    goal_spec::Priority,
    ids::{BlobId, StreamId},
    payload::Alert,
    state::StreamState,
};
use va_runtime::{
    agent::{Agent, Context, DecideError, Decision, Input, after},
    kernel::{Bell, Identity, Kernel, Mode, Ports},
    ports::{Blobs, Bytes, EffectResult, Effects, PortError, World},
};

use crate::{
    Home, Verdict,
    chain::{stream, time},
    same, saw,
};

/// The stream whose owner listens, and what it waits for.
const LISTENER: &str = "task-cmo/listens";
const REPLY: &str = "reply";
/// The stream whose owner tells the listener of whatever it hears.
const SENDER: &str = "task-reviewer/tells";

pub(crate) async fn what_starts_a_stream_starts_it_once(home: Home) -> Verdict {
    let act = stream("board/one");
    let first = acts(&home, &act, Target::tell(stream(LISTENER))).await?;
    let again = acts(&home, &act, Target::tell(stream(LISTENER))).await?;
    same("whether the act stands", &(first, again), &(true, false))?;
    for _ in 0..2 {
        hears(&home, LISTENER, &act, 1).await?;
    }
    length(&home, LISTENER, 1).await
}

pub(crate) async fn an_expectation_is_answered_once(home: Home) -> Verdict {
    let begin = stream("board/begin");
    acts(&home, &begin, Target::tell(stream(LISTENER))).await?;
    hears(&home, LISTENER, &begin, 1).await?;
    let (answer, other) = (stream("board/answer"), stream("board/other"));
    for act in [&answer, &other] {
        acts(&home, act, Target::tell(stream(LISTENER)).answering(REPLY)).await?;
    }
    hears(&home, LISTENER, &answer, 1).await?;
    length(&home, LISTENER, 2).await?;
    // The same answer again, and another that comes too late.
    hears(&home, LISTENER, &answer, 1).await?;
    hears(&home, LISTENER, &other, 1).await?;
    length(&home, LISTENER, 2).await
}

pub(crate) async fn an_older_report_is_no_news(home: Home) -> Verdict {
    for act in ["board/one", "board/two"] {
        acts(&home, &stream(act), Target::tell(stream(SENDER))).await?;
        hears(&home, SENDER, &stream(act), 1).await?;
    }
    length(&home, SENDER, 2).await?;
    // The newer of the two arrives first.
    for (version, commits) in [(2, 1), (1, 1), (2, 1)] {
        hears(&home, LISTENER, &stream(SENDER), version).await?;
        length(&home, LISTENER, commits).await?;
    }
    Ok(())
}

/// A person says something, once, and it is answered whether it was the first time.
async fn acts(home: &Home, act: &StreamId, to: Target) -> Result<bool, String> {
    let mut decision = Decision::nothing();
    let alert = Alert {
        severity: "info".into(),
        message: "said".into(),
        context: BTreeMap::new(),
    };
    decision
        .send(&alert, vec![to])
        .map_err(|e| format!("an act: {e}"))?;
    let committed = kernel(home)
        .act(act, decision, Priority::P1, "goal/one")
        .await
        .map_err(|e| format!("an act: {e} ({})", e.code()))?;
    Ok(committed.is_some())
}

/// A runner that knows nothing yet is told of the first event of a commit.
async fn hears(home: &Home, listener: &str, from: &StreamId, version: u64) -> Verdict {
    let bell = Bell::Event {
        stream: from.clone(),
        version,
        n: 0,
    };
    let handled = kernel(home)
        .handle(&stream(listener), &[bell], Mode::Worker)
        .await
        .map_err(|e| format!("a delivery: {e} ({})", e.code()))?;
    match handled.poison.first() {
        Some((_, e)) => Err(format!("a delivery was set aside: {e}")),
        None => Ok(()),
    }
}

async fn length(home: &Home, of: &str, commits: usize) -> Verdict {
    let read = home
        .journal
        .read(&stream(of), 1, 10)
        .await
        .map_err(|e| saw("read", &e))?;
    same(&format!("the commits of {of}"), &read.len(), &commits)
}

fn kernel(home: &Home) -> Kernel {
    static RUNNERS: AtomicU64 = AtomicU64::new(1);
    let runner = RUNNERS.fetch_add(1, Ordering::Relaxed);
    let identity = Identity {
        company: "acme".into(),
        home: "hq".into(),
        env: "test".into(),
        epoch: 0,
        runner: format!("runner-{runner}"),
    };
    let ports = Ports {
        journal: Arc::clone(&home.journal),
        blobs: Arc::new(Nothing),
        world: Arc::new(Still(AtomicU64::new(runner << 32))),
        effects: Arc::new(Nothing),
    };
    let agents: Vec<Arc<dyn Agent>> = vec![Arc::new(Listens), Arc::new(Tells)];
    Kernel::new(identity, ports, agents)
}

/// Notes what it hears; with the first of it, it begins to wait for a reply.
struct Listens;

impl Agent for Listens {
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
        cx: &Context<'_>,
        state: &StreamState,
        input: &Input<'_>,
    ) -> Result<Decision, DecideError> {
        let mut decision = Decision::nothing();
        let Some(event) = input.event::<Alert>() else {
            return Ok(decision);
        };
        decision.note(&event.read::<Alert>()?)?;
        if state.version == 1 {
            decision.opens.push(Expectation {
                id: REPLY.into(),
                from: Answerer::Person,
                deadline: after(cx.now, 3600),
                attempt: 1,
                ask: None,
            });
        }
        Ok(decision)
    }
}

/// Tells the listener of whatever it hears.
struct Tells;

impl Agent for Tells {
    fn role(&self) -> &'static str {
        "reviewer"
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
        if let Some(event) = input.event::<Alert>() {
            let alert = event.read::<Alert>()?;
            decision.send(&alert, vec![Target::tell(stream(LISTENER))])?;
        }
        Ok(decision)
    }
}

/// A world in which no time passes.
struct Still(AtomicU64);

#[async_trait]
impl World for Still {
    fn now(&self) -> Timestamp {
        time(0)
    }

    fn random(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }

    async fn sleep(&self, _: SignedDuration) {}
}

/// Neither blobs nor effects: no case here needs one.
struct Nothing;

#[async_trait]
impl Blobs for Nothing {
    async fn put(&self, id: &BlobId, _: Bytes) -> Result<(), PortError> {
        Err(none(id))
    }

    async fn get(&self, id: &BlobId) -> Result<Bytes, PortError> {
        Err(none(id))
    }
}

fn none(id: &BlobId) -> PortError {
    PortError::Refused {
        what: format!("there is no place for {id}"),
    }
}

#[async_trait]
impl Effects for Nothing {
    async fn run(&self, intent: &Intent) -> EffectResult {
        EffectResult {
            outcome: Outcome::Malformed {
                reason: format!("nothing runs {}", intent.wanted.key),
            },
            blobs: Vec::new(),
        }
    }

    async fn probe(&self, _: &Intent) -> Result<Option<EffectResult>, PortError> {
        Ok(None)
    }
}
