//! Finds the questions that a catalogue can answer, and refuses the rest. It runs no effects.

use std::sync::Arc;

use va_agents::cmo::Cmo;
use va_aws::{
    Aws,
    effects::NoEffects,
    lambda::{self, FunctionError, agent},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), FunctionError> {
    lambda::init_logs();
    let aws = Aws::from_env().await?;
    agent::serve(&aws, Arc::new(Cmo), Arc::new(NoEffects)).await
}
