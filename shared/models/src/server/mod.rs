//! An OpenAI-compatible server over the Model port, for this machine alone: what `va model serve` runs.

mod chat;
mod problem;

use std::{collections::BTreeSet, future::Future, io, net::SocketAddr, sync::Arc};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use jiff::Timestamp;
use serde_json::json;
use tokio::net::TcpListener;
use va_runtime::model::Model;

use self::problem::Problem;
use crate::{
    Offline,
    offline::Writer,
    openai_chat::Clock,
    registry::{OFFLINE, OFFLINE_MAX_OUTPUT},
};

/// The largest request, in bytes.
const MAX_REQUEST: usize = 4 * 1024 * 1024;

/// What a server offers.
#[derive(Clone)]
pub struct Offer {
    /// Answers requests; [`crate::Router`] for several models.
    pub model: Arc<dyn Model>,
    /// The ids that clients may name.
    pub ids: BTreeSet<String>,
    /// The most tokens that are answered, for clients that do not say.
    pub max_tokens: u32,
    /// The time of day, for the answers' `created`.
    pub now: Clock,
}

impl Offer {
    /// The offline model alone.
    #[must_use]
    pub fn offline(writer: Writer, now: Clock) -> Self {
        Self {
            model: Arc::new(Offline::new(writer)),
            ids: BTreeSet::from([OFFLINE.to_owned()]),
            max_tokens: OFFLINE_MAX_OUTPUT,
            now,
        }
    }
}

/// A server that listens and does not answer yet.
pub struct Server {
    listener: TcpListener,
    offer: Offer,
}

/// Why a server did not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// Any machine could spend what the models cost.
    #[error("{0} is not an address of this machine alone; use 127.0.0.1")]
    NotLoopback(SocketAddr),
    /// The port is taken, or not allowed.
    #[error(
        "cannot listen on {address}; another program may use the port, so choose another with --port"
    )]
    Bind {
        /// What was asked for.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The listener failed.
    #[error("the server's socket failed; start it again")]
    Socket(#[source] io::Error),
}

impl ServerError {
    /// A stable name for logs and runbooks.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotLoopback(_) => "not_loopback",
            Self::Bind { .. } => "port_taken",
            Self::Socket(_) => "socket",
        }
    }

    /// Whether starting it again may help.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Socket(_))
    }
}

impl Server {
    /// Listens on a loopback address; port 0 takes a free one.
    ///
    /// # Errors
    /// Where the address is not one of this machine alone, or its port cannot be had.
    pub async fn bind(address: SocketAddr, offer: Offer) -> Result<Self, ServerError> {
        if !address.ip().is_loopback() {
            return Err(ServerError::NotLoopback(address));
        }
        let listener = TcpListener::bind(address)
            .await
            .map_err(|source| ServerError::Bind { address, source })?;
        Ok(Self { listener, offer })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// Where the system cannot say.
    pub fn address(&self) -> Result<SocketAddr, ServerError> {
        self.listener.local_addr().map_err(ServerError::Socket)
    }

    /// Answers until `shutdown` is ready, then ends what is being answered.
    ///
    /// # Errors
    /// Where the socket fails.
    pub async fn run(
        self,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServerError> {
        let app = routes(self.offer);
        axum::serve(self.listener, app)
            .with_graceful_shutdown(shutdown)
            .await
            .map_err(ServerError::Socket)
    }
}

fn routes(offer: Offer) -> Router {
    Router::new()
        .route("/v1/chat/completions", post(complete))
        .route("/v1/models", get(list))
        .fallback(|| async {
            Problem::new(
                StatusCode::NOT_FOUND,
                "not_found",
                "there are POST /v1/chat/completions and GET /v1/models",
            )
        })
        .method_not_allowed_fallback(|| async {
            Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "there are POST /v1/chat/completions and GET /v1/models",
            )
        })
        .layer(DefaultBodyLimit::max(MAX_REQUEST))
        .with_state(offer)
}

async fn list(State(offer): State<Offer>) -> Response {
    let models = offer.ids.iter().map(
        |id| json!({"id": id, "object": "model", "created": 0, "owned_by": "virtual-agentics"}),
    );
    Json(json!({"object": "list", "data": models.collect::<Vec<_>>()})).into_response()
}

async fn complete(
    State(offer): State<Offer>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match answer(&offer, &headers, body).await {
        Ok(completion) => Json(completion).into_response(),
        Err(problem) => problem.into_response(),
    }
}

async fn answer(
    offer: &Offer,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<serde_json::Value, Problem> {
    let body = body.map_err(|e| {
        let detail = format!(
            "the request is larger than {} MiB, or broke off",
            MAX_REQUEST >> 20
        );
        Problem::new(e.status(), "unreadable_request", &detail)
    })?;
    // Also what keeps a web page from calling this server through its reader's browser.
    if !chat::is_json(headers) {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "send Content-Type: application/json",
        ));
    }
    let request = chat::read(&body, offer)?;
    let answer = offer
        .model
        .exchange(&request)
        .await
        .map_err(Problem::from)?;
    let now: Timestamp = (offer.now)();
    Ok(chat::completion(&request, &body, &answer, now))
}
