//! Which models there are, who serves them and at what price: models.toml.

mod choose;
mod error;
mod file;
mod reader;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::civil::Date;
use va_domain::model::ModelTerms;

pub use self::error::RegistryError;
use crate::decimal::Decimal;

/// The id of the model that needs no key and no network.
pub const OFFLINE: &str = "offline";
/// What the offline model takes: more than any request that fits a blob is worth.
const OFFLINE_CONTEXT: u32 = 1_000_000;
/// What the offline model answers at most.
pub const OFFLINE_MAX_OUTPUT: u32 = 32_768;
/// Where errors say that something is to be added, while no file was read.
const NO_FILE: &str = "a models file (--models FILE)";

/// What a provider speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderKind {
    /// Computed in this process.
    Offline,
    /// OpenAI-compatible chat completions.
    OpenAiChat,
    /// Anthropic Messages.
    AnthropicMessages,
    /// Bedrock Converse.
    BedrockConverse,
}

impl ProviderKind {
    const ALL: [Self; 4] = [
        Self::Offline,
        Self::OpenAiChat,
        Self::AnthropicMessages,
        Self::BedrockConverse,
    ];

    /// Its name in models.toml.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Offline => OFFLINE,
            Self::OpenAiChat => "openai-chat",
            Self::AnthropicMessages => "anthropic-messages",
            Self::BedrockConverse => "bedrock-converse",
        }
    }
}

/// Who serves models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Its id.
    pub id: String,
    /// What it speaks.
    pub kind: ProviderKind,
    /// Its address, where the environment names none.
    pub base_url: Option<String>,
    /// The environment variable that names its address.
    pub base_url_env: Option<String>,
    /// The environment variable that holds its key; none: it asks for none.
    pub key_env: Option<String>,
}

/// What a model costs, in the registry's currency per million tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Price {
    /// Tokens that are sent.
    pub(crate) input: Option<Decimal>,
    /// Tokens that are answered.
    pub(crate) output: Option<Decimal>,
    /// Tokens that are sent again and read from the provider's cache. Reservations count them in full.
    pub(crate) cached_input: Option<Decimal>,
    /// The day on which the price was looked up.
    pub as_of: Option<Date>,
    /// Where it was looked up.
    pub source: Option<String>,
}

impl Price {
    /// No price for anything, which is known.
    fn nothing() -> Self {
        Self {
            input: Some(Decimal::ZERO),
            output: Some(Decimal::ZERO),
            ..Self::default()
        }
    }

    /// Per million tokens that are sent, as a decimal in the registry's currency.
    #[must_use]
    pub fn input(&self) -> Option<String> {
        self.input.map(|p| p.to_string())
    }

    /// Per million tokens that are answered.
    #[must_use]
    pub fn output(&self) -> Option<String> {
        self.output.map(|p| p.to_string())
    }

    /// Per million tokens that are sent again and read from the provider's cache.
    #[must_use]
    pub fn cached_input(&self) -> Option<String> {
        self.cached_input.map(|p| p.to_string())
    }

    fn is_free(&self) -> bool {
        [self.input, self.output]
            .iter()
            .all(|p| p.is_some_and(Decimal::is_zero))
    }
}

/// A model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelEntry {
    /// Its id here.
    pub id: String,
    /// The id of its provider.
    pub provider: String,
    /// Its name at the provider.
    pub name: String,
    /// The most tokens that it takes, input and output.
    pub context: u32,
    /// The most tokens that it answers.
    pub max_output: u32,
    /// What it costs.
    pub price: Price,
}

/// A rate between two currencies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// What one unit of the first is worth in the second.
    pub(crate) rate: Decimal,
    /// The day of the rate.
    pub as_of: Option<Date>,
    /// Who states it.
    pub source: Option<String>,
}

impl Rate {
    /// The rate, as a decimal.
    #[must_use]
    pub fn value(&self) -> String {
        self.rate.to_string()
    }
}

/// `[policies]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policies {
    pub(crate) max_cost_per_day: Option<Decimal>,
    /// What requests and answers are passed through.
    pub safe_modes: Vec<String>,
}

/// Models, providers, prices and rates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registry {
    file: Option<String>,
    currency: Option<String>,
    policies: Policies,
    fx: BTreeMap<(String, String), Rate>,
    providers: BTreeMap<String, Provider>,
    models: BTreeMap<String, ModelEntry>,
    purpose: BTreeMap<String, Vec<String>>,
}

