//! Keeps views: folds a stream that has grown and puts what it shows, if newer.
//!
//! A message names a stream and says nothing else, so one that is doubled, late or out of order does no harm:
//! the stream is folded as it stands.

use std::sync::Arc;

use async_trait::async_trait;
use va_domain::{ids::StreamId, state::StreamState};
use va_runtime::kernel::{Kernel, KernelError, Ports};

use super::{
    FunctionError, agent,
    batch::{self, Failure, Handler, SetAside},
    bell::Bell,
    run,
};
use crate::{
    Aws,
    effects::NoEffects,
    views::{VIEWED, Views},
    world::SystemWorld,
};

/// What a stream shows: the view, and the document for it.
pub type Shows = fn(&StreamState) -> Vec<(&'static str, String)>;

/// Folds streams and keeps what they show.
pub struct Projector {
    kernel: Box<dyn Fn() -> Kernel + Send + Sync>,
    views: Views,
    shows: Shows,
}

impl Projector {
    /// On these ports.
    ///
    /// # Errors
    /// Where a name is missing.
    pub fn new(aws: &Aws, views: Views, shows: Shows) -> Result<Self, FunctionError> {
        let identity = agent::identity(aws, "projector");
        let ports = Ports {
            journal: Arc::new(aws.journal()?),
            blobs: Arc::new(aws.blobs()?),
            world: Arc::new(SystemWorld),
            effects: Arc::new(NoEffects),
        };
        // One that remembers no stream: others append.
        let kernel = move || Kernel::new(identity.clone(), ports.clone(), Vec::new());
        Ok(Self {
            kernel: Box::new(kernel),
            views,
            shows,
        })
    }

    async fn project(&self, stream: &StreamId) -> Result<(), KernelError> {
        let state = (self.kernel)().fold(stream).await?.state;
        if state.version == 0 {
            return Ok(());
        }
        for (view, document) in (self.shows)(&state) {
            self.views
                .put(view, stream, state.version, document)
                .await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Handler for Projector {
    fn owns(&self, stream: &StreamId) -> bool {
        VIEWED.contains(&stream.kind())
    }

    async fn handle(&self, stream: StreamId, _: Vec<Bell>) -> Result<Vec<SetAside>, Failure> {
        self.project(&stream)
            .await
            .map_err(|error| Failure::new(error.code(), &error))?;
        Ok(Vec::new())
    }
}

/// The whole of the projector's function.
///
/// # Errors
/// Where a name is missing in the environment, or the service that calls the function is not there.
pub async fn serve(aws: &Aws, views: Views, shows: Shows) -> Result<(), FunctionError> {
    let projector = Projector::new(aws, views, shows)?;
    run(async |event| Ok(batch::handle(event, &projector).await)).await
}
