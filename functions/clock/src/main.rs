//! Wakes the owners of streams that are due, and says how late the latest is.

use serde::de::IgnoredAny;
use va_aws::{
    Aws, clock,
    lambda::{self, FunctionError},
    world::SystemWorld,
};
use va_runtime::ports::World as _;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), FunctionError> {
    lambda::init_logs();
    let aws = Aws::from_env().await?;
    let (journal, queues) = (aws.deadlines()?, aws.queues());
    lambda::run(async |_: IgnoredAny| {
        let now = SystemWorld.now();
        let tick = clock::tick(&journal, &queues, now).await?;
        tick.report(&aws.names, now);
        Ok(())
    })
    .await
}
