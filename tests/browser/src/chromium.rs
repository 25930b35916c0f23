//! A headless Chromium, driven through its debugging pipe.

use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::{Value, json};

/// What to do where there is no browser.
const MISSING: &str =
    "chromium is missing: apt-get install --yes --no-install-recommends chromium fonts-liberation";

/// A running browser with one page. It ends with this value.
pub struct Chromium {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    profile: Option<tempfile::TempDir>,
    session: String,
    last: u64,
    events: VecDeque<Value>,
}

fn find() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join("chromium"))
        .find(|file| file.is_file())
        .unwrap_or_else(|| panic!("{MISSING}"))
}

impl Chromium {
    /// Starts the browser. It resolves no host, so whatever asked for one would fail.
    ///
    /// # Panics
    /// Where there is no `chromium`, or it does not start.
    #[must_use]
    pub fn start() -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder can be made");
        // The pipe is on the descriptors 3 and 4, which only a shell can set without unsafe code.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null", "sh"])
            .arg(find())
            .args([
                "--headless=new",
                "--remote-debugging-pipe",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-extensions",
                "--disable-sync",
                "--no-first-run",
                "--hide-scrollbars",
                "--host-resolver-rules=MAP * ~NOTFOUND",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|e| panic!("chromium does not start: {e}"));
        let to = child.stdin.take().expect("stdin is piped");
        let from = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut browser = Self {
            child,
            to,
            from,
            profile: Some(profile),
            session: String::new(),
            last: 0,
            events: VecDeque::new(),
        };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attached = browser.call(
            "Target.attachToTarget",
            json!({ "targetId": target["targetId"], "flatten": true }),
        );
        browser.session = attached["sessionId"]
            .as_str()
            .expect("a page has a session")
            .to_owned();
        for domain in ["Page", "Runtime", "Network", "Log"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser
    }

    /// Calls a method of the page and waits for its answer.
    ///
    /// # Panics
    /// Where the browser refuses or is gone.
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        let id = self.last;
        let mut message = json!({ "id": id, "method": method, "params": params });
        if !self.session.is_empty() {
            message["sessionId"] = Value::from(self.session.as_str());
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to
            .write_all(&bytes)
            .unwrap_or_else(|e| panic!("chromium takes no message: {e}"));
        loop {
            let message = self.read();
            if message["id"] == id {
                assert!(
                    message.get("error").is_none(),
                    "{method}: {}",
                    message["error"]
                );
                return message["result"].clone();
            }
            self.events.push_back(message);
        }
    }

    fn read(&mut self) -> Value {
        let mut bytes = Vec::new();
        let read = self.from.read_until(0, &mut bytes);
        assert!(
            read.is_ok_and(|n| n > 0),
            "chromium has ended; start it by hand to see why: chromium --headless=new --no-sandbox about:blank"
        );
        bytes.pop();
        serde_json::from_slice(&bytes).expect("chromium answers JSON")
    }

    /// Waits for an event of the page; what came before it is kept.
    ///
    /// # Panics
    /// Where the browser is gone.
    pub fn wait(&mut self, method: &str) -> Value {
        if let Some(at) = self.events.iter().position(|e| e["method"] == method) {
            return self.events.remove(at).unwrap_or_default();
        }
        loop {
            let message = self.read();
            if message["method"] == method {
                return message;
            }
            self.events.push_back(message);
        }
    }

    /// The events since the last call of this.
    pub fn events(&mut self) -> Vec<Value> {
        self.events.drain(..).collect()
    }

    /// What a script of the page answers; promises are waited for.
    ///
    /// # Panics
    /// Where the script fails.
    pub fn evaluate(&mut self, script: &str) -> Value {
        let answer = self.call(
            "Runtime.evaluate",
            json!({ "expression": script, "awaitPromise": true, "returnByValue": true }),
        );
        assert!(
            answer.get("exceptionDetails").is_none(),
            "a script of the test failed: {}",
            answer["exceptionDetails"]
        );
        answer["result"]["value"].clone()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // The shell became the browser, so its process is ours; its helpers end with it.
        let _ = self.child.kill();
        let _ = self.child.wait();
        // The helpers may still be writing while they end.
        if let Some(profile) = self.profile.take() {
            let _ = profile.close();
        }
    }
}
