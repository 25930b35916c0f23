//! Puts a whole and consistent site in place.

use std::sync::Arc;

use va_agents::publisher::Publisher;
use va_aws::{
    Aws,
    effects::SiteEffects,
    lambda::{self, FunctionError, agent},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), FunctionError> {
    lambda::init_logs();
    let aws = Aws::from_env().await?;
    let effects = SiteEffects::new(Arc::new(aws.blobs()?), Arc::new(aws.sites()?));
    agent::serve(&aws, Arc::new(Publisher), Arc::new(effects)).await
}
