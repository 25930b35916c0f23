//! Keeps the views that the HTTP API answers from.

use va_agents::{manifest::VIEW_GENERATION, view};
use va_aws::{
    Aws,
    lambda::{self, FunctionError, projector},
};
use va_catalogue::intake::CompanyFile;
use va_domain::state::StreamState;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), FunctionError> {
    lambda::init_logs();
    let aws = Aws::from_env().await?;
    let views = aws.views(VIEW_GENERATION)?;
    let shows = |state: &StreamState| view::shown(&CompanyFile::default().currency, state);
    projector::serve(&aws, views, shows).await
}
