//! Where the company lives: names, clients, and the ports of one who appends acts of the board and decides
//! nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
    sync::Arc,
};

use jiff::{Span, civil::Date};
use va_agents::{manifest, submission::newest_revision};
use va_aws::{
    Aws, Names, blobs::S3Blobs, effects::NoEffects, journal::DynamoJournal, world::SystemWorld,
};
use va_catalogue::intake::CompanyFile;
use va_domain::{
    commit::StoredCommit,
    ids::{StreamId, goal_uuid, kind},
    state::StreamState,
};
use va_runtime::{
    kernel::{Identity, Kernel, Ports},
    ports::{Journal, World},
};

use crate::{
    exit::{Code, Failure},
    home::{env, today},
    result::Place,
};

/// Commits that are read at a time.
const PAGE: usize = 256;
/// Months whose goals are listed, besides every goal that still waits for something.
const MONTHS: i32 = 12;

/// A company on AWS.
pub struct AwsHome {
    /// The company.
    pub company: CompanyFile,
    /// The clients.
    pub aws: Aws,
    /// Its journal.
    pub journal: Arc<DynamoJournal>,
    /// Its blobs.
    pub blobs: Arc<S3Blobs>,
    /// Time and chance.
    pub world: Arc<dyn World>,
}

impl AwsHome {
    /// Finds the company by its name: `VA_ENV` (default `prod`) says in which environment, and what is called
    /// otherwise than the manifest says is named by `VA_TABLE`, `VA_BLOB_BUCKET` and `VA_SITE_BUCKET`. Region,
    /// endpoint and credentials come from where the tools of AWS take them.
    pub async fn open(name: &str) -> Result<Self, Failure> {
        let names = names(name)?;
        let config = |e: va_aws::ConfigError| Failure::input(e.to_string());
        let mut company = CompanyFile {
            company: name.to_owned(),
            ..CompanyFile::default()
        };
        if let Some(cap) = names.month_cap() {
            company.month_cap = cap.to_owned();
        }
        let aws = Aws::connect(names).await;
        Ok(Self {
            company,
            journal: Arc::new(aws.journal().map_err(config)?),
            blobs: Arc::new(aws.blobs().map_err(config)?),
            aws,
            world: Arc::new(SystemWorld),
        })
    }

    /// A kernel that remembers nothing, since others append, and that decides and runs nothing.
    pub fn kernel(&self) -> Arc<Kernel> {
        let identity = Identity {
            company: self.company.company.clone(),
            home: self.company.factory.id.clone(),
            env: self.aws.names.env.clone(),
            epoch: 0,
            runner: format!("board-{:016x}", self.world.random()),
        };
        let ports = Ports {
            journal: Arc::clone(&self.journal) as _,
            blobs: Arc::clone(&self.blobs) as _,
            world: Arc::clone(&self.world),
            effects: Arc::new(NoEffects),
        };
        Arc::new(Kernel::new(identity, ports, Vec::new()))
    }

    /// How commands and results name it.
    pub fn place(&self) -> Result<Place, Failure> {
        let missing = |e: va_aws::ConfigError| Failure::input(e.to_string());
        let names = &self.aws.names;
        let company = &self.company.company;
        Ok(Place::Aws {
            name: company.clone(),
            sites: format!(
                "s3://{}/{company}/sites",
                names.site_bucket().map_err(missing)?
            ),
            reports: format!(
                "s3://{}/{company}/reports",
                names.blob_bucket().map_err(missing)?
            ),
        })
    }

    /// Today, in UTC.
    pub fn today(&self) -> Date {
        today(&*self.world)
    }

    /// The goals of the last twelve months and all that still wait for something, sorted. Nothing is scanned:
    /// a goal stands in the month that it drew on, or it has a deadline.
    pub async fn goals(&self) -> Result<BTreeSet<StreamId>, Failure> {
        let mut goals = self.waiting().await?;
        for back in 0..MONTHS {
            let day = self
                .today()
                .checked_sub(Span::new().months(back))
                .map_err(|e| Failure::new(Code::Defect, e.to_string()))?;
            let month = stream(
                kind::MONTH,
                &format!("{:04}-{:02}", day.year(), day.month()),
            )?;
            // A commit that cannot be read names no goal; whoever copies the month says so.
            let read = self.commits(&month, 1).await?.into_iter();
            for body in read.filter_map(|commit| commit.read().ok()) {
                let targets = body.events.into_iter().flat_map(|event| event.targets);
                goals.extend(targets.map(|target| target.stream));
            }
        }
        goals.retain(|stream| stream.kind() == kind::GOAL);
        Ok(goals)
    }

