//! The shape that a file must have: which keys, and what each holds.

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::{
    document::{Data, Node},
    error::{Fault, IntakeError},
    rules, suggest,
};

/// What a key holds.
pub(crate) enum Shape {
    Text,
    Whole,
    Flag,
    /// A date, bare or as text.
    Day,
    /// A decimal string.
    Money,
    OneOf(&'static [&'static str]),
    List(&'static Self),
    /// A table of these keys.
    Table(&'static [Key]),
    /// A table whose keys are the writer's own.
    Map(&'static Self),
}

/// One key of a table.
pub(crate) struct Key {
    pub name: &'static str,
    pub shape: Shape,
    /// For a key that must be there: how to add it.
    pub advice: Option<&'static str>,
}

/// A key that may be left out.
pub(crate) const fn may(name: &'static str, shape: Shape) -> Key {
    Key {
        name,
        shape,
        advice: None,
    }
}

/// A key that must be there.
pub(crate) const fn must(name: &'static str, shape: Shape, advice: &'static str) -> Key {
    Key {
        name,
        shape,
        advice: Some(advice),
    }
}

/// Walks a document and gives it back as the JSON that its type is read from.
pub(crate) fn shaped(document: &Node, keys: &[Key], file: &str) -> Result<Value, IntakeError> {
    Walk {
        file,
        path: Vec::new(),
    }
    .table(document, keys)
}

struct Walk<'a> {
    file: &'a str,
    path: Vec<String>,
}

impl Walk<'_> {
    fn refuse(
        &self,
        node: &Node,
        fault: Fault,
        reason: String,
        remedy: impl Into<String>,
    ) -> IntakeError {
        IntakeError {
            file: self.file.to_owned(),
            line: node.line,
            key: self.path.join("."),
            fault,
            reason,
            remedy: remedy.into(),
        }
    }

    /// The table in which the position lies, as a person names it.
    fn place(&self) -> String {
        if self.path.is_empty() {
            "at the top of the file".to_owned()
        } else {
            format!("in [{}]", self.path.join("."))
        }
    }

    fn wrong_type(&self, node: &Node, expected: &str) -> IntakeError {
        let reason = format!(
            "`{}` is {}, not {expected}",
            self.path.join("."),
            node.kind()
        );
        self.refuse(node, Fault::WrongType, reason, format!("Write {expected}."))
    }

    fn table(&mut self, node: &Node, keys: &[Key]) -> Result<Value, IntakeError> {
        let Data::Table(entries) = &node.data else {
            return Err(self.wrong_type(node, "a table"));
        };
        let mut object = Map::new();
        for (name, value) in entries {
            let Some(key) = keys.iter().find(|key| key.name == name) else {
                return Err(self.unknown(name, value, keys));
            };
            // JSON's null is a key left out.
            if matches!(value.data, Data::Nothing) {
                continue;
            }
            object.insert(
                name.clone(),
                self.under(name, |walk| walk.value(value, &key.shape))?,
            );
        }
        for key in keys {
            if let (Some(advice), false) = (key.advice, object.contains_key(key.name)) {
                let what = match key.shape {
                    Shape::Table(_) => format!("[{}] is missing", key.name),
                    _ => format!("`{}` is missing {}", key.name, self.place()),
                };
                let error = self.refuse(node, Fault::MissingKey, what, advice);
                return Err(IntakeError {
                    key: self.under(key.name, |walk| walk.path.join(".")),
                    ..error
                });
            }
        }
        Ok(Value::Object(object))
    }

    fn unknown(&mut self, name: &str, node: &Node, keys: &[Key]) -> IntakeError {
        let known: Vec<&str> = keys.iter().map(|key| key.name).collect();
        let reason = format!("unknown key `{name}` {}", self.place());
        let remedy = suggest(name, &known)
            .map(|nearest| format!("Did you mean `{nearest}`?"))
            .unwrap_or_default();
        let error = self.refuse(node, Fault::UnknownKey, reason, remedy);
        IntakeError {
            key: self.under(name, |walk| walk.path.join(".")),
            ..error
        }
    }

    fn under<T>(&mut self, name: &str, walk: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(name.to_owned());
        let value = walk(self);
        self.path.pop();
        value
    }

    fn value(&mut self, node: &Node, shape: &Shape) -> Result<Value, IntakeError> {
        match (shape, &node.data) {
            (Shape::Text, Data::Text(text)) => self.text(node, text),
            (Shape::Text, _) => Err(self.wrong_type(node, "a text in quotes")),
            (Shape::Whole, Data::Whole(number)) => Ok((*number).into()),
            (Shape::Whole, _) => Err(self.wrong_type(node, "a whole number")),
            (Shape::Flag, Data::Flag(flag)) => Ok((*flag).into()),
            (Shape::Flag, _) => Err(self.wrong_type(node, "true or false")),
            (Shape::Day, Data::Text(day) | Data::Moment(day)) => match day.parse::<Date>() {
                Ok(date) if day.len() == 10 => Ok(date.to_string().into()),
                _ => {
                    Err(self.out_of_bounds(node, format!("{day:?} is no day"), "Write 2026-11-20."))
                }
            },
            (Shape::Day, _) => Err(self.wrong_type(node, "a day, 2026-11-20")),
            (Shape::Money, Data::Text(amount)) => match rules::parse_micros(amount) {
                Ok(_) => Ok(amount.trim().into()),
                Err(why) => Err(self.out_of_bounds(
                    node,
                    format!("{amount:?} is no amount: {why}"),
                    "Write \"25.00\".",
                )),
            },
            (Shape::Money, Data::Whole(_) | Data::Fraction) => {
                let reason = format!(
                    "`{}` is a number, and money is a decimal text",
                    self.path.join(".")
                );
                Err(self.refuse(
                    node,
                    Fault::WrongType,
                    reason,
                    "Put it in quotes: \"25.00\".",
                ))
            }
            (Shape::Money, _) => Err(self.wrong_type(node, "an amount in quotes, \"25.00\"")),
            (Shape::OneOf(words), Data::Text(text)) if words.contains(&text.as_str()) => {
                Ok(text.as_str().into())
            }
            (Shape::OneOf(words), Data::Text(text)) => {
                // Empty is as good as absent, and nobody is told to write it.
                let words: Vec<&str> = words
                    .iter()
                    .copied()
                    .filter(|word| !word.is_empty())
                    .collect();
                let reason = format!("{text:?} is none of {}", words.join(", "));
                let nearest = suggest(text, &words).unwrap_or_default();
                Err(self.out_of_bounds(node, reason, format!("Did you mean \"{nearest}\"?")))
            }
            (Shape::OneOf(words), _) => {
                Err(self.wrong_type(node, &format!("one of \"{}\"", words.join("\", \""))))
            }
            (Shape::List(of), Data::List(items)) => {
                let item = |(n, item): (usize, &Node)| {
                    self.under(&n.to_string(), |walk| walk.value(item, of))
                };
                items
                    .iter()
                    .enumerate()
                    .map(item)
                    .collect::<Result<Vec<_>, _>>()
                    .map(Value::Array)
            }
            (Shape::List(_), _) => Err(self.wrong_type(node, "a list")),
            (Shape::Table(keys), _) => self.table(node, keys),
            (Shape::Map(of), Data::Table(entries)) => {
                let mut object = Map::new();
                for (name, value) in entries {
                    object.insert(
                        name.clone(),
                        self.under(name, |walk| walk.value(value, of))?,
                    );
                }
                Ok(Value::Object(object))
            }
            (Shape::Map(_), _) => Err(self.wrong_type(node, "a table")),
        }
    }

    /// Texts may hold line breaks, and no other control characters.
    fn text(&self, node: &Node, text: &str) -> Result<Value, IntakeError> {
        if text.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            let reason = format!("`{}` holds a control character", self.path.join("."));
            return Err(self.refuse(node, Fault::Value, reason, "Remove it."));
        }
        Ok(text.into())
    }

    fn out_of_bounds(&self, node: &Node, reason: String, remedy: impl Into<String>) -> IntakeError {
        self.refuse(
            node,
            Fault::Value,
            format!("`{}`: {reason}", self.path.join(".")),
            remedy,
        )
    }
}
