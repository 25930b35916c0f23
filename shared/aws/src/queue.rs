//! The owners' queues: a bell without an event.

use std::sync::Arc;

use va_domain::ids::StreamId;
use va_runtime::ports::PortError;

use crate::{error::port_error, lambda::bell::ring_body, names::Names, views::VIEWED};

/// Rings the owner of a stream.
#[derive(Clone, Debug)]
pub struct Queues {
    client: aws_sdk_sqs::Client,
    names: Arc<Names>,
}

impl Queues {
    /// The queues that these names know.
    #[must_use]
    pub fn new(client: aws_sdk_sqs::Client, names: Arc<Names>) -> Self {
        Self { client, names }
    }

    /// Sends `{"ring": "<stream>"}` to the owner's queue.
    ///
    /// # Errors
    /// `Refused` where no queue of the owner is known, else where the queue cannot take it.
    pub async fn ring(&self, stream: &StreamId) -> Result<(), PortError> {
        let queue = self
            .names
            .queue_of(stream)
            .map_err(|e| PortError::Refused {
                what: format!("{stream} cannot be rung: {e}"),
            })?;
        self.send(stream, &queue).await
    }

    /// Sends the same to the projector's queue, where views are made of such a stream: it has grown.
    ///
    /// # Errors
    /// As [`Queues::ring`].
    pub async fn grown(&self, stream: &StreamId) -> Result<(), PortError> {
        if !VIEWED.contains(&stream.kind()) {
            return Ok(());
        }
        let queue = self
            .names
            .queue("projector")
            .map_err(|e| PortError::Refused {
                what: format!("{stream} cannot be viewed: {e}"),
            })?;
        self.send(stream, &queue).await
    }

    async fn send(&self, stream: &StreamId, queue: &str) -> Result<(), PortError> {
        self.client
            .send_message()
            .queue_url(queue)
            .message_body(ring_body(stream))
            .send()
            .await
            .map_err(|e| port_error(format!("{stream} cannot be rung at {queue}"), e))?;
        Ok(())
    }
}
