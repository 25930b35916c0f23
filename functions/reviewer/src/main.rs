//! Recomputes every number with code of its own. It runs no effects.

use std::sync::Arc;

use va_agents::reviewer::Reviewer;
use va_aws::{
    Aws,
    effects::NoEffects,
    lambda::{self, FunctionError, agent},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), FunctionError> {
    lambda::init_logs();
    let aws = Aws::from_env().await?;
    agent::serve(&aws, Arc::new(Reviewer::default()), Arc::new(NoEffects)).await
}
