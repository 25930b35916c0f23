//! What queues may do and mostly do not: deliver twice, and in any order.

use std::time::Duration;

use aws_sdk_sqs::{Client, types::Message};
use tokio::task::JoinHandle;

/// How messages are disturbed on their way to a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chaos {
    /// How often each message is delivered.
    pub copies: u32,
    /// Where the order comes from; the same seed shuffles the same messages in the same way.
    pub seed: u64,
}

/// Moves messages from an intake to the queue behind it, for as long as it lives.
#[derive(Debug)]
pub(crate) struct Pump(JoinHandle<()>);

impl Drop for Pump {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Pump {
    pub(crate) fn start(client: Client, intake: String, queue: String, chaos: Chaos) -> Self {
        let mut shuffle = Shuffle(chaos.seed | 1);
        Self(tokio::spawn(async move {
            loop {
                let answer = client
                    .receive_message()
                    .queue_url(&intake)
                    .max_number_of_messages(10)
                    .wait_time_seconds(1)
                    .send()
                    .await;
                let Ok(answer) = answer else {
                    tokio::time::sleep(Duration::from_millis(200)).await;
                    continue;
                };
                let messages = answer.messages.unwrap_or_default();
                let mut bodies = Vec::new();
                for message in &messages {
                    bodies.extend(
                        (0..chaos.copies).filter_map(|_| message.body().map(str::to_owned)),
                    );
                }
                shuffle.shuffle(&mut bodies);
                if send(&client, &queue, bodies).await {
                    remove(&client, &intake, &messages).await;
                }
            }
        }))
    }
}

async fn send(client: &Client, queue: &str, bodies: Vec<String>) -> bool {
    for body in bodies {
        if client
            .send_message()
            .queue_url(queue)
            .message_body(body)
            .send()
            .await
            .is_err()
        {
            return false;
        }
    }
    true
}

async fn remove(client: &Client, intake: &str, messages: &[Message]) {
    for message in messages {
        // A message that stays is moved once more, which is what this is for.
        let _ = client
            .delete_message()
            .queue_url(intake)
            .set_receipt_handle(message.receipt_handle.clone())
            .send()
            .await;
    }
}

/// An xorshift generator: nothing here needs a better one.
struct Shuffle(u64);

impl Shuffle {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for n in (1..items.len()).rev() {
            let other = usize::try_from(self.next() % (n as u64 + 1)).unwrap_or(0);
            items.swap(n, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shuffle_loses_nothing_and_repeats_itself() {
        let shuffled = |seed| {
            let mut items: Vec<u32> = (0..20).collect();
            Shuffle(seed).shuffle(&mut items);
            items
        };
        let mut sorted = shuffled(7);
        assert_ne!(sorted, (0..20).collect::<Vec<_>>());
        assert_eq!(sorted, shuffled(7));
        sorted.sort_unstable();
        assert_eq!(sorted, (0..20).collect::<Vec<_>>());
    }
}
