//! The commands and their options.

use std::{collections::BTreeSet, path::PathBuf};

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::package::Architecture;

/// The one entry point for people and CI.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub task: Task,
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// All set-up and all checks, as CI runs them
    Test,
    /// Step: the emulator of AWS, in .venv
    Setup,
    /// Step: the format of the sources
    Format,
    /// Step: links and commands in the pages
    Links,
    /// Step: the workflows before their linters
    Workflows,
    /// Step: clippy
    Lints,
    /// Step: everything that the tests run
    Build,
    /// Step: every test
    Tests,
    /// Step: every module and root of terraform/, and a scanner over all
    Terraform,
    /// Step: the main job, `va run examples/home-espresso`
    MainJob,
    /// The suite of the ports on every implementation
    Conformance,
    /// Writes terraform/agents.json anew from the agents
    Manifest {
        /// Only checks that it is what the agents say
        #[arg(long)]
        check: bool,
    },
    /// Builds the functions and packs them
    Package {
        /// For AWS, with the list of what was built; without it for this machine
        #[arg(long, value_enum, env = "VA_ARCHITECTURE")]
        architecture: Option<Architecture>,
        /// Builds twice, and compares
        #[arg(long)]
        check_reproducible: bool,
    },
    /// Writes a bill of materials beside each package
    Sbom {
        /// Of which architecture
        #[arg(long, value_enum, env = "VA_ARCHITECTURE", default_value = "arm64")]
        architecture: Architecture,
    },
    /// Checks that the packages were built by a workflow of this repository
    Provenance {
        /// The folder of packages
        #[arg(long, default_value = "target/package/arm64")]
        packages: PathBuf,
        /// OWNER/NAME
        #[arg(long, env = "GITHUB_REPOSITORY")]
        repository: String,
    },
    /// An environment by Terraform
    #[command(group = clap::ArgGroup::new("act").required(true))]
    Deploy {
        /// dev, prod, sandbox; bootstrap, management
        #[arg(long, env = "VA_ENV")]
        env: String,
        /// Says what would change
        #[arg(long, group = "act")]
        plan: bool,
        /// Makes it so
        #[arg(long, group = "act")]
        apply: bool,
        /// Makes it so, and takes over what stands already: after an apply that was killed
        #[arg(long, group = "act")]
        adopt: bool,
        /// Fails where anything would change
        #[arg(long, group = "act")]
        drift: bool,
        /// Takes everything away; say the environment's name again
        #[arg(long, group = "act", value_name = "ENV")]
        destroy: Option<String>,
        /// The folder of packages, for the first apply of an environment
        #[arg(long)]
        packages: Option<PathBuf>,
        /// With --apply: the hash of the plan that was approved
        #[arg(long, env = "VA_APPROVED_PLAN")]
        approved: Option<String>,
    },
    /// Moves the functions of an environment to new packages, or back
    Rollout {
        /// dev, prod, sandbox
        #[arg(long, env = "VA_ENV")]
        env: String,
        /// The folder of packages
        #[arg(long, default_value = "target/package/arm64")]
        packages: PathBuf,
    },
    /// Comments the plan of an environment on a pull request
    Comment {
        /// dev, prod, sandbox
        #[arg(long, env = "VA_ENV")]
        env: String,
        /// Its number
        #[arg(long, env = "VA_PULL_REQUEST")]
        pull_request: u64,
    },
    /// Builds `va` for a platform and packs it
    Release {
        /// As Rust names it
        #[arg(long, env = "VA_TARGET")]
        target: String,
    },
    /// Makes the release of a tag of what was packed
    Upload {
        /// The tag
        #[arg(long, env = "GITHUB_REF_NAME")]
        tag: String,
        /// The folder with the packages
        #[arg(long, default_value = "target/dist")]
        folder: PathBuf,
    },
    /// Measures what one goal costs on AWS, and writes docs/costs.md
    Costs {
        /// Only checks that docs/costs.md follows from what was measured and the prices
        #[arg(long, conflicts_with = "page")]
        check: bool,
        /// Writes the page from what was measured last, as when a price has changed
        #[arg(long)]
        page: bool,
    },
}

/// The names of all commands.
#[must_use]
pub fn commands() -> BTreeSet<String> {
    let cli = Cli::command();
    let named = cli
        .get_subcommands()
        .map(|command| command.get_name().to_owned());
    named.chain(["help".to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::steps::STEPS;

    #[test]
    fn every_step_is_a_command_of_its_own() {
        Cli::command().debug_assert();
        let commands = commands();
        for step in STEPS {
            assert!(commands.contains(step.name), "{}", step.name);
        }
    }

    #[test]
    fn an_environment_is_not_touched_without_saying_how() {
        for (words, sound) in [
            ("deploy --env dev", false),
            ("deploy --env dev --plan", true),
            ("deploy --env dev --plan --apply", false),
            ("deploy --env dev --destroy dev", true),
            ("deploy --env dev --destroy", false),
        ] {
            let line = ["xtask"].into_iter().chain(words.split(' '));
            assert_eq!(Cli::try_parse_from(line).is_ok(), sound, "{words}");
        }
    }
}
