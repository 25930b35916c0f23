//! What a person hands in: a goal folder, checked as a whole before anything is kept.

use std::{
    fs,
    path::{Path, PathBuf},
};

use va_agents::submission::Labels;
pub use va_agents::submission::Submission as Input;
use va_catalogue::intake;
use va_domain::{amounts::Amounts, goal_spec::GoalSpec};

use crate::exit::Failure;

/// Flags that change a goal's budget.
#[derive(Clone, Debug, Default)]
pub struct BudgetFlags {
    /// `--amount`.
    pub amount: Option<String>,
    /// `--tokens`.
    pub tokens: Option<i64>,
    /// `--calls`.
    pub calls: Option<i64>,
}

/// Reads `goal.toml` and what it names.
pub fn read(folder: &Path) -> Result<Input, Failure> {
    let path = folder.join("goal.toml");
    let text = fs::read_to_string(&path).map_err(|e| {
        Failure::input(format!(
            "{} cannot be read: {e}. A goal is a folder with a goal.toml; `va new DIR` makes one",
            path.display()
        ))
    })?;
    let name = path.display().to_string();
    let spec = intake::parse_goal(&text, &name)?;
    of(folder, spec, &name, &text)
}

/// Reads what a goal names, from this folder.
fn of(folder: &Path, spec: GoalSpec, goal: &str, text: &str) -> Result<Input, Failure> {
    let path = folder.join(&spec.catalogue.file);
    let catalogue = read_file(&path, "[catalogue] file")?;
    let imprint = match &spec.site.imprint {
        Some(name) => Some(read_file(&folder.join(name), "[site] imprint")?),
        None => None,
    };
    let labels = Labels {
        goal,
        text,
        catalogue: &path.display().to_string(),
    };
    Ok(Input::check(spec, catalogue, imprint, labels)?)
}

/// The budget of a goal, with what flags say.
pub fn budget(input: &Input, flags: &BudgetFlags) -> Result<Amounts, Failure> {
    let asked = &input.spec.budget;
    let micros = micros(flags.amount.as_ref().unwrap_or(&asked.amount))?;
    Ok(Amounts::new(
        micros,
        flags.tokens.unwrap_or(asked.tokens),
        flags.calls.unwrap_or(asked.calls),
    ))
}

/// A decimal amount of money as micro-units.
pub fn micros(text: &str) -> Result<i64, Failure> {
    intake::parse_micros(text)
        .map_err(|why| Failure::input(format!("`{text}` is no amount of money: {why}")))
}

fn read_file(path: &PathBuf, key: &str) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|e| {
        Failure::input(format!(
            "{} cannot be read: {e}. goal.toml names it as {key}",
            path.display()
        ))
    })
}
