//! Tools at fixed versions, in folders of their own below `target/tools`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    error::{TaskError, file},
    process::{read, run},
};

/// The linter of workflows, by its module.
const ACTIONLINT: (&str, &str) = ("github.com/rhysd/actionlint/cmd/actionlint", "1.7.12");

/// A Python environment with exactly what a file of requirements pins; answers the folder of its programs.
///
/// # Errors
/// Where Python 3 or the package index is out of reach.
pub fn python(root: &Path, name: &str, requirements: &Path) -> Result<PathBuf, TaskError> {
    let wanted = fs::read(requirements)
        .map_err(file(format!("{} cannot be read", requirements.display())))?;
    let venv = root.join("target/tools").join(name);
    let bin = venv.join("bin");
    let marker = venv.join("installed.txt");
    if fs::read(&marker).is_ok_and(|installed| installed == wanted) {
        return Ok(bin);
    }
    run(Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(&venv))?;
    run(Command::new(bin.join("pip"))
        .args([
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
        ])
        .arg(requirements))?;
    // Written last: an installation that was cut off is begun anew.
    fs::write(&marker, wanted).map_err(file(format!("{} cannot be written", marker.display())))?;
    Ok(bin)
}

/// The linter of workflows, built from its module.
///
/// # Errors
/// Where Go or its module proxy is out of reach.
pub fn actionlint(root: &Path) -> Result<PathBuf, TaskError> {
    let (module, version) = ACTIONLINT;
    let bin = root.join("target/tools/go");
    let program = bin.join("actionlint");
    let stands = read(Command::new(&program).arg("-version")).is_ok_and(|said| {
        said.lines()
            .any(|line| line.trim_start_matches('v') == version)
    });
    if !stands {
        run(Command::new("go")
            .args(["install", &format!("{module}@v{version}")])
            .env("GOBIN", &bin)
            .env("GOFLAGS", "-mod=mod"))?;
    }
    Ok(program)
}
