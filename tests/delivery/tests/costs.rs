//! A goal costs what the page says, and no more than it may.

use va_delivery::costs::{LIMIT, estimate, measured, page::page, prices::Prices};

#[test]
fn the_page_is_what_follows_from_what_was_measured_and_the_prices() {
    let (measured, prices) = (
        measured().expect("measured"),
        Prices::new().expect("prices"),
    );
    let stands = std::fs::read_to_string(xtask::root().join("docs/costs.md")).expect("the page");
    assert_eq!(
        stands,
        page(&measured, &prices),
        "`cargo xtask costs` writes it anew"
    );
}

#[test]
fn a_goal_and_an_idle_month_stay_below_their_limits() {
    let (measured, prices) = (
        measured().expect("measured"),
        Prices::new().expect("prices"),
    );
    let goal = estimate::goal(&measured, &prices).total();
    assert!(goal > 0.0 && goal <= LIMIT, "a goal costs USD {goal}");
    let month = estimate::charged(&estimate::idle(&measured, &prices), &prices).total()
        + estimate::standing(&measured, &prices)
            .iter()
            .map(|stands| stands.3)
            .sum::<f64>();
    assert!(
        month > 0.0 && month < 5.0,
        "a month of dev without a goal is charged USD {month}"
    );
}

#[test]
fn every_function_of_the_manifest_was_measured() {
    let text =
        std::fs::read_to_string(xtask::root().join("terraform/agents.json")).expect("the manifest");
    let functions = text.matches("\"binary\"").count();
    assert_eq!(
        measured().expect("measured").memory_mb.len(),
        functions,
        "`cargo xtask costs` measures anew"
    );
}
