//! How long planning and writing take for long tables: `cargo bench -p va-writing --bench writing`.
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::time::Instant;

use common::{TODAY, goal, plan};
use va_writing::{link::enrich, offline_answer, prompt, site};

fn main() {
    for rows in [5_000, 100_000] {
        let mut csv = "Name,Price (EUR),Weight (kg),Power (W),Colour,Folds,Tank (l)\n".to_owned();
        for n in 0..rows {
            let colour = ["red", "blue", "green"][n % 3];
            let folds = ["yes", "no"][n % 2];
            csv.push_str(&format!(
                "Model M{n} X,{}.5,{}.{},{},{colour},{folds},{}\n",
                20 + n * 7919 % 4_000,
                n * 31 % 20 + 1,
                n % 10,
                n * 13 % 2_000 + 10,
                n * 17 % 30 + 1
            ));
        }
        let better = "[catalogue.columns.weight]\nbetter = \"lower\"\n[catalogue.columns.tank]\nbetter = \"higher\"\n";
        let (spec, catalogue) = goal(&csv, better);
        let started = Instant::now();
        let topics = plan(&spec, &catalogue);
        println!(
            "{rows} rows: {} pages planned in {:?}",
            topics.requests.len(),
            started.elapsed()
        );
        let started = Instant::now();
        let conversations: Vec<_> = topics
            .requests
            .iter()
            .map(|r| prompt::messages(r, None))
            .collect();
        println!("prompts in {:?}", started.elapsed());
        let started = Instant::now();
        let drafts: Vec<String> = conversations
            .iter()
            .map(|m| offline_answer(m).expect("a request"))
            .collect();
        println!("drafts in {:?}", started.elapsed());
        let started = Instant::now();
        let pages: Vec<site::SitePage> = topics
            .requests
            .iter()
            .zip(&drafts)
            .map(|(r, d)| site::SitePage {
                request: r.clone().into(),
                markdown: enrich(d, r, &catalogue, &spec.revenue).markdown,
            })
            .collect();
        println!("links in {:?}", started.elapsed());
        let started = Instant::now();
        let files = site::build(&pages, &spec, None, TODAY);
        println!("{} files in {:?}", files.len(), started.elapsed());
    }
}
