//! Keeps the views that the HTTP API answers from.

use serde_json::json;
use va_agents::{manifest::VIEW_GENERATION, view};
use va_aws::{
    Aws,
    lambda::{self, FunctionError, projector},
    views::{BLOCKERS, GOALS},
};
use va_catalogue::intake::CompanyFile;
use va_domain::state::StreamState;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), FunctionError> {
    lambda::init_logs();
    let aws = Aws::from_env().await?;
    let views = aws.views(VIEW_GENERATION)?;
    projector::serve(&aws, views, shows).await
}

/// What a stream shows: a goal itself, and whatever asks a person.
fn shows(state: &StreamState) -> Vec<(&'static str, String)> {
    let sums = view::own_sums(&state.account);
    let goal = view::goal(&CompanyFile::default().currency, state, sums);
    let blockers = json!({ "stream": state.stream, "blockers": view::blockers(state) });
    goal.map(|goal| (GOALS, goal.to_string()))
        .into_iter()
        .chain([(BLOCKERS, blockers.to_string())])
        .collect()
}
