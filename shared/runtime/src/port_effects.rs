//! Effects on ports: the same in every home, because only the ports differ.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use va_domain::{
    effect::{EffectSpec, Intent, Outcome, TaskSpan},
    ids::{BlobId, Personal},
    model::{ModelAnswer, ModelRequest},
};

use crate::{
    model::{Charge, FailureKind, Model, ModelFailure},
    ports::{Blob, Blobs, Bytes, EffectResult, Effects, PortError, Sites, World},
};

/// Makes the page that people open of a report's JSON.
pub type RenderReport = fn(&serde_json::Value) -> String;

/// Runs model calls, publications and reports on the ports of a home.
pub struct PortEffects {
    /// Exchanges with models.
    pub model: Arc<dyn Model>,
    /// Where requests and files are read.
    pub blobs: Arc<dyn Blobs>,
    /// Where sites and reports stand.
    pub sites: Arc<dyn Sites>,
    /// For a report's timings.
    pub world: Arc<dyn World>,
    /// How a report looks.
    pub render: RenderReport,
}

#[async_trait]
impl Effects for PortEffects {
    async fn run(&self, intent: &Intent) -> EffectResult {
        match &intent.wanted.spec {
            EffectSpec::ModelCall { request, .. } => self.call(request).await,
            EffectSpec::PublishSite {
                site,
                site_version,
                manifest,
            } => settle(self.publish(site, *site_version, manifest).await),
            EffectSpec::WriteReport {
                goal_id,
                result,
                started,
                spans,
            } => settle(self.report(goal_id, result, *started, spans).await),
        }
    }

    fn compute(&self, intent: &Intent, request: &[u8]) -> Option<EffectResult> {
        match &intent.wanted.spec {
            EffectSpec::ModelCall { terms, .. } if terms.offline => {
                let request: ModelRequest = serde_json::from_slice(request).ok()?;
                self.model.compute(&request).map(answered)
            }
            _ => None,
        }
    }

    async fn probe(&self, intent: &Intent) -> Result<Option<EffectResult>, PortError> {
        let EffectSpec::PublishSite { site, manifest, .. } = &intent.wanted.spec else {
            // A report is whole or absent, and writing it again changes nothing but its timings.
            return Ok(None);
        };
        let wanted = self.manifest(manifest).await?;
        match self.sites.standing(site).await? {
            Some(standing) if standing == wanted => written(&standing).map(Some),
            _ => Ok(None),
        }
    }
}

impl PortEffects {
    async fn call(&self, request: &Personal) -> EffectResult {
        let request: ModelRequest = match self.blobs.get(&request.blob).await {
            Ok(bytes) => match serde_json::from_slice(&bytes) {
                Ok(request) => request,
                Err(e) => {
                    return failed("request", format!("the request cannot be read: {e}"), false);
                }
            },
            Err(e) => return failed(e.code(), e.to_string(), e.is_retryable()),
        };
        answered(self.model.exchange(&request).await)
    }

    async fn manifest(&self, id: &BlobId) -> Result<BTreeMap<String, BlobId>, PortError> {
        let bytes = self.blobs.get(id).await?;
        serde_json::from_slice(&bytes).map_err(|e| PortError::Damaged {
            what: format!("the site's manifest {id} cannot be read: {e}"),
        })
    }

    async fn publish(
        &self,
        site: &str,
        version: u64,
        manifest: &BlobId,
    ) -> Result<EffectResult, PortError> {
        let mut files = BTreeMap::new();
        for (path, blob) in self.manifest(manifest).await? {
            files.insert(path, self.blobs.get(&blob).await?);
        }
        written(&self.sites.publish(site, version, files).await?)
    }

    async fn report(
        &self,
        goal_id: &str,
        result: &BlobId,
        started: jiff::Timestamp,
        spans: &[TaskSpan],
    ) -> Result<EffectResult, PortError> {
        let bytes = self.blobs.get(result).await?;
        let damaged = |e: serde_json::Error| PortError::Damaged {
            what: format!("the report {result} cannot be read: {e}"),
        };
        let value: &serde_json::value::RawValue =
            serde_json::from_slice(&bytes).map_err(damaged)?;
        let finished = self.world.now();
        let seconds = finished.duration_since(started).as_secs_f64();
        let timings = serde_json::json!({
            "started": started, "finished": finished, "seconds": seconds, "tasks": spans,
        });
        let document = format!("{{\"result\":{},\"timings\":{timings}}}\n", value.get());
        let read: serde_json::Value = serde_json::from_str(&document).map_err(damaged)?;
        let files = BTreeMap::from([
            (
                "index.html".to_owned(),
                Bytes::from((self.render)(&read).into_bytes()),
            ),
            ("report.json".to_owned(), Bytes::from(document.into_bytes())),
        ]);
        written(&self.sites.report(goal_id, files).await?)
    }
}

fn answered(answer: Result<ModelAnswer, ModelFailure>) -> EffectResult {
    match answer {
        Ok(answer) => {
            let blob = Blob::of(answer.content.into_bytes());
            EffectResult {
                outcome: Outcome::Answered {
                    answer: Personal::plain(blob.id().clone()),
                    usage: answer.usage,
                    finish: answer.finish,
                },
                blobs: vec![blob],
            }
        }
        Err(failure) => EffectResult {
            outcome: outcome_of(&failure),
            blobs: Vec::new(),
        },
    }
}

fn written(checksums: &BTreeMap<String, BlobId>) -> Result<EffectResult, PortError> {
    let bytes = serde_json::to_vec(checksums).map_err(|e| PortError::Refused {
        what: format!("checksums cannot be written: {e}"),
    })?;
    let blob = Blob::of(bytes);
    Ok(EffectResult {
        outcome: Outcome::Written {
            checksums: blob.id().clone(),
        },
        blobs: vec![blob],
    })
}

fn settle(result: Result<EffectResult, PortError>) -> EffectResult {
    result.unwrap_or_else(|e| {
        let why = std::error::Error::source(&e).map_or_else(String::new, |s| format!(": {s}"));
        failed(e.code(), format!("{e}{why}"), e.is_retryable())
    })
}

fn failed(code: &str, reason: String, retryable: bool) -> EffectResult {
    EffectResult {
        outcome: Outcome::Failed {
            reason,
            code: code.to_owned(),
            retryable,
            free: true,
            retry_after_ms: None,
        },
        blobs: Vec::new(),
    }
}

fn outcome_of(failure: &ModelFailure) -> Outcome {
    let code = match failure.kind {
        FailureKind::Malformed => {
            return Outcome::Malformed {
                reason: failure.message.clone(),
            };
        }
        FailureKind::RateLimited => "rate_limited",
        FailureKind::Unavailable => "unavailable",
        FailureKind::CutOff => "cut_off",
        FailureKind::Refused => "refused",
    };
    Outcome::Failed {
        reason: failure.message.clone(),
        code: code.to_owned(),
        retryable: failure.kind.is_retryable(),
        free: failure.charge == Charge::Nothing,
        retry_after_ms: failure
            .retry_after
            .map(|wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)),
    }
}
