//! A company's folder: opened, wired, and locked where a worker needs it.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::{Timestamp, civil::Date};
use va_catalogue::intake::{self, CompanyFile};
use va_domain::{
    ids::{StreamId, kind},
    model::ModelTerms,
    state::StreamState,
};
use va_embedded::{OpenMode, Store, SystemWorld, sites::FolderSites};
use va_models::{Registry, Wiring};
use va_runtime::{
    kernel::{Identity, Kernel, Ports},
    port_effects::PortEffects,
    ports::World,
};

use crate::{
    exit::{Code, Failure},
    input::micros,
};

/// The environment, read by name only.
pub fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|v| !v.is_empty())
}

/// The company on AWS that a command works with, if it is one: `aws:NAME`.
#[cfg(feature = "aws")]
pub fn on_aws(flag: Option<&Path>) -> Option<String> {
    let named = flag
        .map(|flag| flag.display().to_string())
        .or_else(|| env("VA_HOME"))?;
    named.strip_prefix("aws:").map(str::to_owned)
}

/// Which folder a command works in.
pub fn folder(flag: Option<&Path>, goal_folder: Option<&Path>) -> Result<PathBuf, Failure> {
    let named = flag
        .map(Path::to_path_buf)
        .or_else(|| env("VA_HOME").map(PathBuf::from));
    if let Some(home) = named {
        if home.to_str().is_some_and(|h| h.starts_with("aws:")) {
            return Err(Failure::input(if cfg!(feature = "aws") {
                "this command works in a folder, and --home names a company on AWS"
            } else {
                "this build has no home on AWS: build `va` with the feature `aws`"
            }));
        }
        return Ok(home);
    }
    if let Some(goal) = goal_folder {
        let full = goal.canonicalize().unwrap_or_else(|_| goal.to_path_buf());
        let name = full
            .file_name()
            .map_or_else(|| "company".into(), |n| n.to_string_lossy().into_owned());
        return Ok(Path::new(".va").join(name));
    }
    only_company()
}

/// Without a name: the one company below `./.va`.
fn only_company() -> Result<PathBuf, Failure> {
    let mut found: Vec<PathBuf> = fs::read_dir(".va")
        .map(|entries| {
            entries
                .flatten()
                .map(|e| e.path())
                .filter(|p| p.join("journal.db").is_file())
                .collect()
        })
        .unwrap_or_default();
    found.sort();
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(Failure::input(
            "no company is here: `va run DIR` founds one, `--home H` names another folder",
        )),
        many => {
            let names: Vec<String> = many.iter().map(|p| p.display().to_string()).collect();
            Err(Failure::input(format!(
                "several companies are here; name one with --home: {}",
                names.join(", ")
            )))
        }
    }
}

/// An open company.
pub struct Home {
    /// Its folder.
    pub folder: PathBuf,
    /// Its file.
    pub company: CompanyFile,
    /// Its journal and blobs.
    pub store: Arc<Store>,
    /// Time and chance.
    pub world: Arc<dyn World>,
}

impl Home {
    /// Opens a company, and founds it where there is none.
    pub fn found(folder: &Path) -> Result<Self, Failure> {
        let denied = |e: std::io::Error| {
            Failure::new(
                Code::Outside,
                format!(
                    "{} cannot be made: {e}; name another folder with --home",
                    folder.display()
                ),
            )
        };
        let file = folder.join("company.toml");
        let company = if file.exists() {
            read_company(&file)?
        } else {
            fs::create_dir_all(folder).map_err(denied)?;
            let company = CompanyFile::default();
            fs::write(&file, company.to_toml()).map_err(denied)?;
            company
        };
        Self::open_with(folder, company, OpenMode::ReadWrite)
    }

    /// Opens a company that is there, to act in it.
    pub fn open(folder: &Path) -> Result<Self, Failure> {
        exists(folder)?;
        Self::open_with(
            folder,
            read_company(&folder.join("company.toml"))?,
            OpenMode::ReadWrite,
        )
    }

    /// Opens a company that is there, to read it.
    pub fn read(folder: &Path) -> Result<Self, Failure> {
        exists(folder)?;
        Self::open_with(
            folder,
            read_company(&folder.join("company.toml"))?,
            OpenMode::ReadOnly,
        )
    }

    fn open_with(folder: &Path, company: CompanyFile, mode: OpenMode) -> Result<Self, Failure> {
        let store = Arc::new(Store::open(folder, &company.company, mode)?);
        Ok(Self {
            folder: folder.to_path_buf(),
            company,
            store,
            world: Arc::new(SystemWorld),
        })
    }

    /// The company's cap on money in a month.
    pub fn month_cap(&self) -> Result<i64, Failure> {
        micros(&self.company.month_cap)
    }

    /// The blobs that a request for a draft names.
    pub fn blobs_of(
        &self,
        asked: &va_domain::envelope::Envelope,
    ) -> Result<Vec<va_domain::ids::BlobId>, Failure> {
        let request: va_domain::payload::ContentRequest = asked
            .read()
            .map_err(|e| Failure::new(Code::Defect, e.to_string()))?;
        Ok(vec![request.request])
    }

