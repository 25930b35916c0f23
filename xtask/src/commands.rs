//! What each command does.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use crate::{
    cli::Task,
    deploy::{self, Act, Root},
    error::{TaskError, file},
    github, listing,
    package::{self, Architecture},
    process::{read, run},
    release, sbom, steps,
};

/// The workflow that builds the packages.
const BUILDER: &str = "app.yml";

/// Does it.
///
/// # Errors
/// Where it fails, or finds something.
pub fn execute(root: &Path, task: Task) -> Result<(), TaskError> {
    match task {
        Task::Test => steps::all(root),
        Task::Setup => step(root, "setup"),
        Task::Format => step(root, "format"),
        Task::Links => step(root, "links"),
        Task::Workflows => step(root, "workflows"),
        Task::Lints => step(root, "lints"),
        Task::Build => step(root, "build"),
        Task::Tests => step(root, "tests"),
        Task::Terraform => step(root, "terraform"),
        Task::MainJob => step(root, "main-job"),
        Task::Conformance => steps::conformance(root),
        Task::Manifest { check } => manifest(root, check),
        Task::Package {
            architecture,
            check_reproducible,
        } => {
            let packages = package::make(root, architecture)?;
            if check_reproducible {
                package::check_reproducible(root, &packages, architecture)?;
            }
            Ok(())
        }
        Task::Sbom { architecture } => bills(root, architecture),
        Task::Provenance {
            packages,
            repository,
        } => github::provenance(&packages, &repository, BUILDER),
        Task::Deploy {
            env,
            plan,
            adopt,
            drift,
            destroy,
            approved,
            packages,
            ..
        } => {
            let act = match destroy {
                Some(again) if again == env => Act::Destroy,
                Some(again) => {
                    let what = format!("`{again}` is not `{env}`: nothing is taken away");
                    return Err(TaskError::Found(what));
                }
                None if plan => Act::Plan,
                None if adopt => Act::Adopt,
                None if drift => Act::Drift,
                None => Act::Apply {
                    approved: approved.filter(|hash| !hash.is_empty()),
                },
            };
            let mut environment = Root::named(root, &env)?;
            if let Some(packages) = packages {
                listing::read(&packages)?;
                environment = environment.with_packages(&root.join(packages));
            }
            environment.act(&act).map(|_| ())
        }
        Task::Rollout { env, packages } => rollout(root, &env, &packages),
        Task::Comment { env, pull_request } => {
            github::comment(&env, pull_request, &deploy::summary_of(root, &env))
        }
        Task::Release { target } => release::make(root, &target).map(|_| ()),
        Task::Upload { tag, folder } => release::upload(&tag, &folder),
        Task::Costs { check, page } => costs(root, check, page),
    }
}

fn step(root: &Path, name: &str) -> Result<(), TaskError> {
    let step = steps::STEPS.iter().find(|step| step.name == name);
    step.map_or(Ok(()), |step| (step.run)(root))
}

/// Holds `terraform/agents.json` against the agents, or writes it.
fn manifest(root: &Path, check: bool) -> Result<(), TaskError> {
    let said = read(
        Command::new("cargo")
            .args(["run", "--quiet", "--locked", "-p", "va", "--", "manifest"])
            .current_dir(root),
    )?;
    let path = root.join("terraform/agents.json");
    if !check {
        return fs::write(&path, said).map_err(file("terraform/agents.json cannot be written"));
    }
    let stands = fs::read_to_string(&path).map_err(file("terraform/agents.json cannot be read"))?;
    if stands == said {
        return Ok(());
    }
    let what = "terraform/agents.json is not what the agents say; `cargo xtask manifest` writes it";
    Err(TaskError::Found(what.to_owned()))
}

/// Writes a bill of materials beside each package.
fn bills(root: &Path, architecture: Architecture) -> Result<(), TaskError> {
    let folder = package::target(root)
        .join("package")
        .join(architecture.name());
    let names: BTreeSet<String> = listing::read(&folder)?.packages.into_keys().collect();
    for (name, bill) in sbom::bills(root, &names, architecture.target())? {
        let path = folder.join(format!("{name}.cdx.json"));
        let text = format!("{bill:#}\n");
        fs::write(&path, text).map_err(file(format!("{} cannot be written", path.display())))?;
    }
    println!("{} bills of materials in {}", names.len(), folder.display());
    Ok(())
}

/// The rollout is a program of its own, so that no other command builds a client of AWS.
fn rollout(root: &Path, env: &str, packages: &Path) -> Result<(), TaskError> {
    run(Command::new("cargo")
        .args([
            "run",
            "--quiet",
            "--release",
            "--locked",
            "-p",
            "va-rollout",
            "--",
        ])
        .args(["--env", env, "--packages"])
        .arg(packages)
        .current_dir(root))
}

/// What one goal costs is measured on the emulator.
fn costs(root: &Path, check: bool, page: bool) -> Result<(), TaskError> {
    let mut command = Command::new("cargo");
    command
        .args([
            "run",
            "--quiet",
            "--locked",
            "-p",
            "va-delivery",
            "--bin",
            "costs",
            "--",
        ])
        .current_dir(root);
    for (option, given) in [("--check", check), ("--page", page)] {
        if given {
            command.arg(option);
        }
    }
    run(&mut command)
}
