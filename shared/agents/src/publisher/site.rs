//! A site's own stream: publications one after another.

use va_domain::{
    amounts::Amounts,
    effect::{EffectClass, EffectSpec, Outcome, WantedEffect},
    envelope::Target,
    payload::{PublicationQueued, PublishCompleted, PublishFailure, RequestPublication},
    state::{Publication, SiteBody},
};
use va_runtime::agent::{DecideError, Decision, Input};

/// Seconds that one publication may take.
const PUBLISH_S: u32 = 60;

/// A site stream: one publication at a time, each the next version.
pub(super) fn publish(
    site: &SiteBody,
    input: &Input<'_>,
    then: &mut Decision,
) -> Result<(), DecideError> {
    match input {
        Input::Event { event, target } if event.is::<RequestPublication>() => {
            let request: RequestPublication = event.read()?;
            let publication = Publication {
                by: event.stream.clone(),
                expectation: target
                    .asks
                    .as_ref()
                    .map_or_else(|| "publication".into(), |a| a.expectation.clone()),
                site: request.site,
                manifest: request.manifest,
                url: String::new(),
            };
            let known = site
                .publishing
                .iter()
                .chain(&site.waiting)
                .any(|p| p.by == publication.by);
            if known {
                return Ok(());
            }
            then.note(&PublicationQueued {
                publication: publication.clone(),
            })?;
            if site.publishing.is_none() {
                then.effects
                    .push(effect(&publication, site.site_version + 1));
            }
        }
        Input::Outcome { outcome, .. } => {
            let Some(publication) = &site.publishing else {
                return Ok(());
            };
            let hear = vec![
                Target::tell(publication.by.clone()).answering(publication.expectation.clone()),
            ];
            let mut version = site.site_version;
            match outcome {
                Outcome::Written { checksums } => {
                    version += 1;
                    let done = PublishCompleted {
                        site: publication.site.clone(),
                        site_version: version,
                        url: publication.url.clone(),
                        status: "published".into(),
                        checksums: checksums.clone(),
                    };
                    then.send(&done, hear)?;
                }
                Outcome::Failed { reason, .. } | Outcome::Malformed { reason } => {
                    then.send(
                        &PublishFailure {
                            reason: reason.clone(),
                        },
                        hear,
                    )?;
                }
                Outcome::Answered { .. } => return Ok(()),
            }
            if let Some(next) = site.waiting.first() {
                then.effects.push(effect(next, version + 1));
            }
        }
        _ => {}
    }
    Ok(())
}

fn effect(publication: &Publication, version: u64) -> WantedEffect {
    WantedEffect {
        key: format!("publish.{version}"),
        class: EffectClass::Write,
        spec: EffectSpec::PublishSite {
            site: publication.site.clone(),
            site_version: version,
            manifest: publication.manifest.clone(),
        },
        worst: Amounts::ZERO,
        timeout_s: PUBLISH_S,
    }
}
