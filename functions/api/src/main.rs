//! The board's door over HTTP: goals go in, what is comes out.

mod answers;
mod api;
mod blobs;
mod goals;

use va_aws::{
    Aws,
    lambda::{self, FunctionError, http},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), FunctionError> {
    lambda::init_logs();
    let aws = Aws::from_env().await?;
    let api = api::Api::new(&aws)?;
    http::serve(async |request| api.answer(request).await).await
}
