//! A priced OpenAI-compatible server on this machine that keeps books of its own, and fails as scripted.
//!
//! It charges as real services do: when it takes a request, whether or not anybody waits for the answer.
//! What a test compares with the company's ledger is [`ModelServer::charged_micros`].

mod respond;
mod script;

use std::{
    collections::BTreeMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
};

use axum::{Router, http::HeaderMap, http::header::AUTHORIZATION};
use tokio::{net::TcpListener, sync::oneshot};
use va_domain::model::Usage;

pub use self::script::{Answer, Fault, Faults, Script};

/// One call, as the server's books have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// SHA-256 of the body, in hex.
    pub request_sha256: String,
    /// What the call carried as its bearer key.
    pub key: Option<String>,
    /// The `max_tokens` that it asked for.
    pub max_tokens: Option<i64>,
    /// Tokens of the request and of its whole answer; `None` where the call was refused.
    pub used: Option<Usage>,
    /// What was charged, in micro-units.
    pub charged_micros: i64,
    /// The fault that it met.
    pub fault: Option<Fault>,
}

/// A running server; it ends when this value is dropped.
#[derive(Debug)]
pub struct ModelServer {
    /// The address before `/chat/completions`: `http://127.0.0.1:<port>/v1`.
    pub base_url: String,
    books: Arc<Mutex<Books>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What the server remembers.
#[derive(Debug, Default)]
struct Books {
    calls: Vec<Call>,
    repeats: BTreeMap<String, u64>,
    in_flight: usize,
    most_in_flight: usize,
    /// For each call that followed a redirect: whether it carried a key.
    elsewhere: Vec<bool>,
}

/// What every handler shares.
#[derive(Clone)]
struct Shared {
    script: Arc<Script>,
    books: Arc<Mutex<Books>>,
    /// The address of the other host, for redirects.
    elsewhere: SocketAddr,
}

impl ModelServer {
    /// Starts a server on a free port of 127.0.0.1, on a thread of its own, so that tests with and without
    /// a runtime can use it.
    ///
    /// # Errors
    /// Where no port or thread is to be had.
    pub fn start(script: Script) -> io::Result<Self> {
        let listen = || -> io::Result<std::net::TcpListener> {
            let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            listener.set_nonblocking(true)?;
            Ok(listener)
        };
        let (here, elsewhere) = (listen()?, listen()?);
        let base_url = format!("http://{}/v1", here.local_addr()?);
        let books = Arc::new(Mutex::new(Books::default()));
        let shared = Shared {
            script: Arc::new(script),
            books: books.clone(),
            elsewhere: elsewhere.local_addr()?,
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::Builder::new().name("model-server".into()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    ended = serve(here, elsewhere, shared) => if let Err(e) = ended { panic!("the model server ended: {e}") },
                    _ = stopped => {}
                }
            });
        })?;
        Ok(Self {
            base_url,
            books,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        lock(&self.books)
    }

    /// All that was charged, in micro-units.
    #[must_use]
    pub fn charged_micros(&self) -> i64 {
        self.books().calls.iter().map(|c| c.charged_micros).sum()
    }

    /// Every call, in order of arrival.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.books().calls.clone()
    }

    /// Calls that are not answered yet.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.books().in_flight
    }

    /// The most calls that were unanswered at one time.
    #[must_use]
    pub fn most_in_flight(&self) -> usize {
        self.books().most_in_flight
    }

    /// One entry for each call that followed a redirect to the other host: whether it carried a key.
    #[must_use]
    pub fn calls_elsewhere(&self) -> Vec<bool> {
        self.books().elsewhere.clone()
    }
}

impl Drop for ModelServer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A test that panicked elsewhere must not hide what the books say.
fn lock(books: &Mutex<Books>) -> MutexGuard<'_, Books> {
    books.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(
    here: std::net::TcpListener,
    elsewhere: std::net::TcpListener,
    shared: Shared,
) -> io::Result<()> {
    let other = shared.clone();
    let trap = Router::new().fallback(move |headers: HeaderMap| {
        let key = headers.contains_key(AUTHORIZATION);
        lock(&other.books).elsewhere.push(key);
        async { "{}" }
    });
    let (here, elsewhere) = (
        TcpListener::from_std(here)?,
        TcpListener::from_std(elsewhere)?,
    );
    tokio::try_join!(
        async { axum::serve(here, respond::routes(shared)).await },
        async { axum::serve(elsewhere, trap).await }
    )?;
    Ok(())
}
