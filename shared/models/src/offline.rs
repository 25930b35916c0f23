//! The model that needs no key and no network.

use async_trait::async_trait;
use va_domain::model::{Finish, Message, ModelAnswer, ModelRequest, Usage};
use va_runtime::model::{Charge, FailureKind, Model, ModelFailure};

/// Writes an answer by rules from what the messages carry; an error says what they lack.
pub type Writer = fn(&[Message]) -> Result<String, String>;

/// Bytes of UTF-8 that count as one token.
const BYTES_PER_TOKEN: usize = 4;

/// A writer of rules behind the Model port: the same request is always answered with the same bytes.
#[derive(Clone, Copy, Debug)]
pub struct Offline {
    writer: Writer,
}

impl Offline {
    /// A model that answers with this function.
    #[must_use]
    pub fn new(writer: Writer) -> Self {
        Self { writer }
    }
}

/// Tokens as the offline model counts them: a started four bytes of UTF-8 are one.
#[must_use]
pub fn tokens(text: &str) -> i64 {
    i64::try_from(text.len().div_ceil(BYTES_PER_TOKEN)).unwrap_or(i64::MAX)
}

#[async_trait]
impl Model for Offline {
    async fn exchange(&self, request: &ModelRequest) -> Result<ModelAnswer, ModelFailure> {
        self.answer(request)
    }

    fn compute(&self, request: &ModelRequest) -> Option<Result<ModelAnswer, ModelFailure>> {
        Some(self.answer(request))
    }
}

impl Offline {
    fn answer(&self, request: &ModelRequest) -> Result<ModelAnswer, ModelFailure> {
        let mut content = (self.writer)(&request.messages).map_err(|why| ModelFailure {
            kind: FailureKind::Refused,
            charge: Charge::Nothing,
            retry_after: None,
            message: format!("the offline model cannot answer this request: {why}"),
        })?;
        let room = usize::try_from(request.max_tokens)
            .unwrap_or(usize::MAX)
            .saturating_mul(BYTES_PER_TOKEN);
        let finish = if content.len() > room {
            Finish::Length
        } else {
            Finish::Stop
        };
        content.truncate(content.floor_char_boundary(room));
        let usage = Usage {
            input_tokens: request.messages.iter().map(|m| tokens(&m.content)).sum(),
            output_tokens: tokens(&content),
        };
        Ok(ModelAnswer {
            content,
            usage: Some(usage),
            finish,
        })
    }
}

#[cfg(test)]
mod tests {
    use va_domain::model::Speaker;

    use super::*;

    fn request(max_tokens: u32) -> ModelRequest {
        let message = |content: &str| Message {
            role: Speaker::User,
            content: content.into(),
        };
        ModelRequest {
            model: "offline".into(),
            purpose: "draft".into(),
            messages: vec![message("12345"), message("ä")],
            schema: None,
            max_tokens,
        }
    }

    #[tokio::test]
    async fn tokens_are_started_groups_of_four_bytes_of_each_message() {
        let answer = Offline::new(|_| Ok("123456789".into()))
            .exchange(&request(100))
            .await
            .expect("answers");
        assert_eq!(
            answer.usage,
            Some(Usage {
                input_tokens: 3,
                output_tokens: 3
            })
        );
        assert_eq!(answer.finish, Finish::Stop);
    }

    #[tokio::test]
    async fn an_answer_that_is_too_long_is_cut_between_characters_and_says_so() {
        let answer = Offline::new(|_| Ok("abcäöü".into()))
            .exchange(&request(1))
            .await
            .expect("answers");
        assert_eq!(
            (answer.content.as_str(), answer.finish),
            ("abc", Finish::Length)
        );
        assert_eq!(answer.usage.map(|u| u.output_tokens), Some(1));
    }

    #[tokio::test]
    async fn an_answer_of_exactly_the_allowed_tokens_is_whole() {
        let answer = Offline::new(|_| Ok("12345678".into()))
            .exchange(&request(2))
            .await
            .expect("answers");
        assert_eq!(
            (answer.content.as_str(), answer.finish),
            ("12345678", Finish::Stop)
        );
    }

    #[tokio::test]
    async fn a_request_without_facts_is_refused_for_good_and_free() {
        let failure = Offline::new(|_| Err("no request in it".into()))
            .exchange(&request(2))
            .await
            .expect_err("refuses");
        assert_eq!(
            (failure.kind, failure.charge),
            (FailureKind::Refused, Charge::Nothing)
        );
        assert!(failure.message.contains("no request in it"), "{failure}");
    }
}
