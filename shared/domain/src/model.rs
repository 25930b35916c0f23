//! One exchange with a language model, and what it may cost.

use std::io;

use serde::{Deserialize, Serialize};

/// What a provider's own form of a request may add to ours, in bytes: its name of the model, and the names of
/// fields.
const ENVELOPE: usize = 256;

/// Who speaks in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// The company's standing instructions.
    System,
    /// The request.
    User,
    /// An earlier answer of the model.
    Assistant,
}

/// One message of an exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who speaks.
    pub role: Speaker,
    /// What is said.
    pub content: String,
}

/// What is sent to a model; stored as a blob, and hashed as such.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelRequest {
    /// The registry's id of the model.
    pub model: String,
    /// `draft`, `repair`, `revise`, ...
    pub purpose: String,
    /// The conversation.
    pub messages: Vec<Message>,
    /// The shape that the answer must have, a JSON Schema; free text without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<serde_json::Value>,
    /// The most tokens that may be answered; always sent.
    pub max_tokens: u32,
}

impl ModelRequest {
    /// An upper bound of the input tokens of byte-level tokenizers: the bytes of the request as it is sent,
    /// escapes included, and 16 a message.
    #[must_use]
    pub fn input_bound(&self) -> i64 {
        self.input_bound_of(json_length(self))
    }

    /// As [`Self::input_bound`], where the length of the request as JSON is known already.
    #[must_use]
    pub fn input_bound_of(&self, bytes: usize) -> i64 {
        let bound = bytes.saturating_add(ENVELOPE + 16 * self.messages.len());
        i64::try_from(bound).unwrap_or(i64::MAX)
    }
}

/// How many bytes a document has as JSON, without writing it anywhere; `usize::MAX` where it cannot be written.
#[must_use]
pub fn json_length(document: &impl Serialize) -> usize {
    struct Length(usize);
    impl io::Write for Length {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut length = Length(0);
    serde_json::to_writer(&mut length, document).map_or(usize::MAX, |()| length.0)
}

/// Tokens as the provider counted them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Usage {
    /// Tokens that were sent.
    pub input_tokens: i64,
    /// Tokens that were answered.
    pub output_tokens: i64,
}

/// Why the model stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// It had said all.
    Stop,
    /// It ran into `max_tokens`.
    Length,
    /// It refused.
    Refused,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelAnswer {
    /// The text.
    pub content: String,
    /// What the provider counted; without it the whole reservation is spent.
    pub usage: Option<Usage>,
    /// Why it ended.
    pub finish: Finish,
}

/// The terms on which a task may call one model, fixed when the goal was submitted.
/// Prices are micro-units of the company's currency per million tokens, rounded up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModelTerms {
    /// The registry's id: `offline`, `openai/gpt-...`.
    pub id: String,
    /// Whether it is computed here: class read, repeatable without a charge of its own.
    pub offline: bool,
    /// The most tokens that the model takes, input and output.
    pub context: u32,
    /// The most tokens that the model answers.
    pub max_output: u32,
    /// Price of input; `None` is unknown and denies the call.
    pub input_price: Option<i64>,
    /// Price of output; `None` is unknown and denies the call.
    pub output_price: Option<i64>,
    /// Whether it is asked for revisions alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub revises: bool,
}

impl ModelTerms {
    /// The most that an exchange may cost: (micro-units, tokens). `None` where a price is unknown.
    #[must_use]
    pub fn worst_case(&self, input_bound: i64, max_tokens: u32) -> Option<(i64, i64)> {
        let micros = self.price(input_bound, i64::from(max_tokens))?;
        Some((micros, input_bound.saturating_add(i64::from(max_tokens))))
    }

    /// What so many tokens cost, in micro-units, rounded up once. `None` where a price is unknown.
    #[must_use]
    pub fn price(&self, input_tokens: i64, output_tokens: i64) -> Option<i64> {
        let input = i128::from(self.input_price?) * i128::from(input_tokens);
        let output = i128::from(self.output_price?) * i128::from(output_tokens);
        let micros = (input + output + 999_999) / 1_000_000;
        i64::try_from(micros).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_that_is_counted_is_that_of_what_is_written() {
        let request = ModelRequest {
            model: "offline".into(),
            purpose: "draft".into(),
            messages: vec![Message {
                role: Speaker::User,
                content: "{\"name\":\"Größe \\ 2\"}\n\u{1}".into(),
            }],
            schema: None,
            max_tokens: 800,
        };
        let written = serde_json::to_vec(&request).unwrap();
        assert_eq!(json_length(&request), written.len());
        assert_eq!(request.input_bound(), request.input_bound_of(written.len()));
    }
}
