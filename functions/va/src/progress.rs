//! What a person sees while the company works: one line for each thing that happened, on stderr.

use crate::out::say;
use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use va_domain::{
    amounts::Amounts,
    effect::{EffectSpec, Outcome},
    envelope::Envelope,
    ids::StreamId,
    payload::*,
    roles,
};
use va_embedded::dispatch::Watch;
use va_runtime::kernel::{Committed, KernelError};

/// Prints progress and counts what went wrong.
pub struct Progress {
    currency: String,
    json: bool,
    quiet: bool,
    money: Mutex<Money>,
    /// Events that could not be understood.
    pub defects: AtomicU32,
    /// Model calls that ended, and those whose outcome was never heard.
    pub calls: (AtomicU32, AtomicU32),
}

#[derive(Default)]
struct Money {
    budget: Amounts,
    reserved: BTreeMap<(StreamId, String), Amounts>,
    spent: Amounts,
}

impl Progress {
    /// Lines for people, or one JSON object a line on stdout.
    pub fn new(currency: &str, json: bool, quiet: bool) -> Self {
        Self {
            currency: currency.to_owned(),
            json,
            quiet,
            money: Mutex::default(),
            defects: AtomicU32::new(0),
            calls: (AtomicU32::new(0), AtomicU32::new(0)),
        }
    }

    /// Who works here, before anything happens.
    pub fn org_chart(&self) {
        if self.quiet {
            return;
        }
        eprintln!("the company");
        chart("board", 1);
        eprintln!();
    }

    fn line(&self, event: &Envelope, text: &str) {
        if self.quiet || self.json {
            return;
        }
        let money = self.money.lock().unwrap_or_else(PoisonError::into_inner);
        let reserved: Amounts = money.reserved.values().copied().sum();
        let left = money.budget - money.spent - reserved;
        let who = roles::owner(event.stream.kind());
        eprintln!(
            "{who:<18} {text}\n{:<18} {} {} | {} | {}, tokens {} | {} | {} (reserved | spent | left)",
            "",
            self.currency,
            money_text(reserved.micros),
            money_text(money.spent.micros),
            money_text(left.micros),
            reserved.tokens,
            money.spent.tokens,
            left.tokens
        );
    }

    fn tell(&self, event: &Envelope) {
        let text = match event.event_type.as_str() {
            GoalAccepted::TYPE => event.read::<GoalAccepted>().ok().map(|e| {
                self.money
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .budget = e.goal.budget;
                format!("takes on “{}”", e.goal.slug)
            }),
            GoalPlanned::TYPE => event.read::<GoalPlanned>().ok().map(|e| {
                let pages = e.tasks.iter().filter(|t| t.slug.is_some()).count();
                let pages = if pages == 1 {
                    "one page".to_owned()
                } else {
                    format!("{pages} pages")
                };
                format!("plans {} tasks for {pages}", e.tasks.len())
            }),
            EffectIntended::TYPE => event.read::<EffectIntended>().ok().map(|e| {
                let key = (event.stream.clone(), e.intent.reservation());
                let mut money = self.money.lock().unwrap_or_else(PoisonError::into_inner);
                money.reserved.insert(key, e.intent.wanted.worst);
                match &e.intent.wanted.spec {
                    EffectSpec::ModelCall { terms, purpose, .. } => {
                        format!("asks {} to {purpose}", terms.id)
                    }
                    EffectSpec::PublishSite {
                        site, site_version, ..
                    } => format!("puts {site} in place, version {site_version}"),
                    EffectSpec::WriteReport { .. } => "writes the board's report".to_owned(),
                }
            }),
            EffectCompleted::TYPE => event
                .read::<EffectCompleted>()
                .ok()
                .and_then(|e| self.ended(event, &e.completion)),
            EffectFailed::TYPE => event
                .read::<EffectFailed>()
                .ok()
                .and_then(|e| self.ended(event, &e.completion)),
            ContentReady::TYPE => event
                .read::<ContentReady>()
                .ok()
                .map(|e| format!("drafted “{}”, turn {}", e.title, e.turn)),
            ReviewCompleted::TYPE => {
                event
                    .read::<ReviewCompleted>()
                    .ok()
                    .map(|e| match e.summary.as_str() {
                        "" => format!("approves the {}", e.of),
                        why => format!("rejects the {}: {why}", e.of),
                    })
            }
            ContentEnriched::TYPE => event
                .read::<ContentEnriched>()
                .ok()
                .map(|e| format!("set {} merchant links", e.links)),
            SiteBuilt::TYPE => event
                .read::<SiteBuilt>()
                .ok()
                .map(|e| format!("built a site of {} files", e.files)),
            PublishCompleted::TYPE => event
                .read::<PublishCompleted>()
                .ok()
                .map(|e| format!("{} is in place", e.site)),
            BlockerOpened::TYPE => event
                .read::<BlockerOpened>()
                .ok()
                .map(|e| format!("needs you: {} ({})", e.text, e.id)),
            GoalStateChanged::TYPE => event.read::<GoalStateChanged>().ok().map(|e| {
                e.reason.map_or_else(
                    || format!("is {}", e.state),
                    |r| format!("is {}: {}", e.state, r.text),
                )
            }),
            GoalCompleted::TYPE => Some("the goal is done".to_owned()),
            GoalFailed::TYPE => event
                .read::<GoalFailed>()
                .ok()
                .map(|e| format!("the goal failed: {}", e.reason.text)),
            Alert::TYPE => event
                .read::<Alert>()
                .ok()
                .map(|e| format!("alert: {}", e.message)),
            _ => None,
        };
        if let Some(text) = text {
            self.line(event, &text);
        }
    }

