//! Writes drafts with the offline model. A goal that names another model is refused its calls, free of charge.

use std::{collections::BTreeMap, sync::Arc};

use va_agents::{content_generator::ContentGenerator, report_page};
use va_aws::{
    Aws,
    lambda::{self, FunctionError, agent},
};
use va_models::{Offline, Router, registry::OFFLINE};
use va_runtime::model::Model;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), FunctionError> {
    lambda::init_logs();
    let aws = Aws::from_env().await?;
    let offline: Arc<dyn Model> = Arc::new(Offline::new(va_writing::offline_answer));
    let models = Router::new(BTreeMap::from([(OFFLINE.to_owned(), offline)]));
    let effects = aws.effects(aws.reports()?, Arc::new(models), report_page::render)?;
    agent::serve(&aws, Arc::new(ContentGenerator), Arc::new(effects)).await
}
