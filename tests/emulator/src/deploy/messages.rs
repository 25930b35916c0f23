//! Queues, what disturbs them, and what a test sends or takes.

use aws_sdk_lambda::types::FunctionResponseType;
use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::{Value, json};
use va_agents::manifest::{self, Function};

use super::{Deployment, Queue};
use crate::{EmulatorError, call, chaos::Pump, pattern};

impl Deployment {
    /// Finds the queues that Terraform made, and takes away or disturbs what listens to them.
    pub(super) async fn listen(&mut self) -> Result<(), EmulatorError> {
        let agents = self.manifest.agents.iter();
        let mut listeners: Vec<(String, manifest::Queue, Function)> = agents
            .map(|agent| {
                (
                    agent.role.clone(),
                    agent.queue.clone(),
                    agent.function.clone(),
                )
            })
            .collect();
        let projector = &self.manifest.projector;
        listeners.push((
            "projector".to_owned(),
            projector.queue.clone(),
            projector.function.clone(),
        ));
        for (listener, queue, function) in listeners {
            let mut own = Queue {
                intake: self.url(&queue.name).await?,
                queue: self.url(&queue.name).await?,
                dead_letters: self.url(&queue.dead_letters).await?,
            };
            let deaf = self.options.deaf.contains(&listener);
            if deaf || self.options.chaos.is_some() {
                self.deafen(&function).await?;
            }
            if let Some(chaos) = self.options.chaos {
                own.queue = self.behind(&queue, &own).await?;
                if !deaf {
                    self.hear(&queue, &function, &own.queue).await?;
                }
                let (intake, queue) = (own.intake.clone(), own.queue.clone());
                let client = self.clients.sqs.clone();
                self._pumps.push(Pump::start(client, intake, queue, chaos));
            }
            self.aside
                .insert(listener.clone(), own.dead_letters.clone());
            self.queues.insert(listener, own);
        }
        let (relay, notary) = (&self.manifest.relay, &self.manifest.notary);
        let readers = [
            ("relay", &relay.dead_letters),
            ("notary", &notary.dead_letters),
        ];
        for (reader, dead_letters) in readers.map(|(reader, name)| (reader, name.clone())) {
            let url = self.url(&dead_letters).await?;
            self.aside.insert(reader.to_owned(), url);
        }
        Ok(())
    }

    async fn url(&self, pattern: &str) -> Result<String, EmulatorError> {
        let name = self.resolve(pattern);
        let found = self.clients.sqs.get_queue_url().queue_name(&name).send();
        let found = found.await.map_err(call(format!("the queue {name}")))?;
        Ok(found.queue_url.unwrap_or_default())
    }

    /// A queue behind another one, with what the function has to be heard by: visibility and dead letters.
    async fn behind(&self, of: &manifest::Queue, own: &Queue) -> Result<String, EmulatorError> {
        let name = format!("{}-disturbed", self.resolve(&of.name));
        let failed = || format!("the queue {name}");
        // Dead letters are taken of the queue in front alone, which here is not the one that is read.
        let open = json!({ "redrivePermission": "allowAll" }).to_string();
        let set = self.clients.sqs.set_queue_attributes();
        set.queue_url(&own.dead_letters)
            .attributes(QueueAttributeName::RedriveAllowPolicy, open)
            .send()
            .await
            .map_err(call(failed()))?;
        let redrive = json!({
            "deadLetterTargetArn": self.arn(&own.dead_letters).await?, "maxReceiveCount": of.max_receives,
        });
        let create = self.clients.sqs.create_queue().queue_name(&name);
        let created = create
            .attributes(
                QueueAttributeName::VisibilityTimeout,
                of.visibility_s.to_string(),
            )
            .attributes(QueueAttributeName::RedrivePolicy, redrive.to_string())
            .send()
            .await
            .map_err(call(failed()))?;
        Ok(created.queue_url.unwrap_or_default())
    }

    async fn arn(&self, url: &str) -> Result<String, EmulatorError> {
        let asked = self.clients.sqs.get_queue_attributes().queue_url(url);
        let answer = asked
            .attribute_names(QueueAttributeName::QueueArn)
            .send()
            .await
            .map_err(call(format!("the queue {url}")))?;
        let arn = answer
            .attributes()
            .and_then(|all| all.get(&QueueAttributeName::QueueArn));
        Ok(arn.cloned().unwrap_or_default())
    }

