//! The command line: every agent in one process, on an embedded store.

#[cfg(feature = "aws")]
mod aws;
mod bench;
mod board;
mod check;
mod exit;
mod home;
mod input;
mod models;
mod out;
mod people;
mod progress;
mod result;
mod revision;
mod run;
mod seal;
mod text;
mod views;

use std::{collections::BTreeMap, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use jiff::civil::Date;
use va_domain::amounts::Amounts;
use va_embedded::dispatch::Pace;

use crate::out::say;
use crate::{
    board::Board,
    exit::{Code, Failure},
};

/// Agents make and drop many short texts on several threads at once: docs/adr/0013.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A company run by agents, that its owner can trust with a budget.
#[derive(Parser)]
#[command(name = "va", version, about, disable_help_subcommand = true)]
struct Cli {
    /// The company's folder; default ./.va/<name of the goal folder>.
    #[arg(long, global = true)]
    home: Option<PathBuf>,
    /// One JSON document on stdout.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Make a goal folder to edit; never overwrites.
    New {
        /// The folder to make.
        dir: PathBuf,
        /// A table of products to begin with.
        #[arg(long)]
        catalogue: Option<PathBuf>,
    },
    /// Show the plan with worst-case and expected cost; commits nothing.
    Plan {
        /// The goal folder.
        dir: PathBuf,
        #[command(flatten)]
        model: ModelFlags,
        /// The day whose facts count.
        #[arg(long)]
        as_of: Option<Date>,
    },
    /// Take a goal on, or go on with it.
    Run(RunFlags),
    /// Go on with what is unfinished, and let a paused goal go on.
    Resume {
        /// A goal's slug or UUID; without it, all.
        goal: Option<String>,
        /// The models file.
        #[arg(long)]
        models: Option<PathBuf>,
        #[command(flatten)]
        pace: PaceFlags,
    },
    /// Begin no more effects of a goal.
    Pause {
        /// A goal's slug or UUID; without it, the only one.
        goal: Option<String>,
        /// Every goal.
        #[arg(long)]
        all: bool,
    },
    /// Cancel a goal; all of its money comes back.
    Cancel {
        /// A goal's slug or UUID.
        goal: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Answer a blocker.
    Unblock {
        /// Its id.
        blocker: String,
        /// What it needs: key=value.
        #[arg(long)]
        set: Vec<String>,
        /// A note for the record.
        #[arg(long)]
        note: Option<String>,
    },
    /// Show a budget, or `add` to one.
    Budget {
        /// `add`, or a goal's slug or UUID.
        first: Option<String>,
        /// The goal, after `add`.
        second: Option<String>,
        /// Money to add.
        #[arg(long)]
        amount: Option<String>,
        /// Tokens to add.
        #[arg(long, default_value_t = 0)]
        tokens: i64,
        /// Calls to add.
        #[arg(long, default_value_t = 0)]
        calls: i64,
    },
    /// What needs you, and what goes on.
    #[command(flatten)]
    View(ViewCommand),
    /// Look at a table of products.
    Catalogue {
        #[command(subcommand)]
        command: CatalogueCommand,
    },
    /// Review one draft.
    Review {
        /// The draft, Markdown.
        draft: PathBuf,
        /// What was asked of its writer.
        #[arg(long)]
        request: PathBuf,
        /// The table of products.
        #[arg(long)]
        catalogue: PathBuf,
    },
    /// Check a folder that should be a site.
    CheckSite {
        /// The folder.
        dir: PathBuf,
        /// The goal whose site it should be.
        #[arg(long)]
        goal: Option<PathBuf>,
    },
    /// Models.
    Model {
        #[command(subcommand)]
        command: ModelCommand,
    },
    /// Verify everything that was recorded.
    Verify {
        /// A root that was kept elsewhere.
        #[arg(long)]
        root: Option<String>,
        /// A public key that was kept elsewhere.
        #[arg(long)]
        public_key: Option<PathBuf>,
        /// An exported journal, instead of a folder.
        #[arg(long)]
        export: Option<PathBuf>,
    },
    /// Write the whole journal, one commit a line.
    Export {
        /// The file to write.
        file: PathBuf,
    },
    /// Make the views anew that the HTTP API answers from; only with --home aws:NAME.
    Rebuild,
    /// Print what AWS wiring follows from the agents.
    Manifest,
    /// Measure: goals of five articles with a model that answers at once.
    Bench {
        /// How many goals.
        #[arg(long, default_value_t = 160)]
        goals: usize,
        /// How many at a time.
        #[arg(long, default_value_t = 16)]
        concurrency: usize,
        /// Have the model answer only once every goal waits for it, and say what they hold in memory.
        #[arg(long)]
        hold: bool,
    },
}

#[derive(Subcommand)]
enum ViewCommand {
    /// The company at a glance.
    Status,
    /// The goals.
    Goals,
    /// One goal.
    Goal {
        /// Its slug or UUID.
        goal: String,
    },
    /// The tasks.
    Tasks {
        /// A goal's slug or UUID.
        goal: Option<String>,
    },
    /// One task.
    Task {
        /// Its id.
        task: String,
        /// Print each prompt and answer.
        #[arg(long)]
        bodies: bool,
    },
    /// The agents.
    Agents,
    /// What needs you.
    Blockers,
    /// The events, one a line.
    Events {
        /// Stay and print what comes.
        #[arg(long)]
        follow: bool,
        /// Of one goal only.
        #[arg(long)]
        goal: Option<String>,
        /// Only what stands after this row.
        #[arg(long, default_value_t = 0)]
        after: u64,
    },
    /// Profit and loss.
    Pnl {
        /// A goal's slug or UUID.
        goal: Option<String>,
    },
}

#[derive(Subcommand)]
enum CatalogueCommand {
    /// What the table's columns are.
    Inspect {
        /// The table.
        file: PathBuf,
    },
}

#[derive(Subcommand)]
enum ModelCommand {
    /// Offer `offline` as an OpenAI-compatible server on 127.0.0.1.
    Serve {
        /// The port; 0 takes a free one.
        #[arg(long, default_value_t = 0)]
        port: u16,
    },
}

#[derive(clap::Args)]
struct ModelFlags {
    /// The model for drafts; `offline` unless one is chosen.
    #[arg(long)]
    model: Option<String>,
    /// The models file.
    #[arg(long)]
    models: Option<PathBuf>,
}

#[derive(clap::Args)]
struct PaceFlags {
    /// Streams decided on at a time.
    #[arg(long, default_value_t = 16)]
    workers: usize,
    /// Stay when nothing moves.
    #[arg(long)]
    wait: bool,
}

impl From<&PaceFlags> for Pace {
    fn from(flags: &PaceFlags) -> Self {
        Self {
            workers: flags.workers,
            wait: flags.wait,
        }
    }
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            let code = if e.use_stderr() {
                Code::Input
            } else {
                Code::Done
            };
            // Where even printing fails there is nobody left to tell.
            let _ = e.print();
            return ExitCode::from(code as u8);
        }
    };
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .init();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(e) => {
            eprintln!("the machine gives no threads: {e}");
            return ExitCode::from(Code::Outside as u8);
        }
    };
    match runtime.block_on(command(cli)) {
        Ok(code) => ExitCode::from(code as u8),
        Err(failure) => {
            eprintln!("va: {failure}");
            ExitCode::from(failure.code as u8)
        }
    }
}

