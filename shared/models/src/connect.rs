//! Makes the models that a home was told to use, and no other.

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use va_domain::model::{ModelAnswer, ModelRequest};
use va_runtime::model::{Charge, FailureKind, Model, ModelFailure};

use crate::{
    Offline, OpenAiChat, Secret,
    offline::Writer,
    openai_chat::{Clock, Endpoint},
    registry::{ModelEntry, Provider, ProviderKind, Registry, RegistryError},
};

/// What a home brings along.
#[derive(Clone)]
pub struct Wiring {
    /// What the offline model answers with.
    pub offline: Writer,
    /// How long one exchange over the network may take.
    pub timeout: Duration,
    /// The time of day.
    pub now: Clock,
}

/// Hands each request to the model that it names.
pub struct Router {
    models: BTreeMap<String, Arc<dyn Model>>,
}

impl fmt::Debug for Router {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.models.keys()).finish()
    }
}

impl Router {
    /// A router over these models, by the registry's id.
    #[must_use]
    pub fn new(models: BTreeMap<String, Arc<dyn Model>>) -> Self {
        Self { models }
    }

    /// These models and the other's; of two with one id, these.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        for (id, model) in other.models {
            self.models.entry(id).or_insert(model);
        }
        self
    }

    /// The ids of its models.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.models.keys().map(String::as_str)
    }
}

#[async_trait]
impl Model for Router {
    async fn exchange(&self, request: &ModelRequest) -> Result<ModelAnswer, ModelFailure> {
        let Some(model) = self.models.get(&request.model) else {
            return Err(ModelFailure {
                kind: FailureKind::Refused,
                charge: Charge::Nothing,
                retry_after: None,
                message: format!(
                    "the model `{}` is described by no models file that this run knows; resume with --models FILE",
                    request.model
                ),
            });
        };
        model.exchange(request).await
    }

    fn compute(&self, request: &ModelRequest) -> Option<Result<ModelAnswer, ModelFailure>> {
        self.models.get(&request.model)?.compute(request)
    }
}

impl Registry {
    /// Makes the models with these ids. Nothing is called; of the environment only the names that their
    /// providers give are read, so without a paid model no key is even looked at.
    ///
    /// # Errors
    /// Where a model is unknown, its provider speaks what this build does not, or lacks an address or key.
    pub fn connect<'a>(
        &self,
        ids: impl IntoIterator<Item = &'a str>,
        env: &impl Fn(&str) -> Option<String>,
        wiring: &Wiring,
    ) -> Result<Router, RegistryError> {
        let mut models: BTreeMap<String, Arc<dyn Model>> = BTreeMap::new();
        for id in ids {
            let entry = self.model(id)?;
            let Some(provider) = self.provider(&entry.provider) else {
                let why = format!("no [[provider]] describes it, but `{id}` names it");
                return Err(RegistryError::Unusable {
                    provider: entry.provider.clone(),
                    why,
                });
            };
            let model: Arc<dyn Model> = match provider.kind {
                ProviderKind::Offline => Arc::new(Offline::new(wiring.offline)),
                ProviderKind::OpenAiChat => Arc::new(OpenAiChat::new(
                    endpoint(entry, provider, env)?,
                    wiring.timeout,
                    wiring.now.clone(),
                )?),
                kind @ (ProviderKind::AnthropicMessages | ProviderKind::BedrockConverse) => {
                    return Err(RegistryError::UnsupportedKind {
                        provider: provider.id.clone(),
                        kind: kind.name(),
                    });
                }
            };
            models.insert(entry.id.clone(), model);
        }
        Ok(Router::new(models))
    }
}

fn endpoint(
    entry: &ModelEntry,
    provider: &Provider,
    env: &impl Fn(&str) -> Option<String>,
) -> Result<Endpoint, RegistryError> {
    let read = |name: &String| env(name).filter(|v| !v.trim().is_empty());
    let named = provider.base_url_env.as_ref().and_then(read);
    let base_url = named.or_else(|| provider.base_url.clone()).ok_or_else(|| {
        RegistryError::MissingAddress {
            provider: provider.id.clone(),
            env: provider.base_url_env.clone().unwrap_or_default(),
        }
    })?;
    let missing = |env: &String| RegistryError::MissingKey {
        provider: provider.id.clone(),
        env: env.clone(),
    };
    let key = provider.key_env.as_ref().map(|name| {
        read(name)
            .map(|v| Secret::new(&v))
            .ok_or_else(|| missing(name))
    });
    Ok(Endpoint {
        provider: provider.id.clone(),
        base_url,
        model: entry.name.clone(),
        key: key.transpose()?,
        key_env: provider.key_env.clone(),
    })
}
