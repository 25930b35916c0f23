//! `cargo xtask costs`: measures a goal and writes `docs/costs.md`; with `--page` writes it from what was measured last,
//! with `--check` holds it against that.

use std::{fs, path::PathBuf, process::ExitCode};

use va_delivery::costs::{
    CostsError, LIMIT, estimate, measure, measured, page::page, prices::Prices,
};

#[tokio::main]
async fn main() -> ExitCode {
    let given = |option: &str| std::env::args().any(|arg| arg == option);
    match run(given("--check"), given("--page")).await {
        Ok(cost) => {
            println!("a goal costs USD {cost:.6} without model tokens");
            ExitCode::SUCCESS
        }
        Err(e) => {
            eprintln!("{}", xtask::error::chain(&e));
            ExitCode::FAILURE
        }
    }
}

async fn run(check: bool, anew: bool) -> Result<f64, CostsError> {
    let prices = Prices::new()?;
    let measured = if check || anew {
        measured()?
    } else {
        measure::measure(&binaries()).await?
    };
    let cost = estimate::goal(&measured, &prices).total();
    let text = page(&measured, &prices);
    let path = xtask::root().join("docs/costs.md");
    if check {
        let stands =
            fs::read_to_string(&path).map_err(|source| CostsError::File { path, source })?;
        return if stands == text {
            within(cost)
        } else {
            Err(CostsError::Stale)
        };
    }
    let kept = xtask::root().join("tests/delivery/measured.json");
    let json = serde_json::to_string_pretty(&measured).map_err(|e| CostsError::Document {
        what: "what was measured".to_owned(),
        why: e.to_string(),
    })?;
    for (path, text) in [(kept, json + "\n"), (path, text)] {
        fs::write(&path, text).map_err(|source| CostsError::File { path, source })?;
    }
    within(cost)
}

fn within(cost: f64) -> Result<f64, CostsError> {
    if cost > LIMIT {
        return Err(CostsError::TooDear(cost));
    }
    Ok(cost)
}

/// Where the functions lie: `VA_BINARIES`, else beside this program.
fn binaries() -> PathBuf {
    std::env::var_os("VA_BINARIES").map_or_else(
        || {
            let own = std::env::current_exe().unwrap_or_default();
            own.parent().map(PathBuf::from).unwrap_or_default()
        },
        PathBuf::from,
    )
}
