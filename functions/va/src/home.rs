//! A company's folder: opened, wired, and locked where a worker needs it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::{Timestamp, civil::Date};
use va_catalogue::intake::{self, CompanyFile};
use va_domain::{
    ids::{StreamId, kind},
    state::StreamState,
};
use va_embedded::{OpenMode, Store, SystemWorld, sites::FolderSites};
use va_models::{Registry, Router};
use va_runtime::{
    kernel::{Identity, Kernel, Ports},
    port_effects::PortEffects,
    ports::{Blobs as _, Journal, World},
};

use crate::{
    exit::{Code, Failure},
    input::micros,
    models::connect,
    revision::{newest, newest_of},
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
                .filter(|p| is_company(p))
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
    /// What its agents are named after: `local`, or an environment on AWS.
    pub env: String,
    /// Streams that are there and could not be read, where this is a copy.
    pub left_out: BTreeSet<StreamId>,
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
            env: "local".to_owned(),
            left_out: BTreeSet::new(),
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
        today(&*self.world)
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.world.now()
    }

    /// The kernel with every agent, and no model: for reading, and for acts beside a worker.
    pub fn kernel(&self) -> Result<Arc<Kernel>, Failure> {
        Ok(self.worker(connect(&Registry::builtin(), &[])?))
    }

    /// A kernel that sees the journal as it is at this instant, so that sums over several streams are of one
    /// moment. Hold it for moments.
    pub fn at_once(&self) -> Result<Arc<Kernel>, Failure> {
        let journal = Arc::new(self.store.at_once()?);
        Ok(self.wired(connect(&Registry::builtin(), &[])?, journal))
    }

    /// The kernel with every agent. The models are those that its goals may name.
    pub fn worker(&self, models: Router) -> Arc<Kernel> {
        self.wired(models, Arc::clone(&self.store) as _)
    }

    fn wired(&self, models: Router, journal: Arc<dyn Journal>) -> Arc<Kernel> {
        let effects = PortEffects {
            model: Arc::new(models),
            blobs: Arc::clone(&self.store) as _,
            sites: Arc::new(FolderSites::new(&self.folder)),
            world: Arc::clone(&self.world),
            render: va_agents::report_page::render,
        };
        let identity = Identity {
            company: self.company.company.clone(),
            home: self.company.factory.id.clone(),
            env: self.env.clone(),
            epoch: 1,
            runner: format!("{}-{:016x}", std::process::id(), self.world.random()),
        };
        let ports = Ports {
            journal,
            blobs: Arc::clone(&self.store) as _,
            world: Arc::clone(&self.world),
            effects: Arc::new(effects),
        };
        Arc::new(Kernel::new(identity, ports, va_agents::all()))
    }

    /// The models of the goals that go on. Those of a goal that is `own` must be there; another's may lack
    /// its key for now, as long as it does not call. Where a model is served says the file given now, else
    /// the one of the goal's start.
    pub async fn models(
        &self,
        goals: &[StreamState],
        own: impl Fn(&StreamState) -> bool,
        given: Option<&Registry>,
    ) -> Result<Router, Failure> {
        let mut router = connect(&Registry::builtin(), &[])?;
        for goal in goals {
            let Some(body) = goal.body.goal().filter(|b| !b.is_over()) else {
                continue;
            };
            let Some(asked) = &body.asked else { continue };
            let ids: Vec<String> = asked.brief.models.iter().map(|m| m.id.clone()).collect();
            let registry = match (given, &asked.brief.models_file) {
                (Some(given), _) => given.clone(),
                (None, Some(file)) => {
                    let bytes = self.store.get(file).await?;
                    let name = format!("the models file of the goal `{}`", asked.slug);
                    Registry::parse(&String::from_utf8_lossy(&bytes), &name)?
                }
                (None, None) => Registry::builtin(),
            };
            match connect(&registry, &ids) {
                Ok(models) => router = router.or(models),
                Err(e) if own(goal) => return Err(e),
                Err(_) => {}
            }
        }
        Ok(router)
    }

    /// The goals, in order of their streams.
    pub async fn goals(&self, kernel: &Kernel) -> Result<Vec<StreamState>, Failure> {
        self.states(kernel, kind::GOAL).await
    }

    /// Whatever may ask something of a person: goals, then incidents, each in order of their streams.
    pub async fn asking(&self, kernel: &Kernel) -> Result<Vec<StreamState>, Failure> {
        let mut asking = self.goals(kernel).await?;
        asking.extend(self.states(kernel, kind::INCIDENT).await?);
        Ok(asking)
    }

    async fn states(&self, kernel: &Kernel, kind: &str) -> Result<Vec<StreamState>, Failure> {
        let mut states = Vec::new();
        for stream in self.store.streams(&format!("{kind}/"))? {
            let state = kernel.fold(&stream).await?.state;
            // One that was begun this instant is not there yet for a kernel of an instant before.
            if state.version > 0 {
                states.push(state);
            }
        }
        Ok(states)
    }

    /// The goal of that UUID, or the newest revision of that slug; without a name the newest of the only one.
    pub async fn goal(&self, kernel: &Kernel, name: Option<&str>) -> Result<StreamState, Failure> {
        let goals = self.goals(kernel).await?;
        let Some(name) = name else {
            let mut newest = newest(goals);
            return match (newest.pop(), newest.is_empty()) {
                (Some(only), true) => Ok(only),
                (None, _) => Err(Failure::input(
                    "the company has no goal yet; `va run DIR` gives it one",
                )),
                _ => Err(Failure::input(
                    "the company has several goals; name one (`va goals` lists them)",
                )),
            };
        };
        let exact = goals.iter().find(|g| g.stream.id() == name).cloned();
        exact
            .or_else(|| newest_of(goals, name))
            .ok_or_else(|| no_goal(name))
    }
}

/// The day of a clock, in UTC.
pub fn today(world: &dyn World) -> Date {
    world.now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// Whether a folder is a company's.
pub fn is_company(folder: &Path) -> bool {
    folder.join("company.toml").is_file() && Store::is_founded(folder)
}

/// That a folder is a company's, or what to do.
pub fn exists(folder: &Path) -> Result<(), Failure> {
    if is_company(folder) {
        return Ok(());
    }
    Err(Failure::input(format!(
        "{} is no company's folder: it has no journal.db and company.toml. `va run DIR` founds one, --home names another",
        folder.display()
    )))
}

/// The currency of the company in this folder, or of one that would be founded there.
pub fn currency(folder: &Path) -> Result<String, Failure> {
    let file = folder.join("company.toml");
    let company = if file.exists() {
        read_company(&file)?
    } else {
        CompanyFile::default()
    };
    Ok(company.currency)
}

fn read_company(file: &Path) -> Result<CompanyFile, Failure> {
    let text = fs::read_to_string(file)
        .map_err(|e| Failure::input(format!("{} cannot be read: {e}", file.display())))?;
    Ok(intake::parse_company(&text, &file.display().to_string())?)
}

/// A stream of the board for one act.
pub fn act_stream(world: &dyn World) -> Result<StreamId, Failure> {
    StreamId::new(
        kind::BOARD,
        &format!("{:016x}{:016x}", world.random(), world.random()),
    )
    .map_err(|e| Failure::new(Code::Defect, e.to_string()))
}

/// A goal that is not there.
pub fn no_goal(name: &str) -> Failure {
    Failure::input(format!("no goal is called `{name}`; `va goals` lists them"))
}
