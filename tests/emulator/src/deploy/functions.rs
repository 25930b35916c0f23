//! Functions and what calls them.

use std::path::Path;

use aws_sdk_lambda::{
    primitives::Blob,
    types::{
        Architecture, DestinationConfig, Environment, EventSourcePosition, Filter, FilterCriteria,
        FunctionCode, FunctionResponseType, OnFailure, Runtime,
    },
};
use serde_json::{Value, json};
use va_agents::manifest::{Function, Queue};

use super::Deployment;
use crate::{EmulatorError, call, machine};

impl Deployment {
    pub(super) async fn functions(&self, binaries: &Path) -> Result<(), EmulatorError> {
        let deaf: Vec<&str> = self
            .manifest
            .agents
            .iter()
            .filter(|agent| self.options.deaf.contains(&agent.role))
            .map(|agent| agent.function.name.as_str())
            .collect();
        for function in self.manifest.functions() {
            if !deaf.contains(&function.name.as_str()) {
                self.function(function, binaries).await?;
            }
        }
        self.listen_to_table().await?;
        for agent in &self.manifest.agents {
            if !deaf.contains(&agent.function.name.as_str()) {
                self.listen_to_queue(&agent.queue, &agent.function).await?;
            }
        }
        let projector = &self.manifest.projector;
        self.listen_to_queue(&projector.queue, &projector.function)
            .await?;
        Ok(())
    }

    async fn function(&self, function: &Function, binaries: &Path) -> Result<(), EmulatorError> {
        let name = self.resolve(&function.name);
        let binary = binaries.join(&function.binary);
        let package = xtask::package::zip_quickly(&binary).map_err(machine(format!(
            "{} cannot be packed; build it first",
            binary.display()
        )))?;
        let code = FunctionCode::builder().zip_file(Blob::new(package)).build();
        let role = format!("role/{}", self.resolve(&function.execution_role));
        let mut variables = self.machine.clone();
        variables.extend(self.options.variables.clone());
        for (name, pattern) in &function.environment {
            variables.insert(name.clone(), self.resolve(pattern));
        }
        let architecture = if cfg!(target_arch = "aarch64") {
            Architecture::Arm64
        } else {
            Architecture::X8664
        };
        self.clients
            .lambda
            .create_function()
            .function_name(&name)
            .runtime(Runtime::from(self.manifest.runtime.as_str()))
            .architectures(architecture)
            .handler(&self.manifest.handler)
            .role(format!("arn:aws:iam::{}:{role}", self.options.account))
            .code(code)
            .timeout(i32::try_from(function.timeout_s).unwrap_or(900))
            .memory_size(i32::try_from(function.memory_mb).unwrap_or(128))
            .environment(
                Environment::builder()
                    .set_variables(Some(variables.into_iter().collect()))
                    .build(),
            )
            .send()
            .await
            .map_err(call(format!("the function {name}")))?;
        Ok(())
    }

    async fn listen_to_queue(
        &self,
        queue: &Queue,
        function: &Function,
    ) -> Result<(), EmulatorError> {
        self.clients
            .lambda
            .create_event_source_mapping()
            .event_source_arn(self.arn("sqs", &self.resolve(&queue.name)))
            .batch_size(i32::try_from(queue.batch_size).unwrap_or(10))
            .function_name(self.resolve(&function.name))
            .function_response_types(FunctionResponseType::ReportBatchItemFailures)
            .send()
            .await
            .map_err(call(format!("the queue {}", queue.name)))?;
        Ok(())
    }

