//! What cells say in figures: units, signs, mixtures.

use super::*;

#[test]
fn a_german_table_reads_like_any_other() {
    let catalogue = csv(
        "\u{feff}Bezeichnung;Preis (€);Gewicht [kg];Tank;Maße (cm);Mühle;Stand\r\n\
         Älpler;1.234,50;4,5;1,5 l;30 x 12,5 x 8;ja;03.11.2026\r\n\
         Bönn;219,-;3;900 ml;28 x 11 x 9;nein;04.11.2026\r\n\
         Čapek;99,90;2,25;2 Liter;-;ja;05.11.2026\r\n",
    );
    assert_eq!(
        columns(&catalogue),
        [
            "bezeichnung: Name -",
            "preis: Number EUR",
            "gewicht: Number kg",
            "tank: Number l",
            "masse: Dimensions cm",
            "muehle: Boolean -",
            "stand: Date -"
        ]
    );
    assert_eq!(values(&catalogue, "preis"), ["1234.50", "219", "99.90"]);
    assert_eq!(values(&catalogue, "tank"), ["1.5", "0.9", "2"]);
    assert_eq!(
        values(&catalogue, "Maße (cm)"),
        ["30x12.5x8", "28x11x9", "missing"]
    );
    assert_eq!(
        values(&catalogue, "stand"),
        ["2026-11-03", "2026-11-04", "2026-11-05"]
    );
    assert_eq!(catalogue.columns[1].better, Better::Lower);
    assert_eq!(catalogue.columns[2].better, Better::None);
    assert_eq!(catalogue.price_column(), Some(1));
}

#[test]
fn mixed_units_become_the_commonest() {
    check(
        "weight",
        &["1.5 kg", "900 g", "2 kg", "3.4 lb"],
        "weight: Number kg",
        &["1.5", "0.9", "2", "1.54"],
    );
    check(
        "weight_kg",
        &["1.5", "900 g", "2"],
        "weight: Number kg",
        &["1.5", "0.9", "2"],
    );
    check(
        "pressure",
        &["15 bar", "220 psi", "9 bar"],
        "pressure: Number bar",
        &["15", "15.2", "9"],
    );
    check(
        "runtime",
        &["90 min", "1 h 30 min", "45 min", "2 h"],
        "runtime: Number min",
        &["90", "90", "45", "120"],
    );
}

#[test]
fn amounts_of_two_dimensions_or_currencies_are_no_numbers() {
    check(
        "x",
        &["1 kg", "2 l", "3 kg"],
        "x: Category -",
        &["Category"; 3],
    );
    check(
        "price",
        &["€ 5", "$ 6", "€ 7"],
        "price: Category -",
        &["Category"; 3],
    );
    check(
        "weight",
        &["1.5 kg", "900", "2 kg"],
        "weight: Category -",
        &["Category"; 3],
    );
    check(
        "price",
        &["€ 5", "6", "€ 7"],
        "price: Number EUR",
        &["5", "6", "7"],
    );
}

#[test]
fn one_cell_in_ten_may_be_out_of_pattern() {
    let cells = [
        "1 kg", "2 kg", "3 kg", "4 kg", "5 kg", "6 kg", "7 kg", "8 kg", "9 kg", "heavy",
    ];
    let catalogue = column_of("weight", &cells);
    assert_eq!(columns(&catalogue)[1], "weight: Number kg");
    let odd = &catalogue.rows[9].cells[1];
    assert_eq!((odd.is_missing(), odd.raw.as_ref()), (true, "heavy"));
    assert_eq!(
        (catalogue.columns[1].stated, catalogue.columns[1].distinct),
        (9, 9)
    );
    check(
        "weight",
        &["1 kg", "2 kg", "heavy"],
        "weight: Category -",
        &["Category"; 3],
    );
}

#[test]
fn units_that_nobody_knows_count_where_they_are_the_same_throughout() {
    check(
        "modes",
        &["12 programmes", "1 programme", "3 programmes"],
        "modes: Number programmes",
        &["12", "1", "3"],
    );
    check(
        "capacity",
        &["12 Programme", "8 mugs"],
        "capacity: Category -",
        &["Category"; 2],
    );
    check(
        "Noise (sone)",
        &["1.2", "3"],
        "noise: Number sone",
        &["1.2", "3"],
    );
}

#[test]
fn each_column_decides_its_decimal_sign() {
    check(
        "a",
        &["1.234,50", "2.000"],
        "a: Number -",
        &["1234.50", "2000"],
    );
    check(
        "a",
        &["1,234.50", "2,000"],
        "a: Number -",
        &["1234.50", "2000"],
    );
    check("a", &["1.234", "2.345"], "a: Number -", &["1.234", "2.345"]);
    // Another column of the file needs the comma.
    let catalogue = csv("name;a;b\nx;1.234;1,5\ny;2.345;2,5\n");
    assert_eq!(values(&catalogue, "a"), ["1234", "2345"]);
}
