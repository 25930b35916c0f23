//! The emulator's process.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    process::{Child, Command},
};

use crate::{EmulatorError, machine};

/// The emulator, pinned.
const PACKAGE: &str = "ministack[full]==1.5.33";
/// Tries of a quarter of a second until it answers.
const TRIES: u32 = 120;

/// The emulator, with a folder and a port of its own; it ends with this value.
#[derive(Debug)]
pub struct Emulator {
    child: Child,
    port: u16,
    folder: TempDir,
}

/// Installs the emulator into the repository's own environment, once, and answers its program.
///
/// # Errors
/// Where Python 3 or the package index is out of reach.
pub async fn setup() -> Result<PathBuf, EmulatorError> {
    let venv = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.venv");
    let program = venv.join("bin/ministack");
    if program.exists() {
        return Ok(program);
    }
    run(
        Command::new("python3").arg("-m").arg("venv").arg(&venv),
        "python3 -m venv",
    )
    .await?;
    run(
        Command::new(venv.join("bin/pip")).args(["install", "--quiet", PACKAGE]),
        "pip install",
    )
    .await?;
    Ok(program)
}

async fn run(command: &mut Command, name: &str) -> Result<(), EmulatorError> {
    let status = command
        .status()
        .await
        .map_err(machine(format!("`{name}` cannot be run; is it installed?")))?;
    if status.success() {
        Ok(())
    } else {
        Err(EmulatorError::Machine {
            what: format!("`{name}` ended with {status}"),
            source: None,
        })
    }
}

impl Emulator {
    /// Starts it on a free port and waits until it answers.
    ///
    /// # Errors
    /// Where it cannot be installed or does not answer.
    pub async fn start() -> Result<Self, EmulatorError> {
        Self::start_with(&[]).await
    }

    /// Starts it with IAM switched on, for a company in [`ACCOUNT`](crate::ACCOUNT): functions have the rights of
    /// their roles, and whoever comes with a token, who is of no account, comes to the company's.
    ///
    /// # Errors
    /// Where it cannot be installed or does not answer.
    pub async fn guarded() -> Result<Self, EmulatorError> {
        let settings = [("AUTH", "true"), ("MINISTACK_ACCOUNT_ID", crate::ACCOUNT)];
        Self::start_with(&settings).await
    }

    /// Starts it with settings of its own: `("AUTH", "true")` switches IAM on.
    ///
    /// # Errors
    /// Where it cannot be installed or does not answer.
    pub async fn start_with(settings: &[(&str, &str)]) -> Result<Self, EmulatorError> {
        let program = setup().await?;
        let folder = TempDir::new().map_err(machine("no folder can be made for the emulator"))?;
        let port = free_port()?;
        let log = std::fs::File::create(folder.path().join("emulator.log"))
            .map_err(machine("the emulator's log cannot be written"))?;
        let errors = log
            .try_clone()
            .map_err(machine("the emulator's log cannot be written"))?;
        let child = Command::new(program)
            .env("GATEWAY_PORT", port.to_string())
            .env("BIND_HOST", "127.0.0.1")
            .env("MINISTACK_HOST", "localhost")
            .env("MINISTACK_REGION", crate::clients::REGION)
            .env("IOT_MTLS_ENABLED", "0")
            .env("SFTP_ENABLED", "0")
            .env("TMPDIR", folder.path())
            .env("STATE_DIR", folder.path().join("state"))
            .env("S3_DATA_DIR", folder.path().join("s3"))
            // Functions are told an endpoint each; one of this machine would take its place.
            .env_remove("AWS_ENDPOINT_URL")
            .envs(settings.iter().copied())
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .kill_on_drop(true)
            .spawn()
            .map_err(machine("the emulator cannot be started"))?;
        let mut emulator = Self {
            child,
            port,
            folder,
        };
        emulator.wait().await?;
        Ok(emulator)
    }

    /// `http://localhost:<port>`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// The port that it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What it has printed.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("emulator.log")).unwrap_or_default()
    }

    /// Kills one of the function processes, as when a machine is lost; `choice` picks which. Answers its id,
    /// or `None` where none runs.
    pub fn kill_random_function_process(&self, choice: u64) -> Option<u32> {
        let processes = self.function_processes();
        let count = u64::try_from(processes.len())
            .ok()
            .filter(|count| *count > 0)?;
        let chosen = processes[usize::try_from(choice % count).ok()?];
        let killed = std::process::Command::new("kill")
            .arg("-KILL")
            .arg(chosen.to_string())
            .status();
        killed
            .ok()
            .filter(std::process::ExitStatus::success)
            .map(|_| chosen)
    }

    /// The emulator's children that are functions, by their ids.
    #[must_use]
    pub fn function_processes(&self) -> Vec<u32> {
        let Some(own) = self.child.id() else {
            return Vec::new();
        };
        let Ok(entries) = std::fs::read_dir("/proc") else {
            return Vec::new();
        };
        let ids = entries
            .flatten()
            .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        let mut functions: Vec<u32> = ids.filter(|id| is_function_of(*id, own)).collect();
        functions.sort_unstable();
        functions
    }

    async fn wait(&mut self) -> Result<(), EmulatorError> {
        for _ in 0..TRIES {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(EmulatorError::Machine {
                    what: format!("the emulator ended with {status}:\n{}", self.log()),
                    source: None,
                });
            }
            if answers(self.port).await {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        Err(EmulatorError::Machine {
            what: format!("the emulator does not answer:\n{}", self.log()),
            source: None,
        })
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // The functions are the emulator's children; killed itself, it could not end them.
        for id in self.function_processes() {
            let _ = std::process::Command::new("kill")
                .arg("-KILL")
                .arg(id.to_string())
                .status();
        }
        let _ = self.child.start_kill();
    }
}

fn free_port() -> Result<u16, EmulatorError> {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(machine("no port is free"))
}

async fn answers(port: u16) -> bool {
    let ask = async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream
            .write_all(b"GET /_ministack/health HTTP/1.0\r\nHost: localhost\r\n\r\n")
            .await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        std::io::Result::Ok(answer)
    };
    ask.await.is_ok_and(|answer| {
        answer
            .lines()
            .next()
            .is_some_and(|line| line.contains(" 200"))
    })
}

/// Whether a process is a `bootstrap` whose parent is that one.
fn is_function_of(id: u32, parent: u32) -> bool {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{id}/stat")) else {
        return false;
    };
    let Some((head, tail)) = stat.rsplit_once(')') else {
        return false;
    };
    let is_bootstrap = head
        .split_once('(')
        .is_some_and(|(_, name)| name == "bootstrap");
    let mut fields = tail.split_whitespace();
    let lives = fields.next() != Some("Z");
    is_bootstrap && lives && fields.next().and_then(|ppid| ppid.parse().ok()) == Some(parent)
}
