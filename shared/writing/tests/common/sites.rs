//! The sites whose prose is measured: catalogues of seven niches, none of which the writer knows, and the
//! examples.

use std::path::Path;

use va_catalogue::Catalogue;
use va_domain::goal_spec::GoalSpec;

use super::{EXAMPLES, example, goal};

/// A fixture's file and what a goal says of its columns.
const NICHES: [(&str, &str); 7] = [
    (
        "tents",
        "weight_kg=lower water_column_mm=higher pitch_time_min=lower",
    ),
    (
        "headphones",
        "weight=lower battery_life=higher warranty=higher",
    ),
    (
        "bicycles",
        "weight_kg=lower gears=higher max_load_kg=higher",
    ),
    (
        "cameras",
        "weight=lower resolution=higher battery_shots=higher burst_rate_fps=higher",
    ),
    ("board-games", "max_players=higher"),
    (
        "subscriptions",
        "users=higher storage_gb=higher trial_days=higher",
    ),
    (
        "garden-tools",
        "weight=lower running_time=higher noise=lower",
    ),
];

fn niche(name: &str, better: &str, articles: u32) -> (GoalSpec, Catalogue) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/{name}.csv"));
    let csv = std::fs::read_to_string(file).expect("a fixture");
    let columns: String = better
        .split(' ')
        .filter_map(|hint| hint.split_once('='))
        .map(|(column, better)| format!("[catalogue.columns.{column}]\nbetter = \"{better}\"\n"))
        .collect();
    let (mut spec, catalogue) = goal(&csv, &columns);
    spec.limits.max_articles = articles;
    spec.site.name = format!("The {name} guide");
    (spec, catalogue)
}

/// All sites: the niches with twelve articles each, and the examples.
pub fn sites() -> Vec<(String, GoalSpec, Catalogue)> {
    let mut sites: Vec<_> = NICHES
        .iter()
        .map(|(name, better)| {
            let (spec, catalogue) = niche(name, better, 12);
            ((*name).to_owned(), spec, catalogue)
        })
        .collect();
    for name in EXAMPLES {
        let (spec, catalogue) = example(name);
        sites.push((name.to_owned(), spec, catalogue));
    }
    sites
}
