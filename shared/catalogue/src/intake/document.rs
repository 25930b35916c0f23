//! TOML and JSON as one tree that knows its lines.

use toml::de::{DeTable, DeValue};

use super::error::{Fault, IntakeError};

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// From 1; none in JSON.
    pub line: Option<usize>,
    pub data: Data,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(crate) enum Data {
    Text(String),
    Whole(i64),
    /// A number that is not whole, or too large.
    Fraction,
    Flag(bool),
    /// A TOML date or time.
    Moment(String),
    Nothing,
    List(Vec<Node>),
    /// In the order of the lines.
    Table(Vec<(String, Node)>),
}

impl Node {
    /// Reads a TOML file.
    pub(crate) fn from_toml(text: &str, file: &str) -> Result<Self, IntakeError> {
        let lines = Lines::of(text);
        let table = DeTable::parse(text).map_err(|error| IntakeError {
            file: file.to_owned(),
            line: error.span().map(|span| lines.line(span.start)),
            key: String::new(),
            fault: Fault::Syntax,
            reason: format!("not TOML: {}", error.message().replace('\n', ", ")),
            remedy: "Correct the line.".to_owned(),
        })?;
        Ok(Self {
            line: Some(1),
            data: Data::Table(lines.entries(table.get_ref())),
        })
    }

    /// Reads a JSON document.
    pub(crate) fn from_json(bytes: &[u8], file: &str) -> Result<Self, IntakeError> {
        let value: serde_json::Value =
            serde_json::from_slice(bytes).map_err(|error| IntakeError {
                file: file.to_owned(),
                line: Some(error.line()),
                key: String::new(),
                fault: Fault::Syntax,
                reason: format!("not JSON: {error}"),
                remedy: "Correct the document.".to_owned(),
            })?;
        Ok(json(value))
    }

    /// The value under a key of this table.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match &self.data {
            Data::Table(entries) => entries
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, node)| node),
            Data::List(items) => items.get(key.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// The line of a key given from the top: `revenue.link`, `kpi.0.name`; where it is absent, that of its table.
    pub(crate) fn line_of(&self, key: &str) -> Option<usize> {
        let (mut at, mut line) = (self, None);
        for part in key.split('.').filter(|part| !part.is_empty()) {
            match at.get(part) {
                Some(node) => (at, line) = (node, node.line),
                None => break,
            }
        }
        line
    }

    /// What a person would call this type.
    pub(crate) fn kind(&self) -> &'static str {
        match self.data {
            Data::Text(_) => "a text",
            Data::Whole(_) => "a whole number",
            Data::Fraction => "a number with decimals",
            Data::Flag(_) => "true or false",
            Data::Moment(_) => "a date or time",
            Data::Nothing => "null",
            Data::List(_) => "a list",
            Data::Table(_) => "a table",
        }
    }
}

/// Where the lines of a text begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(
            std::iter::once(0)
                .chain(text.match_indices('\n').map(|(at, _)| at + 1))
                .collect(),
        )
    }

    fn line(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset)
    }

    fn entries(&self, table: &DeTable<'_>) -> Vec<(String, Node)> {
        let mut entries: Vec<(usize, String, Node)> = Vec::with_capacity(table.len());
        for (key, value) in table {
            let at = key.span().start;
            let mut node = self.node(value.get_ref());
            node.line = Some(self.line(at));
            entries.push((at, key.get_ref().to_string(), node));
        }
        entries.sort_by_key(|(at, _, _)| *at);
        entries
            .into_iter()
            .map(|(_, key, node)| (key, node))
            .collect()
    }

    fn node(&self, value: &DeValue<'_>) -> Node {
        let data = match value {
            DeValue::String(text) => Data::Text(text.to_string()),
            DeValue::Integer(number) => {
                match i64::from_str_radix(number.as_str(), number.radix()) {
                    Ok(whole) => Data::Whole(whole),
                    Err(_) => Data::Fraction,
                }
            }
            DeValue::Float(_) => Data::Fraction,
            DeValue::Boolean(flag) => Data::Flag(*flag),
            DeValue::Datetime(moment) => Data::Moment(moment.to_string()),
            DeValue::Array(items) => Data::List(
                items
                    .iter()
                    .map(|item| Node {
                        line: Some(self.line(item.span().start)),
                        ..self.node(item.get_ref())
                    })
                    .collect(),
            ),
            DeValue::Table(table) => Data::Table(self.entries(table)),
        };
        Node { line: None, data }
    }
}

fn json(value: serde_json::Value) -> Node {
    use serde_json::Value;
    let data = match value {
        Value::Null => Data::Nothing,
        Value::Bool(flag) => Data::Flag(flag),
        Value::Number(number) => number.as_i64().map_or(Data::Fraction, Data::Whole),
        Value::String(text) => Data::Text(text),
        Value::Array(items) => Data::List(items.into_iter().map(json).collect()),
        Value::Object(entries) => Data::Table(
            entries
                .into_iter()
                .map(|(key, value)| (key, json(value)))
                .collect(),
        ),
    };
    Node { line: None, data }
}
