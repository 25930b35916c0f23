//! Given a file, what the catalogue says.

use std::{collections::BTreeMap, fmt::Write as _};

use va_catalogue::{Better, Catalogue, CatalogueError, Format, Inspection, Kind, Value, read};
use va_domain::goal_spec::{CatalogueSection, ColumnHints};

fn no_hints() -> CatalogueSection {
    CatalogueSection {
        file: "catalogue.csv".to_owned(),
        key: None,
        name: None,
        columns: BTreeMap::new(),
    }
}

fn hint(key: &str, hints: ColumnHints) -> CatalogueSection {
    CatalogueSection {
        columns: BTreeMap::from([(key.to_owned(), hints)]),
        ..no_hints()
    }
}

fn csv(text: &str) -> Catalogue {
    read(text.as_bytes(), Format::Csv, &no_hints()).expect("a catalogue")
}

fn fails(text: &str) -> CatalogueError {
    read(text.as_bytes(), Format::Csv, &no_hints()).expect_err("no catalogue")
}

/// `name: kind unit` of each column.
fn columns(catalogue: &Catalogue) -> Vec<String> {
    let column = |c: &va_catalogue::Column| {
        format!(
            "{}: {:?} {}",
            c.name,
            c.kind,
            c.unit.as_deref().unwrap_or("-")
        )
    };
    catalogue.columns.iter().map(column).collect()
}

/// What the cells of a column mean, as text.
fn values(catalogue: &Catalogue, column: &str) -> Vec<String> {
    let place = catalogue.find_column(column).expect("the column");
    let value = |value: &Value| match value {
        Value::Missing => "missing".to_owned(),
        Value::Number(n) => n.to_string(),
        Value::Dimensions(all) => all
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("x"),
        Value::Date(date) => date.to_string(),
        other => format!("{other:?}"),
    };
    catalogue
        .rows
        .iter()
        .map(|row| value(&row.cells[place].value))
        .collect()
}

/// Names and rows of one more column.
fn column_of(header: &str, cells: &[&str]) -> Catalogue {
    let rows: String = cells
        .iter()
        .enumerate()
        .fold(String::new(), |mut rows, (n, cell)| {
            let _ = writeln!(rows, "P{n}\t{cell}");
            rows
        });
    csv(&format!("name\t{header}\n{rows}"))
}

fn check(header: &str, cells: &[&str], column: &str, expected: &[&str]) {
    let catalogue = column_of(header, cells);
    assert_eq!(columns(&catalogue)[1], column, "{header}: {cells:?}");
    let name = catalogue.columns[1].name.clone();
    assert_eq!(values(&catalogue, &name), expected, "{header}: {cells:?}");
}

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

#[test]
fn the_name_is_called_so_or_is_the_first_text_without_repetition() {
    let name = |text: &str| {
        let catalogue = csv(text);
        (
            catalogue.columns[catalogue.name_column].name.clone(),
            catalogue.rows[0].name.clone(),
        )
    };
    assert_eq!(
        name("model,Title\na,b\nc,d\n"),
        ("title".to_owned(), "b".to_owned())
    );
    assert_eq!(
        name("Preis;Modell\n1;a\n2;b\n"),
        ("modell".to_owned(), "a".to_owned())
    );
    assert_eq!(
        name("brand,price,thing\nX,5,a\nX,6,b\n"),
        ("thing".to_owned(), "a".to_owned())
    );
    assert_eq!(
        name("id,thing\n1001,a\n1002,b\n"),
        ("thing".to_owned(), "a".to_owned())
    );
    let by_hint = CatalogueSection {
        name: Some("thing".to_owned()),
        ..no_hints()
    };
    let catalogue =
        read(b"name,thing\na,b\nc,  d   e \n", Format::Csv, &by_hint).expect("a catalogue");
    assert_eq!(catalogue.rows[1].name, "d e");
    assert_eq!(fails("a,b\n1,x\n2,x\n"), CatalogueError::NoNameColumn);
}