    /// Goals and incidents that wait for something, and whether these are all. One that cannot be read is named and left
    /// out, so that what asks a person to look at it can be seen and answered.
    pub async fn asking(&self) -> Result<(Vec<StreamState>, bool), Failure> {
        let kernel = self.kernel();
        let (mut asking, mut all) = (Vec::new(), true);
        for stream in self.waiting().await? {
            if !matches!(stream.kind(), kind::GOAL | kind::INCIDENT) {
                continue;
            }
            match kernel.fold(&stream).await {
                Ok(folded) => asking.push(folded.state),
                Err(e) => {
                    eprintln!("{}", unreadable(&stream, e));
                    all = false;
                }
            }
        }
        Ok((asking, all))
    }

    /// What a person looks at to see the company: its goals, and the incidents that wait for something.
    pub async fn shown(&self) -> Result<BTreeSet<StreamId>, Failure> {
        let mut shown = self.goals().await?;
        let waiting = self.waiting().await?;
        shown.extend(waiting.into_iter().filter(|s| s.kind() == kind::INCIDENT));
        Ok(shown)
    }

    /// Every stream that waits for something.
    async fn waiting(&self) -> Result<BTreeSet<StreamId>, Failure> {
        let due = self.journal.deadlines(jiff::Timestamp::MAX, PAGE).await?;
        Ok(due
            .into_iter()
            .map(|deadline| deadline.due.stream)
            .collect())
    }

    /// The goal of that UUID, or the newest revision of that slug, whether or not it is there: its name follows
    /// from the company's.
    pub async fn goal_stream(&self, name: &str) -> Result<StreamId, Failure> {
        let is_uuid = name.len() == 36 && name.bytes().filter(|b| *b == b'-').count() == 4;
        if is_uuid {
            return stream(kind::GOAL, name);
        }
        let company = &self.company.company;
        let newest = newest_revision(async |revision| -> Result<bool, Failure> {
            let goal = stream(kind::GOAL, &goal_uuid(company, name, revision))?;
            Ok(!self.journal.read(&goal, 1, 1).await?.is_empty())
        })
        .await?;
        stream(kind::GOAL, &goal_uuid(company, name, newest))
    }

    /// A stream's commits from this version on.
    pub async fn commits(
        &self,
        stream: &StreamId,
        from: u64,
    ) -> Result<Vec<StoredCommit>, Failure> {
        let mut all: Vec<StoredCommit> = Vec::new();
        loop {
            let next = all.last().map_or(from, |commit| commit.version + 1);
            let page = self.journal.read(stream, next, PAGE).await?;
            let whole = page.len() < PAGE;
            all.extend(page);
            if whole {
                return Ok(all);
            }
        }
    }
}

/// Says of a stream that it cannot be read.
pub fn unreadable(stream: &StreamId, why: impl Display) -> String {
    format!("{stream} cannot be read: {why}; `va verify` says more")
}

/// A stream by kind and id.
pub fn stream(kind: &str, id: &str) -> Result<StreamId, Failure> {
    StreamId::new(kind, id).map_err(|e| Failure::input(format!("`{id}` is no name: {e}")))
}

/// What the deployment is called: by the manifest, unless the environment says otherwise.
fn names(company: &str) -> Result<Names, Failure> {
    let named = env("VA_COMPANY").unwrap_or_else(|| company.to_owned());
    if named != company {
        return Err(Failure::input(format!(
            "--home names the company `{company}`, the environment's VA_COMPANY `{named}`"
        )));
    }
    let environment = env("VA_ENV").unwrap_or_else(|| "prod".to_owned());
    let manifest = manifest::manifest();
    let patterns = [
        ("VA_COMPANY", "{company}".to_owned()),
        ("VA_ENV", "{env}".to_owned()),
        ("VA_TABLE", manifest.table.name),
        ("VA_BLOB_BUCKET", manifest.blob_bucket),
        ("VA_SITE_BUCKET", manifest.site_bucket),
        ("VA_VAULT_BUCKET", manifest.vault_bucket),
        ("VA_S3_PATH_STYLE", String::new()),
        ("VA_MONTH_CAP", String::new()),
    ];
    let variables: BTreeMap<String, String> = patterns
        .into_iter()
        .map(|(name, pattern)| {
            let value = env(name).unwrap_or_else(|| {
                pattern
                    .replace("{company}", company)
                    .replace("{env}", &environment)
            });
            (name.to_owned(), value)
        })
        .collect();
    Names::new(variables).map_err(|e| Failure::input(e.to_string()))
}
