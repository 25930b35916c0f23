//! Bus, rules and queues.

use aws_sdk_eventbridge::types::Target;
use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::{Value, json};
use va_agents::manifest::{self, AgentEntry};

use super::{Deployment, Queue};
use crate::{EmulatorError, call, chaos::Pump};

impl Deployment {
    pub(super) async fn messages(&mut self) -> Result<(), EmulatorError> {
        let bus = self.resolve(&self.manifest.bus);
        self.clients
            .eventbridge
            .create_event_bus()
            .name(&bus)
            .send()
            .await
            .map_err(call(format!("the bus {bus}")))?;
        for agent in self.manifest.agents.clone() {
            let queue = self.queues_of(&agent.queue).await?;
            self.rule(&bus, &agent, &queue).await?;
            self.signals(&agent, &queue).await?;
            self.disturbed(&agent.role, queue);
        }
        let projector = self.manifest.projector.queue.clone();
        let queue = self.queues_of(&projector).await?;
        self.disturbed("projector", queue);
        Ok(())
    }

    /// Whatever disturbs messages begins, and the queue is known by its listener's name.
    fn disturbed(&mut self, listener: &str, queue: Queue) {
        if let Some(chaos) = self.options.chaos {
            let client = self.clients.sqs.clone();
            let (intake, queue) = (queue.intake.clone(), queue.queue.clone());
            self._pumps.push(Pump::start(client, intake, queue, chaos));
        }
        self.queues.insert(listener.to_owned(), queue);
    }

    /// The rules on the account's own bus that bring an agent what AWS itself says.
    async fn signals(&self, agent: &AgentEntry, queue: &Queue) -> Result<(), EmulatorError> {
        for signal in &agent.signals {
            let pattern = json!({ "source": [signal.source], "detail-type": [signal.detail_type] });
            self.aimed("default", &signal.rule, &pattern, &agent.role, queue)
                .await?;
        }
        Ok(())
    }

    /// Tells the CTO of an alarm as the rule would: the bus takes events of AWS itself from nobody, and the
    /// emulator's alarms send none.
    ///
    /// # Errors
    /// Where the queue does not take it.
    pub async fn alarm(&self, event: &Value) -> Result<(), EmulatorError> {
        let queue = self.queues.get("cto").map_or("", |queue| &queue.intake);
        let send = self.clients.sqs.send_message().queue_url(queue);
        let sent = send.message_body(event.to_string()).send().await;
        sent.map_err(call("an alarm"))?;
        Ok(())
    }

    async fn queues_of(&self, own: &manifest::Queue) -> Result<Queue, EmulatorError> {
        let (name, set_aside) = (self.resolve(&own.name), self.resolve(&own.dead_letters));
        let dead_letters = self.queue(&set_aside, own.visibility_s, None).await?;
        let redrive = json!({
            "deadLetterTargetArn": self.arn("sqs", &set_aside),
            "maxReceiveCount": own.max_receives,
        });
        let queue = self.queue(&name, own.visibility_s, Some(redrive)).await?;
        let intake = match self.options.chaos {
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
        redrive: Option<Value>,
    ) -> Result<String, EmulatorError> {
        let mut create = self.clients.sqs.create_queue().queue_name(name).attributes(
            QueueAttributeName::VisibilityTimeout,
            visibility_s.to_string(),
        );
        if let Some(policy) = redrive {
            create = create.attributes(QueueAttributeName::RedrivePolicy, policy.to_string());
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
    ) -> Result<(), EmulatorError> {
        let pattern = json!({
            "source": [self.resolve(&agent.rule.source)],
            "detail": { "to": agent.rule.to },
        });
        self.aimed(bus, &agent.rule.name, &pattern, &agent.role, queue)
            .await
    }

    async fn aimed(
        &self,
        bus: &str,
        rule: &str,
        pattern: &Value,
        target: &str,
        queue: &Queue,
    ) -> Result<(), EmulatorError> {
        let rule = self.resolve(rule);
        let failed = || format!("the rule {rule}");
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
            .id(target)
            .arn(self.arn("sqs", name))
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
