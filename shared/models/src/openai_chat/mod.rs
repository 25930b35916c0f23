//! OpenAI-compatible chat completions: one exchange, and what is known about its charge.
//!
//! The client never tries again, follows no redirect, uses no proxy that the environment names, and opens
//! a connection for each exchange: a pooled one that the service has just closed would leave a reservation
//! whose charge nobody knows, or be tried again by the client on its own.

mod address;
mod answer;
mod client;
mod failure;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::{
    Response,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER},
};
use serde_json::{Value, json};
use va_domain::model::{ModelAnswer, ModelRequest};
use va_runtime::model::{Model, ModelFailure};

use self::{address::Address, failure::Failures};
use crate::{registry::RegistryError, secret::Secret};

/// How long one exchange may take, unless its home says otherwise.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(120);
/// The largest answer that is read, in bytes.
const MAX_ANSWER: usize = 4 * 1024 * 1024;

/// Where a model is, and how it is called there.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// The provider's id, for messages.
    pub provider: String,
    /// The address before `/chat/completions`, with or without a slash at its end.
    pub base_url: String,
    /// The model's name at the provider.
    pub model: String,
    /// The bearer key; `None` where the service asks for none.
    pub key: Option<Secret>,
    /// The environment variable that holds the key, for messages.
    pub key_env: Option<String>,
}

/// The time of day, for `Retry-After` as a date; from the `World` port.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// One model behind an OpenAI-compatible service.
pub struct OpenAiChat {
    client: reqwest::Client,
    address: Address,
    model: String,
    authorization: Option<HeaderValue>,
    failures: Failures,
}

impl std::fmt::Debug for OpenAiChat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = (
            self.address.url(),
            &self.model,
            self.authorization.is_some(),
        );
        f.debug_tuple("OpenAiChat").field(&shown).finish()
    }
}

impl OpenAiChat {
    /// Prepares the client; nothing is called and nothing is looked up.
    ///
    /// # Errors
    /// [`RegistryError::Unusable`] where the address is none, would carry the key in the clear over a public
    /// network, or where the machine has no certificates to check an `https` address with.
    pub fn new(endpoint: Endpoint, timeout: Duration, now: Clock) -> Result<Self, RegistryError> {
        let unusable = |why: String| RegistryError::Unusable {
            provider: endpoint.provider.clone(),
            why,
        };
        let address = Address::parse(&endpoint.base_url).map_err(unusable)?;
        if endpoint.key.is_some() && !address.may_carry_a_key() {
            return Err(unusable(format!(
                "the key would travel unencrypted to {}; use https",
                address.host()
            )));
        }
        let authorization = endpoint
            .key
            .as_ref()
            .map(bearer)
            .transpose()
            .map_err(unusable)?;
        let client = client::build(&address, timeout).map_err(unusable)?;
        let failures = Failures {
            provider: endpoint.provider.clone(),
            host: address.host().to_owned(),
            model: endpoint.model.clone(),
            key_env: endpoint.key_env.clone(),
            timeout,
            now,
        };
        Ok(Self {
            client,
            address,
            model: endpoint.model,
            authorization,
            failures,
        })
    }
}

/// The request in the provider's form.
fn body(model: &str, request: &ModelRequest) -> Value {
    let mut body = json!({
        "model": model,
        "messages": request.messages,
        "max_tokens": request.max_tokens,
        "stream": false,
    });
    if let Some(schema) = &request.schema {
        body["response_format"] =
            json!({"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}});
    }
    body
}

#[async_trait]
impl Model for OpenAiChat {
    async fn exchange(&self, request: &ModelRequest) -> Result<ModelAnswer, ModelFailure> {
        let mut post = self
            .client
            .post(self.address.url())
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, "application/json")
            .body(body(&self.model, request).to_string());
        if let Some(bearer) = &self.authorization {
            post = post.header(AUTHORIZATION, bearer.clone());
        }
        let response = post.send().await.map_err(|e| self.failures.unsent(&e))?;
        let status = response.status();
        let header = |name| {
            response
                .headers()
                .get(name)
                .and_then(|v: &HeaderValue| v.to_str().ok())
                .map(str::to_owned)
        };
        if status.is_redirection() {
            return Err(self
                .failures
                .redirect(status, &self.address, header(LOCATION).as_deref()));
        }
        let content_type = header(CONTENT_TYPE);
        let retry_after = header(RETRY_AFTER);
        let body = read(response).await;
        if !status.is_success() {
            return Err(self
                .failures
                .status(status, retry_after.as_deref(), body.as_deref().ok()));
        }
        let body = body.map_err(|e| self.failures.unread(&e))?;
        answer::read(content_type.as_deref(), &body).map_err(|why| self.failures.malformed(why))
    }
}

/// Why a body was not read to its end.
#[derive(Debug)]
enum ReadError {
    TooLarge,
    Broken(reqwest::Error),
}

async fn read(mut response: Response) -> Result<Vec<u8>, ReadError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(ReadError::Broken)? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(ReadError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn bearer(key: &Secret) -> Result<HeaderValue, String> {
    let mut value = HeaderValue::from_str(&format!("Bearer {}", key.reveal()))
        .map_err(|_| "the key holds characters that no key has; copy it again".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use va_domain::model::{Message, Speaker};

    use super::*;

    #[test]
    fn a_tokenizer_that_took_every_byte_as_sent_for_a_token_would_not_exceed_the_reservation() {
        for content in ["", "plain", "\"quoted\"\n\t\\ and \u{1} control", "ä€😀"] {
            for schema in [None, Some(json!({"type": "object", "title": "\"\n"}))] {
                let request = ModelRequest {
                    model: "there/model".to_owned(),
                    purpose: "draft".to_owned(),
                    messages: [Speaker::System, Speaker::User]
                        .map(|role| Message {
                            role,
                            content: content.repeat(50),
                        })
                        .to_vec(),
                    schema,
                    max_tokens: u32::MAX,
                };
                let sent = body("a-name-of-the-provider", &request).to_string().len();
                let bound = usize::try_from(request.input_bound()).expect("positive");
                assert!(
                    bound >= sent + 16 * request.messages.len(),
                    "{bound} for {sent}"
                );
            }
        }
    }
}
