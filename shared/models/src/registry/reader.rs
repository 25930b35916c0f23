//! Reads tables of a TOML file so that every error names the file, the line and the nearest known key.

use jiff::civil::Date;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::error::{RegistryError, nearest};
use crate::decimal::Decimal;

/// The file that is read.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    /// Its name, as errors give it.
    pub file: &'a str,
    /// Its text.
    pub text: &'a str,
}

impl Source<'_> {
    fn line(&self, offset: usize) -> usize {
        let before = self
            .text
            .as_bytes()
            .get(..offset)
            .unwrap_or(self.text.as_bytes());
        1 + before.iter().filter(|b| **b == b'\n').count()
    }

    pub fn error(&self, offset: usize, what: impl Into<String>) -> RegistryError {
        RegistryError::File {
            file: self.file.to_owned(),
            line: self.line(offset),
            what: what.into(),
        }
    }

    pub fn parse(&self) -> Result<Spanned<DeTable<'_>>, RegistryError> {
        DeTable::parse(self.text)
            .map_err(|e| self.error(e.span().map_or(0, |s| s.start), e.message()))
    }
}

/// One table of the file.
pub(super) struct Section<'a> {
    source: Source<'a>,
    name: String,
    at: usize,
    table: &'a DeTable<'a>,
}

/// A value with its place.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    source: Source<'a>,
    section: &'a str,
    key: &'a str,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Section<'a> {
    /// The whole file.
    pub fn root(source: Source<'a>, table: &'a Spanned<DeTable<'a>>) -> Self {
        Self {
            source,
            name: "the file".to_owned(),
            at: 0,
            table: table.get_ref(),
        }
    }

    /// Fails at the first key that is not among `known`.
    pub fn only(&self, known: &[&'static str]) -> Result<(), RegistryError> {
        let unknown = self
            .table
            .keys()
            .filter(|k| !known.contains(&k.get_ref().as_ref()))
            .min_by_key(|k| k.span().start);
        let Some(key) = unknown else { return Ok(()) };
        Err(RegistryError::UnknownKey {
            file: self.source.file.to_owned(),
            line: self.source.line(key.span().start),
            key: key.get_ref().to_string(),
            section: self.name.clone(),
            nearest: nearest(key.get_ref(), known.iter().copied()),
        })
    }

    /// Every entry, by key.
    pub fn entries(&'a self) -> impl Iterator<Item = (&'a str, Entry<'a>)> {
        self.table
            .iter()
            .map(|(key, value)| (key.get_ref().as_ref(), self.entry(key.get_ref(), value)))
    }

    fn entry(&'a self, key: &'a str, value: &'a Spanned<DeValue<'a>>) -> Entry<'a> {
        Entry {
            source: self.source,
            section: &self.name,
            key,
            value,
        }
    }

    /// The entry under `key`, where there is one.
    pub fn get(&'a self, key: &str) -> Option<Entry<'a>> {
        self.entries().find(|(k, _)| *k == key).map(|(_, e)| e)
    }

    /// The entry under `key`.
    pub fn need(&'a self, key: &str) -> Result<Entry<'a>, RegistryError> {
        self.get(key)
            .ok_or_else(|| self.error(format!("{} has no `{key}`", self.name)))
    }

    /// An error that points at the table's first line.
    pub fn error(&self, what: impl Into<String>) -> RegistryError {
        self.source.error(self.at, what)
    }
}

impl<'a> Entry<'a> {
    /// An error that points at the value's line.
    pub fn error(&self, what: impl Into<String>) -> RegistryError {
        self.source.error(self.value.span().start, what)
    }

    fn expected(&self, what: &str) -> RegistryError {
        self.error(format!("`{}` of {} must be {what}", self.key, self.section))
    }

    /// A text that is not blank.
    pub fn text(&self) -> Result<&'a str, RegistryError> {
        let text = self
            .value
            .get_ref()
            .as_str()
            .filter(|t| !t.trim().is_empty());
        text.ok_or_else(|| self.expected("a text"))
    }

    /// A list of texts.
    pub fn texts(&self) -> Result<Vec<Entry<'a>>, RegistryError> {
        let items = self
            .value
            .get_ref()
            .as_array()
            .ok_or_else(|| self.expected("a list of texts"))?;
        let entries = items.iter().map(|value| Entry { value, ..*self });
        entries.map(|e| e.text().map(|_| e)).collect()
    }

    /// A count of tokens.
    pub fn count(&self) -> Result<u32, RegistryError> {
        let count = self
            .value
            .get_ref()
            .as_integer()
            .and_then(|n| u32::from_str_radix(n.as_str(), n.radix()).ok());
        count
            .filter(|n| *n > 0)
            .ok_or_else(|| self.expected("a whole number above 0"))
    }

    /// Money or a rate: a decimal in quotes, never a float.
    pub fn decimal(&self) -> Result<Decimal, RegistryError> {
        let decimal = self.value.get_ref().as_str().and_then(Decimal::parse);
        decimal.ok_or_else(|| {
            self.expected("a decimal in quotes, as in \"0.15\": at most nine digits before the point and six after it")
        })
    }

    /// A day, with or without quotes.
    pub fn day(&self) -> Result<Date, RegistryError> {
        let text = match self.value.get_ref() {
            DeValue::Datetime(day) => day.to_string(),
            other => other.as_str().unwrap_or_default().to_owned(),
        };
        text.parse()
            .map_err(|_| self.expected("a day, as in 2026-11-20"))
    }

    /// A table.
    pub fn table(&self, name: impl Into<String>) -> Result<Section<'a>, RegistryError> {
        let table = self
            .value
            .get_ref()
            .as_table()
            .ok_or_else(|| self.expected("a table"))?;
        Ok(Section {
            source: self.source,
            name: name.into(),
            at: self.value.span().start,
            table,
        })
    }

    /// A list of tables, `[[key]]`.
    pub fn tables(&self) -> Result<Vec<Section<'a>>, RegistryError> {
        let name = format!("[[{}]]", self.key);
        let expected = || {
            self.error(format!(
                "`{}` is written as {name}, one table each",
                self.key
            ))
        };
        let items = self.value.get_ref().as_array().ok_or_else(expected)?;
        let entries = items.iter().map(|value| Entry { value, ..*self });
        entries
            .map(|e| e.table(name.clone()).map_err(|_| expected()))
            .collect()
    }
}