    fn ended(
        &self,
        event: &Envelope,
        completion: &va_domain::effect::Completion,
    ) -> Option<String> {
        let mut money = self.money.lock().unwrap_or_else(PoisonError::into_inner);
        money.spent += completion.charged;
        let attempt = va_domain::effect::reservation(&completion.key, completion.attempt);
        money.reserved.remove(&(event.stream.clone(), attempt));
        match &completion.outcome {
            Outcome::Answered { .. } | Outcome::Malformed { .. } => {
                self.calls.0.fetch_add(1, Ordering::Relaxed);
                None
            }
            Outcome::Failed { reason, free, .. } => {
                if !free {
                    self.calls.1.fetch_add(1, Ordering::Relaxed);
                }
                Some(format!("an attempt failed: {reason}"))
            }
            Outcome::Written { .. } => None,
        }
    }
}

impl Watch for Progress {
    fn committed(&self, commit: &Committed) {
        for event in &commit.events {
            if self.json {
                let line = serde_json::json!({ "schema": "va.progress/1", "type": "event", "event": &**event });
                say!("{line}");
            }
            self.tell(event);
        }
    }

    fn poisoned(&self, stream: &StreamId, error: &KernelError) {
        self.defects.fetch_add(1, Ordering::Relaxed);
        let mut text = error.to_string();
        let mut source = std::error::Error::source(error);
        while let Some(inner) = source {
            text = format!("{text}: {inner}");
            source = inner.source();
        }
        eprintln!("a defect of ours on {stream} ({}): {text}", error.code());
    }
}

fn chart(above: &str, depth: usize) {
    for role in roles::ROLES.iter().filter(|r| r.reports_to == above) {
        let vacant = if role.built { "" } else { " (vacant)" };
        eprintln!("{}{}{vacant}", "  ".repeat(depth), role.name);
        chart(role.id, depth + 1);
    }
}

/// Micro-units as a decimal with two places, or six where two would hide something.
pub fn money_text(micros: i64) -> String {
    let (sign, abs) = if micros < 0 {
        ("-", micros.unsigned_abs())
    } else {
        ("", micros.unsigned_abs())
    };
    if abs.is_multiple_of(10_000) {
        format!("{sign}{}.{:02}", abs / 1_000_000, abs / 10_000 % 100)
    } else {
        format!("{sign}{}.{:06}", abs / 1_000_000, abs % 1_000_000)
    }
}
