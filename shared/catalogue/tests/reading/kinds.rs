//! What the columns are.

use super::*;

#[test]
fn kinds_are_told_by_the_cells() {
    check(
        "seen",
        &["2026-11-03", "3 Nov 2026", "-"],
        "seen: Date -",
        &["2026-11-03", "2026-11-03", "missing"],
    );
    check(
        "link",
        &["https://a.example/x", "HTTP://b.example"],
        "link: Url -",
        &["Url", "Url"],
    );
    check(
        "app",
        &["yes", "No"],
        "app: Boolean -",
        &["Boolean(true)", "Boolean(false)"],
    );
    check(
        "app",
        &["1", "0"],
        "app: Boolean -",
        &["Boolean(true)", "Boolean(false)"],
    );
    check("boilers", &["1", "1"], "boilers: Number -", &["1", "1"]);
    check(
        "boilers",
        &["1", "2", "0"],
        "boilers: Number -",
        &["1", "2", "0"],
    );
    check(
        "plug",
        &["type A", "type B"],
        "plug: Category -",
        &["Category", "Category"],
    );
    check(
        "size (cm)",
        &["46 x 15 cm", "300 × 200 mm"],
        "size: Dimensions cm",
        &["46x15", "30x20"],
    );
    check(
        "sku",
        &["1001", "1002"],
        "sku: Category -",
        &["Category", "Category"],
    );
    check(
        "code",
        &["4006381333931", "4006381333948"],
        "code: Category -",
        &["Category", "Category"],
    );
    check(
        "zip",
        &["01234", "12345"],
        "zip: Category -",
        &["Category", "Category"],
    );
    let long = "x".repeat(41);
    check("text", &["short", &long], "text: Text -", &["Text", "Text"]);
}

#[test]
fn more_than_twelve_texts_are_categories_only_up_to_a_fifth_of_the_rows() {
    let cells = |rows: usize, different: usize| {
        (0..rows)
            .map(|n| format!("t{}", n % different))
            .collect::<Vec<_>>()
    };
    for (rows, different, kind) in [
        (20, 12, Kind::Category),
        (20, 13, Kind::Text),
        (70, 14, Kind::Category),
        (70, 15, Kind::Text),
    ] {
        let cells = cells(rows, different);
        let catalogue = column_of("x", &cells.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(catalogue.columns[1].kind, kind, "{different} in {rows}");
    }
}

#[test]
fn what_says_nothing_is_missing() {
    let cells = ["5", "", "-", "n/a", "N/A", "?", "unknown", "NULL", "6"];
    let catalogue = column_of("x", &cells);
    assert_eq!((catalogue.columns[1].stated, catalogue.rows.len()), (2, 9));
}

#[test]
fn a_column_with_gaps_keeps_its_kind() {
    let cells: Vec<String> = (0..10)
        .map(|n| {
            if n < 6 {
                String::new()
            } else {
                format!("{n} kg")
            }
        })
        .collect();
    let catalogue = column_of(
        "weight",
        &cells.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    assert_eq!(columns(&catalogue)[1], "weight: Number kg");
    let inspection = Inspection::of(&catalogue);
    assert!((inspection.columns[1].coverage - 0.4).abs() < 1e-9);
    check(
        "weight_kg",
        &["", "-"],
        "weight_kg: Text -",
        &["missing", "missing"],
    );
}
