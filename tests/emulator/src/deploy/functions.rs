//! Functions and what calls them.

use std::path::Path;

use aws_sdk_lambda::{
    primitives::Blob,
    types::{
        Architecture, Environment, EventSourcePosition, Filter, FilterCriteria, FunctionCode,
        FunctionResponseType, Runtime,
    },
};
use serde_json::json;

use super::{Deployment, Options};
use crate::{EmulatorError, FunctionEntry, call, package};

impl Deployment {
    pub(super) async fn functions(
        &self,
        binaries: &Path,
        options: &Options,
    ) -> Result<(), EmulatorError> {
        for function in [&self.manifest.relay, &self.manifest.clock] {
            self.function(function, binaries, options).await?;
        }
        self.listen_to_table().await?;
        for agent in self
            .agents()
            .into_iter()
            .filter(|agent| !options.deaf.contains(&agent.role))
        {
            let function = FunctionEntry {
                function: agent.function.clone(),
                binary: agent.binary,
                timeout_s: agent.timeout_s,
                memory_mb: agent.memory_mb,
            };
            self.function(&function, binaries, options).await?;
            let queue = Self::arn(
                "sqs",
                &options.account,
                &Self::name(&format!("{}-queue", agent.function)),
            );
            let create = self
                .clients
                .lambda
                .create_event_source_mapping()
                .event_source_arn(queue)
                .batch_size(10);
            create
                .function_name(function_name(&agent.function))
                .function_response_types(FunctionResponseType::ReportBatchItemFailures)
                .send()
                .await
                .map_err(call(format!("the queue of {}", agent.role)))?;
        }
        Ok(())
    }

    async fn function(
        &self,
        entry: &FunctionEntry,
        binaries: &Path,
        options: &Options,
    ) -> Result<(), EmulatorError> {
        let name = function_name(&entry.function);
        let code = FunctionCode::builder()
            .zip_file(Blob::new(package(&binaries.join(&entry.binary))?))
            .build();
        let role = format!(
            "arn:aws:iam::{}:role/{}",
            options.account,
            Self::name("lambda-exec-iam-role")
        );
        self.clients
            .lambda
            .create_function()
            .function_name(&name)
            .runtime(Runtime::Providedal2023)
            .architectures(Architecture::X8664)
            .handler("bootstrap")
            .role(role)
            .code(code)
            .timeout(i32::try_from(entry.timeout_s).unwrap_or(900))
            .memory_size(i32::try_from(entry.memory_mb).unwrap_or(128))
            .environment(
                Environment::builder()
                    .set_variables(Some(self.variables.clone().into_iter().collect()))
                    .build(),
            )
            .send()
            .await
            .map_err(call(format!("the function {name}")))?;
        Ok(())
    }

    async fn listen_to_table(&self) -> Result<(), EmulatorError> {
        let table = self.variable("VA_TABLE");
        let described = self
            .clients
            .dynamodb
            .describe_table()
            .table_name(table)
            .send()
            .await;
        let described = described.map_err(call(format!("the table {table}")))?;
        let stream = described
            .table
            .and_then(|table| table.latest_stream_arn)
            .unwrap_or_default();
        // The clock's changes wake nobody, and cost no invocation.
        let inserts = Filter::builder()
            .pattern(json!({ "eventName": ["INSERT"] }).to_string())
            .build();
        self.clients
            .lambda
            .create_event_source_mapping()
            .event_source_arn(stream)
            .function_name(function_name(&self.manifest.relay.function))
            .starting_position(EventSourcePosition::TrimHorizon)
            .batch_size(100)
            .filter_criteria(FilterCriteria::builder().filters(inserts).build())
            .function_response_types(FunctionResponseType::ReportBatchItemFailures)
            .send()
            .await
            .map_err(call("the table's stream"))?;
        Ok(())
    }

    /// Lets the clock tick once.
    ///
    /// # Errors
    /// Where the function fails.
    pub async fn tick(&self) -> Result<(), EmulatorError> {
        let name = function_name(&self.manifest.clock.function);
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

/// `va-test-<function>-lambda`.
fn function_name(function: &str) -> String {
    Deployment::name(&format!("{function}-lambda"))
}