    /// Today, where the company is.
    pub fn today(&self) -> Date {
        self.now().to_zoned(jiff::tz::TimeZone::UTC).date()
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.world.now()
    }

    /// The kernel with every agent. `models` are those that its goals may name.
    pub fn kernel(&self, registry: &Registry, models: &[String]) -> Result<Arc<Kernel>, Failure> {
        let wiring = Wiring {
            offline: va_writing::offline_answer,
            timeout: va_models::openai_chat::DEFAULT_TIMEOUT,
            now: {
                let world = Arc::clone(&self.world);
                Arc::new(move || world.now())
            },
        };
        let router = registry.connect(models.iter().map(String::as_str), &env, &wiring)?;
        let effects = PortEffects {
            model: Arc::new(router),
            blobs: Arc::clone(&self.store) as _,
            sites: Arc::new(FolderSites::new(&self.folder)),
            world: Arc::clone(&self.world),
            render: va_agents::report_page::render,
        };
        let identity = Identity {
            company: self.company.company.clone(),
            home: self.company.factory.id.clone(),
            env: "local".into(),
            epoch: 1,
            runner: format!("{}-{:016x}", std::process::id(), self.world.random()),
        };
        let ports = Ports {
            journal: Arc::clone(&self.store) as _,
            blobs: Arc::clone(&self.store) as _,
            world: Arc::clone(&self.world),
            effects: Arc::new(effects),
        };
        Ok(Arc::new(Kernel::new(identity, ports, va_agents::all())))
    }

    /// The goals, in order of their streams.
    pub async fn goals(&self, kernel: &Kernel) -> Result<Vec<StreamState>, Failure> {
        let mut goals = Vec::new();
        for stream in self.store.streams(&format!("{}/", kind::GOAL))? {
            goals.push(kernel.fold(&stream).await?.state);
        }
        Ok(goals)
    }

    /// The goal of that slug or UUID; without a name the only one.
    pub async fn goal(&self, kernel: &Kernel, name: Option<&str>) -> Result<StreamState, Failure> {
        let goals = self.goals(kernel).await?;
        let slug = |g: &StreamState| {
            g.body
                .goal()
                .and_then(|b| b.asked.as_ref())
                .map_or_else(String::new, |a| a.slug.clone())
        };
        match name {
            Some(name) => goals
                .into_iter()
                .find(|g| g.stream.id() == name || slug(g) == name)
                .ok_or_else(|| {
                    Failure::input(format!("no goal is called `{name}`; `va goals` lists them"))
                }),
            None => {
                let mut goals = goals;
                match (goals.pop(), goals.is_empty()) {
                    (Some(only), true) => Ok(only),
                    (None, _) => Err(Failure::input(
                        "the company has no goal yet; `va run DIR` gives it one",
                    )),
                    _ => Err(Failure::input(
                        "the company has several goals; name one (`va goals` lists them)",
                    )),
                }
            }
        }
    }
}

pub fn exists(folder: &Path) -> Result<(), Failure> {
    if folder.join("journal.db").is_file() && folder.join("company.toml").is_file() {
        return Ok(());
    }
    Err(Failure::input(format!(
        "{} is no company's folder: it has no journal.db and company.toml. `va run DIR` founds one, --home names another",
        folder.display()
    )))
}

fn read_company(file: &Path) -> Result<CompanyFile, Failure> {
    let text = fs::read_to_string(file)
        .map_err(|e| Failure::input(format!("{} cannot be read: {e}", file.display())))?;
    Ok(intake::parse_company(&text, &file.display().to_string())?)
}

/// The registry: the file that was named, or what is built in.
pub fn registry(file: Option<&Path>) -> Result<Registry, Failure> {
    match file {
        Some(path) => {
            let text = fs::read_to_string(path)
                .map_err(|e| Failure::input(format!("{} cannot be read: {e}", path.display())))?;
            Ok(Registry::parse(&text, &path.display().to_string())?)
        }
        None => Ok(Registry::builtin()),
    }
}

/// The models for drafts with their terms; `offline` stands in at the end.
pub fn terms(
    registry: &Registry,
    flag: Option<&str>,
    currency: &str,
) -> Result<Vec<ModelTerms>, Failure> {
    let mut ids = registry.choose("draft", flag, &env)?;
    if !ids.iter().any(|id| id == va_models::registry::OFFLINE) {
        ids.push(va_models::registry::OFFLINE.to_owned());
    }
    ids.iter()
        .map(|id| registry.terms(id, currency).map_err(Failure::from))
        .collect()
}

/// A stream of the board for one act.
pub fn act_stream(world: &dyn World) -> Result<StreamId, Failure> {
    StreamId::new(
        kind::BOARD,
        &format!("{:016x}{:016x}", world.random(), world.random()),
    )
    .map_err(|e| Failure::new(Code::Defect, e.to_string()))
}
