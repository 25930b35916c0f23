//! Puts a whole and consistent site in place.

use std::sync::Arc;

use va_agents::{publisher::Publisher, report_page};
use va_aws::{
    Aws,
    effects::NoModel,
    lambda::{self, FunctionError, agent},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), FunctionError> {
    lambda::init_logs();
    let aws = Aws::from_env().await?;
    let effects = aws.effects(aws.sites()?, Arc::new(NoModel), report_page::render)?;
    agent::serve(&aws, Arc::new(Publisher), Arc::new(effects)).await
}
