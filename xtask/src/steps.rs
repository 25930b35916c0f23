//! `cargo xtask test`: all set-up and all checks, each a step.

use std::{path::Path, process::Command, time::Instant};

use crate::{
    cli, documents,
    error::{TaskError, chain, file},
    process::run,
    terraform, workflows,
};

/// A step.
pub struct Step {
    /// Its name; also that of the command which runs it alone.
    pub name: &'static str,
    /// What it does.
    pub run: fn(&Path) -> Result<(), TaskError>,
}

/// Every step, in order: what is cheap to find is found first.
pub const STEPS: &[Step] = &[
    Step {
        name: "setup",
        run: setup,
    },
    Step {
        name: "format",
        run: format,
    },
    Step {
        name: "links",
        run: links,
    },
    Step {
        name: "workflows",
        run: workflows::check,
    },
    Step {
        name: "lints",
        run: lints,
    },
    Step {
        name: "build",
        run: build,
    },
    Step {
        name: "tests",
        run: tests,
    },
    Step {
        name: "terraform",
        run: terraform::check,
    },
    Step {
        name: "main-job",
        run: main_job,
    },
];

/// Runs every step; one that fails fails the whole, after the others have run.
///
/// # Errors
/// Which steps failed.
pub fn all(root: &Path) -> Result<(), TaskError> {
    let results: Vec<_> = STEPS
        .iter()
        .map(|step| (step.name, timed(step, root)))
        .collect();
    println!();
    for (name, (ok, seconds)) in &results {
        println!(
            "{name:<12} {:<7} {seconds:>6.0} s",
            if *ok { "passed" } else { "FAILED" }
        );
    }
    let failed: Vec<&str> = results
        .iter()
        .filter(|(_, r)| !r.0)
        .map(|(name, _)| *name)
        .collect();
    println!(
        "steps: {} passed, {} failed",
        results.len() - failed.len(),
        failed.len()
    );
    if failed.is_empty() {
        return Ok(());
    }
    Err(TaskError::Found(format!("failed: {}", failed.join(", "))))
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a step took is only shown"
)]
fn timed(step: &Step, root: &Path) -> (bool, f64) {
    println!("== {}", step.name);
    let begun = Instant::now();
    let ended = (step.run)(root);
    if let Err(e) = &ended {
        eprintln!("{}", chain(e));
    }
    (ended.is_ok(), begun.elapsed().as_secs_f64())
}

fn cargo(root: &Path, args: &[&str]) -> Result<(), TaskError> {
    run(Command::new("cargo").args(args).current_dir(root))
}

fn format(root: &Path) -> Result<(), TaskError> {
    cargo(root, &["fmt", "--all", "--check"])
}

fn links(root: &Path) -> Result<(), TaskError> {
    documents::check(root, &cli::commands())
}

fn lints(root: &Path) -> Result<(), TaskError> {
    let all = [
        "--workspace",
        "--all-targets",
        "--features",
        "va/aws",
        "--locked",
    ];
    cargo(
        root,
        &[&["clippy"], &all[..], &["--", "-D", "warnings"]].concat(),
    )
}

/// What the tests on the emulator deploy, `va` with its home on AWS, and the tests, all with one set of features.
fn build(root: &Path) -> Result<(), TaskError> {
    cargo(
        root,
        &[
            "build",
            "--workspace",
            "--all-targets",
            "--features",
            "va/aws",
            "--locked",
        ],
    )
}

/// With the home on AWS, as the step before has built it: the emulator's tests run that very `va`.
fn tests(root: &Path) -> Result<(), TaskError> {
    cargo(
        root,
        &[
            "test",
            "--workspace",
            "--features",
            "va/aws",
            "--locked",
            "--no-fail-fast",
        ],
    )
}

fn main_job(root: &Path) -> Result<(), TaskError> {
    // The main job founds a company; a leftover one would only show what is finished.
    let home = "target/xtask-home";
    match std::fs::remove_dir_all(root.join(home)) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            return Err(file(format!("{home} cannot be removed"))(e));
        }
        _ => {}
    }
    let job = [
        "run",
        "--release",
        "--locked",
        "--",
        "run",
        "examples/home-espresso",
        "--home",
        home,
    ];
    cargo(root, &job)
}

/// The emulator of AWS, in a virtual environment of the project.
///
/// # Errors
/// Where Python 3 or the package index is out of reach.
pub fn setup(root: &Path) -> Result<(), TaskError> {
    if root.join(".venv/bin/ministack").is_file() {
        return Ok(());
    }
    run(Command::new("python3")
        .args(["-m", "venv", ".venv"])
        .current_dir(root))?;
    run(Command::new(root.join(".venv/bin/pip"))
        .args(["install", "--quiet", "ministack[full]==1.5.33"])
        .current_dir(root))
}

/// The suite of the ports on every implementation: SQLite, memory, and DynamoDB.
///
/// # Errors
/// Where a test fails.
pub fn conformance(root: &Path) -> Result<(), TaskError> {
    setup(root)?;
    let ports = ["--package", "va-embedded", "--test", "ports"];
    let emulator = ["--package", "va-emulator", "--test", "conformance"];
    cargo(
        root,
        &[&["test", "--locked"], &ports[..], &emulator].concat(),
    )
}
