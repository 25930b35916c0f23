//! The one entry point for people and CI: `cargo xtask test` does all set-up and runs all tests.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::Instant,
};

/// A step: its name, and the command that it is.
struct Step {
    name: &'static str,
    command: &'static [&'static str],
}

const STEPS: &[Step] = &[
    Step {
        name: "format",
        command: &["cargo", "fmt", "--all", "--check"],
    },
    Step {
        name: "lints",
        command: &[
            "cargo",
            "clippy",
            "--workspace",
            "--all-targets",
            "--features",
            "va/aws",
            "--locked",
            "--",
            "-D",
            "warnings",
        ],
    },
    // What the tests on the emulator deploy, `va` with its home on AWS, and the tests, all with one set of features.
    Step {
        name: "build",
        command: &[
            "cargo",
            "build",
            "--workspace",
            "--all-targets",
            "--features",
            "va/aws",
            "--locked",
        ],
    },
    Step {
        name: "tests",
        // With the home on AWS, as the step before has built it: the emulator's tests run that very `va`.
        command: &[
            "cargo",
            "test",
            "--workspace",
            "--features",
            "va/aws",
            "--locked",
            "--no-fail-fast",
        ],
    },
    Step {
        name: "main job",
        command: &[
            "cargo",
            "run",
            "--release",
            "--locked",
            "--",
            "run",
            "examples/home-espresso",
            "--home",
            "target/xtask-home",
        ],
    },
];

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(PathBuf::new, Path::to_path_buf);
    if let Err(e) = env::set_current_dir(&root) {
        eprintln!("{} cannot be entered: {e}", root.display());
        return ExitCode::from(2);
    }
    match env::args().nth(1).as_deref() {
        Some("test") => test(),
        Some("setup") => outcome(setup()),
        Some("package") => outcome(package()),
        Some("conformance") => outcome(setup() && conformance()),
        Some(name) => match STEPS.iter().find(|s| s.name == name) {
            Some(step) => outcome(run(step.command)),
            None => usage(),
        },
        None => usage(),
    }
}

fn usage() -> ExitCode {
    let names: Vec<&str> = STEPS.iter().map(|s| s.name).collect();
    eprintln!(
        "cargo xtask test | setup | package | conformance | one of: {}",
        names.join(", ")
    );
    ExitCode::from(2)
}

fn outcome(ok: bool) -> ExitCode {
    if ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// All set-up and all tests; every step runs, and one that fails fails the whole.
fn test() -> ExitCode {
    // The main job founds a company; a leftover one would only show what is finished.
    if let Err(e) = std::fs::remove_dir_all("target/xtask-home")
        && e.kind() != std::io::ErrorKind::NotFound
    {
        eprintln!("target/xtask-home cannot be removed: {e}");
        return ExitCode::FAILURE;
    }
    let mut results = vec![timed("setup", setup)];
    for step in STEPS {
        results.push(timed(step.name, || run(step.command)));
    }
    println!();
    for (name, ok, seconds) in &results {
        println!(
            "{name:<12} {:<7} {seconds:>6.0} s",
            if *ok { "passed" } else { "FAILED" }
        );
    }
    let passed = results.iter().filter(|(_, ok, _)| *ok).count();
    println!("steps: {passed} passed, {} failed", results.len() - passed);
    outcome(passed == results.len())
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a step took is only shown"
)]
fn timed(name: &'static str, step: impl FnOnce() -> bool) -> (&'static str, bool, f64) {
    println!("== {name}");
    let begun = Instant::now();
    let ok = step();
    (name, ok, begun.elapsed().as_secs_f64())
}

/// Builds the functions as they are deployed and packs them; a package that has grown too large fails.
fn package() -> bool {
    if !run(&[
        "cargo",
        "build",
        "--profile",
        "function",
        "--locked",
        "-p",
        "va-fn-*",
    ]) {
        return false;
    }
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    match xtask::package::functions(&target.join("function"), &target.join("package")) {
        Ok(packages) => {
            for made in &packages {
                let verdict = if made.bytes > made.limit {
                    "TOO LARGE"
                } else {
                    ""
                };
                println!(
                    "{:>9} of {} bytes  {} {verdict}",
                    made.bytes,
                    made.limit,
                    made.file.display()
                );
            }
            packages.iter().all(|made| made.bytes <= made.limit)
        }
        Err(e) => {
            eprintln!("the functions cannot be packed: {e}");
            false
        }
    }
}

/// The emulator of AWS, in a virtual environment of the project.
fn setup() -> bool {
    let ministack = Path::new(".venv/bin/ministack");
    if ministack.is_file() {
        return true;
    }
    run(&["python3", "-m", "venv", ".venv"])
        && run(&[
            ".venv/bin/pip",
            "install",
            "--quiet",
            "ministack[full]==1.5.33",
        ])
}

/// The suite of the ports on every implementation: SQLite, memory, and DynamoDB.
fn conformance() -> bool {
    run(&[
        "cargo",
        "test",
        "--locked",
        "--package",
        "va-embedded",
        "--test",
        "ports",
        "--package",
        "va-emulator",
        "--test",
        "conformance",
    ])
}

fn run(command: &[&str]) -> bool {
    let [program, args @ ..] = command else {
        return false;
    };
    match Command::new(program).args(args).status() {
        Ok(status) => status.success(),
        Err(e) => {
            eprintln!("{program} cannot be started: {e}");
            false
        }
    }
}
