//! Bus, rules and queues.

use aws_sdk_eventbridge::types::Target;
use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::json;

use super::{Deployment, Options, Queue};
use crate::{AgentEntry, EmulatorError, call, chaos::Pump};

/// So often a message is tried before it is set aside.
const RECEIVES: u32 = 5;

impl Deployment {
    pub(super) async fn messages(&mut self, options: &Options) -> Result<(), EmulatorError> {
        let bus = self.variable("VA_BUS").to_owned();
        self.clients
            .eventbridge
            .create_event_bus()
            .name(&bus)
            .send()
            .await
            .map_err(call(format!("the bus {bus}")))?;
        for agent in self.agents() {
            let queue = self.queues_of(&agent, options).await?;
            self.rule(&bus, &agent, &queue, options).await?;
            if let (Some(chaos), false) = (options.chaos, queue.intake == queue.queue) {
                let client = self.clients.sqs.clone();
                self._pumps.push(Pump::start(
                    client,
                    queue.intake.clone(),
                    queue.queue.clone(),
                    chaos,
                ));
            }
            self.add_queue(&agent.role, queue);
        }
        Ok(())
    }

    async fn queues_of(
        &self,
        agent: &AgentEntry,
        options: &Options,
    ) -> Result<Queue, EmulatorError> {
        let name = Self::name(&format!("{}-queue", agent.function));
        let dead_letters = self
            .queue(&format!("{name}-dlq"), agent.visibility_s, None)
            .await?;
        let set_aside = Self::arn("sqs", &options.account, &format!("{name}-dlq"));
        let queue = self
            .queue(&name, agent.visibility_s, Some(&set_aside))
            .await?;
        let intake = match options.chaos {
            Some(_) => self.queue(&format!("{name}-intake"), 5, None).await?,
            None => queue.clone(),
        };
        Ok(Queue {
            intake,
            queue,
            dead_letters,
        })
    }

    async fn queue(
        &self,
        name: &str,
        visibility_s: u32,
        set_aside: Option<&str>,
    ) -> Result<String, EmulatorError> {
        let mut create = self.clients.sqs.create_queue().queue_name(name).attributes(
            QueueAttributeName::VisibilityTimeout,
            visibility_s.to_string(),
        );
        if let Some(arn) = set_aside {
            let policy =
                json!({ "deadLetterTargetArn": arn, "maxReceiveCount": RECEIVES }).to_string();
            create = create.attributes(QueueAttributeName::RedrivePolicy, policy);
        }
        let created = create
            .send()
            .await
            .map_err(call(format!("the queue {name}")))?;
        Ok(created.queue_url.unwrap_or_default())
    }

    async fn rule(
        &self,
        bus: &str,
        agent: &AgentEntry,
        queue: &Queue,
        options: &Options,
    ) -> Result<(), EmulatorError> {
        let rule = Self::name(&format!("{}-rule", agent.function));
        let failed = || format!("the rule {rule}");
        let pattern = json!({
            "source": [format!("va.{}", options.company)],
            "detail": { "to": [agent.role] },
        });
        let put = self
            .clients
            .eventbridge
            .put_rule()
            .name(&rule)
            .event_bus_name(bus)
            .event_pattern(pattern.to_string());
        put.send().await.map_err(call(failed()))?;
        let name = queue.intake.rsplit('/').next().unwrap_or_default();
        let target = Target::builder()
            .id(&agent.function)
            .arn(Self::arn("sqs", &options.account, name))
            .build()
            .map_err(call(failed()))?;
        let put = self
            .clients
            .eventbridge
            .put_targets()
            .rule(&rule)
            .event_bus_name(bus)
            .targets(target);
        let answer = put.send().await.map_err(call(failed()))?;
        match answer.failed_entry_count() {
            0 => Ok(()),
            _ => Err(EmulatorError::Machine {
                what: format!("{} has no target", failed()),
                source: None,
            }),
        }
    }

    /// Takes what waits in a role's queue, at most ten messages, after at most `wait_s` seconds.
    ///
    /// # Errors
    /// Where the queue cannot be read.
    pub async fn take(&self, role: &str, wait_s: i32) -> Result<Vec<String>, EmulatorError> {
        let Some(queue) = self.queues.get(role) else {
            return Ok(Vec::new());
        };
        self.drain(&queue.queue, wait_s).await
    }

    /// Takes what was set aside of a role's messages, at most ten.
    ///
    /// # Errors
    /// Where the queue cannot be read.
    pub async fn take_dead_letters(&self, role: &str) -> Result<Vec<String>, EmulatorError> {
        let Some(queue) = self.queues.get(role) else {
            return Ok(Vec::new());
        };
        self.drain(&queue.dead_letters, 0).await
    }

    async fn drain(&self, queue: &str, wait_s: i32) -> Result<Vec<String>, EmulatorError> {
        let sqs = &self.clients.sqs;
        let answer = sqs
            .receive_message()
            .queue_url(queue)
            .max_number_of_messages(10)
            .wait_time_seconds(wait_s)
            .send()
            .await
            .map_err(call(format!("messages of {queue}")))?;
        let mut bodies = Vec::new();
        for message in answer.messages.unwrap_or_default() {
            let delete = sqs
                .delete_message()
                .queue_url(queue)
                .set_receipt_handle(message.receipt_handle);
            delete
                .send()
                .await
                .map_err(call(format!("a message of {queue}")))?;
            bodies.extend(message.body);
        }
        Ok(bodies)
    }
}