    /// Nothing calls the function any more when messages come.
    async fn deafen(&self, function: &Function) -> Result<(), EmulatorError> {
        let name = self.resolve(&function.name);
        let failed = || format!("what {name} listens to");
        let lambda = &self.clients.lambda;
        // What calls the alias is listed under the alias.
        let listed = lambda.list_event_source_mappings().send().await;
        let listed = listed.map_err(call(failed()))?;
        for mapping in listed.event_source_mappings() {
            let of = mapping.function_arn().unwrap_or_default();
            if of.split(':').any(|part| part == name) {
                let delete = lambda
                    .delete_event_source_mapping()
                    .set_uuid(mapping.uuid.clone());
                delete.send().await.map_err(call(failed()))?;
            }
        }
        Ok(())
    }

    async fn hear(
        &self,
        queue: &manifest::Queue,
        function: &Function,
        url: &str,
    ) -> Result<(), EmulatorError> {
        self.clients
            .lambda
            .create_event_source_mapping()
            .event_source_arn(self.arn(url).await?)
            .batch_size(i32::try_from(queue.batch_size).unwrap_or(10))
            .function_name(format!("{}:live", self.resolve(&function.name)))
            .function_response_types(FunctionResponseType::ReportBatchItemFailures)
            .send()
            .await
            .map_err(call(format!("the queue {url}")))?;
        Ok(())
    }

    /// Brings an event of AWS itself to whom its rule would bring it: the bus takes such events from nobody else, and the
    /// emulator's alarms send none.
    ///
    /// # Errors
    /// Where no rule takes it, or a queue does not.
    pub async fn alarm(&self, event: &Value) -> Result<(), EmulatorError> {
        let agents = self.manifest.agents.iter();
        let signals = agents.flat_map(|agent| &agent.signals);
        let mut taken = false;
        for signal in signals {
            let rule = self.resolve(&signal.rule);
            let failed = || format!("the rule {rule}");
            let events = &self.clients.eventbridge;
            let described = events.describe_rule().name(&rule).send().await;
            let described = described.map_err(call(failed()))?;
            let pattern: Value =
                serde_json::from_str(described.event_pattern().unwrap_or_default())
                    .map_err(call(failed()))?;
            let matches = pattern::matches(&pattern, event).map_err(|part| {
                let why = format!("{} has {part}, which is not understood", failed());
                EmulatorError::Manifest { why }
            })?;
            if !matches {
                continue;
            }
            let targets = events.list_targets_by_rule().rule(&rule).send().await;
            for target in targets.map_err(call(failed()))?.targets() {
                let name = target.arn().rsplit(':').next().unwrap_or_default();
                let send = self.clients.sqs.send_message();
                send.queue_url(self.url(name).await?)
                    .message_body(event.to_string())
                    .send()
                    .await
                    .map_err(call(failed()))?;
                taken = true;
            }
        }
        if taken {
            return Ok(());
        }
        let why = "no rule takes the event".to_owned();
        Err(EmulatorError::Manifest { why })
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

    /// Takes what was set aside of a listener's messages or records, at most ten.
    ///
    /// # Errors
    /// Where the queue cannot be read.
    pub async fn take_dead_letters(&self, listener: &str) -> Result<Vec<String>, EmulatorError> {
        let queue = self.aside.get(listener).map_or("", String::as_str);
        self.drain(queue, 0).await
    }

    /// Puts a message into a role's queue.
    ///
    /// # Errors
    /// Where the queue does not take it.
    pub async fn send(&self, role: &str, message: &str) -> Result<(), EmulatorError> {
        let queue = self.queues.get(role).map_or("", |queue| &queue.intake);
        let send = self.clients.sqs.send_message().queue_url(queue);
        let sent = send.message_body(message).send().await;
        sent.map_err(call(format!("a message for {role}")))?;
        Ok(())
    }

    /// Lets a message that was not handled come again after the shortest time that a function may take, so that a test
    /// need not wait for what AWS advises.
    ///
    /// # Errors
    /// Where the queue cannot be changed.
    pub async fn hasten(&self, role: &str) -> Result<(), EmulatorError> {
        let queue = self.queues.get(role).map_or("", |queue| &queue.queue);
        let agent = self.manifest.agents.iter().find(|agent| agent.role == role);
        let function = agent.map_or(&self.manifest.projector.function, |agent| &agent.function);
        let set = self.clients.sqs.set_queue_attributes().queue_url(queue);
        set.attributes(
            QueueAttributeName::VisibilityTimeout,
            function.timeout_s.to_string(),
        )
        .send()
        .await
        .map_err(call(format!("the queue of {role}")))?;
        Ok(())
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
