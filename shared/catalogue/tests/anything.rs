//! Whatever the bytes, reading ends with a catalogue that holds together, or with an error.

use std::collections::BTreeMap;

use proptest::prelude::*;
use va_catalogue::{
    Format, Inspection,
    intake::{IntakeError, new_goal_toml, parse_company, parse_goal, parse_goal_json},
    read,
};
use va_domain::goal_spec::CatalogueSection;

fn holds_together(bytes: &[u8], format: Format) {
    let hints = CatalogueSection {
        file: "f".to_owned(),
        key: None,
        name: None,
        columns: BTreeMap::new(),
    };
    let Ok(catalogue) = read(bytes, format, &hints) else {
        return;
    };
    assert!(!catalogue.rows.is_empty());
    let mut names: Vec<&str> = catalogue.columns.iter().map(|c| c.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), catalogue.columns.len(), "names are unique");
    for row in &catalogue.rows {
        assert_eq!(row.cells.len(), catalogue.columns.len());
        assert!(!row.name.is_empty());
    }
    for (place, column) in catalogue.columns.iter().enumerate() {
        let stated = catalogue
            .rows
            .iter()
            .filter(|row| !row.cells[place].is_missing())
            .count();
        assert_eq!(column.stated, stated);
        assert!(column.distinct <= stated);
        assert_eq!(catalogue.find_column(&column.name), Some(place));
    }
    let _ = Inspection::of(&catalogue).to_text();
}

/// Text made of the pieces that mean something to a reader of tables.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "\"",
        "\"\"",
        ",",
        ";",
        "\t",
        "\n",
        "\r\n",
        "name",
        "price_eur",
        "1.234,50",
        "1,234.5",
        "€ 219",
        "46 x 15 cm",
        "3.4 lb",
        "1 h 30 min",
        "2026-11-03",
        "yes",
        "0",
        "n/a",
        "é",
        "\u{202e}",
        "999999999999999999 kg",
        "{",
        "}",
        "[",
        "]",
        ":",
        "null",
        "1e3",
        "\u{a0}",
        "-",
        ".",
        "'",
        " ",
    ]);
    prop::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat())
}

/// Lines that mean something to a reader of goals.
fn goal_pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "schema = 1\n",
        "[goal]\n",
        "id = \"x\"\n",
        "intent = \"y\"\n",
        "[budget]\n",
        "amount = \"5\"\n",
        "tokens = 5\n",
        "calls = 0x5\n",
        "[site]\n",
        "name = \"n\"\n",
        "base_url = \"https://a.example\"\n",
        "[catalogue]\n",
        "file = \"f\"\n",
        "[[kpi]]\n",
        "target = -1\n",
        "warn_at = [1, 2]\n",
        "[limits.exclude]\n",
        "as_of = 2026-01-01\n",
        "= ",
        "[",
        "]",
        "\"",
        "{",
        "é",
        "\u{0}",
        "\r\n",
        "1.5",
        "[personas]\n",
        "ceo = \"\"\n",
        "link = \"https://{x}\"\n",
        "[revenue]\n",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        holds_together(&bytes, Format::Csv);
        holds_together(&bytes, Format::Json);
    }

    #[test]
    fn any_pieces_are_read_or_refused(text in pieces()) {
        holds_together(text.as_bytes(), Format::Csv);
        holds_together(text.as_bytes(), Format::Json);
    }

    #[test]
    fn any_cells_are_read(cells in prop::collection::vec(pieces(), 1..12)) {
        let rows: Vec<BTreeMap<&str, &str>> =
            cells.iter().map(|cell| BTreeMap::from([("name", cell.as_str()), ("x", cell.as_str())])).collect();
        holds_together(&serde_json::to_vec(&rows).expect("JSON"), Format::Json);
        let quoted: Vec<String> = cells.iter().map(|c| format!("\"{0}\",\"{0}\"", c.replace('"', "\"\""))).collect();
        holds_together(format!("name,x\n{}\n", quoted.join("\n")).as_bytes(), Format::Csv);
    }

    #[test]
    fn any_goal_is_taken_or_refused(text in goal_pieces(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse_goal_json(&bytes);
        for error in [parse_goal(&text, "goal.toml").err(), parse_company(&text, "company.toml").err()] {
            if let Some(IntakeError { line: Some(line), .. }) = error {
                assert!(line <= text.lines().count().max(1) + 1, "{line} in {text:?}");
            }
        }
    }

    #[test]
    fn any_new_goal_file_is_a_goal(id in any::<String>(), intent in any::<String>(), file in any::<String>(), header in pieces()) {
        let csv = format!("name,\"{0}\",price\nA,1,2\nB,2,3\n", header.replace('"', "\"\""));
        let hints = CatalogueSection { file: "f".to_owned(), key: None, name: None, columns: BTreeMap::new() };
        if let Ok(catalogue) = read(csv.as_bytes(), Format::Csv, &hints) {
            let text = new_goal_toml(&id, &intent, &file, &catalogue);
            let spec = parse_goal(&text, "goal.toml").unwrap_or_else(|error| panic!("{error}\n{text}"));
            read(csv.as_bytes(), Format::Csv, &spec.catalogue).unwrap_or_else(|error| panic!("{error}\n{text}"));
        }
    }
}
