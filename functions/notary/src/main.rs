//! Keeps and seals what is committed, and says what was changed or removed.

use va_aws::{
    Aws,
    lambda::{self, FunctionError, events::TableEvent},
    notary::Notary,
    world::SystemWorld,
};
use va_runtime::ports::World as _;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), FunctionError> {
    lambda::init_logs();
    let aws = Aws::from_env().await?;
    let notary = Notary::new(&aws)?;
    lambda::run(async |event: TableEvent| {
        // What comes on the schedule has no records.
        let turn = match event.records.as_slice() {
            [] => notary.audit(SystemWorld.now()).await?,
            records => notary.take(records).await?,
        };
        turn.report(&aws.names, SystemWorld.now());
        Ok(())
    })
    .await
}
