//! Writes incidents from alerts and from changes of alarms.

use std::sync::Arc;

use va_agents::cto::{Cto, heard};
use va_aws::{
    Aws,
    lambda::{self, FunctionError, agent},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), FunctionError> {
    lambda::init_logs();
    let aws = Aws::from_env().await?;
    agent::serve_alarms(&aws, Arc::new(Cto), heard).await
}
