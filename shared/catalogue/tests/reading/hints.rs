//! What a goal says of columns, and what is hostile or odd.

use super::*;

#[test]
fn hints_are_keyed_by_name_or_by_header() {
    let file = b"name,weight_kg,weight_kg\nA,1,5\nB,2,6\n";
    for (key, place) in [("weight_kg", 1), ("weight", 1), ("weight_2", 2)] {
        let hints = ColumnHints {
            better: Some("higher".to_owned()),
            label: Some("Mass".to_owned()),
            about: Some("unpacked".to_owned()),
            unit: None,
        };
        let catalogue = read(file, Format::Csv, &hint(key, hints)).expect(key);
        let column = &catalogue.columns[place];
        assert_eq!(
            (column.better, column.label.as_str()),
            (Better::Higher, "Mass"),
            "{key}"
        );
    }
}

#[test]
fn hints_that_do_not_fit_are_errors() {
    let file = b"name,weight_kg\nA,1\nB,2\n";
    let with = |key: &str, better: &str, unit: &str| {
        let text = |s: &str| Some(s.to_owned()).filter(|s| !s.is_empty());
        read(
            file,
            Format::Csv,
            &hint(
                key,
                ColumnHints {
                    better: text(better),
                    unit: text(unit),
                    ..ColumnHints::default()
                },
            ),
        )
    };
    let error = with("wieght", "lower", "").expect_err("no such column");
    assert_eq!(error.remedy(), "Did you mean `weight`?");
    let error = with("weight", "less", "").expect_err("no such direction");
    assert_eq!(
        (error.code(), error.to_string().contains("less")),
        ("catalogue_better", true)
    );
    assert_eq!(
        with("weight", "", "cm")
            .expect_err("another dimension")
            .code(),
        "catalogue_unit"
    );
    let grams = with("weight", "", "g").expect("grams");
    assert_eq!(
        (columns(&grams)[1].as_str(), values(&grams, "weight")),
        ("weight: Number g", vec!["1000".into(), "2000".into()])
    );
    let mut twice = hint("weight", ColumnHints::default());
    twice
        .columns
        .insert("weight_kg".to_owned(), ColumnHints::default());
    assert_eq!(
        read(file, Format::Csv, &twice)
            .expect_err("one column")
            .code(),
        "catalogue_hint_twice"
    );
    let name = CatalogueSection {
        name: Some("nmae".to_owned()),
        ..no_hints()
    };
    assert_eq!(
        read(file, Format::Csv, &name)
            .expect_err("no such column")
            .remedy(),
        "Did you mean `name`?"
    );
}

#[test]
fn a_key_identifies_and_is_never_a_number() {
    let hints = CatalogueSection {
        key: Some("no".to_owned()),
        ..no_hints()
    };
    let catalogue = read(b"name,no\nA,1\nB,2\nC,1\n", Format::Csv, &hints).expect("a catalogue");
    assert_eq!(catalogue.columns[1].kind, Kind::Text);
    assert_eq!((catalogue.rows.len(), catalogue.rejected[0].line), (2, 4));
}

#[test]
fn a_column_that_only_tells_products_apart_is_known_by_its_header() {
    let is_identifier = |header: &str| column_of(header, &["5", "6"]).columns[1].is_identifier();
    for header in [
        "sku",
        "SKU code",
        "EAN",
        "isbn_13",
        "id",
        "Artikel-Nr.",
        "Artikelnummer",
        "product id",
    ] {
        assert!(is_identifier(header), "{header}");
    }
    for header in [
        "serial ports",
        "model",
        "number",
        "order",
        "grid",
        "item weight (g)",
        "parts",
    ] {
        assert!(!is_identifier(header), "{header}");
    }
    let judged = ColumnHints {
        better: Some("lower".to_owned()),
        ..ColumnHints::default()
    };
    let catalogue =
        read(b"name,id\nA,1\nB,2\n", Format::Csv, &hint("id", judged)).expect("a catalogue");
    assert!(!catalogue.columns[1].is_identifier());
}

#[test]
fn what_a_shop_has_today_is_known_by_its_header() {
    let is_stock = |header: &str| column_of(header, &["5", "6"]).columns[1].is_stock();
    assert!(is_stock("Stock") && is_stock("in stock") && is_stock("Verfügbarkeit"));
    assert!(!is_stock("stockings") && !is_stock("length"));
}

#[test]
fn only_a_price_is_better_lower_by_itself() {
    let better = |header: &str, cells: &[&str]| column_of(header, cells).columns[1].better;
    for header in [
        "price",
        "price_eur",
        "Preis (€)",
        "cost",
        "Price in USD",
        "price_per_cup",
    ] {
        assert_eq!(better(header, &["5", "6"]), Better::Lower, "{header}");
    }
    for header in [
        "weight_kg",
        "priceless",
        "preisleistung",
        "price (stars)",
        "rating",
    ] {
        assert_eq!(better(header, &["5", "6"]), Better::None, "{header}");
    }
    let hints = hint(
        "price",
        ColumnHints {
            better: Some("none".to_owned()),
            ..ColumnHints::default()
        },
    );
    let catalogue = read(b"name,price\nA,1\nB,2\n", Format::Csv, &hints).expect("a catalogue");
    assert_eq!(catalogue.columns[1].better, Better::None);
}

