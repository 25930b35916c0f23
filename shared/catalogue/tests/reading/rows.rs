//! Names, bad rows, and the formats of files.

use super::*;

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