async fn command(cli: Cli) -> Result<Code, Failure> {
    #[cfg(feature = "aws")]
    if let Some(name) = home::on_aws(cli.home.as_deref())
        && aws::takes(&cli)
    {
        return aws::command(&name, cli).await;
    }
    // On a thread of the runtime, so that what a worker tells another wakes no third thread.
    tokio::spawn(at_home(cli))
        .await
        .unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()))
}

async fn at_home(cli: Cli) -> Result<Code, Failure> {
    let home = cli.home.as_deref();
    let json = cli.json;
    let at = || home::folder(home, None);
    match cli.command {
        None => {
            say!(
                "va: a company run by agents, that its owner can trust with a budget. Three things to try:\n\
                 \n  va run examples/home-espresso   give it a goal; needs no key and no network\
                 \n  va new my-goal                  a goal folder of your own to edit\
                 \n  va status                       what the company is doing, and what needs you"
            );
            Ok(Code::Done)
        }
        Some(Command::New { dir, catalogue }) => check::new(&dir, catalogue.as_deref()),
        Some(Command::Plan { dir, model, as_of }) => {
            check::plan(
                &dir,
                home,
                model.model.as_deref(),
                model.models.as_deref(),
                as_of,
                json,
            )
            .await
        }
        Some(Command::Run(flags)) => {
            let asked = flags.asked(|goal| home::folder(home, Some(goal)), json)?;
            run::run(&asked).await
        }
        Some(Command::Resume { goal, models, pace }) => {
            run::resume(
                &at()?,
                goal.as_deref(),
                models.as_deref(),
                (&pace).into(),
                json,
            )
            .await
        }
        Some(Command::Pause { goal, all }) => {
            let board = Board::open(&at()?)?;
            let goals = if all {
                board.home.goals(&board.kernel).await?
            } else {
                vec![board.home.goal(&board.kernel, goal.as_deref()).await?]
            };
            for goal in &goals {
                board.pause(goal).await?;
            }
            said(json, "pause")
        }
        Some(Command::Cancel { goal, reason }) => {
            let board = Board::open(&at()?)?;
            let goal = board.home.goal(&board.kernel, Some(&goal)).await?;
            board.cancel(&goal, &reason).await?;
            said(json, "cancel")
        }
        Some(Command::Unblock { blocker, set, note }) => {
            let set = pairs(set)?;
            Board::open(&at()?)?.unblock(&blocker, set, note).await?;
            said(json, "unblock")
        }
        Some(Command::Budget {
            first,
            second,
            amount,
            tokens,
            calls,
        }) if first.as_deref() == Some("add") => {
            let more = more(amount.as_deref(), tokens, calls)?;
            let board = Board::open(&at()?)?;
            let goal = board.home.goal(&board.kernel, second.as_deref()).await?;
            board.add(&goal, more).await?;
            said(json, "budget add")
        }
        Some(Command::Budget { first, .. }) => {
            views::budget(&home::Home::read(&at()?)?, first.as_deref(), json).await
        }
        Some(Command::View(view)) => views::view(&home::Home::read(&at()?)?, view, json).await,
        Some(Command::Catalogue {
            command: CatalogueCommand::Inspect { file },
        }) => check::inspect(&file, json),
        Some(Command::Review {
            draft,
            request,
            catalogue,
        }) => check::review(&draft, &request, &catalogue, json),
        Some(Command::CheckSite { dir, goal }) => check::site(&dir, goal.as_deref(), json),
        Some(Command::Model {
            command: ModelCommand::Serve { port },
        }) => check::serve(port).await,
        Some(Command::Verify {
            root,
            public_key,
            export,
        }) => seal::verify(
            home,
            root.as_deref(),
            public_key.as_deref(),
            export.as_deref(),
            json,
        ),
        Some(Command::Export { file }) => seal::export(&at()?, &file),
        Some(Command::Rebuild) => Err(Failure::input(
            "views are kept on AWS alone: `va rebuild --home aws:NAME`, in a build with the feature `aws`",
        )),
        Some(Command::Manifest) => check::manifest(),
        Some(Command::Bench {
            goals,
            concurrency,
            hold,
        }) => {
            let folder = home::folder(home, Some(std::path::Path::new("bench")))?;
            bench::bench(&folder, goals, concurrency, hold, json).await
        }
    }
}

