//! Tables as bytes: CSV of three kinds, with bad rows among the good, and JSON.

use serde_json::{Map, Value, json};

use super::{Chance, columns::Table};

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form {
    Comma,
    Semicolon,
    Tab,
    Json,
}

/// The bytes of a table; bad rows are put among its first ones.
pub fn write(c: &mut Chance, table: &Table, form: Form, rejected: usize, german: bool) -> Vec<u8> {
    if form == Form::Json {
        let rows: Vec<Value> = table
            .rows
            .iter()
            .map(|row| {
                let cells = table.headers.iter().zip(row).map(|(header, cell)| {
                    let value = match cell.parse::<f64>() {
                        Ok(n)
                            if n.is_finite()
                                && header != &table.headers[0]
                                && !cell.contains('e') =>
                        {
                            serde_json::from_str(cell).unwrap_or_else(|_| json!(cell))
                        }
                        _ if cell.is_empty() => Value::Null,
                        _ if cell == "true" || cell == "false" => json!(cell == "true"),
                        _ => json!(cell),
                    };
                    (header.clone(), value)
                });
                Value::Object(cells.collect::<Map<_, _>>())
            })
            .collect();
        return serde_json::to_vec_pretty(&rows).expect("JSON");
    }
    let separator = match form {
        Form::Comma => ',',
        Form::Semicolon => ';',
        _ => '\t',
    };
    let end = *c.of(&["\n", "\r\n"]);
    let quote = |cell: &String| {
        if cell.contains(['"', '\n', '\r', separator]) || cell.starts_with(' ') {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.clone()
        }
    };
    let line = |cells: &[String]| {
        cells
            .iter()
            .map(quote)
            .collect::<Vec<_>>()
            .join(&separator.to_string())
            + end
    };
    let mut text = if german && c.percent(50) {
        "\u{feff}".to_owned()
    } else {
        String::new()
    };
    text += &line(&table.headers);
    let mut bytes = text.into_bytes();
    for (n, row) in table.rows.iter().enumerate() {
        if n < rejected {
            bytes.extend(match n % 3 {
                0 => line(&[row[0].clone()]).into_bytes(),
                1 => {
                    // A quoted name would be none after these bytes, and its lines rows of their own.
                    let mut plain = row.clone();
                    plain[0] = "unreadable".to_owned();
                    [b"\xff\xfe", line(&plain).as_bytes()].concat()
                }
                _ => {
                    let mut nameless = row.clone();
                    nameless[0] = String::new();
                    line(&nameless).into_bytes()
                }
            });
        }
        bytes.extend(line(row).into_bytes());
    }
    bytes
}