    async fn listen_to_table(&self) -> Result<(), EmulatorError> {
        let table = self.resolve(&self.manifest.table.name);
        let described = self
            .clients
            .dynamodb
            .describe_table()
            .table_name(&table)
            .send()
            .await
            .map_err(call(format!("the table {table}")))?;
        let stream = described
            .table
            .and_then(|table| table.latest_stream_arn)
            .unwrap_or_default();
        let (relay, notary) = (&self.manifest.relay, &self.manifest.notary);
        self.listen_to_stream(Reader {
            stream: &stream,
            function: &relay.function,
            position: &relay.starting_position,
            filter: json!({
                "eventName": [relay.event_name],
                "dynamodb": keys_with(&relay.key_prefix),
            }),
            batch_size: relay.batch_size,
            bisects: relay.bisect_on_error,
            max_age_s: relay.max_age_s,
            dead_letters: &relay.dead_letters,
        })
        .await?;
        self.listen_to_stream(Reader {
            stream: &stream,
            function: &notary.function,
            position: &notary.starting_position,
            filter: json!({ "dynamodb": keys_with(&notary.key_prefix) }),
            batch_size: notary.batch_size,
            bisects: notary.bisect_on_error,
            max_age_s: notary.max_age_s,
            dead_letters: &notary.dead_letters,
        })
        .await
    }

    async fn listen_to_stream(&self, reader: Reader<'_>) -> Result<(), EmulatorError> {
        let filter = Filter::builder().pattern(reader.filter.to_string()).build();
        let dead_letters = self.resolve(reader.dead_letters);
        self.clients
            .sqs
            .create_queue()
            .queue_name(&dead_letters)
            .send()
            .await
            .map_err(call(format!("the queue {dead_letters}")))?;
        let on_failure = OnFailure::builder()
            .destination(self.arn("sqs", &dead_letters))
            .build();
        self.clients
            .lambda
            .create_event_source_mapping()
            .event_source_arn(reader.stream)
            .function_name(self.resolve(&reader.function.name))
            .starting_position(EventSourcePosition::from(reader.position))
            .batch_size(i32::try_from(reader.batch_size).unwrap_or(100))
            .bisect_batch_on_function_error(reader.bisects)
            .maximum_record_age_in_seconds(i32::try_from(reader.max_age_s).unwrap_or(i32::MAX))
            .destination_config(DestinationConfig::builder().on_failure(on_failure).build())
            .filter_criteria(FilterCriteria::builder().filters(filter).build())
            .function_response_types(FunctionResponseType::ReportBatchItemFailures)
            .send()
            .await
            .map_err(call("the table's stream"))?;
        Ok(())
    }

    /// Lets the clock tick once, as its schedule does every minute: a test need not wait for it.
    ///
    /// # Errors
    /// Where the function fails.
    pub async fn tick(&self) -> Result<(), EmulatorError> {
        self.invoke(&self.manifest.clock.function).await
    }

    /// Lets the notary look through the journal once, as its schedule does every hour.
    ///
    /// # Errors
    /// Where the function fails.
    pub async fn audit(&self) -> Result<(), EmulatorError> {
        self.invoke(&self.manifest.notary.function).await
    }

    async fn invoke(&self, function: &Function) -> Result<(), EmulatorError> {
        let name = self.resolve(&function.name);
        let invoke = self
            .clients
            .lambda
            .invoke()
            .function_name(&name)
            .payload(Blob::new("{}"));
        let answer = invoke
            .send()
            .await
            .map_err(call(format!("the function {name}")))?;
        match answer.function_error() {
            None => Ok(()),
            Some(_) => {
                let said = answer
                    .payload()
                    .map(|bytes| String::from_utf8_lossy(bytes.as_ref()).into_owned());
                Err(EmulatorError::Machine {
                    what: format!("{name} failed: {}", said.unwrap_or_default()),
                    source: None,
                })
            }
        }
    }
}

/// A function behind the table's stream.
struct Reader<'a> {
    stream: &'a str,
    function: &'a Function,
    position: &'a str,
    filter: Value,
    batch_size: u32,
    bisects: bool,
    max_age_s: u32,
    dead_letters: &'a str,
}

fn keys_with(prefix: &str) -> Value {
    json!({ "Keys": { "SK": { "S": [{ "prefix": prefix }] } } })
}