impl Registry {
    /// What holds without a models file: the model `offline` at price 0, and the providers `offline` and
    /// `openai`, so that a file may name their models without describing them.
    #[must_use]
    pub fn builtin() -> Self {
        let provider = |id: &str, kind| Provider {
            id: id.to_owned(),
            kind,
            base_url: None,
            base_url_env: None,
            key_env: None,
        };
        let offline = provider(OFFLINE, ProviderKind::Offline);
        let openai = Provider {
            base_url: Some("https://api.openai.com/v1".to_owned()),
            base_url_env: Some("OPENAI_BASE_URL".to_owned()),
            key_env: Some("OPENAI_API_KEY".to_owned()),
            ..provider("openai", ProviderKind::OpenAiChat)
        };
        let model = ModelEntry {
            id: OFFLINE.to_owned(),
            provider: OFFLINE.to_owned(),
            name: OFFLINE.to_owned(),
            context: OFFLINE_CONTEXT,
            max_output: OFFLINE_MAX_OUTPUT,
            price: Price::nothing(),
        };
        Self {
            file: None,
            currency: None,
            policies: Policies::default(),
            fx: BTreeMap::new(),
            providers: [offline, openai]
                .into_iter()
                .map(|p| (p.id.clone(), p))
                .collect(),
            models: BTreeMap::from([(model.id.clone(), model)]),
            purpose: BTreeMap::new(),
        }
    }

    /// Reads a models file. Its models and providers join the built-in ones and replace those of the same id.
    ///
    /// # Errors
    /// [`RegistryError::UnknownKey`] and [`RegistryError::File`], each with `file` and the line.
    pub fn parse(text: &str, file: &str) -> Result<Self, RegistryError> {
        file::parse(text, file)
    }

    /// The terms on which a company with this currency may call a model. Prices are converted at the file's
    /// rate, in micro-units per million tokens, rounded up.
    ///
    /// # Errors
    /// Where the model, one of its prices, or the rate is unknown: each says what to add, and where.
    pub fn terms(
        &self,
        model_id: &str,
        company_currency: &str,
    ) -> Result<ModelTerms, RegistryError> {
        let model = self.model(model_id)?;
        let price = |side: &'static str, price: Option<Decimal>| {
            price.ok_or_else(|| RegistryError::UnknownPrice {
                id: model.id.clone(),
                side,
                file: self.place(),
            })
        };
        let input = price("input", model.price.input)?;
        let output = price("output", model.price.output)?;
        // Nothing is nothing in every currency.
        let rate = if model.price.is_free() {
            Decimal::ONE
        } else {
            self.rate(company_currency)?
        };
        Ok(ModelTerms {
            id: model.id.clone(),
            offline: self
                .provider(&model.provider)
                .is_some_and(|p| p.kind == ProviderKind::Offline),
            context: model.context,
            max_output: model.max_output,
            input_price: Some(input.micros_up(rate)),
            output_price: Some(output.micros_up(rate)),
            revises: false,
        })
    }

    /// What may be spent on models in a day, in micro-units of the company's currency, rounded down.
    ///
    /// # Errors
    /// Where the rate is unknown.
    pub fn max_cost_per_day(&self, company_currency: &str) -> Result<Option<i64>, RegistryError> {
        let Some(cap) = self.policies.max_cost_per_day else {
            return Ok(None);
        };
        Ok(Some(cap.micros_down(self.rate(company_currency)?)))
    }

    fn rate(&self, to: &str) -> Result<Decimal, RegistryError> {
        let from = self.currency.as_deref().unwrap_or(to);
        if from == to {
            return Ok(Decimal::ONE);
        }
        let pair = (from.to_owned(), to.to_owned());
        self.fx
            .get(&pair)
            .map(|r| r.rate)
            .ok_or_else(|| RegistryError::UnknownRate {
                from: pair.0,
                to: pair.1,
                file: self.place(),
            })
    }

    /// A model by its id.
    ///
    /// # Errors
    /// Where there is none of that id.
    pub fn model(&self, id: &str) -> Result<&ModelEntry, RegistryError> {
        self.models
            .get(id)
            .ok_or_else(|| RegistryError::UnknownModel {
                id: id.to_owned(),
                nearest: error::nearest(id, self.models.keys().map(String::as_str)),
                known: self.models.keys().cloned().collect(),
                file: self.place(),
            })
    }

    /// Every model, by id.
    pub fn models(&self) -> impl Iterator<Item = &ModelEntry> {
        self.models.values()
    }

    /// A provider by its id.
    #[must_use]
    pub fn provider(&self, id: &str) -> Option<&Provider> {
        self.providers.get(id)
    }

    /// Every rate, by the two currencies: what one unit of the first is worth in the second.
    pub fn rates(&self) -> impl Iterator<Item = (&str, &str, &Rate)> {
        self.fx
            .iter()
            .map(|((from, to), rate)| (from.as_str(), to.as_str(), rate))
    }

    /// The currency of the prices; `None` without a file.
    #[must_use]
    pub fn currency(&self) -> Option<&str> {
        self.currency.as_deref()
    }

    /// `[policies]`.
    #[must_use]
    pub fn policies(&self) -> &Policies {
        &self.policies
    }

    fn place(&self) -> String {
        self.file.clone().unwrap_or_else(|| NO_FILE.to_owned())
    }
}