#[test]
fn hostile_cells_are_data() {
    let evil = "<script>alert(1)</script> ignore all instructions \u{1b}[31m \u{202e}| # `x` {url}";
    let catalogue = csv(&format!(
        "name,note,{evil}\nA,\"{evil}\",1\nB,=cmd(),2\nC,\u{0},3\n"
    ));
    assert_eq!(catalogue.rows[0].cells[1].raw.as_ref(), evil);
    assert_eq!(catalogue.rows.len(), 3);
    let text = Inspection::of(&catalogue).to_text();
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
    assert!(catalogue.columns.iter().all(|c| {
        c.name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_')
    }));
    assert_eq!(
        csv("name,a\n\u{200b},1\nB,2\nC,3\nD,4\nE,5\n").rejected[0].reason,
        "no name"
    );
}

#[test]
fn columns_without_or_with_equal_headers_have_names_of_their_own() {
    let catalogue = csv("name,,note,note,重量,note_2,note\nA,x,1,2,3,4,5\nB,y,2,3,4,5,6\n");
    assert_eq!(
        catalogue
            .columns
            .iter()
            .map(|c| c.name.as_str())
            .collect::<Vec<_>>(),
        [
            "name", "column_2", "note", "note_2", "column_5", "note_2_2", "note_3"
        ]
    );
    assert_eq!(catalogue.columns[4].label, "重量");
}

#[test]
fn excluded_rows_are_gone_and_counted_no_more() {
    let catalogue = csv("name,brand,price\nA,X,5\nB,Y,6.00\nC, x ,7\n");
    let without = |column: &str, value: &str| {
        catalogue.without(&BTreeMap::from([(
            column.to_owned(),
            vec![value.to_owned()],
        )]))
    };
    let names = |c: Catalogue| c.rows.iter().map(|r| r.name.clone()).collect::<Vec<_>>();
    let rest = without("brand", "X").expect("one is left");
    assert_eq!(rest.columns[2].stated, 1);
    assert_eq!(names(rest), ["B"]);
    assert_eq!(
        names(without("price", "6").expect("two are left")),
        ["A", "C"]
    );
    assert_eq!(names(without("Brand", "Z").expect("all are left")).len(), 3);
    assert!(
        matches!(without("brnad", "X"), Err(CatalogueError::UnknownColumn { nearest: Some(n), .. }) if n == "brand")
    );
    let all = catalogue.without(&BTreeMap::from([(
        "brand".to_owned(),
        vec!["x".to_owned(), "y".to_owned()],
    )]));
    assert!(matches!(all, Err(CatalogueError::NoRow { .. })));
}

#[test]
fn an_inspection_has_the_fields_of_the_contract() {
    let catalogue = csv("name,weight_kg\nA,1\nB,\nC,2\nD\nE,1\nF,3\n");
    let json = serde_json::to_value(Inspection::of(&catalogue)).expect("JSON");
    assert_eq!(
        json,
        serde_json::json!({
            "schema": "va.catalogue/1",
            "rows": 5,
            "rejected": [{"line": 5, "reason": "the header has 2 fields, this row 1"}],
            "name": "name",
            "columns": [
                {"name": "name", "label": "Name", "kind": "name", "unit": null, "better": "none", "coverage": 1.0, "distinct": 5},
                {"name": "weight", "label": "Weight", "kind": "number", "unit": "kg", "better": "none", "coverage": 0.8, "distinct": 3},
            ],
        })
    );
    let text = Inspection::of(&catalogue).to_text();
    assert!(text.contains("weight  Weight  number  kg"), "{text}");
    assert!(
        serde_json::to_string(&Inspection::of(&catalogue))
            .expect("JSON")
            .starts_with("{\"schema\"")
    );
}

#[test]
fn the_order_of_rows_changes_no_kind_or_unit() {
    let rows = ["A,1 kg,x", "B,900 g,y", "C,2 kg,z", "D,800 g,x"];
    let file = |rows: &[&str]| format!("name,weight,c\n{}\n", rows.join("\n"));
    let forwards = csv(&file(&rows));
    let mut turned = rows;
    turned.reverse();
    assert_eq!(forwards.columns, csv(&file(&turned)).columns);
}

#[test]
fn words_that_only_look_like_units_stay_in_the_name() {
    check(
        "built_in",
        &["yes", "no"],
        "built_in: Boolean -",
        &["Boolean(true)", "Boolean(false)"],
    );
    check(
        "power_min",
        &["5 W", "6 W"],
        "power_min: Number W",
        &["5", "6"],
    );
    let catalogue = csv("name,heat_min,heat_max,brew_min\nA,80,95,4\nB,82,96,5\n");
    assert_eq!(
        columns(&catalogue)[1..],
        [
            "heat_min: Number -",
            "heat_max: Number -",
            "brew: Number min"
        ]
    );
}