/// What `va run` takes, in either home.
#[derive(clap::Args)]
struct RunFlags {
    /// The goal folder.
    dir: Option<PathBuf>,
    /// What is wanted, instead of a goal folder.
    #[arg(long, requires = "catalogue")]
    intent: Option<String>,
    /// The table of products, with --intent.
    #[arg(long)]
    catalogue: Option<PathBuf>,
    /// Money that may be spent.
    #[arg(long)]
    amount: Option<String>,
    /// Tokens that may be spent.
    #[arg(long)]
    tokens: Option<i64>,
    /// Model calls that may be made.
    #[arg(long)]
    calls: Option<i64>,
    #[command(flatten)]
    model: ModelFlags,
    /// The day whose facts count.
    #[arg(long)]
    as_of: Option<Date>,
    #[command(flatten)]
    pace: PaceFlags,
}

impl RunFlags {
    fn asked(
        self,
        home: impl FnOnce(&std::path::Path) -> Result<PathBuf, Failure>,
        json: bool,
    ) -> Result<run::Asked, Failure> {
        let goal = goal_folder(self.dir, self.intent, self.catalogue)?;
        Ok(run::Asked {
            home: home(&goal)?,
            goal,
            budget: input::BudgetFlags {
                amount: self.amount,
                tokens: self.tokens,
                calls: self.calls,
            },
            model: self.model.model,
            models: self.model.models,
            as_of: self.as_of,
            pace: (&self.pace).into(),
            json,
        })
    }
}

/// The folder that is to be run, or one made of an intent.
fn goal_folder(
    dir: Option<PathBuf>,
    intent: Option<String>,
    catalogue: Option<PathBuf>,
) -> Result<PathBuf, Failure> {
    match (dir, intent, catalogue) {
        (Some(dir), None, _) => Ok(dir),
        (None, Some(intent), Some(file)) => check::goal_of_intent(&intent, &file),
        _ => Err(Failure::input(
            "say what to run: `va run DIR`, or `va run --intent TEXT --catalogue F`",
        )),
    }
}

/// What `--set key=value` sets.
fn pairs(set: Vec<String>) -> Result<BTreeMap<String, String>, Failure> {
    set.into_iter()
        .map(|pair| match pair.split_once('=') {
            Some((key, value)) => Ok((key.to_owned(), value.to_owned())),
            None => Err(Failure::input(format!("`{pair}` is no key=value"))),
        })
        .collect()
}

/// What is added to a budget.
fn more(amount: Option<&str>, tokens: i64, calls: i64) -> Result<Amounts, Failure> {
    let micros = amount.map_or(Ok(0), input::micros)?;
    let more = Amounts::new(micros, tokens, calls);
    if more.is_zero() || !more.is_non_negative() {
        return Err(Failure::input(
            "say how much to add: --amount 5.00, --tokens N, --calls N",
        ));
    }
    Ok(more)
}

/// An act of the board was recorded.
fn said(json: bool, what: &str) -> Result<Code, Failure> {
    if json {
        let schema = format!("va.{what}/1");
        say!("{}", serde_json::json!({ "schema": schema, "ok": true }));
    } else {
        say!("recorded: {what}\nnext: va status");
    }
    Ok(Code::Done)
}
