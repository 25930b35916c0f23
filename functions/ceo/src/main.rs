//! Turns goals into plans and tasks, deals out their money, and reports to the board.

use std::sync::Arc;

use va_agents::{ceo::Ceo, report_page};
use va_aws::{
    Aws,
    effects::NoModel,
    lambda::{self, FunctionError, agent},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), FunctionError> {
    lambda::init_logs();
    let aws = Aws::from_env().await?;
    let effects = aws.effects(aws.reports()?, Arc::new(NoModel), report_page::render)?;
    agent::serve(&aws, Arc::new(Ceo), Arc::new(effects)).await
}
