//! Reads models.toml.

use std::collections::BTreeMap;

use super::{
    ModelEntry, OFFLINE_CONTEXT, OFFLINE_MAX_OUTPUT, Policies, Price, Provider, ProviderKind, Rate,
    Registry, RegistryError,
    error::{self, nearest},
    reader::{Entry, Section, Source},
};

const FILE: [&str; 6] = ["currency", "policies", "fx", "provider", "model", "purpose"];
const POLICIES: [&str; 2] = ["max_cost_per_day", "safe_modes"];
const RATE: [&str; 3] = ["rate", "as_of", "source"];
const PROVIDER: [&str; 5] = ["id", "kind", "base_url", "base_url_env", "key_env"];
const MODEL: [&str; 8] = [
    "id",
    "provider",
    "name",
    "context",
    "max_output",
    "price",
    "as_of",
    "source",
];
/// What roles ask models for. Others may be named too, for roles to come.
const PURPOSES: [&str; 5] = ["plan", "draft", "repair", "revise", "review"];
const PRICE: [&str; 5] = ["input", "output", "cached_input", "as_of", "source"];

pub(super) fn parse(text: &str, file: &str) -> Result<Registry, RegistryError> {
    let source = Source { file, text };
    let document = source.parse()?;
    let root = Section::root(source, &document);
    root.only(&FILE)?;

    let mut registry = Registry::builtin();
    registry.file = Some(file.to_owned());
    registry.currency = Some(currency(&root.need("currency")?)?);
    if let Some(entry) = root.get("policies") {
        registry.policies = policies(&entry.table("[policies]")?)?;
    }
    if let Some(entry) = root.get("fx") {
        registry.fx = rates(&entry.table("[fx]")?)?;
    }
    read_each(&root, "provider", &mut registry.providers, provider)?;
    let providers = registry.providers.clone();
    read_each(&root, "model", &mut registry.models, |section| {
        model(section, &providers)
    })?;
    if let Some(entry) = root.get("purpose") {
        registry.purpose = purposes(&entry.table("[purpose]")?, &registry.models)?;
    }
    Ok(registry)
}

/// Reads `[[key]]` into a map by id; an id may replace a built-in one, but not another of the file.
fn read_each<T>(
    root: &Section<'_>,
    key: &str,
    into: &mut BTreeMap<String, T>,
    read: impl Fn(&Section<'_>) -> Result<T, RegistryError>,
) -> Result<(), RegistryError> {
    let Some(entry) = root.get(key) else {
        return Ok(());
    };
    let mut seen = BTreeMap::new();
    for section in entry.tables()? {
        let read = read(&section)?;
        let id = section.need("id")?;
        let name = id.text()?.to_owned();
        if seen.insert(name.clone(), read).is_some() {
            return Err(id.error(format!("a second [[{key}]] with the id `{name}`")));
        }
    }
    into.append(&mut seen);
    Ok(())
}

fn currency(entry: &Entry<'_>) -> Result<String, RegistryError> {
    let code = entry.text()?;
    if is_currency(code) {
        Ok(code.to_owned())
    } else {
        Err(entry.error("a currency is three capital letters, as in \"EUR\""))
    }
}

fn is_currency(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase())
}

fn policies(section: &Section<'_>) -> Result<Policies, RegistryError> {
    section.only(&POLICIES)?;
    let modes = section
        .get("safe_modes")
        .map(|e| e.texts())
        .transpose()?
        .unwrap_or_default();
    Ok(Policies {
        max_cost_per_day: section
            .get("max_cost_per_day")
            .map(|e| e.decimal())
            .transpose()?,
        safe_modes: modes
            .iter()
            .map(|m| m.text().map(str::to_owned))
            .collect::<Result<_, _>>()?,
    })
}

fn rates(section: &Section<'_>) -> Result<BTreeMap<(String, String), Rate>, RegistryError> {
    let mut rates = BTreeMap::new();
    for (pair, entry) in section.entries() {
        let Some((from, to)) = pair
            .split_once('/')
            .filter(|(from, to)| is_currency(from) && is_currency(to))
        else {
            return Err(entry.error(format!(
                "`{pair}` is no pair of currencies; write [fx.\"USD/EUR\"]"
            )));
        };
        let table = entry.table(format!("[fx.\"{pair}\"]"))?;
        table.only(&RATE)?;
        let rate = table.need("rate")?;
        let value = rate.decimal()?;
        if value.is_zero() {
            return Err(rate.error("a rate is above 0"));
        }
        let rate = Rate {
            rate: value,
            as_of: table.get("as_of").map(|e| e.day()).transpose()?,
            source: text(&table, "source")?,
        };
        rates.insert((from.to_owned(), to.to_owned()), rate);
    }
    Ok(rates)
}

fn text(section: &Section<'_>, key: &str) -> Result<Option<String>, RegistryError> {
    section
        .get(key)
        .map(|e| e.text().map(str::to_owned))
        .transpose()
}

