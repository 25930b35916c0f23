//! The home on AWS: `--home aws:NAME`. A person's acts are appended to the journal as at home; the functions
//! deliver and decide. What is shown, checked and exported is made from a reading copy.

mod acts;
mod events;
mod follow;
mod home;
mod mirror;
mod rebuild;
mod run;
mod sound;

use va_embedded::{
    keys,
    verify::{self, Options},
};

use self::{
    home::AwsHome,
    mirror::{Mirror, With},
};
use crate::{
    Cli, Command, ViewCommand,
    exit::{Code, Failure},
    said, seal, views,
};

/// Whether the command works with a company, so that where it lives matters.
pub fn takes(cli: &Cli) -> bool {
    match &cli.command {
        Some(Command::Verify { export, .. }) => export.is_none(),
        Some(
            Command::Run { .. }
            | Command::Resume { .. }
            | Command::Pause { .. }
            | Command::Cancel { .. }
            | Command::Unblock { .. }
            | Command::Budget { .. }
            | Command::View(_)
            | Command::Export { .. }
            | Command::Rebuild,
        ) => true,
        _ => false,
    }
}

/// Does what is asked with the company of that name.
pub async fn command(name: &str, cli: Cli) -> Result<Code, Failure> {
    let home = AwsHome::open(name).await?;
    let json = cli.json;
    match cli.command {
        Some(Command::Run(flags)) => {
            let asked = flags.asked(|_| Ok(format!("aws:{name}").into()), json)?;
            run::run(&home, &asked).await
        }
        Some(Command::Resume { goal, pace, .. }) => {
            run::resume(&home, goal.as_deref(), (&pace).into(), json).await
        }
        Some(Command::Pause { goal, all }) => {
            acts::pause(&home, goal.as_deref(), all).await?;
            said(json, "pause")
        }
        Some(Command::Cancel { goal, reason }) => {
            acts::cancel(&home, &goal, &reason).await?;
            said(json, "cancel")
        }
        Some(Command::Unblock { blocker, set, note }) => {
            let set = crate::pairs(set)?;
            acts::unblock(&home, &blocker, set, note).await?;
            said(json, "unblock")
        }
        Some(Command::Budget {
            first,
            second,
            amount,
            tokens,
            calls,
        }) if first.as_deref() == Some("add") => {
            let more = crate::more(amount.as_deref(), tokens, calls)?;
            acts::add(&home, second.as_deref(), more).await?;
            said(json, "budget add")
        }
        Some(Command::Budget { first, .. }) => {
            let copy = copy(&home, first.as_deref(), With::States).await?;
            let shown = views::budget(&copy.home()?, first.as_deref(), json).await?;
            Ok(copy.ends(shown))
        }
        Some(Command::View(view)) => show(&home, view, json).await,
        Some(Command::Verify {
            root, public_key, ..
        }) => {
            let options = Options {
                root,
                public_key: public_key
                    .as_deref()
                    .map(keys::read_public_key)
                    .transpose()?,
            };
            let copy = Mirror::whole(&home, With::Sites).await?;
            let mut found = verify::verify(copy.path(), &options)?;
            copy.add_to(&mut found);
            seal::told(&found, json)
        }
        Some(Command::Export { file }) => {
            let copy = Mirror::whole(&home, With::States).await?;
            Ok(copy.ends(seal::export(copy.path(), &file)?))
        }
        Some(Command::Rebuild) => rebuild::rebuild(&home, json).await,
        _ => Err(Failure::new(Code::Defect, "this command needs no company")),
    }
}

/// A reading copy of one goal, which can be read, or of all that can.
async fn copy(home: &AwsHome, goal: Option<&str>, with: With) -> Result<Mirror, Failure> {
    let Some(name) = goal else {
        return Mirror::of(home, home.shown().await?, with).await;
    };
    let goal = home.goal_stream(name).await?;
    let copy = Mirror::of(home, [goal.clone()], with).await?;
    match copy.damage(&goal) {
        None => Ok(copy),
        Some(_) => Err(Failure::new(
            Code::Verification,
            format!("nothing can be shown of `{name}`"),
        )),
    }
}

async fn show(home: &AwsHome, view: ViewCommand, json: bool) -> Result<Code, Failure> {
    let (goal, with) = match &view {
        ViewCommand::Events {
            follow: true,
            goal,
            after,
        } => return events::follow(home, goal.as_deref(), *after, json).await,
        ViewCommand::Blockers => {
            let (asking, all) = home.asking().await?;
            let shown = views::blockers(&asking, json)?;
            return Ok(if all { shown } else { Code::Verification });
        }
        ViewCommand::Goal { goal } => (Some(goal.clone()), With::States),
        ViewCommand::Tasks { goal }
        | ViewCommand::Pnl { goal }
        | ViewCommand::Events { goal, .. } => (goal.clone(), With::Blobs),
        ViewCommand::Task { .. } => (None, With::Blobs),
        ViewCommand::Status | ViewCommand::Goals | ViewCommand::Agents => (None, With::States),
    };
    let copy = copy(home, goal.as_deref(), with).await?;
    let shown = views::view(&copy.home()?, view, json).await?;
    Ok(copy.ends(shown))
}