#[test]
fn bad_rows_are_set_aside_and_named_by_line() {
    let mut file = "name,a\n".to_owned();
    for n in 0..20 {
        let _ = writeln!(file, "P{n},{n}");
    }
    file.push_str("short\n,5\nQ,\"open\nR,1\n");
    let catalogue = csv(&file);
    assert_eq!(catalogue.rows.len(), 21);
    let rejected: Vec<(u64, &str)> = catalogue
        .rejected
        .iter()
        .map(|r| (r.line, r.reason.as_str()))
        .collect();
    assert_eq!(
        rejected,
        [
            (22, "the header has 2 fields, this row 1"),
            (23, "no name"),
            (24, "a quote opens in this line and is not closed")
        ]
    );
}

#[test]
fn a_fifth_may_be_bad_and_no_more() {
    assert_eq!(csv("name,a\nA,1\nB,2\nC,3\nD,4\nbad\n").rejected.len(), 1);
    let error = fails("name,a\nA,1\nB,2\nC,3\nbad\n");
    assert!(
        matches!(
            error,
            CatalogueError::TooManyBad {
                bad: 1,
                total: 4,
                ..
            }
        ),
        "{error}"
    );
    assert!(error.to_string().contains("line 5"), "{error}");
    assert!(matches!(fails("name,a\n"), CatalogueError::NoRow { .. }));
    assert!(matches!(
        fails("name,a\nbad\n"),
        CatalogueError::NoRow { .. }
    ));
    assert_eq!(fails(""), CatalogueError::Empty);
    assert!(matches!(
        fails("name,a\n,1\n"),
        CatalogueError::NoRow { .. }
    ));
}

#[test]
fn a_name_that_is_used_already_is_set_aside_and_not_bad() {
    let catalogue = csv("name,a\nThe One,1\nthe  one,2\nTHE ONE,3\n");
    assert_eq!(catalogue.rows.len(), 1);
    assert_eq!(catalogue.rejected[0].line, 3);
    assert_eq!(
        catalogue.rejected[1].reason,
        "the name is already used in line 2"
    );
}

#[test]
fn json_is_an_array_of_objects() {
    let text = br#" [{"name": "A", "weightKg": 1.50, "tags": ["x", {"y": 1}]}, {"name": "B", "weightKg": null, "ok": true},
        {"name": "C", "weightKg": "2,5", "ok": false}, {"name": ""}, 7]"#;
    assert_eq!(Format::of("products", text), Format::Json);
    let error = read(text, Format::Json, &no_hints()).expect_err("two of five are bad");
    assert!(
        matches!(
            error,
            CatalogueError::TooManyBad {
                bad: 2,
                total: 5,
                ..
            }
        ),
        "{error}"
    );
    let text = br#"[{"name": "A", "weightKg": 1.50, "tags": ["x"]}, {"name": "B", "weightKg": 3, "ok": true}, {"name": "C", "ok": false}]"#;
    let catalogue = read(text, Format::Json, &no_hints()).expect("a catalogue");
    assert_eq!(
        columns(&catalogue),
        [
            "name: Name -",
            "weight: Number kg",
            "tags: Category -",
            "ok: Boolean -"
        ]
    );
    assert_eq!(values(&catalogue, "weight"), ["1.50", "3", "missing"]);
    assert_eq!(catalogue.rows[2].line, 3);
    assert_eq!(catalogue.rows[0].cells[2].raw.as_ref(), "[\"x\"]");
}

#[test]
fn the_format_follows_the_name_and_then_the_first_byte() {
    assert_eq!(Format::of("a.JSON", b"x"), Format::Json);
    assert_eq!(Format::of("a.csv", b"[x]"), Format::Csv);
    assert_eq!(Format::of("a.tsv", b""), Format::Csv);
    assert_eq!(Format::of("a", b"\xef\xbb\xbf\n["), Format::Json);
}

#[test]
fn other_encodings_are_named() {
    let utf16 = read(b"\xff\xfen\x00a\x00", Format::Csv, &no_hints()).expect_err("UTF-16");
    assert_eq!(utf16.code(), "catalogue_encoding");
    let latin = read(
        b"name,a\n\xe4,1\n\xf6,2\n\xfc,3\nx,4\n",
        Format::Csv,
        &no_hints(),
    )
    .expect_err("Latin-1");
    assert_eq!(latin.code(), "catalogue_bad_rows");
}

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
