//! Hands every inserted commit from the table's stream to the bus.

use va_aws::{
    Aws,
    lambda::{self, FunctionError},
    relay,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), FunctionError> {
    lambda::init_logs();
    let aws = Aws::from_env().await?;
    let delivery = aws.delivery()?;
    lambda::run(async |event| Ok(relay::relay(&aws.names.company, event, &delivery).await)).await
}
