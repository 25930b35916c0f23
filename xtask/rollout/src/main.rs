//! `cargo xtask rollout`: the functions of an environment, moved to the packages of a folder.

use std::{path::PathBuf, process::ExitCode};

use aws_config::BehaviorVersion;
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};
use clap::Parser;
use va_rollout::{Clients, Release, Report, RolloutError, roll_out};

/// Moves the functions of an environment to new packages, and back where they fail.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask rollout")]
struct Args {
    /// dev, prod, sandbox
    #[arg(long, env = "VA_ENV")]
    env: String,
    /// The folder of packages
    #[arg(long)]
    packages: PathBuf,
    /// The bucket of packages, where it has another name than the environment's own
    #[arg(long, env = "VA_ARTIFACT_BUCKET")]
    bucket: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Args::parse()).await {
        Ok(report) => {
            let text = told(&report);
            println!("{text}");
            if let Err(e) = xtask::github::summary(&text) {
                eprintln!("{e}");
            }
            ExitCode::SUCCESS
        }
        Err(e) => {
            eprintln!("{}", xtask::error::chain(&e));
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<Report, RolloutError> {
    let bucket = args
        .bucket
        .unwrap_or_else(|| format!("va-{}-artifact-bucket", args.env));
    let manifest = xtask::root().join("terraform/agents.json");
    let release = Release::read(&manifest, &args.packages, &args.env, bucket)?;
    let http = Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https();
    let sdk = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .load()
        .await;
    let clients = Clients {
        lambda: aws_sdk_lambda::Client::new(&sdk),
        s3: aws_sdk_s3::Client::new(&sdk),
    };
    roll_out(&clients, &release).await
}

/// What was done, as Markdown.
fn told(report: &Report) -> String {
    let mut text = format!(
        "{} functions moved, {} stood already\n",
        report.moved.len(),
        report.stood.len()
    );
    if !report.moved.is_empty() {
        text += "\n| function | from | to |\n| --- | --- | --- |\n";
    }
    for moved in &report.moved {
        text += &format!("| {} | {} | {} |\n", moved.function, moved.from, moved.to);
    }
    text
}
