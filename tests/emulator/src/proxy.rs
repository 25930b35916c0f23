//! A proxy before the emulator: every function has a port of its own, so each call is known by who made it.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::{Call, Ledger};

/// A request, whole.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `GET`.
    pub method: String,
    /// The path with its query.
    pub target: String,
    /// The headers, names in lowercase.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

/// Listens for functions, hands on what they ask, and keeps what it was.
#[derive(Debug)]
pub struct Proxy {
    upstream: String,
    ledger: Arc<Mutex<Ledger>>,
    listeners: Vec<JoinHandle<()>>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listeners.iter().for_each(JoinHandle::abort);
    }
}

impl Proxy {
    /// A proxy before this endpoint: `http://localhost:<port>`.
    #[must_use]
    pub fn before(endpoint: &str) -> Self {
        Self {
            upstream: endpoint.trim_start_matches("http://").to_owned(),
            ledger: Arc::default(),
            listeners: Vec::new(),
        }
    }

    /// An endpoint for one function.
    ///
    /// # Errors
    /// Where no port is free.
    pub async fn endpoint(&mut self, function: &str) -> io::Result<String> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let (upstream, ledger) = (self.upstream.clone(), Arc::clone(&self.ledger));
        let function = function.to_owned();
        self.listeners.push(tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (upstream, ledger, function) =
                    (upstream.clone(), Arc::clone(&ledger), function.clone());
                tokio::spawn(async move {
                    // A connection that breaks is the caller's to make again.
                    let _ = serve(stream, &upstream, &function, &ledger).await;
                });
            }
        }));
        Ok(format!("http://localhost:{port}"))
    }

    /// The calls since the last time that one asked.
    #[must_use]
    pub fn take(&self) -> Vec<Call> {
        self.ledger
            .lock()
            .map_or_else(|_| Vec::new(), |mut ledger| ledger.take())
    }
}

/// One request of a connection, which then closes: functions keep few of them open.
async fn serve(
    mut stream: TcpStream,
    upstream: &str,
    function: &str,
    ledger: &Mutex<Ledger>,
) -> io::Result<()> {
    let Some(request) = read_request(&mut stream).await? else {
        return Ok(());
    };
    let mut behind = TcpStream::connect(upstream).await?;
    behind.write_all(&forwarded(&request)).await?;
    let mut answer = Vec::new();
    behind.read_to_end(&mut answer).await?;
    let body = end_of_head(&answer).map_or(&[][..], |end| &answer[end..]);
    if let Ok(mut ledger) = ledger.lock() {
        ledger.note(function, &request, body);
    }
    stream.write_all(&answer).await?;
    stream.shutdown().await
}

/// In HTTP/1.0, so that the answer comes in one piece and the connection closes behind it.
fn forwarded(request: &Request) -> Vec<u8> {
    let mut head = format!("{} {} HTTP/1.0\r\n", request.method, request.target);
    for (name, value) in &request.headers {
        if !matches!(name.as_str(), "connection" | "expect") {
            head += &format!("{name}: {value}\r\n");
        }
    }
    head += "connection: close\r\n\r\n";
    [head.as_bytes(), &request.body].concat()
}

async fn read_request(stream: &mut TcpStream) -> io::Result<Option<Request>> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = end_of_head(&bytes) {
            break end;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let mut first = lines.next().unwrap_or_default().split(' ');
    let mut request = Request {
        method: first.next().unwrap_or_default().to_owned(),
        target: first.next().unwrap_or_default().to_owned(),
        headers: lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
            .collect(),
        body: bytes.split_off(end),
    };
    if request.headers.contains_key("expect") {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
    }
    let length = request
        .headers
        .get("content-length")
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    while request.body.len() < length {
        if stream.read_buf(&mut request.body).await? == 0 {
            return Ok(None);
        }
    }
    Ok(Some(request))
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .map(|at| at + 4)
}
