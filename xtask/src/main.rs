//! The one entry point for people and CI: `cargo xtask test` does all set-up and runs all tests.

use std::process::ExitCode;

use clap::Parser as _;
use xtask::{cli::Cli, commands, error, root};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let root = root();
    // Paths that the commands are given are those of the repository, wherever it is entered.
    if let Err(e) = std::env::set_current_dir(&root) {
        eprintln!("{} cannot be entered: {e}", root.display());
        return ExitCode::FAILURE;
    }
    match commands::execute(&root, cli.task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{}", error::chain(&e));
            ExitCode::FAILURE
        }
    }
}
