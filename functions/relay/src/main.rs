//! Hands every inserted commit from the table's stream to the bus, and rings the projector for what it views.

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
    let queues = aws.queues();
    lambda::run(async |event| {
        let grown = async |stream: &_| queues.grown(stream).await;
        Ok(relay::relay(&aws.names.company, event, &delivery, grown).await)
    })
    .await
}
