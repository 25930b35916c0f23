//! Links a product once, to allowed shops, with the tag. It runs no effects.

use std::sync::Arc;

use va_agents::affiliate_linker::AffiliateLinker;
use va_aws::{
    Aws,
    effects::NoEffects,
    lambda::{self, FunctionError, agent},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), FunctionError> {
    lambda::init_logs();
    let aws = Aws::from_env().await?;
    agent::serve(&aws, Arc::new(AffiliateLinker), Arc::new(NoEffects)).await
}
