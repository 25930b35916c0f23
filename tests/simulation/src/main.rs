//! Runs seeds and prints what breaks.

use std::process::ExitCode;

use clap::Parser;
use va_simulation::{Defect, Options, run_all};

/// The company on a virtual clock, under faults.
#[derive(Debug, Parser)]
struct Flags {
    /// How many seeds to run.
    #[arg(long, default_value_t = 200)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// One seed alone.
    #[arg(long)]
    seed: Option<u64>,
    /// A defect that is planted, to see that it is found.
    #[arg(long)]
    defect: Option<Defect>,
    /// Everything that happened.
    #[arg(long)]
    verbose: bool,
}

fn main() -> ExitCode {
    let flags = Flags::parse();
    let seeds = match flags.seed {
        Some(seed) => seed..=seed,
        None => flags.from..=flags.from.saturating_add(flags.seeds.saturating_sub(1)),
    };
    let options = Options {
        verbose: flags.verbose,
        defect: flags.defect,
    };
    let (mut failures, mut commits) = (0, 0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    for outcome in run_all(seeds, &options, threads) {
        commits += outcome.commits;
        for line in &outcome.log {
            println!("{line}");
        }
        if flags.verbose || flags.seed.is_some() {
            println!(
                "seed {}: {} after {} steps, {} commits, {} conflicts, {} calls",
                outcome.seed,
                outcome.end,
                outcome.steps,
                outcome.commits,
                outcome.conflicts,
                outcome.calls
            );
        }
        if let Some(failure) = outcome.failure {
            println!("{failure}");
            failures += 1;
        }
    }
    println!("{failures} failures, {commits} commits");
    if failures == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
