//! The publisher's effect: a site becomes visible.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use va_domain::{
    effect::{EffectSpec, Intent, Outcome},
    ids::BlobId,
};
use va_runtime::ports::{Blobs, Bytes, EffectResult, Effects, PortError, Sites};

use crate::error::damaged;

/// Publishes what a manifest names, and reads it back. Any other effect is refused.
pub struct SiteEffects {
    blobs: Arc<dyn Blobs>,
    sites: Arc<dyn Sites>,
}

impl SiteEffects {
    /// From these blobs to these sites.
    #[must_use]
    pub fn new(blobs: Arc<dyn Blobs>, sites: Arc<dyn Sites>) -> Self {
        Self { blobs, sites }
    }

    async fn publish(&self, spec: &EffectSpec) -> Result<EffectResult, PortError> {
        let (site, version, manifest) = self.asked(spec).await?;
        let mut files: BTreeMap<String, Bytes> = BTreeMap::new();
        for (path, id) in manifest {
            files.insert(path, self.blobs.get(&id).await?);
        }
        written(&self.sites.publish(site, version, files).await?)
    }

    async fn asked<'a>(
        &self,
        spec: &'a EffectSpec,
    ) -> Result<(&'a str, u64, BTreeMap<String, BlobId>), PortError> {
        let EffectSpec::PublishSite {
            site,
            site_version,
            manifest,
        } = spec
        else {
            return Err(PortError::Refused {
                what: format!("this function runs no {}", spec.tool()),
            });
        };
        let bytes = self.blobs.get(manifest).await?;
        let files = serde_json::from_slice(&bytes)
            .map_err(|e| damaged(format!("{manifest} is no manifest: {e}")))?;
        Ok((site, *site_version, files))
    }
}

#[async_trait]
impl Effects for SiteEffects {
    async fn run(&self, intent: &Intent) -> EffectResult {
        match self.publish(&intent.wanted.spec).await {
            Ok(written) => written,
            Err(error) => {
                let retryable = error.is_retryable();
                let code = if retryable { "unavailable" } else { "refused" };
                let reason = error.to_string();
                let outcome = Outcome::Failed {
                    reason,
                    code: code.to_owned(),
                    retryable,
                    free: true,
                    retry_after_ms: None,
                };
                EffectResult {
                    outcome,
                    blobs: Vec::new(),
                }
            }
        }
    }

    async fn probe(&self, intent: &Intent) -> Result<Option<EffectResult>, PortError> {
        let (site, _, manifest) = self.asked(&intent.wanted.spec).await?;
        let standing = self.sites.standing(site).await?;
        standing
            .filter(|standing| *standing == manifest)
            .map(|standing| written(&standing))
            .transpose()
    }
}

/// The outcome that names what was read back.
fn written(checksums: &BTreeMap<String, BlobId>) -> Result<EffectResult, PortError> {
    let bytes = serde_json::to_vec(checksums)
        .map_err(|e| damaged(format!("checksums cannot be written: {e}")))?;
    let id = BlobId::of(&bytes);
    Ok(EffectResult {
        outcome: Outcome::Written {
            checksums: id.clone(),
        },
        blobs: vec![(id, bytes.into())],
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use jiff::Timestamp;
    use va_domain::{
        amounts::Amounts,
        effect::{EffectClass, WantedEffect},
    };

    use super::*;

    /// Blobs, and one site that stands.
    #[derive(Default)]
    struct Fake(
        Mutex<BTreeMap<BlobId, Bytes>>,
        Mutex<Option<BTreeMap<String, BlobId>>>,
    );

    #[async_trait]
    impl Blobs for Fake {
        async fn put(&self, id: &BlobId, bytes: Bytes) -> Result<(), PortError> {
            self.0.lock().expect("the lock").insert(id.clone(), bytes);
            Ok(())
        }

        async fn get(&self, id: &BlobId) -> Result<Bytes, PortError> {
            self.0
                .lock()
                .expect("the lock")
                .get(id)
                .cloned()
                .ok_or_else(|| damaged("no such blob"))
        }
    }

    #[async_trait]
    impl Sites for Fake {
        async fn publish(
            &self,
            _: &str,
            _: u64,
            files: BTreeMap<String, Bytes>,
        ) -> Result<BTreeMap<String, BlobId>, PortError> {
            let standing: BTreeMap<_, _> = files
                .into_iter()
                .map(|(path, b)| (path, BlobId::of(&b)))
                .collect();
            *self.1.lock().expect("the lock") = Some(standing.clone());
            Ok(standing)
        }

        async fn standing(&self, _: &str) -> Result<Option<BTreeMap<String, BlobId>>, PortError> {
            Ok(self.1.lock().expect("the lock").clone())
        }

        async fn report(
            &self,
            _: &str,
            _: BTreeMap<String, Bytes>,
        ) -> Result<BTreeMap<String, BlobId>, PortError> {
            Err(damaged("not asked for"))
        }
    }

    fn intent(manifest: BlobId) -> Intent {
        let spec = EffectSpec::PublishSite {
            site: "guide".to_owned(),
            site_version: 1,
            manifest,
        };
        let wanted = WantedEffect {
            key: "publish".to_owned(),
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
    fn what_was_published_is_found_by_a_probe_and_nothing_before() {
        futures::executor::block_on(async {
            let fake = Arc::new(Fake::default());
            let page: Bytes = Arc::from(&b"<p>"[..]);
            let manifest = serde_json::to_vec(&BTreeMap::from([("index.html", BlobId::of(&page))]))
                .expect("JSON");
            let id = BlobId::of(&manifest);
            let effects = SiteEffects::new(fake.clone(), fake.clone());
            assert!(matches!(
                effects.run(&intent(id.clone())).await.outcome,
                Outcome::Failed { free: true, .. }
            ));
            fake.put(&BlobId::of(&page), page).await.expect("stored");
            fake.put(&id, manifest.into()).await.expect("stored");
            assert!(
                effects
                    .probe(&intent(id.clone()))
                    .await
                    .expect("a probe")
                    .is_none()
            );
            let done = effects.run(&intent(id.clone())).await;
            assert!(matches!(done.outcome, Outcome::Written { .. }));
            let found = effects
                .probe(&intent(id))
                .await
                .expect("a probe")
                .expect("it stands");
            assert_eq!(found.outcome, done.outcome);
        });
    }
}
