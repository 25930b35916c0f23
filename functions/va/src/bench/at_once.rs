//! A model that answers at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use va_domain::model::{ModelAnswer, ModelRequest};
use va_runtime::model::{Model, ModelFailure};

/// Answers what another model answered to the same request. Goals that ask the same cost it one exchange, so
/// that what is measured is the company and not its model.
pub(super) struct AtOnce {
    inner: Arc<dyn Model>,
    answers: Mutex<HashMap<String, ModelAnswer>>,
}

impl AtOnce {
    pub(super) fn new(inner: Arc<dyn Model>) -> Self {
        Self {
            inner,
            answers: Mutex::default(),
        }
    }

    fn known(&self, key: &str) -> Option<ModelAnswer> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.get(key).cloned()
    }
}

#[async_trait::async_trait]
impl Model for AtOnce {
    async fn exchange(&self, request: &ModelRequest) -> Result<ModelAnswer, ModelFailure> {
        let Ok(key) = serde_json::to_string(request) else {
            return self.inner.exchange(request).await;
        };
        if let Some(answer) = self.known(&key) {
            return Ok(answer);
        }
        let answer = self.inner.exchange(request).await?;
        self.answers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key, answer.clone());
        Ok(answer)
    }
}
