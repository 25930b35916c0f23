//! The workflows before their linters: what GitHub would refuse, and what would hand over more than it needs.

use std::{path::Path, process::Command};

use crate::{error::TaskError, process::run, tools};

/// Runs both linters over every workflow; neither asks anything over the network.
///
/// # Errors
/// Where a linter cannot be installed, or finds something.
pub fn check(root: &Path) -> Result<(), TaskError> {
    let actionlint = tools::actionlint(root)?;
    // What else is on the machine must not change what is found.
    run(Command::new(actionlint)
        .args(["-shellcheck=", "-pyflakes="])
        .current_dir(root))?;
    let tools = tools::python(root, "zizmor", &root.join(".github/requirements.txt"))?;
    run(Command::new(tools.join("zizmor"))
        .args([
            "--offline",
            "--persona=pedantic",
            "--quiet",
            ".github/workflows",
        ])
        .current_dir(root))
}
