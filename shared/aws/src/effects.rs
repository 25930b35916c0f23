//! A function's effects: those that its agent declares, on S3 and a model, and no others.

use std::sync::Arc;

use async_trait::async_trait;
use va_domain::{
    effect::{Intent, Outcome},
    model::{ModelAnswer, ModelRequest},
};
use va_runtime::{
    agent::Agent,
    model::{Charge, FailureKind, Model, ModelFailure},
    ports::{EffectResult, Effects, PortError},
};

/// Runs what the agent declares and refuses the rest, whatever stands in a journal.
pub struct Declared {
    agent: Arc<dyn Agent>,
    effects: Arc<dyn Effects>,
}

impl Declared {
    /// The effects of this agent, run by these.
    #[must_use]
    pub fn new(agent: Arc<dyn Agent>, effects: Arc<dyn Effects>) -> Self {
        Self { agent, effects }
    }

    fn runs(&self, intent: &Intent) -> bool {
        self.agent.effects().contains(&intent.wanted.spec.tool())
    }
}

#[async_trait]
impl Effects for Declared {
    async fn run(&self, intent: &Intent) -> EffectResult {
        if self.runs(intent) {
            self.effects.run(intent).await
        } else {
            NoEffects.run(intent).await
        }
    }

    fn compute(&self, intent: &Intent, request: &[u8]) -> Option<EffectResult> {
        self.runs(intent)
            .then(|| self.effects.compute(intent, request))?
    }

    async fn probe(&self, intent: &Intent) -> Result<Option<EffectResult>, PortError> {
        if self.runs(intent) {
            self.effects.probe(intent).await
        } else {
            NoEffects.probe(intent).await
        }
    }
}

/// Effects of a function that has none: neither a secret nor a way out.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoEffects;

fn refusal(intent: &Intent) -> String {
    format!("this function runs no {}", intent.wanted.spec.tool())
}

#[async_trait]
impl Effects for NoEffects {
    async fn run(&self, intent: &Intent) -> EffectResult {
        let outcome = Outcome::Failed {
            reason: refusal(intent),
            code: "refused".to_owned(),
            retryable: false,
            free: true,
            retry_after_ms: None,
        };
        EffectResult {
            outcome,
            blobs: Vec::new(),
        }
    }

    async fn probe(&self, intent: &Intent) -> Result<Option<EffectResult>, PortError> {
        Err(PortError::Refused {
            what: refusal(intent),
        })
    }
}

/// The model of a function that calls none.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoModel;

#[async_trait]
impl Model for NoModel {
    async fn exchange(&self, request: &ModelRequest) -> Result<ModelAnswer, ModelFailure> {
        Err(ModelFailure {
            kind: FailureKind::Refused,
            charge: Charge::Nothing,
            retry_after: None,
            message: format!("this function calls no model, so not `{}`", request.model),
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use va_domain::{
        amounts::Amounts,
        effect::{EffectClass, EffectSpec, WantedEffect},
        ids::BlobId,
        state::StreamState,
    };
    use va_runtime::agent::{Context, DecideError, Decision, Input};

    use super::*;

    /// Declares publications, and decides nothing.
    struct Publishes;

    impl Agent for Publishes {
        fn role(&self) -> &'static str {
            "publisher"
        }

        fn takes(&self) -> &'static [&'static str] {
            &[]
        }

        fn emits(&self) -> &'static [&'static str] {
            &[]
        }

        fn effects(&self) -> &'static [&'static str] {
            &["publish_site"]
        }

        fn decide(
            &self,
            _: &Context<'_>,
            _: &StreamState,
            _: &Input<'_>,
        ) -> Result<Decision, DecideError> {
            Ok(Decision::nothing())
        }
    }

    /// Writes whatever it is asked to.
    struct Writes;

    #[async_trait]
    impl Effects for Writes {
        async fn run(&self, _: &Intent) -> EffectResult {
            let outcome = Outcome::Written {
                checksums: BlobId::of(b"written"),
            };
            EffectResult {
                outcome,
                blobs: Vec::new(),
            }
        }

        async fn probe(&self, _: &Intent) -> Result<Option<EffectResult>, PortError> {
            Ok(None)
        }
    }

    fn intent(spec: EffectSpec) -> Intent {
        let wanted = WantedEffect {
            key: "write".to_owned(),
            class: EffectClass::Write,
            spec,
            worst: Amounts::ZERO,
            timeout_s: 60,
        };
        Intent {
            wanted,
            attempt: 1,
            runner: "r".to_owned(),
            until: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn what_the_agent_does_not_declare_is_refused_for_nothing() {
        let effects = Declared::new(Arc::new(Publishes), Arc::new(Writes));
        let publish = intent(EffectSpec::PublishSite {
            site: "guide".to_owned(),
            site_version: 1,
            manifest: BlobId::of(b"manifest"),
        });
        let report = intent(EffectSpec::WriteReport {
            goal_id: "g".to_owned(),
            result: BlobId::of(b"result"),
            started: Timestamp::UNIX_EPOCH,
            spans: Vec::new(),
        });
        futures::executor::block_on(async {
            let done = effects.run(&publish).await.outcome;
            assert!(matches!(done, Outcome::Written { .. }));
            let refused = effects.run(&report).await.outcome;
            assert!(matches!(
                refused,
                Outcome::Failed {
                    free: true,
                    retryable: false,
                    ..
                }
            ));
            assert!(effects.probe(&publish).await.is_ok());
            let probed = effects.probe(&report).await.expect_err("refused");
            assert_eq!(probed.code(), "port_refused");
        });
    }
}