fn provider(section: &Section<'_>) -> Result<Provider, RegistryError> {
    section.only(&PROVIDER)?;
    let kind = section.need("kind")?;
    let name = kind.text()?;
    let Some(found) = ProviderKind::ALL.into_iter().find(|k| k.name() == name) else {
        let known = ProviderKind::ALL.map(ProviderKind::name);
        let hint = nearest(name, known)
            .map(|n| format!("; did you mean `{n}`?"))
            .unwrap_or_default();
        return Err(kind.error(format!(
            "no kind of provider is called `{name}`{hint} Known: {}",
            known.join(", ")
        )));
    };
    let id = section.need("id")?.text()?.to_owned();
    let provider = Provider {
        id,
        kind: found,
        base_url: text(section, "base_url")?,
        base_url_env: text(section, "base_url_env")?,
        key_env: text(section, "key_env")?,
    };
    if found == ProviderKind::OpenAiChat
        && provider.base_url.is_none()
        && provider.base_url_env.is_none()
    {
        return Err(section.error(format!(
            "provider `{}` has neither base_url nor base_url_env",
            provider.id
        )));
    }
    Ok(provider)
}

fn model(
    section: &Section<'_>,
    providers: &BTreeMap<String, Provider>,
) -> Result<ModelEntry, RegistryError> {
    section.only(&MODEL)?;
    let id = section.need("id")?.text()?.to_owned();
    let by = section.need("provider")?;
    let Some(provider) = providers.get(by.text()?) else {
        let name = by.text()?;
        let hint = nearest(name, providers.keys().map(String::as_str))
            .map(|n| format!("; did you mean `{n}`?"));
        return Err(by.error(format!(
            "no [[provider]] has the id `{name}`{}",
            hint.unwrap_or_default()
        )));
    };
    let offline = provider.kind == ProviderKind::Offline;
    let size = |key: &str, default: u32| match section.get(key) {
        Some(entry) => entry.count(),
        None if offline => Ok(default),
        None => Err(section.error(format!("model `{id}` has no `{key}`, a number of tokens"))),
    };
    let context = size("context", OFFLINE_CONTEXT)?;
    let max_output = size("max_output", OFFLINE_MAX_OUTPUT)?;
    if max_output > context {
        return Err(section.error(format!(
            "model `{id}` cannot answer more tokens ({max_output}) than it takes ({context})"
        )));
    }
    Ok(ModelEntry {
        provider: provider.id.clone(),
        name: text(section, "name")?.unwrap_or_else(|| id.clone()),
        context,
        max_output,
        price: price(section, offline)?,
        id,
    })
}

/// The price with its day and source, which may stand in the price itself or beside it.
fn price(section: &Section<'_>, offline: bool) -> Result<Price, RegistryError> {
    let beside = |price: Price| {
        let as_of = section.get("as_of").map(|e| e.day()).transpose()?;
        let source = text(section, "source")?;
        Ok(Price {
            as_of: price.as_of.or(as_of),
            source: price.source.or(source),
            ..price
        })
    };
    let Some(entry) = section.get("price") else {
        return beside(if offline {
            Price::nothing()
        } else {
            Price::default()
        });
    };
    let table = entry.table("price")?;
    table.only(&PRICE)?;
    let amount = |key: &str| table.get(key).map(|e| e.decimal()).transpose();
    beside(Price {
        input: amount("input")?,
        output: amount("output")?,
        cached_input: amount("cached_input")?,
        as_of: table.get("as_of").map(|e| e.day()).transpose()?,
        source: text(&table, "source")?,
    })
}

fn purposes(
    section: &Section<'_>,
    models: &BTreeMap<String, ModelEntry>,
) -> Result<BTreeMap<String, Vec<String>>, RegistryError> {
    let mut purposes = BTreeMap::new();
    for (purpose, entry) in section.entries() {
        // A slip of the pen would leave the purpose to `offline` without a word.
        if !PURPOSES.contains(&purpose)
            && let Some(meant) = error::alike(purpose, PURPOSES)
        {
            return Err(entry.error(format!(
                "no purpose is called `{purpose}`; did you mean `{meant}`?"
            )));
        }
        let mut ids = Vec::new();
        for item in entry.texts()? {
            let id = item.text()?;
            if !models.contains_key(id) {
                let hint = nearest(id, models.keys().map(String::as_str))
                    .map(|n| format!("; did you mean `{n}`?"));
                return Err(item.error(format!(
                    "no [[model]] has the id `{id}`{}",
                    hint.unwrap_or_default()
                )));
            }
            ids.push(id.to_owned());
        }
        if ids.is_empty() {
            return Err(entry.error(format!("`{purpose}` names no model")));
        }
        purposes.insert(purpose.to_owned(), ids);
    }
    Ok(purposes)
}
