//! What may be wrong with a models file, or missing from it.

/// An error of the registry. All of them are a person's to mend, before anything was called or spent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// The file is not TOML, or a value is not what its key asks for.
    #[error("{file}, line {line}: {what}")]
    File {
        /// The file's name.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong and what belongs there.
        what: String,
    },
    /// A key that means nothing.
    #[error("{file}, line {line}: unknown key `{key}` in {section}{}", hint(nearest.as_deref()))]
    UnknownKey {
        /// The file's name.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The key.
        key: String,
        /// Where it stands.
        section: String,
        /// The known key that it resembles most.
        nearest: Option<String>,
    },
    /// A model that nothing names.
    #[error("no model `{id}`{}; known: {}. Add a [[model]] with id = \"{id}\" to {file}", hint(nearest.as_deref()), known.join(", "))]
    UnknownModel {
        /// What was asked for.
        id: String,
        /// The known id that it resembles most.
        nearest: Option<String>,
        /// All known ids.
        known: Vec<String>,
        /// Where to add it.
        file: String,
    },
    /// A model without a price.
    #[error(
        "the {side} price of `{id}` is unknown, so no budget could hold. Add price = {{ input = \"…\", output = \"…\" }}, per million tokens, to its [[model]] in {file}"
    )]
    UnknownPrice {
        /// The model.
        id: String,
        /// `input` or `output`.
        side: &'static str,
        /// Where to add it.
        file: String,
    },
    /// Two currencies without a rate.
    #[error(
        "no rate from {from} to {to}, so a price in {from} cannot be held against a budget in {to}. Add [fx.\"{from}/{to}\"] with rate, as_of and source to {file}"
    )]
    UnknownRate {
        /// The currency of the prices.
        from: String,
        /// The company's currency.
        to: String,
        /// Where to add it.
        file: String,
    },
    /// A provider that this build does not speak to.
    #[error(
        "provider `{provider}` is of kind {kind}, which this build does not speak; use a provider of kind openai-chat or offline"
    )]
    UnsupportedKind {
        /// The provider.
        provider: String,
        /// Its kind.
        kind: &'static str,
    },
    /// A provider without an address.
    #[error("provider `{provider}` has no address. Set {env}, or base_url in its [[provider]]")]
    MissingAddress {
        /// The provider.
        provider: String,
        /// The environment variable that would name it.
        env: String,
    },
    /// A provider whose key is not in the environment.
    #[error(
        "provider `{provider}` needs a key. Set {env}, or remove key_env from its [[provider]] where the service asks for none"
    )]
    MissingKey {
        /// The provider.
        provider: String,
        /// The environment variable that should hold it.
        env: String,
    },
    /// An address or key that cannot be used.
    #[error("provider `{provider}`: {why}")]
    Unusable {
        /// The provider.
        provider: String,
        /// What is wrong and what to do.
        why: String,
    },
}

impl RegistryError {
    /// A stable name for logs and runbooks.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::File { .. } => "models_file",
            Self::UnknownKey { .. } => "models_unknown_key",
            Self::UnknownModel { .. } => "unknown_model",
            Self::UnknownPrice { .. } => "unknown_price",
            Self::UnknownRate { .. } => "unknown_rate",
            Self::UnsupportedKind { .. } => "unsupported_provider",
            Self::MissingAddress { .. } => "missing_address",
            Self::MissingKey { .. } => "missing_key",
            Self::Unusable { .. } => "unusable_provider",
        }
    }

    /// Whether the same call may succeed later: never, a person must change something.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        false
    }
}

fn hint(nearest: Option<&str>) -> String {
    nearest
        .map(|n| format!("; did you mean `{n}`?"))
        .unwrap_or_default()
}

/// The candidate that resembles `name` most, if it resembles it at all.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    resembling(name, known, 0.7)
}

/// The candidate that `name` is in all likelihood a misspelling of.
pub(super) fn alike<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    resembling(name, known, 0.9)
}

fn resembling<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    least: f64,
) -> Option<String> {
    let (score, best) = known
        .into_iter()
        .map(|k| (strsim::jaro_winkler(name, k), k))
        .max_by(|(a, x), (b, y)| a.total_cmp(b).then_with(|| y.cmp(x)))?;
    (score >= least).then(|| best.to_owned())
}
