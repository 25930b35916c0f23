//! Claims recomputed: every operation, by hand.

mod common;

use common::{catalogue, claim, filtered};
use va_domain::content::{Claim, ClaimOp, ClaimOp::*, FilterTest};
use va_review::recompute;

fn kettles() -> va_catalogue::Catalogue {
    catalogue(
        &[
            "name|Name|name||none",
            "price|Price|number|EUR|lower",
            "volume|Volume|number|l|higher",
            "power|Power|number|W|none",
            "timer|Timer|yes||none",
            "colour|Colour|category||none",
            "checked|Checked|date||none",
            "size|Size|dimensions|cm|none",
        ],
        &[
            "A|20|1.5|2000|yes|red|2026-01-03|20 x 10",
            "B|30|1.7|2400|no|blue|2026-02-03|21.50 x 10",
            "C|30|1|2000||red|2025-12-31|",
            "D|45.5|0.3||yes|red||18 x 9",
        ],
    )
}

fn check(claim: &Claim, expected: &str) {
    assert_eq!(
        recompute(claim, &kettles()).as_deref(),
        Ok(expected),
        "{claim:?}"
    );
}

fn of(op: ClaimOp, column: &str, rows: &[&str]) -> Claim {
    claim("c1", op, column, rows, "", "")
}

#[test]
fn values_are_what_the_cells_mean() {
    check(&of(Value, "price", &["D"]), "45.5");
    check(&of(Value, "colour", &["A"]), "red");
    check(&of(Value, "timer", &["B"]), "no");
    check(&of(Value, "checked", &["A"]), "2026-01-03");
    check(&of(Value, "size", &["B"]), "21.5 x 10");
}

#[test]
fn differences_are_exact_and_ratios_have_two_decimals() {
    check(&of(Diff, "volume", &["D", "A"]), "-1.2");
    check(&of(Diff, "price", &["D", "A"]), "25.5");
    check(&of(Ratio, "price", &["D", "B"]), "1.52");
    check(&of(Ratio, "volume", &["A", "D"]), "5");
    check(&of(Ratio, "price", &["A", "B"]), "0.67");
}

#[test]
fn halves_are_rounded_away_from_zero() {
    // 1.7 / 1.6 = 1.0625 and 45.5 / 20 = 2.275
    check(&of(Ratio, "price", &["D", "A"]), "2.28");
    check(
        &filtered(of(Share, "", &[]), "power", FilterTest::Gt, "2000"),
        "33",
    );
    check(
        &filtered(of(Share, "", &[]), "colour", FilterTest::Eq, "red"),
        "75",
    );
}

#[test]
fn counts_look_at_the_filter_and_at_what_is_stated() {
    check(&of(Count, "", &[]), "4");
    check(&of(Count, "power", &[]), "3");
    check(
        &filtered(of(Count, "", &[]), "price", FilterTest::Le, "30"),
        "3",
    );
    check(
        &filtered(of(Count, "power", &[]), "timer", FilterTest::Eq, "true"),
        "1",
    );
    let both = filtered(
        filtered(of(Count, "", &[]), "price", FilterTest::Ge, "30"),
        "colour",
        FilterTest::Eq,
        "red",
    );
    check(&both, "2");
    check(
        &filtered(of(Count, "", &[]), "checked", FilterTest::Lt, "2026-01-01"),
        "1",
    );
}

#[test]
fn extremes_medians_and_ranks() {
    check(&of(Min, "volume", &["D"]), "0.3");
    check(&of(Max, "price", &["D"]), "45.5");
    check(
        &filtered(of(Min, "price", &[]), "volume", FilterTest::Gt, "1.5"),
        "30",
    );
    check(&of(Max, "checked", &["B"]), "2026-02-03");
    check(&of(Median, "price", &[]), "30");
    check(&of(Median, "volume", &[]), "1.25");
    check(
        &filtered(of(Median, "price", &[]), "price", FilterTest::Gt, "20"),
        "30",
    );
    check(&of(Rank, "price", &["B"]), "2");
    check(&of(Rank, "price", &["C"]), "2");
    check(&of(Rank, "price", &["D"]), "4");
    check(&of(Rank, "volume", &["B"]), "1");
    check(&of(Rank, "power", &["B"]), "3");
    check(
        &filtered(of(Rank, "volume", &["C"]), "colour", FilterTest::Eq, "red"),
        "2",
    );
}

#[test]
fn dominance_needs_every_judged_column_and_one_win() {
    check(&of(Dominates, "", &["A", "C"]), "yes");
    check(&of(Dominates, "", &["C", "A"]), "no");
    check(&of(Dominates, "", &["A", "B"]), "no");
    check(&of(Dominates, "", &["A", "A"]), "no");
}

#[test]
fn gaps_are_counted_or_stated_of_one() {
    check(&of(Missing, "timer", &[]), "1");
    check(&of(Missing, "timer", &["C"]), "yes");
    check(&of(Missing, "timer", &["A"]), "no");
}

#[test]
fn correlation_has_two_decimals_over_the_rows_that_state_both() {
    // Deviations 0.1, 0.3, -0.4 and -133, 267, -133: 120 / sqrt(0.26 x 106,667) = 0.7206.
    check(&of(Correlation, "volume~power", &[]), "0.72");
}

#[test]
fn what_cannot_be_computed_is_refused() {
    for claim in [
        of(Value, "weight", &["A"]),
        of(Value, "price", &["E"]),
        of(Value, "price", &[]),
        of(Value, "power", &["D"]),
        of(Diff, "price", &["A"]),
        of(Ratio, "colour", &["A", "B"]),
        of(Correlation, "price", &[]),
        filtered(of(Count, "", &[]), "price", FilterTest::Eq, "cheap"),
        filtered(of(Median, "price", &[]), "price", FilterTest::Gt, "100"),
    ] {
        let refused = recompute(&claim, &kettles());
        assert_eq!(
            refused.map_err(|f| f.code),
            Err("claim_invalid".to_owned()),
            "{claim:?}"
        );
    }
}
