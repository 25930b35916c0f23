//! Guards the month's cap and tells when a threshold is crossed. It runs no effects.

use std::sync::Arc;

use va_agents::cfo::Cfo;
use va_aws::{
    Aws,
    effects::NoEffects,
    lambda::{self, FunctionError, agent},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), FunctionError> {
    lambda::init_logs();
    let aws = Aws::from_env().await?;
    agent::serve(&aws, Arc::new(Cfo), Arc::new(NoEffects)).await
}
