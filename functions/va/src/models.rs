//! The models that are asked: those that are built in, and those of a file.

use std::{fs, path::Path, sync::Arc};

use va_domain::model::ModelTerms;
use va_embedded::SystemWorld;
use va_models::{Registry, Router, Wiring};
use va_runtime::ports::World as _;

use crate::{exit::Failure, home::env};

/// A models file that was named.
pub struct ModelsFile {
    /// What it says.
    pub registry: Registry,
    /// Its bytes, to be kept.
    pub text: String,
}

impl ModelsFile {
    /// Reads it.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let text = fs::read_to_string(path).map_err(|e| {
            Failure::input(format!(
                "{} cannot be read: {e}. --models names the models file",
                path.display()
            ))
        })?;
        let registry = Registry::parse(&text, &path.display().to_string())?;
        Ok(Self { registry, text })
    }
}

/// The registry: the file that was named, or what is built in.
pub fn registry(file: Option<&Path>) -> Result<Registry, Failure> {
    file.map_or_else(
        || Ok(Registry::builtin()),
        |path| Ok(ModelsFile::read(path)?.registry),
    )
}

/// Prepares the models with these ids; nothing is called.
pub fn connect(registry: &Registry, ids: &[String]) -> Result<Router, Failure> {
    let wiring = Wiring {
        offline: va_writing::offline_answer,
        timeout: va_models::openai_chat::DEFAULT_TIMEOUT,
        now: Arc::new(|| SystemWorld.now()),
    };
    Ok(registry.connect(ids.iter().map(String::as_str), &env, &wiring)?)
}

/// The models for drafts with their terms, where `offline` stands in at the end, and the one that revises, if it
/// is another.
pub fn terms(
    registry: &Registry,
    flag: Option<&str>,
    currency: &str,
) -> Result<Vec<ModelTerms>, Failure> {
    let mut ids = registry.choose("draft", flag, &env)?;
    if !ids.iter().any(|id| id == va_models::registry::OFFLINE) {
        ids.push(va_models::registry::OFFLINE.to_owned());
    }
    let drafts = ids.iter().map(|id| registry.terms(id, currency));
    let revises = registry.reviser(flag, &env).map(|id| {
        registry.terms(id, currency).map(|terms| ModelTerms {
            revises: true,
            ..terms
        })
    });
    drafts
        .chain(revises)
        .map(|terms| terms.map_err(Failure::from))
        .collect()
}
