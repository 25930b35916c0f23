//! Which model a purpose gets.

use super::{ModelEntry, OFFLINE, Registry, RegistryError};

impl Registry {
    /// The models for a purpose (`plan`, `draft`, `revise`, `review`, ...), first choice first: what the
    /// command line names; else `MODEL_NAME`, which `LLM_PROVIDER` may narrow to one provider; else the
    /// file's `[purpose]`; else `offline`. A key in the environment chooses nothing, nor does
    /// `LLM_PROVIDER` alone.
    ///
    /// # Errors
    /// [`RegistryError::UnknownModel`] where what was chosen is not registered.
    pub fn choose(
        &self,
        purpose: &str,
        flag: Option<&str>,
        env: &impl Fn(&str) -> Option<String>,
    ) -> Result<Vec<String>, RegistryError> {
        if let Some(id) = flag {
            return Ok(vec![self.model(id)?.id.clone()]);
        }
        let named = |name| {
            env(name)
                .map(|v| v.trim().to_owned())
                .filter(|v| !v.is_empty())
        };
        if let Some(name) = named("MODEL_NAME") {
            return Ok(vec![
                self.named(&name, named("LLM_PROVIDER").as_deref())?
                    .id
                    .clone(),
            ]);
        }
        Ok(self
            .purpose
            .get(purpose)
            .cloned()
            .unwrap_or_else(|| vec![OFFLINE.to_owned()]))
    }

    /// The model that revises drafts, where the file's `[purpose]` names another than the one that writes them
    /// and nothing names one model for all.
    pub fn reviser(
        &self,
        flag: Option<&str>,
        env: &impl Fn(&str) -> Option<String>,
    ) -> Option<&str> {
        let named = env("MODEL_NAME").is_some_and(|v| !v.trim().is_empty());
        let first = |purpose| Some(self.purpose.get(purpose)?.first()?.as_str());
        let chosen = first("revise").filter(|_| flag.is_none() && !named)?;
        (chosen != first("draft").unwrap_or(OFFLINE)).then_some(chosen)
    }

    /// A model by its id, by `provider/id`, or by its name at the provider where only one bears it.
    fn named(&self, name: &str, provider: Option<&str>) -> Result<&ModelEntry, RegistryError> {
        let of_provider = |m: &&ModelEntry| provider.is_none_or(|p| m.provider == p);
        let exact = self.models.get(name).filter(of_provider);
        let joined = || provider.and_then(|p| self.models.get(&format!("{p}/{name}")));
        let by_name = || {
            let mut all = self
                .models
                .values()
                .filter(|m| m.name == name)
                .filter(of_provider);
            all.next().filter(|_| all.next().is_none())
        };
        if let Some(model) = exact.or_else(joined).or_else(by_name) {
            return Ok(model);
        }
        self.model(&provider.map_or_else(|| name.to_owned(), |p| format!("{p}/{name}")))
    }
}
